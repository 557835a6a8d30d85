package judge

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/govalues/decimal"

	"xushi/internal/exact"
	"xushi/internal/fault"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// num makes a number that is there.
func num(s string) exact.Opt { return exact.Some(n(s)) }

func shares(list ...string) *plan.Trajectory {
	t := &plan.Trajectory{Kind: ByShares}
	for _, s := range list {
		t.Shares = append(t.Shares, decimal.MustParse(s))
	}
	return t
}

// points takes dates and amounts by turns.
func points(list ...string) *plan.Trajectory {
	t := &plan.Trajectory{Kind: ByPoints}
	for i := 0; i < len(list); i += 2 {
		t.Points = append(t.Points, plan.Point{Date: d(list[i]), Amount: decimal.MustParse(list[i+1])})
	}
	return t
}

func sharesSpec() Spec {
	return Spec{
		Year: 2026, Kind: plan.Cumulative, Comparator: plan.AtLeast, Target: num("73.9"), Step: num("0.01"), Deadline: d("2026-12-31"),
		Trajectory: shares("14.71", "20", "23.56", "31.61", "37.26", "47.11", "50.3", "60.34", "75.56", "86.49", "96.77", "100"),
	}
}

// monthly gives a figure for each month from January on; an empty one is missing.
func monthly(figures ...string) []Past {
	var past []Past
	for m, a := range figures {
		p := Past{End: (period.NewMonth(2026, 1) + period.Month(m)).Last()}
		if a != "" {
			p.Actual = num(a)
		}
		past = append(past, p)
	}
	return past
}

// elevenMonths gives figures that scatter about 6 a month.
func elevenMonths() []Past {
	return monthly("5.9", "12.3", "17.8", "24.4", "30.1", "35.8", "42.2", "47.7", "54.4", "59.9")
}

