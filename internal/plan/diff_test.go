package plan_test

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/govalues/decimal"

	"xushi/internal/fault"
	"xushi/internal/period"
	"xushi/internal/plan"
	"xushi/internal/planfile"
	"xushi/internal/testkit/golden"
)

const baseline = "../planfile/testdata/good.yaml"

func text(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(baseline)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// with gives the baseline with pairs of words replaced.
func with(t *testing.T, pairs ...string) *plan.Plan {
	t.Helper()
	s := text(t)
	for i := 0; i < len(pairs); i += 2 {
		if strings.Count(s, pairs[i]) != 1 {
			t.Fatalf("%q does not stand in the baseline once", pairs[i])
		}
		s = strings.Replace(s, pairs[i], pairs[i+1], 1)
	}
	p, faults := planfile.Parse("plan.yaml", []byte(s))
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestDiff(t *testing.T) {
	if d := plan.Diff(with(t), with(t, "target: 73.90", "target: 73.900")); len(d) > 0 {
		t.Errorf("equal plans differ: %v", d)
	}
	var out strings.Builder
	for _, pairs := range [][]string{
		{"title: 2026年主要工作目标任务分解方案", "title: 2026年工作方案", "source: 区政府网站\n", ""},
		{"target: 160\n", "target: 165\n", "amount: 160}", "amount: 165}", "size: 160, entries", "size: 165, entries"},
		{"deadline: 2026-06-30", "deadline: 2026-07-31", "commitment: best_effort", "commitment: binding"},
		{"comparator: \">\"", "comparator: \">=\""},
		{"leads: [fagai, 区房产局]", "leads: [fangchan, fagai]"},
		{"{id: jiaoyu, name: 区教育局, kind: bureau}\n  - {id: dongjie", "{id: renshe, name: 区人社局, kind: bureau}\n  - {id: jiaoyu, name: 区教体局, kind: bureau, former: [{name: 区教育局, until: 2026-03-31}]}\n  - {id: dongjie"},
		{"  - {id: dongjie, name: 东街街道, kind: street}\n  - {id: xijie, name: 西街街道, kind: street}\n", "  - {id: xijie, name: 西街街道, kind: street}\n  - {id: dongjie, name: 东街街道, kind: street}\n"},
		{"from: 2026-01-01, to: 2026-12-31", "from: 2026-02-01"},
		{"      - id: reform\n        name: 深化改革\n        kind: standing\n", "", "      - id: schools\n", "      - id: schools-all\n"},
		{"trajectory: {kind: shares, shares: [5, 10,", "trajectory: {kind: shares, shares: [6, 11,", "set: approved", "set: proposed"},
		{"trajectory: {kind: deadline}", "trajectory: {kind: days}"},
		{"points: [{date: 2026-06-30, amount: 60}", "points: [{date: 2026-06-30, amount: 50}, {date: 2026-09-30, amount: 120}"},
		{"note: 项目调出}", "note: 项目调出}\n          - {effective: 2026-08-01, document: 临政〔2026〕10号, deadline: 2026-12-15}"},
		{"{status: on_track, from: 1, below: 1.05}", "{status: on_track, from: 1, below: 1.1}", "{status: ahead, from: 1.05}", "{status: ahead, from: 1.1}"},
		{"        visibility: {class: internal, not_before: 2026-04-20T10:00:00+08:00}\n", ""},
		{"organisation: 西街街道, target: 1}", "organisation: dongjie, target: 1.0}"},
		{"{id: north, name: 北项目}, {id: south", "{id: east, name: 东项目}, {id: south"},
		{"planned: 2026-06-30, weight: 2", "planned: 2026-05-31, weight: 3"},
		{"{id: gdp-growth, name: 地区生产总值增速, unit: \"%\", span: ytd, step: 0.1, basis: constant", "{id: gdp-growth, name: 地区生产总值增速, unit: \"%\", span: ytd, step: 0.01, basis: comparable"},
		{"numerator: places-public, denominator: places-all", "numerator: places-all, denominator: places-public"},
		{"- {date: 2026-05-01, kind: adjusted, document: 临政〔2026〕5号, note: 范围调整}\n", ""},
		{"due: {days: 25, lag_months: 1}", "due: {working_days: 7}"},
		{"rhythm: half_yearly", "rhythm: quarterly"},
		{"tolerance: 0.3", "tolerance: 0.5"},
	} {
		for i := 0; i < len(pairs); i += 2 {
			fmt.Fprintf(&out, "# %s → %s\n", strings.Join(strings.Fields(pairs[i]), " "), strings.Join(strings.Fields(pairs[i+1]), " "))
		}
		found := plan.Diff(with(t), with(t, pairs...))
		if len(found) == 0 {
			t.Errorf("%q gave no difference", pairs)
		}
		for _, d := range found {
			fmt.Fprintf(&out, "%s %s\n  %s\n  %s\n", d.Action, d.Place, d.Zh(), d.En())
		}
	}
	golden.Check(t, "diff.golden", out.String())
}

// Every field counts: a plan in which all of them are set differs from one in
// which any single one is not, at a place that ends with the field's name.
func TestDiffIsComplete(t *testing.T) {
	var full plan.Plan
	fill(reflect.ValueOf(&full).Elem())
	fields := 0
	walk(reflect.TypeFor[plan.Plan](), nil, func(path []int, name string) {
		fields++
		var other plan.Plan
		fill(reflect.ValueOf(&other).Elem())
		v := reach(reflect.ValueOf(&other).Elem(), path)
		v.Set(reflect.Zero(v.Type()))
		found := plan.Diff(&full, &other)
		if len(found) == 0 {
			t.Errorf("%s %v: no difference", name, path)
			return
		}
		// A key that is gone is a member removed and another one added.
		if last := found[0].Place; !strings.Contains(last, name) && len(found) < 2 {
			t.Errorf("%s %v: found %v", name, path, found)
		}
		for _, d := range found {
			if strings.Contains(d.PlaceZh, "_") || !hanzi(d.PlaceZh) {
				t.Errorf("%s has no words: %q", name, d.PlaceZh)
			}
		}
	})
	if fields < 100 {
		t.Errorf("only %d fields were seen", fields)
	}
}

func hanzi(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff })
}

