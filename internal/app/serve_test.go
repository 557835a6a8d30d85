package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xushi/internal/access"
	"xushi/internal/app"
	"xushi/internal/fault"
	"xushi/internal/store/pgtest"
	"xushi/internal/store/storetest"
)

// server is a running Xushi.
type server struct {
	t     *testing.T
	url   string
	data  string
	token string
	log   *bytes.Buffer
	stop  func() error
}

// start serves from a folder until the test ends or stop is called.
func start(t *testing.T, data string, change func(*app.Config)) *server {
	t.Helper()
	s := &server{t: t, data: data, log: &bytes.Buffer{}}
	ready := make(chan net.Addr, 1)
	cfg := app.Config{
		Listen: "127.0.0.1:0", Data: data, Plans: []string{"gulou-2026"}, Version: "test",
		Out: io.Discard, Clock: time.Now, Log: slog.New(slog.NewTextHandler(s.log, nil)),
		Ready: func(a net.Addr) { ready <- a },
	}
	if change != nil {
		change(&cfg)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- app.Serve(ctx, cfg) }()
	select {
	case a := <-ready:
		s.url = "http://" + a.String()
	case err := <-done:
		cancel()
		t.Fatalf("serve: %v", err)
	case <-time.After(30 * time.Second):
		cancel()
		t.Fatal("the server did not start")
	}
	stopped := false
	s.stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		return <-done
	}
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	if b, err := os.ReadFile(filepath.Join(data, "first-token")); err == nil {
		s.token = strings.TrimSpace(string(b))
	}
	return s
}