func compile(t testing.TB, s Spec) *Rule {
	t.Helper()
	if s.Year == 0 {
		s.Year = 2026
	}
	if s.Deadline == 0 {
		s.Deadline = d("2026-12-31")
	}
	r, err := Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func want(t testing.TB, what string, got exact.Opt, text string) {
	t.Helper()
	if text == "" && got.OK || text != "" && (!got.OK || got.Value.String() != text) {
		t.Errorf("%s = %v, want %q", what, got, text)
	}
}

// Corners of the cumulative rules that the worked rows do not all show.
func TestCumulativeCorners(t *testing.T) {
	// 30 at the end of February, level to the end of June, 90 at the deadline.
	plateau := points("2026-02-28", "30", "2026-06-30", "30", "2026-09-15", "90")
	// The shares have come to half the way at the mid-month deadline.
	jump := shares("0", "0", "10", "20", "30", "50", "50", "60", "70", "80", "90", "100")
	early := shares("10", "20", "30", "40", "60", "100", "100", "100", "100", "100", "100", "100")
	for _, c := range []struct {
		name               string
		spec               Spec
		end, actual        string
		expected, lag, pct string // pct: gap_pp
		required           string
		status             Status
	}{
		{"at the plateau's amount the plateau counts as reached to its end",
			Spec{Target: num("90"), Trajectory: plateau, Deadline: d("2026-09-15")}, "2026-04-30", "30", "30", "-2", "0", "13.333333333", OnTrack},
		{"just under it, only to where it begins",
			Spec{Target: num("90"), Trajectory: plateau, Deadline: d("2026-09-15")}, "2026-04-30", "29.99", "30", "2.000702381", "-0.011111111", "13.335555556", SlightlyBehind},
		{"a step under it: the next falls due where the plateau begins",
			Spec{Target: num("90"), Step: num("1"), Trajectory: plateau, Deadline: d("2026-09-15")}, "2026-04-30", "29", "30", "2", "-1.111111111", "13.555555556", SlightlyBehind},
		{"at it with a step: the next falls due after its end",
			Spec{Target: num("90"), Step: num("1"), Trajectory: plateau, Deadline: d("2026-09-15")}, "2026-04-30", "30", "30", "-2.041397849", "0", "13.333333333", OnTrack},
		{"beyond a mid-month deadline the period's own position goes on",
			Spec{Target: num("90"), Trajectory: plateau, Deadline: d("2026-09-15")}, "2026-11-30", "30", "90", "5", "-66.666666667", "", Missed},
		{"shares that jump at the deadline: come as far as the deadline",
			Spec{Target: num("100"), Trajectory: jump, Deadline: d("2026-06-15")}, "2026-05-31", "60", "30", "-0.5", "30", "80", Ahead},
		{"and between month ends before it",
			Spec{Target: num("100"), Trajectory: jump, Deadline: d("2026-06-15")}, "2026-05-31", "35", "30", "-0.25", "5", "130", Ahead},
		{"shares that start level: the base is enough to their end",
			Spec{Target: num("100"), Trajectory: jump}, "2026-01-31", "0", "0", "-1", "0", "9.090909091", OnTrack},
		{"shares complete before the deadline: all is owed, nothing missed yet",
			Spec{Target: num("100"), Trajectory: early}, "2026-07-31", "80", "100", "1.5", "-20", "4", Behind},
		{"more than, exactly at the target, before the deadline",
			Spec{Target: num("100"), Comparator: plan.MoreThan, Trajectory: early}, "2026-07-31", "100", "100", "-5", "0", "0", OnTrack},
		{"more than, exactly at the target, at the deadline",
			Spec{Target: num("100"), Comparator: plan.MoreThan}, "2026-12-31", "100", "100", "0", "0", "", Missed},
		{"more than, a little above it",
			Spec{Target: num("100"), Comparator: plan.MoreThan}, "2026-11-30", "100.01", "91.666666667", "", "8.343333333", "0", Done},
		{"deadline trajectory, overdue",
			Spec{Target: num("10"), Step: num("1"), Trajectory: &plan.Trajectory{Kind: AtDeadline}, Deadline: d("2026-06-15")}, "2026-08-31", "9", "10", "2.5", "-10", "", Missed},
		{"deadline trajectory, overdue and below the base",
			Spec{Target: num("10"), Base: n("4"), Step: num("1"), Trajectory: &plan.Trajectory{Kind: AtDeadline}, Deadline: d("2026-06-15")}, "2026-08-31", "3", "10", "8", "-116.666666667", "", Missed},
		{"below the base by days",
			Spec{Target: num("10"), Base: n("4"), Trajectory: &plan.Trajectory{Kind: ByDays}}, "2026-02-28", "3", "4.969863014", "2", "-32.831050228", "0.7", Behind},
		{"a negative base: a loss to be turned",
			Spec{Target: num("20"), Base: n("-40"), Step: num("1")}, "2026-01-31", "-36", "-35", "0", "-1.666666667", "5.090909091", SlightlyBehind},
		{"days count both ends: the first of January is a day of the year",
			Spec{Target: num("365"), Step: num("1"), Trajectory: &plan.Trajectory{Kind: ByDays}}, "2026-01-31", "31", "31", "-0.035714286", "0", "30.363636364", OnTrack},
		{"half a day into a month is a half of that month's days",
			Spec{Target: num("730"), Trajectory: &plan.Trajectory{Kind: ByDays}}, "2026-02-28", "63", "118", "0.982142857", "-7.534246575", "66.7", SlightlyBehind},
		{"deadline on the first of January",
			Spec{Target: num("5"), Trajectory: &plan.Trajectory{Kind: ByDays}, Deadline: d("2026-01-01")}, "2026-01-31", "4", "5", "0.974193548", "-20", "", Missed},
		{"a yellow by lag alone",
			Spec{Target: num("12"), Step: num("1")}, "2026-03-31", "2", "3", "0", "-8.333333333", "1.111111111", SlightlyBehind},
		{"a month behind is red",
			Spec{Target: num("12"), Step: num("1")}, "2026-03-31", "1", "3", "1", "-16.666666667", "1.222222222", Behind},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.spec.Kind = plan.Cumulative
			j := compile(t, c.spec).Judge(Input{PeriodEnd: d(c.end), Actual: num(c.actual)})
			want(t, "expected", j.Expected, c.expected)
			want(t, "lag", j.Lag, c.lag)
			want(t, "gap_pp", j.GapPP, c.pct)
			want(t, "required", j.Required, c.required)
			if j.Status != c.status {
				t.Errorf("status = %v, want %v", j.Status, c.status)
			}
		})
	}
}

