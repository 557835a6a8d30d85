package httpapi_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRestrictedSince hides in the past, too, what became restricted since.
func TestRestrictedSince(t *testing.T) {
	h := open(t)
	const past = "/api/v1/indicators/linhe-2026/schools?as_of=2026-06-02"
	h.get("viewer", past).want(200)
	plan, err := os.ReadFile("testdata/plan.yaml")
	if err != nil {
		t.Fatal(err)
	}
	open := "        target: 3\n        unit: 所\n"
	changed := strings.Replace(string(plan), open, open+"        visibility: {class: restricted}\n", 1)
	if changed == string(plan) {
		t.Fatal("the plan has no such indicator")
	}
	file := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	h.clock.set("2026-06-04T09:00:00+08:00")
	h.apply(file)
	h.get("viewer", past).want(404)
	h.get("super", past).want(200)
}
