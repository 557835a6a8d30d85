package judge

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"xushi/internal/plan"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

// Four quarters' worth of the formula, reckoned here by hand: target 120 by
// months, figures 8, 22, 27, 43 at the ends of January to April.
func TestOutlook(t *testing.T) {
	r := compile(t, Spec{Kind: plan.Cumulative, Target: num("120")})
	in := Input{PeriodEnd: d("2026-04-30"), Actual: num("43"), History: monthly("8", "22", "27")}
	o, ok := r.Outlook(in)
	if !ok || o.Periods != 4 {
		t.Fatalf("%+v, %v", o, ok)
	}
	// r = 43 ÷ (4/12) = 129; r·Δs = 10.75; Δa = 8, 14, 5, 16.
	sum := (2.75*2.75 + 3.25*3.25 + 5.75*5.75 + 5.25*5.25) * 12
	se := math.Sqrt(sum/3) * math.Sqrt((1-1.0/3)/(1.0/3))
	half := 1.6377443536962102 * se // Student's t, 3 degrees, 0.9
	if !near(o.Projection, 129) || math.Abs(o.Low-(129-half)) > 1e-6 || math.Abs(o.High-(129+half)) > 1e-6 {
		t.Errorf("%+v, want 129 ± %v", o, half)
	}
	p := distuv.StudentsT{Sigma: 1, Nu: 3}.CDF(9 / se)
	if !near(o.Probability, p) {
		t.Errorf("probability %v, want %v", o.Probability, p)
	}

	// In whatever order the history comes, and whatever else is in it.
	mixed := slices.Clone(in.History)
	slices.Reverse(mixed)
	mixed = append(mixed, Past{End: d("2026-05-31"), Actual: num("99")}, Past{End: d("2025-12-31"), Actual: num("77")}, Past{End: d("2026-02-15")})
	in.History = mixed
	if again, ok := r.Outlook(in); !ok || again != o {
		t.Errorf("%+v, want %+v", again, o)
	}
}

// On a level stretch only its last figure counts, on one at the year's start
// only the base.
func TestOutlookOnLevelStretches(t *testing.T) {
	r := compile(t, Spec{Kind: plan.Cumulative, Target: num("120"),
		Trajectory: points("2026-02-28", "0", "2026-03-31", "40", "2026-05-31", "40", "2026-12-31", "120")})
	in := Input{PeriodEnd: d("2026-09-30"), Actual: num("85"), History: monthly("1", "2", "39", "40", "42", "55", "61", "70")}
	all, ok := r.Outlook(in)
	in.History = monthly("", "", "", "", "42", "55", "61", "70")
	last, ok2 := r.Outlook(in)
	if !ok || !ok2 || all != last || all.Periods != 5 || all.Low >= all.High {
		t.Errorf("%+v, %+v", all, last)
	}
}

func TestOutlookCorners(t *testing.T) {
	months := Spec{Kind: plan.Cumulative, Target: num("120")}
	batch := Spec{Kind: plan.Cumulative, Target: num("120"), Trajectory: points("2026-02-28", "0", "2026-03-31", "40", "2026-05-31", "40", "2026-12-31", "120")}
	for _, c := range []struct {
		name        string
		spec        Spec
		end, actual string
		history     []Past
		ok          bool
		low, high   float64
		probability float64
		periods     int
	}{
		{"three periods are too few", months, "2026-03-31", "30", monthly("10", "20"), false, 0, 0, 0, 0},
		{"a missing one does not count", months, "2026-04-30", "40", monthly("10", "", "30"), false, 0, 0, 0, 0},
		{"too small a share", Spec{Kind: plan.Cumulative, Target: num("120"), Trajectory: &plan.Trajectory{Kind: AtDeadline}}, "2026-08-31", "40",
			monthly("1", "2", "3", "4", "5", "6", "7"), false, 0, 0, 0, 0},
		{"no scatter, on the road", months, "2026-04-30", "40", monthly("10", "20", "30"), true, 120, 120, 1, 4},
		{"no scatter, below it", months, "2026-04-30", "36", monthly("9", "18", "27"), true, 108, 108, 0, 4},
		{"met is met", months, "2026-05-31", "121", monthly("1", "2", "3", "4"), true, 121, 0, 1, 5},
		{"reached: nothing is left to chance", months, "2026-12-31", "119", monthly("1", "2", "3", "4"), true, 119, 119, 0, 5},
		{"level stretches are no periods of their own", batch, "2026-07-31", "60", monthly("0", "0", "38", "40", "42", "50"), false, 0, 0, 0, 0},
		{"and divide nothing by 0", batch, "2026-12-31", "120", monthly("1", "2", "39", "40", "42", "55", "61", "70", "85", "99", "101"), true, 120, 120, 1, 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := compile(t, c.spec)
			o, ok := r.Outlook(Input{PeriodEnd: d(c.end), Actual: num(c.actual), History: c.history})
			if ok != c.ok {
				t.Fatalf("%+v, %v", o, ok)
			}
			if !ok {
				return
			}
			if !near(o.Low, c.low) || c.high != 0 && !near(o.High, c.high) || !near(o.Probability, c.probability) || o.Periods != c.periods {
				t.Errorf("%+v", o)
			}
			if math.IsNaN(o.High) || math.IsNaN(o.Probability) {
				t.Errorf("%+v", o)
			}
		})
	}
}
