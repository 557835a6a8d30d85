package promapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"

	"xushi/internal/promapi"
)

// TestErrors sends what is wrong and looks that it is refused as Prometheus does.
func TestErrors(t *testing.T) {
	h := open(t)
	long := `{plan="` + strings.Repeat("x", 100<<10) + `"}`
	stretch := []string{"query", "1", "start", "0", "end", "10", "step", "1"}
	with := func(pairs []string, name, value string) []string {
		out := slices.Clone(pairs)
		for i := 0; i < len(out); i += 2 {
			if out[i] == name {
				out[i+1] = value
				return out
			}
		}
		return append(out, name, value)
	}
	for _, c := range []struct {
		path   string
		params []string
		status int
		kind   string
		words  string
	}{
		{"query", nil, 400, "bad_data", `invalid parameter "query"`},
		{"query", []string{"query", ""}, 400, "bad_data", "no expression found in input"},
		{"query", []string{"query", "x{"}, 400, "bad_data", "parse error"},
		{"query", []string{"query", long}, 400, "bad_data", "longer than 102400 bytes"},
		{"query", []string{"query", "1", "time", "noon"}, 400, "bad_data", `invalid parameter "time": cannot parse "noon" to a valid timestamp`},
		{"query", []string{"query", "1", "time", "1e300"}, 400, "bad_data", `invalid parameter "time"`},
		{"query", []string{"query", "1", "time", "NaN"}, 400, "bad_data", `invalid parameter "time"`},
		{"query", []string{"query", "1", "time", "-Inf"}, 400, "bad_data", `invalid parameter "time"`},
		{"query", []string{"query", "1", "time", "2026-06-01"}, 400, "bad_data", `invalid parameter "time"`},
		{"query", []string{"query", "1", "timeout", "soon"}, 400, "bad_data", `invalid parameter "timeout": cannot parse "soon" to a valid duration`},
		{"query", []string{"query", "1", "timeout", "1e300"}, 400, "bad_data", "It overflows int64"},
		{"query", []string{"query", "1", "lookback_delta", "x"}, 400, "bad_data", `invalid parameter "lookback_delta"`},
		{"query", []string{"query", "1", "limit", "-1"}, 400, "bad_data", "limit must be a non-negative number"},
		{"query", []string{"query", "1", "limit", "x"}, 400, "bad_data", `invalid parameter "limit"`},
		{"query", []string{"query", "1", "limit", "1.5"}, 400, "bad_data", `invalid parameter "limit"`},
		{"query", []string{"query", "xushi_actual + on (plan) xushi_actual"}, 422, "execution", "many-to-many matching not allowed"},
		{"query", []string{"query", `label_replace(xushi_actual, "a", "$1", "indicator", "(")`}, 422, "execution", "invalid regular expression"},
		{"query_range", with(stretch, "query", `xushi_actual[5m]`), 400, "bad_data", "invalid expression type"},
		{"query_range", with(stretch, "query", `"text"`), 400, "bad_data", "invalid expression type"},
		{"query_range", with(stretch, "start", ""), 400, "bad_data", `invalid parameter "start"`},
		{"query_range", with(stretch, "end", ""), 400, "bad_data", `invalid parameter "end"`},
		{"query_range", with(stretch, "end", "-1"), 400, "bad_data", `invalid parameter "end": end timestamp must not be before start time`},
		{"query_range", with(stretch, "step", ""), 400, "bad_data", `invalid parameter "step": cannot parse "" to a valid duration`},
		{"query_range", with(stretch, "step", "0"), 400, "bad_data", "zero or negative query resolution step widths are not accepted"},
		{"query_range", with(stretch, "step", "-1"), 400, "bad_data", "zero or negative"},
		{"query_range", with(stretch, "step", "1x"), 400, "bad_data", `invalid parameter "step"`},
		{"query_range", with(stretch, "step", "1e300"), 400, "bad_data", "overflows"},
		{"query_range", with(stretch, "step", "NaN"), 400, "bad_data", `invalid parameter "step"`},
		{"query_range", with(stretch, "end", "11001"), 400, "bad_data", "exceeded maximum resolution of 11,000 points per timeseries"},
		{"query_range", with(with(stretch, "end", "8e9"), "step", "1h"), 400, "bad_data", "exceeded maximum resolution"},
		{"query_range", with(stretch, "step", "0.0005"), 400, "bad_data", "below a millisecond"},
		{"query", []string{"query", "1", "time", "1e10"}, 400, "bad_data", "out of range"},
		{"format_query", []string{"query", "sum("}, 400, "bad_data", "parse error"},
		{"series", nil, 400, "bad_data", "no match[] parameter provided"},
		{"series", []string{"match[]", "{"}, 400, "bad_data", "parse error"},
		{"series", []string{"match[]", "{}"}, 400, "bad_data", "must contain at least one non-empty matcher"},
		{"series", []string{"match[]", `{__as_of__="2026-06-01"}`}, 400, "bad_data", "must contain at least one non-empty matcher"},
		{"series", []string{"match[]", "xushi_actual[5m]"}, 400, "bad_data", "parse error"},
		{"series", []string{"match[]", "xushi_actual", "limit", "-1"}, 400, "bad_data", "non-negative"},
		{"series", []string{"match[]", long}, 400, "bad_data", "longer than 102400 bytes"},
		{"series", []string{"match[]", `xushi_actual{__as_of__="2027-01-01"}`}, 400, "bad_data", "as_of_future"},
		{"series", []string{"match[]", `xushi_actual{__as_of__="2026-05-01"}`, "match[]", "xushi_target"}, 400, "bad_data", "as_of_differs"},
		{"labels", []string{"match[]", "{"}, 400, "bad_data", "parse error"},
		{"labels", []string{"limit", "x"}, 400, "bad_data", `invalid parameter "limit"`},
		{"label/indicator/values", []string{"match[]", "{"}, 400, "bad_data", "parse error"},
		{"label/%FF/values", nil, 400, "bad_data", "invalid label name"},
		{"metadata", []string{"limit", "x"}, 400, "bad_data", "limit must be a number"},
		{"metadata", []string{"limit_per_metric", "x"}, 400, "bad_data", "limit_per_metric must be a number"},
		{"rules", []string{"type", "x"}, 400, "bad_data", `invalid parameter "type"`},
		{"nothing", nil, 404, "not_found", "docs/promql.md"},
		{"status/config", nil, 404, "not_found", ""},
		{"admin/tsdb/delete_series", nil, 404, "not_found", ""},
		{"label/a/b/values", nil, 404, "not_found", ""},
	} {
		h.get(c.path, c.params...).refused(c.status, c.kind, c.words)
	}
	for _, c := range [][2]string{{"PUT", "query"}, {"DELETE", "series"}, {"PATCH", "labels"}, {"POST", "rules"}, {"POST", "metadata"}, {"POST", "label/plan/values"}, {"POST", "status/buildinfo"}} {
		h.ask("viewer", c[0], c[1], form("query", "1")).refused(405, "bad_data", "GET")
	}
	if strings.Contains(h.log.String(), "panicked") {
		t.Error(h.log.String())
	}
}

