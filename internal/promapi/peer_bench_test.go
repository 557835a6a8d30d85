//go:build unix

package promapi_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"

	"xushi/internal/access"
	"xushi/internal/dashboard"
	"xushi/internal/door"
	"xushi/internal/promapi"
	"xushi/internal/quantity/quantitytest"
	"xushi/internal/testkit/realprom"
)

// yearSeconds is the range of the dashboards over the plans' year.
var yearStart, yearEnd = time.Date(2025, 12, 31, 16, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 15, 59, 59, 0, time.UTC)

// ask is a query as a dashboard asks it.
type ask struct {
	expr    string
	overDay bool // a range by day, else instant at the end of the range
}

func (a ask) path() string {
	form := url.Values{"query": {a.expr}}
	if !a.overDay {
		form.Set("time", strconv.FormatInt(yearEnd.Unix(), 10))
		return "/api/v1/query?" + form.Encode()
	}
	form.Set("start", strconv.FormatInt(yearStart.Unix(), 10))
	form.Set("end", strconv.FormatInt(yearEnd.Unix(), 10))
	form.Set("step", "86400")
	return "/api/v1/query_range?" + form.Encode()
}

var (
	knowledge = regexp.MustCompile(`,?\s*__as_of__="[^"]*"`)
	chosen    = strings.NewReplacer("$plan", "area000-2026", "$section", "1", "$organisation", "org00", "$portfolio", ".*",
		"$task", "[0-9]+", "$indicator", "indicator-001", "$as_of", "现在", "$__interval", "1d", "$__rate_interval", "4d", "$__range", "366d")
)

// dashboardQueries are those of all panels of the dashboards on plans.
func dashboardQueries() map[string][]ask {
	queries := map[string][]ask{}
	for _, d := range dashboard.All() {
		for _, p := range d.Panels {
			for _, t := range p.Targets {
				if t.Datasource.UID == "xushi" {
					queries[d.UID] = append(queries[d.UID], ask{chosen.Replace(t.Expr), t.Range})
				}
			}
		}
	}
	return queries
}

// peers are Xushi over a big board, and a real Prometheus that holds the same
// samples of the metrics that are asked for.
type peers struct {
	ours, theirs string // addresses in front of /api/v1
	client       *http.Client
	series       int
}

// bearer sends the token along; Prometheus does not mind.
type bearer struct{ token string }

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Header.Set("Authorization", "Bearer "+b.token)
	return http.DefaultTransport.RoundTrip(r)
}

func newPeers(b *testing.B, indicators int, asks []ask) *peers {
	b.Helper()
	l := quantitytest.Big(b, indicators)
	directory := access.NewDirectory(l.Now)
	_, secret, err := directory.Create(context.Background(), recorder{directory}, "test", access.Token{Name: "viewer", Role: access.Viewer}, l.Board)
	if err != nil {
		b.Fatal(err)
	}
	source := promapi.NewReference(promapi.ReferenceConfig{Board: l.Board, Clock: l.Now})
	server := httptest.NewServer(promapi.New("/prometheus", promapi.Deps{Source: source, Gate: &door.Gate{Directory: directory}, Clock: l.Now,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}))
	b.Cleanup(server.Close)
	p := &peers{ours: server.URL + "/prometheus", client: &http.Client{Transport: bearer{secret}}}
	p.theirs = realprom.Start(b, func(add realprom.Add) { p.series = load(b, source, asks, add) },
		"--query.lookback-delta=20y", "--query.max-samples=200000000")
	return p
}

// load adds all samples of the metrics that some queries name.
func load(b *testing.B, source *promapi.Reference, asks []ask, add realprom.Add) (series int) {
	names := map[string]bool{}
	for _, a := range asks {
		expr, err := parser.NewParser(parser.Options{}).ParseExpr(a.expr)
		if err != nil {
			b.Fatalf("%s: %v", a.expr, err)
		}
		parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
			if v, ok := n.(*parser.VectorSelector); ok {
				names[v.Name] = true
			}
			return nil
		})
	}
	sight, err := source.Open(promapi.Reader{})
	if err != nil {
		b.Fatal(err)
	}
	q, err := sight.Querier(math.MinInt64, math.MaxInt64)
	if err != nil {
		b.Fatal(err)
	}
	for name := range names {
		found := q.Select(b.Context(), false, &storage.SelectHints{Start: math.MinInt64, End: math.MaxInt64, Step: 1},
			labels.MustNewMatcher(labels.MatchEqual, model.MetricNameLabel, name))
		for found.Next() {
			s := found.At()
			var samples []realprom.Sample
			for it := s.Iterator(nil); it.Next() != 0; {
				t, v := it.At()
				samples = append(samples, realprom.Sample{Time: t, Value: v})
			}
			add(s.Labels(), samples)
			series++
		}
		if err := found.Err(); err != nil {
			b.Fatal(err)
		}
	}
	return series
}

