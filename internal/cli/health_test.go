package cli

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// TestHealth has servers that are there, but not ready or not Xushi.
func TestHealth(t *testing.T) {
	for _, tt := range []struct {
		status     int
		body, want string
	}{
		{200, `{"status":"ready"}`, ""},
		{503, `{"status":"catching up with the change log: 3 of 7"}`, "error: 服务尚未就绪（catching up with the change log: 3 of 7）。 The server is not ready (catching up with the change log: 3 of 7). [not_ready]\n"},
		{200, `<html>`, "[not_answering]\n"},
		{200, `{}`, "[not_answering]\n"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/readyz" {
				t.Errorf("asked for %s", r.URL.Path)
			}
			w.WriteHeader(tt.status)
			_, _ = w.Write([]byte(tt.body))
		}))
		code, _, errs := run(t, "health", "--listen", strings.TrimPrefix(server.URL, "http://"))
		server.Close()
		if (code == 0) != (tt.want == "") || !strings.HasSuffix(errs, tt.want) {
			t.Errorf("%d %s: %d %q", tt.status, tt.body, code, errs)
		}
	}
}

func TestReachable(t *testing.T) {
	for listen, want := range map[string]string{
		":8080": "127.0.0.1:8080", "0.0.0.0:80": "127.0.0.1:80", "[::]:80": "[::1]:80", "10.1.2.3:80": "10.1.2.3:80", "nonsense": "nonsense",
	} {
		if got := reachable(listen); got != want {
			t.Errorf("%s: %s, want %s", listen, got, want)
		}
	}
}

// TestPasswordFile puts a password from a file into the database's name.
func TestPasswordFile(t *testing.T) {
	dir := t.TempDir()
	for name, holds := range map[string]string{"/pw": "a/b@c%:d\n", "/dsn": "postgres://u@h/n?sslmode=disable\n"} {
		if err := os.WriteFile(dir+name, []byte(holds), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		set  settings
		want string
	}{
		{settings{DB: "postgres://u@h:5432/n", PWFile: dir + "/pw"}, "postgres://u:a%2Fb%40c%25%3Ad@h:5432/n"},
		{settings{DBFile: dir + "/dsn", PWFile: dir + "/pw"}, "postgres://u:a%2Fb%40c%25%3Ad@h/n?sslmode=disable"},
		{settings{DB: "postgres://u@h/n"}, "postgres://u@h/n"},
		{settings{}, ""},
	} {
		if got, err := tt.set.dsn(); err != nil || got != tt.want {
			t.Errorf("%+v: %q %v, want %q", tt.set, got, err, tt.want)
		}
	}
	for _, dsn := range []string{"", "sqlite:x.db", "postgres://h/n", "postgres://u:geheim@h:port/n"} {
		set := settings{DB: dsn, PWFile: dir + "/pw"}
		if _, err := set.dsn(); err == nil || !strings.Contains(err.Error(), "postgres://") || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: %v", dsn, err)
		}
	}
	if _, err := (&settings{DB: "postgres://u@h/n", PWFile: dir + "/absent"}).dsn(); err == nil {
		t.Error("an absent file is no fault")
	}
}
