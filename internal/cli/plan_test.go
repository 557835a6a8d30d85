package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"xushi/internal/plan"
	"xushi/internal/planfile"
	"xushi/internal/testkit/golden"
	"xushi/seeds"
)

const goodPlan = "../planfile/testdata/good.yaml"

// run runs a command line as main does.
func run(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Main(context.Background(), args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

// edited gives a file with the good plan, pairs of words replaced.
func edited(t *testing.T, pairs ...string) string {
	t.Helper()
	b, err := os.ReadFile(goodPlan)
	if err != nil {
		t.Fatal(err)
	}
	s := string(b)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(s, pairs[i]) {
			t.Fatalf("the good plan has no %q", pairs[i])
		}
		s = strings.Replace(s, pairs[i], pairs[i+1], 1)
	}
	file := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(file, []byte(s), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestPlanCheck(t *testing.T) {
	code, out, errs := run(t, "plan", "check", goodPlan)
	if code != 0 || errs != "" || !strings.Contains(out, "ok: linhe-2026, 3 tasks in 2 sections, 12 indicators (cumulative 4, growth 1, level 1, ") {
		t.Errorf("%d %q %q", code, out, errs)
	}

	doubtful := edited(t, "commitment: best_effort", "commitment: expected")
	code, out, errs = run(t, "plan", "check", doubtful)
	if code != 0 || errs != "" || !strings.HasPrefix(out, doubtful+":140:21: warning: ") || !strings.Contains(out, "[commitment_wording]\n") || !strings.Contains(out, "1 warning") {
		t.Errorf("%d %q %q", code, out, errs)
	}

	broken := edited(t, "kind: zero", "kind: zeros")
	code, out, errs = run(t, "plan", "check", broken, goodPlan)
	if code != 1 || !strings.HasPrefix(out, broken+":157:15: error: ") || !strings.Contains(out, "ok: linhe-2026") || errs == "" {
		t.Errorf("%d %q %q", code, out, errs)
	}

	code, out, _ = run(t, "plan", "check", "absent.yaml")
	if code != 1 || !strings.HasPrefix(out, "absent.yaml: error: ") {
		t.Errorf("%d %q", code, out)
	}
	code, out, _ = run(t, "plan", "check", "guluo-2026")
	if code != 1 || !strings.Contains(out, "gulou-2026") {
		t.Errorf("an id that is not there: %d %q", code, out)
	}
	if code, _, _ := run(t, "plan", "check"); code != 2 {
		t.Errorf("no file: %d", code)
	}
}

func TestPlanShow(t *testing.T) {
	for _, format := range []string{"table", "csv", "json"} {
		code, out, errs := run(t, "plan", "show", goodPlan, "--format", format)
		if code != 0 || errs != "" {
			t.Errorf("%s: %d %q", format, code, errs)
		}
		golden.Check(t, "show."+format, out)
	}
	if code, _, _ := run(t, "plan", "show", goodPlan, "--format", "xml"); code != 2 {
		t.Errorf("an unknown format: %d", code)
	}
	if code, out, errs := run(t, "plan", "show", edited(t, "kind: zero", "kind: zeros")); code != 1 || out != "" || !strings.Contains(errs, "bad_choice") {
		t.Errorf("a bad plan: %d %q %q", code, out, errs)
	}
}

// The columns of a table stand below each other where a Chinese character takes
// two columns of the terminal.
func TestPlanShowAligned(t *testing.T) {
	t.Setenv("LANG", "zh_CN.UTF-8")
	_, out, _ := run(t, "plan", "show", goodPlan)
	_, body, _ := strings.Cut(out, "\n\n")
	var want []int
	for line := range strings.Lines(body) {
		if strings.ContainsRune(line, '┼') {
			continue
		}
		var bars []int
		col := 0
		for _, r := range line {
			switch {
			case r == '│':
				bars = append(bars, col)
				col++
			case r >= 0x2e80:
				col += 2
			default:
				col++
			}
		}
		if want == nil {
			want = bars
		}
		if !slices.Equal(bars, want) {
			t.Errorf("the columns %v of %q are not at %v", bars, line, want)
		}
	}
	if len(want) != 9 {
		t.Errorf("%d columns", len(want)+1)
	}
}

// The CSV of the plan that comes with the program is what others rely on.
func TestPlanShowGulou(t *testing.T) {
	if _, ok := seeds.Plan("gulou-2026"); !ok {
		t.Fatal("the plan does not come with the program")
	}
	code, out, errs := run(t, "plan", "show", "gulou-2026", "--format", "csv")
	if code != 0 {
		t.Fatal(errs)
	}
	records, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	const header = "task,section,indicator,name,kind,comparator,target,unit,deadline,trajectory,rhythm,due,leads,cos,clause"
	if got := strings.Join(records[0], ","); got != header {
		t.Errorf("columns %s", got)
	}
	seen := map[int]bool{}
	for _, r := range records[1:] {
		n, err := strconv.Atoi(r[0])
		if err != nil {
			t.Fatal(err)
		}
		seen[n] = true
		if r[2] == "" || r[4] == "" || r[12] == "" || r[14] == "" {
			t.Errorf("incomplete row %q", r)
		}
	}
	for n := 1; n <= 87; n++ {
		if !seen[n] {
			t.Errorf("task %d has no row", n)
		}
	}
	for _, want := range []string{
		"1,1,gdp-growth,地区生产总值增速,growth,>=,5,%,2026-12-31,,quarterly,dates,区发改委,,地区生产总值增长5%以上\n",
		",cumulative,>,1000,亿元,2026-12-31,months,quarterly,",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no row %q", want)
		}
	}
}

// Against a real database: applied once, again without effect, then changed.
func TestPlanApply(t *testing.T) {
	db := "sqlite:" + filepath.Join(t.TempDir(), "x.db")
	expect := func(want int, wantOut, wantErr string, args ...string) {
		t.Helper()
		code, out, errs := run(t, append(args, "--db", db)...)
		if code != want || !strings.Contains(out, wantOut) || !strings.Contains(errs, wantErr) {
			t.Errorf("%q: %d\n%s%s", args, code, out, errs)
		}
	}
	expect(0, "linhe-2026: new, 3 tasks.", "", "plan", "diff", goodPlan)
	expect(0, "linhe-2026: new, 3 tasks.", "", "plan", "apply", goodPlan)
	expect(0, "nothing changes.", "", "plan", "apply", goodPlan)
	expect(0, "nothing changes.", "", "plan", "diff", goodPlan)

	undocumented := edited(t, "target: 2\n", "target: 1\n")
	expect(1, "~ 任务 2 / 指标 starts / 目标值：2 → 1", "target_change_undocumented", "plan", "diff", undocumented)
	expect(1, "", "target_change_undocumented", "plan", "apply", undocumented)
	expect(0, "nothing changes.", "", "plan", "diff", goodPlan)

	documented := edited(t, "trajectory: {kind: deadline}", "trajectory: {kind: deadline}\n        changes: [{effective: 2026-06-01, document: 临政〔2026〕7号, target: 1}]")
	expect(0, "+ 任务 2 / 指标 starts / 目标调整 2026-06-01：新增", "", "plan", "diff", documented)
	expect(0, "1 change.", "", "plan", "apply", documented)
	expect(0, "nothing changes.", "", "plan", "apply", documented)
	expect(1, "- 任务 2 / 指标 starts / 目标调整 2026-06-01：删去", "change_altered", "plan", "diff", goodPlan)

	code, out, _ := run(t, "plan", "diff", documented, "--with", goodPlan)
	if code != 0 || !strings.Contains(out, "1 change.") {
		t.Errorf("against a file: %d %q", code, out)
	}
}

// fakePlans is a store that fails where it is told to.
type fakePlans struct {
	current  *plan.Plan
	apply    error
	close    error
	applied  int
	isClosed bool
}

func (f *fakePlans) Current(context.Context, string) (*plan.Plan, error) {
	if f.current == nil {
		return nil, ErrNoPlan
	}
	return f.current, nil
}

func (f *fakePlans) Apply(_ context.Context, _ string, next *plan.Plan) (*plan.Plan, bool, error) {
	if f.apply != nil {
		return nil, false, f.apply
	}
	old := f.current
	if old != nil && bytes.Equal(planfile.Canonical(old), planfile.Canonical(next)) {
		return old, false, nil
	}
	f.current = next
	f.applied++
	return old, true, nil
}

func (f *fakePlans) Close() error { f.isClosed = true; return f.close }

func TestPlanStoreFails(t *testing.T) {
	saved := planStore
	t.Cleanup(func() { planStore = saved })
	var fake *fakePlans
	planStore = func(context.Context, *databaseSettings, Streams, bool) (PlanStore, error) { return fake, nil }

	for _, tt := range []struct {
		name    string
		fake    fakePlans
		code    int
		errs    string
		applied int
	}{
		{"fine", fakePlans{}, 0, "", 1},
		{"apply fails", fakePlans{apply: errors.New("disk full")}, 1, "disk full", 0},
		{"close fails", fakePlans{close: errors.New("not flushed")}, 1, "not flushed", 1},
	} {
		fake = &tt.fake
		code, _, errs := run(t, "plan", "apply", goodPlan)
		if code != tt.code || !strings.Contains(errs, tt.errs) || fake.applied != tt.applied || !fake.isClosed {
			t.Errorf("%s: %d %q, applied %d, closed %v", tt.name, code, errs, fake.applied, fake.isClosed)
		}
	}

	fake = &fakePlans{}
	if code, _, _ := run(t, "plan", "apply", edited(t, "kind: zero", "kind: zeros")); code != 1 || fake.applied != 0 || fake.isClosed {
		t.Error("a bad file reached the store")
	}
	planStore = func(context.Context, *databaseSettings, Streams, bool) (PlanStore, error) {
		return nil, errors.New("no such host")
	}
	for _, sub := range []string{"apply", "diff"} {
		if code, _, errs := run(t, "plan", sub, goodPlan); code != 1 || !strings.Contains(errs, "no such host") {
			t.Errorf("%s: %d %q", sub, code, errs)
		}
	}
}
