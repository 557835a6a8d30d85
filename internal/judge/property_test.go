package judge

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"

	"xushi/internal/exact"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// world is a compiled cumulative target, drawn at random.
type world struct {
	spec Spec
	rule *Rule
	unit decimal.Decimal // what amounts are multiples of
}

// draw makes a cumulative target of any trajectory, with and without a step.
func draw(t *rapid.T) world {
	scale := rapid.IntRange(0, 4).Draw(t, "scale")
	amount := func(units int) exact.Rat { return exact.FromDecimal(decimal.MustNew(int64(units), scale)) }
	base := rapid.IntRange(-50, 500).Draw(t, "base")
	target := base + rapid.IntRange(1, 3000).Draw(t, "span")
	s := Spec{
		Year: 2026, Kind: plan.Cumulative,
		Comparator: rapid.SampledFrom([]plan.Comparator{plan.AtLeast, plan.MoreThan}).Draw(t, "comparator"),
		Base:       amount(base), Target: exact.Some(amount(target)),
		Deadline:   period.NewDate(2026, 1, rapid.IntRange(1, 365).Draw(t, "deadline")),
		Trajectory: &plan.Trajectory{Kind: rapid.SampledFrom([]string{ByMonths, ByDays, ByShares, ByPoints, AtDeadline}).Draw(t, "trajectory")},
	}
	if rapid.Bool().Draw(t, "stepped") {
		s.Step = exact.Some(amount(1))
	}
	switch s.Trajectory.Kind {
	case ByShares:
		list := rapid.SliceOfN(rapid.IntRange(0, 10000), 11, 11).Draw(t, "shares")
		slices.Sort(list)
		for _, x := range append(list, 10000) {
			s.Trajectory.Shares = append(s.Trajectory.Shares, decimal.MustNew(int64(x), 2))
		}
	case ByPoints:
		last := int(s.Deadline - period.NewDate(2025, 12, 31))
		days := rapid.SliceOfNDistinct(rapid.IntRange(1, last), 0, min(5, last), rapid.ID).Draw(t, "days")
		days = slices.DeleteFunc(days, func(d int) bool { return d == last })
		amounts := rapid.SliceOfN(rapid.IntRange(base, target), len(days), len(days)).Draw(t, "amounts")
		slices.Sort(days)
		slices.Sort(amounts)
		for i, day := range append(days, last) {
			p := plan.Point{Date: period.NewDate(2026, 1, day), Amount: decimal.MustNew(int64(target), scale)}
			if i < len(amounts) {
				p.Amount = decimal.MustNew(int64(amounts[i]), scale)
			}
			s.Trajectory.Points = append(s.Trajectory.Points, p)
		}
	}
	r, err := Compile(s)
	if err != nil {
		t.Fatalf("%+v: %v", s, err)
	}
	return world{spec: s, rule: r, unit: decimal.MustNew(1, scale)}
}

// actual draws a figure, below the base and above the target included; where
// fine, not only multiples of the unit.
func (w *world) actual(t *rapid.T) exact.Rat {
	span := w.spec.Target.Value.Sub(w.spec.Base)
	a := w.spec.Base.Add(span.Mul(exact.FromFrac(rapid.Int64Range(-200, 1300).Draw(t, "actual"), 1000)))
	if w.spec.Step.OK {
		return a.FloorTo(exact.FromDecimal(w.unit))
	}
	return a
}

func anyDay(t *rapid.T) period.Date {
	return period.NewDate(2026, 1, rapid.IntRange(-40, 430).Draw(t, "day"))
}

