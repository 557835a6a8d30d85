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
	var out bytes.Buffer
	next := *p
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

// render writes the exposition of a table in the text format. Each family has a
// registry of its own for the moment: the registry checks its samples, and a
// nation's samples are never in memory all at once.
func render(w io.Writer, t *quantity.Table) error {
	var subject quantity.Subject
	var rows []line
	for i, q := range quantity.Catalogue() {
		if i == 0 || q.Of != subject {
			subject, rows = q.Of, lines(t, q.Of)
		}
		families, err := gather(newFamily(q, rows))
		if err != nil {
			return fmt.Errorf("gather %s: %w", q.Name, err)
		}
		for _, f := range families {
			if _, err := expfmt.MetricFamilyToText(w, f); err != nil {
				return fmt.Errorf("write %s: %w", q.Name, err)
			}
		}
	}
	return nil
}

func gather(f *family) ([]*dto.MetricFamily, error) {
	r := prometheus.NewRegistry()
	if err := r.Register(f); err != nil {
		return nil, err
	}
	return r.Gather()
}
