package metrics

import (
	"cmp"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"xushi/internal/quantity"
)

// line is a row of the table with its labels as Prometheus has them. One line's
// labels are shared by its samples in all families, which is why samples are not
// made by prometheus.NewConstMetric: that copies every label of every sample.
type line struct {
	row    *quantity.Row
	labels []*dto.LabelPair // in order of their names
}

// lines lays out the rows of a subject, in the order in which the registry
// sorts samples: sorting what is in order costs next to nothing.
func lines(t *quantity.Table, of quantity.Subject) []line {
	var list []line
	names := of.Labels()
	for r := range t.Rows(of) {
		l := line{row: r, labels: make([]*dto.LabelPair, len(names))}
		for i := range names {
			l.labels[i] = pair(&names[i], r.Labels[i])
		}
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b line) int {
		return slices.CompareFunc(a.labels, b.labels, func(a, b *dto.LabelPair) int { return cmp.Compare(a.GetValue(), b.GetValue()) })
	})
	return list
}

// pair makes a label. What is no UTF-8 would make the registry refuse the whole
// sample.
func pair(name *string, value string) *dto.LabelPair {
	value = strings.ToValidUTF8(value, "\uFFFD")
	return &dto.LabelPair{Name: name, Value: &value}
}

// family collects the samples of one quantity.
type family struct {
	quantity *quantity.Quantity
	desc     *prometheus.Desc
	lines    []line
}

func newFamily(q *quantity.Quantity, lines []line) *family {
	return &family{quantity: q, desc: prometheus.NewDesc(q.Name, q.Help, q.Labels(), nil), lines: lines}
}

// Describe implements prometheus.Collector.
func (f *family) Describe(ch chan<- *prometheus.Desc) { ch <- f.desc }

// Collect implements prometheus.Collector.
func (f *family) Collect(ch chan<- prometheus.Metric) {
	extra := slices.Clone(f.quantity.Extra)
	known := map[string]*dto.LabelPair{} // of a family with one label of its own, which has few values
	for i := range f.lines {
		l := &f.lines[i]
		f.quantity.Each(l.row, func(values []string, x float64) {
			s := &sample{desc: f.desc, labels: l.labels, value: x}
			if len(values) > 0 {
				s.labels = make([]*dto.LabelPair, 0, len(l.labels)+len(values))
				s.labels = append(s.labels, l.labels...)
				for k, v := range values {
					p := known[v]
					if p == nil || len(values) > 1 {
						p = pair(&extra[k], v)
						known[v] = p
					}
					s.labels = append(s.labels, p)
				}
				slices.SortFunc(s.labels, func(a, b *dto.LabelPair) int { return cmp.Compare(a.GetName(), b.GetName()) })
			}
			ch <- s
		})
	}
}

// sample is a gauge's value on its way to the registry.
type sample struct {
	desc   *prometheus.Desc
	labels []*dto.LabelPair
	value  float64
	gauge  dto.Gauge
}

// Desc implements prometheus.Metric.
func (s *sample) Desc() *prometheus.Desc { return s.desc }

// Write implements prometheus.Metric.
func (s *sample) Write(m *dto.Metric) error {
	s.gauge.Value = &s.value
	m.Label, m.Gauge = s.labels, &s.gauge
	return nil
}