func TestPending(t *testing.T) {
	end := d("2026-06-30")
	for _, c := range []struct {
		spec     Spec
		in       Input
		reason   Reason
		expected string
	}{
		{sharesSpec(), Input{}, NoFigure, "34.81"},
		{Spec{Kind: plan.Growth, Target: num("5")}, Input{}, NoFigure, "5"},
		{Spec{Kind: plan.Zero}, Input{}, NoFigure, "0"},
		{Spec{Kind: plan.Sync}, Input{Actual: num("5")}, NoReference, ""},
		{Spec{Kind: plan.Sync}, Input{Reference: num("5")}, NoFigure, "4.5"},
		{Spec{Kind: plan.Sync, Deadline: d("2026-03-31")}, Input{Actual: num("5")}, NoReference, ""},
		{Spec{Kind: plan.Direction, Sense: "up"}, Input{Actual: num("5")}, NoPrevious, ""},
		{Spec{Kind: plan.Milestone}, Input{Actual: num("100")}, NoEntries, ""},
		{Spec{Kind: plan.Milestone}, Input{Entries: []Entry{{Due: end}}}, NoEntries, ""},
		{Spec{Kind: plan.Standing}, Input{}, NotSet, ""},
		{Spec{Kind: plan.Standing}, Input{Set: Done}, NotSet, ""},
	} {
		c.in.PeriodEnd = end
		j := compile(t, c.spec).Judge(c.in)
		if j.Status != Pending || j.Reason != c.reason || j.Gap.OK || j.Lag.OK || j.Required.OK || j.Met {
			t.Errorf("%v: %+v, want %v", c.spec.Kind, j, c.reason)
		}
		want(t, string(c.spec.Kind)+" expected", j.Expected, c.expected)
	}
}

func TestStandingAndContext(t *testing.T) {
	j := compile(t, Spec{Kind: plan.Standing}).Judge(Input{PeriodEnd: d("2026-06-30"), Set: SlightlyBehind})
	if j.Status != SlightlyBehind || j.Reason != "" {
		t.Errorf("standing: %+v", j)
	}
	j = compile(t, Spec{Kind: plan.Context}).Judge(Input{PeriodEnd: d("2026-06-30"), Actual: num("7")})
	if j.Status != None || !j.Actual.Equal(num("7")) || j.Expected.OK {
		t.Errorf("context: %+v", j)
	}
}

// The words of one sentence: whole things make gap_pp negative though all that
// is owed is there.
func TestWholeThings(t *testing.T) {
	r := compile(t, Spec{Kind: plan.Cumulative, Target: num("5"), Step: num("1")})
	for _, c := range []struct {
		end, actual           string
		wholeThings, nothings bool
	}{
		{"2026-01-31", "0", true, true},
		{"2026-03-31", "1", true, false},
		{"2026-03-31", "0", false, false},
		{"2026-03-31", "2", false, false},
		{"2026-12-31", "5", false, false},
	} {
		j := r.Judge(Input{PeriodEnd: d(c.end), Actual: num(c.actual)})
		if j.WholeThings != c.wholeThings || j.NothingOwed != c.nothings {
			t.Errorf("%s at %s: %+v", c.actual, c.end, j)
		}
	}
}

func TestLateCompletion(t *testing.T) {
	cumulative := Spec{Kind: plan.Cumulative, Target: num("60"), Deadline: d("2026-06-15")}
	entries := func(done ...string) (list []Entry) {
		for _, on := range done {
			list = append(list, Entry{Due: d("2026-05-31"), Weight: one, Done: true, DoneOn: d(on)})
		}
		return list
	}
	for _, c := range []struct {
		name string
		spec Spec
		in   Input
		late bool
	}{
		{"missed in June, met in July", cumulative, Input{Actual: num("60"), History: monthly("", "", "", "", "40", "50")}, true},
		{"missed in June, met in July, still late in August", cumulative,
			Input{PeriodEnd: d("2026-08-31"), Actual: num("61"), History: monthly("", "", "", "", "", "50", "60")}, true},
		{"met in June", cumulative, Input{Actual: num("60"), History: monthly("", "", "", "", "40", "60")}, false},
		{"no figure of June: nobody can tell", cumulative, Input{Actual: num("60"), History: monthly("", "", "", "", "40", "")}, false},
		{"figures of later periods are not read", cumulative,
			Input{PeriodEnd: d("2026-06-30"), Actual: num("60"), History: monthly("", "", "", "", "", "1", "50")}, false},
		{"a rate that is met after its deadline", Spec{Kind: plan.Growth, Target: num("5"), Deadline: d("2026-06-30")},
			Input{Actual: num("5"), History: monthly("", "", "", "", "4", "4.9")}, true},
		{"in step again after the deadline", Spec{Kind: plan.Sync, Deadline: d("2026-06-30")},
			Input{Actual: num("5"), Reference: num("5"), History: []Past{{End: d("2026-06-30"), Actual: num("4"), Against: num("5")}}}, true},
		{"the reference of June is missing", Spec{Kind: plan.Sync, Deadline: d("2026-06-30")},
			Input{Actual: num("5"), Reference: num("5"), History: []Past{{End: d("2026-06-30"), Actual: num("4")}}}, false},
		{"better than last year only after the deadline", Spec{Kind: plan.Direction, Sense: "down", Deadline: d("2026-06-30")},
			Input{Actual: num("29"), Previous: num("30"), History: []Past{{End: d("2026-06-30"), Actual: num("30"), Against: num("30")}}}, true},
		{"an entry done after the deadline", Spec{Kind: plan.Milestone, Deadline: d("2026-06-15")}, Input{Entries: entries("2026-05-01", "2026-06-16")}, true},
		{"entries late, but by the deadline", Spec{Kind: plan.Milestone, Deadline: d("2026-06-15")}, Input{Entries: entries("2026-05-01", "2026-06-15")}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.in.PeriodEnd == 0 {
				c.in.PeriodEnd = d("2026-07-31")
			}
			j := compile(t, c.spec).Judge(c.in)
			if j.Status != Done || j.LateCompletion != c.late {
				t.Errorf("%v, late %v, want late %v", j.Status, j.LateCompletion, c.late)
			}
		})
	}
}

