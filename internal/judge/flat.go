package judge

import (
	"xushi/internal/exact"
	"xushi/internal/fault"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// defaultTolerance is how far a sync target may stay under its reference, in
// percentage points.
var defaultTolerance = exact.FromFrac(1, 2)

// ImplausibleAbove is how far the rate that the rest of the year needs may be
// from the target, in percentage points, before it is flagged as implausible. A
// growth target of 5 % for which the rest of the year would have to grow by more
// than 15 % is out of reach by any usual reckoning. It is this program's own
// limit, for no document sets one.
const ImplausibleAbove = 10

// judgeFlat judges the kinds without a trajectory, whose expectation is the
// same at every period: the target (growth, level), 0 (zero), the reference's
// figure less the tolerance (sync), last year's figure (direction). Once the
// deadline is reached they are done or missed.
func (r *Rule) judgeFlat(in *Input, j *Judgement) {
	against, missing := in.Reference, NoReference
	if r.kind == plan.Direction {
		against, missing = in.Previous, NoPrevious
	}
	expected, ok := r.yardstick(against)
	if ok {
		j.Expected, j.Unrounded = exact.Some(expected), exact.Some(expected)
	}
	switch {
	case !in.Actual.OK:
		j.Status, j.Reason = Pending, NoFigure
		return
	case !ok:
		j.Status, j.Reason = Pending, missing
		return
	}
	gap := r.gap(in.Actual.Value, expected)
	j.Gap = exact.Some(gap)
	j.Met = r.meets(gap)
	if r.kind == plan.Growth && !j.Reached {
		r.restOfYear(in, j)
	}

	switch {
	case j.Reached && j.Met:
		j.Status = Done
		j.LateCompletion = r.missedBefore(in)
	case j.Reached:
		j.Status = Missed
	case r.kind == plan.Zero:
		j.Status = Behind
		if j.Met {
			j.Status = OnTrack
		}
	case r.kind == plan.Direction:
		j.Status = [...]Status{Behind, SlightlyBehind, OnTrack}[gap.Sign()+1]
	default:
		// A sync target is ahead of its reference, not of what the tolerance
		// leaves of it.
		j.Status = r.bands.gap.statusOf(gap, gap.Sub(r.tolerance), j.Met)
	}
}

// restOfYear gives the growth that the rest of the year needs:
// (g* − w·g) ÷ (1 − w), where w is last year's share of the base up to the
// period. None where the share is not known or nothing is left of the year.
func (r *Rule) restOfYear(in *Input, j *Judgement) {
	w, ok := r.shareOfBase(in.PeriodEnd)
	if !ok || !w.Less(one) {
		return
	}
	target := r.target.Value
	required := target.Sub(w.Mul(in.Actual.Value)).Quo(one.Sub(w))
	j.Required = exact.Some(required)
	// The gap of the required rate is bad where it is good for an actual one.
	beyond := r.gap(required, target)
	j.RequiredImplausible = exact.FromInt(ImplausibleAbove).Less(beyond)
}

// shareOfBase gives last year's share of the base up to the last month that has
// ended by a date of the year.
func (r *Rule) shareOfBase(d period.Date) (exact.Rat, bool) {
	m, before, days := r.calendar.month(d)
	if int64(d-before) < days {
		m--
	}
	if len(r.baseShare) == 0 || m < 1 || m > 12 {
		return exact.Rat{}, false
	}
	return r.baseShare[m-1], true
}

// checkBaseShare refuses what is not 12 percentages that never fall and end at 100.
func checkBaseShare(shares []exact.Rat) *fault.Fault {
	if len(shares) == 0 {
		return nil
	}
	last := exact.Rat{}
	ok := len(shares) == 12
	for _, s := range shares {
		ok = ok && !s.Less(last)
		last = s
	}
	if ok && last.Equal(hundred) {
		return nil
	}
	return fault.New("base_share", "基数占比须为12个逐月累计百分比，不下降，最后为100。",
		"The base's shares are 12 cumulative percentages that never fall and end at 100.").At("base_share")
}
