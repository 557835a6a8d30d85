package metrics

import (
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

// lines lays out the rows of a subject, in the order in which the registry sorts
// samples, by the values of the labels: sorting what is in order is cheap.
func lines(t *quantity.Table, of quantity.Subject) []line {
	var list []line
	names := of.Labels()
	for r := range t.Rows(of) {
		list = append(list, line{row: r, labels: pairs(names, r.Labels)})
	}
	slices.SortFunc(list, func(a, b line) int { return slices.Compare(a.row.Labels, b.row.Labels) })
	return list
}

// pairs makes labels, side by side in memory: they are read many times over.
// What is no UTF-8 would make the registry refuse the whole sample.
func pairs(names, values []string) []*dto.LabelPair {
	list := make([]*dto.LabelPair, len(names))
	cells := make([]struct {
		pair  dto.LabelPair
		value string
	}, len(names))
	for i := range names {
		c := &cells[i]
		c.value = strings.ToValidUTF8(values[i], "\uFFFD")
		c.pair.Name, c.pair.Value = &names[i], &c.value
		list[i] = &c.pair
	}
	return list
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
	own := map[string][]*dto.LabelPair{} // of a label of the family's own, which has few values
	for i := range f.lines {
		l := &f.lines[i]
		f.quantity.Each(l.row, func(extra []string, x float64) {
			s := &sample{desc: f.desc, labels: l.labels, value: x}
			switch len(extra) {
			case 0:
			case 1:
				if own[extra[0]] == nil {
					own[extra[0]] = pairs(f.quantity.Extra, extra)
				}
				s.labels = merge(l.labels, own[extra[0]])
			default:
				s.labels = merge(l.labels, pairs(f.quantity.Extra, extra))
			}
			ch <- s
		})
	}
}

// merge puts labels in order of their names; both lists are.
func merge(a, b []*dto.LabelPair) []*dto.LabelPair {
	list := make([]*dto.LabelPair, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].GetName() < b[0].GetName() {
			list, a = append(list, a[0]), a[1:]
		} else {
			list, b = append(list, b[0]), b[1:]
		}
	}
	return append(append(list, a...), b...)
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