// What is owed never falls, starts at the base, is the whole target from the
// deadline on, and is never more than before it was rounded down.
func TestExpectedNeverFalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t)
		lastUnrounded, lastOwed := w.spec.Base, w.spec.Base
		for day := period.NewDate(2025, 12, 1); day < period.NewDate(2027, 3, 1); day++ {
			u, o := w.rule.Expected(day)
			if !u.OK || !o.OK || u.Value.Less(lastUnrounded) || o.Value.Less(lastOwed) {
				t.Fatalf("%v: %v, %v after %v, %v", day, u, o, lastUnrounded, lastOwed)
			}
			if u.Value.Less(o.Value) || w.spec.Step.OK && !u.Value.Less(o.Value.Add(w.spec.Step.Value)) {
				t.Fatalf("%v: %v rounded to %v", day, u, o)
			}
			switch {
			case day < period.NewDate(2026, 1, 1) && !o.Value.Equal(w.spec.Base):
				t.Fatalf("%v: %v is owed before the year", day, o)
			case day >= w.spec.Deadline && (!u.Equal(w.spec.Target) || !o.Equal(w.spec.Target)):
				t.Fatalf("%v: %v, not the whole target", day, o)
			}
			lastUnrounded, lastOwed = u.Value, o.Value
		}
	})
}

// The position that an actual has come to parts the year in two: before it the
// trajectory is not above the actual (with a step: not yet at the next one),
// after it it is.
func TestReach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t)
		actual := w.actual(t)
		reach := w.rule.road.reach(actual, w.spec.Step)
		if reach.Sign() < 0 || w.rule.road.end.Less(reach) {
			t.Fatalf("%v has come to %v", actual, reach)
		}
		if actual.Less(w.spec.Base) {
			if reach.Sign() != 0 {
				t.Fatalf("%v is below the base and has come to %v", actual, reach)
			}
			return
		}
		for day := period.NewDate(2025, 12, 31); day < w.spec.Deadline; day++ {
			unrounded := w.rule.road.amount(day)
			beyond := actual.Less(unrounded)
			after := reach.Less(w.rule.Position(day))
			if w.spec.Step.OK {
				beyond = !unrounded.Less(actual.Add(w.spec.Step.Value))
				after = !w.rule.Position(day).Less(reach)
			}
			if beyond != after {
				t.Fatalf("%v has come to %v, but on %v (%v) the road is at %v", actual, reach, day, w.rule.Position(day), unrounded)
			}
		}
	})
}

// Where things are divisible and the trajectory rises strictly, an unmet target
// has no lag exactly where the actual is what is expected.
func TestLagIsZeroOnTheRoad(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t)
		w.spec.Step = exact.Opt{}
		w.spec.Trajectory = &plan.Trajectory{Kind: rapid.SampledFrom([]string{ByMonths, ByDays}).Draw(t, "rising")}
		r, err := Compile(w.spec)
		if err != nil {
			t.Fatal(err)
		}
		day := period.NewDate(2026, 1, rapid.IntRange(1, 364).Draw(t, "day"))
		if r.Reached(day) {
			return
		}
		u, _ := r.Expected(day)
		j := r.Judge(Input{PeriodEnd: day, Actual: u})
		if !j.Lag.OK || j.Lag.Value.Sign() != 0 || j.GapPP.Value.Sign() != 0 || j.Status != OnTrack {
			t.Fatalf("on the road: %+v", j)
		}
		a := w.actual(t)
		j = r.Judge(Input{PeriodEnd: day, Actual: exact.Some(a)})
		if j.Lag.OK && a.Cmp(w.spec.Base) >= 0 && j.Lag.Value.Sign() != -j.Gap.Value.Sign() {
			t.Fatalf("gap %v and lag %v", j.Gap, j.Lag)
		}
	})
}

