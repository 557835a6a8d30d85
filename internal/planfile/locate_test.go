package planfile

import (
	"fmt"
	"strings"
	"testing"

	"xushi/internal/fault"
	"xushi/internal/plan"
)

// What an update is refused for is told where it stands in the file; what is gone
// from it, where it would stand.
func TestLocate(t *testing.T) {
	const name = "plan.yaml"
	good := readTestdata(t, "good.yaml")
	before, _ := Parse(name, []byte(good))
	lineOf := func(text, word string) int {
		t.Helper()
		i := strings.Index(text, word)
		if i < 0 {
			t.Fatalf("no %q", word)
		}
		return 1 + strings.Count(text[:i], "\n")
	}
	const hazards = "      - id: hazards\n        name: 隐患\n        clause: 隐患动态清零\n        kind: zero\n        series: {unit: 件}\n"
	for _, tt := range []struct{ old, new, at string }{
		{"target: 2\n", "target: 1\n", "target: 1\n"},
		{"organisation: dongjie, target: 1.1}", "organisation: dongjie, target: 1.0}", "organisation: dongjie, target: 1.0}"},
		{"          - {id: xijie, name: 西街, organisation: 西街街道, target: 1}\n", "", "parts:\n          - {id: dongjie"},
		{"target: 70.5", "target: 70", "{effective: 2026-07-01"},
		{"{id: north, name: 北项目}", "{id: east, name: 东项目}", "entries: [{id: east"},
		{hazards, "", "indicators:\n      - id: lifts\n"},
	} {
		if strings.Count(good, tt.old) != 1 {
			t.Fatalf("%q is not there once", tt.old)
		}
		text := strings.Replace(good, tt.old, tt.new, 1)
		r := Check(name, []byte(text))
		if r.Plan == nil {
			t.Fatal(r.Errors)
		}
		l := r.Locate(plan.CheckUpdate(before, r.Plan))
		if len(l) == 0 || l[0].File != name || l[0].Line != lineOf(text, tt.at) || l[0].Col == 0 {
			t.Errorf("%q → %q: %v, want line %d", tt.old, tt.new, l, lineOf(text, tt.at))
		}
	}

	r := Check(name, []byte(good))
	for field, want := range map[string]string{
		"": name, "series": "plan.yaml:%d", "series[99].id": "plan.yaml:%d", "nothing/of/the/kind": "plan.yaml:2",
		"tasks/2/indicators/gdp/target": "plan.yaml:" + fmt.Sprint(lineOf(good, "target: 5\n")), // it is in task 1
	} {
		if strings.HasSuffix(want, "%d") {
			want = fmt.Sprintf(want, lineOf(good, "\nseries:\n")+1)
		}
		if got := r.Locate(fault.List{fault.New("c", "z", "e").At(field)})[0].Error(); !strings.HasPrefix(got, want) {
			t.Errorf("%q: %q, want %s", field, got, want)
		}
	}
	broken := Check(name, []byte(": :\n -"))
	if got := broken.Locate(fault.List{fault.New("c", "z", "e").At("tasks/1")})[0].Error(); got != "plan.yaml: z e [c]" {
		t.Errorf("in a broken file: %q", got)
	}
}

func TestSuggestComparator(t *testing.T) {
	known := []string{">=", ">", "<="}
	for wrote, want := range map[string]string{
		"≥": ">=", "≧": ">=", "=>": ">=", "＞＝": ">=", "> =": ">=", "＞=": ">=", "＞": ">",
		"≤": "<=", "≦": "<=", "=<": "<=", "＜＝": "<=", "＜": "<=", "<": "<=",
		"=": "", "==": "", "<>": "", "!=": "", "": "", "以上": "",
	} {
		_, en := suggestion(wrote, known)
		if want != "" {
			want = `; did you mean "` + want + `"`
		}
		if en != want {
			t.Errorf("%s: %q, want %q", wrote, en, want)
		}
	}
}