func TestMilestone(t *testing.T) {
	e := func(due, weight, done string) Entry {
		entry := Entry{Due: d(due), Weight: n(weight)}
		if done != "" {
			entry.Done, entry.DoneOn = true, d(done)
		}
		return entry
	}
	for _, c := range []struct {
		name                string
		entries             []Entry
		end                 string
		actual, expect, lag string
		status              Status
	}{
		{"weights are normalised to 100", []Entry{e("2026-03-31", "1", "2026-03-01"), e("2026-06-30", "1", ""), e("2026-12-31", "1", "")},
			"2026-04-30", "33.333333333", "33.333333333", "", OnTrack},
		{"done counts from its date", []Entry{e("2026-03-31", "1", "2026-05-01"), e("2026-12-31", "1", "")},
			"2026-04-30", "0", "50", "1", SlightlyBehind},
		{"an age of exactly a month is yellow, a day more is red", []Entry{e("2026-03-30", "1", ""), e("2026-12-31", "1", "")},
			"2026-04-30", "0", "50", "1.032258065", Behind},
		{"due at the period's end and open", []Entry{e("2026-04-30", "1", ""), e("2026-12-31", "1", "")},
			"2026-04-30", "0", "50", "0", SlightlyBehind},
		{"the oldest open one counts, in whatever order", []Entry{e("2026-04-15", "1", ""), e("2026-01-31", "1", ""), e("2026-02-28", "1", "2026-02-01")},
			"2026-04-30", "33.333333333", "100", "3", Behind},
		{"a later one done does not hide an open one", []Entry{e("2026-04-15", "1", ""), e("2026-09-30", "1", "2026-04-01")},
			"2026-04-30", "50", "50", "0.5", SlightlyBehind},
		{"a later one done, none open", []Entry{e("2026-04-15", "1", "2026-04-16"), e("2026-09-30", "1", "2026-04-01"), e("2026-12-31", "1", "")},
			"2026-04-30", "66.666666667", "33.333333333", "", Ahead},
		{"missed keeps its lag", []Entry{e("2026-12-01", "1", ""), e("2026-12-31", "3", "2026-12-31")},
			"2026-12-31", "75", "100", "0.967741935", Missed},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := compile(t, Spec{Kind: plan.Milestone}).Judge(Input{PeriodEnd: d(c.end), Entries: c.entries})
			want(t, "actual", j.Actual, c.actual)
			want(t, "expected", j.Expected, c.expect)
			want(t, "lag", j.Lag, c.lag)
			if j.Status != c.status {
				t.Errorf("status = %v, want %v", j.Status, c.status)
			}
		})
	}
}

func TestRestOfYear(t *testing.T) {
	var base []exact.Rat
	for m := range 12 {
		base = append(base, exact.FromFrac(int64(m+1)*100, 12))
	}
	r := compile(t, Spec{Kind: plan.Growth, Target: num("5"), BaseShare: base})
	for _, c := range []struct {
		end, actual, required string
		implausible           bool
	}{
		{"2026-06-30", "4", "6", false},
		{"2026-06-30", "8", "2", false},
		{"2026-06-30", "12", "-2", false},
		{"2026-06-30", "-5", "15", false},
		{"2026-06-30", "-5.1", "15.1", true},
		{"2026-11-30", "4", "16", true},
		{"2026-12-31", "4", "", false},
		{"2025-12-31", "4", "", false},
	} {
		j := r.Judge(Input{PeriodEnd: d(c.end), Actual: num(c.actual)})
		want(t, c.end+" "+c.actual, j.Required, c.required)
		if j.RequiredImplausible != c.implausible {
			t.Errorf("%s %s: implausible %v", c.end, c.actual, j.RequiredImplausible)
		}
	}
}

