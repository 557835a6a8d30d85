package judge

import (
	"testing"

	"github.com/govalues/decimal"

	"xushi/internal/exact"
	"xushi/internal/fault"
	"xushi/internal/period"
	"xushi/internal/plan"
)

func dec(s string) *decimal.Decimal { v := decimal.MustParse(s); return &v }

// brands is a plan whose one indicator wants 60 brands, by points, in two parts.
func brands() (*plan.Plan, *plan.Indicator) {
	p := &plan.Plan{
		Year: 2026, Number: "鼓政〔2026〕2号",
		Series: []plan.Series{{ID: "brands", Step: decimal.MustParse("1")}},
		Tasks: []plan.Task{{Indicators: []plan.Indicator{{
			Kind: plan.Cumulative, Comparator: plan.AtLeast, Target: dec("60"), Base: decimal.MustParse("20"), Unit: "家",
			Deadline: d("2026-12-31"), Series: "brands",
			Trajectory: points("2026-06-30", "30", "2026-12-31", "60"),
			Parts:      []plan.Part{{ID: "north", Target: dec("24"), Base: decimal.MustParse("4")}, {ID: "south"}},
		}}}},
	}
	return p, &p.Tasks[0].Indicators[0]
}

func TestVersions(t *testing.T) {
	p, ind := brands()
	ind.Changes = []plan.TargetChange{
		{Effective: d("2026-10-15"), Document: "鼓政〔2026〕40号", Deadline: ptr(d("2026-11-30")), Trajectory: &plan.Trajectory{Kind: ByMonths}},
		{Effective: d("2026-07-10"), Document: "鼓政〔2026〕30号", Target: dec("50"), Trajectory: &plan.Trajectory{Kind: ByMonths}},
	}
	v, err := Versions(p, ind, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ end, document, target, owed string }{
		{"2026-06-30", "鼓政〔2026〕2号", "60", "30"},
		{"2026-07-31", "鼓政〔2026〕30号", "50", "37"}, // redrawn from the year's start
		{"2026-10-31", "鼓政〔2026〕40号", "50", "47"},
	} {
		now := InForce(v, d(c.end))
		_, owed := now.Rule.Expected(d(c.end))
		if now.Document != c.document {
			t.Errorf("%s: %s", c.end, now.Document)
		}
		want(t, c.end+" target", now.Rule.Target(), c.target)
		want(t, c.end+" owed", owed, c.owed)
	}
	if first := InForce(v, d("2025-06-30")); first.Document != p.Number {
		t.Errorf("before the year: %+v", first)
	}

	// A part keeps its own target; the deadline changes for it, too.
	v, err = Versions(p, ind, "north")
	if err != nil {
		t.Fatal(err)
	}
	_, owed := v[0].Rule.Expected(d("2026-06-30"))
	want(t, "north, a quarter of its way", owed, "9")
	last := v[len(v)-1].Rule
	want(t, "north, target", last.Target(), "24")
	if last.Deadline() != d("2026-11-30") {
		t.Errorf("north: deadline %v", last.Deadline())
	}

	// A part without a target of its own is given, not judged.
	v, err = Versions(p, ind, "south")
	if err != nil || v[0].Rule.Kind() != plan.Context {
		t.Errorf("south: %v", err)
	}
}

func TestVersionsOfRates(t *testing.T) {
	p := &plan.Plan{Year: 2026, Bands: plan.Bands{Gap: bandList("on_track 0", "slightly_behind -2 0", "behind – -2")}}
	ind := &plan.Indicator{
		Kind: plan.Level, Target: dec("80"), Unit: "%", Deadline: d("2026-12-31"),
		Parts:   []plan.Part{{ID: "own", Target: dec("90")}, {ID: "same"}},
		Changes: []plan.TargetChange{{Effective: d("2026-07-01"), Document: "1号", Target: dec("75")}},
	}
	for part, target := range map[string]string{"": "75", "own": "90", "same": "75"} {
		v, err := Versions(p, ind, part)
		if err != nil {
			t.Fatal(err)
		}
		rule := InForce(v, d("2026-07-31")).Rule
		want(t, part, rule.Target(), target)
		below := n(target).Sub(n("1.5"))
		if j := rule.Judge(Input{PeriodEnd: d("2026-07-31"), Actual: exact.Some(below)}); j.Status != SlightlyBehind {
			t.Errorf("%q is judged by other bands than the plan's: %v", part, j.Status)
		}
	}
	ind.Unit = "分"
	if _, err := Versions(p, ind, ""); fault.As(err) == nil || fault.As(err).Code != "bands_unit" {
		t.Errorf("the plan's percentage points for another unit: %v", err)
	}
}

func TestVersionsRefuse(t *testing.T) {
	for _, c := range []struct {
		code, field string
		change      plan.TargetChange
	}{
		{"change_document", "changes[0].document", plan.TargetChange{Effective: d("2026-07-01"), Target: dec("50")}},
		{"change_date", "changes[0].effective", plan.TargetChange{Effective: d("2027-07-01"), Document: "1号", Target: dec("50")}},
		{"change_points", "changes[0].trajectory", plan.TargetChange{Effective: d("2026-07-01"), Document: "1号", Target: dec("50")}},
		{"target_base", "changes[0].target", plan.TargetChange{Effective: d("2026-07-01"), Document: "1号", Target: dec("20"), Trajectory: &plan.Trajectory{}}},
	} {
		p, ind := brands()
		ind.Changes = []plan.TargetChange{c.change}
		_, err := Versions(p, ind, "")
		if f := fault.As(err); f == nil || f.Code != c.code || f.Field != c.field {
			t.Errorf("%v, want %s at %s", err, c.code, c.field)
		}
	}
	p, ind := brands()
	if _, err := Versions(p, ind, "west"); fault.As(err) == nil || fault.As(err).Code != "part_unknown" {
		t.Errorf("%v", err)
	}
}

func ptr(d period.Date) *period.Date { return &d }
