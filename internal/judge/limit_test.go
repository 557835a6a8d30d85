package judge

import (
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"

	"xushi/internal/exact"
	"xushi/internal/period"
	"xushi/internal/plan"
)

func TestLimit(t *testing.T) {
	lifts := Spec{Target: num("160"), Step: num("1")}
	with := func(s Spec, list ...string) Spec {
		if s.Kind == plan.Growth || s.Kind == plan.Level {
			s.Bands.Gap = bandList(list...)
		} else {
			s.Bands.Pace = bandList(list...)
		}
		return s
	}
	// 30 at the end of February, level to the end of June, 90 at the deadline.
	plateau := Spec{Target: num("90"), Trajectory: points("2026-02-28", "30", "2026-06-30", "30", "2026-09-15", "90"), Deadline: d("2026-09-15")}
	// 2 of 4 by May, and no more in June.
	halves := Spec{Target: num("4"), Step: num("1"), Trajectory: shares("10", "20", "30", "40", "50", "50", "60", "70", "80", "90", "100", "100"), Deadline: d("2026-06-15")}
	growth := Spec{Kind: plan.Growth, Target: num("5")}
	positive := Spec{Kind: plan.Growth, Comparator: plan.MoreThan, Target: num("0")}
	atMost := Spec{Kind: plan.Level, Comparator: plan.AtMost, Target: num("3")}
	for _, c := range []struct {
		name  string
		spec  Spec
		end   string
		limit string
		at    Status // of an actual exactly there
	}{
		{"66 owed: 59.4 by pace; by lag the 53rd fell due just before the end of April, 160×4/12 = 53.33 less 1", lifts, "2026-05-31", "52.333333333", Behind},
		{"divisible: 60 by pace, 53.33 by lag", Spec{Target: num("160")}, "2026-05-31", "53.333333333", Behind},
		{"146 owed, late in the year the pace is the wider one: 0.9×146, by lag 132.33", lifts, "2026-11-30", "131.4", SlightlyBehind},
		{"the first month: with a lag of less than one the base will do", lifts, "2026-01-31", "0", SlightlyBehind},
		{"divisible: there it lags by the whole month", Spec{Target: num("160")}, "2026-01-31", "0", Behind},
		{"before the first month is over nobody lags by one", lifts, "2026-01-15", "", None},
		{"mid-month: 73 owed, 65.7 by pace; 160×4.5/12 less 1", lifts, "2026-06-15", "59", Behind},
		{"nothing owed yet", Spec{Target: num("5"), Step: num("1")}, "2026-02-28", "", None},
		{"one of 5 owed since March: below the base by lag, so the base", Spec{Target: num("5"), Step: num("1")}, "2026-03-31", "0", SlightlyBehind},
		{"from the deadline on it is done or missed", lifts, "2026-12-31", "", None},
		{"before the year", lifts, "2025-12-31", "", None},
		{"a base: pace counts from it, 100 + 0.9×20; by lag 116 less 1", Spec{Target: num("148"), Base: n("100"), Step: num("1")}, "2026-05-31", "115", Behind},
		{"a negative base: −40 + 0.9×50; by lag 5 less 1", Spec{Target: num("20"), Base: n("-40"), Step: num("1")}, "2026-10-31", "4", Behind},
		{"a target of 0: a loss made good, −60 + 0.9×30; by lag −35", Spec{Target: num("0"), Base: n("-60")}, "2026-06-30", "-35", Behind},
		{"days: 365 in the year, 59 by the end of February, 53.1 by pace, 31 by lag", Spec{Target: num("365"), Trajectory: &plan.Trajectory{Kind: ByDays}}, "2026-02-28", "31", Behind},
		{"a month and a half of lag ends amid February, on its 14th day", with(Spec{Target: num("365"), Trajectory: &plan.Trajectory{Kind: ByDays}}, "on_track 1", "slightly_behind 0.9 1 1.5", "behind – 0.9"), "2026-03-31", "45", Behind},
		{"shares: 73.9 × 31.61 % in April less a step of 0.01", sharesSpec(), "2026-05-31", "23.34979", Behind},
		{"on a level stretch who has all that is owed does not lag", plateau, "2026-04-30", "27", SlightlyBehind},
		{"and the line by lag is not behind, either", with(plateau, "on_track 1", "slightly_behind 0.99 1 1", "behind – 0.99"), "2026-07-31", "30", Behind},
		{"trajectory deadline", Spec{Target: num("10"), Trajectory: &plan.Trajectory{Kind: AtDeadline}}, "2026-11-30", "", None},
		{"no yellow: red below what is owed", with(lifts, "on_track 1", "behind – 1 0.5"), "2026-05-31", "66", OnTrack},
		{"no red", with(lifts, "on_track 1", "slightly_behind – 1 2"), "2026-05-31", "", None},
		{"without a lag the pace alone", with(lifts, "on_track 1", "slightly_behind 0.8 1", "behind – 0.8"), "2026-05-31", "52.8", SlightlyBehind},
		{"three months of lag", with(lifts, "on_track 1", "slightly_behind 0.8 1 3", "behind – 0.8 9"), "2026-05-31", "25.666666667", Behind},
		{"a pace below the base", with(lifts, "on_track 1", "slightly_behind -0.5 1 1", "behind – -0.5"), "2026-05-31", "-33", SlightlyBehind},
		{"a lag below −1, before a deadline half a month away, takes nobody in", with(halves, "on_track 1", "slightly_behind 0.9 1 -1", "behind – 0.9"), "2026-05-31", "1.8", SlightlyBehind},

		{"growth", growth, "2026-05-31", "4", SlightlyBehind},
		{"growth, reached", growth, "2026-12-31", "", None},
		{"positive growth", positive, "2026-05-31", "-1", SlightlyBehind},
		{"positive growth without yellow", with(positive, "on_track 0", "behind – 0"), "2026-05-31", "0", Behind},
		{"growth without yellow", with(growth, "on_track 0", "behind – 0"), "2026-05-31", "5", OnTrack},
		{"growth without red", with(growth, "on_track 0", "slightly_behind – 0"), "2026-05-31", "", None},
		{"at most", atMost, "2026-05-31", "4", SlightlyBehind},
		{"at most, narrow", with(atMost, "ahead 1", "on_track 0 1", "slightly_behind -0.2 0", "behind – -0.2"), "2026-05-31", "3.2", SlightlyBehind},

		{"zero", Spec{Kind: plan.Zero}, "2026-05-31", "", None},
		{"sync", Spec{Kind: plan.Sync}, "2026-05-31", "", None},
		{"direction", Spec{Kind: plan.Direction, Sense: "up"}, "2026-05-31", "", None},
		{"milestone", Spec{Kind: plan.Milestone}, "2026-05-31", "", None},
		{"standing", Spec{Kind: plan.Standing}, "2026-05-31", "", None},
		{"context", Spec{Kind: plan.Context}, "2026-05-31", "", None},
	} {
		if c.spec.Kind == "" {
			c.spec.Kind = plan.Cumulative
		}
		r := compile(t, c.spec)
		limit := r.Limit(d(c.end))
		want(t, c.name, limit, c.limit)
		if !limit.OK {
			continue
		}
		if j := r.Judge(Input{PeriodEnd: d(c.end), Actual: limit}); j.Status != c.at {
			t.Errorf("%s: at %v %v, want %v", c.name, limit, j.Status, c.at)
		}
	}
}

