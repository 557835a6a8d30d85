package access

import (
	"slices"
	"time"

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
