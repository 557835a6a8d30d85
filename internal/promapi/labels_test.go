package promapi_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"xushi/internal/access"
	"xushi/internal/door"
	"xushi/internal/promapi"
	"xushi/internal/quantity"
	"xushi/internal/quantity/quantitytest"
	"xushi/internal/testkit/golden"
)

// goVersion is that of whoever runs the test, and version that of the module,
// which a test's binary does not tell.
var goVersion, version = regexp.MustCompile(`"goVersion":"go[^"]+"`), regexp.MustCompile(`"version":"3\.\d+\.\d+"`)

// TestGrafana replays what Grafana sends.
func TestGrafana(t *testing.T) {
	h := open(t)
	b, err := os.ReadFile("testdata/grafana.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for block := range strings.SplitSeq(strings.TrimSpace(string(b)), "\n\n") {
		var lines []string
		for line := range strings.Lines(block) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "  ") && line[0] != '#' {
				lines = append(lines, line)
			}
		}
		method, path, _ := strings.Cut(lines[0], " ")
		body := ""
		if len(lines) > 1 {
			body = lines[1]
		}
		r := httptest.NewRequestWithContext(t.Context(), method, prefix+"/api/v1/"+path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+h.secrets["supervisor"])
		r.Header.Set("User-Agent", "Grafana/12.4.0")
		if method == "POST" {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		text := sorted(t, serve(t, h.api, r).body)
		text = version.ReplaceAllString(goVersion.ReplaceAllString(text, `"goVersion":"go"`), `"version":"3.x"`)
		text = strings.ReplaceAll(text, `},{"metric"`, "},\n  {\"metric\"") // lines that can be read
		out.WriteString(strings.TrimSuffix(block, "\n") + "\n→ " + text + "\n\n")
	}
	golden.Check(t, "grafana.golden", out.String())
}

// sorted is JSON with its names in order, which in some answers is by chance.
func sorted(t testing.TB, text string) string {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out.String())
}