// The quantities of one judgement agree with each other and with the rules, and
// judging twice is the same.
func TestCumulativeAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t)
		a, end := w.actual(t), anyDay(t)
		in := Input{PeriodEnd: end, Actual: exact.Some(a)}
		j := w.rule.Judge(in)
		if again := w.rule.Judge(in); !equalJudgement(j, again) {
			t.Fatalf("%+v\n%+v", j, again)
		}
		target, base := w.spec.Target.Value, w.spec.Base
		if j.Reached != (end >= w.spec.Deadline) {
			t.Fatal("reached")
		}
		met := !a.Less(target) && (w.spec.Comparator != plan.MoreThan || !a.Equal(target))
		if j.Met != met || (j.Status == Done) != met || (j.Status == Missed) != (j.Reached && !met) {
			t.Fatalf("met %v: %+v", met, j)
		}
		if j.Lag.OK == met || j.Required.OK == j.Reached {
			t.Fatalf("lag or required: %+v", j)
		}
		if j.Required.OK {
			left := w.rule.road.end.Sub(w.rule.Position(end))
			if got := a.Add(j.Required.Value.Mul(left)); got.Less(target) || a.Less(target) && !got.Equal(target) {
				t.Fatalf("required %v leads to %v", j.Required, got)
			}
		}
		if !j.Gap.Value.Equal(a.Sub(j.Expected.Value)) {
			t.Fatalf("gap: %+v", j)
		}
		if pp := a.Sub(j.Unrounded.Value).Quo(target.Sub(base)).Mul(hundred); !pp.Equal(j.GapPP.Value) {
			t.Fatalf("gap_pp %v, want %v", j.GapPP, pp)
		}
		owes := base.Less(j.Expected.Value)
		if j.Pace.OK != owes || j.NothingOwed == owes {
			t.Fatalf("pace: %+v", j)
		}
		if owes && (j.Pace.Value.Cmp(one) >= 0) != (j.Gap.Value.Sign() >= 0) {
			t.Fatalf("pace and gap: %+v", j)
		}
		if j.WholeThings && (!w.spec.Step.OK || j.Gap.Value.Sign() < 0 || j.GapPP.Value.Sign() >= 0) {
			t.Fatalf("whole things: %+v", j)
		}
		share := j.Unrounded.Value.Sub(base).Quo(target.Sub(base))
		if j.Projection.OK != !share.Less(minShare) {
			t.Fatalf("projection at %v: %+v", share, j)
		}
		if j.Projection.OK && !j.Projection.Value.Sub(base).Mul(share).Equal(a.Sub(base)) {
			t.Fatalf("projection at %v: %+v", share, j)
		}
		if j.Status == Pending || j.Status == None {
			t.Fatalf("%+v", j)
		}
	})
}

// More is never worse: with the day fixed, a greater actual has no worse status,
// no smaller gap and no greater lag.
func TestMoreIsNeverWorse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t)
		end := anyDay(t)
		a, b := w.actual(t), w.actual(t)
		if b.Less(a) {
			a, b = b, a
		}
		x := w.rule.Judge(Input{PeriodEnd: end, Actual: exact.Some(a)})
		y := w.rule.Judge(Input{PeriodEnd: end, Actual: exact.Some(b)})
		if y.Status > x.Status || y.Gap.Value.Less(x.Gap.Value) || x.Lag.OK && y.Lag.OK && x.Lag.Value.Less(y.Lag.Value) {
			t.Fatalf("%v gives %+v\n%v gives %+v", a, x, b, y)
		}
	})
}

