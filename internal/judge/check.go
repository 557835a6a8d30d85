package judge

import (
	"strconv"

	"xushi/internal/exact"
	"xushi/internal/fault"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// CheckTrajectory refuses a trajectory that is not a road from the base to the
// target; nil or an empty kind is months. base, target and step are those of the
// indicator that the trajectory's amounts belong to. Codes:
//
//	trajectory_kind    no such kind, or shares or points that the kind does not read
//	trajectory_shares  not 12 percentages from 0 on that never fall and end at 100
//	trajectory_points  no points, days not in order, amounts below the base or falling
//	trajectory_step    an amount that is not a multiple of the step
//	trajectory_year    a point or, with shares, the deadline lies outside the plan's year
//	trajectory_end     a point after the deadline, or the last is not the target at the deadline
func CheckTrajectory(t *plan.Trajectory, year int, base, target exact.Rat, step exact.Opt, deadline period.Date) fault.List {
	var shares, points int
	if t != nil {
		shares, points = len(t.Shares), len(t.Points)
	}
	kind := trajectoryKind(t)
	switch kind {
	case ByMonths, ByDays, ByShares, ByPoints, AtDeadline:
	default:
		return fault.List{fault.Newf("trajectory_kind", "没有“%[1]s”这种序时方式。",
			"There is no kind of trajectory called %[1]q.", kind).At("trajectory.kind")}
	}
	if kind != ByShares && shares > 0 || kind != ByPoints && points > 0 {
		return fault.List{fault.Newf("trajectory_kind", "序时方式为%[1]s时不能另给shares或points。",
			"A trajectory of kind %[1]s does not read the shares or points beside it.", kind).At("trajectory")}
	}
	switch kind {
	case ByShares:
		return checkShares(t, year, deadline)
	case ByPoints:
		return checkPoints(t, year, base, target, step, deadline)
	}
	return nil
}

func checkShares(t *plan.Trajectory, year int, deadline period.Date) (l fault.List) {
	if deadline.Year() != year {
		l = append(l, fault.Newf("trajectory_year", "逐月占比只管%[1]d年，完成期限%[2]s不在其中。",
			"Shares are those of the months of %[1]d, and the deadline %[2]s lies outside it.", year, deadline).At("trajectory.shares"))
	}
	if len(t.Shares) != 12 {
		return append(l, fault.Newf("trajectory_shares", "应有12个逐月累计百分比，现有%[1]d个。",
			"There must be 12 cumulative percentages, not %[1]d.", len(t.Shares)).At("trajectory.shares"))
	}
	last := exact.Rat{}
	for i, s := range t.Shares {
		share := exact.FromDecimal(s)
		if share.Less(last) {
			l = append(l, fault.Newf("trajectory_shares", "%[1]d月累计占比%[2]s%%低于此前的%[3]s%%。",
				"The cumulative share of month %[1]d, %[2]s %%, is below the %[3]s %% before it.", i+1, share, last).At("trajectory.shares"+index(i)))
		}
		last = share
	}
	if !last.Equal(hundred) {
		l = append(l, fault.Newf("trajectory_shares", "12月累计占比应为100%%，现为%[1]s%%。",
			"The cumulative share of December must be 100 %%, not %[1]s %%.", last).At("trajectory.shares[11]"))
	}
	return l
}

func checkPoints(t *plan.Trajectory, year int, base, target exact.Rat, step exact.Opt, deadline period.Date) (l fault.List) {
	if len(t.Points) == 0 {
		return fault.List{fault.New("trajectory_points", "未列出任何节点。", "There are no points.").At("trajectory.points")}
	}
	day, amount := period.NewDate(year, 1, 1)-1, base
	for i, p := range t.Points {
		field := "trajectory.points" + index(i)
		next := exact.FromDecimal(p.Amount)
		switch {
		case p.Date.Year() != year:
			l = append(l, fault.Newf("trajectory_year", "节点%[1]s不在%[2]d年内。",
				"The point %[1]s lies outside %[2]d.", p.Date, year).At(field))
		case p.Date <= day:
			l = append(l, fault.Newf("trajectory_points", "节点%[1]s须晚于前一节点%[2]s。",
				"The point %[1]s must be later than the one before it, %[2]s.", p.Date, day).At(field))
		case p.Date > deadline:
			l = append(l, fault.Newf("trajectory_end", "节点%[1]s晚于完成期限%[2]s。",
				"The point %[1]s lies after the deadline %[2]s.", p.Date, deadline).At(field))
		}
		if next.Less(amount) {
			l = append(l, fault.Newf("trajectory_points", "节点%[1]s的数量%[2]s低于此前的%[3]s（含基数）。",
				"The amount %[2]s at %[1]s is below the %[3]s before it; amounts include the base.", p.Date, next, amount).At(field))
		}
		if step.OK && step.Value.Sign() > 0 && !next.IsMultiple(step.Value) {
			l = append(l, fault.Newf("trajectory_step", "节点%[1]s的数量%[2]s不是%[3]s的整数倍。",
				"The amount %[2]s at %[1]s is not a multiple of %[3]s.", p.Date, next, step.Value).At(field))
		}
		day, amount = p.Date, next
	}
	if day <= deadline && (day != deadline || !amount.Equal(target)) {
		l = append(l, fault.Newf("trajectory_end", "最后一个节点应为完成期限%[1]s的目标值%[2]s。",
			"The last point must be the target %[2]s at the deadline %[1]s.", deadline, target).At("trajectory.points"+index(len(t.Points)-1)))
	}
	return l
}

// checkRoad gives the faults of a cumulative target and its trajectory.
func checkRoad(s *Spec) (l fault.List) {
	target := s.Target.Value
	if !s.Base.Less(target) {
		l = append(l, fault.Newf("target_base", "累计类指标的目标%[1]s须大于基数%[2]s。",
			"The target %[1]s of a cumulative indicator must be above its base %[2]s.", target, s.Base).At("target"))
	}
	switch step := s.Step; {
	case !step.OK:
	case step.Value.Sign() <= 0:
		l = append(l, fault.New("target_step", "计量精度须大于0。", "A step must be above 0.").At("step"))
	case !target.IsMultiple(step.Value):
		l = append(l, fault.Newf("target_step", "目标%[1]s不是计量精度%[2]s的整数倍。",
			"The target %[1]s is not a multiple of the step %[2]s.", target, step.Value).At("target"))
	case !s.Base.IsMultiple(step.Value):
		l = append(l, fault.Newf("target_step", "基数%[1]s不是计量精度%[2]s的整数倍。",
			"The base %[1]s is not a multiple of the step %[2]s.", s.Base, step.Value).At("base"))
	}
	if w := s.Whole; w != nil {
		if !w.Base.Less(w.Target) {
			l = append(l, fault.Newf("target_base", "累计类指标的目标%[1]s须大于基数%[2]s。",
				"The target %[1]s of a cumulative indicator must be above its base %[2]s.", w.Target, w.Base).At("target"))
		}
		return append(l, CheckTrajectory(s.Trajectory, s.Year, w.Base, w.Target, w.Step, s.Deadline)...)
	}
	return append(l, CheckTrajectory(s.Trajectory, s.Year, s.Base, target, s.Step, s.Deadline)...)
}

func index(i int) string { return "[" + strconv.Itoa(i) + "]" }
