// Package quantity is the one catalogue of what Xushi publishes as numbers:
// name, help, unit, labels and value of each. Gauges, PromQL over reference
// time, remote write, dashboards and docs/metrics.md agree by it, so that a name
// means one thing everywhere. It calculates nothing of its own: values are what
// judge said, read from a snapshot of the board.
//
// A Table gives the rows of a snapshot, by subject; a Quantity gives the
// samples of a row. What is missing has no sample: it is never 0 and never NaN.
package quantity

import (
	"slices"
	"time"
)

// Quantity is one published family of numbers. It is never altered.
type Quantity struct {
	Name   string // of the family, such as xushi_actual
	Zh     string // Chinese name
	Help   string // English sentence
	HelpZh string // the same in Chinese
	Unit   Unit
	Of     Subject  // what it is a number of
	Extra  []string // names of the labels it has beyond those of its subject

	Cadence Cadence // when it has samples over reference time
	Past    bool    // it is only given over reference time, not as a gauge

	variants func(*Row) [][]string                    // values of Extra, a tuple for each sample; nil: one sample
	value    func(r *Row, v []string) (float64, bool) // false: no sample
	moment   func(r *Row, v []string) time.Time       // Once: when a sample counts from
}

// Cadence says when a quantity has samples over reference time. A sample stands
// at the first instant after the period it is about, and holds until the next.
type Cadence uint8

// The cadences.
const (
	AtFigure   Cadence = iota // at each own period that has its figure
	Owed                      // at each own period, and ahead of them up to the deadline
	ByCalendar                // at each own period, with figure or without
	Monthly                   // at the end of each month
	Daily                     // at the start of each day up to today
	Once                      // at moments of its own: see Moment
)

// Unit is what a quantity is measured in.
type Unit string

// The units.
const (
	Own     Unit = "the unit label"
	Points  Unit = "percentage points"
	Ratio   Unit = "ratio (1 is 100 %)"
	Months  Unit = "months"
	Flag    Unit = "0 or 1"
	Rank    Unit = "rank"
	Count   Unit = "number"
	Seconds Unit = "seconds since 1970"
)

// Labels are the names of all labels of the quantity: the subject's, then its own.
func (q *Quantity) Labels() []string { return slices.Concat(q.Of.Labels(), q.Extra) }

// one is the variants of a quantity that has a single sample for each row.
var one = [][]string{nil}

// Each calls fn with every sample of a row: the values of the quantity's Extra
// labels, and the number. The tuples are shared: they are only to be read.
func (q *Quantity) Each(r *Row, fn func(extra []string, value float64)) {
	variants := one
	if q.variants != nil {
		variants = q.variants(r)
	}
	for _, v := range variants {
		if x, ok := q.value(r, v); ok {
			fn(v, x)
		}
	}
}

// Moment is when a sample of a quantity with the cadence Once counts from. extra
// is the tuple that Each gave.
func (q *Quantity) Moment(r *Row, extra []string) time.Time { return q.moment(r, extra) }

// Catalogue gives all quantities in the order they are documented in.
func Catalogue() []*Quantity {
	return slices.Concat(indicators(), parts(), figures(), facts(), plans(), rollUps())
}

// Gauges are the quantities of the catalogue that have a value now, without
// those that only make sense over reference time.
func Gauges() []*Quantity {
	return slices.DeleteFunc(Catalogue(), func(q *Quantity) bool { return q.Past })
}

// flag is a truth as a number.
func flag(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