// Positive gaps are good for every kind and either sense.
func TestGapSign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Spec{Year: 2026, Deadline: d("2026-12-31"), Target: num("3")}
		s.Kind = rapid.SampledFrom([]plan.Kind{plan.Growth, plan.Level, plan.Sync, plan.Direction}).Draw(t, "kind")
		s.Comparator = rapid.SampledFrom([]plan.Comparator{plan.AtLeast, plan.MoreThan, plan.AtMost}).Draw(t, "comparator")
		if s.Kind == plan.Direction {
			s.Comparator, s.Sense = "", rapid.SampledFrom([]string{"up", "down"}).Draw(t, "sense")
		}
		r, err := Compile(s)
		if err != nil {
			t.Fatal(err)
		}
		a := exact.FromFrac(rapid.Int64Range(-100, 100).Draw(t, "actual"), 10)
		in := Input{PeriodEnd: d("2026-06-30"), Actual: exact.Some(a), Reference: num("3"), Previous: num("3")}
		j := r.Judge(in)
		switch sign := j.Gap.Value.Sign(); {
		case sign > 0 && (!j.Met || j.Status > OnTrack), sign < 0 && (j.Met || j.Status < SlightlyBehind):
			t.Fatalf("%+v", j)
		case sign == 0 && j.Met != (s.Comparator != plan.MoreThan && s.Kind != plan.Direction):
			t.Fatalf("at the bound: %+v", j)
		}
		up := in
		up.Actual = exact.Some(a.Add(one))
		better := r.Judge(up).Gap.Value.Sub(j.Gap.Value)
		if down := s.Comparator == plan.AtMost || s.Sense == "down"; better.Equal(one) == down {
			t.Fatalf("one more changed the gap by %v", better)
		}
	})
}

// Bands that pass the check give every value exactly one status; holes and
// overlaps do not pass.
func TestBandsCover(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dec := func(x int) *decimal.Decimal { v := decimal.MustNew(int64(x), 2); return &v }
		cuts := rapid.SliceOfNDistinct(rapid.IntRange(-300, 300), 2, 2, rapid.ID).Draw(t, "cuts")
		high, low := 100+1+abs(cuts[0]), 100-1-abs(cuts[1])
		list := []plan.Band{
			{Status: "ahead", From: dec(high)},
			{Status: "on_track", From: dec(100), Below: dec(high)},
			{Status: "slightly_behind", From: dec(low), Below: dec(100)},
			{Status: "behind", Below: dec(low)},
		}
		list = rapid.Permutation(list).Draw(t, "order")
		if l := CheckBands(plan.Bands{Pace: list}); len(l) > 0 {
			t.Fatal(l)
		}
		v := rapid.IntRange(-500, 500).Draw(t, "value")
		pace := exact.FromFrac(int64(v), 100)
		got := compileBands(plan.Bands{Pace: list}).pace.status(pace, exact.Opt{})
		var in []Status
		for _, b := range list {
			if (b.From == nil || !pace.Less(opt(b.From).Value)) && (b.Below == nil || pace.Less(opt(b.Below).Value)) {
				s, _ := ParseStatus(b.Status)
				in = append(in, s)
			}
		}
		if len(in) != 1 || got != in[0] {
			t.Fatalf("%v: %v, bands say %v", pace, got, in)
		}

		i := rapid.IntRange(0, 3).Draw(t, "broken")
		broken := slices.Clone(list)
		by := rapid.SampledFrom([]int{-7, 7}).Draw(t, "by")
		if b := &broken[i]; b.From != nil {
			b.From = dec(int(b.From.Coef())*sign(*b.From) + by)
		} else {
			b.Below = dec(int(b.Below.Coef())*sign(*b.Below) + by)
		}
		if l := CheckBands(plan.Bands{Pace: broken}); len(l) == 0 {
			t.Fatalf("%+v passed", broken)
		}
	})
}

