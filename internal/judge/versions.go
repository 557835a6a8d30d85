package judge

import (
	"xushi/internal/period"
	"xushi/internal/plan"
)

// Version is a target as it stood from a date on.
type Version struct {
	Effective period.Date // 1 January of the plan's year for the original
	Document  string      // number of the document that decided it; the plan's for the original
	Rule      *Rule
}

// Versions compiles the original target of an indicator, or of one of its parts,
// and every change of it, in order of their dates. part "" is the total.
func Versions(p *plan.Plan, ind *plan.Indicator, part string) ([]Version, error) { panic("soon") }

// InForce gives the version that a period ending on a date is judged under:
// the last one effective by then.
func InForce(versions []Version, end period.Date) Version { panic("soon") }
