// Package demo fills a database of its own with plausible simulated figures,
// through the same door as real ones: a mix of every status, some figures late,
// some revised. The same plan and day always give the same figures.
package demo

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/govalues/decimal"

	"xushi/internal/board"
	"xushi/internal/figure"
	"xushi/internal/judge"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// actor is how the change log names what the simulation posts.
const actor = "demo"

// note marks every simulated text.
const note = "演示数据"

// Poster is the door that figures go through; figure.Service is one.
type Poster interface {
	Post(ctx context.Context, b figure.Batch) (*figure.Report, error)
	PostEntries(ctx context.Context, b figure.EventBatch[figure.EntryInput]) (*figure.Report, error)
	PostAccounts(ctx context.Context, b figure.EventBatch[figure.AccountInput]) (*figure.Report, error)
}

// Fill posts what a plan's departments would have reported by now.
func Fill(ctx context.Context, door Poster, p *board.Plan, now time.Time) error {
	s := &simulation{plan: p, now: now, values: map[string]map[period.Period]float64{}, places: map[string]int{}}
	counted := map[string]int{}
	for _, ind := range p.Indicators {
		s.places[ind.ID] = counted[sort(ind)]
		counted[sort(ind)]++
	}
	// Those that keep step come after what they follow.
	indicators := slices.Clone(p.Indicators)
	slices.SortStableFunc(indicators, func(a, b *board.Indicator) int {
		return cmp.Compare(len(a.Reference), len(b.Reference))
	})
	posted := map[string]bool{}
	for _, ind := range indicators {
		switch {
		case ind.Kind == plan.Standing:
			s.account(ind)
		case !ind.HasFigures():
			s.checklist(ind)
		case !posted[ind.Key]: // a series that several indicators read is reported once
			posted[ind.Key] = true
			s.figures(ind)
		}
	}
	for _, rows := range [][]figure.Input{s.first, s.revised} {
		if err := post(ctx, door, rows); err != nil {
			return err
		}
	}
	if len(s.entries) > 0 {
		r, err := door.PostEntries(ctx, figure.EventBatch[figure.EntryInput]{Actor: actor, Rows: s.entries})
		if err := outcome(r, err); err != nil {
			return err
		}
	}
	if len(s.accounts) > 0 {
		r, err := door.PostAccounts(ctx, figure.EventBatch[figure.AccountInput]{Actor: actor, Rows: s.accounts})
		if err := outcome(r, err); err != nil {
			return err
		}
	}
	return nil
}

func post(ctx context.Context, door Poster, rows []figure.Input) error {
	slices.SortStableFunc(rows, func(a, b figure.Input) int { return a.KnownAt.Compare(*b.KnownAt) })
	for chunk := range slices.Chunk(rows, figure.MaxRows) {
		if err := outcome(door.Post(ctx, figure.Batch{Actor: actor, Rows: chunk})); err != nil {
			return err
		}
	}
	return nil
}

// outcome turns a rejected row into an error: the simulation knows the rules.
func outcome(r *figure.Report, err error) error {
	if err != nil {
		return err
	}
	for _, res := range r.Results {
		if res.Fault != nil {
			return fmt.Errorf("simulated row %d: %w", res.Row, res.Fault)
		}
	}
	return nil
}

// simulation gathers what will be posted.
type simulation struct {
	plan     *board.Plan
	now      time.Time
	first    []figure.Input
	revised  []figure.Input
	entries  []figure.EntryInput
	accounts []figure.AccountInput
	values   map[string]map[period.Period]float64 // of the totals, by indicator
	places   map[string]int                       // of an indicator among those of its sort
}

// character is how a simulated department gets on.
type character struct {
	*rand.Rand
	course  judge.Status // what it is heading for
	omitted int          // newest due periods it has not reported
	revises bool
	tardy   bool // files after the due date
}

// courses are dealt out in turn to the indicators of a kind, so that every status
// occurs in about the share that supervision offices see.
var courses = []judge.Status{
	judge.OnTrack, judge.Ahead, judge.OnTrack, judge.SlightlyBehind, judge.OnTrack, judge.Behind, judge.OnTrack,
	judge.Ahead, judge.OnTrack, judge.Done, judge.OnTrack, judge.SlightlyBehind, judge.OnTrack,
}