// TestForms sends the same question in all forms that there are.
func TestForms(t *testing.T) {
	h := open(t)
	question := form("query", `xushi_actual{indicator="firms"}`, "time", "1780243200")
	want := h.ask("viewer", "GET", "query", question).ok()
	post := func(kind, address, body string) answer {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), "POST", prefix+"/api/v1/query"+address, strings.NewReader(body))
		r.Header.Set("Authorization", "bearer "+h.secrets["viewer"]) // the scheme's case does not matter
		r.Header.Set("Content-Type", kind)
		return serve(t, h.api, r)
	}
	post("application/x-www-form-urlencoded", "", question.Encode()).is(want)
	post("application/x-www-form-urlencoded; charset=UTF-8", "", question.Encode()).is(want)
	post("application/x-www-form-urlencoded", "?"+question.Encode(), "").is(want)
	post("application/x-www-form-urlencoded", "?time=1780243200", form("query", question.Get("query")).Encode()).is(want)
	// The body goes before the address, as net/http has it.
	post("application/x-www-form-urlencoded", "?time=0", question.Encode()).is(want)
	// A moment as text.
	post("application/x-www-form-urlencoded", "", form("query", question.Get("query"), "time", "2026-06-01T00:00:00+08:00").Encode()).is(want)
	// Other bodies are no form; the address is read.
	post("application/json", "?"+question.Encode(), `{"query":"up"}`).is(want)
	post("application/json", "", `{"query":"up"}`).refused(400, "bad_data", "no expression found in input")
	post("multipart/form-data; boundary=x", "", "--x--").refused(400, "bad_data", "")
	post("text/plain", "", question.Encode()).refused(400, "bad_data", "no expression")
	post("", "", question.Encode()).refused(400, "bad_data", "no expression")
	post("application/x-www-form-urlencoded", "", "query=%zz").refused(400, "bad_data", "error parsing form values")
	post("application/x-www-form-urlencoded", "?query=%zz", "").refused(400, "bad_data", "error parsing form values")
	post("nonsense/;;", "?"+question.Encode(), "").refused(400, "bad_data", "error parsing form values")
	post("application/x-www-form-urlencoded", "", "query="+strings.Repeat("1", 1<<20)).refused(413, "bad_data", "too large")
	// Nothing given for the time is now.
	h.get("query", "query", `time()`).is(fmt.Sprintf(`{"resultType":"scalar","result":[%d,"%[1]d"]}`, h.Clock().Unix()))
	h.get("query_range", "query", "1", "start", "2026-06-01T00:00:00Z", "end", "1780272001.5", "step", "1").
		is(`{"resultType":"matrix","result":[{"metric":{},"values":[[1780272000,"1"],[1780272001,"1"]]}]}`)
	h.get("format_query", "query", `sum by(plan)(xushi_actual{indicator="firms"}>1)`).is(`"sum by (plan) (xushi_actual{indicator=\"firms\"} \u003e 1)"`)
}

