package judge

import (
	"cmp"
	"errors"
	"slices"

	"xushi/internal/exact"
	"xushi/internal/fault"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// Version is a target as it stood from a date on. A mid-year change needs an
// effective date and a document number; its trajectory is redrawn from the
// year's start.
type Version struct {
	Effective period.Date // 1 January of the plan's year for the original
	Document  string      // number of the document that decided it; the plan's for the original
	Rule      *Rule
}

// Versions compiles the original target of an indicator, or of one of its parts,
// and every change of it, in order of their dates; part "" is the total. A part
// has its own target and base. Without a target of its own it takes the
// indicator's where that is a rate or a level; a part of a total is then given,
// not judged. Changes of the amount are the total's; changes of deadline and
// trajectory are the parts', too.
//
// Errors are *fault.Fault with the codes of Compile, and
//
//	part_unknown     the indicator has no such part
//	change_document  a change without a document number
//	change_date      a change that is not effective within the plan's year, or two on one day
//	change_points    a change of target or deadline that leaves the old points in force
func Versions(p *plan.Plan, ind *plan.Indicator, part string) ([]Version, error) {
	s, own, err := newSpec(p, ind, part)
	if err != nil {
		return nil, err
	}
	original, err := Compile(s)
	if err != nil {
		return nil, err
	}
	versions := []Version{{Effective: period.NewDate(p.Year, 1, 1), Document: p.Number, Rule: original}}

	order := make([]int, len(ind.Changes)) // places in the file, by date
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(ind.Changes[a].Effective, ind.Changes[b].Effective)
	})
	for _, i := range order {
		c := &ind.Changes[i]
		field := "changes" + index(i)
		switch last := versions[len(versions)-1].Effective; {
		case c.Document == "":
			return nil, fault.New("change_document", "调整目标须注明文号。",
				"A change of target needs a document number.").At(field + ".document")
		case c.Effective.Year() != p.Year, c.Effective == last && len(versions) > 1:
			return nil, fault.Newf("change_date", "调整生效日期%[1]s须在%[2]d年内，且一日只有一次。",
				"A change takes effect within %[2]d, and only one on a day, not on %[1]s.", c.Effective, p.Year).At(field + ".effective")
		}
		if c.Trajectory == nil && trajectoryKind(s.Trajectory) == ByPoints && (c.Target != nil || c.Deadline != nil) {
			return nil, fault.New("change_points", "按节点推进的指标调整目标或期限时，须重新给出节点。",
				"A change of target or deadline of an indicator with points needs new points.").At(field + ".trajectory")
		}
		s.change(c, own)
		rule, err := Compile(s)
		if err != nil {
			var f *fault.Fault
			if errors.As(err, &f) {
				return nil, f.At(field + "." + f.Field)
			}
			return nil, err
		}
		versions = append(versions, Version{Effective: c.Effective, Document: c.Document, Rule: rule})
	}
	return versions, nil
}

// InForce gives the version that a period is judged under: the last one that is
// effective at its end, the original before that.
func InForce(versions []Version, end period.Date) Version {
	v := versions[0]
	for _, next := range versions[1:] {
		if next.Effective <= end {
			v = next
		}
	}
	return v
}

// change replaces what a target change names. own tells that the target is a
// part's own, which changes of the total leave alone.
func (s *Spec) change(c *plan.TargetChange, own bool) {
	if c.Target != nil {
		if s.Whole != nil {
			w := *s.Whole
			w.Target = exact.FromDecimal(*c.Target)
			s.Whole = &w
		}
		if !own && s.Target.OK {
			s.Target = opt(c.Target)
		}
	}
	if c.Deadline != nil {
		s.Deadline = *c.Deadline
	}
	if c.Trajectory != nil {
		s.Trajectory = c.Trajectory
	}
}

// newSpec reads what an indicator or one of its parts is judged by; own tells
// that the part has a target of its own.
func newSpec(p *plan.Plan, ind *plan.Indicator, part string) (s Spec, own bool, err error) {
	s = Spec{
		Year:       p.Year,
		Kind:       ind.Kind,
		Comparator: ind.Comparator,
		Target:     opt(ind.Target),
		Base:       exact.FromDecimal(ind.Base),
		Unit:       ind.Unit,
		Deadline:   ind.Deadline,
		Trajectory: ind.Trajectory,
		Bands:      indicatorBands(p, ind),
		Tolerance:  opt(ind.Tolerance),
		Sense:      ind.Sense,
	}
	for _, share := range ind.BaseShare {
		s.BaseShare = append(s.BaseShare, exact.FromDecimal(share))
	}
	switch i := slices.IndexFunc(p.Series, func(x plan.Series) bool { return x.ID == ind.Series }); {
	case ind.Kind != plan.Cumulative:
	case i >= 0 && p.Series[i].Step.Sign() > 0:
		s.Step = exact.Some(exact.FromDecimal(p.Series[i].Step))
	case ind.Series == "" && ind.Checklist != nil:
		s.Step = exact.Some(one) // named things come whole
	}
	if part == "" {
		return s, false, nil
	}

	i := slices.IndexFunc(ind.Parts, func(x plan.Part) bool { return x.ID == part })
	if i < 0 {
		return s, false, fault.Newf("part_unknown", "指标没有“%[1]s”这个分项。",
			"The indicator has no part called %[1]q.", part).At("parts")
	}
	one := &ind.Parts[i]
	if ind.Kind == plan.Cumulative {
		if one.Target == nil {
			s.Kind, s.Comparator = plan.Context, ""
			return s, false, nil
		}
		s.Whole = &Whole{Base: s.Base, Target: s.Target.Value, Step: s.Step}
		s.Base = exact.FromDecimal(one.Base)
	}
	if one.Target != nil {
		s.Target, own = opt(one.Target), true
	}
	return s, own, nil
}

// indicatorBands gives the indicator's bands and, where it has none, its plan's.
// The plan's gap bands are percentage points: a target in another unit does not
// take them.
func indicatorBands(p *plan.Plan, ind *plan.Indicator) plan.Bands {
	b := p.Bands
	if !IsPercent(ind.Unit) {
		b.Gap = nil
	}
	if own := ind.Bands; own != nil {
		if len(own.Pace) > 0 {
			b.Pace = own.Pace
		}
		if len(own.Gap) > 0 {
			b.Gap = own.Gap
		}
		if len(own.Age) > 0 {
			b.Age = own.Age
		}
	}
	return b
}
