package promapi

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/util/annotations"

	"xushi/internal/board"
	"xushi/internal/door"
	"xushi/internal/fault"
	"xushi/internal/quantity"
	"xushi/internal/timeline"
)

// Reference is the source of Xushi's own quantities over reference time.
type Reference struct {
	ReferenceConfig

	book       *timeline.Book
	guarded    atomic.Pointer[guarded]
	quantities []*quantity.Quantity
	byName     map[string]*quantity.Quantity
}

// ReferenceConfig is what the source reads.
type ReferenceConfig struct {
	Board *board.Board
	Clock func() time.Time
	Demo  bool   // the figures are simulated
	URL   string // where Xushi's own pages are
}

// NewReference makes the source.
func NewReference(c ReferenceConfig) *Reference {
	s := &Reference{ReferenceConfig: c, book: timeline.NewBook(c.Board),
		quantities: quantity.Catalogue(), byName: map[string]*quantity.Quantity{}}
	for _, q := range s.quantities {
		s.byName[q.Name] = q
	}
	return s
}

// Moment implements Source. A day is the plan's, and means its end.
func (s *Reference) Moment(text, plan string) (time.Time, error) {
	zone, _ := s.Board.Snapshot().Calendar(plan)
	return door.ReadAsOf(text, zone, s.Clock())
}

// Families implements Source.
func (s *Reference) Families() []Family {
	list := make([]Family, 0, len(s.quantities))
	for _, q := range s.quantities {
		list = append(list, Family{q.Name, "gauge", q.Zh + "：" + q.HelpZh + " " + q.Help, ""})
	}
	return list
}

// Open implements Source. Who reads sees what the token may see at present, even
// where the past is asked for.
func (s *Reference) Open(r Reader) (storage.Queryable, error) {
	now := s.Clock()
	view, err := s.book.View(r.AsOf, r.Plan, quantity.Options{Demo: s.Demo, URL: s.URL, Keep: s.keep(r, now)})
	var f *fault.Fault
	if errors.As(err, &f) && f.Code == "unknown_plan" { // there was none then: nothing is found
		view, err = s.book.View(time.Time{}, "", quantity.Options{Keep: func(*board.Item) bool { return false }})
	}
	if err != nil {
		return nil, err
	}
	return &sight{s, view}, nil
}

// guarded tells of a snapshot whether it has anything that not everybody may see.
type guarded struct {
	snapshot *board.Snapshot
	any      bool
}

// keep gives which items a reader may see, nil where everybody sees all, so that
// nobody looks.
func (s *Reference) keep(r Reader, now time.Time) func(*board.Item) bool {
	g, live := s.guarded.Load(), s.Board.Snapshot()
	if g == nil || g.snapshot != live {
		g = &guarded{live, slices.ContainsFunc(live.Plans, func(p *board.PlanState) bool {
			return slices.ContainsFunc(p.Items, func(it *board.Item) bool { return it.Visibility != nil })
		})}
		s.guarded.Store(g)
	}
	if !g.any && r.AsOf.IsZero() {
		return nil
	}
	return func(it *board.Item) bool { return r.Token.Sees(live, it.Indicator, now) }
}

// sight is what one reader may see. It implements storage.Queryable.
type sight struct {
	source *Reference
	view   *timeline.View
}

// Querier implements storage.Queryable.
func (s *sight) Querier(mint, maxt int64) (storage.Querier, error) {
	return &querier{s, mint, maxt}, nil
}

// querier implements storage.Querier.
type querier struct {
	*sight
	mint, maxt int64
}

// Close implements storage.Querier.
func (*querier) Close() error { return nil }

// named gives the quantities that matchers of the name leave.
func (s *Reference) named(set []*labels.Matcher) []*quantity.Quantity {
	for _, m := range set {
		if m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual {
			if q := s.byName[m.Value]; q != nil && m.Matches(q.Name) {
				return []*quantity.Quantity{q}
			}
			return nil
		}
	}
	return slices.DeleteFunc(slices.Clone(s.quantities), func(q *quantity.Quantity) bool {
		return slices.ContainsFunc(set, func(m *labels.Matcher) bool { return m.Name == model.MetricNameLabel && !m.Matches(q.Name) })
	})
}