// TestHeaders looks at what every answer has.
func TestHeaders(t *testing.T) {
	h := open(t)
	for _, a := range []answer{h.get("query", "query", "1"), h.get("query"), h.get("nothing")} {
		if a.header.Get("Cache-Control") != "no-store" || a.header.Get("X-Request-Id") == "" || a.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%v", a.header)
		}
	}
}

// TestTokens lets nobody in without a token, whatever is asked.
func TestTokens(t *testing.T) {
	h := open(t)
	h.secrets["wrong"] = "xushi_wrong"
	for _, path := range []string{"query?query=1", "query_range", "labels", "label/plan/values", "series", "metadata", "rules", "alerts", "status/buildinfo", "query_exemplars", "format_query", "nothing"} {
		for _, c := range []struct{ token, challenge, words string }{
			{"", `Bearer realm="xushi"`, "token_missing"},
			{"wrong", `Bearer realm="xushi", error="invalid_token"`, "token_unknown"},
		} {
			a := h.ask(c.token, "GET", path, nil)
			a.refused(401, "unauthorized", c.words)
			if got := a.header.Get("WWW-Authenticate"); got != c.challenge {
				t.Errorf("%s: %q", path, got)
			}
		}
	}
	r := h.request("", "GET", "query", form("query", "1"))
	r.SetBasicAuth("viewer", h.secrets["viewer"])
	serve(t, h.api, r).refused(401, "unauthorized", "token_missing")
	if strings.Contains(h.log.String(), h.secrets["viewer"]) || strings.Contains(h.log.String(), "xushi_wrong") {
		t.Error("a token is in the log")
	}
}

// TestLimits asks for parts of answers.
func TestLimits(t *testing.T) {
	h := open(t)
	count := func(a answer) (n int, warnings []string) {
		t.Helper()
		var r result
		if err := json.Unmarshal([]byte(a.ok()), &r); err != nil {
			t.Fatal(err)
		}
		return len(a.series(r)), a.envelope().Warnings
	}
	truncated := []string{"PromQL warning: results truncated due to limit"}
	at := []string{"time", "1790000000", "start", "1790000000", "end", "1790000060", "step", "60"}
	for _, path := range []string{"query", "query_range"} {
		for limit, want := range map[string]int{"": 10, "0": 10, "1": 1, "9": 9, "10": 10, "1000000": 10} {
			n, warnings := count(h.get(path, append([]string{"query", "xushi_actual", "limit", limit}, at...)...))
			if n != want || (len(warnings) > 0) != (want < 10) || want < 10 && !slices.Equal(warnings, truncated) {
				t.Errorf("%s: limit %s: %d, %q", path, limit, n, warnings)
			}
		}
	}
	h.get("query", "query", "1", "limit", "1").ok()
	// As many points as there may be.
	h.get("query_range", "query", "1", "start", "0", "end", "11000", "step", "1").ok()
	for path, want := range map[string]string{
		"labels?limit=2": `["__name__","area"]`,
		"label/indicator/values?limit=2&match[]=" + url.QueryEscape(`xushi_actual{section="2"}`): `["embargo","hazards"]`,
		"series?limit=1&match[]=" + url.QueryEscape(`xushi_actual{indicator=~"firms|gdp"}`):      `[{"__name__":"xushi_actual","indicator":"firms","kind":"cumulative","lead":"区发改委","name":"企业","plan":"linhe-2026","section":"1","task":"1","unit":"家"}]`,
	} {
		a := h.get(path)
		a.is(want)
		if w := a.envelope().Warnings; !slices.Equal(w, truncated) {
			t.Errorf("%s: %q", path, w)
		}
	}
	// How long a sample holds.
	for delta, want := range map[string]int{"1d": 0, "3600": 0, "60d": 1, "0": 1, "": 1, "-1": 1} {
		if n, _ := count(h.get("query", "query", `xushi_actual{indicator="firms"}`, "time", "1781000000", "lookback_delta", delta)); n != want {
			t.Errorf("looking back %q: %d", delta, n)
		}
	}
}

