package promapi_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"xushi/internal/dashboard"
)

// TestNewYear opens the dashboards on the plan of the range's year, where several
// years stand side by side.
func TestNewYear(t *testing.T) {
	h := open(t)
	h.At("2027-02-10 09:00")
	h.apply("plan.yaml", "CHANGE", "", "LETTERS", "", "2026", "2027")
	h.Board.Tick()
	d := dashboard.All()[0]
	i := slices.IndexFunc(d.Templating.List, func(v dashboard.Variable) bool { return v.Name == "plan" })
	expr := strings.TrimSuffix(strings.TrimPrefix(d.Templating.List[i].Definition, "query_result("), ")")
	for end, want := range map[string]string{ // of 本年度, in Shanghai
		"2027-01-01T23:59:59+08:00": "2026",
		"2028-01-01T23:59:59+08:00": "2027",
	} {
		moment, err := time.Parse(time.RFC3339, end)
		if err != nil {
			t.Fatal(err)
		}
		a := h.get("query", "query", expr, "time", moment.UTC().Format(time.RFC3339))
		a.ok()
		var answer struct {
			Data struct {
				Result []struct{ Metric map[string]string }
			}
		}
		if err := json.Unmarshal([]byte(a.body), &answer); err != nil || len(answer.Data.Result) < 2 {
			t.Fatalf("%v: %s", err, a.body)
		}
		if got := answer.Data.Result[0].Metric["year"]; got != want {
			t.Errorf("range until %s opens on %s: %s", end, got, a.body)
		}
	}
}
