//go:build unix

package realprom_test

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"testing"

	"github.com/prometheus/prometheus/model/labels"

	"xushi/internal/testkit/realprom"
)

// TestStart asks a real Prometheus for samples that it was given, in the past and
// in the future, one series ended by a marker; it is gone with the test.
func TestStart(t *testing.T) {
	var base, temp string
	t.Run("serves", func(t *testing.T) {
		temp = t.TempDir()
		t.Setenv("TMPDIR", temp)
		base = realprom.Start(t, func(add realprom.Add) {
			a, b := labels.FromStrings("__name__", "x", "of", "a"), labels.FromStrings("__name__", "x", "of", "b")
			add(a, []realprom.Sample{{1_000_000, 1}, {4e12, 3}}) // the year 2096
			add(b, []realprom.Sample{{1_000_000, 2}, {2_000_000, realprom.Stale}})
		}, "--query.lookback-delta=100y")
		for at, want := range map[string]string{
			"1500":       `{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"x","of":"a"},"value":[1500,"1"]},{"metric":{"__name__":"x","of":"b"},"value":[1500,"2"]}]}}`,
			"2000":       `{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"x","of":"a"},"value":[2000,"1"]}]}}`,
			"4000000000": `{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"x","of":"a"},"value":[4000000000,"3"]}]}}`,
		} {
			if got := get(t, base+"/api/v1/query?time="+at+"&query="+url.QueryEscape("sort(x)")); got != want {
				t.Errorf("at %s: %s", at, got)
			}
		}
	})
	if base == "" {
		t.Skip("skipped, there is no Prometheus")
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base, nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := http.DefaultClient.Do(r); err == nil {
		_ = resp.Body.Close()
		t.Error("Prometheus is still there")
	}
	if left, err := os.ReadDir(temp); err == nil && len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
