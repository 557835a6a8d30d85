package board

import (
	"time"

	"xushi/internal/exact"
	"xushi/internal/figure"
	"xushi/internal/judge"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// evaluator judges items at one moment. It keeps scratch space, so that judging
// a nation does not fill the heap; one goroutine uses it at a time.
type evaluator struct {
	moment time.Time    // reporting is judged at it; replays know nothing later
	known  time.Time    // only what was known by then counts; zero: everything
	upTo   period.Month // only periods that end by then count; 0: all

	past    []judge.Past
	entries []judge.Entry
	judged  int // items judged so far
}

// evaluate fills in what follows for an item. items are all of its plan, for
// those that keep step with another.
func (ev *evaluator) evaluate(it *Item, items []*Item) {
	ev.judged++
	ind := it.Indicator
	ev.fill(it)
	switch ind.Kind {
	case plan.Standing:
		ev.standing(it)
	case plan.Context:
		ev.state(it, &ind.total, &it.State, items)
	default:
		it.Parts = make([]State, len(ind.parts))
		for i := range ind.parts {
			it.Parts[i].Part = ind.parts[i].part
			ev.state(it, &ind.parts[i], &it.Parts[i], items)
		}
		if ind.Total == "none" && len(it.Parts) > 0 {
			it.State = worst(it.Parts)
		} else {
			ev.state(it, &ind.total, &it.State, items)
		}
	}
}

// fill looks up what is done of a checklist, once for an item: whoever keeps
// step with a count may be judged before it.
func (ev *evaluator) fill(it *Item) {
	if it.Checklist == nil || it.Entries != nil {
		return
	}
	it.Entries = make([]EntryState, len(it.Checklist.Entries))
	for i, e := range it.Checklist.Entries {
		it.Entries[i].Entry = e
		if event, ok := it.entryLog.at(e.ID, ev.known, entryKnown); ok {
			it.Entries[i].Event = event
		}
	}
}

// worst is the state that stands for a whole that has parts only: that of the
// part which stands worst. Its reporting is that of the part which is furthest
// behind with it, and shows in the light; what is due is what is due first.
func worst(parts []State) State {
	w, r := &parts[0], &parts[0]
	for i := range parts {
		p := &parts[i]
		if p.Judgement.Status.Severity() > w.Judgement.Status.Severity() {
			w = p
		}
		if p.Reporting > r.Reporting || p.Reporting == r.Reporting && p.Missed > r.Missed {
			r = p
		}
	}
	whole := *w
	whole.Part = nil
	whole.Reporting, whole.Missed = r.Reporting, r.Missed
	for i := range parts {
		p := &parts[i]
		if p.Light >= judge.Yellow { // a green part does not brighten a grey whole
			whole.Light = max(whole.Light, p.Light)
		}
		if !p.DueAt.IsZero() && (whole.DueAt.IsZero() || p.DueAt.Before(whole.DueAt)) {
			whole.DuePeriod, whole.DueAt = p.DuePeriod, p.DueAt
		}
	}
	return whole
}

// ended counts the own periods that may be looked at: those that are over, and
// the one that ends today, for a figure may be filed on its period's last day.
func (ev *evaluator) ended(ind *Indicator) int {
	n := 0
	for n < len(ind.periods) && !ind.periods[n].opens.After(ev.moment) && (ev.upTo == 0 || ind.periods[n].End <= ev.upTo) {
		n++
	}
	return n
}

// state judges the total or a part at its newest period with a figure, and its
// reporting at the moment.
func (ev *evaluator) state(it *Item, t *target, st *State, items []*Item) {
	ind := it.Indicator
	ended := ev.ended(ind)
	newest := -1
	var value reading
	for i := ended - 1; i >= 0; i-- {
		if ind.fromEvents() && t.part == nil {
			// Entries are known at once; the period is the newest that is over.
			if !ind.periods[i].closes.After(ev.moment) {
				newest, value = i, ev.read(it, t, ind.periods[i].Period)
				break
			}
			continue
		}
		if r := ev.read(it, t, ind.periods[i].Period); r.value.OK {
			newest, value = i, r
			break
		}
	}
	st.Figure, st.Known = value.figure, value.known
	if newest >= 0 {
		st.Period = ind.periods[newest].Period
	}
	if ind.Judged() {
		ev.judge(it, t, st, newest, value, items)
	} else if newest >= 0 {
		st.Judgement.Actual = value.value
	}
	if ind.Series == nil && !ind.fromEvents() && ind.Kind != plan.Milestone { // a number that is given once
		return
	}
	ev.report(it, t, st, newest, ended)
	st.Light = judge.LightOf(st.Judgement.Status, ind.Commitment == plan.BestEffort, st.Reporting, st.Missed)
}

func (ev *evaluator) judge(it *Item, t *target, st *State, newest int, value reading, items []*Item) {
	if newest < 0 {
		st.Rule = t.versions[0].Rule
		st.Document = t.versions[0].Document
		st.Judgement = judge.Judgement{Status: judge.Pending, Reason: judge.NoFigure}
		return
	}
	in := ev.input(it, t, newest, t.deadline, items)
	in.Actual = value.value
	version := judge.InForce(t.versions, in.PeriodEnd)
	st.Rule, st.Document = version.Rule, version.Document
	st.Judgement = version.Rule.Judge(in)
	if version.Rule != t.versions[0].Rule {
		original := t.versions[0].Rule.Judge(in)
		st.Original = &original
	}
}

// input is what is known about a target for one of its periods, without the
// figure itself. Its history starts with periods that end on a date or later: a
// judgement looks back no further than the deadline. It is valid until the next
// call.
func (ev *evaluator) input(it *Item, t *target, at int, since period.Date, items []*Item) judge.Input {
	ind := it.Indicator
	p := ind.periods[at].Period
	in := judge.Input{PeriodEnd: ind.periods[at].end}
	if ind.Kind == plan.Milestone {
		in.Entries = ev.checklist(it)
		return in
	}
	if ind.follows != nil {
		in.Reference = ev.reference(ind, p, items)
	}
	if ind.Kind == plan.Direction {
		in.Previous = ev.read(it, t, p.LastYear()).value
	}
	ev.past = ev.past[:0]
	for i := range at {
		if ind.periods[i].end < since {
			continue
		}
		q := ind.periods[i].Period
		r := ev.read(it, t, q)
		if !r.value.OK {
			continue
		}
		past := judge.Past{End: ind.periods[i].end, Actual: r.value}
		switch {
		case ind.follows != nil:
			past.Against = ev.reference(ind, q, items)
		case ind.Kind == plan.Direction:
			past.Against = ev.read(it, t, q.LastYear()).value
		}
		ev.past = append(ev.past, past)
	}
	in.History = ev.past
	return in
}

// reference is the figure of the indicator that this one keeps step with.
func (ev *evaluator) reference(ind *Indicator, p period.Period, items []*Item) exact.Opt {
	other := items[ind.follows.pos]
	ev.fill(other)
	return ev.read(other, &other.total, p).value
}

// checklist gives the entries with what is done of them. It is valid until the
// next call.
func (ev *evaluator) checklist(it *Item) []judge.Entry {
	ev.entries = append(ev.entries[:0], it.entries...)
	for i := range it.Entries {
		if it.Entries[i].Done() {
			ev.entries[i].Done, ev.entries[i].DoneOn = true, *it.Entries[i].Event.Done
		}
	}
	return ev.entries
}

// reading is a value and what it was read from.
type reading struct {
	value  exact.Opt
	figure *figure.Revision // nil where several figures or events make the value
	known  time.Time        // when the newest of them became known
}

// read gives the value of a target for a period as it was known at the moment.
func (ev *evaluator) read(it *Item, t *target, p period.Period) reading {
	ind := it.Indicator
	switch {
	case ind.Kind == plan.Milestone: // judged by its entries, not by a value
		return reading{known: ev.count(it, p).known}
	case t.part == nil && ind.counted():
		return ev.count(it, p)
	case t.part == nil && ind.Total == "sum" && len(ind.parts) > 0:
		return ev.sum(it, p)
	case len(t.feeds) == 2:
		return ev.ratio(it, t, p)
	case len(t.feeds) == 0:
		return reading{}
	case ind.summed:
		return ev.months(it, t, p)
	}
	return ev.one(it, t, 0, p)
}

func (ev *evaluator) one(it *Item, t *target, feed int, p period.Period) reading {
	r := it.histories[t.at+feed].at(p, ev.known)
	if r == nil {
		return reading{}
	}
	return reading{exact.Some(exact.FromDecimal(r.Value)), r, r.KnownAt}
}

// count is the number of entries done by the period's end, beside what was there
// at the start.
func (ev *evaluator) count(it *Item, p period.Period) reading {
	n, known, end := int64(0), time.Time{}, p.Last()
	for i := range it.Entries {
		e := &it.Entries[i]
		if e.Done() && *e.Event.Done <= end {
			n++
			if e.Event.KnownAt.After(known) {
				known = e.Event.KnownAt
			}
		}
	}
	return reading{value: exact.Some(it.total.base.Add(exact.FromInt(n))), known: known}
}

// sum adds the parts up; it exists only when every part has its figure.
func (ev *evaluator) sum(it *Item, p period.Period) reading {
	var total reading
	for i := range it.parts {
		if !total.add(ev.read(it, &it.parts[i], p)) {
			return reading{}
		}
	}
	return total
}

// months adds up, from what was there at the start, what came in each month or
// quarter of the year; none may be missing.
func (ev *evaluator) months(it *Item, t *target, p period.Period) reading {
	var total reading
	for i := range it.periods {
		q := it.periods[i].Period
		if q.End > p.End {
			break
		}
		if !total.add(ev.one(it, t, 0, q)) {
			return reading{}
		}
	}
	total.value.Value = total.value.Value.Add(t.base)
	return total
}

// add takes another value into a total; false where it is missing.
func (r *reading) add(s reading) bool {
	if !s.value.OK {
		return false
	}
	r.value = exact.Some(r.value.Value.Add(s.value.Value))
	if s.known.After(r.known) {
		r.known = s.known
	}
	return true
}

// ratio is 100 × numerator ÷ denominator. Where there was nothing to do and
// nothing was left undone (0 of 0), all of it is done: 100.
func (ev *evaluator) ratio(it *Item, t *target, p period.Period) reading {
	num, den := ev.one(it, t, 0, p), ev.one(it, t, 1, p)
	if !num.value.OK || !den.value.OK {
		return reading{}
	}
	r := reading{known: num.known}
	if den.known.After(r.known) {
		r.known = den.known
	}
	hundred := exact.FromInt(100)
	switch {
	case den.value.Value.Sign() != 0:
		r.value = exact.Some(num.value.Value.Mul(hundred).Quo(den.value.Value))
	case num.value.Value.Sign() == 0:
		r.value = exact.Some(hundred)
	}
	return r
}

// report judges whether the figures that are due are there. newest is the index
// of the newest period with a figure, ended the number of periods that are over.
func (ev *evaluator) report(it *Item, t *target, st *State, newest, ended int) {
	ind := it.Indicator
	if ev.closed(ind, t, st, ended) {
		st.Reporting = judge.Filed
		return
	}
	if ind.fromEvents() && t.part == nil {
		ev.reportEvents(it, st, ended)
		return
	}
	due := -1 // newest period that is due
	for i := range ended {
		if !ev.moment.Before(ind.periods[i].Due) {
			due = i
		}
	}
	if next := newest + 1; next < len(ind.periods) && (ev.upTo == 0 || next < ended) {
		st.DuePeriod, st.DueAt = ind.periods[next].Period, ind.periods[next].Due
	}
	switch {
	case due > newest:
		st.Reporting, st.Missed = judge.Late, due-newest
	case newest >= 0:
		st.Reporting = judge.Filed
	case ended > 0 && ind.Series != nil && ind.Series.Source != "":
		st.Reporting = judge.AwaitingRelease
	default:
		st.Reporting = judge.NotDue
	}
}

// closed tells whether nothing more is owed: the target is met, and so is the
// one that is in force by now, should it have been raised since.
func (ev *evaluator) closed(ind *Indicator, t *target, st *State, ended int) bool {
	if !judge.Closed(ind.Kind, st.Judgement.Status) {
		return false
	}
	end := ind.periods[ended-1].end
	now := judge.InForce(t.versions, end).Rule
	return now == st.Rule || judge.Closed(ind.Kind, now.Judge(judge.Input{PeriodEnd: end, Actual: st.Judgement.Actual}).Status)
}

// reportEvents judges the reporting of what follows from a checklist: a first
// event is owed with the period in which the first thing falls due. From then on
// an open thing is a matter of the performance light.
func (ev *evaluator) reportEvents(it *Item, st *State, ended int) {
	st.Reporting = judge.Filed
	first := it.entries[0].Due
	for i := range it.entries {
		first = min(first, it.entries[i].Due)
	}
	for i := range it.Entries {
		if it.Entries[i].Event != nil {
			return
		}
	}
	st.Reporting = judge.NotDue
	for i := range it.periods {
		o := &it.periods[i]
		if o.end < first || ev.upTo != 0 && i >= ended {
			continue
		}
		if st.DueAt.IsZero() {
			st.DuePeriod, st.DueAt = o.Period, o.Due
		}
		if i < ended && !ev.moment.Before(o.Due) {
			st.Reporting = judge.Late
			st.Missed++
		}
	}
}

// standing looks at written accounts and the light that was set.
func (ev *evaluator) standing(it *Item) {
	ind := it.Indicator
	ended := ev.ended(ind)
	newest, status := -1, judge.Pending
	for i := ended - 1; i >= 0; i-- {
		list := it.accounts[ind.periods[i].Period]
		for k := len(list) - 1; k >= 0; k-- {
			a := list[k]
			if !ev.known.IsZero() && a.KnownAt.After(ev.known) {
				continue
			}
			if newest < 0 && a.Text != "" {
				newest, it.Account = i, a
				it.Period, it.Known = a.Period, a.KnownAt
			}
			if it.Set == nil && a.Light != "" {
				it.Set = a
				if set, ok := judge.ParseSet(a.Light); ok {
					status = set
				}
			}
		}
	}
	ev.report(it, &ind.total, &it.State, newest, ended)
	it.Light = judge.LightOf(status, false, it.Reporting, it.Missed)
}