// An actual beyond the red line is never behind, one short of it always is, and
// where there is no line none is. On the line of pace or gap it is not. The line
// never asks for more than is expected.
func TestLimitPartsBehind(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t)
		s := w.spec
		switch s.Trajectory.Kind {
		case ByMonths, ByDays: // may go on beyond the year
			s.Deadline += period.Date(rapid.SampledFrom([]int{0, 0, 100, 500}).Draw(t, "later"))
		}
		s.Kind = rapid.SampledFrom([]plan.Kind{plan.Cumulative, plan.Cumulative, plan.Growth, plan.Level}).Draw(t, "kind")
		met := 0
		if s.Kind == plan.Cumulative {
			met = 100
		} else if rapid.Bool().Draw(t, "downward") {
			s.Comparator = plan.AtMost
		}
		list := drawBands(t, met)
		s.Bands = plan.Bands{Pace: list}
		if s.Kind != plan.Cumulative {
			s.Bands = plan.Bands{Gap: list}
		}
		r, err := Compile(s)
		if err != nil {
			t.Fatalf("%+v: %v", s, err)
		}
		first := period.NewDate(2026, 1, 1)
		end := first + period.Date(rapid.IntRange(-5, int(s.Deadline-first)+5).Draw(t, "end"))
		if rapid.Bool().Draw(t, "month end") {
			end = end.Month().Last()
		}

		limit := r.Limit(end)
		behind := func(actual exact.Rat) bool {
			return r.Judge(Input{PeriodEnd: end, Actual: exact.Some(actual)}).Status == Behind
		}
		span := s.Target.Value.Sub(s.Base)
		actuals := []exact.Rat{
			w.actual(t), w.actual(t), s.Base, s.Target.Value,
			s.Base.Sub(span.Mul(exact.FromInt(10000))), s.Target.Value.Add(span.Mul(exact.FromInt(10000))),
		}
		near := exact.FromFrac(rapid.Int64Range(1, 1000).Draw(t, "near"), 1000)
		unit := exact.FromDecimal(w.unit)
		for _, by := range []exact.Rat{unit, unit.Mul(near), span.Mul(near), exact.FromFrac(1, 1e12)} {
			actuals = append(actuals, limit.Value.Sub(by), limit.Value.Add(by))
		}
		whole := limit.Value.FloorTo(unit) // the multiples of the step on both sides
		actuals = append(actuals, whole.Sub(unit), whole, whole.Add(unit))
		for _, a := range actuals {
			side := r.gap(a, limit.Value).Sign() // positive is the good side
			switch is := behind(a); {
			case !limit.OK && is, limit.OK && (side > 0 && is || side < 0 && !is):
				t.Fatalf("limit %v on %v (deadline %v), %v: behind %v", limit, end, s.Deadline, a, is)
			}
		}
		if _, owed := r.Expected(end); limit.OK && r.gap(limit.Value, owed.Value).Sign() > 0 {
			t.Fatalf("limit %v on %v, beyond the expected %v", limit, end, owed)
		}
		lag := len(list) == 0 && s.Kind == plan.Cumulative
		for _, b := range list {
			lag = lag || b.LagBelow != nil
		}
		if limit.OK && !lag && behind(limit.Value) && (s.Comparator != plan.MoreThan || !limit.Equal(s.Target)) {
			t.Fatalf("at the limit %v on %v: behind", limit, end)
		}
	})
}

