package planfile

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"xushi/internal/fault"
	"xushi/internal/testkit/golden"
)

// bad breaks one thing of the baseline each: what stands in it once, by what it
// is replaced, and the codes of the faults that follow. Their places and
// sentences are in testdata/bad.golden. A code after ~ is a warning.
var bad = []struct{ old, new, codes string }{
	// schema: fields
	{"title: 2026年主要工作目标任务分解方案", "titel: 2026年主要工作目标任务分解方案", "missing_field unknown_field"},
	{"kind: growth\n", "kind: growth\n        colour: red\n", "unknown_field"},
	{"due: {days: 25, lag_months: 1}", "due: {days: 25, lagmonths: 1}", "unknown_field"},
	{"series: {unit: 件}", "series: {units: 件}", "unknown_field"},
	{"area: linhe\n", "", "missing_field"},
	{"    leads: [jiaoyu]\n", "", "missing_field"},
	{"kind: zero", "kind: zeros", "bad_choice"},
	{"kind: zero", "kind: 清零类", "bad_choice"},
	{"rhythm: half_yearly", "rhythm: halfyearly", "bad_choice"},
	{"sense: down", "sense: better", "bad_choice"},
	{"approval: none", "approval: two-step", "bad_choice"},
	// schema: types and forms
	{"target: 160\n", "target: \"160\"\n", "bad_type"},
	{"target: 160\n", "target: 160台\n", "bad_type"},
	{"target: 160\n", "target: 1,600\n", "bad_type"},
	{"target: 160\n", "target: 1.6e2\n", "number_form"},
	{"target: 160\n", "target: [160]\n", "bad_type"},
	{"target: 160\n", "target:\n", "empty_value"},
	{"target: 160\n", "target: 0160\n", "number_form"},
	{"target: 160\n", "target: 0xa0\n", "number_form"},
	{"target: 160\n", "target: 1_60\n", "number_form"},
	{"target: 160\n", "target: .nan\n", "number_form"},
	{"target: 160\n", "target: 160.00000000000000000001\n", "number_digits"},
	{"number: 临政〔2026〕1号", "number: 2026", "bad_type"},
	{"number: 临政〔2026〕1号", "number: \"\"", "empty_value"},
	{"year: 2026\n", "year: 2026.5\n", "bad_type"},
	{"year: 2026\n", "year: 2026.0\n", "bad_type"},
	{"year: 2026\n", "year: 26\n", "out_of_range"},
	{"date: 2026-01-20\n", "date: 2026-02-30\n", "bad_date"},
	{"date: 2026-01-20\n", "date: 2026年1月20日\n", "bad_date"},
	{"not_before: 2026-04-20T10:00:00+08:00", "not_before: 2026-04-20", "bad_time"},
	{"id: lifts\n", "id: Lifts_renewed\n", "bad_id"},
	{"series: gdp-growth", "series: GDP", "bad_id"},
	{"issuer: 临河区人民政府", "issuer: \" 临河区人民政府\"", "text_space"},
	{"issuer: 临河区人民政府", "issuer: \"临河区\\n人民政府\"", "text_space"},
	{"short: 预期目标", "short: " + strings.Repeat("长", 101), "too_long"},
	{"shares: [5, 10, 18, 26, 34, 44, 52, 60, 70, 80, 90, 100]", "shares: [5, 100]", "too_few"},
	{"shares: [5, 10, 18, 26, 34, 44, 52, 60, 70, 80, 90, 100]", "shares: [5, 10, 18, 26, 34, 44, 52, 60, 70, 80, 90, 101]", "out_of_range"},
	{"weight: 2", "weight: 0", "out_of_range"},
	{"due: {working_days: 5}", "due: {}", "too_few"},
	{"    indicators:\n      - id: places\n", "    indicators: []\n    others:\n      - id: places\n", "too_few unknown_field"},
	{"due: {working_days: 5}", "due: 5", "bad_type"},
	{"series: {unit: 件}", "series: [unit]", "bad_type"},
	// YAML
	{"issuer: 临河区人民政府", "issuer: 临河区人民政府\nissuer: 临河区", "duplicate_key"},
	{"{id: lift-1, name: 一号楼电梯}", "{id: lift-1, name: 一号楼电梯, id: lift-2}", "duplicate_key"},
	{"source: 区政府网站", "source: [区政府网站", "yaml_syntax"},
	{"source: 区政府网站", "source: \"区政府网站", "yaml_syntax"},
	{"source: 区政府网站", "\tsource: 区政府网站", "yaml_syntax"},
	{"source: 区政府网站", "source: !!str 区政府网站", "yaml_unsupported"},
	{"source: 区政府网站", "source: *nobody", "yaml_alias"},
	{"source: 区政府网站", "<<: {source: 区政府网站}", "yaml_unsupported"},
	{"organisations:\n", "---\norganisations:\n", "yaml_unsupported"},
	{"source: 区政府网站", "1: 区政府网站", "yaml_unsupported"},
	{"source: 区政府网站", "source: 区政府\u202e网站", "file_encoding"},
	{"source: 区政府网站", "source: \xc7\xf8", "file_encoding"},
	// the plan
	{"time_zone: Asia/Shanghai", "time_zone: Asia/Linhe", "bad_time_zone"},
	{"holidays: cn", "holidays: xx", "~holidays_unknown"},
	{"date: 2026-01-20\n", "date: 2024-01-20\n", "date_year"},
	{"continues: linhe-2025", "continues: linhe-2026", "circular_reference"},
	{"number: 2, title: 城市与民生", "number: 3, title: 城市与民生", "section_number"},
	{"  - {number: 2, title: 城市与民生}", "  - {number: 2, title: 城市与民生}\n  - {number: 3, title: 空}", "section_empty"},
	{"{status: on_track, from: 1, below: 1.05}", "{status: on_track, from: 1, below: 1.04}", "bands_hole"},
	{"{status: on_track, from: 1, below: 1.05}", "{status: on_track, from: 1, below: 1.06}", "bands_overlap"},
	{"{status: behind, below: 0.9}", "{status: on_track, below: 0.9}", "bands_status"},
	// organisations
	{"{id: jiaoyu, name: 区教育局, kind: bureau}", "{id: fagai, name: 区教育局, kind: bureau}", "duplicate_id unknown_organisation unknown_organisation"},
	{"{id: jiaoyu, name: 区教育局, kind: bureau}", "{id: jiaoyu, name: 区房产局, kind: bureau}", "duplicate_name"},
	{"    leads: [jiaoyu]", "    leads: [jiaoyv]", "unknown_organisation"},
	{"    leads: [jiaoyu]", "    leads: [区教委]", "unknown_organisation"},
	{"    leads: [jiaoyu]", "    leads: [jiaoyu, 区教育局]", "duplicate_reference"},
	{"    cos: [jiedao-all]", "    cos: [fagai]", "lead_and_co"},
	{"{organisation: dongjie}", "{organisation: jiedao-all}", "circular_reference"},
	{"from: 2026-01-01, to: 2026-12-31", "from: 2026-12-31, to: 2026-01-01", "date_order"},
	{"until: 2019-01-31", "until: 2001-01-31", "date_order"},
	{"name: 区发改局, until", "name: 区发改委, until", "former_name"},
	{"kind: group", "kind: bureau", "members_of_group"},
	{"organisations: [fangchan, dongjie, xijie]}", "organisations: [fangchan]}\n  - {id: two, name: 二, organisations: [fangchan]}", "~portfolio_twice"},
	{"organisations: [fangchan, dongjie, xijie]}", "organisations: [fangchan]}\n  - {id: fuquzhang-jian, name: 二, organisations: [xijie]}", "duplicate_id"},
	// series
	{"series: gdp-growth", "series: gdp-grow", "unknown_series ~series_unused"},
	{"{id: places-public, name: 普惠托位, unit: 个}", "{id: places-all, name: 普惠托位, unit: 个}", "duplicate_id unknown_series"},
	{"series: {unit: 件}", "series: {id: lifts, name: 电梯更新, unit: 件}", "series_conflict"},
	{"series: {unit: 件}", "series: {id: linhe/hazards, unit: 件}", "series_area"},
	{"series: {unit: 件}", "series: {name: 隐患}", "missing_field"},
	{"numerator: places-public", "numerator: places-pubic", "unknown_series ~series_unused"},
	{"numerator: places-public", "numerator: places-all", "circular_reference ~series_unused"},
	{"numerator: places-public", "numerator: places", "circular_reference ~ratio_units ~series_unused"},
	{"{id: places-public, name: 普惠托位, unit: 个}", "{id: places-public, name: 普惠托位, unit: 个, span: month}", "ratio_span"},
	{"{id: places-public, name: 普惠托位, unit: 个}", "{id: places-public, name: 普惠托位, unit: 所}", "~ratio_units"},
	{"series: {ratio:", "series: {unit: 个, ratio:", "ratio_unit bands_unit"},
	{"series: {unit: 件}", "unit: 起\n        series: {unit: 件}", "unit_mismatch"},
	// tasks
	{"  - number: 2\n    section", "  - number: 4\n    section", "task_number"},
	{"  - number: 3\n    section: 2", "  - number: 3\n    section: 1", "section_order"},
	{"clause: 完成160台电梯更新", "clause: 完成160台电梯更换", "clause_not_in_text"},
	{"id: lifts\n", "id: gdp\n", "duplicate_id"},
	{"kind: adjusted, document: 临政〔2026〕5号,", "kind: adjusted,", "missing_field"},
	{"- {date: 2026-05-01, kind", "- {date: 2026-07-01, kind", "date_order"},
	{"- {date: 2026-05-01, kind", "- {date: 2025-05-01, kind", "event_year"},
	{", to: [jiaoyu]}", "}", "missing_field"},
	{"kind: handed_over", "kind: ended", "field_not_for_kind"},
	// kinds
	{"        target: 160\n", "", "missing_for_kind"},
	{"        series: {unit: 台}\n", "", "missing_for_kind"},
	{"        sense: down\n", "", "missing_for_kind"},
	{"        reference: gdp\n", "", "missing_for_kind"},
	{"        clause: 隐患动态清零\n", "", "missing_for_kind"},
	{"kind: direction", "kind: direction\n        target: 20", "field_not_for_kind"},
	{"kind: standing", "kind: standing\n        target: 20", "field_not_for_kind"},
	{"kind: context", "kind: context\n        comparator: \">=\"", "field_not_for_kind"},
	{"kind: milestone", "kind: milestone\n        series: gdp-growth", "field_not_for_kind"},
	{"kind: growth\n", "kind: growth\n        trajectory: {kind: months}\n", "field_not_for_kind"},
	{"        bands:\n          age:", "        bands:\n          gap:", "field_not_for_kind"},
	{"kind: zero", "kind: zero\n        target: 1", "target_zero"},
	{"comparator: \">\"", "comparator: \"<=\"", "comparator"},
	{"kind: level", "kind: level\n        comparator: \">\"", "comparator"},
	{"        unit: 所\n", "", "missing_field"},
	// cumulative
	{"base: 0\n", "base: 80\n", "target_base"},
	{"target: 160\n", "target: 160.5\n", "checklist_short target_step trajectory_end"},
	{"base: 0\n", "base: 0.001\n", "target_step"},
	{"44, 52,", "44, 40,", "trajectory_shares"},
	{"90, 100], set", "90, 99], set", "trajectory_shares"},
	{"{date: 2026-06-30, amount: 60}", "{date: 2026-06-30, amount: 60.5}", "trajectory_step"},
	{"{date: 2026-06-30, amount: 60}", "{date: 2026-06-30, amount: 170}", "trajectory_points"},
	{"{date: 2026-11-30, amount: 160}", "{date: 2026-11-30, amount: 150}", "trajectory_end"},
	{"{date: 2026-11-30, amount: 160}", "{date: 2026-12-30, amount: 160}", "trajectory_end"},
	{"trajectory: {kind: deadline}", "trajectory: {kind: deadline, points: [{date: 2026-06-30, amount: 2}]}", "trajectory_kind"},
	{"checklist: {size: 160,", "checklist: {size: 150,", "checklist_short"},
	// bands
	{"        series: {unit: 微克/立方米, step: 0.1}\n", "        series: {unit: 微克/立方米, step: 0.1}\n      - {id: days, name: 天, clause: 空气质量, kind: level, target: 300, series: {unit: 天}}\n", "bands_unit"},
	{"            - {status: on_track, from: 0, below: 0.3}\n", "            - {status: on_track, from: 0, below: 0.2}\n", "bands_hole"},
	{"age: [{status: slightly_behind, below: 2}, {status: behind, from: 2}]", "age: [{status: slightly_behind, below: 2}]", "bands_hole"},
	// dates, due dates, changes
	{"deadline: 2026-06-30\n", "deadline: 2027-06-30\n", "deadline_year planned_year"},
	{"2026-10-20, 2027-01-20]", "2026-10-20]", "due_rule"},
	{"2026-10-20, 2027-01-20]", "2027-01-20, 2026-10-20]", "due_rule"},
	{"due: {working_days: 5}", "due: {working_days: 5, days: 5}", "due_rule"},
	{"series: {unit: 万人}", "series: {unit: 万人, span: quarter}\n        rhythm: yearly", "rhythm_span"},
	{"effective: 2026-07-01", "effective: 2027-07-01", "change_date date_order"},
	{"effective: 2026-09-01", "effective: 2026-07-01", "date_order"},
	{"document: 临政〔2026〕9号, ", "", "missing_field"},
	{"deadline: 2026-11-30, trajectory: {kind: days, set: proposed}", "note: 无", "change_empty"},
	{"deadline: 2026-11-30, trajectory: {kind: days", "deadline: 2027-11-30, trajectory: {kind: days", "deadline_year"},
	{"target: 70.5", "target: 70.555", "target_step"},
	{"kind: zero", "kind: zero\n        changes: [{effective: 2026-07-01, document: 一号, target: 1}]", "field_not_for_kind"},
	{"kind: zero", "kind: zero\n        changes: [{effective: 2026-07-01, document: 一号, trajectory: {kind: days}}]", "field_not_for_kind"},
	// checklists and parts
	{"id: south, name", "id: north, name", "duplicate_id"},
	{"planned: 2026-03-31", "planned: 2026-07-31", "planned_after_deadline"},
	{"planned: 2026-03-31", "planned: 2025-03-31", "planned_year"},
	{"planned: 2026-03-31", "weight: 3", "weight_of_count"},
	{"size: 2\n", "size: 1\n", "checklist_size"},
	{"checklist: {size: 160, entries: [{id: lift-1, name: 一号楼电梯}]}", "checklist: {entries: []}", "checklist_empty"},
	{"organisation: 西街街道, target: 1}", "organisation: 西街街道, target: 2}", "~parts_sum"},
	{"- {id: xijie, name: 西街, organisation", "- {id: dongjie, name: 西街, organisation", "duplicate_id"},
	{"organisation: 西街街道, target: 1}", "organisation: 西街街道, target: 1.00001}", "target_step ~parts_sum"},
	{"organisation: 西街街道, target: 1}", "organisation: 西街, target: 1}", "unknown_organisation"},
	{"kind: direction", "kind: direction\n        total: sum", "total_without_parts"},
	{"kind: level", "kind: level\n        parts: [{id: a, name: 甲}]\n        total: sum", "total_of_rates"},
	{"kind: level", "kind: level\n        parts: [{id: a, name: 甲, base: 1}]", "field_not_for_kind"},
	{"kind: zero", "kind: direction\n        sense: up\n        parts: [{id: a, name: 甲, target: 1}]", "field_not_for_kind"},
	// references
	{"reference: gdp", "reference: gpd", "unknown_indicator"},
	{"reference: gdp", "reference: income", "circular_reference"},
	{"reference: gdp", "reference: roads", "reference_without_figure"},
	{"reference: gdp", "reference: lifts", "reference_unit"},
	{"series: {unit: \"%\", step: 0.1, basis: nominal}\n        rhythm: quarterly", "series: {unit: \"%\", step: 0.1, basis: nominal}", "~reference_rhythm"},
	{"base_share: [7, 14,", "base_share: [7, 6,", "base_share"},
	// doubts
	{"target: 2.1\n", "target: 2\n", "~parts_sum ~target_wording"},
	{"commitment: best_effort", "commitment: expected", "~commitment_wording"},
	{"            - {status: slightly_behind, from: -0.5, below: 0}\n            - {status: behind, below: -0.5}\n", "            - {status: slightly_behind, below: 0}\n", ""},
}

