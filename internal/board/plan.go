package board

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"xushi/internal/exact"
	"xushi/internal/fault"
	"xushi/internal/figure"
	"xushi/internal/judge"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// Plan is a version of a plan, compiled for judging. It is shared and never altered.
type Plan struct {
	*plan.Plan
	Seq        int64     // the change that applied it
	KnownAt    time.Time // since when it stands
	Zone       *time.Location
	Indicators []*Indicator // in the document's order

	byID    map[string]*Indicator
	orgs    map[string]*plan.Organisation
	moments []time.Time // of all indicators, each once
}

// Indicator is an indicator of a compiled plan.
type Indicator struct {
	*plan.Indicator
	Plan     *Plan
	Task     *plan.Task
	Section  *plan.Section
	Series   *plan.Series // nil where the kind has none
	Key      string       // of the series, area/id
	Leads    []*plan.Organisation
	Cos      []*plan.Organisation
	Reporter *plan.Organisation // who posts its figures

	pos        int         // place in Plan.Indicators
	total      target      // the whole
	parts      []target    // in the order of Indicator.Parts
	periods    []Own       // own periods of the plan's year
	moments    []time.Time // at which time alone may change what follows, in order: a period begins to count, is over, or falls due
	follows    *Indicator
	followers  []*Indicator // those that keep step with this one
	entries    []judge.Entry
	entryOrder map[string]int
	summed     bool     // cumulative, and its series gives what came in each period
	reads      []string // the series its values are read from, each once
}

// target is the total or a part of an indicator, with the places its value is
// read from.
type target struct {
	part     *plan.Part // nil for the total
	id       string     // of the part
	versions []judge.Version
	deadline period.Date // the earliest of all versions
	base     exact.Rat   // what a value that is counted or summed starts from
	feeds    []feed      // one series, or numerator and denominator
	at       int         // index of the first feed among the item's histories
}

// feed is a place in the book: a series and a part of it.
type feed struct{ series, part string }

// Own is a period that an indicator reports, and until when.
type Own struct {
	period.Period
	end    period.Date // last day
	opens  time.Time   // start of the last day: from then on it may be reported
	closes time.Time   // the first instant after it
	Due    time.Time   // the first instant at which it is late
}

// seriesKey is the key of a series in all areas: another area's is written area/id.
func seriesKey(area, id string) string {
	if strings.Contains(id, "/") {
		return id
	}
	return area + "/" + id
}

// compile prepares a plan version. series finds the definitions of other areas' series.
func compile(v *figure.PlanVersion, seq int64, calendars Calendars, series func(key string) *plan.Series) (*Plan, error) {
	zone, err := time.LoadLocation(v.Plan.TimeZone)
	if err != nil {
		return nil, fault.Newf("unknown_time_zone", "时区 %[1]q 不认识。", "Time zone %[1]q is unknown.", v.Plan.TimeZone)
	}
	p := &Plan{Plan: v.Plan, Seq: seq, KnownAt: v.KnownAt, Zone: zone,
		byID: map[string]*Indicator{}, orgs: map[string]*plan.Organisation{}}
	for i := range p.Organisations {
		p.orgs[p.Organisations[i].ID] = &p.Organisations[i]
	}
	sections := map[int]*plan.Section{}
	for i := range p.Sections {
		sections[p.Sections[i].Number] = &p.Sections[i]
	}
	definitions := map[string]*plan.Series{}
	for i := range p.Series {
		definitions[seriesKey(p.Area, p.Series[i].ID)] = &p.Series[i]
	}
	find := func(id string) (*plan.Series, string, error) {
		key := seriesKey(p.Area, id)
		if s := definitions[key]; s != nil {
			return s, key, nil
		}
		if s := series(key); s != nil {
			return s, key, nil
		}
		return nil, key, fault.Newf("unknown_series", "没有序列 %[1]q。", "There is no series %[1]q.", key)
	}
	for t := range p.Tasks {
		task := &p.Tasks[t]
		for i := range task.Indicators {
			ind := &Indicator{Indicator: &task.Indicators[i], Plan: p, Task: task, Section: sections[task.Section], pos: len(p.Indicators)}
			if err := ind.compile(find, calendars[p.Holidays]); err != nil {
				return nil, fmt.Errorf("plan %s, indicator %s: %w", p.ID, ind.ID, err)
			}
			p.Indicators = append(p.Indicators, ind)
			p.byID[ind.ID] = ind
			p.moments = append(p.moments, ind.moments...)
		}
	}
	slices.SortFunc(p.moments, time.Time.Compare)
	p.moments = slices.CompactFunc(p.moments, time.Time.Equal)
	for _, ind := range p.Indicators {
		if ind.Reference == "" {
			continue
		}
		if ind.follows = p.byID[ind.Reference]; ind.follows == nil {
			return nil, fault.Newf("unknown_indicator", "指标 %[1]q 参照的 %[2]q 不存在。", "Indicator %[1]q refers to %[2]q, which does not exist.", ind.ID, ind.Reference)
		}
		ind.follows.followers = append(ind.follows.followers, ind)
	}
	return p, nil
}

