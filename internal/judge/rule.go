package judge

import (
	"xushi/internal/exact"
	"xushi/internal/fault"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// Spec is what a rule is compiled from: one version of one target.
type Spec struct {
	Year       int              // of the plan; trajectories start with it
	Kind       plan.Kind        // how the target is held
	Comparator plan.Comparator  // empty: >=
	Target     exact.Opt        // cumulative, growth, level
	Base       exact.Rat        // cumulative: where it starts
	Step       exact.Opt        // cumulative: what is owed is rounded down to a multiple; missing: not rounded
	Unit       string           // growth, level, sync: the default bands are for units of % only; empty: %
	Deadline   period.Date      // not read for standing and context
	Trajectory *plan.Trajectory // cumulative; nil: months
	Whole      *Whole           // cumulative part: what its trajectory's points are amounts of
	Bands      plan.Bands       // empty lists: the defaults
	Tolerance  exact.Opt        // sync: percentage points; missing: 0.5
	Sense      string           // direction: up or down is better
	BaseShare  []exact.Rat      // growth: last year's cumulative percentages by month, 12 or none
}

// Whole is the indicator that a part belongs to. The dated amounts of a
// trajectory are the whole's; a part goes the same way in proportion.
type Whole struct {
	Base, Target exact.Rat
	Step         exact.Opt
}

// Rule is one version of one target, compiled for judging. It never changes and
// may be used by many goroutines at once.
type Rule struct {
	kind       plan.Kind
	comparator plan.Comparator
	target     exact.Opt
	base       exact.Rat
	step       exact.Opt
	deadline   period.Date
	calendar   calendar
	tolerance  exact.Rat // sync
	downward   bool      // less is better: <=, or the sense down
	bands      bands
	baseShare  []exact.Rat // growth: 1 at the end of December

	// Cumulative only.
	road      road
	stops     []stop    // the 12 month ends of the year, for they are judged all the time
	perSpan   exact.Rat // 100 ÷ (target − base)
	perTarget exact.Opt // 1 ÷ target; none for a target of 0
}

// Kind of the target.
func (r *Rule) Kind() plan.Kind { return r.kind }

// Comparator of the target; >= where none was given, empty for kinds without a number.
func (r *Rule) Comparator() plan.Comparator { return r.comparator }

// Target in its unit; missing for kinds without a number of their own.
func (r *Rule) Target() exact.Opt { return r.target }

// Base in the target's unit.
func (r *Rule) Base() exact.Rat { return r.base }

// Deadline of the target.
func (r *Rule) Deadline() period.Date { return r.deadline }

// Reached tells whether a period that ends on a date ends at the deadline or after it.
func (r *Rule) Reached(end period.Date) bool { return end >= r.deadline }

// Position counts the months from the plan year's start to the end of a date,
// with the fraction of the month by its days: 15 June is 5.5.
func (r *Rule) Position(d period.Date) exact.Rat { return r.calendar.position(d) }

// Compile makes a rule. What cannot be judged is refused with a *fault.Fault,
// the first that is found; its codes are those of CheckBands and
// CheckTrajectory, and
//
//	kind_unknown         no such kind
//	comparator           one that the kind does not know
//	target_missing       a kind with a number has none
//	target_base          the target of a cumulative one is not above its base
//	target_step          target or base is not a multiple of the step, or the step not above 0
//	target_zero          a target for a kind whose target is zero
//	deadline_before_year the deadline lies before the plan's year
//	tolerance            a negative one
//	sense                neither up nor down
//	base_share           not 12 percentages that never fall and end at 100
//	bands_unit           a growth, level or sync target in another unit than % without bands of its own
func Compile(s Spec) (*Rule, error) {
	if f := checkSpec(&s); f != nil {
		return nil, f
	}
	r := &Rule{
		kind:       s.Kind,
		comparator: s.Comparator,
		target:     s.Target,
		deadline:   s.Deadline,
		calendar:   newCalendar(s.Year),
		bands:      compileBands(s.Bands),
	}
	if r.comparator == "" {
		r.comparator = plan.AtLeast
	}
	r.downward = r.comparator == plan.AtMost
	switch s.Kind {
	case plan.Cumulative:
		r.compileCumulative(&s)
	case plan.Growth:
		for _, share := range s.BaseShare {
			r.baseShare = append(r.baseShare, share.Mul(percent))
		}
	case plan.Zero:
		r.target, r.comparator, r.downward = exact.Some(exact.Rat{}), "", true
	case plan.Sync:
		r.tolerance = defaultTolerance
		if s.Tolerance.OK {
			r.tolerance = s.Tolerance.Value
		}
	case plan.Direction:
		r.comparator, r.downward = "", s.Sense == "down"
	case plan.Milestone:
		r.target, r.comparator, r.downward = exact.Some(hundred), "", false
	case plan.Standing, plan.Context:
		r.comparator, r.downward = "", false
	}
	return r, nil
}

// Expected gives what is expected at the end of a date, in the target's unit:
// for a cumulative target the trajectory's amount and the same rounded down to
// the step, for growth and level the target, for zero 0. Missing for kinds that
// are held against another figure or a checklist.
func (r *Rule) Expected(d period.Date) (unrounded, owed exact.Opt) {
	switch r.kind {
	case plan.Cumulative:
		s := r.stopAt(d)
		return exact.Some(s.unrounded), exact.Some(s.owed)
	case plan.Growth, plan.Level, plan.Zero:
		return r.target, r.target
	}
	return exact.Opt{}, exact.Opt{}
}

// Judge holds one period against the rule.
func (r *Rule) Judge(in Input) Judgement {
	j := Judgement{Reached: r.Reached(in.PeriodEnd), Actual: in.Actual}
	switch r.kind {
	case plan.Cumulative:
		r.judgeCumulative(&in, &j)
	case plan.Growth, plan.Level, plan.Zero, plan.Sync, plan.Direction:
		r.judgeFlat(&in, &j)
	case plan.Milestone:
		r.judgeMilestone(&in, &j)
	case plan.Standing:
		j.Reached = false
		j.Status, j.Reason = in.Set, ""
		if in.Set != OnTrack && in.Set != SlightlyBehind && in.Set != Behind {
			j.Status, j.Reason = Pending, NotSet
		}
	default:
		j.Reached = false
	}
	return j
}

// meets tells whether a gap, whose positive side is good, meets the target.
func (r *Rule) meets(gap exact.Rat) bool {
	if r.comparator == plan.MoreThan || r.kind == plan.Direction {
		return gap.Sign() > 0
	}
	return gap.Sign() >= 0
}

// gap gives actual − expected, or the other way where less is better.
func (r *Rule) gap(actual, expected exact.Rat) exact.Rat {
	if r.downward {
		return expected.Sub(actual)
	}
	return actual.Sub(expected)
}

// missedBefore tells whether an earlier period that had reached the deadline
// missed the target: what is met after that is met late. Without figures of
// such periods nobody can tell, and nothing is called late.
func (r *Rule) missedBefore(in *Input) bool {
	for i := range in.History {
		p := &in.History[i]
		if p.End >= in.PeriodEnd || !r.Reached(p.End) || !p.Actual.OK {
			continue
		}
		expected, ok := r.yardstick(p.Against)
		if ok && !r.meets(r.gap(p.Actual.Value, expected)) {
			return true
		}
	}
	return false
}

// yardstick gives what a figure is held against once the deadline is reached;
// against is another indicator's or last year's figure.
func (r *Rule) yardstick(against exact.Opt) (exact.Rat, bool) {
	switch r.kind {
	case plan.Sync:
		if r.downward {
			return against.Value.Add(r.tolerance), against.OK
		}
		return against.Value.Sub(r.tolerance), against.OK
	case plan.Direction:
		return against.Value, against.OK
	}
	return r.target.Value, r.target.OK
}

// checkSpec gives the first fault of a spec, or nil.
func checkSpec(s *Spec) *fault.Fault {
	judged := true
	switch s.Kind {
	case plan.Cumulative, plan.Growth, plan.Level, plan.Zero, plan.Sync, plan.Direction, plan.Milestone:
	case plan.Standing, plan.Context:
		judged = false
	default:
		return fault.Newf("kind_unknown", "没有“%[1]s”这种指标类型。", "There is no kind of indicator called %[1]q.", string(s.Kind)).At("kind")
	}
	if !judged {
		return nil
	}
	if f := checkComparator(s); f != nil {
		return f
	}
	if s.Deadline <= period.NewDate(s.Year, 1, 1)-1 {
		return fault.Newf("deadline_before_year", "完成期限%[1]s早于计划年度%[2]d年。",
			"The deadline %[1]s lies before the plan's year %[2]d.", s.Deadline, s.Year).At("deadline")
	}
	if l := CheckBands(s.Bands); len(l) > 0 {
		return l[0]
	}
	switch s.Kind {
	case plan.Cumulative, plan.Growth, plan.Level:
		if !s.Target.OK {
			return fault.New("target_missing", "此类指标须有目标值。", "This kind of indicator needs a target.").At("target")
		}
	case plan.Zero:
		if s.Target.OK && s.Target.Value.Sign() != 0 {
			return fault.New("target_zero", "清零类指标的目标只能为0。", "The target of a zero indicator can only be 0.").At("target")
		}
	}
	switch s.Kind {
	case plan.Cumulative:
		if l := checkRoad(s); len(l) > 0 {
			return l[0]
		}
	case plan.Growth:
		if f := checkBaseShare(s.BaseShare); f != nil {
			return f
		}
	case plan.Sync:
		if s.Tolerance.OK && s.Tolerance.Value.Sign() < 0 {
			return fault.New("tolerance", "容差不能为负。", "A tolerance cannot be negative.").At("tolerance")
		}
	case plan.Direction:
		if s.Sense != "up" && s.Sense != "down" {
			return fault.New("sense", "同比改善类指标须注明up或down哪个为好。",
				"A direction indicator says whether up or down is better.").At("sense")
		}
	}
	if (s.Kind == plan.Growth || s.Kind == plan.Level || s.Kind == plan.Sync) && !IsPercent(s.Unit) && len(s.Bands.Gap) == 0 {
		return fault.Newf("bands_unit", "默认档位只适用于百分数，单位为“%[1]s”的指标须自定gap档位。",
			"The default bands are for units of %% only; an indicator in %[1]q declares gap bands of its own.", s.Unit).At("bands.gap")
	}
	return nil
}

// checkComparator refuses a comparator that the kind does not know.
func checkComparator(s *Spec) *fault.Fault {
	switch s.Comparator {
	case "":
		return nil
	case plan.AtLeast, plan.MoreThan:
		if s.Kind == plan.Cumulative || s.Kind == plan.Growth || s.Kind == plan.Level || s.Kind == plan.Sync {
			return nil
		}
	case plan.AtMost:
		if s.Kind == plan.Growth || s.Kind == plan.Level || s.Kind == plan.Sync || s.Kind == plan.Zero {
			return nil
		}
	}
	return fault.Newf("comparator", "%[2]s类指标不能用比较符“%[1]s”。",
		"An indicator of kind %[2]s cannot have the comparator %[1]q.", string(s.Comparator), string(s.Kind)).At("comparator")
}

// IsPercent tells whether a unit is one that the default gap bands are for:
// percent, or percentage points. An empty unit counts as percent.
func IsPercent(unit string) bool {
	switch unit {
	case "", "%", "％", "百分点", "个百分点":
		return true
	}
	return false
}