// call sends a request and gives status and body.
func (s *server) call(method, path, body string) (int, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// gauge gives the sample lines of a family for an indicator.
func (s *server) gauge(family, indicator string) string {
	s.t.Helper()
	_, body := s.call(http.MethodGet, "/metrics", "")
	var out []string
	for line := range strings.Lines(body) {
		if strings.HasPrefix(line, family+"{") && strings.Contains(line, `indicator="`+indicator+`"`) {
			out = append(out, strings.TrimSpace(line))
		}
	}
	return strings.Join(out, "\n")
}

// TestMainJob goes the whole way on a new folder: the plan is there, a figure is
// posted and shows in the next scrape and at the API, and is there after a restart.
func TestMainJob(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	june := func(c *app.Config) {
		c.Clock = func() time.Time { return time.Date(2026, time.June, 15, 9, 0, 0, 0, time.UTC) }
	}
	s := start(t, data, june)
	if info, err := os.Stat(filepath.Join(data, "first-token")); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("first token: %v, %v", info, err)
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		if code, body := s.call(http.MethodGet, path, ""); code != http.StatusOK {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
	// All 87 tasks answer, and every target is on /metrics.
	_, body := s.call(http.MethodGet, "/api/v1/tasks?plan=gulou-2026", "")
	var tasks struct {
		Tasks []struct {
			Number     int
			Indicators []struct{ ID, Kind string }
		}
	}
	if err := json.Unmarshal([]byte(body), &tasks); err != nil {
		t.Fatal(err)
	}
	if len(tasks.Tasks) != 87 {
		t.Errorf("%d tasks, want 87", len(tasks.Tasks))
	}
	_, exposition := s.call(http.MethodGet, "/metrics", "")
	for _, task := range tasks.Tasks {
		if len(task.Indicators) == 0 {
			t.Errorf("task %d has no indicator", task.Number)
		}
		for _, ind := range task.Indicators {
			if ind.Kind != "context" && !strings.Contains(exposition, `xushi_reporting{indicator="`+ind.ID+`"`) {
				t.Errorf("indicator %s is not on /metrics", ind.ID)
			}
		}
	}
	if got := s.gauge("xushi_actual", "lifts-renewed"); got != "" {
		t.Errorf("a gauge before any figure: %s", got)
	}
	code, body := s.call(http.MethodPost, "/api/v1/figures", `{"indicator":"lifts-renewed","period":"2026-01","value":"14"}`)
	if code != http.StatusOK || !strings.Contains(body, `"created":1`) {
		t.Fatalf("post: %d %s", code, body)
	}
	if got := s.gauge("xushi_actual", "lifts-renewed"); !strings.HasSuffix(got, "} 14") {
		t.Errorf("after the post: %q", got)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	s = start(t, data, june)
	if got := s.gauge("xushi_actual", "lifts-renewed"); !strings.HasSuffix(got, "} 14") {
		t.Errorf("after a restart: %q", got)
	}
	if strings.Contains(s.log.String(), s.token) {
		t.Error("the log holds the token")
	}
}

// TestAnotherProcess writes to the database beside a running server: a figure and
// a token made there show within a second.
func TestAnotherProcess(t *testing.T) {
	data := t.TempDir()
	s := start(t, data, nil)
	core, err := app.Open(t.Context(), "sqlite:"+filepath.Join(data, "xushi.db"), time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = core.Close() }()
	made, secret, err := core.Directory.Create(t.Context(), core.Service, "test", access.Token{Name: "n", Role: access.Viewer}, core.Board)
	if err != nil {
		t.Fatal(err)
	}
	s.token = secret
	within(t, time.Second, func() bool {
		code, _ := s.call(http.MethodGet, "/api/v1/plans", "")
		return code == http.StatusOK
	})
	if err := core.Directory.Revoke(t.Context(), core.Service, "test", made.ID); err != nil {
		t.Fatal(err)
	}
	within(t, time.Second, func() bool {
		code, _ := s.call(http.MethodGet, "/api/v1/plans", "")
		return code == http.StatusUnauthorized
	})
}

func within(t *testing.T, d time.Duration, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(d); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s", d)
		}
	}
}

// TestDemo fills a demonstration that says so on every surface, and keeps it
// apart from real figures both ways.
func TestDemo(t *testing.T) {
	data := t.TempDir()
	s := start(t, data, func(c *app.Config) { c.Demo = true })
	if _, body := s.call(http.MethodGet, "/api/v1/board", ""); !strings.Contains(body, `"demo":true`) {
		t.Error("the board does not say that it is a demonstration")
	}
	if _, body := s.call(http.MethodGet, "/", ""); !strings.Contains(body, "演示数据") {
		t.Error("the index does not say that it is a demonstration")
	}
	if _, body := s.call(http.MethodGet, "/metrics", ""); !strings.Contains(body, `demo="演示数据"`) {
		t.Error("/metrics does not say that it is a demonstration")
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	refused(t, "demo_database", func(c *app.Config) { c.DB = "sqlite:" + filepath.Join(data, "demo.db"); c.Data = data })

	real := t.TempDir()
	if err := start(t, real, nil).stop(); err != nil {
		t.Fatal(err)
	}
	refused(t, "demo_refused", func(c *app.Config) {
		c.Demo, c.DB, c.Data = true, "sqlite:"+filepath.Join(real, "xushi.db"), real
	})
}

// refused expects that a server does not start, for a reason with a code and a
// sentence in two languages.
func refused(t *testing.T, code string, change func(*app.Config)) {
	t.Helper()
	cfg := app.Config{
		Listen: "127.0.0.1:0", Data: t.TempDir(), Plans: []string{"gulou-2026"}, Out: io.Discard, Clock: time.Now,
		Log: slog.New(slog.DiscardHandler), Ready: func(net.Addr) { t.Errorf("%s: the server started", code) },
	}
	change(&cfg)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := app.Serve(ctx, cfg)
	f := fault.As(err)
	if f == nil {
		t.Errorf("want a fault %s, got %v", code, err)
		return
	}
	if f.Code != code || f.Zh == "" || f.En == "" {
		t.Errorf("want a fault %s in two languages, got %v", code, f)
	}
}

// TestRefusals starts with one thing wrong at a time.
func TestRefusals(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	refused(t, "port_in_use", func(c *app.Config) { c.Listen = taken.Addr().String() })
	refused(t, "listen", func(c *app.Config) { c.Listen = "nonsense" })

	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, "data_folder", func(c *app.Config) { c.Data = filepath.Join(file, "data") })
	refused(t, "database_dsn", func(c *app.Config) { c.DB = "mysql://x" })
	refused(t, "database_not_sqlite", func(c *app.Config) {
		junk := filepath.Join(t.TempDir(), "junk.db")
		if err := os.WriteFile(junk, bytes.Repeat([]byte("no database "), 400), 0o600); err != nil {
			t.Fatal(err)
		}
		c.DB = "sqlite:" + junk
	})
}

// TestTokenOnTerminal shows the first token to a person and writes no file.
func TestTokenOnTerminal(t *testing.T) {
	data := t.TempDir()
	var out bytes.Buffer
	s := start(t, data, func(c *app.Config) { c.Terminal, c.Out = true, &out })
	if _, err := os.Stat(filepath.Join(data, "first-token")); !os.IsNotExist(err) {
		t.Error("the token is in a file although it was shown")
	}
	i := strings.Index(out.String(), "xushi_")
	if i < 0 {
		t.Fatalf("no token shown: %q", out.String())
	}
	s.token = strings.Fields(out.String()[i:])[0]
	if code, body := s.call(http.MethodGet, "/api/v1/plans", ""); code != http.StatusOK {
		t.Errorf("the token shown does not work: %d %s", code, body)
	}
}

// TestGracefulStop keeps answering what was under way when told to stop.
func TestGracefulStop(t *testing.T) {
	s := start(t, t.TempDir(), nil)
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	body := `{"indicator":"nope","period":"2026-01","value":1}`
	// The server says 100 Continue when it begins to read the body: from then on
	// the request is under way.
	if _, err := fmt.Fprintf(conn, "POST /api/v1/figures HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", s.token, len(body)); err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewReader(conn)
	expect := func(want string) {
		t.Helper()
		line, err := answers.ReadString('\n')
		if err != nil || !strings.Contains(line, want) {
			t.Fatalf("want %s, got %q, %v", want, line, err)
		}
	}
	expect("100 Continue")
	expect("\r\n")
	stopped := make(chan error, 1)
	go func() { stopped <- s.stop() }()
	time.Sleep(50 * time.Millisecond)
	if _, err := io.WriteString(conn, body); err != nil {
		t.Fatal(err)
	}
	expect("422")
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// TestTwoServers runs two servers on one real PostgreSQL: what one takes in shows
// at the other within a second, and both may be posted to at once.
func TestTwoServers(t *testing.T) {
	dsn := pgtest.Start(t).Database(t)
	on := func(c *app.Config) { c.DB = dsn }
	a := start(t, t.TempDir(), on)
	b := start(t, t.TempDir(), on)
	b.token = a.token
	const each = 20
	done := make(chan string, 2)
	for i, s := range []*server{a, b} {
		go func() {
			for n := range each {
				body := fmt.Sprintf(`{"series":"gulou/%s","period":"2025-%02d","value":%d}`,
					[]string{"lifts-renewed", "lifts-added"}[i], n%12+1, n)
				if code, answer := s.call(http.MethodPost, "/api/v1/figures", body); code != http.StatusOK {
					done <- answer
					return
				}
			}
			done <- ""
		}()
	}
	for range 2 {
		if answer := <-done; answer != "" {
			t.Error(answer)
		}
	}
	for _, s := range []*server{a, b} {
		within(t, time.Second, func() bool {
			_, body := s.call(http.MethodGet, "/readyz", "")
			return strings.Contains(body, `"status":"ready"`) && strings.Contains(body, `"shown":42`) // plan, token, figures
		})
	}
}

// TestFirstTokenKept starts a demonstration in the folder of a real server: the
// real one's token is moved aside, not lost.
func TestFirstTokenKept(t *testing.T) {
	data := t.TempDir()
	s := start(t, data, nil)
	secret := s.token
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if err := start(t, data, func(c *app.Config) { c.Demo = true }).stop(); err != nil {
		t.Fatal(err)
	}
	kept, err := filepath.Glob(filepath.Join(data, "first-token-*"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("moved aside: %v, %v", kept, err)
	}
	if b, err := os.ReadFile(kept[0]); err != nil || strings.TrimSpace(string(b)) != secret {
		t.Errorf("the file moved aside does not hold the real token: %v", err)
	}
}

// TestAltered refuses to start on a log that was altered, and names the change.
func TestAltered(t *testing.T) {
	data := t.TempDir()
	if err := start(t, data, nil).stop(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(data, "xushi.db")
	if _, _, err := app.Verify(t.Context(), "sqlite:"+path, time.Now); err != nil {
		t.Fatal(err)
	}
	if _, err := storetest.Raw(t, "sqlite:"+path).Exec(`UPDATE change SET actor = 'evil' WHERE seq = 1`); err != nil {
		t.Fatal(err)
	}
	refused(t, "chain_broken", func(c *app.Config) { c.Data = data })
	if _, _, err := app.Verify(t.Context(), "sqlite:"+path, time.Now); fault.As(err) == nil || fault.As(err).Code != "chain_broken" {
		t.Errorf("verify: %v", err)
	}
}

// TestMethods answers a method that an address does not take with the ones it does.
func TestMethods(t *testing.T) {
	s := start(t, t.TempDir(), nil)
	for _, path := range []string{"/", "/metrics", "/metrics/self", "/healthz", "/readyz"} {
		if code, _ := s.call(http.MethodPost, path, "x"); code != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: %d", path, code)
		}
		if code, body := s.call(http.MethodHead, path, ""); code != http.StatusOK || body != "" {
			t.Errorf("HEAD %s: %d", path, code)
		}
	}
	if code, body := s.call(http.MethodHead, "/api/v1/board", ""); code != http.StatusOK || body != "" {
		t.Errorf("HEAD /api/v1/board: %d", code)
	}
}
