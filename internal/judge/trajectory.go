package judge

import (
	"xushi/internal/exact"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// The kinds of trajectory. On each, nothing but the base is owed before the
// year, and the whole target at the deadline and after it.
const (
	ByMonths   = "months"   // position ÷ the deadline's position; the default
	ByDays     = "days"     // days elapsed ÷ days to the deadline, both ends counted
	ByShares   = "shares"   // 12 cumulative percentages, linear by position between month ends
	ByPoints   = "points"   // dated amounts, linear by days from the base on 31 December before
	AtDeadline = "deadline" // nothing owed before it
)

// road is a trajectory in one form for all its kinds: amounts (unit of the
// target, not rounded) at knots along an axis, linear between them and level
// behind the last. The axis counts positions in months or days since the year's
// start. From the deadline on the whole target is owed, with a jump where the
// knots have not come so far: a trajectory of kind deadline is the base alone
// and that jump.
type road struct {
	calendar     calendar
	days         bool // the axis counts days, else positions
	knots        []knot
	base, target exact.Rat
	deadline     period.Date
	end          exact.Rat // the deadline's position
}

// knot is an amount at a place of the axis, with what a stretch to the next
// knot rises by. Amounts never fall.
type knot struct {
	at     exact.Rat // place on the axis
	amount exact.Rat
	rise   exact.Rat // amount per unit of the axis up to the next knot
	run    exact.Rat // units of the axis per amount; not set on a level stretch
}

// newRoad lays a trajectory out. It has passed CheckTrajectory.
func newRoad(s *Spec, target exact.Rat) road {
	r := road{calendar: newCalendar(s.Year), base: s.Base, target: target, deadline: s.Deadline}
	r.end = r.calendar.position(s.Deadline)
	span := target.Sub(s.Base)
	r.pass(exact.Rat{}, s.Base)
	switch trajectoryKind(s.Trajectory) {
	case ByMonths:
		r.pass(r.end, target)
	case ByDays:
		r.days = true
		r.pass(exact.FromInt(r.calendar.day(s.Deadline)), target)
	case ByShares:
		for m, share := range s.Trajectory.Shares {
			part := exact.FromDecimal(share).Mul(percent)
			r.pass(exact.FromInt(int64(m+1)), s.Base.Add(part.Mul(span)))
		}
	case ByPoints:
		r.days = true
		for _, p := range s.Trajectory.Points {
			amount := exact.FromDecimal(p.Amount)
			if w := s.Whole; w != nil {
				amount = s.Base.Add(amount.Sub(w.Base).Mul(span).Quo(w.Target.Sub(w.Base)))
			}
			r.pass(exact.FromInt(r.calendar.day(p.Date)), amount)
		}
	}
	return r
}

// pass leads the road on to an amount.
func (r *road) pass(at, amount exact.Rat) {
	if n := len(r.knots); n > 0 {
		last := &r.knots[n-1]
		length, rise := at.Sub(last.at), amount.Sub(last.amount)
		if rise.Sign() > 0 {
			last.rise, last.run = rise.Quo(length), length.Quo(rise)
		}
	}
	r.knots = append(r.knots, knot{at: at, amount: amount})
}

// amount that is owed at the end of a date, not rounded.
func (r *road) amount(d period.Date) exact.Rat {
	if d >= r.deadline {
		return r.target
	}
	if d <= r.calendar.start() {
		return r.base
	}
	at := exact.FromInt(r.calendar.day(d))
	if !r.days {
		at = r.calendar.position(d)
	}
	return r.along(at)
}

// amountAt gives the amount at a position from 0 on and before the deadline's,
// whole days or not: reach the other way round.
func (r *road) amountAt(position exact.Rat) exact.Rat {
	if r.days {
		return r.along(r.calendar.dayOfPosition(position))
	}
	return r.along(position)
}

// along gives the amount at a place of the axis.
func (r *road) along(at exact.Rat) exact.Rat {
	k := &r.knots[0]
	for i := 1; i < len(r.knots) && !at.Less(r.knots[i].at); i++ {
		k = &r.knots[i]
	}
	return k.amount.Add(at.Sub(k.at).Mul(k.rise))
}

// reach gives the position that an actual amount has come to: the latest one,
// not beyond the deadline, at which the road is not above it. With a step it is
// the first one at which the road reaches actual + step, the moment when the
// next one falls due, or the deadline's where it never does. An actual below
// the base has come to 0.
func (r *road) reach(actual exact.Rat, step exact.Opt) exact.Rat {
	if actual.Less(r.base) {
		return exact.Rat{}
	}
	goal := actual
	if step.OK {
		goal = actual.Add(step.Value)
	}
	// i is the first knot beyond the goal, or with a step the first at it.
	i := 1
	for ; i < len(r.knots); i++ {
		if c := r.knots[i].amount.Cmp(goal); c > 0 || c == 0 && step.OK {
			break
		}
	}
	if i == len(r.knots) {
		return r.end
	}
	k := &r.knots[i-1]
	at := k.at.Add(goal.Sub(k.amount).Mul(k.run))
	if r.days {
		at = r.calendar.positionOfDay(at)
	}
	return exact.Min(at, r.end)
}

// trajectoryKind is months where nothing else is said.
func trajectoryKind(t *plan.Trajectory) string {
	if t == nil || t.Kind == "" {
		return ByMonths
	}
	return t.Kind
}

// owed rounds an amount down to the step.
func owed(unrounded exact.Rat, step exact.Opt) exact.Rat {
	if step.OK {
		return unrounded.FloorTo(step.Value)
	}
	return unrounded
}

var (
	percent = exact.FromFrac(1, 100)
	hundred = exact.FromInt(100)
)
