package metrics

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"xushi/internal/board"
	"xushi/internal/quantity"
)

// page is a rendered exposition in the encodings that were asked for. One that
// was handed out never changes.
type page struct {
	snapshot *board.Snapshot
	until    time.Time // when it is out of date although the picture is the same
	last     *page     // the one before, for its size; nil once rendered
	plain    []byte    // nil where nobody has asked
	zipped   []byte
}

// fresh gives the page where it shows the picture asked for, or a newer one.
func (p *page) fresh(asked *board.Snapshot, now time.Time) *page {
	switch {
	case p == nil, !p.until.IsZero() && !now.Before(p.until):
		return nil
	case p.snapshot == asked, p.snapshot.Seq > asked.Seq, p.snapshot.Seq == asked.Seq && p.snapshot.Moment.After(asked.Moment):
		return p
	}
	return nil
}

// bytes gives an encoding, nil where it is not there yet.
func (p *page) bytes(zip bool) []byte {
	switch {
	case p == nil:
		return nil
	case zip:
		return p.zipped
	}
	return p.plain
}

// with gives the page with an encoding. The one that is there is turned into the
// other; where there is none the table is rendered.
func (p *page) with(zip bool, table func() *quantity.Table) (*page, error) {
	if p.bytes(zip) != nil {
		return p, nil
	}
	next := *p
	next.last = nil
	var out bytes.Buffer
	if last := p.last.bytes(zip); last != nil {
		out.Grow(len(last) + len(last)/8) // growing step by step would copy it all many times
	}
	switch {
	case zip:
		z, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
		if err == nil {
			if p.plain != nil {
				_, err = z.Write(p.plain)
			} else {
				err = render(z, table())
			}
		}
		if err == nil {
			err = z.Close()
		}
		if err != nil {
			return nil, fmt.Errorf("compress the exposition: %w", err)
		}
		next.zipped = out.Bytes()
	case p.zipped != nil:
		z, err := gzip.NewReader(bytes.NewReader(p.zipped))
		if err == nil {
			_, err = io.Copy(&out, z)
		}
		if err != nil {
			return nil, fmt.Errorf("decompress the exposition: %w", err)
		}
		next.plain = out.Bytes()
	default:
		if err := render(&out, table()); err != nil {
			return nil, err
		}
		next.plain = out.Bytes()
	}
	return &next, nil
}

// render writes the exposition of a table in the text format, the families one
// after the other: a nation's samples are never in memory all at once. While one
// is written the next is gathered.
func render(w io.Writer, t *quantity.Table) error {
	type gathered struct {
		families []*dto.MetricFamily
		err      error
	}
	next := make(chan gathered)
	go func() {
		defer close(next)
		var subject quantity.Subject
		var rows []line
		for i, q := range quantity.Gauges() {
			if i == 0 || q.Of != subject {
				subject, rows = q.Of, lines(t, q.Of)
			}
			families, err := gather(newFamily(q, rows))
			next <- gathered{families, err}
		}
	}()
	var failed error
	for g := range next { // to the end, whatever fails
		err := g.err
		for _, f := range g.families {
			if err == nil {
				_, err = expfmt.MetricFamilyToText(w, f)
			}
		}
		if failed == nil && err != nil {
			failed = fmt.Errorf("render the exposition: %w", err)
		}
	}
	return failed
}

// gather has a registry of the family's own check and sort its samples.
func gather(f *family) ([]*dto.MetricFamily, error) {
	r := prometheus.NewRegistry()
	if err := r.Register(f); err != nil {
		return nil, err
	}
	return r.Gather()
}