// dated are the courses of milestones with a date within the year, of which a plan
// has few: one comes late, one keeps its dates, one has just let a date pass.
var dated = []judge.Status{judge.SlightlyBehind, judge.OnTrack, judge.Behind}

const withDates = "milestone with dates"

// sort is what an indicator is dealt its course among: its kind, and milestones
// with a date within the year apart.
func sort(ind *board.Indicator) string {
	if ind.Kind == plan.Milestone {
		for _, e := range ind.Checklist.Entries {
			if e.Planned < period.NewMonth(ind.Plan.Year, time.December).First() {
				return withDates
			}
		}
	}
	return string(ind.Kind)
}

// cast gives an indicator its character, by its id and its place in the plan.
func (s *simulation) cast(ind *board.Indicator) character {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s.plan.ID + "/" + ind.ID)) // a hash never returns an error
	at := slices.Index(s.plan.Indicators, ind)
	dealt := courses
	if sort(ind) == withDates {
		dealt = dated
	}
	c := character{Rand: rand.New(rand.NewPCG(h.Sum64(), 0)), course: dealt[s.places[ind.ID]%len(dealt)]}
	switch at % 23 {
	case 7, 15:
		c.omitted = 1
	case 20:
		c.omitted = 2
	}
	c.revises = at%8 == 3
	c.tardy = at%11 == 5
	return c
}

// figures simulates the reports of an indicator with figures.
func (s *simulation) figures(ind *board.Indicator) {
	c := s.cast(ind)
	periods := s.reported(ind, &c)
	targets := []string{""}
	if ind.Total == "sum" || ind.Total == "none" {
		targets = nil
	}
	for i := range ind.Parts {
		targets = append(targets, ind.Parts[i].ID)
	}
	for _, part := range targets {
		course := s.course(ind, part, &c)
		for i, o := range periods {
			known := s.filed(o, &c)
			if known.After(s.now) {
				continue
			}
			if ind.Kind == plan.Direction {
				s.lastYear(ind, part, o, course)
			}
			value := course(o)
			if part == "" {
				if s.values[ind.ID] == nil {
					s.values[ind.ID] = map[period.Period]float64{}
				}
				s.values[ind.ID][o.Period] = value
			}
			revise := c.revises && i == len(periods)/2
			s.report(ind, part, o.Period, value, known, revise, &c)
		}
	}
}

// reported are the periods that a department has reported by now.
func (s *simulation) reported(ind *board.Indicator, c *character) []board.Own {
	due := 0
	for _, o := range ind.Periods() {
		if !o.Due.After(s.now) {
			due++
		}
	}
	return ind.Periods()[:max(due-c.omitted, 0)]
}

// filed is when a period's figure came in: mostly some days before it was due.
func (s *simulation) filed(o board.Own, c *character) time.Time {
	over := o.Last().End(s.plan.Zone)
	slack := o.Due.Sub(over)
	at := over.Add(time.Duration((0.3 + 0.6*c.Float64()) * float64(slack)))
	if c.tardy && c.IntN(3) == 0 {
		at = o.Due.Add(time.Duration(1+c.IntN(4)) * 24 * time.Hour)
	}
	y, m, d := at.In(s.plan.Zone).Date()
	return time.Date(y, m, d, 9+c.IntN(8), c.IntN(60), 0, 0, s.plan.Zone)
}