func TestBad(t *testing.T) {
	text := readTestdata(t, "good.yaml")
	var out strings.Builder
	for i, tt := range bad {
		if n := strings.Count(text, tt.old); n != 1 {
			t.Errorf("%d: %q stands in the baseline %d times", i, tt.old, n)
			continue
		}
		r := Check("plan.yaml", []byte(strings.Replace(text, tt.old, tt.new, 1)))
		var got []string
		for _, f := range r.Errors {
			got = append(got, f.Code)
		}
		for _, f := range r.Warnings {
			got = append(got, "~"+f.Code)
		}
		slices.Sort(got)
		want := strings.Fields(tt.codes)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%d: %q instead of %q gave %q, want %q", i, tt.new, tt.old, got, want)
		}
		if (r.Plan == nil) != (len(r.Errors) > 0) {
			t.Errorf("%d: %d errors, plan %v", i, len(r.Errors), r.Plan != nil)
		}
		fmt.Fprintf(&out, "# %s → %s\n", oneLine(tt.old), oneLine(tt.new))
		for _, list := range []fault.List{r.Errors, r.Warnings} {
			for _, f := range list {
				if f.Line == 0 || f.Zh == "" || f.En == "" || strings.Contains(f.Zh+f.En, "%!") {
					t.Errorf("%d: the fault is incomplete: %v", i, f)
				}
				fmt.Fprintf(&out, "%d:%d %s %s\n  %s\n  %s\n", f.Line, f.Col, f.Code, f.Field, f.Zh, f.En)
			}
		}
	}
	golden.Check(t, "bad.golden", out.String())
}

// The baseline itself is without doubts.
func TestGood(t *testing.T) {
	r := Check("good.yaml", []byte(readTestdata(t, "good.yaml")))
	if len(r.Errors)+len(r.Warnings) > 0 {
		t.Errorf("errors %v\nwarnings %v", r.Errors, r.Warnings)
	}
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(s, "?")), " ")
}

// Every code that the table meets is told in Check's comment or in the judge's.
func TestCodesAreListed(t *testing.T) {
	source, err := os.ReadFile("planfile.go")
	if err != nil {
		t.Fatal(err)
	}
	listed := strings.Fields(string(source))
	for _, tt := range bad {
		for code := range strings.FieldsSeq(tt.codes) {
			code = strings.TrimPrefix(code, "~")
			foreign := slices.ContainsFunc([]string{"bands_", "trajectory_", "target_", "due_rule", "base_share"},
				func(p string) bool { return strings.HasPrefix(code, p) })
			if !foreign && !slices.Contains(listed, code) {
				t.Errorf("the code %s is not listed", code)
			}
		}
	}
}