// TestStats asks how a query went.
func TestStats(t *testing.T) {
	h := open(t)
	type stats struct {
		Timings map[string]float64
		Samples struct {
			TotalQueryableSamples, PeakSamples int
			TotalQueryableSamplesPerStep       [][2]int
		}
	}
	ask := func(wants string) *stats {
		t.Helper()
		var data struct{ Stats *stats }
		if err := json.Unmarshal([]byte(h.get("query_range", "query", "xushi_actual", "start", "1790000000", "end", "1790000060", "step", "60", "stats", wants).ok()), &data); err != nil {
			t.Fatal(err)
		}
		return data.Stats
	}
	if s := ask(""); s != nil {
		t.Errorf("%+v", s)
	}
	if s := ask("1"); s == nil || s.Samples.TotalQueryableSamples != 20 || s.Samples.PeakSamples < 10 || s.Timings["execTotalTime"] <= 0 || s.Samples.TotalQueryableSamplesPerStep != nil {
		t.Errorf("%+v", s)
	}
	// Numbers by step are a feature that Prometheus has to be told to have.
	if s := ask("all"); s == nil || s.Samples.TotalQueryableSamples != 20 || s.Samples.TotalQueryableSamplesPerStep != nil {
		t.Errorf("%+v", s)
	}
}