// drawBands draws a list of pace or gap bands that begin to be met at a number of
// hundredths; it may be empty, and lack any band but on_track.
func drawBands(t *rapid.T, met int) []plan.Band {
	which := rapid.SampledFrom([]string{"default", "yellow, red", "yellow, red", "yellow", "red"}).Draw(t, "bands")
	if which == "default" {
		return nil
	}
	limit := func(hundredths int) *decimal.Decimal {
		v := decimal.MustNew(int64(hundredths), 2)
		return &v
	}
	lag := func() *decimal.Decimal {
		if met == 0 || rapid.Bool().Draw(t, "no lag") {
			return nil
		}
		return limit(rapid.OneOf(rapid.IntRange(-100, 500), rapid.SampledFrom([]int{0, 50, 100, 200})).Draw(t, "lag"))
	}
	onTrack := plan.Band{Status: "on_track", From: limit(met)}
	var list []plan.Band
	if rapid.Bool().Draw(t, "ahead") {
		onTrack.Below = limit(met + 5)
		list = append(list, plan.Band{Status: "ahead", From: onTrack.Below})
	}
	list = append(list, onTrack)
	low := limit(met)
	if which != "red" {
		yellow := plan.Band{Status: "slightly_behind", Below: limit(met), LagBelow: lag()}
		if which != "yellow" {
			low = limit(met - rapid.IntRange(1, 200).Draw(t, "width"))
			yellow.From = low
		}
		list = append(list, yellow)
	}
	if which != "yellow" {
		list = append(list, plan.Band{Status: "behind", Below: low, LagBelow: lag()})
	}
	return list
}
