package metrics

import (
	"bytes"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	vm "github.com/VictoriaMetrics/metrics"

	"xushi/internal/figure"
)

// Self is the service's own telemetry, served at /metrics/self. It is a set of
// its own, made by VictoriaMetrics/metrics, which writes no help: the words are
// in docs/metrics.md. Its methods may be called by many goroutines at once.
type Self struct {
	set *vm.Set

	requests sync.Map // request → *vm.Summary

	commit         *vm.Summary
	commitRequests *vm.Counter
	commitRows     *vm.Counter
	fold           *vm.Summary
	judged         *vm.Counter
	render         *vm.Summary
	renderBytes    *vm.Gauge

	board    atomic.Pointer[Board]
	headSeq  atomic.Int64
	failures *vm.Counter
}

// request is what durations are told apart by.
type request struct {
	route, method string
	status        int
}

// NewSelf makes the telemetry of a program of a version.
func NewSelf(version string) *Self {
	set := vm.NewSet()
	s := &Self{
		set:            set,
		commit:         set.NewSummary("xushi_commit_duration_seconds"),
		commitRequests: set.NewCounter("xushi_commit_requests_total"),
		commitRows:     set.NewCounter("xushi_commit_rows_total"),
		fold:           set.NewSummary("xushi_board_fold_duration_seconds"),
		judged:         set.NewCounter("xushi_board_judged_indicators_total"),
		render:         set.NewSummary("xushi_metrics_render_duration_seconds"),
		renderBytes:    set.NewGauge("xushi_metrics_render_bytes", nil),
		failures:       set.NewCounter("xushi_log_follow_failures_total"),
	}
	set.NewGauge("xushi_build_info"+labels("goversion", runtime.Version(), "version", version), func() float64 { return 1 })
	set.NewGauge("xushi_log_head_seq", func() float64 { return float64(max(s.headSeq.Load(), s.seq())) })
	set.NewGauge("xushi_log_lag_changes", func() float64 { return float64(max(s.headSeq.Load()-s.seq(), 0)) })
	set.NewGauge("xushi_snapshot_seq", func() float64 { return float64(s.seq()) })
	set.NewGauge("xushi_snapshot_timestamp_seconds", func() float64 {
		if b := s.board.Load(); b != nil {
			return float64((*b).Snapshot().Moment.UnixMilli()) / 1000
		}
		return 0
	})
	return s
}

// Watch has the gauges of the snapshot read from a board.
func (s *Self) Watch(b Board) { s.board.Store(&b) }

// seq is the newest change in the snapshot.
func (s *Self) seq() int64 {
	if b := s.board.Load(); b != nil {
		return (*b).Snapshot().Seq
	}
	return 0
}

// Observe takes in an answered request. route is a path with its names in
// braces, "" where no route fits.
func (s *Self) Observe(route, method string, status int, took time.Duration) {
	// A client may make methods up; they must not make series.
	if !slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}, method) {
		method = "other"
	}
	key := request{route, method, status}
	summary, ok := s.requests.Load(key)
	if !ok {
		name := "xushi_http_request_duration_seconds" + labels("code", strconv.Itoa(status), "method", method, "route", route)
		summary, _ = s.requests.LoadOrStore(key, s.set.GetOrCreateSummary(name))
	}
	summary.(*vm.Summary).Update(took.Seconds())
}

// ObservePost takes in rows that were posted, by what became of them: created,
// updated, unchanged or rejected.
func (s *Self) ObservePost(outcome string, rows int) {
	s.set.GetOrCreateCounter("xushi_posted_rows_total" + labels("outcome", outcome)).Add(rows)
}

// ObserveChanges takes in changes that the picture has taken in; it fits
// figure.Service.Observe.
func (s *Self) ObserveChanges(changes []*figure.Change) {
	for _, c := range changes {
		kind := labels("kind", string(c.Kind))
		s.set.GetOrCreateCounter("xushi_log_changes_total" + kind).Inc()
		s.set.GetOrCreateCounter("xushi_log_rows_total" + kind).Add(len(c.Figures) + len(c.Entries) + len(c.Accounts))
	}
}

// ObserveCommit takes in a commit group: the requests that shared it and the
// rows that it made durable.
func (s *Self) ObserveCommit(requests, rows int, took time.Duration) {
	s.commit.Update(took.Seconds())
	s.commitRequests.Add(requests)
	s.commitRows.Add(rows)
}

// ObserveFold takes in that the board took changes in and judged indicators.
func (s *Self) ObserveFold(judged int, took time.Duration) {
	s.fold.Update(took.Seconds())
	s.judged.Add(judged)
}

// ObserveRender takes in that an exposition was rendered; it fits Handler.Rendered.
func (s *Self) ObserveRender(size int, took time.Duration) {
	s.render.Update(took.Seconds())
	s.renderBytes.Set(float64(size))
}

// ObserveHead takes in the newest sequence number that was seen in the log.
func (s *Self) ObserveHead(seq int64) { s.headSeq.Store(seq) }

// ObserveFollowFailure takes in that the log could not be followed.
func (s *Self) ObserveFollowFailure() { s.failures.Inc() }

// ServeHTTP gives the telemetry in the text format.
func (s *Self) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var out bytes.Buffer
	s.Write(&out)
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(out.Len()))
	if r.Method != http.MethodHead {
		_, _ = w.Write(out.Bytes()) // a scraper that hung up asks again
	}
}

// Write writes the telemetry in the text format.
func (s *Self) Write(w io.Writer) {
	s.set.WritePrometheus(w)
	vm.WriteProcessMetrics(w)
	vm.WriteFDMetrics(w)
}

// escape does for the values of labels what the text format asks for.
var escape = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// labels writes pairs of names and values.
func labels(pairs ...string) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		b.WriteByte("{,"[min(i, 1)])
		b.WriteString(pairs[i] + `="` + escape.Replace(pairs[i+1]) + `"`)
	}
	return b.String() + "}"
}
