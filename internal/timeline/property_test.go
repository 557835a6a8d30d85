package timeline_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xushi/internal/board"
	"xushi/internal/exact"
	"xushi/internal/period"
	"xushi/internal/plan"
	"xushi/internal/quantity"
	testworld "xushi/internal/testkit/world"
	"xushi/internal/timeline"
)

// kinds is the plan of every kind with some more: a count whose checklist names
// only some of its things, a milestone by quarters, half-yearly reports, an early
// deadline, and base and month figures together.
func kinds(change, extension string) string {
	return testworld.EveryKind(change, strings.Replace(`      - {id: partial, name: 半清单, clause: 任务, kind: cumulative, target: 5, series: {id: partial, name: 半清单, unit: 处}, checklist: {size: 5, entries: [{id: p1, name: 一, planned: 2026-03-31}, {id: p2, name: 二}]}}
      - {id: parks, name: 园区, clause: 任务, kind: milestone, rhythm: quarterly, checklist: {entries: [{id: k1, name: 一, planned: 2026-04-15}, {id: k2, name: 二, planned: 2026-11-30}]}}
      - {id: halves, name: 半年, clause: 任务, kind: level, target: 90, rhythm: half_yearly, series: {id: halves, name: 半年, unit: "%"}}
      - {id: spring, name: 春季, clause: 任务, kind: cumulative, target: 60, base: 20, deadline: 2026-06-30, series: {id: spring, name: 春季, unit: 件, span: month}EXTENSION}
`, "EXTENSION", extension, 1))
}

// The spring's deadline is put off after it has passed.
const extension = `, changes: [{effective: 2026-09-01, document: 某政〔2026〕12号, deadline: 2026-12-31}]`

// newLife is a random year of that plan, with another plan beside it that reads
// one of its series.
func newLife(t testing.TB) *testworld.Life {
	second := `, changes: [{effective: 2026-06-01, document: 某政〔2026〕9号, target: 900}]`
	third := `, changes: [{effective: 2026-06-01, document: 某政〔2026〕9号, target: 900}, {effective: 2026-09-01, document: 某政〔2026〕12号, target: 1500, deadline: 2026-11-30}]`
	l := testworld.NewLife(t, []string{kinds("", ""), kinds(second, ""), kinds(third, extension)})
	l.Figures = append(l.Figures, "partial", "halves", "spring")
	l.Entries = append(l.Entries, "partial/p1", "partial/p2", "parks/k1", "parks/k2")
	l.Apply(testworld.Head("other-2026", "kinds", 2026) + "      - {id: firms, name: 企业, clause: 任务, kind: cumulative, target: 100, series: {id: sme, name: 企业, unit: 家}}\n")
	return l
}

// lived lives a random year until some moment of it.
func lived(t testing.TB, r *rapid.T) *testworld.Life {
	l := newLife(t)
	l.Late = true
	if rapid.Bool().Draw(r, "starts late") {
		l.Pass(r, 380)
	}
	for range rapid.IntRange(1, 30).Draw(r, "steps") {
		if !l.Pass(r, 30) {
			break
		}
		l.Step(r)
	}
	if rapid.IntRange(0, 3).Draw(r, "last day") == 0 { // when figures of the month may be posted
		l.Now = period.DateOf(l.Now, l.Now.Location()).Month().Last().Start(l.Now.Location()).Add(12 * time.Hour)
		l.Step(r)
	}
	l.Board.Tick()
	return l
}

// moments to look from: the ends of months, and any.
func drawMoment(r *rapid.T) int64 {
	m := period.NewMonth(2025, 12) + period.Month(rapid.IntRange(0, 13).Draw(r, "month"))
	end := m.Last().End(moment("2026-01-01 00:00").Location()).UnixMilli()
	return end + rapid.SampledFrom([]int64{0, -1, 1, -9e8, 9e8}).Draw(r, "off")
}