// report posts one value, with a revision where the character revises.
func (s *simulation) report(ind *board.Indicator, part string, p period.Period, value float64, known time.Time, revise bool, c *character) {
	if r := ind.Series.Ratio; r != nil {
		den := float64(120 + 10*int(p.End.Of()) + c.IntN(9))
		num := math.Round(den * value / 100)
		for series, v := range map[string]float64{r.Numerator: num, r.Denominator: den} {
			s.first = append(s.first, figure.Input{Address: figure.Address{Series: s.plan.SeriesKey(series), Part: part},
				Period: p.String(), Value: fmt.Sprint(int64(v)), Note: note, KnownAt: &known})
		}
		return
	}
	row := figure.Input{Address: figure.Address{Plan: s.plan.ID, Indicator: ind.ID, Part: part},
		Period: p.String(), Value: stepped(value, ind.Series.Step), Note: note, KnownAt: &known}
	later := known.AddDate(0, 0, 18)
	if revise && later.Before(s.now) {
		revised := row
		revised.KnownAt, revised.Reason = &later, "据核实数修订（演示）"
		row.Value = stepped(value*0.985-steps(ind.Series.Step), ind.Series.Step)
		row.Status = figure.Provisional
		s.revised = append(s.revised, revised)
	}
	s.first = append(s.first, row)
}

func steps(step decimal.Decimal) float64 { f, _ := step.Float64(); return f }

// stepped writes a value as a multiple of the series' step, not below zero
// where it is a count or an amount.
func stepped(v float64, step decimal.Decimal) string {
	f := steps(step)
	n := math.Floor(v/f + 0.5)
	d, err := decimal.New(int64(n), 0)
	if err == nil {
		d, err = d.Mul(step)
	}
	if err != nil {
		return "0"
	}
	return d.String()
}

// course gives the values of a target, period by period.
func (s *simulation) course(ind *board.Indicator, part string, c *character) func(board.Own) float64 {
	noise := func(width float64) float64 { return (c.Float64() - 0.5) * width }
	switch ind.Kind {
	case plan.Cumulative:
		return s.cumulative(ind, part, c)
	case plan.Zero:
		return func(board.Own) float64 {
			if c.course == judge.Behind || c.course == judge.SlightlyBehind {
				return float64(c.IntN(3))
			}
			return 0
		}
	case plan.Sync:
		return func(o board.Own) float64 { return s.values[ind.Reference][o.Period] + offset(c.course) + noise(0.2) }
	case plan.Direction:
		return func(o board.Own) float64 {
			sign := 1.0
			if ind.Sense == "down" {
				sign = -1
			}
			return s.level(ind, o) * (1 + sign*offset(c.course)*0.03)
		}
	case plan.Context:
		return func(board.Own) float64 { return 2 + noise(1.5) }
	}
	return func(o board.Own) float64 { // growth and level
		target := 0.0
		if r := ind.PartRule(part, o.Last()); r != nil && r.Target().OK {
			target = r.Target().Value.Float64()
		}
		gain := offset(c.course) + noise(0.2)
		if ind.Comparator == plan.AtMost {
			gain = -gain
		}
		v := target + gain
		if ind.Kind == plan.Level && judge.IsPercent(ind.Unit) {
			if target >= 100 && gain > 0 {
				return 100
			}
			v = min(v, 100)
		}
		return v
	}
}

// offset is how far a rate lies from its target on a course, in percentage points.
func offset(course judge.Status) float64 {
	switch course {
	case judge.Ahead, judge.Done:
		return 0.9
	case judge.SlightlyBehind:
		return -0.4
	case judge.Behind:
		return -2.1
	default:
		return 0.25
	}
}

// level is last year's figure of an indicator that is to be better than it.
func (s *simulation) level(ind *board.Indicator, o board.Own) float64 {
	switch {
	case judge.IsPercent(ind.Unit):
		return 82
	case ind.Series.Span == "ytd" && ind.Unit != "微克/立方米":
		return 1.5 * float64(o.End.Of())
	default:
		return 31
	}
}

// lastYear posts the figure that a direction is held against.
func (s *simulation) lastYear(ind *board.Indicator, part string, o board.Own, _ func(board.Own) float64) {
	known := time.Date(s.plan.Year, time.January, 20, 10, 0, 0, 0, s.plan.Zone)
	if known.After(s.now) {
		return
	}
	s.first = append(s.first, figure.Input{Address: figure.Address{Plan: s.plan.ID, Indicator: ind.ID, Part: part},
		Period: o.LastYear().String(), Value: stepped(s.level(ind, o), ind.Series.Step), Note: note, KnownAt: &known})
}

