package exact

import (
	"github.com/govalues/decimal"

	"xushi/internal/fault"
)

// MaxDigits is how many digits a typed figure may have. The decimal library
// rounds beyond them without a word, so they are counted first.
const MaxDigits = decimal.MaxPrec

const tooManyDigits = "number_digits"

// ParseDecimal reads a decimal as it was typed: an optional sign, digits, and
// optionally a point and digits, such as -0.1 or 73.90. The number of decimals
// is kept. Everything else is refused, with a *fault.Fault:
//
//	number_empty   nothing was typed
//	number_form    not a number of that form: NaN, infinities, exponents,
//	               thousands separators, spaces and units included
//	number_digits  more than 19 digits, leading zeros not counted
func ParseDecimal(s string) (decimal.Decimal, error) {
	if s == "" {
		return decimal.Decimal{}, fault.New("number_empty", "未填写数值。", "No number is given.")
	}
	digits := s
	if digits[0] == '-' || digits[0] == '+' {
		digits = digits[1:]
	}
	whole, decimals, point, significant := 0, 0, false, 0
	for _, c := range []byte(digits) {
		switch {
		case c == '.' && !point:
			point = true
			continue
		case c < '0' || c > '9':
			return decimal.Decimal{}, notANumber(s)
		case point:
			decimals++
		default:
			whole++
		}
		if c != '0' || significant > 0 {
			significant++
		}
	}
	if whole == 0 || point && decimals == 0 {
		return decimal.Decimal{}, notANumber(s)
	}
	if significant > MaxDigits || decimals > decimal.MaxScale {
		return decimal.Decimal{}, fault.Newf(tooManyDigits,
			"“%[1]s”超过%[2]d位数字，请减少位数。",
			"%[1]q has more than %[2]d digits; give fewer.", clip(s), MaxDigits)
	}
	d, err := decimal.Parse(s)
	if err != nil {
		return decimal.Decimal{}, notANumber(s)
	}
	return d, nil
}

func notANumber(s string) error {
	return fault.Newf("number_form",
		"“%[1]s”不是数值，请填写如-0.1或73.90的数值。",
		"%[1]q is not a number of the form -0.1 or 73.90.", clip(s))
}

// clip keeps a message short, whatever was typed.
func clip(s string) string {
	const most = 40
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}
