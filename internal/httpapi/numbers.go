package httpapi

import (
	"github.com/govalues/decimal"

	"xushi/internal/exact"
)

// some gives a decimal of a plan as a number.
func some(d decimal.Decimal) exact.Opt { return exact.Some(exact.FromDecimal(d)) }

// maybe is some for a decimal that may be missing.
func maybe(d *decimal.Decimal) exact.Opt {
	if d == nil {
		return exact.Opt{}
	}
	return some(*d)
}
