package app_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xushi/internal/app"
	"xushi/internal/dashboard"
	"xushi/internal/recent"
)

// racing is set where the race detector runs: it is too slow for limits of time.
var racing bool

// workers is how many jobs are done at a time.
const workers = 3

// atMost is how long a panel's query may take.
const atMost = 100 * time.Millisecond

// TestPanels asks everything that Grafana asks for the dashboards, on the
// demonstration in the middle and near the end of its year: every panel, variable
// and annotation, with each variable in each of its values. Every question is
// answered, soon and without a warning, and a panel shows something at first, or
// says that it may have nothing to show.
func TestPanels(t *testing.T) {
	june := newGrafana(t, time.Date(2026, time.June, 17, 9, 0, 0, 0, time.UTC))
	t.Run("June", june.walk)
	november := newGrafana(t, time.Date(2026, time.November, 26, 9, 0, 0, 0, time.UTC))
	november.replayed = june.now.Format(time.DateOnly)
	t.Run("November", november.walk)
	t.Run("Service", june.telemetry) // by now it has been running for long enough
}

// newGrafana starts a demonstration to ask on a day.
func newGrafana(t *testing.T, day time.Time) *grafana {
	g := &grafana{now: day, known: map[question]*reply{},
		client: &http.Client{Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: workers}}}
	g.server = start(t, t.TempDir(), func(c *app.Config) {
		c.Demo, c.Clock = true, func() time.Time { return day }
	})
	t.Cleanup(g.client.CloseIdleConnections)
	return g
}

// grafana asks a server as a stock Grafana does.
type grafana struct {
	t      *testing.T
	server *server
	client *http.Client
	now    time.Time
	// replayed is the last of the days that were gone through before: they are
	// the same again.
	replayed string

	alone sync.RWMutex // held to measure without others in the way
	again atomic.Int64

	mu    sync.Mutex
	known map[question]*reply
}

// question is what is asked of a data source.
type question struct {
	uid, path, form string
}

// text is the question as a person reads it.
func (q question) text() string {
	form, err := url.QueryUnescape(q.form)
	if err != nil {
		form = q.form
	}
	return q.path + " " + form
}

// reply is the answer to it, got once.
type reply struct {
	once sync.Once
	body string
	took time.Duration
}

// sources are where the data sources are, by uid.
var sources = map[string]string{"xushi": app.PromQL, "xushi-self": app.PromQL + "/self"}

// ask gives the body of the answer to a question.
func (g *grafana) ask(where string, q question) string {
	g.mu.Lock()
	r := g.known[q]
	if r == nil {
		r = &reply{}
		g.known[q] = r
	}
	g.mu.Unlock()
	r.once.Do(func() {
		g.alone.RLock()
		r.body, r.took = g.send(where, q)
		g.alone.RUnlock()
		for try := 1; try < 8 && r.took > atMost && !racing && !testing.Short(); try++ {
			g.alone.Lock()
			g.again.Add(1)
			if try > 1 {
				time.Sleep(time.Duration(5*try) * atMost) // whatever else keeps the machine busy may be over by then
			}
			_, took := g.send(where, q)
			r.took = min(r.took, took)
			g.alone.Unlock()
		}
		if r.took > atMost && !racing && !testing.Short() {
			g.t.Errorf("%s: took %s: %s", where, r.took, q.text())
		}
	})
	return r.body
}