// TestLatest holds Latest against Range, and Range between two moments against
// Range over all time.
func TestLatest(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		l := lived(t, r)
		v := view(t, l.Board, quantity.Options{})
		to, from := drawMoment(r), drawMoment(r)
		for _, q := range quantity.Catalogue() {
			series := all(t, v, q)
			sel := timeline.Selection{Quantity: q, From: from, To: to}
			last, between := newest(t, v, sel), ranged(t, v, sel)
			for key, samples := range series {
				if !slices.IsSortedFunc(samples, func(a, b point) int { return int(min(max(a.t-b.t, -1), 1)) }) || samples[0].v == "ended" {
					r.Fatalf("%s %s: %v", q.Name, key, samples)
				}
				for i := range samples[1:] {
					if samples[i].t == samples[i+1].t || samples[i].v == "ended" && samples[i+1].v == "ended" {
						r.Fatalf("%s %s: %v", q.Name, key, samples)
					}
				}
				want, ok := lastOf(samples, to)
				got, found := last[key]
				if ok != found || ok && want != got {
					r.Fatalf("%s %s at %v: %v %v, want %v %v of %v", q.Name, key, point{t: to}, got, found, want, ok, samples)
				}
				part := slices.DeleteFunc(slices.Clone(samples), func(p point) bool { return p.t < from || p.t > to })
				if !slices.Equal(part, between[key]) {
					r.Fatalf("%s %s from %v to %v: %v of %v", q.Name, key, point{t: from}, point{t: to}, between[key], samples)
				}
			}
			for key := range last {
				if series[key] == nil {
					r.Fatalf("%s %s has a newest sample and none in all", q.Name, key)
				}
			}
			for key := range between {
				if series[key] == nil {
					r.Fatalf("%s %s has samples between two moments and none in all", q.Name, key)
				}
			}
		}
	})
}

// begun are the months of 2026 that may have figures at a moment.
func begun(now time.Time) (list []period.Month) {
	for m := period.NewMonth(2026, 1); m <= period.NewMonth(2026, 12); m++ {
		if m.Last().Start(moment("2026-01-01 00:00").Location()).After(now) {
			break
		}
		list = append(list, m)
	}
	return list
}

// stampOf is the first instant after a month.
func stampOf(m period.Month) int64 {
	return m.Last().End(moment("2026-01-01 00:00").Location()).UnixMilli()
}

// about is the month whose end the sample of a row stands at that is read at a
// month: that of the period it is about.
func about(q *quantity.Quantity, r *quantity.Row, upTo period.Month) period.Month {
	m := r.State.Period.End
	if q.Cadence == quantity.ByCalendar || r.PartsOnly() {
		m = 0
		for _, o := range r.Item.Periods() {
			if o.End <= upTo {
				m = o.End
			}
		}
	}
	return max(m, period.NewMonth(2025, 12))
}

// TestBoard holds the newest sample at each month's end against what the board
// says of that month. A sample that nothing has followed is that of the live
// picture, which knows what is due next and what was done since.
func TestBoard(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		l := lived(t, r)
		o := quantity.Options{}
		hidden := map[string]bool{}
		if rapid.Bool().Draw(r, "hides") {
			for _, p := range l.Board.Snapshot().Plans {
				for _, it := range p.Items {
					hidden[it.ID] = rapid.Bool().Draw(r, "hidden")
				}
			}
			o.Keep = func(it *board.Item) bool { return !hidden[it.ID] }
		}
		o.Now = l.Now
		v, live := view(t, l.Board, o), l.Board.Snapshot()
		months := begun(l.Now)
		for i, m := range months {
			s, err := l.Board.At(board.Query{UpTo: m})
			if err != nil {
				t.Fatal(err)
			}
			if i == len(months)-1 {
				s = live
			}
			for _, q := range quantity.Catalogue() {
				byItem := q.Of == quantity.Indicators || q.Of == quantity.Parts
				if q.Cadence == quantity.Owed || q.Cadence == quantity.Daily || q.Cadence == quantity.Once {
					continue
				}
				want := map[string]string{}
				then, now := quantity.New(s, o), quantity.New(live, o)
				if q.Of == quantity.Figures || q.Of == quantity.PartFigures {
					for row := range then.Rows(q.Of) {
						if row.Own().End == m {
							q.Each(row, func(extra []string, x float64) { want[labels(row, extra)] = fmt.Sprint(point{stampOf(m), value(x)}) })
						}
					}
					got := map[string]string{}
					for key, samples := range ranged(t, v, timeline.Selection{Quantity: q, From: stampOf(m), To: stampOf(m)}) {
						got[key] = fmt.Sprint(samples[0])
					}
					if !maps.Equal(want, got) {
						r.Fatalf("%s of %v, now %v:\n%v\nwant\n%v", q.Name, m, l.Now, less(got, want), less(want, got))
					}
					continue
				}
				if byItem {
					byLabels := map[string]*quantity.Row{}
					for row := range now.Rows(q.Of) {
						byLabels[labels(row, nil)] = row
					}
					for row := range then.Rows(q.Of) {
						if l := byLabels[labels(row, nil)]; q.Cadence != quantity.Monthly && about(q, l, months[len(months)-1]) == about(q, row, m) {
							row = l
						}
						q.Each(row, func(extra []string, x float64) { want[labels(row, extra)] = value(x) })
					}
				} else {
					for row := range then.Rows(q.Of) {
						q.Each(row, func(extra []string, x float64) { want[labels(row, extra)] = value(x) })
					}
				}
				got := map[string]string{}
				for key, p := range newest(t, v, timeline.Selection{Quantity: q, To: stampOf(m)}) {
					got[key] = p.v
				}
				if !maps.Equal(want, got) {
					r.Fatalf("%s at the end of %v, now %v:\n%v\nwant\n%v", q.Name, m, l.Now, less(got, want), less(want, got))
				}
			}
		}
	})
}

