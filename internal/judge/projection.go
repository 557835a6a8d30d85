package judge

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"xushi/internal/exact"
	"xushi/internal/plan"
)

// Outlook is how sure a projection is. It is for specialists' pages, not for
// walls and bulletins. Its numbers are floats: they are estimates.
type Outlook struct {
	Projection  float64 `json:"projection"`  // 按当前进度推算, in the target's unit
	Low         float64 `json:"low"`         // lower end of the 80 % interval, never below the actual
	High        float64 `json:"high"`        // upper end of it
	Probability float64 `json:"probability"` // of reaching the target, 0 to 1
	Periods     int     `json:"periods"`     // how many periods it rests on
}

const (
	minPeriods = 4   // from which an interval is given
	upperTail  = 0.9 // quantile of the upper end of an 80 % interval
)

// Outlook calculates the interval of a cumulative target's projection; false
// where there is no projection or there are fewer than four periods.
//
// With a the actual less the base, s the share of the way and r = a ÷ s, the
// increments Δa between periods scatter about r·Δs with a variance in proportion
// to Δs, estimated by σ² = Σ((Δa − r·Δs)² ÷ Δs) ÷ (n − 1). The projection base + r
// has the standard error σ√((1 − s) ÷ s); with it come an 80 % interval by
// Student's t with n − 1 degrees and a probability of reaching the target.
// What came in on a level stretch of the trajectory, where Δs is 0, counts with
// the last period that rose, at the year's start with the first that will.
func (r *Rule) Outlook(in Input) (Outlook, bool) {
	if r.kind != plan.Cumulative || !in.Actual.OK {
		return Outlook{}, false
	}
	now := r.stopAt(in.PeriodEnd)
	if !now.perShare.OK {
		return Outlook{}, false
	}
	steps := r.increments(&in, now)
	n := len(steps)
	if n < minPeriods {
		return Outlook{}, false
	}
	done := in.Actual.Value.Sub(r.base)
	ratio := done.Mul(now.perShare.Value)
	actual, target := in.Actual.Value.Float64(), r.target.Value.Float64()
	rate, share := ratio.Float64(), r.share(now.unrounded).Float64()

	var sum float64
	for _, i := range steps {
		off := i.amount - rate*i.share
		sum += off * off / i.share
	}
	sigma := math.Sqrt(sum / float64(n-1))
	o := Outlook{Projection: r.base.Add(ratio).Float64(), Periods: n}
	spread := sigma * math.Sqrt((1-share)/share)
	t := distuv.StudentsT{Sigma: 1, Nu: float64(n - 1)}
	half := t.Quantile(upperTail) * spread
	o.Low, o.High = max(o.Projection-half, actual), max(o.Projection+half, actual)

	switch left := r.target.Value.Sub(in.Actual.Value); {
	case left.Sign() <= 0 && r.meets(left.Neg()):
		o.Probability = 1 // what is done stays done
	case now.perMonth.OK && spread > 0:
		o.Probability = t.Survival((target - o.Projection) / spread)
	case now.perMonth.OK && r.meets(r.base.Add(ratio).Sub(r.target.Value)):
		o.Probability = 1 // no scatter at all
	}
	return o, true
}

// increment is what a period added.
type increment struct{ amount, share float64 }

// increments gives what each period with a figure added up to the present one.
func (r *Rule) increments(in *Input, now *stop) []increment {
	type mark struct{ share, amount exact.Rat }
	marks := make([]mark, 1, len(in.History)+2)
	marks[0] = mark{amount: r.base} // the year's start
	past := in.History
	if !slices.IsSortedFunc(past, byEnd) {
		past = slices.SortedFunc(slices.Values(past), byEnd)
	}
	for _, p := range past {
		if p.Actual.OK && p.End > r.calendar.start() && p.End < in.PeriodEnd {
			marks = append(marks, mark{r.share(r.stopAt(p.End).unrounded), p.Actual.Value})
		}
	}
	marks = append(marks, mark{r.share(now.unrounded), in.Actual.Value})

	// One mark for each share: on a level stretch that of the last figure, but at
	// the year's start the base, whatever came early.
	kept := marks[:1]
	for _, m := range marks[1:] {
		if last := &kept[len(kept)-1]; !m.share.Equal(last.share) {
			kept = append(kept, m)
		} else if len(kept) > 1 {
			last.amount = m.amount
		}
	}
	steps := make([]increment, len(kept)-1)
	for i := range steps {
		steps[i] = increment{
			amount: kept[i+1].amount.Sub(kept[i].amount).Float64(),
			share:  kept[i+1].share.Sub(kept[i].share).Float64(),
		}
	}
	return steps
}

func byEnd(a, b Past) int { return cmp.Compare(a.End, b.End) }
