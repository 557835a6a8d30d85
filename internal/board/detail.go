package board

import (
	"time"

	"xushi/internal/exact"
	"xushi/internal/figure"
	"xushi/internal/judge"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// What stands behind a state, so that a reader can recompute it. It is worked
// out when somebody asks: few readers do, and judging must stay cheap.

// Stand is how the total or a part of an indicator stood at one of its own
// periods. Of a period that is not over only what will be expected is known.
type Stand struct {
	Own
	Document            string           // that set the target version in force at the period's end
	Unrounded, Expected exact.Opt        // owed by the trajectory, and the same rounded down to the step
	Judgement           *judge.Judgement // nil where the period is not over or the target is not judged
	Actual              exact.Opt        // the value, judged or not
	Figure              *figure.Revision // what the actual is; nil where it is computed from several, or none
	Known               time.Time        // when the newest of the figures behind it became known
	Reporting           judge.Reporting  // of this period alone
}

// History gives how the total ("") or a part of an item of the snapshot's plan p
// stood at each own period of the year; nil for standing work, numbers that are
// given once, unknown parts and the total of what has parts only.
func (s *Snapshot) History(p *PlanState, it *Item, part string) []Stand {
	ind := it.Indicator
	t := ind.target(part)
	if t == nil || ind.Kind == plan.Standing || ind.Series == nil && !ind.fromEvents() || t.part == nil && ind.Total == "none" && len(ind.parts) > 0 {
		return nil
	}
	ev := s.evaluator()
	ended := ev.ended(ind)
	fromEvents := ind.fromEvents() && t.part == nil
	stands := make([]Stand, len(ind.periods))
	for i := range ind.periods {
		st := &stands[i]
		st.Own = ind.periods[i]
		if ind.Judged() {
			ahead := s.Ahead(it, part, i)
			st.Document, st.Unrounded, st.Expected = ahead.Document, ahead.Judgement.Unrounded, ahead.Judgement.Expected
		}
		if i >= ended || fromEvents && st.closes.After(ev.moment) {
			st.Reporting = judge.NotDue
			continue
		}
		value := ev.read(it, t, st.Period)
		st.Actual, st.Figure, st.Known = value.value, value.figure, value.known
		if ind.Judged() && (value.value.OK || fromEvents) {
			in := ev.input(it, t, i, t.deadline, p.Items)
			in.Actual = value.value
			j := judge.InForce(t.versions, st.end).Rule.Judge(in)
			st.Judgement = &j
			st.Unrounded, st.Expected, st.Actual = j.Unrounded, j.Expected, j.Actual
		}
		switch {
		case fromEvents || value.value.OK:
			st.Reporting = judge.Filed
		case !ev.moment.Before(st.Due):
			st.Reporting = judge.Late
			if whole := it.StateOf(part); whole.Reporting == judge.Filed && whole.Period.End < st.End {
				st.Reporting = judge.NotDue // the target is met, nothing more is owed
			}
		case ind.Series != nil && ind.Series.Source != "":
			st.Reporting = judge.AwaitingRelease
		default:
			st.Reporting = judge.NotDue
		}
	}
	return stands
}

// Outlook gives how sure the projection of the total ("") or a part is; false
// where judge gives none.
func (s *Snapshot) Outlook(p *PlanState, it *Item, part string) (judge.Outlook, bool) {
	st, t := it.StateOf(part), it.target(part)
	if st == nil || t == nil || st.Rule == nil {
		return judge.Outlook{}, false
	}
	for i := range it.periods {
		if it.periods[i].Period == st.Period {
			in := s.evaluator().input(it, t, i, 0, p.Items)
			in.Actual = st.Judgement.Actual
			return st.Rule.Outlook(in)
		}
	}
	return judge.Outlook{}, false
}

// Against gives the figure that the total ("") or a part is held against: the
// reference's for the same period (sync), or that of last year's same period
// (direction), with the revision it is where it is one alone.
func (s *Snapshot) Against(p *PlanState, it *Item, part string) (exact.Opt, *figure.Revision) {
	st, t := it.StateOf(part), it.target(part)
	if st == nil || t == nil || st.Period == (period.Period{}) {
		return exact.Opt{}, nil
	}
	ev := s.evaluator()
	var r reading
	switch {
	case it.follows != nil:
		other := p.Items[it.follows.pos]
		r = ev.read(other, &other.total, st.Period)
	case it.Kind == plan.Direction:
		r = ev.read(it, t, st.Period.LastYear())
	}
	return r.value, r.figure
}

// Sources are the figures that the value of the total ("") or a part is made of:
// one, or numerator and denominator, or the months or parts that are added up.
// There are none where it follows from a checklist.
func (s *Snapshot) Sources(it *Item, part string) []*figure.Revision {
	st, t := it.StateOf(part), it.target(part)
	if st == nil || t == nil || st.Period == (period.Period{}) {
		return nil
	}
	return s.evaluator().sources(it, t, st.Period)
}

func (ev *evaluator) sources(it *Item, t *target, p period.Period) (all []*figure.Revision) {
	ind := it.Indicator
	switch {
	case ind.fromEvents() && t.part == nil:
		return nil
	case t.part == nil && ind.Total == "sum" && len(ind.parts) > 0:
		for i := range ind.parts {
			all = append(all, ev.sources(it, &ind.parts[i], p)...)
		}
		return all
	}
	periods := []period.Period{p}
	if ind.summed {
		periods = periods[:0]
		for i := range ind.periods {
			if q := ind.periods[i].Period; q.End <= p.End {
				periods = append(periods, q)
			}
		}
	}
	for _, q := range periods {
		for f := range t.feeds {
			if r := ev.one(it, t, f, q).figure; r != nil {
				all = append(all, r)
			}
		}
	}
	return all
}

// Forecast is the department's own newest forecast of the year's end (部门预计全年)
// for the total ("") or a part; nil where there is none.
func (s *Snapshot) Forecast(it *Item, part string) *figure.Revision {
	t := it.target(part)
	if t == nil || len(t.feeds) != 1 {
		return nil
	}
	h := it.histories[t.at]
	shelves := h.layer(true)
	for i := len(shelves) - 1; i >= 0 && shelves[i].Year() == it.Plan.Year; i-- {
		r := h.head(figure.Place{Key: figure.Key{Period: shelves[i].Period}, Forecast: true}, s.known)
		if r != nil && !r.Void {
			return r
		}
	}
	return nil
}

// evaluator judges by what the snapshot knew.
func (s *Snapshot) evaluator() *evaluator {
	return &evaluator{moment: s.Moment, known: s.known, upTo: s.upTo}
}

// target finds the total ("") or a part, nil where there is none.
func (ind *Indicator) target(part string) *target {
	if part == "" {
		return &ind.total
	}
	for i := range ind.parts {
		if ind.parts[i].id == part {
			return &ind.parts[i]
		}
	}
	return nil
}

// StateOf is the state of the total ("") or a part, nil where there is none.
func (it *Item) StateOf(part string) *State {
	if part == "" {
		return &it.State
	}
	for i := range it.Parts {
		if it.Parts[i].Part.ID == part {
			return &it.Parts[i]
		}
	}
	return nil
}

// TrajectoryAt is the road that a target version in force at a date lays down; nil
// is the default by months.
func (ind *Indicator) TrajectoryAt(end period.Date) *plan.Trajectory {
	road, since := ind.Trajectory, period.Date(0)
	for i := range ind.Changes {
		if c := &ind.Changes[i]; c.Trajectory != nil && c.Effective <= end && c.Effective >= since {
			road, since = c.Trajectory, c.Effective
		}
	}
	return road
}

// BandsInForce are the bands that give the indicator its status: its own, else
// its plan's, else the default ones; none for the kinds without bands.
func (ind *Indicator) BandsInForce() []plan.Band {
	pick := func(of func(*plan.Bands) []plan.Band) []plan.Band {
		def := judge.DefaultBands()
		for _, b := range []*plan.Bands{ind.Bands, &ind.Plan.Bands, &def} {
			if b != nil && len(of(b)) > 0 {
				return of(b)
			}
		}
		return nil
	}
	switch ind.Kind {
	case plan.Cumulative:
		return pick(func(b *plan.Bands) []plan.Band { return b.Pace })
	case plan.Growth, plan.Level, plan.Sync:
		return pick(func(b *plan.Bands) []plan.Band { return b.Gap })
	case plan.Milestone:
		return pick(func(b *plan.Bands) []plan.Band { return b.Age })
	}
	return nil
}

// Readers are the indicators of the plans in force that read a series.
func (b *Board) Readers(series string) []*Indicator {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return append([]*Indicator(nil), b.book.readers[series]...)
}