// cumulative walks along the trajectory at the pace of the course.
func (s *simulation) cumulative(ind *board.Indicator, part string, c *character) func(board.Own) float64 {
	pace := map[judge.Status]float64{judge.OnTrack: 1.02, judge.Ahead: 1.12, judge.SlightlyBehind: 0.95, judge.Behind: 0.74, judge.Done: 1.3}[c.course]
	monthly := ind.Series.Span == "month"
	last, sum := -1.0, 0.0
	return func(o board.Own) float64 {
		r := ind.PartRule(part, o.Last())
		base, target := r.Base().Float64(), r.Target().Value.Float64()
		if last < 0 {
			sum = base
		}
		road, _ := r.Expected(o.Last())
		share := (road.Value.Float64() - base) / (target - base)
		if share == 0 { // nothing is owed yet: a little comes in all the same
			share = 0.3 * float64(o.End.Of()) / 12 * c.Float64()
		}
		got := share * (pace + (c.Float64()-0.5)*0.02)
		if c.course != judge.Done && c.course != judge.Ahead {
			got = min(got, share+0.04)
		}
		most := 1.08
		if ind.Checklist != nil { // there are no more things than the list has
			most = 1
		}
		v := base + (target-base)*min(got, most)
		if c.course == judge.OnTrack && r.Reached(o.Last()) {
			v = max(v, target)
		}
		if c.course != judge.Behind && c.course != judge.SlightlyBehind {
			v = math.Ceil(v/steps(ind.Series.Step)-1e-9) * steps(ind.Series.Step) // whole things are there when they are owed
		}
		v = max(v, last)
		last = v
		if monthly { // month values: what came since the last one
			v, sum = v-sum, v
		}
		return v
	}
}

// checklist marks entries done, about when they were planned. Things planned for
// the year's end come when they come; a season or a school term does not come early.
func (s *simulation) checklist(ind *board.Indicator) {
	if ind.Checklist == nil {
		return
	}
	c := s.cast(ind)
	entries := slices.Clone(ind.Checklist.Entries)
	slices.SortStableFunc(entries, func(a, b plan.Entry) int { return cmp.Compare(a.Planned, b.Planned) })
	today := period.DateOf(s.now, s.plan.Zone)
	yearEnd := period.NewMonth(s.plan.Year, time.December).Last()
	for i, e := range entries {
		done := e.Planned - period.Date(c.IntN(8))
		switch {
		case e.Planned == yearEnd && c.course == judge.Done:
			done = e.Planned - period.Date(60+c.IntN(150))
		case e.Planned == yearEnd && c.course == judge.Ahead:
			if i > len(entries)/2 || len(entries) == 1 {
				continue
			}
			done = e.Planned - period.Date(60+c.IntN(150))
		case e.Planned == yearEnd:
			done = e.Planned - period.Date(c.IntN(20))
		case c.course == judge.SlightlyBehind: // some weeks late, each of them
			done = e.Planned + period.Date(12+c.IntN(14))
		case c.course == judge.Behind && (i == len(entries)-1 || entries[i+1].Planned > today):
			continue // the newest that is due has not come
		}
		known := done.Start(s.plan.Zone).Add(34 * time.Hour)
		if done > today || known.After(s.now) || done < s.plan.Date {
			continue
		}
		s.entries = append(s.entries, figure.EntryInput{Plan: s.plan.ID, Indicator: ind.ID, Entry: e.ID,
			Done: done.String(), Evidence: "完成证明（演示）", Note: note, KnownAt: &known})
	}
}

// account writes the quarterly accounts of standing work, with lights.
func (s *simulation) account(ind *board.Indicator) {
	c := s.cast(ind)
	light := "on_track"
	switch c.course {
	case judge.SlightlyBehind:
		light = "slightly_behind"
	case judge.Behind:
		light = "behind"
	}
	for _, o := range s.reported(ind, &c) {
		known := s.filed(o, &c)
		if known.After(s.now) {
			continue
		}
		s.accounts = append(s.accounts, figure.AccountInput{Plan: s.plan.ID, Indicator: ind.ID, Period: o.String(),
			Text: "（演示）" + o.Zh() + "各项工作按计划推进。", Light: light, KnownAt: &known})
	}
}