// TestDeep sends expressions that are nested as deep as the limit allows: they are
// answered soon, by a value or an error.
func TestDeep(t *testing.T) {
	h := open(t)
	nest := func(n int, before, middle, after string) string {
		return strings.Repeat(before, n) + middle + strings.Repeat(after, n)
	}
	for name, expr := range map[string]string{
		"parentheses":   nest(10_000, "(", "1", ")"),
		"minus":         nest(10_000, "-", "1", ""),
		"all minus":     nest(100<<10-1, "-", "1", ""),
		"all open":      nest(100<<10, "(", "", ""),
		"all paren":     nest(50_000, "(", "1", ")"),
		"sums":          nest(20_000, "sum(", "xushi_actual", ")"),
		"abs":           nest(20_000, "abs(", "xushi_actual", ")"),
		"additions":     nest(50_000, "1+", "1", ""),
		"powers":        nest(50_000, "1^", "1", ""),
		"most":          nest(2_499, "1+", "1", ""),
		"most paren":    nest(2_499, "(", "1", ")"),
		"most abs":      nest(1_666, "abs(", "xushi_actual", ")"),
		"most or":       nest(2_499, "xushi_actual or ", "xushi_actual", ""),
		"or":            nest(1_000, "xushi_actual or ", "xushi_actual", ""),
		"braces":        nest(50_000, "{", "", "}"),
		"brackets":      "xushi_actual" + nest(10_000, "", "", "[1d:1d]"),
		"offsets":       "xushi_actual" + nest(10_000, "", "", " offset 1d"),
		"matchers":      "xushi_actual{" + nest(5_000, `plan!="x",`, "", "") + "}",
		"subqueries":    nest(6, "max_over_time(", "xushi_actual", "[2d:1d])"),
		"label_replace": nest(2_000, "label_replace(", "xushi_actual", `,"a","b","c","d")`),
		"regexp":        `xushi_actual{plan=~"` + nest(1_000, "(", "a", ")*") + `"}`,
		"wide regexp":   `xushi_actual{plan=~"` + nest(10_000, "a|", "b", "") + `"}`,
	} {
		began := time.Now()
		a := h.ask("viewer", "POST", "query", form("query", expr))
		if took := time.Since(began); a.status >= 500 || took > 5*time.Second {
			t.Errorf("%s: %d after %v: %s", name, a.status, took, clip(a.body))
		} else if testing.Verbose() {
			t.Log(name, a.status, took)
		}
		if a := h.ask("viewer", "POST", "series", url.Values{"match[]": {expr}}); a.status >= 500 {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if strings.Contains(h.log.String(), "panicked") {
		t.Error("something panicked")
	}
}

// TestTooMany asks for more samples than one query may hold: it is refused, and
// takes no more memory than it may.
func TestTooMany(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped, takes a second")
	}
	h := open(t)
	for _, expr := range []string{
		`max(count_over_time(({__name__=~"xushi_.+"} or vector(1))[100d:10s]))`,
		`count_over_time({__name__=~"xushi_.+"}[19y:1h])`,
	} {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		base, peak, done, watched := m.HeapAlloc, uint64(0), make(chan struct{}), make(chan struct{})
		go func() {
			defer close(watched)
			for {
				select {
				case <-done:
					return
				case <-time.After(5 * time.Millisecond):
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					peak = max(peak, m.HeapAlloc)
				}
			}
		}()
		h.get("query", "query", expr, "time", "1900000000").refused(422, "execution", "query processing would load too many samples into memory")
		close(done)
		<-watched
		// Five million samples of 16 bytes, and what a slice leaves behind as it grows.
		if used := int64(peak) - int64(base); used > 600<<20 {
			t.Errorf("%s took %d MiB", expr, used>>20)
		}
	}
}

// TestDear refuses, before they begin, expressions whose cost the engine does not
// bound: each of them took all memory there was.
func TestDear(t *testing.T) {
	h := open(t)
	double := func(n int, text string) string {
		expr := `{__name__=~"xushi_.+"}`
		for range n {
			expr = `label_replace(` + expr + `, "zz", "` + text + `", "zz", "(.*)")`
		}
		return expr
	}
	for _, c := range []struct{ expr, text string }{
		{`max_over_time(vector(1)[200y:10ms])`, "steps"},
		{`max_over_time(vector(1)[20y:1s])`, "steps"},
		{`max_over_time(max_over_time(xushi_actual[1d:1s])[1y:1d])`, "steps"},
		{`sum(max_over_time((xushi_actual offset 1d)[2y:1m] @ 1700000000))`, "steps"},
		{double(20, "$1$1"), "too long"},
		{double(3, "$1$1$1$1$1"), "too long"},
		{double(1, strings.Repeat("x", 5000)), "too long"},
		{`label_join(label_join(label_join(xushi_actual, "a", "", "a", "a", "a", "a", "b"), "b", "", "a", "a", "a", "a"), "a", "", "b", "b", "b", "b")`, "too long"},
		{`xushi_actual smoothed`, "smoothed"},
		{`increase(xushi_actual[90d] smoothed)`, "smoothed"},
	} {
		began := time.Now()
		h.get("query", "query", c.expr).refused(400, "bad_data", c.text)
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s took %s", c.expr, took)
		}
	}
	for _, expr := range []string{`max_over_time(xushi_actual[1y:1h])`, double(4, "$1"), `increase(xushi_actual[90d] anchored)`, `label_join(xushi_actual, "a", " ", "section", "name")`} {
		h.get("query", "query", expr).ok()
	}
}

// source answers queries about a name: "fast" has nothing, "slow" waits until the
// query ends or release is closed, "panics" and "fails" do.
type source struct {
	release chan struct{}
	waiting atomic.Int64 // in slow
	ended   atomic.Int64 // in slow
}

func (s *source) Open(promapi.Reader) (storage.Queryable, error) { return s, nil }

func (s *source) Moment(string, string) (time.Time, error) { return time.Time{}, nil }

func (s *source) Families() []promapi.Family { return nil }

func (s *source) Querier(int64, int64) (storage.Querier, error) {
	return &sourceQuerier{storage.NoopQuerier(), s}, nil
}

type sourceQuerier struct {
	storage.Querier
	*source
}

func (q *sourceQuerier) Select(ctx context.Context, _ bool, _ *storage.SelectHints, set ...*labels.Matcher) storage.SeriesSet {
	for _, m := range set {
		switch m.Value {
		case "slow":
			q.waiting.Add(1)
			defer q.ended.Add(1)
			select {
			case <-q.release:
			case <-ctx.Done():
				return storage.ErrSeriesSet(ctx.Err())
			}
		case "panics":
			panic("as it was told to")
		case "fails":
			return storage.ErrSeriesSet(errors.New("it is broken"))
		}
	}
	return storage.EmptySeriesSet()
}

// eventually waits for something to become true.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for give := time.Now().Add(5 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(give) {
			t.Fatalf("not so after five seconds: %s", what)
		}
	}
}

