package quantity

import (
	"xushi/internal/exact"
	"xushi/internal/judge"
	"xushi/internal/plan"
)

// What a judged period is compared with: the period before, last year, and what
// its trajectory makes of it.

func behindLimit(r *Row, _ []string) (float64, bool) {
	if r.State.Rule == nil || !r.State.Period.Valid() || r.PartsOnly() {
		return 0, false
	}
	return opt(r.State.Rule.Limit(r.State.Period.Last()))
}

func outlook(of func(*judge.Outlook) float64) func(*Row, []string) (float64, bool) {
	return func(r *Row, _ []string) (float64, bool) {
		if r.Item.Kind != plan.Cumulative || r.PartsOnly() {
			return 0, false
		}
		o, ok := r.table.snapshot.Outlook(r.Plan, r.Item, r.Part())
		return of(&o), ok
	}
}

// judgedOwn is the place of the judged period among the own ones, -1 where
// nothing is judged or the row has no numbers.
func (r *Row) judgedOwn() int {
	if r.PartsOnly() || !r.State.Judgement.Actual.OK {
		return -1
	}
	periods := r.Item.Periods()
	for i := range periods {
		if periods[i].Period == r.State.Period {
			return i
		}
	}
	return -1
}

// valueAt is the row's value at an own period of the year.
func (r *Row) valueAt(i int) exact.Opt {
	if i == r.judgedOwn() {
		return r.State.Judgement.Actual
	}
	return r.table.snapshot.ValueAt(r.Item, r.Part(), r.Item.Periods()[i].Period)
}

func previous(r *Row, _ []string) (float64, bool) {
	i := r.judgedOwn()
	if i < 1 || r.Item.Kind == plan.Milestone {
		return 0, false
	}
	return opt(r.valueAt(i - 1))
}

// brought is what came in at the i-th own period: the difference to the one
// before, or to what was there at the start.
func (r *Row) brought(i int) exact.Opt {
	if i < 0 || r.Item.Kind != plan.Cumulative || r.State.Rule == nil {
		return exact.Opt{}
	}
	now, before := r.valueAt(i), exact.Some(r.State.Rule.Base())
	if i > 0 {
		before = r.valueAt(i - 1)
	}
	if !now.OK || !before.OK {
		return exact.Opt{}
	}
	return exact.Some(now.Value.Sub(before.Value))
}

func increment(r *Row, _ []string) (float64, bool) { return opt(r.brought(r.judgedOwn())) }

// onPrevious compares what two periods of the same length brought.
func onPrevious(r *Row, _ []string) (float64, bool) {
	i := r.judgedOwn()
	if i < 1 || r.months(i) != r.months(i-1) {
		return 0, false
	}
	return change(r.brought(i), r.brought(i-1))
}

// months counts those since the own period before, or since the year's start.
func (r *Row) months(i int) int {
	periods := r.Item.Periods()
	if i == 0 {
		return int(periods[0].End.Of())
	}
	return int(periods[i].End - periods[i-1].End)
}

// lastYearValue is the figure for the same period of last year.
func (r *Row) lastYearValue() exact.Opt {
	if r.judgedOwn() < 0 || r.Item.Kind == plan.Milestone {
		return exact.Opt{}
	}
	return r.table.snapshot.ValueAt(r.Item, r.Part(), r.State.Period.LastYear())
}

func lastYear(r *Row, _ []string) (float64, bool) { return opt(r.lastYearValue()) }

// onLastYear compares with last year: rates by their difference, all else by
// their ratio.
func onLastYear(points bool) func(*Row, []string) (float64, bool) {
	return func(r *Row, _ []string) (float64, bool) {
		before := r.lastYearValue()
		if !before.OK || judge.IsPercent(r.Item.Unit) != points {
			return 0, false
		}
		now := r.State.Judgement.Actual
		if r.Item.Sums() && r.State.Rule != nil { // last year is added up from nothing
			now.Value = now.Value.Sub(r.State.Rule.Base())
		}
		if points {
			return now.Value.Sub(before.Value).Float64(), true
		}
		return change(now, before)
	}
}

// change is how much a value grew from one above zero, as a ratio.
func change(now, before exact.Opt) (float64, bool) {
	if !now.OK || !before.OK || before.Value.Sign() <= 0 {
		return 0, false
	}
	return now.Value.Quo(before.Value).Float64() - 1, true
}
