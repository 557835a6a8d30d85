package planfile

import (
	"encoding/json"
	"fmt"

	"xushi/internal/plan"
)

// Canonical gives the one JSON form of a plan, which is stored and hashed: what
// encoding/json makes of plan.Plan, that is fields in the order of the type,
// defaults written out, decimals as strings in their shortest form, no spaces.
// Equal plans have equal bytes.
func Canonical(p *plan.Plan) []byte {
	b, err := json.Marshal(p)
	if err != nil {
		panic(fmt.Errorf("planfile: %w", err)) // plain values: a rhythm out of range is a bug
	}
	return b
}

// Decode reads what Canonical gave, from the store. Fields that this version
// does not know are left out: an older plan must stay readable.
func Decode(doc []byte) (*plan.Plan, error) {
	p := new(plan.Plan)
	if err := json.Unmarshal(doc, p); err != nil {
		return nil, fmt.Errorf("stored plan: %w", err)
	}
	return p, nil
}