func (g *grafana) send(where string, q question) (string, time.Duration) {
	method, address, body := http.MethodPost, g.server.url+sources[q.uid]+"/api/v1/"+q.path, io.Reader(strings.NewReader(q.form))
	if strings.HasPrefix(q.path, "label/") {
		method, address, body = http.MethodGet, address+"?"+q.form, nil
	}
	req, err := http.NewRequestWithContext(g.t.Context(), method, address, body)
	if err != nil {
		g.t.Error(err)
		return "", 0
	}
	req.Header.Set("Authorization", "Bearer "+g.server.token)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	begun := time.Now()
	resp, err := g.client.Do(req)
	if err != nil {
		g.t.Errorf("%s: %v", where, err)
		return "", 0
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	took := time.Since(begun)
	answer := string(text)
	if err != nil || resp.StatusCode != http.StatusOK || !strings.HasPrefix(answer, `{"status":"success"`) ||
		strings.Contains(answer, `"warnings":[`) || strings.Contains(answer, `"infos":[`) {
		g.t.Errorf("%s: %d %v %.500s\n%s", where, resp.StatusCode, err, answer, q.text())
	}
	return answer, took
}

func (g *grafana) slowest() (slowest question, most time.Duration) {
	for q, r := range g.known {
		if r.took > most {
			slowest, most = q, r.took
		}
	}
	return slowest, most
}

// span is a dashboard's time range, and the step of what is asked along it.
type span struct {
	from, to time.Time
	step     time.Duration
}

// span reads the two ranges that dashboards have. A chart has some 800 points:
// over a year the least interval of a day is the greater.
func (g *grafana) span(d *dashboard.Dashboard) span {
	switch d.Time {
	case dashboard.TimeRange{From: "now-1M/y", To: "now-1M/y+1d"}:
		zone, err := time.LoadLocation(d.TimeZone)
		if err != nil {
			g.t.Fatal(err)
		}
		year := g.now.In(zone).AddDate(0, -1, 0).Year()
		return span{time.Date(year, 1, 1, 0, 0, 0, 0, zone), time.Date(year+1, 1, 2, 0, 0, 0, 0, zone).Add(-time.Millisecond), 24 * time.Hour}
	case dashboard.TimeRange{From: "now-6h", To: "now"}:
		now := time.Now().Truncate(time.Second) // the telemetry has a clock of its own
		return span{now.Add(-6 * time.Hour), now, 15 * time.Second}
	}
	g.t.Fatalf("%s: range %+v", d.UID, d.Time)
	return span{}
}

func stamp(t time.Time) string { return strconv.FormatFloat(float64(t.UnixMilli())/1000, 'f', -1, 64) }

// ask gives the question that a target is, with variables filled in.
func (s span) ask(q *dashboard.Target, expr string) question {
	form := url.Values{"query": {expr}}
	path := "query"
	if q.Range {
		path = "query_range"
		step := int64(s.step / time.Second)
		// Grafana aligns both ends to steps in the dashboard's zone.
		_, offset := s.from.Zone()
		align := func(t time.Time) string {
			local := t.Unix() + int64(offset)
			return strconv.FormatInt(local-local%step-int64(offset), 10)
		}
		form.Set("start", align(s.from))
		form.Set("end", align(s.to))
		form.Set("step", strconv.FormatInt(step, 10))
	} else {
		form.Set("time", stamp(s.to))
	}
	return question{q.Datasource.UID, path, form.Encode()}
}

// chosen are the values of variables, as they stand in expressions.
type chosen map[string]string

var used = regexp.MustCompile(`\$(\w+)|\$\{(\w+)`)

// fill puts values and Grafana's own into an expression.
func (g *grafana) fill(where, expr string, c chosen, s span) string {
	own := chosen{
		"__interval": s.step.String(), "__rate_interval": max(4*15*time.Second, s.step+15*time.Second).String(),
		"__range": strconv.FormatInt(int64(s.to.Sub(s.from)/time.Second), 10) + "s",
		"__from":  strconv.FormatInt(s.from.UnixMilli(), 10), "__to": strconv.FormatInt(s.to.UnixMilli(), 10),
	}
	return used.ReplaceAllStringFunc(expr, func(name string) string {
		key := strings.Trim(name, "${}")
		if v, ok := c[key]; ok {
			return v
		}
		if v, ok := own[key]; ok {
			return v
		}
		if key != "1" { // label_replace's
			g.t.Errorf("%s: nothing for %s", where, name)
		}
		return name
	})
}

// The ways that the data source's interpolation writes values.
var (
	asText  = strings.NewReplacer(`\`, `\\`, `'`, `\\'`)
	asRegex = regexp.MustCompile(`[$^*{}\[\]+?.()|]`)
)

// written is how one value, or all of them, stand in an expression.
func written(v *dashboard.Variable, values ...string) string {
	if !v.Multi && !v.IncludeAll {
		return asText.Replace(values[0])
	}
	var list []string
	for _, value := range values {
		list = append(list, asRegex.ReplaceAllString(strings.ReplaceAll(value, `\`, `\\\\`), `\\$0`))
	}
	if len(list) == 1 {
		return list[0]
	}
	return "(" + strings.Join(list, "|") + ")"
}

var (
	labelValues = regexp.MustCompile(`^label_values\((.+), *(\w+)\)$`)
	queryResult = regexp.MustCompile(`^query_result\((.+)\)$`)
)

// values gives the values that a variable's own query finds, in its order.
func (g *grafana) values(where string, v *dashboard.Variable, c chosen, s span) []string {
	definition := g.fill(where, v.Definition, c, s)
	if m := labelValues.FindStringSubmatch(definition); m != nil {
		form := url.Values{"match[]": {m[1]}, "start": {stamp(s.from)}, "end": {stamp(s.to)}}
		var answer struct{ Data []string }
		g.read(where, g.ask(where, question{v.Datasource.UID, "label/" + m[2] + "/values", form.Encode()}), &answer)
		if v.Sort == 2 {
			slices.Reverse(answer.Data)
		}
		return answer.Data
	}
	m := queryResult.FindStringSubmatch(definition)
	if m == nil {
		g.t.Fatalf("%s: %s", where, definition)
	}
	form := url.Values{"query": {m[1]}, "time": {stamp(s.to)}}
	pattern := regexp.MustCompile(strings.Trim(v.Regex, "/"))
	texts := map[string]string{}
	for _, sample := range g.samples(where, g.ask(where, question{v.Datasource.UID, "query", form.Encode()})) {
		found := pattern.FindStringSubmatch(sample.text())
		if found == nil {
			g.t.Errorf("%s: %s does not fit %s", where, sample.text(), v.Regex)
			continue
		}
		texts[found[pattern.SubexpIndex("value")]] = found[pattern.SubexpIndex("text")]
	}
	return slices.SortedFunc(maps.Keys(texts), func(a, b string) int { return strings.Compare(texts[a], texts[b]) })
}

func (g *grafana) read(where, body string, into any) {
	if err := json.Unmarshal([]byte(body), into); err != nil {
		g.t.Errorf("%s: %v: %.200s", where, err, body)
	}
}

// sample is a series of an answer, with its one value or all of them.
type sample struct {
	Metric map[string]string
	Value  [2]any
	Values [][2]any
}

// text is the form in which Grafana matches a sample with a variable's regex.
func (s *sample) text() string {
	var labels []string
	for _, name := range slices.Sorted(maps.Keys(s.Metric)) {
		if name != "__name__" {
			labels = append(labels, name+`="`+s.Metric[name]+`"`)
		}
	}
	at, _ := s.Value[0].(float64)
	return fmt.Sprintf("%s{%s} %s %d", s.Metric["__name__"], strings.Join(labels, ","), s.Value[1], int64(at*1000))
}

// shows tells whether a reader sees a number, rather than the words for there
// being none.
func (s *sample) shows() bool {
	for _, v := range append(s.Values, s.Value) {
		if v[1] != nil && v[1] != "NaN" && (v[1] != dashboard.Nothing || len(s.Metric) > 1) {
			return true
		}
	}
	return false
}

func (g *grafana) samples(where, body string) []sample {
	var answer struct {
		Data struct{ Result []sample }
	}
	g.read(where, body, &answer)
	return answer.Data.Result
}

// choose gives every variable a value: the one it is set to, or its first.
func (g *grafana) choose(d *dashboard.Dashboard, set chosen, s span) (chosen, map[string][]string) {
	c, all := chosen{}, map[string][]string{}
	for i := range d.Templating.List {
		v := &d.Templating.List[i]
		where := d.UID + "/$" + v.Name
		if v.Name == "as_of" || v.Name == "plan" { // what the moment of knowledge is asked by
			c["as_of"] = set["as_of"]
		}
		values := g.values(where, v, c, s)
		all[v.Name] = values
		fixed, ok := set[v.Name]
		switch {
		case ok:
			values = []string{fixed}
		case !v.IncludeAll && len(values) == 0:
			if set["as_of"] == present { // before the plan was known there is nothing
				g.t.Errorf("%s has no values for %v", where, c)
			}
			values = []string{""}
		case !v.IncludeAll:
			values = values[:1]
		}
		c[v.Name] = written(v, values...)
	}
	return c, all
}

// job is a dashboard with values for its variables.
type job struct {
	d      *dashboard.Dashboard
	set    chosen
	strict bool // a panel without numbers has to be declared
}

// present stands for now among the moments of knowledge.
const present = "现在"

// uidService is the dashboard of another data source and range.
const uidService = "xushi-service"

// walk asks for the dashboards as they are at first, then with one variable after
// the other in each of its values. The moments of knowledge come last, each for
// all dashboards together, for that is how the server keeps them.
func (g *grafana) walk(t *testing.T) {
	g.t = t
	var first, varied []job
	replays := map[string][]job{}
	for _, d := range dashboard.All() {
		if d.UID == uidService {
			continue
		}
		first = append(first, job{d, chosen{"as_of": present}, true})
		_, all := g.choose(d, chosen{"as_of": present}, g.span(d))
		for name, values := range all {
			if name != "as_of" {
				for _, v := range some(values) {
					varied = append(varied, job{d: d, set: chosen{"as_of": present, name: v}})
				}
				continue
			}
			days := slices.DeleteFunc(values, func(v string) bool { return v == present || v <= g.replayed })
			for _, v := range some(days) {
				replays[v] = append(replays[v], job{d: d, set: chosen{"as_of": v}})
			}
		}
	}
	if len(replays) == 0 {
		t.Error("no moment can be replayed")
	}
	g.all(first)
	g.all(varied)
	for _, day := range slices.Sorted(maps.Keys(replays)) {
		g.all(replays[day])
	}
	q, took := g.slowest()
	t.Logf("%d questions, %d times asked again, the slowest took %s: %s", len(g.known), g.again.Load(), took, q.text())
}

// telemetry asks for the service's own dashboard, as soon as a rate has the two
// samples that it needs.
func (g *grafana) telemetry(t *testing.T) {
	if testing.Short() {
		t.Skip("samples take their time")
	}
	g.t = t
	all := dashboard.All()
	d := all[slices.IndexFunc(all, func(d *dashboard.Dashboard) bool { return d.UID == uidService })]
	cpu := &dashboard.Target{Datasource: &dashboard.Datasource{UID: "xushi-self"}, Range: true}
	within(t, 4*recent.Every, func() bool {
		body, _ := g.send("a rate", g.span(d).ask(cpu, "rate(process_cpu_seconds_total[1m])"))
		return len(g.samples("a rate", body)) > 0
	})
	g.all([]job{{d: d, strict: true}})
}

// some are all values, or the ends where time is short.
func some(values []string) []string {
	if len(values) > 2 && (racing || testing.Short()) {
		return []string{values[0], values[len(values)-1]}
	}
	return values
}

// all does jobs, a few at a time.
func (g *grafana) all(jobs []job) {
	var wg sync.WaitGroup
	queue := make(chan job)
	for range workers {
		wg.Go(func() {
			for j := range queue {
				g.show(j)
			}
		})
	}
	for _, j := range jobs {
		queue <- j
	}
	close(queue)
	wg.Wait()
}

// show asks all that a dashboard asks.
func (g *grafana) show(j job) {
	s := g.span(j.d)
	c, _ := g.choose(j.d, j.set, s)
	for _, a := range j.d.Annotations.List {
		if a.Target != nil {
			where := j.d.UID + "/" + a.Name
			g.ask(where, s.ask(a.Target, g.fill(where, a.Target.Expr, c, s)))
		}
	}
	for _, p := range j.d.Panels {
		where := j.d.UID + "/" + p.Title
		shows := p.Type == "row"
		for i := range p.Targets {
			q := &p.Targets[i]
			body := g.ask(where+"/"+q.RefID, s.ask(q, g.fill(where, q.Expr, c, s)))
			if j.strict && !shows {
				list := g.samples(where, body)
				shows = slices.ContainsFunc(list, func(s sample) bool { return s.shows() })
			}
		}
		if j.strict && !shows && !p.MayBeEmpty {
			g.t.Errorf("%s: nothing to show, and it is not declared that there may be nothing", where)
		}
	}
}
