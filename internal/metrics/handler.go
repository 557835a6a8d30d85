// Package metrics is the door for scrapers: the indicators' gauges at /metrics,
// rendered by client_golang once for each picture of the board and served as
// bytes until the next, and the service's own telemetry at /metrics/self.
package metrics

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"xushi/internal/access"
	"xushi/internal/board"
	"xushi/internal/quantity"
)

// Board is what the handler reads; *board.Board is one.
type Board interface {
	Snapshot() *board.Snapshot
	Now() time.Time
}

// Handler serves the gauges of what anybody may see: open indicators whose time
// has come. An exposition is rendered when it is first asked for; scrapes of the
// same picture get a copy of the same bytes. Nobody who writes waits for it.
type Handler struct {
	// Rendered is told of every rendering: bytes of the encoding that was asked
	// for, and the time it took. Nil is fine; set it before the first scrape.
	Rendered func(size int, took time.Duration)

	board Board
	demo  bool

	page atomic.Pointer[page]
	turn chan struct{} // held by the one scrape that renders
}

// NewHandler makes the handler of /metrics. demo marks the figures as simulated.
func NewHandler(b Board, demo bool) *Handler {
	return &Handler{board: b, demo: demo, turn: make(chan struct{}, 1)}
}

// contentType is the text format that every scraper reads.
const contentType = "text/plain; version=0.0.4; charset=utf-8"

// ServeHTTP gives the exposition, compressed where the client takes gzip. It
// answers 500 where it cannot be rendered, and 503 to a client that has gone.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	zip := acceptsGzip(r.Header.Get("Accept-Encoding"))
	body, err := h.body(r.Context(), zip)
	switch {
	case r.Context().Err() != nil:
		http.Error(w, "cancelled", http.StatusServiceUnavailable)
		return
	case err != nil:
		http.Error(w, "the metrics could not be rendered", http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header["Content-Type"] = []string{contentType}
	header["Vary"] = []string{"Accept-Encoding"}
	if zip {
		header["Content-Encoding"] = []string{"gzip"}
	}
	header["Content-Length"] = []string{strconv.Itoa(len(body))}
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a scraper that hung up asks again
	}
}

// body gives the bytes of the newest exposition.
func (h *Handler) body(ctx context.Context, zip bool) ([]byte, error) {
	asked := h.board.Snapshot()
	if b := h.page.Load().fresh(asked, h.board.Now()).bytes(zip); b != nil {
		return b, nil
	}
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	// Whoever waited takes what was rendered meanwhile, if it is no older than
	// what was there when they asked.
	now := h.board.Now()
	p := h.page.Load().fresh(asked, now)
	if p == nil {
		s := h.board.Snapshot()
		p = &page{snapshot: s, until: h.until(s, now), last: h.page.Load()}
	}
	began := time.Now()
	p, err := p.with(zip, func() *quantity.Table { return h.table(p.snapshot, now) })
	if err != nil {
		return nil, err
	}
	h.page.Store(p)
	body := p.bytes(zip)
	if h.Rendered != nil {
		h.Rendered(len(body), time.Since(began))
	}
	return body, nil
}

// nobody is who scrapes: a client without a token.
var nobody *access.Token

func (h *Handler) table(s *board.Snapshot, now time.Time) *quantity.Table {
	return quantity.New(s, quantity.Options{Now: now, Demo: h.demo,
		Keep: func(it *board.Item) bool { return nobody.Sees(s, it.Indicator, now) }})
}

// until is when a picture that stays the same is rendered anew: when a day ends
// or an indicator may be seen.
func (h *Handler) until(s *board.Snapshot, now time.Time) time.Time {
	until := h.table(s, now).Until()
	for _, p := range s.Plans {
		for _, it := range p.Items {
			if v := it.Visibility; v != nil && v.NotBefore != nil && v.NotBefore.After(now) && v.NotBefore.Before(until) {
				until = *v.NotBefore
			}
		}
	}
	return until
}

// acceptsGzip tells whether an Accept-Encoding takes gzip. What it says of gzip
// itself goes before what it says of any encoding (*).
func acceptsGzip(header string) bool {
	accepts := false
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		name = strings.TrimSpace(name)
		itself := strings.EqualFold(name, "gzip")
		if !itself && name != "*" {
			continue
		}
		accepts = true
		if q, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			weight, err := strconv.ParseFloat(q, 64)
			accepts = err != nil || weight > 0
		}
		if itself {
			break
		}
	}
	return accepts
}
