package metrics_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"xushi/internal/board"
	"xushi/internal/metrics"
	"xushi/internal/quantity/quantitytest"
)

// sizes are how many indicators the benchmarks publish: a district, a city, a nation.
var sizes = []int{100, 10_000, 100_000}

// site is a board and the handler over it.
type site struct {
	*quantitytest.Log
	handler *metrics.Handler
}

// sites are kept, for a nation takes a while to judge.
var sites sync.Map

func siteOf(b *testing.B, n int) *site {
	b.Helper()
	if s, ok := sites.Load(n); ok {
		return s.(*site)
	}
	l := quantitytest.Big(b, n)
	s := &site{l, metrics.NewHandler(l, false)}
	sites.Store(n, s)
	return s
}

// connection stands for a socket: it takes the body by copying it, as the kernel
// would, and keeps the header.
type connection struct {
	header http.Header
	buffer []byte
	size   int
}

func (c *connection) Header() http.Header { return c.header }
func (c *connection) WriteHeader(int)     {}
func (c *connection) Write(p []byte) (int, error) {
	c.size = copy(c.buffer, p)
	return len(p), nil
}

// copyHandler answers with bytes and the header that a scrape has: the least
// that any handler can do.
func copyHandler(body []byte, encoding string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h["Content-Type"] = []string{"text/plain; version=0.0.4; charset=utf-8"}
		h["Vary"] = []string{"Accept-Encoding"}
		if encoding != "" {
			h["Content-Encoding"] = []string{encoding}
		}
		h["Content-Length"] = []string{strconv.Itoa(len(body))}
		_, _ = w.Write(body)
	})
}

// eachBody runs a benchmark for every size and encoding.
func eachBody(b *testing.B, run func(b *testing.B, h http.Handler, r *http.Request, c *connection)) {
	for _, n := range sizes {
		for _, encoding := range []string{"", "gzip"} {
			name := fmt.Sprintf("%d/plain", n)
			r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
			if encoding != "" {
				name = fmt.Sprintf("%d/gzip", n)
				r.Header.Set("Accept-Encoding", encoding)
			}
			b.Run(name, func(b *testing.B) {
				h := siteOf(b, n).handler
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				c := &connection{header: http.Header{}, buffer: make([]byte, w.Body.Len())}
				b.SetBytes(int64(w.Body.Len()))
				run(b, h, r, c)
			})
		}
	}
}

// BenchmarkScrapeUnchanged scrapes a picture that stays the same. copies is its
// best time over that of BenchmarkCopyBytes, measured in turns.
func BenchmarkScrapeUnchanged(b *testing.B) {
	eachBody(b, func(b *testing.B, h http.Handler, r *http.Request, c *connection) {
		h.ServeHTTP(c, r)
		plain := copyHandler(append([]byte(nil), c.buffer...), r.Header.Get("Accept-Encoding"))
		b.ReportAllocs()
		for b.Loop() {
			h.ServeHTTP(c, r)
		}
		ours, bare := turns(h, plain, r, c)
		b.ReportMetric(float64(ours)/float64(bare), "copies")
	})
}

// turns measures two handlers by turns and gives the best time of each: what
// else the machine does only ever makes them slower.
func turns(a, b http.Handler, r *http.Request, c *connection) (ofA, ofB time.Duration) {
	const turns = 40
	n := int(max(time.Millisecond/max(timed(1, a, r, c), 1), 1))
	ofA, ofB = time.Hour, time.Hour
	for range turns {
		ofA = min(ofA, timed(n, a, r, c))
		ofB = min(ofB, timed(n, b, r, c))
	}
	return ofA, ofB
}

func timed(n int, h http.Handler, r *http.Request, c *connection) time.Duration {
	began := time.Now()
	for range n {
		h.ServeHTTP(c, r)
	}
	return time.Since(began)
}

// BenchmarkCopyBytes answers with the same bytes through the same path.
func BenchmarkCopyBytes(b *testing.B) {
	eachBody(b, func(b *testing.B, h http.Handler, r *http.Request, c *connection) {
		h.ServeHTTP(c, r)
		plain := copyHandler(append([]byte(nil), c.buffer...), r.Header.Get("Accept-Encoding"))
		b.ReportAllocs()
		for b.Loop() {
			plain.ServeHTTP(c, r)
		}
	})
}

// still is a board whose picture stays the same but is taken for a new one.
type still struct {
	*quantitytest.Log
	live *board.Snapshot
}

func (s *still) Snapshot() *board.Snapshot { return s.live }

// again makes the picture a new one.
func (s *still) again() {
	old := s.live
	s.live = &board.Snapshot{Seq: old.Seq + 1, Moment: old.Moment, Plans: old.Plans}
}

// BenchmarkRender renders a picture that has changed.
func BenchmarkRender(b *testing.B) {
	for _, n := range sizes {
		for _, encoding := range []string{"plain", "gzip"} {
			b.Run(fmt.Sprintf("%d/%s", n, encoding), func(b *testing.B) {
				l := siteOf(b, n).Log
				s := &still{l, l.Snapshot()}
				h := metrics.NewHandler(s, false)
				r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
				r.Header.Set("Accept-Encoding", encoding)
				c := &connection{header: http.Header{}}
				b.ReportAllocs()
				for b.Loop() {
					s.again()
					h.ServeHTTP(c, r)
				}
				size, _ := strconv.ParseFloat(c.header.Get("Content-Length"), 64)
				b.ReportMetric(size/1e6, "MB")
			})
		}
	}
}
