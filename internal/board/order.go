package board

import (
	"cmp"

	"xushi/internal/exact"
)

// CompareWorst orders items worst first: by status, then by light, then by
// lag in months, percentage points and missed periods, and in the document's order where
// all that is the same. What has no such number comes after what has one.
func CompareWorst(a, b *Item) int {
	return cmp.Or(
		cmp.Compare(b.Judgement.Status.Severity(), a.Judgement.Status.Severity()),
		cmp.Compare(b.Light, a.Light),
		compareOpt(b.Judgement.Lag, a.Judgement.Lag),
		compareOpt(negative(b.Judgement.GapPP), negative(a.Judgement.GapPP)),
		cmp.Compare(b.Missed, a.Missed),
		cmp.Compare(a.Plan.ID, b.Plan.ID),
		cmp.Compare(a.pos, b.pos),
	)
}

// compareOpt puts what is missing below every number.
func compareOpt(a, b exact.Opt) int {
	switch {
	case a.OK && b.OK:
		return a.Value.Cmp(b.Value)
	case a.OK:
		return 1
	case b.OK:
		return -1
	}
	return 0
}

func negative(o exact.Opt) exact.Opt {
	if o.OK {
		o.Value = o.Value.Neg()
	}
	return o
}
