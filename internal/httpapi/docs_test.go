package httpapi

import (
	"io/fs"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	// A code stands before its sentence in Chinese, whatever function makes the fault.
	usedCode = regexp.MustCompile(`(?:fault\.Newf?|\.(?:fail|failKey|warn|warnKey))\([^\n]*?"([a-z0-9_]+)",\s*(?:fmt\.Sprintf\(\s*)?"[^"\n]*\p{Han}`)
	docCode  = regexp.MustCompile("(?m)^\\| `([a-z0-9_]+)` \\| ([^|]+) \\|")
	docRoute = regexp.MustCompile(`(?m)^\| .*/api/v1/`)
	status   = regexp.MustCompile(`\b[45]\d\d\b`)
	word     = regexp.MustCompile(`"([a-z0-9_]+)"`)
)

// TestDocs holds the manual's table of codes against the codes that the sources
// make, both ways, and against the statuses they are answered with.
func TestDocs(t *testing.T) {
	manual, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	_, tables, _ := strings.Cut(string(manual), "| code | where | meaning |")
	requests, plans, _ := strings.Cut(tables, "| code | meaning |")
	told := map[string]string{}
	for _, table := range []string{requests, plans} {
		var order []string
		for _, m := range docCode.FindAllStringSubmatch(table, -1) {
			if _, twice := told[m[1]]; twice {
				t.Errorf("%s is told twice", m[1])
			}
			told[m[1]] = m[2]
			order = append(order, m[1])
		}
		if !slices.IsSorted(order) || len(order) < 50 {
			t.Errorf("%d codes, or not in order", len(order))
		}
	}
	words := map[string]bool{}
	err = fs.WalkDir(os.DirFS(".."), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile("../" + path)
		for _, m := range usedCode.FindAllStringSubmatch(string(source), -1) {
			if _, ok := told[m[1]]; !ok {
				t.Errorf("docs/api.md does not tell of %s (%s)", m[1], path)
			}
		}
		for _, m := range word.FindAllStringSubmatch(string(source), -1) {
			words[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for code, where := range told {
		if !words[code] {
			t.Errorf("docs/api.md tells of %s, which no source knows", code)
		}
		want, special := statuses[code]
		if !special {
			want = http.StatusBadRequest
		}
		if said := status.FindString(where); said != "" && said != strconv.Itoa(want) || said == "" && special {
			t.Errorf("%s: docs/api.md says %s, the answer has %d", code, where, want)
		}
	}
	for code := range statuses {
		if _, ok := told[code]; !ok {
			t.Errorf("docs/api.md does not tell of %s", code)
		}
	}
	if len(docRoute.FindAll(manual, -1)) < 10 {
		t.Error("the manual's table of routes is gone")
	}
}
