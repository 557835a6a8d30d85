package app_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"xushi/internal/app"
)

// TestFigureInPromQL posts May's figure in the middle of June and revises it a week
// later: in PromQL it stands at May's end, and is revised there; what was known
// before the revision is still to be had.
func TestFigureInPromQL(t *testing.T) {
	var now atomic.Pointer[time.Time]
	at := func(text string) {
		t.Helper()
		moment, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		now.Store(&moment)
	}
	at("2026-06-15T10:00:00+08:00")
	s := start(t, filepath.Join(t.TempDir(), "data"), func(c *app.Config) {
		c.Clock = func() time.Time { return *now.Load() }
	})
	// ask gives the series of an answer as "period value", "value", or "".
	ask := func(expr, time string) string {
		t.Helper()
		code, body := s.call(http.MethodGet, app.PromQL+"/api/v1/query?"+url.Values{"query": {expr}, "time": {time}}.Encode(), "")
		var answer struct {
			Data struct {
				Result []struct {
					Metric map[string]string
					Value  [2]any
				}
			}
		}
		if err := json.Unmarshal([]byte(body), &answer); err != nil || code != http.StatusOK {
			t.Fatalf("%s: %d %s", expr, code, body)
		}
		var out []string
		for _, r := range answer.Data.Result {
			value, _ := r.Value[1].(string)
			out = append(out, strings.TrimSpace(r.Metric["period"]+" "+value))
		}
		return strings.Join(out, ", ")
	}
	expect := func(expr, time, want string) {
		t.Helper()
		if got := ask(expr, time); got != want {
			t.Errorf("%s at %s: %q, want %q", expr, time, got, want)
		}
	}
	post := func(value string) {
		t.Helper()
		code, body := s.call(http.MethodPost, "/api/v1/figures", `{"indicator":"lifts-renewed","period":"2026-05","value":"`+value+`","reason":"核实"}`)
		if code != http.StatusOK {
			t.Fatalf("%d %s", code, body)
		}
	}
	const figure, end = `xushi_figure{indicator="lifts-renewed"}`, "2026-06-01T00:00:00+08:00"
	expect(figure, end, "")
	post("14")
	for _, when := range []string{end, "2026-06-15T10:00:00+08:00", "2026-12-31T00:00:00+08:00"} {
		expect(figure, when, "2026-05 14")
		expect(`timestamp(`+figure+`)`, when, "2026-05 1780243200") // 1 June 00:00 in Shanghai
		expect(`xushi_actual{indicator="lifts-renewed"}`, when, "14")
	}
	expect(figure, "2026-05-31T23:59:59.999+08:00", "")
	expect(`xushi_actual{indicator="lifts-renewed"}`, "2026-05-31T23:59:59.999+08:00", "")

	at("2026-06-22T15:00:00+08:00")
	post("13")
	expect(figure, end, "2026-05 13")
	expect(`timestamp(`+figure+`)`, "2026-06-22T15:00:00+08:00", "2026-05 1780243200")
	expect(`xushi_actual{indicator="lifts-renewed"}`, end, "13")
	before := strings.Replace(figure, "}", `,__as_of__="2026-06-21"}`, 1)
	expect(before, end, "2026-05 14")
	expect(`timestamp(`+before+`)`, end, "2026-05 1780243200")
	expect(strings.Replace(figure, "}", `,__as_of__="2026-06-14"}`, 1), end, "")
	expect(strings.Replace(figure, "}", `,__as_of__="2026-06-22"}`, 1), end, "2026-05 13")
}

// TestPromQLDoor asks through the doors around Prometheus's API: compressed, for
// the head alone, and without a token.
func TestPromQLDoor(t *testing.T) {
	s := start(t, t.TempDir(), nil)
	ask := func(method, path string, header ...string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, s.url+app.PromQL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+s.token)
		r.Header.Set("Accept-Encoding", "identity")
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = resp.Body.Close() })
		return resp
	}
	const path = "/api/v1/query?query=xushi_indicator_info"
	plain, packed := ask(http.MethodGet, path), ask(http.MethodGet, path, "Accept-Encoding", "gzip")
	if plain.Header.Get("Content-Encoding") != "" || packed.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("packed %q and %q", plain.Header.Get("Content-Encoding"), packed.Header.Get("Content-Encoding"))
	}
	unpacked, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	size := func(r io.Reader) int {
		t.Helper()
		b, err := io.ReadAll(r)
		if err != nil || !json.Valid(b) {
			t.Fatalf("%v, %d bytes", err, len(b))
		}
		return len(b)
	}
	if a, b := size(plain.Body), size(unpacked); a < 10_000 || a-b > 10 || b-a > 10 { // the moment may have fewer digits
		t.Errorf("%d bytes plain, %d unpacked", a, b)
	}
	if head := ask(http.MethodHead, path); head.StatusCode != http.StatusOK || head.Header.Get("Content-Type") != "application/json" {
		t.Errorf("HEAD: %d %v", head.StatusCode, head.Header)
	}
	if bare := ask(http.MethodGet, path, "Authorization", ""); bare.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a token: %d", bare.StatusCode)
	}
}