// places are as many queries as run at once.
var places = max(2, min(runtime.GOMAXPROCS(0), 8))

// TestTurns asks more at once than there are places: the others wait for their
// turn, and none fails.
func TestTurns(t *testing.T) {
	h := open(t)
	s := &source{release: make(chan struct{})}
	h.api = h.over(s)
	answers := make(chan answer, 100)
	ask := func(expr string, more ...string) {
		go func() {
			answers <- h.ask("viewer", "GET", "query", form(append([]string{"query", expr}, more...)...))
		}()
	}
	for range places {
		ask("slow")
	}
	eventually(t, "all places are taken", func() bool { return s.waiting.Load() == int64(places) })
	const more = 20
	for range more {
		ask("fast")
	}
	select {
	case a := <-answers:
		t.Fatalf("it did not wait: %d %s", a.status, a.body)
	case <-time.After(50 * time.Millisecond):
	}
	// Who has no time to wait is told so.
	h.get("query", "query", "fast", "timeout", "10ms").refused(503, "timeout", "")
	// What needs no engine goes on.
	h.get("metadata").ok()
	go func() { answers <- h.ask("viewer", "GET", "labels", nil) }() // reads, too, so it waits
	close(s.release)
	for range places + more + 1 {
		if a := <-answers; a.status != 200 {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
}

// TestGone has clients go away while their queries run: the places are free at
// once.
func TestGone(t *testing.T) {
	h := open(t)
	s := &source{release: make(chan struct{})}
	defer close(s.release)
	api := h.over(s)
	server := httptest.NewServer(api)
	defer server.Close()
	gone := make(chan error, places)
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	for range places {
		go func() {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+prefix+"/api/v1/query?query=slow", nil)
			if err != nil {
				gone <- err
				return
			}
			r.Header.Set("Authorization", "Bearer "+h.secrets["viewer"])
			resp, err := http.DefaultClient.Do(r)
			if err == nil {
				_ = resp.Body.Close()
			}
			gone <- err
		}()
	}
	eventually(t, "all places are taken", func() bool { return s.waiting.Load() == int64(places) })
	leave()
	for range places {
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("a client that goes: %v", err)
		}
	}
	eventually(t, "all queries ended", func() bool { return s.ended.Load() == int64(places) })
	serve(t, api, h.request("viewer", "GET", "query", form("query", "fast", "timeout", "5s"))).ok()
}

// TestBusy ends a query that calculates: when its client goes, and when its time
// is up.
func TestBusy(t *testing.T) {
	h := open(t)
	// Many numbers are put in order, ten thousand times, for each of many series; the
	// engine looks up between two series.
	heavy := []string{"query", `quantile_over_time(0.5, (xushi_status * 1)[30d:1h])`, "start", "1790000000", "end", "1790010000", "step", "1"}
	ctx, leave := context.WithCancel(t.Context())
	r := h.request("viewer", "GET", "query_range", form(heavy...)).WithContext(ctx)
	time.AfterFunc(50*time.Millisecond, leave)
	began := time.Now()
	serve(t, h.api, r).refused(499, "canceled", "query was canceled")
	h.get("query_range", append(heavy, "timeout", "50ms")...).refused(503, "timeout", "query timed out")
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("they ended after %v", took)
	}
}

// TestTime ends a query that nobody ends, after half a minute.
func TestTime(t *testing.T) {
	h := open(t)
	synctest.Test(t, func(t *testing.T) {
		s := &source{release: make(chan struct{})}
		began := time.Now()
		serve(t, h.over(s), h.request("viewer", "GET", "query", form("query", "slow"))).refused(503, "timeout", "query timed out")
		if took := time.Since(began); took != 30*time.Second {
			t.Errorf("after %v", took)
		}
	})
}

// TestBroken has the source fail.
func TestBroken(t *testing.T) {
	h := open(t)
	h.api = h.over(&source{})
	h.get("query", "query", "fails").refused(422, "execution", "it is broken")
	h.get("series", "match[]", "fails").refused(422, "execution", "it is broken")
	for range places + 1 { // the places are given back
		h.get("query", "query", "panics").refused(500, "internal", "出错了")
	}
	h.get("series", "match[]", "panics").refused(500, "internal", "出错了")
	if log := h.log.String(); strings.Count(log, "as it was told to") < 2 || !strings.Contains(log, "request panicked") {
		t.Errorf("the log does not tell: %s", clip(log))
	}
	h.get("query", "query", "fast", "timeout", "5s").ok()
}
