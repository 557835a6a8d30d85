package promapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xushi/internal/access"
	"xushi/internal/door"
	"xushi/internal/figure"
	"xushi/internal/planfile"
	"xushi/internal/promapi"
	"xushi/internal/testkit/world"
)

// prefix is where the API is in these tests.
const prefix = "/prometheus"

// now is the present of the house.
const now = "2026-11-22 09:00"

// house is the API over a year that was lived by testdata/year.txt.
type house struct {
	*world.World
	directory *access.Directory
	gate      *door.Gate
	source    *promapi.Reference
	api       http.Handler
	log       bytes.Buffer
	secrets   map[string]string // of tokens, by name: viewer, statistician, supervisor, administrator
}

// open gives a house as it is now. Several tests may read it at once.
func open(t testing.TB) *house {
	t.Helper()
	h := &house{World: world.New(t), secrets: map[string]string{}}
	clock := func() time.Time { return h.Clock() }
	h.directory = access.NewDirectory(clock)
	h.gate = &door.Gate{Directory: h.directory}
	h.Service.Observe(h.directory.Fold)
	h.live("year.txt")
	h.At(now)
	h.Board.Tick()
	for _, token := range []access.Token{
		{Name: "viewer", Role: access.Viewer},
		{Name: "statistician", Role: access.Statistician, Organisation: "linhe/fangchan"},
		{Name: "stranger", Role: access.Statistician, Organisation: "linhe/fagai"},
		{Name: "supervisor", Role: access.Supervisor},
		{Name: "administrator", Role: access.Administrator},
	} {
		_, secret, err := h.directory.Create(context.Background(), h.Service, "test", token, h.Board)
		if err != nil {
			t.Fatal(err)
		}
		h.secrets[token.Name] = secret
	}
	h.source = promapi.NewReference(promapi.ReferenceConfig{Board: h.Board, Clock: clock, URL: "http://xushi.test"})
	h.api = h.over(h.source)
	return h
}

// over gives the API over another source, whose token is viewer's, too.
func (h *house) over(s promapi.Source) http.Handler {
	return promapi.New(prefix, promapi.Deps{Source: s, Gate: h.gate, Clock: func() time.Time { return h.Clock() },
		Logger: slog.New(slog.NewTextHandler(&h.log, nil))})
}

// live has happen what a file of testdata tells.
func (h *house) live(file string) {
	h.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		h.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		const width = len("2006-01-02 15:04")
		h.At(line[:width])
		verb, rest, _ := strings.Cut(strings.TrimSpace(line[width:]), " ")
		words := strings.Fields(rest)
		switch verb {
		case "plan":
			change, letters, _ := strings.Cut(rest, "|")
			h.apply("plan.yaml", "CHANGE", strings.TrimSpace(change), "LETTERS", strings.TrimSpace(letters))
		case "west":
			h.apply("west.yaml")
		case "post", "void":
			in := figure.Input{Period: words[1], Reason: strings.Join(words[3:], " ")}
			in.Indicator, in.Part, _ = strings.Cut(words[0], "/")
			in.Plan = "linhe-2026"
			if plan, indicator, ok := strings.Cut(in.Indicator, ":"); ok {
				in.Plan, in.Indicator = plan+"-2026", indicator
			}
			if in.Value = words[2]; verb == "void" {
				in.Void, in.Value, in.Reason = true, "", words[2]
			}
			h.Post(in)
		case "done":
			in := figure.EntryInput{Done: words[1], Evidence: "照片"}
			in.Indicator, in.Entry, _ = strings.Cut(words[0], "/")
			rep, err := h.Service.PostEntries(context.Background(), figure.EventBatch[figure.EntryInput]{Actor: "test", Rows: []figure.EntryInput{in}})
			if err != nil || rep.Rejected > 0 {
				h.Fatalf("%s: %+v, %v", line, rep, err)
			}
		default:
			h.Fatalf("%s: what?", line)
		}
	}
}

// apply applies a plan of testdata in which names are replaced.
func (h *house) apply(file string, replace ...string) {
	h.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		h.Fatal(err)
	}
	r := planfile.Check(file, []byte(strings.NewReplacer(replace...).Replace(string(b))))
	if err := r.Errors.Err(); err != nil {
		h.Fatal(err)
	}
	if _, _, err := h.Service.ApplyPlan(context.Background(), "test", r.Plan); err != nil {
		h.Fatal(err)
	}
}

// answer is what came back.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   string
}

// ask sends a request to a path behind /api/v1/ as the bearer of a token, "" for
// none. A form goes in the address of a GET and in the body of a POST.
func (h *house) ask(token, method, path string, form url.Values) answer {
	h.Helper()
	return serve(h.TB, h.api, h.request(token, method, path, form))
}

func (h *house) request(token, method, path string, form url.Values) *http.Request {
	h.Helper()
	address, body := prefix+"/api/v1/"+path, io.Reader(nil)
	if method == http.MethodPost {
		body = strings.NewReader(form.Encode())
	} else if len(form) > 0 {
		address += "?" + form.Encode()
	}
	r := httptest.NewRequestWithContext(context.Background(), method, address, body)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+h.secrets[token])
	}
	return r
}

// get asks as the supervisor, who sees everything; pairs are names and values.
func (h *house) get(path string, pairs ...string) answer {
	h.Helper()
	return h.ask("supervisor", http.MethodGet, path, form(pairs...))
}

func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func serve(t testing.TB, api http.Handler, r *http.Request) answer {
	t.Helper()
	w := httptest.NewRecorder()
	api.ServeHTTP(w, r)
	a := answer{t, w.Code, w.Header(), w.Body.String()}
	if kind := a.header.Get("Content-Type"); kind != "application/json" {
		t.Errorf("%s %s: the answer is %q", r.Method, clip(r.URL.String()), kind)
	}
	if !json.Valid([]byte(a.body)) {
		t.Errorf("%s %s: no JSON: %s", r.Method, clip(r.URL.String()), clip(a.body))
	}
	return a
}

// envelope is the outer form of every answer.
type envelope struct {
	Status    string
	Data      json.RawMessage
	ErrorType string
	Error     string
	Warnings  []string
	Infos     []string
}

func (a answer) envelope() (e envelope) {
	a.t.Helper()
	if err := json.Unmarshal([]byte(a.body), &e); err != nil {
		a.t.Fatalf("%v: %s", err, clip(a.body))
	}
	return e
}

// ok gives the data of an answer that has no error.
func (a answer) ok() string {
	a.t.Helper()
	e := a.envelope()
	if a.status != http.StatusOK || e.Status != "success" {
		a.t.Fatalf("%d %s", a.status, clip(a.body))
	}
	return string(e.Data)
}

// is fails the test where the data is another; both are JSON.
func (a answer) is(want string) {
	a.t.Helper()
	if got := a.ok(); got != want {
		a.t.Errorf("got\n%s\nwant\n%s", clip(got), clip(want))
	}
}

// refused fails the test where there is another error, or its text does not have
// some words.
func (a answer) refused(status int, kind, words string) {
	a.t.Helper()
	e := a.envelope()
	if a.status != status || e.Status != "error" || e.ErrorType != kind || !strings.Contains(e.Error, words) || e.Data != nil {
		a.t.Errorf("got %d %s, want %d %s with %q", a.status, clip(a.body), status, kind, words)
	}
}

func clip(s string) string {
	if len(s) > 1500 {
		return s[:1500] + "…"
	}
	return s
}
