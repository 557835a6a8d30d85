//go:build unix

package promapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"xushi/internal/promapi"
	"xushi/internal/testkit/realprom"
)

// real starts a real Prometheus over every sample that the supervisor sees.
func (h *house) real() string {
	h.Helper()
	source, err := h.source.Open(promapi.Reader{Token: h.directory.Find(h.secrets["supervisor"])})
	if err != nil {
		h.Fatal(err)
	}
	q, err := source.Querier(math.MinInt64, math.MaxInt64)
	if err != nil {
		h.Fatal(err)
	}
	defer func() { _ = q.Close() }()
	return realprom.Start(h.TB, func(add realprom.Add) {
		found := q.Select(context.Background(), false, nil, labels.MustNewMatcher(labels.MatchRegexp, model.MetricNameLabel, ".+"))
		for found.Next() {
			var samples []realprom.Sample
			it := found.At().Iterator(nil)
			for it.Next() != chunkenc.ValNone {
				t, v := it.At()
				samples = append(samples, realprom.Sample{Time: t, Value: v})
			}
			add(found.At().Labels(), samples)
		}
		if err := found.Err(); err != nil {
			h.Fatal(err)
		}
	}, "--query.lookback-delta=20y")
}

// fetch asks a real Prometheus.
func fetch(t testing.TB, base, path string, form url.Values) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/api/v1/"+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{t, resp.StatusCode, resp.Header, string(b)}
}

// outcome is an answer so that it can be compared: of an error its kind, else the
// points by series.
func (a answer) outcome() (kind string, series map[string][]point) {
	a.t.Helper()
	e := a.envelope()
	if e.Status != "success" {
		return fmt.Sprint(a.status, " ", e.ErrorType), nil
	}
	var r result
	if err := json.Unmarshal(e.Data, &r); err != nil {
		a.t.Fatal(err)
	}
	series = map[string][]point{}
	switch r.ResultType {
	case "vector", "matrix":
		for _, s := range a.series(r) {
			key := labels.FromMap(s.Metric).String()
			if series[key] != nil {
				a.t.Fatalf("%s comes twice: %s", key, clip(a.body))
			}
			if series[key] = s.Values; s.Value != nil {
				series[key] = []point{*s.Value}
			}
		}
	default:
		var p point
		if err := json.Unmarshal(r.Result, &p); err != nil {
			a.t.Fatal(err)
		}
		series[""] = []point{p}
	}
	return r.ResultType, series
}

// near tells whether two numbers as text are the same, but for the order in which
// they were added up.
func near(a, b string) bool {
	if a == b {
		return true
	}
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err1 == nil && err2 == nil && math.Abs(x-y) <= 1e-12*max(math.Abs(x), math.Abs(y))
}

// same compares the answers of Xushi and a real Prometheus; it gives "" or what
// differs first.
func same(ours, real answer) string {
	kind, got := ours.outcome()
	wantKind, want := real.outcome()
	if kind != wantKind {
		return fmt.Sprintf("%s, Prometheus: %s\n%s\n%s", kind, wantKind, clip(ours.body), clip(real.body))
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		equal := slices.EqualFunc(got[key], want[key], func(a, b point) bool { return a.at == b.at && near(a.value, b.value) })
		if got[key] == nil || !equal {
			return fmt.Sprintf("%s\n%s, Prometheus:\n%s", key, clip(fmt.Sprint(got[key])), clip(fmt.Sprint(want[key])))
		}
	}
	for key := range got {
		if want[key] == nil {
			return fmt.Sprintf("%s\n%v, Prometheus: nothing", key, got[key])
		}
	}
	return ""
}

// elsewhen are moments and stretches at which the questions of the scripts are
// asked, too. None begins or ends at the end of a period, so that no sample stands
// exactly at the start of a window: release 2 takes it in, release 3 does not.
func elsewhen(t testing.TB) []when {
	var list []when
	for _, text := range []string{"2026-01-20 10:41:07.123", "2026-03-30 23:12:44.5", "2026-07-01 11:00:00.001", "2026-10-17 03:09:59", "2027-03-04 05:06:07.891"} {
		list = append(list, when{from: moment(t, text)})
	}
	for _, s := range [][3]string{
		{"2026-06-30 23:57:03.25", "2026-07-01 00:03:00", "15s"},
		{"2026-04-29 11:31:09", "2026-05-02 09:00:00", "1h"},
		{"2026-05-17 05:43:21.987", "2026-07-15 00:00:00", "1d"},
		{"2026-01-03 13:13:13", "2026-12-20 00:00:00", "7d"},
		{"2025-12-11 02:34:56", "2027-02-28 00:00:00", "30d"},
	} {
		list = append(list, when{moment(t, s[0]), moment(t, s[1]), step(t, s[2])})
	}
	return list
}

// TestReal asks the questions of the scripts, and more, of a real Prometheus that
// holds the same samples.
func TestReal(t *testing.T) {
	h := open(t)
	base := h.real()
	compare := func(t *testing.T, where, expr string, at when) {
		t.Helper()
		path, params := at.params(expr)
		if diff := same(h.ask("supervisor", http.MethodPost, path, form(params...)), fetch(t, base, path, form(params...))); diff != "" {
			t.Errorf("%s: %s at %v: %s", where, expr, at, diff)
		}
	}
	other := elsewhen(t)
	if testing.Short() {
		other = nil
	}
	for _, file := range scripts(t) {
		t.Run(strings.TrimSuffix(file, ".test"), func(t *testing.T) {
			read(t, file, script(t, file), func(q query) []string {
				if q.here != "" {
					return nil
				}
				compare(t, fmt.Sprintf("%s:%d", q.file, q.line), q.expr, q.at)
				for _, at := range other {
					compare(t, fmt.Sprintf("%s:%d", q.file, q.line), q.expr, at)
				}
				return nil
			})
		})
	}
	// Every series, around the ends of periods and at the ends of time.
	t.Run("all", func(t *testing.T) {
		months, names := []time.Month{time.July, time.December + 1}, []string{"xushi_required_per_month"}
		if !testing.Short() {
			months, names = nil, []string{"xushi_.*status.*", "xushi_part_.+", "xushi_.+_ratio", "xushi_.+_info"}
			for m := time.January; m <= time.December+2; m++ {
				months = append(months, m)
			}
		}
		for _, m := range months {
			first := time.Date(2026, m, 1, 0, 0, 0, 0, shanghai)
			for _, at := range []time.Time{first.Add(-time.Millisecond), first, first.Add(time.Millisecond), first.Add(2 * time.Hour)} {
				compare(t, "all", `{__name__=~"xushi_.+"}`, when{from: at})
			}
		}
		for _, name := range names {
			all := `{__name__=~"` + name + `"}`
			compare(t, "all", all, when{moment(t, "2025-12-20 00:00"), moment(t, "2027-02-20 00:00"), 24 * time.Hour})
			compare(t, "all", all+"[400d]", when{from: moment(t, "2026-08-04 09:30")})
		}
	})
}
