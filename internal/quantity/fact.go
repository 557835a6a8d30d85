package quantity

import (
	"slices"

	"xushi/internal/plan"
)

// always is the value of a fact: its labels say all there is to say.
func always(*Row, []string) (float64, bool) { return 1, true }

// facts are what else is known of indicators, to be joined by plan and indicator.
func facts() []*Quantity {
	return []*Quantity{
		{Name: "xushi_indicator_info", Zh: "指标属性", Of: Keys, Unit: Flag,
			Help:     "Facts about an indicator, always 1.",
			HelpZh:   "指标的属性，恒为1：目标性质、比较符、期限、填报单位、报送频率、序列、序时方式及由谁确定。",
			Extra:    []string{"commitment", "comparator", "deadline", "reporter", "rhythm", "series", "trajectory", "trajectory_set"},
			variants: indicatorFacts, value: always},
		{Name: "xushi_indicator_organisation", Zh: "指标与单位", Of: Keys, Unit: Flag,
			Help:     "An organisation of an indicator, always 1; role is lead, co, reporter or source.",
			HelpZh:   "指标涉及的单位，恒为1；role：lead牵头（主办），co协办，reporter填报，source发布。",
			Extra:    []string{"organisation", "organisation_name", "role"},
			variants: organisations, value: always},
	}
}

func indicatorFacts(r *Row) [][]string {
	ind := r.Item.Indicator
	deadline := ""
	if ind.Judged() {
		deadline = ind.Deadline.String()
		if r.State.Rule != nil {
			deadline = r.State.Rule.Deadline().String()
		}
	}
	reporter := ""
	if ind.Reporter != nil {
		reporter = ind.Reporter.Name
	}
	kind, set := "", ""
	if t := trajectory(r); t != nil {
		kind, set = t.Kind, t.Set
	}
	return [][]string{{string(ind.Commitment), string(ind.Comparator), deadline, reporter, ind.Rhythm.String(), ind.Key, kind, set}}
}

// trajectory is the one in force at the judged period's end, nil where there is none.
func trajectory(r *Row) *plan.Trajectory {
	if c := r.changed(func(c *plan.TargetChange) bool { return c.Trajectory != nil }); c != nil {
		return c.Trajectory
	}
	return r.Item.Trajectory
}

func organisations(r *Row) [][]string {
	ind := r.Item.Indicator
	var list [][]string
	add := func(role string, orgs ...*plan.Organisation) {
		for _, o := range orgs {
			fact := []string{o.ID, o.Name, role}
			if !slices.ContainsFunc(list, func(f []string) bool { return slices.Equal(f, fact) }) {
				list = append(list, fact)
			}
		}
	}
	add("lead", ind.Leads...)
	add("co", ind.Cos...)
	if ind.Reporter != nil && ind.Series != nil {
		add("reporter", ind.Reporter)
	}
	if ind.Series != nil && ind.Series.Source != "" {
		if o := r.Plan.Organisation(ind.Series.Source); o != nil {
			add("source", o)
		}
	}
	return list
}
