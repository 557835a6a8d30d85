package exact

import (
	"math/big"
	"strconv"
)

// Text gives the number with exactly scale decimals, rounded half away from
// zero, such as 91.67. What rounds to zero has no sign.
func (a Rat) Text(scale int) string { return string(a.AppendText(nil, scale, false)) }

// String gives the number with at most nine decimals, without trailing zeros.
func (a Rat) String() string { return string(a.AppendText(nil, jsonScale, true)) }

// AppendText appends the number with scale decimals, rounded half away from
// zero; trim leaves trailing zeros of the decimals out. A negative scale counts
// as 0.
func (a Rat) AppendText(b []byte, scale int, trim bool) []byte {
	scale = max(scale, 0)
	if a.big == nil && scale < len(pow10) {
		d := a.d()
		whole, rest := abs(a.num)/uint64(d), abs(a.num)%uint64(d)
		if decimals, ok := mul64(int64(rest), pow10[scale]); ok {
			frac := uint64(decimals) / uint64(d)
			// Half away from zero: up where twice the remainder reaches d.
			if left := uint64(decimals) % uint64(d); left >= uint64(d)-left {
				frac++
			}
			if frac == uint64(pow10[scale]) {
				whole, frac = whole+1, 0
			}
			if a.num < 0 && (whole != 0 || frac != 0) {
				b = append(b, '-')
			}
			b = strconv.AppendUint(b, whole, 10)
			return appendDecimals(b, frac, scale, trim)
		}
	}
	// FloatString rounds half away from zero, but signs a zero.
	s := a.view().FloatString(scale)
	if trim && scale > 0 {
		for s[len(s)-1] == '0' {
			s = s[:len(s)-1]
		}
		if s[len(s)-1] == '.' {
			s = s[:len(s)-1]
		}
	}
	if s[0] == '-' && isZero(s[1:]) {
		s = s[1:]
	}
	return append(b, s...)
}

// appendDecimals appends the point and scale digits of frac.
func appendDecimals(b []byte, frac uint64, scale int, trim bool) []byte {
	if scale == 0 || trim && frac == 0 {
		return b
	}
	if trim {
		for frac%10 == 0 {
			frac, scale = frac/10, scale-1
		}
	}
	b = append(b, '.')
	var digits [20]byte
	for i := scale - 1; i >= 0; i-- {
		digits[i] = byte('0' + frac%10)
		frac /= 10
	}
	return append(b, digits[:scale]...)
}

func isZero(s string) bool {
	for _, c := range []byte(s) {
		if c != '0' && c != '.' {
			return false
		}
	}
	return true
}

// pow10 holds the powers of ten that an int64 holds.
var pow10 = [...]int64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

func bigPow10(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}
