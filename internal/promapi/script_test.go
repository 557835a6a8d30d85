package promapi_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"xushi/internal/testkit/golden"
)

// A script of testdata/*.test asks and says what must come back:
//
//	# A comment.
//	instant 2026-06-01 00:00
//	? sum by (indicator) (xushi_actual)
//	  {indicator="firms"} 101
//
//	range 2026-05-30 00:00 to 2026-06-03 00:00 step 1d
//	only here: a real Prometheus of release 2 differs, for a reason
//	? xushi_actual{indicator="firms"}
//	  {__name__="xushi_actual", indicator="firms"} 2026-05-30 00:00 80 ×2, 2026-06-01 00:00 101 ×3
//
// A moment or a stretch holds for the questions below it; moments are Shanghai's.
// "as viewer" has the questions below asked with another token than supervisor's.
// Labels that follow from others are left out; "full" shows them all. Equal values
// at neighbouring steps are counted. Other answers are = 1 (a scalar or text),
// ! 400 bad_data (an error, and its beginning) and ~ (a warning).
//
// go test -update writes the answers; look at what changed.

// query is a question of a script.
type query struct {
	file  string
	line  int
	token string
	full  bool
	expr  string
	at    when
	here  string // why no other Prometheus can be asked, "" where one can
}

// when is a moment, or a stretch of them.
type when struct {
	from, to time.Time
	step     time.Duration // 0 for a moment
}

// path and parameters of the query.
func (w when) params(expr string) (string, []string) {
	if w.step == 0 {
		return "query", []string{"query", expr, "time", unix(w.from)}
	}
	return "query_range", []string{"query", expr, "start", unix(w.from), "end", unix(w.to), "step", strconv.FormatFloat(w.step.Seconds(), 'f', -1, 64)}
}

func (w when) String() string {
	if w.step == 0 {
		return show(w.from)
	}
	return fmt.Sprintf("%s to %s step %v", show(w.from), show(w.to), w.step)
}

func unix(t time.Time) string { return strconv.FormatFloat(float64(t.UnixMilli())/1000, 'f', -1, 64) }

var shanghai = time.FixedZone("Shanghai", 8*3600)

func show(t time.Time) string {
	t = t.In(shanghai)
	switch {
	case t.Nanosecond() > 0:
		return t.Format("2006-01-02 15:04:05.000")
	case t.Second() > 0:
		return t.Format("2006-01-02 15:04:05")
	}
	return t.Format("2006-01-02 15:04")
}

// moment reads 2026-06-01 00:00, with seconds and milliseconds where there are any.
func moment(t testing.TB, text string) time.Time {
	t.Helper()
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05"} {
		if at, err := time.ParseInLocation(layout, strings.TrimSpace(text), shanghai); err == nil {
			return at
		}
	}
	t.Fatalf("%q is no moment", text)
	return time.Time{}
}

// step reads 15s, 1h or 7d.
func step(t testing.TB, text string) time.Duration {
	t.Helper()
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil {
			t.Fatal(err)
		}
		return time.Duration(n) * 24 * time.Hour
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// read gives the text of a script with what run answers to each question in place
// of the answers it has.
func read(t testing.TB, file, text string, run func(query) []string) string {
	t.Helper()
	var out strings.Builder
	q := query{file: file, token: "supervisor"}
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		word, rest, _ := strings.Cut(line, " ")
		if strings.HasPrefix(line, "  ") {
			continue // an answer
		}
		out.WriteString(line + "\n")
		switch word {
		case "", "#":
		case "instant":
			q.at = when{from: moment(t, rest)}
		case "range":
			from, more, _ := strings.Cut(rest, " to ")
			to, width, _ := strings.Cut(more, " step ")
			q.at = when{moment(t, from), moment(t, to), step(t, width)}
		case "as":
			q.token = rest
		case "full", "brief":
			q.full = word == "full"
		case "only":
			q.here = rest
		case "?":
			q.expr, q.line = rest, i+1
			for _, line := range run(q) {
				out.WriteString("  " + line + "\n")
			}
			q.here = ""
		default:
			t.Fatalf("%s:%d: what?", file, i+1)
		}
	}
	return out.String()
}

