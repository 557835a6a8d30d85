package figure

import (
	"time"

	"xushi/internal/exact"
	"xushi/internal/fault"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// Address names where a figure, an entry or an account belongs, the way a
// client knows it: an indicator of a plan, or a series of an area.
type Address struct {
	Plan      string `json:"plan,omitempty"`      // may be left out where only one plan has the indicator
	Indicator string `json:"indicator,omitempty"` // id, or plan/id
	Series    string `json:"series,omitempty"`    // area/id, instead of an indicator
	Part      string `json:"part,omitempty"`      // "" is the total
}

// Slot is what an address stands for at present: the series and part, and what
// a figure there must look like. Slots are shared and never altered.
type Slot struct {
	Series        string // area/id
	Part          string
	Definition    *plan.Series
	Span          period.Span
	Step          exact.Rat // figures are multiples of it; 0 for any
	Rhythms       []period.Rhythm
	Year          int // taken where a period is typed without one
	First, Last   int // years that may be posted to
	Zone          *time.Location
	Organisations []string // area/id of those who may post: reporter, source and leads
}

// Picture is what the service must know of the present: plans and newest
// figures. Package board implements it. Reads are safe at any time; Fold is
// called by one goroutine at a time.
type Picture interface {
	// Seq is the sequence number of the newest change taken in.
	Seq() int64
	// Fold takes in changes in the log's order.
	Fold(changes []*Change) error
	// Plans counts the plan versions taken in; a slot found earlier may be out
	// of date once it grows.
	Plans() int64
	// Slot finds what an address stands for. Faults: unknown_plan,
	// unknown_indicator, ambiguous_indicator, unknown_series, unknown_part,
	// derived (its value is computed), not_numeric (the kind takes no figures).
	Slot(a Address) (*Slot, *fault.Fault)
	// Head is the newest revision of a place that was known at a moment, nil where
	// none was. Here and below the zero moment is now.
	Head(p Place, at time.Time) *Revision
	// Entry finds a checklist entry and the newest event of it that was known at a
	// moment (nil for none). Faults: unknown_plan, unknown_indicator,
	// ambiguous_indicator, unknown_entry.
	Entry(plan, indicator, entry string, at time.Time) (*EntrySlot, *EntryEvent, *fault.Fault)
	// Account finds a standing indicator and what was known of a period at a
	// moment: the newest text with the newest light, nil where there was neither.
	// Faults: as for Entry, and not_standing.
	Account(plan, indicator string, p period.Period, at time.Time) (*EntrySlot, *Account, *fault.Fault)
	// Compile tells whether a plan version could be taken in.
	Compile(v *PlanVersion) error
	// Plan is the plan's newest version, nil where there is none.
	Plan(id string) *plan.Plan
}

// EntrySlot is an indicator that takes events instead of figures.
type EntrySlot struct {
	Plan, Indicator, Entry string
	Year                   int
	Rhythm                 period.Rhythm
	Zone                   *time.Location
	Organisations          []string // area/id of those who may post
}
