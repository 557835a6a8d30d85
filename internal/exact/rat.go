// Package exact calculates without rounding: rational numbers that are small
// values while they fit into two machine words, an optional number for which
// missing is a state of its own, and the reading of decimals as people type
// them. Rounding happens where a figure is shown, and nowhere before.
package exact

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/govalues/decimal"
)

// Rat is a rational number. It is a value: methods return a new number and
// never change their operands. The zero value is 0.
//
// Numerator and denominator are int64 as long as they fit, reduced and checked
// for overflow, which allocates nothing; beyond that a big.Rat takes over, and
// a result that fits again comes back down. A number therefore has one form
// only. Compare with Cmp or Equal; == does not compile.
type Rat struct {
	_   [0]func() // no ==: a pointer would be compared, not a number
	num int64     // never math.MinInt64, so that its negative exists
	den int64     // positive; 0 stands for 1, for the zero value's sake
	big *big.Rat  // set where num and den do not suffice; never changed
}

// FromInt gives n.
func FromInt(n int64) Rat { return small(n, 1) }

// FromFrac gives n/d. It panics where d is 0.
func FromFrac(n, d int64) Rat {
	if d == 0 {
		panic("exact: denominator 0")
	}
	if n == math.MinInt64 || d == math.MinInt64 {
		return fromBig(big.NewRat(n, d))
	}
	if d < 0 {
		n, d = -n, -d
	}
	g := int64(gcd(abs(n), uint64(d)))
	return Rat{num: n / g, den: d / g}
}

// FromDecimal gives the number that a decimal stands for.
func FromDecimal(d decimal.Decimal) Rat {
	coef, scale := d.Coef(), d.Scale()
	if coef > math.MaxInt64 || scale >= len(pow10) {
		n := new(big.Int).SetUint64(coef)
		if d.IsNeg() {
			n.Neg(n)
		}
		return fromBig(new(big.Rat).SetFrac(n, bigPow10(scale)))
	}
	n := int64(coef)
	if d.IsNeg() {
		n = -n
	}
	if scale == 0 {
		return Rat{num: n, den: 1}
	}
	return FromFrac(n, pow10[scale])
}

// FromBig gives the number that r stands for now; later changes of r do not
// reach it.
func FromBig(r *big.Rat) Rat { return fromBig(new(big.Rat).Set(r)) }

// Big gives the number as a new big.Rat.
func (a Rat) Big() *big.Rat {
	if a.big != nil {
		return new(big.Rat).Set(a.big)
	}
	return big.NewRat(a.num, a.d())
}

// Add gives a + b.
func (a Rat) Add(b Rat) Rat {
	if a.big == nil && b.big == nil {
		if r, ok := addSmall(a.num, a.d(), b.num, b.d()); ok {
			return r
		}
	}
	return fromBig(new(big.Rat).Add(a.view(), b.view()))
}

// Sub gives a − b.
func (a Rat) Sub(b Rat) Rat {
	if a.big == nil && b.big == nil {
		if r, ok := addSmall(a.num, a.d(), -b.num, b.d()); ok {
			return r
		}
	}
	return fromBig(new(big.Rat).Sub(a.view(), b.view()))
}

// Mul gives a × b.
func (a Rat) Mul(b Rat) Rat {
	if a.big == nil && b.big == nil {
		if r, ok := mulSmall(a.num, a.d(), b.num, b.d()); ok {
			return r
		}
	}
	return fromBig(new(big.Rat).Mul(a.view(), b.view()))
}

// Quo gives a ÷ b. It panics where b is 0, as integer division does: whoever
// divides asks first what a zero divisor means there.
func (a Rat) Quo(b Rat) Rat {
	if b.Sign() == 0 {
		panic("exact: division by 0")
	}
	if a.big == nil && b.big == nil {
		n, d := b.d(), b.num
		if d < 0 {
			n, d = -n, -d
		}
		if r, ok := mulSmall(a.num, a.d(), n, d); ok {
			return r
		}
	}
	return fromBig(new(big.Rat).Quo(a.view(), b.view()))
}

// Neg gives −a.
func (a Rat) Neg() Rat {
	if a.big != nil {
		return fromBig(new(big.Rat).Neg(a.big))
	}
	return Rat{num: -a.num, den: a.den}
}

// Cmp gives −1, 0 or 1 as a is less than, equal to or greater than b.
func (a Rat) Cmp(b Rat) int {
	if a.big != nil || b.big != nil {
		return a.view().Cmp(b.view())
	}
	ad, bd := a.d(), b.d()
	if ad == bd {
		return cmp(a.num, b.num)
	}
	sa, sb := a.Sign(), b.Sign()
	if sa != sb || sa == 0 {
		return cmp(int64(sa), int64(sb))
	}
	// a.num/ad against b.num/bd as 128-bit products, which cannot overflow.
	ahi, alo := bits.Mul64(abs(a.num), uint64(bd))
	bhi, blo := bits.Mul64(abs(b.num), uint64(ad))
	switch {
	case ahi > bhi || ahi == bhi && alo > blo:
		return sa
	case ahi == bhi && alo == blo:
		return 0
	}
	return -sa
}

// Equal tells whether a = b.
func (a Rat) Equal(b Rat) bool { return a.Cmp(b) == 0 }

// Less tells whether a < b.
func (a Rat) Less(b Rat) bool { return a.Cmp(b) < 0 }

// Sign gives −1, 0 or 1.
func (a Rat) Sign() int {
	if a.big != nil {
		return a.big.Sign()
	}
	return cmp(a.num, 0)
}