// TestMetadata looks at what metrics are said to be.
func TestMetadata(t *testing.T) {
	h := open(t)
	read := func(pairs ...string) map[string][]map[string]string {
		t.Helper()
		var m map[string][]map[string]string
		if err := json.Unmarshal([]byte(h.get("metadata", pairs...).ok()), &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	catalogue := quantity.Catalogue()
	all := read()
	if len(all) != len(catalogue) || len(read("limit", "100000")) != len(all) || len(read("limit_per_metric", "1")) != len(all) {
		t.Errorf("%d metrics, want %d", len(all), len(catalogue))
	}
	for _, q := range catalogue {
		if m := all[q.Name]; len(m) != 1 || m[0]["type"] != "gauge" || !strings.Contains(m[0]["help"], q.Help) || !strings.Contains(m[0]["help"], q.HelpZh) || len(m[0]) != 3 {
			t.Errorf("%s: %q", q.Name, m)
		}
	}
	if n := len(read("limit", "3")); n != 3 {
		t.Errorf("%d, want 3", n)
	}
	if m := read("metric", "xushi_actual"); len(m) != 1 || m["xushi_actual"] == nil {
		t.Errorf("%q", m)
	}
	h.get("metadata", "metric", "none").is("{}")
	h.get("metadata", "limit", "0").is("{}")
}

// list reads an answer that is a list of texts.
func (a answer) list() (list []string) {
	a.t.Helper()
	if err := json.Unmarshal([]byte(a.ok()), &list); err != nil {
		a.t.Fatal(err)
	}
	if !slices.IsSorted(list) || len(slices.Compact(slices.Clone(list))) != len(list) {
		a.t.Errorf("not in order, or not once each: %q", list)
	}
	return list
}

// TestLabels looks at labels without and with selectors.
func TestLabels(t *testing.T) {
	h := open(t)
	want := map[string]bool{"__name__": true}
	var names []string
	for _, q := range quantity.Catalogue() {
		names = append(names, q.Name)
		for _, l := range q.Labels() {
			want[l] = true
		}
	}
	slices.Sort(names)
	if got := h.get("labels").list(); len(got) != len(want) || !slices.Contains(got, "indicator") || slices.Contains(got, promapi.AsOf) {
		t.Errorf("%q", got)
	}
	if got := h.get("label/__name__/values").list(); !slices.Equal(got, names) {
		t.Errorf("%q", got)
	}
	for _, c := range []struct{ path, match, want string }{
		{"label/indicator/values", "", `["embargo","firms","gdp","hazards","investment","jobs","letters","lifts","reform","roads"]`},
		{"label/indicator/values", `xushi_actual`, `["embargo","firms","gdp","hazards","investment","jobs","letters","lifts","roads"]`},
		{"label/indicator/values", `{section="1"}`, `["firms","gdp","investment","jobs"]`},
		{"label/indicator/values", `{__name__=~"xushi_part_.+"}`, `["jobs"]`},
		{"label/__name__/values", `{part="dongjie",__name__=~"xushi_part_(actual|target|figure)"}`, `["xushi_part_actual","xushi_part_figure","xushi_part_target"]`},
		{"label/part/values", "", `["dongjie","xijie"]`},
		{"label/plan/values", "", `["linhe-2026","xihe-2026"]`},
		{"label/plan/values", `{indicator="firms"}`, `["linhe-2026"]`},
		{"label/period/values", `xushi_figure{indicator="letters"}`, `["2026-02","2026-04","2026-08"]`},
		{"label/status/values", `xushi_status{indicator="hazards"}`, `["behind","done","missed","on_track","pending"]`},
		{"label/part/values", `xushi_actual`, `[]`},
		{"label/nothing/values", "", `[]`},
		{"label/indicator/values", `xushi_nothing`, `[]`},
		{"label/__as_of__/values", "", `[]`},
		{"label/U__not_20_here/values", "", `[]`},
		{"label/%E6%8C%87%E6%A0%87/values", "", `[]`},
		{"labels", `xushi_part_actual`, `["__name__","indicator","kind","lead","name","part","part_name","plan","section","task","unit"]`},
		{"labels", `xushi_nothing`, `[]`},
		{"labels", `xushi_actual{indicator="nothing"}`, `[]`},
		// What ended is not there; what is yet to come is.
		{"label/indicator/values", `xushi_required_per_month{section="2"}`, `["embargo","letters"]`},
		{"label/period/values", `xushi_figure{indicator="firms",__as_of__="2026-03-10"}`, `["2026-01","2026-02"]`},
		{"label/indicator/values", `xushi_actual{plan="linhe-2026",__as_of__="2026-02-09"}`, `["firms","investment","lifts","roads"]`},
		{"label/indicator/values", `xushi_actual{plan="linhe-2026",__as_of__="2026-01-09"}`, `[]`},
	} {
		var form url.Values
		if c.match != "" {
			form = url.Values{"match[]": {c.match}}
		}
		h.ask("supervisor", "GET", c.path, form).is(c.want)
	}
	// Several selectors together.
	h.ask("supervisor", "POST", "labels", url.Values{"match[]": {"xushi_year_elapsed_ratio", `xushi_indicator_organisation`}}).
		is(`["__name__","basis","indicator","organisation","organisation_name","plan","role"]`)
	h.ask("supervisor", "GET", "label/indicator/values", url.Values{"match[]": {`xushi_actual{indicator="gdp"}`, `{indicator="firms"}`}}).
		is(`["firms","gdp"]`)
}

// TestHidden looks for what a viewer must not see in everything that is asked: no
// word of it is anywhere, now or then.
func TestHidden(t *testing.T) {
	h := open(t)
	moments := []string{"2026-06-30", "", "2026-09-15", "2026-11-22"}
	if testing.Short() {
		moments = moments[:1]
	}
	for _, asOf := range moments {
		of := `{__name__=~".+",plan=~".+",` + promapi.AsOf + `="` + asOf + `"}`
		var asked []answer
		for _, token := range []string{"viewer", "stranger", "statistician", "supervisor", "administrator"} {
			asked = []answer{
				h.ask(token, "GET", "query", form("query", of)),
				h.ask(token, "GET", "query", form("query", of+"[1y]")),
				h.ask(token, "GET", "query_range", form("query", of, "start", "1767196800", "end", "1798732800", "step", "30d")),
				h.ask(token, "GET", "series", form("match[]", of)),
				h.ask(token, "GET", "labels", form("match[]", of)),
				h.ask(token, "GET", "label/indicator/values", form("match[]", of)),
				h.ask(token, "GET", "label/name/values", form("match[]", of)),
				h.ask(token, "GET", "label/indicator/values", nil),
			}
			inside := token != "viewer" && token != "stranger"
			for i, a := range asked {
				a.ok()
				for _, word := range []string{"letters", "信访", "embargo", "尚未公布"} {
					if !inside && strings.Contains(a.body, word) {
						t.Errorf("%s sees %s in question %d as of %q", token, word, i, asOf)
					}
				}
				if inside && i != 4 && !strings.Contains(a.body, "letters") && !strings.Contains(a.body, "信访") {
					t.Errorf("%s does not see letters in question %d as of %q", token, i, asOf)
				}
			}
		}
	}
	// Its moment comes, and everybody sees it.
	h.At("2026-12-01 00:00")
	if got := h.ask("viewer", "GET", "label/indicator/values", nil).list(); !slices.Contains(got, "embargo") || slices.Contains(got, "letters") {
		t.Errorf("%q", got)
	}
}

// TestHostile has names that no format may be broken by.
func TestHostile(t *testing.T) {
	l := quantitytest.Small(t)
	directory := access.NewDirectory(l.Clock.Now)
	_, secret, err := directory.Create(context.Background(), recorder{directory}, "test", access.Token{Name: "n", Role: access.Supervisor}, l.Board)
	if err != nil {
		t.Fatal(err)
	}
	api := promapi.New(prefix, promapi.Deps{Source: promapi.NewReference(promapi.ReferenceConfig{Board: l.Board, Clock: l.Clock.Now, Demo: true}),
		Gate: &door.Gate{Directory: directory}, Clock: l.Clock.Now, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Demo: true})
	ask := func(path string, form url.Values) answer {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), "GET", prefix+"/api/v1/"+path+"?"+form.Encode(), nil)
		r.Header.Set("Authorization", "Bearer "+secret)
		return serve(t, api, r)
	}
	of := `xushi_organisation_info{organisation_name=` + quoted(quantitytest.Hostile) + `}`
	if got := ask("label/organisation_name/values", form("match[]", of)).list(); !slices.Equal(got, []string{quantitytest.Hostile}) {
		t.Errorf("%q", got)
	}
	a := ask("query", form("query", of))
	var r result
	if err := json.Unmarshal([]byte(a.ok()), &r); err != nil {
		t.Fatal(err)
	}
	if s := a.series(r); len(s) != 1 || s[0].Metric["organisation_name"] != quantitytest.Hostile {
		t.Errorf("%v", s)
	}
	ask("query", form("query", `label_replace(vector(1), "a", "<b>&\u2028", "", "")`)).is("{\"resultType\":\"vector\",\"result\":[{\"metric\":{\"a\":\"<b>&\u2028\"},\"value\":[1781488800,\"1\"]}]}")
	// A demonstration says so.
	if a.header.Get("Xushi-Demo") == "" || !strings.Contains(ask("query", form("query", "xushi_plan_info")).body, quantity.DemoMark) {
		t.Error("the demonstration does not say that it is one")
	}
}

// quoted is a text as PromQL has it.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
