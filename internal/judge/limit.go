package judge

import (
	"xushi/internal/exact"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// Limit gives the red line at the end of a date, in the target's unit: every
// actual below it is judged behind and none above it; where less is better (<=)
// the other way round. It never asks for more than is expected. With what the
// last band above behind begins at (from) and the lag that it takes in below that:
//
//	cumulative     base + from × (expected − base)
//	               or, if that is less, the trajectory at position − lag, less the step, but at least the base
//	growth, level  target + from; target − from for <=
//
// By default from is 0.9 and the lag one month, and for a gap from is −1. Without
// a band slightly_behind it is what is expected, where on_track begins.
//
// Actuals of any fineness count: with a step, too, the line may lie between two
// multiples, and the next one is then the least that is not behind.
//
// An actual exactly at the line of pace or gap is not behind, save where a growth
// or level target of "more than" has no slightly_behind. One exactly at that of
// the lag is behind, for it lags by as much and not by less – save where the line
// is the base because less than a step was due then, or where the trajectory is
// level from there on and there is no step.
//
// Missing where no actual is behind: from the deadline on, where nothing is owed
// yet, without a band behind, and while the position is below the lag, by default
// until the first month ends. Missing, too, for the other kinds: they have no
// such number, or it depends on another figure.
func (r *Rule) Limit(d period.Date) exact.Opt {
	if r.Reached(d) {
		return exact.Opt{}
	}
	switch r.kind {
	case plan.Cumulative:
		return r.limitOfTotal(d)
	case plan.Growth, plan.Level:
		band, ok := r.bands.gap.aboveBehind()
		if !ok {
			return exact.Opt{}
		}
		if r.downward {
			return exact.Some(r.target.Value.Sub(band.from.Value))
		}
		return exact.Some(r.target.Value.Add(band.from.Value))
	}
	return exact.Opt{}
}

// limitOfTotal is Limit for a cumulative target before its deadline. An actual
// that has come to a position lags by less than lagBelow where that position is
// beyond s.position − lagBelow.
func (r *Rule) limitOfTotal(d period.Date) exact.Opt {
	s := r.stopAt(d)
	band, ok := r.bands.pace.aboveBehind()
	if !ok || !s.perOwed.OK {
		return exact.Opt{}
	}
	limit := r.base.Add(band.from.Value.Mul(s.owed.Sub(r.base)))
	if !band.lagBelow.OK {
		return exact.Some(limit)
	}
	switch ago := s.position.Sub(band.lagBelow.Value); {
	case ago.Sign() < 0: // even an actual below the base has come to 0
		return exact.Opt{}
	case ago.Less(r.road.end): // and none beyond the deadline
		byLag := r.road.amountAt(ago)
		if r.step.OK {
			byLag = exact.Max(r.base, byLag.Sub(r.step.Value))
		}
		limit = exact.Min(limit, byLag)
	}
	return exact.Some(limit)
}
