package planfile

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What would make a reader run away is refused, soon.
func TestLimits(t *testing.T) {
	laughs := func(levels int) string {
		var b strings.Builder
		b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
		for i := 1; i <= levels; i++ {
			ref := fmt.Sprintf("*a%d", i-1)
			fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.Join([]string{ref, ref, ref, ref, ref, ref, ref, ref, ref, ref}, ", "))
		}
		return b.String()
	}
	var keys strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&keys, "k%d: v\n", i)
	}
	var deep strings.Builder
	for i := range 2000 {
		deep.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	for _, tt := range []struct{ name, text, code string }{
		{"size", strings.Repeat("#", MaxSize+1), "file_size"},
		{"empty", "", "file_empty"},
		{"comment", "# nothing\n", "file_empty"},
		{"documents", strings.Repeat("---\n", 10_000), "file_empty"},
		{"brackets", strings.Repeat("[", 1_000_000), "yaml_limits"},
		{"braces", strings.Repeat("{a: ", 300_000), "yaml_limits"},
		{"dashes", strings.Repeat("- ", 100_000), "yaml_limits"},
		{"questions", strings.Repeat("? ", 100_000), "yaml_unsupported"},
		{"indents", deep.String(), "yaml_limits"},
		{"keys", keys.String(), "yaml_limits"},
		{"flow keys", "{" + strings.ReplaceAll(keys.String(), "\n", ", ") + "}", "yaml_limits"},
		{"items", strings.Repeat("- a\n", 900_000), "yaml_limits"},
		{"laughs", laughs(9), "yaml_limits"},
		{"few laughs", laughs(3), "missing_field"},
		{"self", "a: &a [*a]", "yaml_alias"},
		{"tags", strings.Repeat("!a ", 100_000), "yaml_unsupported"},
		{"anchors", strings.Repeat("&a ", 100_000), "yaml_syntax"},
		{"directive", "%YAML 1.2\n---\nid: a\n", "yaml_unsupported"},
		{"scalar", "plan", "bad_type"},
		{"list", "- plan", "bad_type"},
		{"null", "~", "empty_value"},
		{"nul", "id: a\x00b", "file_encoding"},
		{"UTF-16", "\xff\xfei\x00d\x00", "file_encoding"},
	} {
		start := time.Now()
		r := Check("plan.yaml", []byte(tt.text))
		if len(r.Errors) == 0 || !strings.Contains(codes(r.Errors), tt.code) {
			t.Errorf("%s gave %v, want %s", tt.name, r.Errors, tt.code)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %v", tt.name, took)
		}
	}
}

// Aliases are read like what they stand for.
func TestAliases(t *testing.T) {
	text := readTestdata(t, "good.yaml")
	text = strings.Replace(text, "leads: [fagai]\n        series", "leads: &who [fagai]\n        series", 1)
	text = strings.Replace(text, "reference: gdp\n", "reference: gdp\n        leads: *who\n", 1)
	p, faults := Parse("plan.yaml", []byte(text))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if ind, _ := p.Indicator("income"); len(ind.Leads) != 1 || ind.Leads[0] != "fagai" {
		t.Errorf("leads %v", ind.Leads)
	}
}

func TestPath(t *testing.T) {
	p := path{"tasks", 3}.join("indicators[0].trajectory.points[2]")
	if got := p.String(); got != "tasks[3].indicators[0].trajectory.points[2]" {
		t.Error(got)
	}
	if a, b := p.to("x"), p.to("y"); a.String() == b.String() {
		t.Error("two paths share their end")
	}
}

func TestSuggestion(t *testing.T) {
	known := []string{"lag_months", "dates", "days", "working_days"}
	for wrote, want := range map[string]string{"lagmonths": "lag_months", "workingDays": "working_days", "date": "dates", "dais": "days", "colour": ""} {
		if zh, en := suggestion(wrote, known); want != "" && !strings.Contains(zh, "“"+want+"”") || want == "" && zh+en != "" {
			t.Errorf("%s: %s %s", wrote, zh, en)
		}
	}
}