// scripts are the files of testdata.
func scripts(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.test")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for i := range files {
		files[i] = filepath.Base(files[i])
	}
	return files
}

func script(t testing.TB, file string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestScripts asks what the scripts ask.
func TestScripts(t *testing.T) {
	h := open(t)
	for _, file := range scripts(t) {
		t.Run(strings.TrimSuffix(file, ".test"), func(t *testing.T) {
			got := read(t, file, script(t, file), func(q query) []string {
				path, params := q.at.params(q.expr)
				lines := h.ask(q.token, "GET", path, form(params...)).lines(q)
				posted := h.ask(q.token, "POST", path, form(params...)).lines(q)
				if !slices.Equal(lines, posted) {
					t.Errorf("%s:%d: a POST is answered otherwise: %q", file, q.line, posted)
				}
				return lines
			})
			golden.Check(t, file, got)
		})
	}
}

// result is the data of a query's answer.
type result struct {
	ResultType string
	Result     json.RawMessage
}

// series is one of a vector's or a matrix's.
type series struct {
	Metric map[string]string
	Value  *point
	Values []point
}

// point is a moment in milliseconds and a value as written.
type point struct {
	at    int64
	value string
}

func (p *point) UnmarshalJSON(b []byte) error {
	var at json.Number
	if err := json.Unmarshal(b, &[]any{&at, &p.value}); err != nil {
		return err
	}
	seconds, part, _ := strings.Cut(at.String(), ".")
	n, err := strconv.ParseInt(seconds+(part + "000")[:3], 10, 64)
	p.at = n
	return err
}

// lines are the answer to a question, as a script has it.
func (a answer) lines(q query) []string {
	a.t.Helper()
	e := a.envelope()
	if e.Status != "success" {
		text, _, _ := strings.Cut(e.Error, "\n")
		return []string{fmt.Sprintf("! %d %s: %s", a.status, e.ErrorType, text)}
	}
	var r result
	if err := json.Unmarshal(e.Data, &r); err != nil {
		a.t.Fatal(err)
	}
	var lines []string
	switch r.ResultType {
	case "vector", "matrix":
		for _, s := range a.series(r) {
			points := s.Values
			if s.Value != nil {
				points = []point{*s.Value}
			}
			lines = append(lines, metric(s.Metric, q.full)+" "+runs(points, q.at))
		}
		if !strings.HasPrefix(q.expr, "sort") {
			slices.Sort(lines)
		}
	default:
		var p point
		if err := json.Unmarshal(r.Result, &p); err != nil {
			a.t.Fatal(err)
		}
		if p.at != q.at.from.UnixMilli() {
			a.t.Errorf("%s is of another moment", a.body)
		}
		lines = append(lines, "= "+p.value)
	}
	for _, w := range slices.Concat(e.Warnings, e.Infos) {
		lines = append(lines, "~ "+w)
	}
	return lines
}

func (a answer) series(r result) (list []series) {
	a.t.Helper()
	if err := json.Unmarshal(r.Result, &list); err != nil {
		a.t.Fatalf("%v in %s", err, clip(a.body))
	}
	return list
}

// follows are labels that follow from others.
var follows = []string{"kind", "lead", "name", "organisation_name", "part_name", "period_name", "section", "task", "title", "unit"}

func metric(m map[string]string, full bool) string {
	b := labels.NewBuilder(labels.FromMap(m))
	if !full {
		b.Del(follows...)
		if m["plan"] == "linhe-2026" {
			b.Del("plan")
		}
	}
	return b.Labels().String()
}

// runs writes points: the value alone at a moment, else equal ones counted.
func runs(points []point, at when) string {
	if at.step == 0 && len(points) == 1 && points[0].at == at.from.UnixMilli() {
		return points[0].value
	}
	var out []string
	for i := 0; i < len(points); {
		k := i + 1
		for k < len(points) && points[k].value == points[i].value && points[k].at-points[k-1].at == at.step.Milliseconds() {
			k++
		}
		run := show(time.UnixMilli(points[i].at)) + " " + points[i].value
		if k > i+1 {
			run += fmt.Sprintf(" ×%d", k-i)
		}
		out, i = append(out, run), k
	}
	return strings.Join(out, ", ")
}
