package quantity

import (
	"slices"
	"time"

	"xushi/internal/judge"
	"xushi/internal/lang"
	"xushi/internal/plan"
)

// always is the value of a fact: its labels say all there is to say.
func always(*Row, []string) (float64, bool) { return 1, true }

// facts are what else is known of indicators, to be joined by plan and indicator.
func facts() []*Quantity {
	return []*Quantity{
		{Name: "xushi_indicator_info", Zh: "指标属性", Of: Keys, Unit: Flag, Cadence: Monthly,
			Help:     "Facts about an indicator, always 1.",
			HelpZh:   "指标的属性，恒为1：目标性质、比较符、期限、填报单位、报送频率、序列、序时方式及由谁确定。",
			Extra:    []string{"commitment", "comparator", "deadline", "reporter", "rhythm", "series", "trajectory", "trajectory_set"},
			variants: indicatorFacts, value: always},
		{Name: "xushi_state_info", Zh: "状态用语", Of: Keys, Unit: Flag, Cadence: ByCalendar,
			Help:     "How an indicator stands, always 1: status, light, reporting, and a phrase in the words of its kind.",
			HelpZh:   "指标当前状态，恒为1：状态、灯、报送状态，以及按指标类别的状态用语word。",
			Extra:    []string{"light", "reporting", "status", "word"},
			variants: stateWords, value: always},
		{Name: "xushi_indicator_organisation", Zh: "指标与单位", Of: Keys, Unit: Flag, Cadence: Monthly,
			Help:     "An organisation of an indicator, always 1; role is lead, co, reporter or source.",
			HelpZh:   "指标涉及的单位，恒为1；role：lead牵头（主办），co协办，reporter填报，source发布。",
			Extra:    []string{"organisation", "organisation_name", "role"},
			variants: organisations, value: always},
		{Name: "xushi_target_change_timestamp_seconds", Zh: "目标调整", Of: Keys, Unit: Seconds, Cadence: Once, Past: true,
			Help:     "When a documented change of an indicator's target takes effect; from and to are empty where only its trajectory changed.",
			HelpZh:   "目标调整的生效时刻；document为文号，from、to为调整前后的目标值，只调整推进计划的为空。",
			Extra:    []string{"document", "from", "name", "to"},
			variants: targetChangeLabels,
			value:    func(r *Row, v []string) (float64, bool) { return seconds(targetChangeMoment(r, v)) },
			moment:   targetChangeMoment},
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

// stateWords say how a judged indicator or standing work stands.
func stateWords(r *Row) [][]string {
	st := r.State
	if st.Judgement.Status == judge.None && r.Item.Kind != plan.Standing {
		return nil
	}
	return [][]string{{st.Light.String(), st.Reporting.String(), st.Judgement.Status.String(),
		lang.State(r.Item.Kind, &st.Judgement, st.Light, st.Reporting)}}
}

// targetChange is a documented change of the whole's target.
type targetChange struct {
	labels []string // document, from, name, to
	moment time.Time
}

// targetChanges are the documented changes, by the day they take effect.
func targetChanges(r *Row) []targetChange {
	var list []targetChange
	from := r.Item.Target
	changes := slices.SortedStableFunc(slices.Values(r.Item.Changes), func(a, b plan.TargetChange) int { return int(a.Effective) - int(b.Effective) })
	for _, c := range changes {
		before, after := "", ""
		if c.Target != nil {
			if from != nil {
				before = from.String()
			}
			after, from = c.Target.String(), c.Target
		}
		labels := []string{c.Document, before, r.Item.Name, after}
		if !slices.ContainsFunc(list, func(o targetChange) bool { return slices.Equal(o.labels, labels) }) {
			list = append(list, targetChange{labels, c.Effective.Start(r.Plan.Zone)})
		}
	}
	return list
}

func targetChangeLabels(r *Row) [][]string {
	var list [][]string
	for _, c := range targetChanges(r) {
		list = append(list, c.labels)
	}
	return list
}

// targetChangeMoment is when the change that a tuple tells of takes effect.
func targetChangeMoment(r *Row, v []string) time.Time {
	for _, c := range targetChanges(r) {
		if slices.Equal(c.labels, v) {
			return c.moment
		}
	}
	return time.Time{}
}

func organisations(r *Row) [][]string {
	if n := r.table.options.Names.of(r.Plan.Plan); n != nil {
		return n.organisations[r.Item.Place()]
	}
	return organisationsOf(r.Item.Indicator)
}