// get asks one side and reads the whole answer.
func (p *peers) get(b *testing.B, base string, a ask) (size int64) {
	if base == p.theirs {
		a.expr = knowledge.ReplaceAllString(a.expr, "")
	}
	r, err := p.client.Get(base + a.path())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	if r.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(r.Body)
		b.Fatalf("%s answers %d to %s: %.300s", base, r.StatusCode, a.expr, text)
	}
	size, err = io.Copy(io.Discard, r.Body)
	if err != nil {
		b.Fatal(err)
	}
	return size
}

// compare has both sides answer some queries, one after the other, in turns, and
// reports the median time of a round and their ratio.
func (p *peers) compare(b *testing.B, asks []ask) {
	var ours, theirs []float64
	for range 2 { // what is made once and kept is made; both sides get the chance
		p.round(b, p.ours, asks)
		p.round(b, p.theirs, asks)
	}
	for b.Loop() {
		ours = append(ours, p.round(b, p.ours, asks))
		theirs = append(theirs, p.round(b, p.theirs, asks))
	}
	a, c := median(ours), median(theirs)
	b.ReportMetric(0, "ns/op") // of both together says nothing
	b.ReportMetric(a, "xushi-ms")
	b.ReportMetric(c, "prometheus-ms")
	b.ReportMetric(a/c, "ratio")
}

func (p *peers) round(b *testing.B, base string, asks []ask) float64 {
	began := time.Now()
	for _, a := range asks {
		p.get(b, base, a)
	}
	return float64(time.Since(began).Microseconds()) / 1000
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// BenchmarkDashboards asks all queries of each dashboard, where Prometheus holds
// nothing but what the dashboards read. The number is that of its series.
func BenchmarkDashboards(b *testing.B) {
	queries := dashboardQueries()
	var all []ask
	for _, list := range queries {
		all = append(all, list...)
	}
	for _, indicators := range []int{1, 95, 950} {
		p := newPeers(b, indicators, all)
		for _, d := range dashboard.All() {
			if asks := queries[d.UID]; len(asks) > 0 {
				b.Run(fmt.Sprintf("%s/%d", d.UID, p.series), func(b *testing.B) { p.compare(b, asks) })
			}
		}
	}
}

// BenchmarkSeries asks over 100, 10,000 and 100,000 series of each metric.
func BenchmarkSeries(b *testing.B) {
	some := `plan="area000-2026",task=~"[0-9]|1[0-9]|2[0-5]"` // a hundred indicators
	cases := []struct {
		name string
		ask  ask
	}{
		{"all", ask{`xushi_status_severity`, false}},
		{"count", ask{`count(xushi_status_severity)`, false}},
		{"red", ask{`sort_desc(xushi_status_severity >= 6)`, false}},
		{"worst10", ask{`topk(10, xushi_lag_months)`, false}},
		{"join", ask{`xushi_status_severity >= 6 and on (plan, indicator) xushi_indicator_organisation{organisation="org07"}`, false}},
		{"lights", ask{`xushi_plan_lights{plan="area000-2026"}`, false}},
		{"year-of-100", ask{`xushi_actual{` + some + `}`, true}},
		{"year-of-lights", ask{`xushi_plan_lights{plan="area000-2026"}`, true}},
	}
	var all []ask
	for _, c := range cases {
		all = append(all, c.ask)
	}
	for _, indicators := range []int{100, 10_000, 100_000} {
		p := newPeers(b, indicators, all)
		for _, c := range cases {
			b.Run(fmt.Sprintf("%s/%d", c.name, indicators), func(b *testing.B) { p.compare(b, []ask{c.ask}) })
		}
	}
}
