// Package judge says what follows from figures: what is owed by a period's end,
// how far a target is ahead or behind, what the rest of the year must bring, and
// which light it gets. It is pure calculation: no I/O, no clock, no state. The
// rules are told in docs/judgement.md.
//
// A Rule is one version of one target, compiled once; Rule.Judge holds one
// period against it. All arithmetic is exact; only the interval of an Outlook
// is calculated in floats.
package judge

import (
	"xushi/internal/exact"
	"xushi/internal/period"
)

// Input is what is known about one target at the end of one period.
type Input struct {
	PeriodEnd period.Date // last day of the period that is judged
	Actual    exact.Opt   // the figure, in the target's unit; not read for milestones
	Reference exact.Opt   // sync: the reference indicator's figure for the same period, view and as_of
	Previous  exact.Opt   // direction: the figure for the same period of last year
	Entries   []Entry     // milestone: the checklist; things not named yet are open entries due at the deadline
	History   []Past      // other periods of the same year in order of time; those from PeriodEnd on are not read
	Set       Status      // standing: the light that the supervision office set; None where it has not
}

// Past is the figure of an earlier period. What is missing is left out or not OK.
type Past struct {
	End     period.Date // last day of the period
	Actual  exact.Opt
	Against exact.Opt // what the figure was held against: the reference (sync), last year's figure (direction)
}

// Judgement is what follows from an Input. Quantities that do not apply to a
// kind, or do not follow from what is known, are missing.
type Judgement struct {
	Status         Status `json:"status"`
	Reason         Reason `json:"reason,omitempty"` // why the status is pending
	Met            bool   `json:"met"`              // the target is met
	Reached        bool   `json:"reached"`          // the period ends at the deadline or after it
	LateCompletion bool   `json:"late_completion"`  // 逾期完成: met only after the deadline

	Actual     exact.Opt `json:"actual"`     // unit of the target; milestone: weight done, in %
	Expected   exact.Opt `json:"expected"`   // what is owed, rounded down to the step; unit of the target
	Unrounded  exact.Opt `json:"unrounded"`  // the same before it is rounded down
	Gap        exact.Opt `json:"gap"`        // actual − expected, or the other way where less is better; positive is good
	GapPP      exact.Opt `json:"gap_pp"`     // percentage points: (actual − unrounded) ÷ (target − base) × 100
	Attainment exact.Opt `json:"attainment"` // ratio: actual ÷ target
	Pace       exact.Opt `json:"pace"`       // 序时比, ratio: (actual − base) ÷ (expected − base)
	Lag        exact.Opt `json:"lag"`        // months; positive is behind
	Required   exact.Opt `json:"required"`   // per month, unit of the target; growth: rate that the rest of the year needs
	Projection exact.Opt `json:"projection"` // 按当前进度推算, unit of the target

	// RequiredImplausible: the rate that the rest of the year needs is further
	// than ImplausibleAbove from the target.
	RequiredImplausible bool `json:"required_implausible"`
	// NothingOwed: cumulative, not reached, and what is owed, rounded down, is
	// still the base.
	NothingOwed bool `json:"nothing_owed"`
	// WholeThings: GapPP is negative only because things come whole; all that is
	// owed by now is there. A sentence that gives GapPP says so.
	WholeThings bool `json:"whole_things"`
}

// Reason says why a status is pending.
type Reason string

// The reasons.
const (
	NoFigure    Reason = "no_figure"    // no figure for the period
	NoReference Reason = "no_reference" // sync: the reference has no figure for the period
	NoPrevious  Reason = "no_previous"  // direction: no figure for the same period of last year
	NoEntries   Reason = "no_entries"   // milestone: an empty checklist, or one without weights
	NotSet      Reason = "not_set"      // standing: the supervision office has not set a light
)
