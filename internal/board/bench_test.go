package board

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/govalues/decimal"

	"xushi/internal/figure"
	"xushi/internal/judge"
	"xushi/internal/period"
	"xushi/internal/plan"
	"xushi/internal/planfile"
	"xushi/seeds"
)

// A nation for the benchmarks: the embedded plan's indicators, 95 for each of
// 3,000 districts, with ten months of figures for all of them.
const (
	districts  = 3_000
	indicators = 95
)

// seedPlan reads the embedded plan.
func seedPlan(t testing.TB) *plan.Plan {
	t.Helper()
	data, _ := seeds.Plan("gulou-2026")
	p, faults := planfile.Parse("gulou-2026.yaml", data)
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	return p
}

// cut keeps a plan's first n indicators, which is every kind of them.
func cut(p *plan.Plan, n int) *plan.Plan {
	short := *p
	short.Tasks = slices.Clone(p.Tasks)
	for i := range short.Tasks {
		task := &short.Tasks[i]
		task.Indicators = task.Indicators[:min(n, len(task.Indicators))]
		n -= len(task.Indicators)
	}
	return &short
}

// district gives the plan another name and area; all else is shared.
func district(p *plan.Plan, i int) *plan.Plan {
	d := *p
	d.ID, d.Area = fmt.Sprintf("d%04d-2026", i), fmt.Sprintf("d%04d", i)
	return &d
}

// november is when the benchmarks look: October is in, and due.
var november = time.Date(2026, time.November, 22, 9, 0, 0, 0, time.UTC)

// reports are the figures, entries and accounts that a plan's departments have
// posted by a moment: each a little around what was expected.
func reports(p *Plan, now time.Time) *figure.Change {
	c := &figure.Change{Kind: figure.Figures, RecordedAt: now}
	posted := map[string]bool{}
	for n, ind := range p.Indicators {
		for i, o := range ind.periods {
			if o.Due.After(now) {
				break
			}
			known := o.Due.Add(-time.Hour)
			switch {
			case ind.Kind == plan.Standing:
				c.Accounts = append(c.Accounts, figure.Account{Plan: p.ID, Indicator: ind.ID, Period: o.Period, Text: "按计划推进", Light: "on_track", KnownAt: known})
			case ind.HasFigures():
				for _, t := range append([]target{ind.total}, ind.parts...) {
					for f, at := range t.feeds {
						if key := at.series + at.part + o.Code(); !posted[key] {
							posted[key] = true
							value := sample(ind, &t, f, i, n)
							c.Figures = append(c.Figures, figure.Revision{Key: figure.Key{Series: at.series, Part: at.part, Period: o.Period},
								Value: value, Status: figure.Normal, KnownAt: known})
							if ind.Kind == plan.Direction {
								c.Figures = append(c.Figures, figure.Revision{Key: figure.Key{Series: at.series, Part: at.part, Period: o.LastYear()},
									Value: value, Status: figure.Normal, KnownAt: known})
							}
						}
					}
				}
			}
		}
		if ind.Checklist != nil {
			for _, e := range ind.Checklist.Entries {
				if done := e.Planned + period.Date(n%40-20); done < period.DateOf(now, p.Zone) {
					c.Entries = append(c.Entries, figure.EntryEvent{Plan: p.ID, Indicator: ind.ID, Entry: e.ID, Done: &done, Evidence: "x", KnownAt: done.End(p.Zone)})
				}
			}
		}
	}
	return c
}

// sample is a plausible value of a target at its i-th period, in whole steps.
func sample(ind *Indicator, t *target, feed, i, n int) decimal.Decimal {
	at := 100.0
	if len(t.feeds) == 2 {
		return decimal.MustNew(int64(120+10*i-feed), 0)
	}
	if len(t.versions) > 0 {
		r := judge.InForce(t.versions, ind.periods[i].end).Rule
		if road, _ := r.Expected(ind.periods[i].end); road.OK {
			at = road.Value.Float64()
			if ind.summed {
				at /= float64(i + 1)
			}
		}
	}
	at *= 0.85 + 0.03*float64(n%8)
	step, _ := ind.Series.Step.Float64()
	v, _ := decimal.MustNew(int64(at/step), 0).Mul(ind.Series.Step)
	return v
}