func TestBandsOfAnIndicator(t *testing.T) {
	dec := func(s string) *decimal.Decimal { v := decimal.MustParse(s); return &v }
	narrow := plan.Bands{
		Gap:  []plan.Band{{Status: "on_track", From: dec("0")}, {Status: "behind", Below: dec("0")}},
		Pace: []plan.Band{{Status: "on_track", From: dec("1")}, {Status: "behind", Below: dec("1"), LagBelow: dec("0.5")}},
		Age:  []plan.Band{{Status: "behind"}},
	}
	growth := compile(t, Spec{Kind: plan.Growth, Comparator: plan.MoreThan, Target: num("3"), Unit: "户", Bands: narrow})
	for actual, status := range map[string]Status{"9": OnTrack, "3.01": OnTrack, "3": Behind, "2.99": Behind} {
		if j := growth.Judge(Input{PeriodEnd: d("2026-06-30"), Actual: num(actual)}); j.Status != status {
			t.Errorf("growth %s: %v, want %v", actual, j.Status, status)
		}
	}
	pace := compile(t, Spec{Kind: plan.Cumulative, Target: num("120"), Bands: narrow})
	if j := pace.Judge(Input{PeriodEnd: d("2026-06-30"), Actual: num("59.9")}); j.Status != Behind {
		t.Errorf("pace: %v", j.Status)
	}
	age := compile(t, Spec{Kind: plan.Milestone, Bands: narrow})
	if j := age.Judge(Input{PeriodEnd: d("2026-06-30"), Entries: []Entry{{Due: d("2026-06-29"), Weight: one}}}); j.Status != Behind {
		t.Errorf("age: %v", j.Status)
	}
}

func TestCompileRefuses(t *testing.T) {
	good := sharesSpec()
	for _, c := range []struct {
		code  string
		spoil func(*Spec)
	}{
		{"kind_unknown", func(s *Spec) { s.Kind = "total" }},
		{"comparator", func(s *Spec) { s.Comparator = plan.AtMost }},
		{"comparator", func(s *Spec) { s.Comparator = "=" }},
		{"comparator", func(s *Spec) { s.Kind, s.Sense = plan.Direction, "up" }},
		{"target_missing", func(s *Spec) { s.Target = exact.Opt{} }},
		{"target_base", func(s *Spec) { s.Base = n("73.9") }},
		{"target_step", func(s *Spec) { s.Step = num("1") }},
		{"target_step", func(s *Spec) { s.Step = num("0") }},
		{"target_step", func(s *Spec) { s.Base = n("0.001") }},
		{"target_zero", func(s *Spec) { s.Kind, s.Comparator = plan.Zero, "" }},
		{"deadline_before_year", func(s *Spec) { s.Deadline = d("2025-12-31") }},
		{"trajectory_kind", func(s *Spec) { s.Trajectory = &plan.Trajectory{Kind: "weeks"} }},
		{"tolerance", func(s *Spec) { s.Kind, s.Tolerance = plan.Sync, num("-0.1") }},
		{"sense", func(s *Spec) { s.Kind, s.Comparator = plan.Direction, "" }},
		{"base_share", func(s *Spec) { s.Kind, s.BaseShare = plan.Growth, []exact.Rat{hundred} }},
		{"bands_unit", func(s *Spec) { s.Kind, s.Unit = plan.Level, "微克/立方米" }},
		{"bands_hole", func(s *Spec) { s.Bands.Age = DefaultBands().Age[:1] }},
	} {
		s := good
		c.spoil(&s)
		_, err := Compile(s)
		if f := fault.As(err); f == nil || f.Code != c.code || f.Zh == "" || f.En == "" || f.Field == "" {
			t.Errorf("%v, want %s", err, c.code)
		}
	}
}

func TestJudgementJSON(t *testing.T) {
	r := compile(t, Spec{Kind: plan.Cumulative, Target: num("5"), Step: num("1")})
	b, err := json.Marshal(r.Judge(Input{PeriodEnd: d("2026-01-31"), Actual: num("0")}))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"status":"on_track"`, `"unrounded":0.416666667`, `"pace":null`, `"gap_pp":-8.333333333`, `"whole_things":true`} {
		if !strings.Contains(string(b), part) {
			t.Errorf("%s lacks %s", b, part)
		}
	}
}