// IsInt tells whether a is a whole number.
func (a Rat) IsInt() bool {
	if a.big != nil {
		return a.big.IsInt()
	}
	return a.d() == 1
}

// Min gives the smaller of two numbers.
func Min(a, b Rat) Rat {
	if b.Less(a) {
		return b
	}
	return a
}

// Max gives the greater of two numbers.
func Max(a, b Rat) Rat {
	if a.Less(b) {
		return b
	}
	return a
}

// Floor gives the greatest whole number that is not above a.
func (a Rat) Floor() Rat {
	if a.big != nil {
		// Euclidean division is the floor, for the denominator is positive.
		q := new(big.Int).Div(a.big.Num(), a.big.Denom())
		return fromBig(new(big.Rat).SetInt(q))
	}
	d := a.d()
	q := a.num / d
	if a.num%d < 0 {
		q--
	}
	return Rat{num: q, den: 1}
}

// FloorTo rounds down, toward −∞, to a multiple of step, which must be above 0.
func (a Rat) FloorTo(step Rat) Rat {
	if step.Sign() <= 0 {
		panic("exact: step not above 0")
	}
	return a.Quo(step).Floor().Mul(step)
}

// IsMultiple tells whether a is a whole multiple of step, which must be above 0.
func (a Rat) IsMultiple(step Rat) bool { return a.Quo(step).IsInt() }

// Int64 gives a whole number that an int64 holds, or false.
func (a Rat) Int64() (int64, bool) {
	if a.big != nil || a.d() != 1 {
		return 0, false
	}
	return a.num, true
}

// Float64 gives the nearest float, for display, export and statistics only.
func (a Rat) Float64() float64 {
	if a.big == nil {
		// Two integers below 2⁵³ are exact as floats, and one IEEE division
		// rounds once.
		if d := a.d(); abs(a.num) <= 1<<53 && d <= 1<<53 {
			return float64(a.num) / float64(d)
		}
	}
	f, _ := a.view().Float64()
	return f
}

// d is the denominator of the small form.
func (a Rat) d() int64 {
	if a.den == 0 {
		return 1
	}
	return a.den
}

// view gives the number as a big.Rat to read from, never to write to.
func (a Rat) view() *big.Rat {
	if a.big != nil {
		return a.big
	}
	return big.NewRat(a.num, a.d())
}

// fromBig takes r over and comes down to the small form where it fits.
func fromBig(r *big.Rat) Rat {
	if r.Num().IsInt64() && r.Denom().IsInt64() && r.Num().Int64() != math.MinInt64 {
		return Rat{num: r.Num().Int64(), den: r.Denom().Int64()}
	}
	return Rat{big: r}
}

// small makes a number of a reduced fraction.
func small(n, d int64) Rat {
	if n == math.MinInt64 {
		return Rat{big: big.NewRat(n, d)}
	}
	return Rat{num: n, den: d}
}

// addSmall gives an/ad + bn/bd, or false where a word does not hold it. Both
// operands are reduced; dividing by the common divisor first (Knuth, TAOCP 2,
// 4.5.1) keeps the products small.
func addSmall(an, ad, bn, bd int64) (Rat, bool) {
	if ad == 1 && bd == 1 {
		n, ok := add64(an, bn)
		return Rat{num: n, den: 1}, ok
	}
	g := int64(gcd(uint64(ad), uint64(bd)))
	bq, aq := bd/g, ad/g
	x, ok1 := mul64(an, bq)
	y, ok2 := mul64(bn, aq)
	n, ok3 := add64(x, y)
	if !ok1 || !ok2 || !ok3 {
		return Rat{}, false
	}
	h := int64(1)
	if g > 1 {
		h = int64(gcd(abs(n), uint64(g)))
	}
	d, ok := mul64(aq, bd/h)
	return Rat{num: n / h, den: d}, ok
}

// mulSmall gives an/ad × bn/bd, or false where a word does not hold it.
func mulSmall(an, ad, bn, bd int64) (Rat, bool) {
	if an == 0 || bn == 0 {
		return Rat{den: 1}, true
	}
	if bd != 1 {
		if g := int64(gcd(abs(an), uint64(bd))); g > 1 {
			an, bd = an/g, bd/g
		}
	}
	if ad != 1 {
		if g := int64(gcd(abs(bn), uint64(ad))); g > 1 {
			bn, ad = bn/g, ad/g
		}
	}
	n, ok1 := mul64(an, bn)
	d, ok2 := mul64(ad, bd)
	return Rat{num: n, den: d}, ok1 && ok2
}

// add64 gives a + b, or false where the sum does not fit. math.MinInt64 counts
// as not fitting.
func add64(a, b int64) (int64, bool) {
	s := a + b
	return s, (a^s)&(b^s) >= 0 && s != math.MinInt64
}

// mul64 gives a × b, or false where the product does not fit.
func mul64(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(abs(a), abs(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

// gcd gives the greatest common divisor of a and b, of which b is not 0, by
// shifting and subtracting: faster than dividing for words.
func gcd(a, b uint64) uint64 {
	if a == 0 || b == 1 {
		return b
	}
	if a == 1 {
		return 1
	}
	za, zb := bits.TrailingZeros64(a), bits.TrailingZeros64(b)
	a, b = a>>za, b>>zb
	for a != b {
		if a > b {
			a -= b
			a >>= bits.TrailingZeros64(a)
		} else {
			b -= a
			b >>= bits.TrailingZeros64(b)
		}
	}
	return a << min(za, zb)
}

func abs(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}

func cmp(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