// selection reads matchers for a quantity; false where they fit none of its
// series, for a label that a series has not is empty.
func selection(q *quantity.Quantity, set []*labels.Matcher) (*timeline.Selection, bool) {
	type test struct {
		at int
		m  *labels.Matcher
	}
	var items, rows, extras []test
	sel := &timeline.Selection{Quantity: q}
	for _, m := range set {
		if m.Name == model.MetricNameLabel || m.Name == AsOf {
			continue
		}
		if m.Name == "plan" && m.Type == labels.MatchEqual {
			sel.Plan = m.Value
		}
		if m.Name == "indicator" && m.Type == labels.MatchEqual {
			sel.Indicator = m.Value
		}
		if at := slices.Index(q.Of.Labels(), m.Name); at >= 0 {
			rows = append(rows, test{at, m})
			if of := slices.Index(quantity.Indicators.Labels(), m.Name); of >= 0 && q.Of != quantity.Indicators {
				items = append(items, test{of, m})
			}
		} else if at := slices.Index(q.Extra, m.Name); at >= 0 {
			extras = append(extras, test{at, m})
		} else if !m.Matches("") {
			return nil, false
		}
	}
	all := func(tests []test) func([]string) bool {
		if len(tests) == 0 {
			return nil
		}
		return func(values []string) bool {
			for _, t := range tests {
				if !t.m.Matches(values[t.at]) {
					return false
				}
			}
			return true
		}
	}
	sel.Item, sel.Match, sel.Extra = all(items), all(rows), all(extras)
	return sel, true
}

// Select implements storage.Querier.
func (q *querier) Select(ctx context.Context, sorted bool, hints *storage.SelectHints, set ...*labels.Matcher) storage.SeriesSet {
	found := &seriesSet{at: -1}
	latest := false
	from, to := q.mint, q.maxt
	if hints != nil {
		from, to = hints.Start, hints.End
		// Of an instant query's selector only the newest point counts.
		latest = hints.Func == "series" || hints.Step == 0 && hints.Range == 0
	}
	for _, quantity := range q.source.named(set) {
		if found.err = q.read(ctx, quantity, set, from, to, latest, found); found.err != nil {
			return found
		}
	}
	if sorted {
		slices.SortFunc(found.list, func(a, b series) int { return labels.Compare(a.labels, b.labels) })
	}
	return found
}

// read adds the series of a quantity.
func (q *querier) read(ctx context.Context, of *quantity.Quantity, set []*labels.Matcher, from, to int64, latest bool, found *seriesSet) error {
	sel, ok := selection(of, set)
	if !ok {
		return nil
	}
	sel.From, sel.To = from, to
	look := q.view.Range
	if latest {
		look = q.view.Latest
	}
	name := namer(of)
	return look(ctx, sel, func(r *quantity.Row, extra []string, samples []timeline.Sample) error {
		if len(found.list) == maxSeries {
			return errSeries
		}
		found.list = append(found.list, series{name(r.Labels, extra), samples})
		return nil
	})
}

// namer gives what makes the labels of a quantity's series.
func namer(q *quantity.Quantity) func(subject, extra []string) labels.Labels {
	type place struct {
		name  string
		extra bool
		at    int
	}
	var places []place
	for i, n := range q.Of.Labels() {
		places = append(places, place{n, false, i})
	}
	for i, n := range q.Extra {
		places = append(places, place{n, true, i})
	}
	slices.SortFunc(places, func(a, b place) int { return strings.Compare(a.name, b.name) })
	var b labels.ScratchBuilder
	return func(subject, extra []string) labels.Labels {
		b.Reset()
		b.Add(model.MetricNameLabel, q.Name)
		for _, p := range places {
			from := subject
			if p.extra {
				from = extra
			}
			v := from[p.at]
			if v != "" { // an empty label is none
				b.Add(p.name, v)
			}
		}
		return b.Labels()
	}
}

// LabelNames implements storage.Querier.
func (q *querier) LabelNames(ctx context.Context, _ *storage.LabelHints, set ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	names := map[string]struct{}{}
	for _, of := range q.source.named(set) {
		if set == nil {
			names[model.MetricNameLabel] = struct{}{}
			for _, n := range of.Labels() {
				names[n] = struct{}{}
			}
			continue
		}
		err := q.each(ctx, of, set, func(l labels.Labels) {
			l.Range(func(l labels.Label) { names[l.Name] = struct{}{} })
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return slices.Sorted(maps.Keys(names)), nil, nil
}

// LabelValues implements storage.Querier.
func (q *querier) LabelValues(ctx context.Context, name string, _ *storage.LabelHints, set ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	values := map[string]struct{}{}
	for _, of := range q.source.named(set) {
		switch {
		case name == model.MetricNameLabel && set == nil:
			values[of.Name] = struct{}{}
			continue
		case name != model.MetricNameLabel && !slices.Contains(of.Labels(), name):
			continue
		}
		err := q.each(ctx, of, set, func(l labels.Labels) {
			if v := l.Get(name); v != "" {
				values[v] = struct{}{}
			}
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return slices.Sorted(maps.Keys(values)), nil, nil
}

// each gives the labels of the series that hold now or will.
func (q *querier) each(ctx context.Context, of *quantity.Quantity, set []*labels.Matcher, fn func(labels.Labels)) error {
	sel, ok := selection(of, set)
	if !ok {
		return nil
	}
	sel.To = math.MaxInt64
	name := namer(of)
	return q.view.Latest(ctx, sel, func(r *quantity.Row, extra []string, _ []timeline.Sample) error {
		fn(name(r.Labels, extra))
		return nil
	})
}
