package board

import (
	"maps"
	"slices"
	"time"

	"xushi/internal/exact"
	"xushi/internal/figure"
	"xushi/internal/judge"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// The plan's year behind a snapshot and the road ahead of it, for whoever shows
// how things went: by what the snapshot knew, at periods other than its newest.

// Frame gives a picture of one plan p of the snapshot as it stood at a month: each
// indicator at its newest own period that ends by then. before gives items of an
// older frame of the same month that still hold, by place, nil for none; it may
// itself be nil.
func (s *Snapshot) Frame(p *PlanState, upTo period.Month, before func(pos int) *Item) *Snapshot {
	frame := &Snapshot{Seq: s.Seq, Moment: s.Moment, known: s.known, upTo: upTo}
	ev := frame.evaluator()
	items := make([]*Item, len(p.Items))
	for i, it := range p.Items {
		if before != nil {
			if items[i] = before(i); items[i] != nil {
				continue
			}
		}
		items[i] = &Item{Indicator: it.Indicator, Entries: it.Entries,
			histories: it.histories, entryLog: it.entryLog, accounts: it.accounts}
		ev.evaluate(items[i], p.Items)
	}
	frame.Plans = []*PlanState{newPlanState(p.Plan, items)}
	return frame
}

// Only gives the snapshot with one of its plans alone.
func (s *Snapshot) Only(p *PlanState) *Snapshot {
	return &Snapshot{Seq: s.Seq, Moment: s.Moment, known: s.known, upTo: s.upTo, Plans: []*PlanState{p}}
}

// UpTo is the month that a frame stands at, 0 for a picture of all that is known.
func (s *Snapshot) UpTo() period.Month { return s.upTo }

// Begun counts the own periods of an indicator that may have figures by now.
func (s *Snapshot) Begun(ind *Indicator) int { return s.evaluator().ended(ind) }

// Ahead gives what is known of the total ("") or a part at its i-th own period
// without its figure: the target in force, what will be expected, and of a
// checklist what will be due. Status and light are missing.
func (s *Snapshot) Ahead(it *Item, part string, i int) State {
	ind, t := it.Indicator, it.target(part)
	st := State{Part: t.part, Period: ind.periods[i].Period}
	if !ind.Judged() {
		return st
	}
	end := ind.periods[i].end
	version := judge.InForce(t.versions, end)
	st.Rule, st.Document = version.Rule, version.Document
	if ind.Kind == plan.Milestone {
		st.Judgement.Expected, _ = judge.Weights(it.entries, end)
		return st
	}
	st.Judgement.Unrounded, st.Judgement.Expected = version.Rule.Expected(end)
	return st
}

// ValueAt is the value of the total ("") or a part for any period of its series,
// that of earlier years included; missing where a figure is.
func (s *Snapshot) ValueAt(it *Item, part string, p period.Period) exact.Opt {
	t := it.target(part)
	switch {
	case t == nil:
		return exact.Opt{}
	case p.Year() == it.Plan.Year:
		return s.evaluator().read(it, t, p).value
	}
	return s.evaluator().otherYear(it, t, p).value
}

// otherYear is read for a year that the plan is not of: there are no checklists
// then, and what came in is added up from nothing.
func (ev *evaluator) otherYear(it *Item, t *target, p period.Period) (total reading) {
	ind := it.Indicator
	switch {
	case ind.fromEvents() && t.part == nil:
		return reading{}
	case t.part == nil && ind.Total == "sum" && len(ind.parts) > 0:
		for i := range ind.parts {
			if !total.add(ev.otherYear(it, &ind.parts[i], p)) {
				return reading{}
			}
		}
		return total
	case ind.summed:
		for _, q := range ind.Rhythm.Periods(p.Year(), p.Span) {
			if q.End <= p.End && !total.add(ev.one(it, t, 0, q)) {
				return reading{}
			}
		}
		return total
	}
	return ev.read(it, t, p)
}

// KnownDays are the days, in the plan's zone and in order, on which something of
// the items that keep lets through became known, from the plan's own date on.
func (s *Snapshot) KnownDays(p *PlanState, keep func(*Item) bool) []period.Date {
	days := map[period.Date]struct{}{}
	add := func(t time.Time) {
		if s.known.IsZero() || !t.After(s.known) {
			if d := period.DateOf(t, p.Zone); d >= p.Date {
				days[d] = struct{}{}
			}
		}
	}
	add(p.KnownAt)
	for _, it := range p.Items {
		if !keep(it) {
			continue
		}
		for _, h := range it.histories {
			for _, shelf := range h.layer(false) {
				for _, r := range shelf.revisions {
					add(r.KnownAt)
				}
			}
		}
		for _, list := range it.entryLog {
			for _, e := range list {
				add(e.KnownAt)
			}
		}
		for _, list := range it.accounts {
			for _, a := range list {
				add(a.KnownAt)
			}
		}
	}
	return slices.Sorted(maps.Keys(days))
}

// Revisions gives every revision of the figure of the total ("") or a part for a
// period that the snapshot knew, oldest first; nil where the value is made of
// several figures or of none.
func (s *Snapshot) Revisions(it *Item, part string, p period.Period) []*figure.Revision {
	t := it.target(part)
	if t == nil || len(t.feeds) != 1 || t.part == nil && it.Total == "sum" && len(it.parts) > 0 {
		return nil
	}
	list := it.histories[t.at].Revisions(p, false)
	if s.known.IsZero() {
		return list
	}
	n := 0
	for n < len(list) && !list[n].KnownAt.After(s.known) {
		n++
	}
	return list[:n]
}

// Filed tells how the i-th own period of the total ("") or a part is reported,
// by itself: filed where it is the one that is judged, else by the calendar.
// at is how it stood at that period.
func (s *Snapshot) Filed(it *Item, at *State, i int) judge.Reporting {
	own := &it.periods[i]
	switch {
	case at.Period == own.Period:
		return judge.Filed
	case !s.Moment.Before(own.Due):
		if at.Reporting == judge.Filed {
			return judge.NotDue // the target is met, nothing more is owed
		}
		return judge.Late
	case it.Series != nil && it.Series.Source != "" && !s.Moment.Before(own.opens):
		return judge.AwaitingRelease
	}
	return judge.NotDue
}
