package judge

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/govalues/decimal"

	"xushi/internal/exact"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// TestVectors runs the worked rows of the judgement rules: those beside this
// test, and any further file of the same form named in XUSHI_VECTORS.
func TestVectors(t *testing.T) {
	files := []string{
		filepath.Join("testdata", "judgement.csv"),
		filepath.Join("testdata", "readings.csv"), // where judgement.csv leaves two readings of a rule open
	}
	for _, f := range filepath.SplitList(os.Getenv("XUSHI_VECTORS")) {
		if f != "" {
			files = append(files, f)
		}
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			for _, row := range readRows(t, file) {
				t.Run(row["id"], func(t *testing.T) { checkRow(t, row) })
			}
		})
	}
}

func readRows(t testing.TB, file string) []map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, column := range records[0] {
			row[column] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func checkRow(t *testing.T, row map[string]string) {
	spec, in := parseRow(t, row)
	rule, err := Compile(spec)
	if err != nil {
		t.Fatal(err)
	}
	j := rule.Judge(in)
	for column, got := range map[string]exact.Opt{
		"expected":           j.Expected,
		"gap":                j.Gap,
		"gap_pp":             j.GapPP,
		"attainment":         j.Attainment,
		"pace":               j.Pace,
		"lag_months":         j.Lag,
		"required_per_month": j.Required,
		"projection":         j.Projection,
	} {
		want := number(t, row[column])
		if got.OK != want.OK || math.Abs(got.Value.Float64()-want.Value.Float64()) > 1e-6 {
			t.Errorf("%s = %v, want %v", column, got, want)
		}
	}
	if j.Status.String() != row["status"] {
		t.Errorf("status = %v, want %v", j.Status, row["status"])
	}
	if spec.Kind == plan.Milestone && !j.Actual.Equal(number(t, row["actual"])) {
		t.Errorf("actual = %v, want %v", j.Actual, row["actual"])
	}
	if unrounded, owed := rule.Expected(in.PeriodEnd); owed.OK && (!owed.Equal(j.Expected) || !unrounded.Equal(j.Unrounded)) {
		t.Errorf("Expected gives %v, %v, Judge %v, %v", unrounded, owed, j.Unrounded, j.Expected)
	}
}

// parseRow reads a row of a plan for 2026 with the default bands.
func parseRow(t testing.TB, row map[string]string) (Spec, Input) {
	t.Helper()
	s := Spec{
		Year:       2026,
		Kind:       plan.Kind(row["kind"]),
		Comparator: plan.Comparator(row["comparator"]),
		Target:     number(t, row["target"]),
		Base:       number(t, row["base"]).Value,
		Step:       number(t, row["step"]),
		Deadline:   date(t, row["deadline"]),
	}
	in := Input{PeriodEnd: date(t, row["period_end"]), Actual: number(t, row["actual"])}
	if k := row["trajectory"]; k != "flat" {
		s.Trajectory = &plan.Trajectory{Kind: k}
	}
	for _, param := range strings.Split(row["params"], ";") {
		key, value, _ := strings.Cut(param, "=")
		switch {
		case param == "":
		case s.Kind == plan.Milestone:
			in.Entries = append(in.Entries, entry(t, param))
		case row["trajectory"] == ByShares:
			s.Trajectory.Shares = append(s.Trajectory.Shares, decimal.MustParse(param))
		case row["trajectory"] == ByPoints:
			s.Trajectory.Points = append(s.Trajectory.Points, plan.Point{Date: date(t, key), Amount: decimal.MustParse(value)})
		case key == "ref":
			in.Reference = number(t, value)
		case key == "tol":
			s.Tolerance = number(t, value)
		case key == "prev":
			in.Previous = number(t, value)
		case key == "sense":
			s.Sense = value
		default:
			t.Fatalf("parameter %q", param)
		}
	}
	return s, in
}

func entry(t testing.TB, param string) Entry {
	fields := strings.Split(param, ":")
	e := Entry{Due: date(t, fields[0]), Weight: number(t, fields[1]).Value}
	if fields[2] != "" {
		e.Done, e.DoneOn = true, date(t, fields[2])
	}
	return e
}

func number(t testing.TB, s string) exact.Opt {
	t.Helper()
	if s == "" {
		return exact.Opt{}
	}
	d, err := exact.ParseDecimal(s)
	if err != nil {
		t.Fatal(err)
	}
	return exact.Some(exact.FromDecimal(d))
}

func date(t testing.TB, s string) period.Date {
	t.Helper()
	d, err := period.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// n and d make numbers and dates of literals in tests.
func n(s string) exact.Rat { return exact.FromDecimal(decimal.MustParse(s)) }

func d(s string) period.Date {
	date, err := period.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return date
}
