package access

import (
	"slices"
	"time"

	"xushi/internal/board"
	"xushi/internal/plan"
)

// CanSee tells whether a token (nil: nobody signed in) may see an indicator's
// figures at a moment. Open ones anybody may, internal ones any token,
// restricted ones supervisors and the organisations of the indicator (orgs,
// area/id); before the indicator's not-before time only supervisors and those
// organisations see any.
func (t *Token) CanSee(v *plan.Visibility, orgs []string, now time.Time) bool {
	if v == nil {
		return true
	}
	inside := t.Covers(Supervisor) || t != nil && t.Organisation != "" && slices.Contains(orgs, t.Organisation)
	if v.NotBefore != nil && now.Before(*v.NotBefore) && !inside {
		return false
	}
	switch v.Class {
	case "", "open":
		return true
	case "internal":
		return t != nil
	default:
		return inside
	}
}

// Sees tells whether a token (nil: nobody signed in) may see an indicator at a
// moment, on whatever surface. What counts is the plan in force in the live
// picture, whatever moment the indicator is of: it may have become restricted
// since. One that keeps step with another shows the other's figure: who may not
// see that may see neither.
func (t *Token) Sees(live *board.Snapshot, ind *board.Indicator, now time.Time) bool {
	ind = live.Present(ind)
	if !t.alone(ind, now) {
		return false
	}
	if ind.Kind != plan.Sync {
		return true
	}
	other := ind.Plan.Indicator(ind.Reference)
	return other == nil || t.alone(other, now)
}

// alone is Sees without regard to what the indicator keeps step with.
func (t *Token) alone(ind *board.Indicator, now time.Time) bool {
	return ind.Visibility == nil || t.CanSee(ind.Visibility, ind.Organisations(), now)
}