// nation makes a board of many plans, judged.
func nation(b testing.TB, plans, each int) *Board {
	b.Helper()
	base := cut(seedPlan(b), each)
	board := New(func() time.Time { return november }, nil)
	var seq int64
	fold := func(c *figure.Change) *figure.Change { seq++; c.Seq = seq; return c }
	var all []*figure.Change
	for i := range plans {
		d := district(base, i)
		all = append(all, fold(&figure.Change{Kind: figure.Plans, Plan: &figure.PlanVersion{ID: d.ID, KnownAt: november.AddDate(0, -9, 0), Plan: d}}))
	}
	if err := board.Fold(all); err != nil {
		b.Fatal(err)
	}
	for chunk := range slices.Chunk(board.Snapshot().Plans, 100) {
		all = all[:0]
		for _, p := range chunk {
			all = append(all, fold(reports(p.Plan, november)))
		}
		if err := board.Fold(all); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	return board
}

// wide makes one plan of many indicators: the embedded ones again and again.
func wide(b testing.TB, n int) *Board {
	b.Helper()
	base := seedPlan(b)
	p := *base
	p.ID = "wide-2026"
	p.Tasks = nil
	board := New(func() time.Time { return november }, nil)
	for copies := 0; n > 0; copies++ {
		for _, task := range base.Tasks {
			task.Number += copies * 1000
			task.Indicators = slices.Clone(task.Indicators[:min(n, len(task.Indicators))])
			n -= len(task.Indicators)
			for i := range task.Indicators {
				ind := &task.Indicators[i]
				ind.ID += fmt.Sprintf("-%d", copies)
				if ind.Reference != "" {
					ind.Reference += fmt.Sprintf("-%d", copies)
				}
				if s := base.Measure(ind.Series); s != nil && s.Ratio == nil {
					ind.Series = fmt.Sprintf("%s-%d", ind.Series, copies)
					board.book.series[seriesKey(p.Area, ind.Series)] = s // a plan of that many definitions takes minutes to compile
				}
			}
			p.Tasks = append(p.Tasks, task)
		}
	}
	if err := board.Fold([]*figure.Change{{Seq: 1, Kind: figure.Plans, Plan: &figure.PlanVersion{ID: p.ID, KnownAt: november.AddDate(0, -9, 0), Plan: &p}}}); err != nil {
		b.Fatal(err)
	}
	c := reports(board.Snapshot().Plans[0].Plan, november)
	c.Seq = 2
	if err := board.Fold([]*figure.Change{c}); err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	return board
}

// heap is what is in use, in bytes.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkNation re-judges 285,000 indicators in one goroutine, and says what
// the whole picture takes of memory.
func BenchmarkNation(b *testing.B) {
	before := heap()
	board := nation(b, districts, indicators)
	memory, revisions := heap()-before, 0
	for _, h := range board.book.histories {
		for _, shelf := range h.actual {
			revisions += len(shelf.revisions)
		}
	}
	ev := &evaluator{moment: november}
	status := map[judge.Status]int{}
	for _, p := range board.Snapshot().Plans {
		for _, it := range p.Items {
			status[it.Judgement.Status]++
		}
	}
	b.Logf("%v", status)
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		n = 0
		for _, p := range board.Snapshot().Plans {
			n += len(board.judgeAll(ev, p.Plan).Items)
		}
	}
	b.ReportMetric(float64(n), "indicators")
	b.ReportMetric(float64(revisions), "revisions")
	b.ReportMetric(float64(memory>>20), "MiB")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/indicator")
}

// BenchmarkFold takes in one figure at a time.
func BenchmarkFold(b *testing.B) {
	for _, of := range []struct {
		name  string
		board func() *Board
	}{
		{"district-95", func() *Board { return nation(b, 1, indicators) }},
		{"plan-100000", func() *Board { return wide(b, 100_000) }},
		{"nation-285000", func() *Board { return nation(b, districts, indicators) }},
	} {
		b.Run(of.name, func(b *testing.B) {
			board := of.board()
			p := board.Snapshot().Plans[len(board.Snapshot().Plans)/2]
			var at []feed
			for _, ind := range p.Indicators {
				if ind.HasFigures() && ind.Kind == plan.Cumulative && len(ind.parts) == 0 {
					at = append(at, ind.total.feeds[0])
				}
			}
			seq := board.Seq()
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				seq++
				f := at[i%len(at)]
				i++
				c := &figure.Change{Seq: seq, Kind: figure.Figures, Figures: []figure.Revision{{
					Key:   figure.Key{Series: f.series, Part: f.part, Period: period.Period{End: period.NewMonth(2026, 10), Span: period.SpanYTD}},
					Value: decimal.MustNew(int64(i), 0), Status: figure.Normal, KnownAt: november}}}
				if err := board.Fold([]*figure.Change{c}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkReplay judges one plan again as it was known three months ago.
func BenchmarkReplay(b *testing.B) {
	board := nation(b, 1, indicators)
	q := Query{Plan: board.Snapshot().Plans[0].ID, AsOf: november.AddDate(0, -3, 0)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := board.At(q); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkApply takes in one plan among those of a nation.
func BenchmarkApply(b *testing.B) {
	board := nation(b, districts, indicators)
	version := *board.inForce("d1500-2026")
	seq := board.Seq()
	b.ReportAllocs()
	for b.Loop() {
		seq++
		if err := board.Fold([]*figure.Change{{Seq: seq, Kind: figure.Plans, Plan: &figure.PlanVersion{ID: version.ID, KnownAt: november, Plan: version.Plan}}}); err != nil {
			b.Fatal(err)
		}
	}
}
