package exact

import (
	"bytes"
	"math/big"

	"xushi/internal/fault"
)

// Opt is a number or its absence. Missing is a state of its own: it is never
// shown as 0 and never calculated with. The zero value is missing.
type Opt struct {
	Value Rat  // 0 where OK is false
	OK    bool // whether there is a number
}

// Some gives a number that is there.
func Some(r Rat) Opt { return Opt{Value: r, OK: true} }

// Equal tells whether both are missing or both are the same number.
func (o Opt) Equal(p Opt) bool { return o.OK == p.OK && o.Value.Equal(p.Value) }

// String gives the number as Rat.String does, and – where it is missing.
func (o Opt) String() string {
	if !o.OK {
		return "–"
	}
	return o.Value.String()
}

// MarshalJSON gives a JSON number of at most nine decimals, rounded half away
// from zero, or null.
func (o Opt) MarshalJSON() ([]byte, error) {
	if !o.OK {
		return []byte("null"), nil
	}
	return o.Value.AppendText(nil, jsonScale, true), nil
}

// UnmarshalJSON reads a JSON number, exactly as written, or null.
func (o *Opt) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		*o = Opt{}
		return nil
	}
	d, err := ParseDecimal(string(b))
	if err == nil {
		*o = Some(FromDecimal(d))
		return nil
	}
	// More digits than a decimal holds, such as MarshalJSON writes of a great number.
	if f := fault.As(err); f != nil && f.Code == tooManyDigits {
		if r, ok := new(big.Rat).SetString(string(b)); ok {
			*o = Some(fromBig(r))
			return nil
		}
	}
	return err
}

// jsonScale is how many decimals JSON carries: enough for any figure, and the
// same as the worked rows of the judgement rules.
const jsonScale = 9
