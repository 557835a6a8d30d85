package promapi

import (
	"context"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/util/annotations"

	"xushi/internal/fault"
	"xushi/internal/recent"
	"xushi/internal/timeline"
)

// Telemetry is the source of the service's own telemetry of the last hours. Its
// samples stand when they were taken.
type Telemetry struct {
	Memory   *recent.Memory
	Meanings []Family
}

// Moment implements Source: what the service did is known at once.
func (*Telemetry) Moment(string, string) (time.Time, error) {
	return time.Time{}, fault.Newf("as_of_matcher", "这里没有 %[1]s。", "There is no %[1]s here.", AsOf).At(AsOf)
}

// Families implements Source.
func (t *Telemetry) Families() []Family { return t.Meanings }

// Open implements Source.
func (t *Telemetry) Open(Reader) (storage.Queryable, error) { return t, nil }

// Querier implements storage.Queryable.
func (t *Telemetry) Querier(mint, maxt int64) (storage.Querier, error) {
	return &telemetry{t.Memory, mint, maxt}, nil
}

// telemetry implements storage.Querier.
type telemetry struct {
	memory     *recent.Memory
	mint, maxt int64
}

// Close implements storage.Querier.
func (*telemetry) Close() error { return nil }

// Select implements storage.Querier.
func (t *telemetry) Select(_ context.Context, sorted bool, hints *storage.SelectHints, set ...*labels.Matcher) storage.SeriesSet {
	found := &seriesSet{at: -1}
	from, to := t.mint, t.maxt
	if hints != nil {
		from, to = hints.Start, hints.End
	}
	var b labels.ScratchBuilder
	found.err = t.memory.Each(from, to, matching(set), func(s *recent.Series, samples []timeline.Sample) error {
		b.Reset()
		b.Add(model.MetricNameLabel, s.Name)
		for _, l := range s.Labels {
			if l.Value != "" {
				b.Add(l.Name, l.Value)
			}
		}
		b.Sort()
		found.list = append(found.list, series{b.Labels(), samples})
		return nil
	})
	if sorted {
		slices.SortFunc(found.list, func(a, b series) int { return labels.Compare(a.labels, b.labels) })
	}
	return found
}

// matching tells which series fit all matchers.
func matching(set []*labels.Matcher) func(*recent.Series) bool {
	return func(s *recent.Series) bool {
		for _, m := range set {
			if m.Name != AsOf && !m.Matches(valueOf(s, m.Name)) {
				return false
			}
		}
		return true
	}
}

func valueOf(s *recent.Series, name string) string {
	if name == model.MetricNameLabel {
		return s.Name
	}
	if i, ok := slices.BinarySearchFunc(s.Labels, name, func(l recent.Label, name string) int { return strings.Compare(l.Name, name) }); ok {
		return s.Labels[i].Value
	}
	return ""
}

// LabelNames implements storage.Querier.
func (t *telemetry) LabelNames(_ context.Context, _ *storage.LabelHints, set ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return t.collect(set, func(s *recent.Series, add func(string)) {
		add(model.MetricNameLabel)
		for _, l := range s.Labels {
			add(l.Name)
		}
	})
}

// LabelValues implements storage.Querier.
func (t *telemetry) LabelValues(_ context.Context, name string, _ *storage.LabelHints, set ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return t.collect(set, func(s *recent.Series, add func(string)) {
		if v := valueOf(s, name); v != "" {
			add(v)
		}
	})
}

func (t *telemetry) collect(set []*labels.Matcher, each func(*recent.Series, func(string))) ([]string, annotations.Annotations, error) {
	all := map[string]struct{}{}
	err := t.memory.Each(math.MinInt64, math.MaxInt64-1, matching(set), func(s *recent.Series, _ []timeline.Sample) error {
		each(s, func(v string) { all[v] = struct{}{} })
		return nil
	})
	return slices.Sorted(maps.Keys(all)), nil, err
}
