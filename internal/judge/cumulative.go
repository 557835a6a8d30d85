package judge

import (
	"xushi/internal/exact"
	"xushi/internal/period"
)

// stop is what a cumulative target expects at the end of a date, with the
// reciprocals that Judge multiplies by.
type stop struct {
	position  exact.Rat
	unrounded exact.Rat // the trajectory's amount
	owed      exact.Rat // rounded down to the step
	perOwed   exact.Opt // 1 ÷ (owed − base); none where nothing is owed
	perShare  exact.Opt // 1 ÷ share; none where the share is too small to project from
	perMonth  exact.Opt // 1 ÷ (deadline's position − position); none once reached
}

// minShare is the share of the way from which a projection is given.
var minShare = exact.FromFrac(1, 4)

// compileCumulative lays out the road and the stops at the year's month ends.
func (r *Rule) compileCumulative(s *Spec) {
	r.base, r.step = s.Base, s.Step
	span := r.target.Value.Sub(r.base)
	r.perSpan = hundred.Quo(span)
	if r.target.Value.Sign() != 0 {
		r.perTarget = exact.Some(one.Quo(r.target.Value))
	}
	r.road = newRoad(s, r.target.Value)
	r.stops = make([]stop, 12)
	for m := range r.stops {
		r.stops[m] = r.newStop(r.calendar.ends[m+1])
	}
}

// newStop calculates what is expected at the end of a date.
func (r *Rule) newStop(d period.Date) stop {
	s := stop{position: r.calendar.position(d), unrounded: r.road.amount(d)}
	s.owed = owed(s.unrounded, r.step)
	if due := s.owed.Sub(r.base); due.Sign() != 0 {
		s.perOwed = exact.Some(one.Quo(due))
	}
	if share := r.share(s.unrounded); !share.Less(minShare) {
		s.perShare = exact.Some(one.Quo(share))
	}
	if !r.Reached(d) {
		s.perMonth = exact.Some(one.Quo(r.road.end.Sub(s.position)))
	}
	return s
}

// share of the way that an unrounded amount stands for: (unrounded − base) ÷
// (target − base), 1 from the deadline on.
func (r *Rule) share(unrounded exact.Rat) exact.Rat {
	return unrounded.Sub(r.base).Mul(r.perSpan).Mul(percent)
}

// stopAt gives the stop at a date, ready for the year's month ends.
func (r *Rule) stopAt(d period.Date) *stop {
	if m := r.calendar.monthEnd(d); m > 0 {
		return &r.stops[m-1]
	}
	s := r.newStop(d)
	return &s
}

// judgeCumulative judges a total that grows to its target along a trajectory:
//
//	gap        = actual − expected
//	gap_pp     = (actual − unrounded) ÷ (target − base) × 100
//	attainment = actual ÷ target
//	pace       = (actual − base) ÷ (expected − base); none where nothing is owed
//	required   = (target − actual) ÷ (deadline's position − position), not below 0
//	projection = base + (actual − base) ÷ share; none where the share is below 0.25
//	lag        = position − the position that the actual has come to; none when met
func (r *Rule) judgeCumulative(in *Input, j *Judgement) {
	s := r.stopAt(in.PeriodEnd)
	j.Expected, j.Unrounded = exact.Some(s.owed), exact.Some(s.unrounded)
	j.NothingOwed = !s.perOwed.OK
	if !in.Actual.OK {
		j.Status, j.Reason = Pending, NoFigure
		return
	}
	actual, target := in.Actual.Value, r.target.Value
	left := target.Sub(actual)
	j.Met = left.Sign() <= 0 && r.meets(left.Neg())

	gap, done := actual.Sub(s.owed), actual.Sub(r.base)
	ahead := gap
	if r.step.OK {
		ahead = actual.Sub(s.unrounded)
	}
	j.Gap = exact.Some(gap)
	j.GapPP = exact.Some(ahead.Mul(r.perSpan))
	j.WholeThings = ahead.Sign() < 0 && gap.Sign() >= 0
	if r.perTarget.OK {
		j.Attainment = exact.Some(actual.Mul(r.perTarget.Value))
	}
	if s.perOwed.OK {
		j.Pace = exact.Some(done.Mul(s.perOwed.Value))
	}
	if s.perShare.OK {
		j.Projection = exact.Some(r.base.Add(done.Mul(s.perShare.Value)))
	}
	if s.perMonth.OK {
		j.Required = exact.Some(exact.Max(left, exact.Rat{}).Mul(s.perMonth.Value))
	}
	if !j.Met {
		j.Lag = exact.Some(s.position.Sub(r.road.reach(actual, r.step)))
	}

	switch {
	case j.Met:
		j.Status = Done
		j.LateCompletion = j.Reached && r.missedBefore(in)
	case j.Reached:
		j.Status = Missed
	case j.NothingOwed:
		j.Status = OnTrack
	default:
		j.Status = r.bands.pace.status(j.Pace.Value, j.Lag)
	}
}

var one = exact.FromInt(1)
