package metrics_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"xushi/internal/figure"
	"xushi/internal/metrics"
	"xushi/internal/quantity"
	"xushi/internal/quantity/quantitytest"
)

// TestSelf has everything observed once and reads the telemetry.
func TestSelf(t *testing.T) {
	l := quantitytest.Small(t)
	s := metrics.NewSelf("v1.2.3 \"x\"\n")
	s.Watch(l)
	s.Observe("/api/v1/plans/{id}", "GET", 200, 20*time.Millisecond)
	s.Observe("/api/v1/plans/{id}", "GET", 200, 40*time.Millisecond)
	s.Observe("", "BREW\"\n", 404, time.Millisecond)
	s.ObservePost("created", 3)
	s.ObservePost("created", 2)
	s.ObserveCommit(4, 5, time.Millisecond)
	s.ObserveFold(7, time.Millisecond)
	s.ObserveChanges([]*figure.Change{quantitytest.Posted(make([]figure.Revision, 3)...), {Kind: figure.Access}})
	s.ObserveRender(1000, time.Millisecond)
	s.ObserveHead(l.Seq() + 2)
	s.ObserveFollowFailure()
	_, body := scrape(t, s, "")
	text := string(body)
	families(t, body) // Prometheus can read it
	for _, line := range []string{
		`xushi_http_request_duration_seconds_sum{code="200",method="GET",route="/api/v1/plans/{id}"} 0.06`,
		`xushi_http_request_duration_seconds_count{code="200",method="GET",route="/api/v1/plans/{id}"} 2`,
		`xushi_http_request_duration_seconds_count{code="404",method="other",route=""} 1`,
		`xushi_posted_rows_total{outcome="created"} 5`,
		`xushi_commit_requests_total 4`, `xushi_commit_rows_total 5`, `xushi_commit_duration_seconds_count 1`,
		`xushi_board_judged_indicators_total 7`, `xushi_log_changes_total{kind="figures"} 1`, `xushi_log_rows_total{kind="figures"} 3`, `xushi_log_changes_total{kind="access"} 1`,
		`xushi_log_head_seq 6`, `xushi_log_lag_changes 2`, `xushi_snapshot_seq 4`,
		`xushi_metrics_render_bytes 1000`, `xushi_log_follow_failures_total 1`,
	} {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
	if !strings.Contains(text, `version="v1.2.3 \"x\"\n"`) || !strings.Contains(text, "\ngo_goroutines ") || !strings.Contains(text, "\nprocess_resident_memory_bytes ") {
		t.Error("version, runtime or process are missing")
	}

	// Every name is documented, and none means something else at /metrics.
	docs := metrics.Markdown()
	gauges := quantity.Gauges()
	for _, m := range regexp.MustCompile(`(?m)^(xushi_[a-z_]+)`).FindAllStringSubmatch(text, -1) {
		name := strings.TrimSuffix(strings.TrimSuffix(m[1], "_sum"), "_count")
		if !strings.Contains(docs, "| `"+name+"` |") {
			t.Errorf("%s is not documented", name)
		}
		if slices.ContainsFunc(gauges, func(q *quantity.Quantity) bool { return q.Name == name }) {
			t.Errorf("%s is a gauge of the indicators, too", name)
		}
	}
	_, own, _ := strings.Cut(docs, "/metrics/self")
	for _, m := range regexp.MustCompile("(?m)^\\| `(xushi_[a-z_]+)`").FindAllStringSubmatch(own, -1) {
		if !strings.Contains(text, "\n"+m[1]) && !strings.HasPrefix(text, m[1]) {
			t.Errorf("%s is documented and not there", m[1])
		}
	}
}

// TestSelfFresh reads the telemetry of a server that has done nothing yet.
func TestSelfFresh(t *testing.T) {
	_, body := scrape(t, metrics.NewSelf("dev"), "")
	families(t, body)
}
