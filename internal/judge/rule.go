package judge

import (
	"xushi/internal/exact"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// Rule is one version of one target, compiled for judging. It never changes and
// may be used by many goroutines at once.
type Rule struct{}

// Spec is what a rule is compiled from.
type Spec struct {
	Year       int             // of the plan; trajectories start with it
	Kind       plan.Kind       // how the target is held
	Comparator plan.Comparator // empty: >=
	Target     exact.Opt       // cumulative, growth, level
	Base       exact.Rat       // cumulative: where it starts
	Step       exact.Opt       // cumulative: what is owed is rounded down to a multiple; missing: not rounded
	Unit       string          // growth, level, sync: the default bands are for % only; empty: %
	Deadline   period.Date
	Trajectory *plan.Trajectory // cumulative; nil: months
	Bands      plan.Bands       // nil lists: the defaults
	Tolerance  exact.Opt        // sync: percentage points; missing: 0.5
	Sense      string           // direction: up or down is better
	BaseShare  []exact.Rat      // growth: last year's cumulative percentages by month, 12 or none
}

// Compile makes a rule. What cannot be judged is refused with a *fault.Fault.
func Compile(s Spec) (*Rule, error) { panic("soon") }

// Expected gives what the target expects at a date.
func (r *Rule) Expected(d period.Date) (unrounded, owed exact.Opt) { panic("soon") }

// Judge holds one period against the rule.
func (r *Rule) Judge(in Input) Judgement { panic("soon") }

// Outlook calculates the projection's interval; false where it cannot.
func (r *Rule) Outlook(in Input) (Outlook, bool) { panic("soon") }