// less is what a map has beyond another.
func less(a, b map[string]string) map[string]string {
	a = maps.Clone(a)
	maps.DeleteFunc(a, func(k, v string) bool { return b[k] == v })
	return a
}

// TestOwed holds what is expected and the target at each own period against
// judge: as it was judged where there is a figure, else what is known ahead of
// it, and nothing after the deadline.
func TestOwed(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		l := lived(t, r)
		s := l.Board.Snapshot()
		v := view(t, l.Board, quantity.Options{})
		upTo := map[period.Month]*board.Snapshot{}
		for _, m := range begun(l.Now) {
			var err error
			if upTo[m], err = l.Board.At(board.Query{UpTo: m}); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range []string{"xushi_expected", "xushi_target", "xushi_behind_limit", "xushi_part_expected", "xushi_part_target", "xushi_part_behind_limit"} {
			q := named(t, name)
			got := all(t, v, q)
			for row := range quantity.New(s, quantity.Options{}).Rows(q.Of) {
				want := owed(t, q, row, s, upTo)
				if !slices.Equal(got[labels(row, nil)], want) {
					r.Fatalf("%s of %s, now %v: %v\nwant %v", name, labels(row, nil), l.Now, got[labels(row, nil)], want)
				}
			}
		}
	})
}

// owed is what TestOwed wants of a row of the live picture.
func owed(t testing.TB, q *quantity.Quantity, row *quantity.Row, s *board.Snapshot, upTo map[period.Month]*board.Snapshot) (want []point) {
	it, part := row.Item, row.Part()
	periods := it.Periods()
	history := s.History(row.Plan, it, part)
	take := func(m period.Month, v string) {
		if v == "" && (len(want) == 0 || want[len(want)-1].v == "ended") {
			return
		}
		if v == "" {
			v = "ended"
		}
		want = append(want, point{stampOf(m), v})
	}
	if len(periods) == 0 && it.Target != nil && q.Name == "xushi_target" {
		take(period.NewMonth(2025, 12), value(exact.FromDecimal(*it.Target).Float64()))
	}
	for i, o := range periods {
		rule := it.PartRule(part, o.Last())
		if i > 0 && rule != nil && row.State.Period.End < o.End && periods[i-1].Last() >= rule.Deadline() {
			continue // nothing is owed any more
		}
		if at := upTo[o.End]; at != nil {
			for then := range quantity.New(at, quantity.Options{}).Rows(q.Of) {
				if labels(then, nil) == labels(row, nil) && then.State.Period == o.Period {
					v := ""
					q.Each(then, func(_ []string, x float64) { v = value(x) })
					take(o.End, v)
					at = nil
				}
			}
			if at == nil {
				continue
			}
		}
		number := exact.Opt{}
		switch {
		case rule == nil || row.PartsOnly():
			if name := strings.TrimPrefix(q.Name, "xushi_"); name == "target" && it.Target != nil {
				number = exact.Some(exact.FromDecimal(*it.Target))
			}
		case it.Kind == plan.Sync || it.Kind == plan.Direction:
			continue // what is owed is a figure that is not there
		case strings.HasSuffix(q.Name, "target"):
			number = rule.Target()
		case strings.HasSuffix(q.Name, "limit"):
			number = rule.Limit(o.Last())
		case it.Kind == plan.Milestone:
			number = dueBy(it, o.Last())
		default:
			number = history[i].Expected
		}
		v := ""
		if number.OK {
			v = value(number.Value.Float64())
		}
		take(o.End, v)
	}
	return want
}

// dueBy is the share of a milestone's weight that is due by a date.
func dueBy(it *board.Item, d period.Date) exact.Opt {
	var total, due exact.Rat
	for _, e := range it.Checklist.Entries {
		w := exact.FromDecimal(e.Weight)
		total = total.Add(w)
		if e.Planned <= d {
			due = due.Add(w)
		}
	}
	return exact.Some(due.Mul(exact.FromInt(100)).Quo(total))
}