// FuzzJudge: whatever compiles is judged without a panic, and its judgement can
// be written down.
func FuzzJudge(f *testing.F) {
	f.Add(uint8(0), uint8(0), uint8(0), int64(60), int64(0), int64(1), int64(42), uint8(0), int32(364), int32(300), []byte{})
	f.Add(uint8(0), uint8(1), uint8(2), int64(200), int64(10), int64(0), int64(13), uint8(1), int32(165), int32(58), []byte{10, 20, 30, 30, 30, 70, 80, 90, 100, 100, 100, 100})
	f.Add(uint8(0), uint8(0), uint8(3), int64(88), int64(3), int64(0), int64(31), uint8(0), int32(200), int32(120), []byte{40, 5, 90, 5, 200, 60})
	f.Add(uint8(6), uint8(0), uint8(0), int64(0), int64(0), int64(0), int64(0), uint8(0), int32(364), int32(200), []byte{1, 40, 0, 2, 30, 50})
	f.Add(uint8(1), uint8(1), uint8(0), int64(5), int64(0), int64(0), int64(4), uint8(0), int32(364), int32(200), []byte{})
	kinds := []plan.Kind{plan.Cumulative, plan.Growth, plan.Level, plan.Zero, plan.Sync, plan.Direction, plan.Milestone, plan.Standing, plan.Context}
	comparators := []plan.Comparator{"", plan.AtLeast, plan.MoreThan, plan.AtMost}
	roads := []string{"", ByMonths, ByDays, ByShares, ByPoints, AtDeadline}
	f.Fuzz(func(t *testing.T, kind, comparator, road uint8, target, base, step, actual int64, scale uint8, deadline, end int32, params []byte) {
		dec := func(x int64) decimal.Decimal { v, _ := decimal.New(x, int(scale%19)); return v }
		rat := func(x int64) exact.Rat { return exact.FromDecimal(dec(x)) }
		start := period.NewDate(2026, 1, 1)
		s := Spec{
			Year: 2026, Kind: kinds[int(kind)%len(kinds)], Comparator: comparators[int(comparator)%len(comparators)],
			Target: exact.Some(rat(target)), Base: rat(base), Deadline: start + period.Date(deadline), Sense: "up",
			Trajectory: &plan.Trajectory{Kind: roads[int(road)%len(roads)]},
		}
		if step != 0 {
			s.Step = exact.Some(rat(step))
		}
		in := Input{PeriodEnd: start + period.Date(end), Actual: exact.Some(rat(actual)), Reference: exact.Some(rat(base)), Previous: exact.Some(rat(target)), Set: Status(kind)}
		at := func(i int) byte {
			if i < len(params) {
				return params[i]
			}
			return 0
		}
		for i := range min(len(params), 24) {
			in.History = append(in.History, Past{End: start + period.Date(at(i)), Actual: exact.Some(rat(int64(at(i + 1)))), Against: exact.Some(rat(int64(i)))})
			in.Entries = append(in.Entries, Entry{Due: start + period.Date(at(i)), Weight: rat(int64(at(i+1)) - 3), Done: at(i)%2 == 0, DoneOn: start + period.Date(at(i+2))})
			switch s.Trajectory.Kind {
			case ByShares:
				s.Trajectory.Shares = append(s.Trajectory.Shares, decimal.MustNew(int64(at(i)), 0))
			case ByPoints:
				if i%2 == 0 {
					s.Trajectory.Points = append(s.Trajectory.Points, plan.Point{Date: start + period.Date(at(i)), Amount: dec(int64(at(i + 1)))})
				}
			}
		}
		r, err := Compile(s)
		if err != nil {
			return
		}
		j := r.Judge(in)
		if j.Status == Pending && j.Reason == "" || j.Status == None && r.Kind() != plan.Context {
			t.Fatalf("%+v", j)
		}
		if _, err := json.Marshal(j); err != nil {
			t.Fatal(err)
		}
		r.Expected(in.PeriodEnd)
		r.Limit(in.PeriodEnd)
		r.Outlook(in)
		r.Judge(Input{PeriodEnd: in.PeriodEnd})
	})
}

func equalJudgement(a, b Judgement) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		if o, ok := x.Field(i).Interface().(exact.Opt); ok {
			if !o.Equal(y.Field(i).Interface().(exact.Opt)) {
				return false
			}
		} else if x.Field(i).Interface() != y.Field(i).Interface() {
			return false
		}
	}
	return true
}

func abs(x int) int { return max(x, -x) }

func sign(d decimal.Decimal) int {
	if d.IsNeg() {
		return -1
	}
	return 1
}