// fill sets every field below v: lists get one member.
func fill(v reflect.Value) {
	switch v.Interface().(type) {
	case decimal.Decimal:
		v.Set(reflect.ValueOf(decimal.MustNew(7, 0)))
		return
	case time.Time:
		v.Set(reflect.ValueOf(time.Unix(7, 0)))
		return
	case period.Rhythm:
		v.Set(reflect.ValueOf(period.Quarterly))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.String:
		v.SetString("x")
	default:
		v.SetInt(7)
	}
}

// walk calls f for every field below a type, with the indexes that lead to it.
func walk(t reflect.Type, path []int, f func(path []int, name string)) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[decimal.Decimal]() || t == reflect.TypeFor[time.Time]() {
		return
	}
	for i := range t.NumField() {
		here := append(slices.Clone(path), i)
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		f(here, name)
		walk(t.Field(i).Type, here, f)
	}
}

func reach(v reflect.Value, path []int) reflect.Value {
	for _, i := range path {
		for v.Kind() == reflect.Pointer || v.Kind() == reflect.Slice {
			if v.Kind() == reflect.Pointer {
				v = v.Elem()
			} else {
				v = v.Index(0)
			}
		}
		v = v.Field(i)
	}
	return v
}

func TestCheckUpdate(t *testing.T) {
	const newEvent = "      - {date: 2026-06-01, kind: handed_over"
	const documented = "      - {date: 2026-05-20, kind: adjusted, document: 临政〔2026〕8号}\n" + newEvent
	var out strings.Builder
	for _, tt := range []struct {
		pairs []string
		codes string
	}{
		{nil, ""},
		{[]string{"title: 2026年主要工作目标任务分解方案", "title: 方案", "rhythm: half_yearly", "rhythm: quarterly"}, ""},
		// targets
		{[]string{"target: 2\n", "target: 1\n"}, "target_change_undocumented"},
		{[]string{"target: 73.90", "target: 73.9"}, ""},
		{[]string{"deadline: 2026-06-30", "deadline: 2026-07-31"}, "target_change_undocumented entry_change_undocumented"},
		{[]string{"comparator: \">\"", "comparator: \">=\""}, "target_change_undocumented"},
		{[]string{"base: 0\n", "base: 10\n"}, "target_change_undocumented"},
		{[]string{"trajectory: {kind: deadline}", "trajectory: {kind: days}"}, "target_change_undocumented"},
		{[]string{"amount: 60}", "amount: 50}"}, "target_change_undocumented"},
		{[]string{"set: approved, reason: 近三年均值", "set: proposed, reason: 另算"}, ""},
		{[]string{"tolerance: 0.3", "tolerance: 0.5"}, "target_change_undocumented"},
		{[]string{"sense: down", "sense: up"}, "target_change_undocumented"},
		{[]string{"organisation: dongjie, target: 1.1}", "organisation: dongjie, target: 1.0}"}, "target_change_undocumented"},
		{[]string{"          - {id: xijie, name: 西街, organisation: 西街街道, target: 1}\n", ""}, "target_change_undocumented"},
		// documented changes
		{[]string{"{kind: days, set: proposed}}", "{kind: days, set: proposed}}\n          - {effective: 2026-10-01, document: 临政〔2026〕20号, target: 70}"}, ""},
		{[]string{"target: 70.5", "target: 70"}, "change_altered"},
		{[]string{"document: 临政〔2026〕9号", "document: 临政〔2026〕10号"}, "change_altered"},
		{[]string{"          - {effective: 2026-07-01, document: 临政〔2026〕9号, target: 70.5, note: 项目调出}\n", ""}, "change_altered"},
		{[]string{"note: 项目调出", "note: 三个项目调出"}, ""},
		// removals
		{[]string{"      - id: reform\n        name: 深化改革\n        kind: standing\n", ""}, "indicator_removed_undocumented"},
		{[]string{"      - id: hazards\n        name: 隐患\n        clause: 隐患动态清零\n        kind: zero\n        series: {unit: 件}\n", ""}, "indicator_removed_undocumented"},
		{[]string{"      - id: hazards\n        name: 隐患\n        clause: 隐患动态清零\n        kind: zero\n        series: {unit: 件}\n", "", newEvent, documented}, ""},
		// checklists
		{[]string{"{id: north, name: 北项目}", "{id: east, name: 东项目}"}, "entry_change_undocumented"},
		{[]string{"{id: north, name: 北项目}", "{id: east, name: 东项目}", newEvent, documented}, ""},
		{[]string{"planned: 2026-06-30, weight: 2", "planned: 2026-09-30, weight: 2"}, "entry_change_undocumented"},
		{[]string{"weight: 2}", "weight: 1}"}, "entry_change_undocumented"},
		{[]string{"{id: lift-1, name: 一号楼电梯}", "{id: lift-1, name: 一号楼电梯}, {id: lift-2, name: 二号楼电梯}"}, ""},
	} {
		faults := plan.CheckUpdate(with(t), with(t, tt.pairs...))
		if got := codes(faults); got != tt.codes {
			t.Errorf("%q gave %q, want %q", tt.pairs, got, tt.codes)
		}
		for _, f := range faults {
			fmt.Fprintf(&out, "%s %s\n  %s\n  %s\n", f.Code, f.Field, f.Zh, f.En)
		}
	}
	golden.Check(t, "update.golden", out.String())

	other := with(t)
	other.ID = "linhe-2027"
	if got := codes(plan.CheckUpdate(with(t), other)); got != "plan_id" {
		t.Errorf("another plan gave %q", got)
	}
	short := with(t)
	short.Tasks = short.Tasks[:2]
	if got := codes(plan.CheckUpdate(with(t), short)); got != "task_removed" {
		t.Errorf("a task less gave %q", got)
	}
}

func codes(l fault.List) string {
	all := make([]string, len(l))
	for i, f := range l {
		all[i] = f.Code
	}
	return strings.Join(slices.Compact(all), " ")
}
