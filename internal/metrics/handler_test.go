package metrics_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"xushi/internal/judge"
	"xushi/internal/metrics"
	"xushi/internal/plan"
	"xushi/internal/quantity"
	"xushi/internal/quantity/quantitytest"
	"xushi/internal/testkit/require"
)

var update = flag.Bool("update", false, "write the golden files and docs/metrics.md anew")

// golden compares with a file, or writes it.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
		for i := range g {
			if i >= len(w) || g[i] != w[i] {
				t.Fatalf("%s differs from line %d on, where it should say\n%s\nRun go test ./internal/metrics -update and look at what changed.", path, i+1, g[i])
			}
		}
		t.Fatalf("%s has lines too many", path)
	}
}

// scrape asks a handler as Prometheus does.
func scrape(t *testing.T, h http.Handler, encoding string) (*httptest.ResponseRecorder, []byte) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return w, w.Body.Bytes()
}

// families reads an exposition with Prometheus's own parser.
func families(t *testing.T, body []byte) map[string]*dto.MetricFamily {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	f, err := parser.TextToMetricFamilies(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// labelsOf are the labels of a sample.
func labelsOf(m *dto.Metric) map[string]string {
	labels := map[string]string{}
	for _, l := range m.Label {
		labels[l.GetName()] = l.GetValue()
	}
	return labels
}

// values gives the values of the samples of a family that have certain labels,
// as pairs of name and value.
func values(f *dto.MetricFamily, pairs ...string) []float64 {
	var list []float64
	for _, m := range f.GetMetric() {
		labels, fits := labelsOf(m), true
		for i := 0; i < len(pairs); i += 2 {
			fits = fits && labels[pairs[i]] == pairs[i+1]
		}
		if fits {
			list = append(list, m.GetGauge().GetValue())
		}
	}
	return list
}

func sum(list []float64) float64 {
	var s float64
	for _, v := range list {
		s += v
	}
	return s
}

// TestGolden renders a plan with an indicator of every kind.
func TestGolden(t *testing.T) {
	_, body := scrape(t, metrics.NewHandler(quantitytest.Small(t), false), "")
	golden(t, "testdata/small.prom", body)
}

// TestPromtool has Prometheus's own linter look at the exposition.
func TestPromtool(t *testing.T) {
	tool := require.Tool(t, "promtool", "prometheus")
	for _, demo := range []bool{false, true} {
		_, body := scrape(t, metrics.NewHandler(quantitytest.Small(t), demo), "")
		cmd := exec.CommandContext(t.Context(), tool, "check", "metrics")
		cmd.Stdin = bytes.NewReader(body)
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("promtool check metrics: %v\n%s", err, out)
		}
	}
}

// TestEveryIndicator looks that nobody who may be seen is left out, that nothing
// is published which is not known, and that no sample has a timestamp.
func TestEveryIndicator(t *testing.T) {
	l := quantitytest.Small(t)
	_, body := scrape(t, metrics.NewHandler(l, false), "")
	f := families(t, body)
	for _, it := range l.Snapshot().Plans[0].Items {
		hidden := it.Visibility != nil
		of := func(name string) int { return len(values(f[name], "indicator", it.ID)) }
		want := func(name string, n int) {
			t.Helper()
			if hidden {
				n = 0
			}
			if got := of(name); got != n {
				t.Errorf("%s: %d samples of %s, want %d", it.ID, got, name, n)
			}
		}
		judged, has := it.Judged(), map[bool]int{true: 1}
		want("xushi_status_severity", has[judged])
		want("xushi_light_severity", has[judged || it.Kind == plan.Standing])
		want("xushi_indicator_info", 1)
		want("xushi_target", has[it.Kind != plan.Standing])
		want("xushi_actual", has[it.Kind != plan.Standing && it.Kind != plan.Context && it.ID != "unreported" && it.ID != "water"])
		if got := sum(values(f["xushi_status"], "indicator", it.ID)); got != float64(has[judged && !hidden]) {
			t.Errorf("%s has %v statuses at once", it.ID, got)
		}
		if got := sum(values(f["xushi_reporting"], "indicator", it.ID)); got != float64(has[it.Kind != plan.Context && !hidden]) {
			t.Errorf("%s has %v reporting states at once", it.ID, got)
		}
		for i := range it.Parts {
			if got := values(f["xushi_part_actual"], "indicator", it.ID, "part", it.Parts[i].Part.ID); len(got) != 1 {
				t.Errorf("%s: part %s has %d actual values", it.ID, it.Parts[i].Part.ID, len(got))
			}
		}
	}
	for name, family := range f {
		for _, m := range family.Metric {
			if m.TimestampMs != nil {
				t.Errorf("%s has a timestamp", name)
			}
		}
	}
	if got := values(f["xushi_target"], "name", quantitytest.Hostile, "lead", quantitytest.Hostile); !slices.Equal(got, []float64{73}) {
		t.Errorf("the hostile name came back with the targets %v", got)
	}
	if got := values(f["xushi_part_actual"], "part_name", quantitytest.Hostile); !slices.Equal(got, []float64{30}) {
		t.Errorf("the hostile part came back with %v", got)
	}
}

// TestRollUps counts the indicators again from their own samples.
func TestRollUps(t *testing.T) {
	l := quantitytest.Small(t)
	_, body := scrape(t, metrics.NewHandler(l, false), "")
	f := families(t, body)
	roles := map[string][]string{} // role and organisation → indicators
	for _, m := range f["xushi_indicator_organisation"].Metric {
		o := labelsOf(m)
		key := o["role"] + " " + o["organisation"]
		roles[key] = append(roles[key], o["indicator"])
	}
	for _, s := range judge.Statuses()[1:] {
		want := map[string]float64{}
		for _, m := range f["xushi_status"].Metric {
			labels := labelsOf(m)
			if labels["status"] != s.String() || m.GetGauge().GetValue() == 0 {
				continue
			}
			want["plan "+labels["plan"]]++
			want["section "+labels["section"]]++
			want["task "+labels["task"]]++
			inPortfolio := 0.0
			for _, o := range []string{"fagai", "shangwu", "hostile"} {
				switch {
				case slices.Contains(roles["lead "+o], labels["indicator"]):
					want["lead "+o]++
					if o != "hostile" {
						inPortfolio = 1
					}
				case slices.Contains(roles["co "+o], labels["indicator"]):
					want["co "+o]++
				}
			}
			want["portfolio vice-1"] += inPortfolio
		}
		for _, subject := range []string{"plan", "section", "task", "organisation", "portfolio"} {
			for _, m := range f["xushi_"+subject+"_indicators"].Metric {
				labels := labelsOf(m)
				key := subject + " " + labels[subject]
				if subject == "organisation" {
					key = labels["role"] + " " + labels[subject]
				}
				if got := m.GetGauge().GetValue(); labels["status"] == s.String() && got != want[key] {
					t.Errorf("%s, %s: %v indicators, want %v", key, s, got, want[key])
				}
			}
		}
	}
	judged := 0.0
	for _, it := range l.Snapshot().Plans[0].Items {
		if it.Judged() && it.Visibility == nil {
			judged++
		}
	}
	for _, name := range []string{"xushi_plan_indicators", "xushi_plan_lights", "xushi_plan_reporting", "xushi_section_indicators", "xushi_section_lights", "xushi_task_indicators"} {
		if got := sum(values(f[name])); got != judged {
			t.Errorf("%s counts %v indicators, want each of %v once", name, got, judged)
		}
	}
	if got := values(f["xushi_plan_standing"], "light", "yellow"); !slices.Equal(got, []float64{1}) {
		t.Errorf("standing work under yellow: %v", got)
	}
	if got := values(f["xushi_plan_lowered"]); !slices.Equal(got, []float64{1}) {
		t.Errorf("met only after lowering: %v", got)
	}
}

// TestNextScrape folds a figure in and looks at the next scrape, and that a
// picture is rendered once.
func TestNextScrape(t *testing.T) {
	l := quantitytest.Small(t)
	h := metrics.NewHandler(l, false)
	rendered := 0
	h.Rendered = func(int, time.Duration) { rendered++ }
	for i, value := range []string{"800", "910.5", "910.5", "1000"} {
		if i > 0 {
			l.Fold(t, quantitytest.Posted(quantitytest.Figure("test/smes", "", 2026, 5, value)))
		}
		_, first := scrape(t, h, "")
		_, again := scrape(t, h, "")
		if !bytes.Equal(first, again) || rendered != i+1 {
			t.Fatalf("scrape %d: rendered %d times", i, rendered)
		}
		want, _ := strconv.ParseFloat(value, 64)
		if got := values(families(t, first)["xushi_actual"], "indicator", "smes"); !slices.Equal(got, []float64{want}) {
			t.Errorf("posted %s, scraped %v", value, got)
		}
	}
}

// TestTime passes time over a picture that stays the same: what may be seen
// later appears when its moment comes, and the year goes on at midnight.
func TestTime(t *testing.T) {
	l := quantitytest.Small(t)
	h := metrics.NewHandler(l, false)
	rendered := 0
	h.Rendered = func(int, time.Duration) { rendered++ }
	for _, c := range []struct {
		now      time.Time
		later    int
		days     float64
		rendered int
	}{
		{quantitytest.Moment, 0, 166, 1},
		{quantitytest.Moment.Add(3*time.Hour - 1), 0, 166, 1},
		{quantitytest.Moment.Add(3 * time.Hour), 1, 166, 2},
		{quantitytest.Moment.Add(14*time.Hour - 1), 1, 166, 2}, // 23:59 in Shanghai
		{quantitytest.Moment.Add(14 * time.Hour), 1, 167, 3},
	} {
		l.Clock.Time = c.now
		_, body := scrape(t, h, "gzip")
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		f := families(t, plain)
		if got := values(f["xushi_status_severity"], "indicator", "later"); len(got) != c.later {
			t.Errorf("%s: %d samples of what may be seen later", c.now, len(got))
		}
		if got := values(f["xushi_year_elapsed_ratio"], "basis", "days"); !slices.Equal(got, []float64{c.days / 365}) {
			t.Errorf("%s: elapsed %v, want %v days", c.now, got, c.days)
		}
		if rendered != c.rendered {
			t.Errorf("%s: rendered %d times, want %d", c.now, rendered, c.rendered)
		}
	}
}

// TestEncodings compares what clients get by what they accept.
func TestEncodings(t *testing.T) {
	l := quantitytest.Small(t)
	_, plain := scrape(t, metrics.NewHandler(l, false), "")
	for _, c := range []struct {
		accept string
		gzip   bool
	}{
		{"", false}, {"gzip", true}, {"deflate, gzip;q=1.0, *;q=0.5", true}, {"gzip;q=0", false}, {"identity", false},
		{"*", true}, {"br", false}, {"gzip; q=0.1", true}, {"gzip;q=0, *", false}, {"*;q=0", false}, {"GZIP", true},
	} {
		for _, warm := range []string{"", "gzip", "none"} {
			h := metrics.NewHandler(l, false)
			if warm != "none" {
				scrape(t, h, warm) // the other encoding may be there already
			}
			w, body := scrape(t, h, c.accept)
			if got := w.Header().Get("Content-Length"); got != strconv.Itoa(len(body)) {
				t.Errorf("%q: Content-Length %s of %d bytes", c.accept, got, len(body))
			}
			if w.Header().Get("Content-Type") != "text/plain; version=0.0.4; charset=utf-8" || w.Header().Get("Vary") != "Accept-Encoding" {
				t.Errorf("%q: header %v", c.accept, w.Header())
			}
			if got := w.Header().Get("Content-Encoding") == "gzip"; got != c.gzip {
				t.Errorf("%q: gzip is %v", c.accept, got)
				continue
			}
			if c.gzip {
				z, err := gzip.NewReader(bytes.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				if body, err = io.ReadAll(z); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(body, plain) {
				t.Errorf("%q: other bytes than plain", c.accept)
			}
		}
	}
	w := httptest.NewRecorder()
	metrics.NewHandler(l, false).ServeHTTP(w, httptest.NewRequest(http.MethodHead, "/metrics", nil))
	if w.Body.Len() != 0 || w.Header().Get("Content-Length") != strconv.Itoa(len(plain)) {
		t.Errorf("HEAD: %d bytes, header %v", w.Body.Len(), w.Header())
	}
}

// TestTogether scrapes while figures are folded in: every scrape shows what was
// there when it was asked, or something newer.
func TestTogether(t *testing.T) {
	l := quantitytest.Small(t)
	h := metrics.NewHandler(l, false)
	actual := func() float64 { return l.Snapshot().Plans[0].Item("smes").Judgement.Actual.Value.Float64() }
	stop := make(chan struct{})
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				asked := actual()
				w := httptest.NewRecorder()
				h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
				_, line, _ := strings.Cut(w.Body.String(), "\nxushi_actual{indicator=\"smes\"")
				line, _, _ = strings.Cut(line, "\n")
				_, value, _ := strings.Cut(line, "} ")
				if got, err := strconv.ParseFloat(value, 64); err != nil || got < asked || got > actual() {
					t.Errorf("scraped %q (%v) where %v was there", value, err, asked)
					return
				}
			}
		})
	}
	for i := range 100 {
		l.Fold(t, quantitytest.Posted(quantitytest.Figure("test/smes", "", 2026, 5, strconv.Itoa(801+i))))
	}
	close(stop)
	group.Wait()
}

// TestDemo looks that simulated figures are marked, and by nothing but a label.
func TestDemo(t *testing.T) {
	l := quantitytest.Small(t)
	_, real := scrape(t, metrics.NewHandler(l, false), "")
	_, demo := scrape(t, metrics.NewHandler(l, true), "")
	marked := bytes.Replace(real, []byte(`demo=""`), []byte(`demo="`+quantity.DemoMark+`"`), 1)
	if bytes.Equal(real, marked) || !bytes.Equal(demo, marked) {
		t.Error("the demonstration differs in more or less than the mark of the plan")
	}
}

// TestEmpty scrapes a board without plans.
func TestEmpty(t *testing.T) {
	if _, body := scrape(t, metrics.NewHandler(quantitytest.NewLog(quantitytest.Moment), false), "gzip"); len(body) == 0 {
		t.Error("no gzip of nothing")
	}
	if _, body := scrape(t, metrics.NewHandler(quantitytest.NewLog(quantitytest.Moment), false), ""); len(body) > 0 {
		t.Errorf("%s", body)
	}
}

// TestDocs holds docs/metrics.md to the catalogue.
func TestDocs(t *testing.T) {
	golden(t, "../../docs/metrics.md", []byte(metrics.Markdown()))
}
