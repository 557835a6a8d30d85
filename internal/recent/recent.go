// Package recent remembers samples of the service's own telemetry for some hours,
// so that an operator sees how the service did without another program beside it.
package recent

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"xushi/internal/timeline"
)

// How much is remembered.
const (
	Every = 15 * time.Second // between samples
	kept  = 6 * time.Hour
	most  = 5_000 // series; more are left out
)

// Memory is what is remembered. Its methods may be called by many goroutines at
// once.
type Memory struct {
	scrape func(io.Writer)

	mu     sync.RWMutex
	series map[string]*Series // by name and labels
}

// Series are the samples of one series in order. Labels are sorted by name
// and never altered; the samples are only read under the lock.
type Series struct {
	Name    string
	Labels  []Label
	samples []timeline.Sample
}

// Label is a label of a series.
type Label struct{ Name, Value string }

// New makes a memory of what scrape writes in the text format.
func New(scrape func(io.Writer)) *Memory {
	return &Memory{scrape: scrape, series: map[string]*Series{}}
}

// Record takes a sample of everything, and forgets what is too old.
func (m *Memory) Record(now time.Time) error {
	var text bytes.Buffer
	m.scrape(&text)
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(&text)
	if err != nil {
		return fmt.Errorf("read the telemetry: %w", err)
	}
	stamp, oldest := now.UnixMilli(), now.Add(-kept).UnixMilli()
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, f := range families {
		for _, sample := range f.Metric {
			labels := make([]Label, 0, len(sample.Label))
			for _, l := range sample.Label {
				labels = append(labels, Label{l.GetName(), l.GetValue()})
			}
			slices.SortFunc(labels, func(a, b Label) int { return strings.Compare(a.Name, b.Name) })
			key := fmt.Sprintf("%s%q", name, labels)
			s := m.series[key]
			if s == nil {
				if len(m.series) == most {
					continue
				}
				s = &Series{Name: name, Labels: labels}
				m.series[key] = s
			}
			s.samples = append(s.samples, timeline.Sample{Time: stamp, Value: sample.GetUntyped().GetValue()})
		}
	}
	for key, s := range m.series {
		n := 0
		for n < len(s.samples) && s.samples[n].Time < oldest {
			n++
		}
		if s.samples = s.samples[n:]; len(s.samples) == 0 {
			delete(m.series, key)
		}
	}
	return nil
}

// Each gives every series with its samples from one moment to another, in
// milliseconds since 1970; they are copies. An error ends it.
func (m *Memory) Each(from, to int64, wants func(*Series) bool, found func(*Series, []timeline.Sample) error) error {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, s := range m.series {
		if !wants(s) {
			continue
		}
		first, _ := slices.BinarySearchFunc(s.samples, from, bySample)
		last, _ := slices.BinarySearchFunc(s.samples, min(to, math.MaxInt64-1)+1, bySample)
		if first < last {
			if err := found(s, slices.Clone(s.samples[first:last])); err != nil {
				return err
			}
		}
	}
	return nil
}

func bySample(s timeline.Sample, t int64) int {
	switch {
	case s.Time < t:
		return -1
	case s.Time > t:
		return 1
	}
	return 0
}
