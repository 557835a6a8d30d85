package promapi

import (
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"

	"xushi/internal/timeline"
)

// seriesSet implements storage.SeriesSet.
type seriesSet struct {
	list []series
	at   int // -1 before the first
	err  error
}

// Next implements storage.SeriesSet.
func (s *seriesSet) Next() bool {
	s.at++
	return s.err == nil && s.at < len(s.list)
}

// At implements storage.SeriesSet.
func (s *seriesSet) At() storage.Series { return &s.list[s.at] }

// Err implements storage.SeriesSet.
func (s *seriesSet) Err() error { return s.err }

// Warnings implements storage.SeriesSet.
func (s *seriesSet) Warnings() annotations.Annotations { return nil }

// series are samples under their labels. It implements storage.Series.
type series struct {
	labels  labels.Labels
	samples points
}

// Labels implements storage.Series.
func (s *series) Labels() labels.Labels { return s.labels }

// Iterator implements storage.Series.
func (s *series) Iterator(old chunkenc.Iterator) chunkenc.Iterator {
	if it, ok := old.(interface{ Reset(storage.Samples) }); ok {
		it.Reset(&s.samples)
		return old
	}
	return storage.NewListSeriesIterator(&s.samples)
}

// points implement storage.Samples, and each of them chunks.Sample, in place: a
// query reads millions.
type points []timeline.Sample

// Len implements storage.Samples.
func (p *points) Len() int { return len(*p) }

// Get implements storage.Samples.
func (p *points) Get(i int) chunks.Sample { return (*point)(&(*p)[i]) }

type point timeline.Sample

// T implements chunks.Sample.
func (p *point) T() int64 { return p.Time }

// F implements chunks.Sample.
func (p *point) F() float64 { return p.Value }

// ST implements chunks.Sample; there are no start times.
func (p *point) ST() int64 { return 0 }

// H implements chunks.Sample; there are no histograms.
func (p *point) H() *histogram.Histogram { return nil }

// FH implements chunks.Sample; there are no histograms.
func (p *point) FH() *histogram.FloatHistogram { return nil }

// Type implements chunks.Sample.
func (p *point) Type() chunkenc.ValueType { return chunkenc.ValFloat }

// Copy implements chunks.Sample.
func (p *point) Copy() chunks.Sample {
	c := *p
	return &c
}