func (ind *Indicator) compile(find func(string) (*plan.Series, string, error), calendar *period.Calendar) error {
	p := ind.Plan
	for _, id := range ind.Indicator.Leads {
		ind.Leads = append(ind.Leads, p.orgs[id])
	}
	for _, id := range ind.Indicator.Cos {
		ind.Cos = append(ind.Cos, p.orgs[id])
	}
	var err error
	span := period.SpanYTD // what milestones and counts of checklists are looked at by
	if ind.Kind == plan.Standing {
		span = figure.AccountSpan(ind.Rhythm)
	}
	var feeds []string
	if ind.Indicator.Series != "" {
		if ind.Series, ind.Key, err = find(ind.Indicator.Series); err != nil {
			return err
		}
		if span, err = period.ParseSpan(ind.Series.Span); err != nil {
			return err
		}
		feeds = []string{ind.Key}
		if r := ind.Series.Ratio; r != nil {
			feeds = feeds[:0]
			for _, id := range []string{r.Numerator, r.Denominator} {
				_, key, err := find(id)
				if err != nil {
					return err
				}
				feeds = append(feeds, key)
			}
		}
		ind.summed = ind.Summed(span)
	}
	if f := ind.CheckRhythm(span, p.Year); f != nil {
		return f
	}
	ind.Reporter = ind.reporter()
	ind.reads = slices.Compact(slices.Clone(feeds)) // numerator and denominator may be one
	at := 0
	place := func(part *plan.Part) (target, error) {
		t := target{part: part, at: at, base: exact.FromDecimal(ind.Base)}
		if part != nil {
			t.id, t.base = part.ID, exact.FromDecimal(part.Base)
		}
		for _, s := range feeds {
			t.feeds = append(t.feeds, feed{s, t.id})
		}
		at += len(t.feeds)
		if ind.Judged() {
			t.versions, err = judge.Versions(p.Plan, ind.Indicator, t.id)
		}
		for i := range t.versions {
			if d := t.versions[i].Rule.Deadline(); i == 0 || d < t.deadline {
				t.deadline = d
			}
		}
		return t, err
	}
	if ind.total, err = place(nil); err != nil {
		return err
	}
	for i := range ind.Parts {
		t, err := place(&ind.Parts[i])
		if err != nil {
			return err
		}
		ind.parts = append(ind.parts, t)
	}
	ind.compileChecklist()
	if ind.Rhythm.Valid() && span.Valid() {
		for _, q := range ind.Rhythm.Periods(p.Year, span) {
			due := period.DueDate(ind.Due, q, ind.Rhythm, calendar)
			o := Own{q, q.Last(), q.Last().Start(p.Zone), q.Last().End(p.Zone), period.DueInstant(due, p.Zone)}
			ind.periods = append(ind.periods, o)
			ind.moments = append(ind.moments, o.opens, o.closes, o.Due)
		}
		slices.SortFunc(ind.moments, time.Time.Compare)
	}
	return nil
}

func (ind *Indicator) compileChecklist() {
	list := ind.Checklist
	if list == nil {
		return
	}
	ind.entryOrder = make(map[string]int, len(list.Entries))
	for i, e := range list.Entries {
		ind.entryOrder[e.ID] = i
		ind.entries = append(ind.entries, judge.Entry{Due: e.Planned, Weight: exact.FromDecimal(e.Weight)})
	}
	for range list.Size - len(list.Entries) { // things not named yet
		ind.entries = append(ind.entries, judge.Entry{Due: ind.Deadline, Weight: exact.FromInt(1)})
	}
}

// reporter is who posts the figures: the series' reporter, else the first lead.
func (ind *Indicator) reporter() *plan.Organisation {
	if ind.Series != nil && ind.Series.Reporter != "" {
		if o := ind.Plan.orgs[ind.Series.Reporter]; o != nil {
			return o
		}
	}
	if len(ind.Leads) > 0 {
		return ind.Leads[0]
	}
	return nil
}

// Judged tells whether the kind is held against a target. Standing work has a
// light that is set, context has none.
func (ind *Indicator) Judged() bool { return ind.Kind != plan.Standing && ind.Kind != plan.Context }

// counted tells whether the value is the number of entries done: a count whose
// checklist names everything.
func (ind *Indicator) counted() bool {
	return ind.Kind == plan.Cumulative && ind.Checklist.Complete()
}

// FromEvents tells whether the value follows from the checklist, not from figures.
func (ind *Indicator) FromEvents() bool { return ind.fromEvents() }

// fromEvents tells whether the value comes from the checklist, so that nothing
// is ever late of it.
func (ind *Indicator) fromEvents() bool { return ind.Kind == plan.Milestone || ind.counted() }

// HasFigures tells whether figures are reported for it.
func (ind *Indicator) HasFigures() bool { return ind.Series != nil && !ind.fromEvents() }

// Organisation finds an organisation of the plan, nil where there is none.
func (p *Plan) Organisation(id string) *plan.Organisation { return p.orgs[id] }

// Indicator finds an indicator, nil where there is none.
func (p *Plan) Indicator(id string) *Indicator { return p.byID[id] }

// Organisations are all organisations of the indicator, as area/id: leads,
// co-organisers, reporter and source.
func (ind *Indicator) Organisations() []string {
	out := posters(ind)
	for _, o := range ind.Cos {
		out = append(out, ind.Plan.Area+"/"+o.ID)
	}
	return out
}

// Sums tells whether its value adds up, from the base on, what the series gives
// for each period.
func (ind *Indicator) Sums() bool { return ind.summed }

// Place is that of the indicator in its plan, and of its item among the items.
func (ind *Indicator) Place() int { return ind.pos }

// Periods are the own periods of the plan's year, in order.
func (ind *Indicator) Periods() []Own { return ind.periods }

// PartRule is the target version of the total ("") or a part that judges a
// period ending on a date; nil where the indicator is not judged or has no such part.
func (ind *Indicator) PartRule(part string, end period.Date) *judge.Rule {
	t := &ind.total
	for i := range ind.parts {
		if ind.parts[i].id == part {
			t = &ind.parts[i]
		}
	}
	if len(t.versions) == 0 || t.id != part {
		return nil
	}
	return judge.InForce(t.versions, end).Rule
}

// SeriesKey is the key of a series that the plan names: its own area's unless it
// is written area/id.
func (p *Plan) SeriesKey(id string) string { return seriesKey(p.Area, id) }
