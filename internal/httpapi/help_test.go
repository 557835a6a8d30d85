package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"xushi/internal/access"
	"xushi/internal/board"
	"xushi/internal/door"
	"xushi/internal/figure"
	"xushi/internal/httpapi"
	"xushi/internal/planfile"
	"xushi/internal/store"
)

// house is the API over a real database and a clock that stands still until it
// is moved.
type house struct {
	t         testing.TB
	clock     *clock
	db        *store.DB
	board     *board.Board
	service   *figure.Service
	directory *access.Directory
	api       http.Handler
	log       bytes.Buffer
	secrets   map[string]string // by name of the token
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) set(s string) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	c.mu.Lock()
	c.now = t
	c.mu.Unlock()
}

// open gives a house with the plan of testdata and a token of every role:
// admin, super, fagai (statistician), jiaoyu (statistician), viewer.
func open(t testing.TB, change ...func(*httpapi.Deps)) *house {
	t.Helper()
	h := &house{t: t, clock: &clock{}, secrets: map[string]string{}}
	h.clock.set("2026-06-03T09:00:00+08:00")
	ctx := context.Background()
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "xushi.db"), store.Options{Now: h.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	h.db, h.board, h.directory = db, board.New(h.clock.Now, nil), access.NewDirectory(h.clock.Now)
	h.service = figure.NewService(db, h.board, h.clock.Now)
	h.service.Observe(h.directory.Fold)
	if err := h.service.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	h.apply("testdata/plan.yaml")
	for _, token := range []access.Token{
		{Name: "admin", Role: access.Administrator},
		{Name: "super", Role: access.Supervisor},
		{Name: "fagai", Role: access.Statistician, Organisation: "linhe/fagai"},
		{Name: "jiaoyu", Role: access.Statistician, Organisation: "linhe/jiaoyu"},
		{Name: "viewer", Role: access.Viewer},
	} {
		_, secret, err := h.directory.Create(ctx, h.service, "test", token, h.board)
		if err != nil {
			t.Fatal(err)
		}
		h.secrets[token.Name] = secret
	}
	deps := httpapi.Deps{Poster: h.service, Board: h.board, Directory: h.directory, Archive: db,
		Clock: h.clock.Now, Gate: &door.Gate{Directory: h.directory}, Logger: slog.New(slog.NewTextHandler(&h.log, nil)), Version: "test"}
	for _, fn := range change {
		fn(&deps)
	}
	if h.api, err = httpapi.New(deps); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) apply(file string) {
	h.t.Helper()
	r := planfile.Load(file)
	if err := r.Errors.Err(); err != nil {
		h.t.Fatal(err)
	}
	if _, _, err := h.service.ApplyPlan(context.Background(), "test", r.Plan); err != nil {
		h.t.Fatal(err)
	}
}

// answer is what came back.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   string
}

// call sends a request as the bearer of a token ("" for none) and sees to it
// that the answer is what the API's description says.
func (h *house) call(token, method, path, body string, headers ...string) answer {
	h.t.Helper()
	a := h.raw(token, method, path, body, headers...)
	h.check(method, path, a)
	return a
}

// raw is call without a look at the description.
func (h *house) raw(token, method, path, body string, headers ...string) answer {
	h.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if secret := h.secrets[token]; secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.api.ServeHTTP(w, r)
	b, err := io.ReadAll(w.Result().Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answer{h.t, w.Code, w.Header(), string(b)}
}

func (h *house) get(token, path string) answer {
	h.t.Helper()
	return h.call(token, http.MethodGet, path, "")
}

func (h *house) post(token, path, body string, headers ...string) answer {
	h.t.Helper()
	return h.call(token, http.MethodPost, path, body, headers...)
}

// want fails the test where the status is another.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

// at gives what stands at a path such as results.0.fault.code, as JSON text; ""
// where there is nothing.
func (a answer) at(path string) string {
	a.t.Helper()
	decoder := json.NewDecoder(strings.NewReader(a.body))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		a.t.Fatalf("%v: %s", err, a.body)
	}
	for _, step := range strings.Split(path, ".") {
		switch w := v.(type) {
		case map[string]any:
			v = w[step]
		case []any:
			i := 0
			for _, c := range step {
				i = i*10 + int(c-'0')
			}
			if step == "#" {
				v = json.Number(jsonText(len(w)))
				continue
			}
			if i >= len(w) {
				return ""
			}
			v = w[i]
		default:
			return ""
		}
	}
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	return jsonText(v)
}

func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// has fails where the paths do not hold the values.
func (a answer) has(pairs ...string) answer {
	a.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		if got := a.at(pairs[i]); got != pairs[i+1] {
			a.t.Errorf("%s is %q, want %q in %s", pairs[i], got, pairs[i+1], clip(a.body))
		}
	}
	return a
}

func clip(s string) string {
	if len(s) > 3000 {
		return s[:3000] + "…"
	}
	return s
}

// tokenID is drawn by lot.
var tokenID = regexp.MustCompile(`token:t[0-9a-f]{8}:`)

// golden holds an answer against a file of testdata. UPDATE_GOLDEN=1 in the
// environment writes the file anew.
func golden(t *testing.T, name, got string) {
	t.Helper()
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, []byte(got), "", "  "); err != nil {
		t.Fatal(err)
	}
	got = tokenID.ReplaceAllString(pretty.String(), "token:t0:")
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got\n%s", path, got)
	}
}