// TestReplay lives through a random year with one book, and keeps what it said
// on the way. A book that has seen nothing says the same; the views that were
// handed out do not change; and as of a moment the book says again what it said
// at it.
func TestReplay(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		l := newLife(t)
		book := timeline.NewBook(l.Board)
		if rapid.Bool().Draw(r, "little room") { // for one frame of the plan, and one replay
			book.Bound(30, 30, 1)
		}
		type kept struct {
			now  time.Time
			view *timeline.View
			text string
		}
		var looks []kept
		look := func() {
			l.Board.Tick()
			v := viewOf(t, book, time.Time{}, quantity.Options{})
			k := kept{l.Now, v, dump(t, v)}
			if d := differ(dump(t, view(t, l.Board, quantity.Options{})), k.text); d != "" {
				r.Fatalf("a book that has seen nothing and one that has differ:\n%s", d)
			}
			looks = append(looks, k)
		}
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			if !l.Pass(r, 60) {
				break
			}
			if rapid.IntRange(0, 3).Draw(r, "glances") == 0 { // makes some of the frames
				l.Board.Tick()
				newest(t, viewOf(t, book, time.Time{}, quantity.Options{}), timeline.Selection{Quantity: named(t, "xushi_actual"), To: drawMoment(r)})
			}
			l.Step(r)
			if rapid.IntRange(0, 3).Draw(r, "looks") == 0 {
				look()
				l.Now = l.Now.Add(time.Second)
			}
		}
		look()
		for _, k := range looks {
			if d := differ(k.text, dump(t, k.view)); d != "" {
				r.Fatalf("the view of %v has changed:\n%s", k.now, d)
			}
			if d := differ(k.text, dump(t, viewOf(t, book, k.now, quantity.Options{}))); d != "" {
				r.Fatalf("as of %v:\n%s", k.now, d)
			}
		}
	})
}

// TestUnrelated posts figures of one indicator and finds nothing else changed
// but what counts it and what keeps step with it.
func TestUnrelated(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		l := lived(t, r)
		l.Late = false
		book := timeline.NewBook(l.Board)
		before := viewOf(t, book, time.Time{}, quantity.Options{})
		was := map[string]map[string][]point{}
		for name, q := range catalogue {
			was[name] = all(t, before, q)
		}
		id := rapid.SampledFrom([]string{"lifts", "gdp", "pm25", "districts/east", "water/south", "+covered"}).Draw(r, "posted")
		touched := map[string][]string{"lifts": {"lifts"}, "gdp": {"gdp", "income"}, "pm25": {"pm25"}, "districts/east": {"districts"}, "water/south": {"water"}, "+covered": {"nursery"}}[id]
		l.Some(r, []string{id})
		after := viewOf(t, book, time.Time{}, quantity.Options{})
		for name, q := range catalogue {
			at := slices.Index(q.Of.Labels(), "indicator")
			if at < 0 {
				continue
			}
			now := all(t, after, q)
			for _, m := range []map[string][]point{was[name], now} {
				for key := range m {
					if indicator := strings.Split(key, "|")[at]; !slices.Contains(touched, indicator) && !slices.Equal(was[name][key], now[key]) {
						r.Fatalf("%s %s has changed with %s:\n%v\n%v", name, key, id, was[name][key], now[key])
					}
				}
			}
		}
	})
}

// TestKeep hides some items: their series are gone, the others' are as before.
// What roll-ups count is held against the board in TestBoard.
func TestKeep(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		l := lived(t, r)
		hidden := map[string]bool{}
		for _, p := range l.Board.Snapshot().Plans {
			for _, it := range p.Items {
				hidden[it.ID] = rapid.Bool().Draw(r, it.ID)
			}
		}
		everything := view(t, l.Board, quantity.Options{})
		some := view(t, l.Board, quantity.Options{Keep: func(it *board.Item) bool { return !hidden[it.ID] }})
		for name, q := range catalogue {
			at := slices.Index(q.Of.Labels(), "indicator")
			if at < 0 {
				continue
			}
			want := all(t, everything, q)
			maps.DeleteFunc(want, func(key string, _ []point) bool { return hidden[strings.Split(key, "|")[at]] })
			if got := all(t, some, q); !maps.EqualFunc(want, got, slices.Equal) {
				r.Fatalf("%s: %s", name, differ(fmt.Sprint(want), fmt.Sprint(got)))
			}
		}
	})
}
