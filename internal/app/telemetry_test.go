package app_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"xushi/internal/app"
)

// TestOwnTelemetry asks for the service's own telemetry as Grafana does.
func TestOwnTelemetry(t *testing.T) {
	s := start(t, filepath.Join(t.TempDir(), "data"), nil)
	for path, want := range map[string]string{
		"query?" + url.Values{"query": {"xushi_log_head_seq > 0"}}.Encode():                      `"__name__":"xushi_log_head_seq"`,
		"query?" + url.Values{"query": {`sum(process_resident_memory_bytes) > bool 0`}}.Encode(): `"1"]`,
		"series?" + url.Values{"match[]": {`{__name__="xushi_build_info"}`}}.Encode():            `"goversion":"go`,
		"label/__name__/values":                     `"xushi_snapshot_seq"`,
		"labels":                                    `"goversion"`,
		"metadata?metric=xushi_log_head_seq":        `"type":"gauge"`,
		"query?query=up%7B__as_of__%3D%22now%22%7D": `"result":[]`,
	} {
		if code, body := s.call(http.MethodGet, app.PromQL+"/self/api/v1/"+path, ""); code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s, want %s", path, code, body, want)
		}
	}
	if code, body := s.call(http.MethodGet, app.PromQL+"/self/api/v1/query?query=up%7B__as_of__%3D%222026-01-01%22%7D", ""); code != http.StatusBadRequest {
		t.Errorf("a moment of knowledge: %d %s", code, body)
	}
}

// TestAddress tells Grafana's links where Xushi's pages are.
func TestAddress(t *testing.T) {
	s := start(t, filepath.Join(t.TempDir(), "data"), func(c *app.Config) { c.URL = "https://xushi.example/序时/" })
	const ask = app.PromQL + "/api/v1/query?query=xushi_service_info"
	if code, body := s.call(http.MethodGet, ask, ""); code != http.StatusOK || !strings.Contains(body, `"url":"https://xushi.example/序时"`) {
		t.Errorf("%d %s", code, body)
	}
	for text, ok := range map[string]bool{"https://a.b": true, "http://a:1/x/": true, "a.b": false, "ftp://a": false, "http://u:p@a": false, "http://a?x=1": false, "": false, "http://": false} {
		if _, err := app.ReadURL(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}
