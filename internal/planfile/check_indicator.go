package planfile

import (
	"regexp"
	"strings"

	"github.com/govalues/decimal"

	"xushi/internal/exact"
	"xushi/internal/fault"
	"xushi/internal/judge"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// checkIndicator looks at one indicator, apart from what it refers to in others.
func (c *checker) checkIndicator(at path, ind *plan.Indicator) {
	before := len(c.errors)
	for i, o := range ind.Cos {
		if contains(ind.Leads, o) && c.has(at.to("cos")) {
			c.fail(at.to("cos").at(i), "lead_and_co", "“%[1]s”既是主办又是协办。", "%[1]q is both lead and co-organiser.", o)
		}
	}
	if ind.Deadline.Year() != c.plan.Year {
		c.fail(at.to("deadline"), "deadline_year", "完成期限%[1]s不在%[2]d年内。", "The deadline %[1]s lies outside %[2]d.", ind.Deadline, c.plan.Year)
	}
	if !c.checkKind(at, ind) {
		return
	}
	series := c.checkMeasure(at, ind)
	if ind.Series != "" && series == nil {
		return
	}
	c.checkDue(at, ind, series)
	c.checkChecklist(at, ind)
	c.checkChanges(at, ind)
	if ind.Kind == plan.Cumulative {
		c.checkRoad(at, ind, series)
	}
	if ind.Kind == plan.Zero && !ind.Target.IsZero() {
		c.fail(at.to("target"), "target_zero", "清零类指标的目标只能为0。", "The target of a zero indicator can only be 0.")
	}
	if ind.Bands != nil {
		c.checkBands(at.to("bands"), *ind.Bands)
	}
	c.checkGapBands(at, ind)
	c.checkParts(at, ind)
	if len(c.errors) > before || c.badBands {
		return
	}
	// What is left is for the judge to say: it compiles every version of the
	// target and of its parts, as it will for judging.
	c.compile(at, ind, "")
	for i := range ind.Parts {
		c.compile(at, ind, ind.Parts[i].ID)
	}
	if len(c.errors) == before {
		c.checkWording(at, ind)
	}
}

func (c *checker) compile(at path, ind *plan.Indicator, part string) {
	_, err := judge.Versions(c.plan, ind, part)
	if err == nil {
		return
	}
	f := fault.Of(err, "target")
	if part != "" {
		c.fail(at.to("parts"), f.Code, "分项 %[3]s：%[1]s", "part %[3]s: %[2]s", f.Zh, f.En, part)
		return
	}
	c.take(at, fault.List{f})
}

// checkMeasure finds the series and sees to it that there is a unit.
func (c *checker) checkMeasure(at path, ind *plan.Indicator) *plan.Series {
	var series *plan.Series
	if ind.Series != "" {
		here := at.to("series")
		if series = c.wantSeries(here, ind.Series); series == nil {
			return nil
		}
		if ind.Unit != series.Unit {
			c.fail(at.to("unit"), "unit_mismatch", "指标单位“%[1]s”与序列单位“%[2]s”不同。", "The unit %[1]q is not that of the series, %[2]q.", ind.Unit, series.Unit)
		}
	}
	if series == nil && ind.Kind == plan.Cumulative && !ind.Checklist.Complete() {
		c.fail(at.to("series"), "missing_for_kind", "累计类指标须写 series；只有清单项全部列名时才可不写。",
			"A cumulative indicator needs a series, unless its checklist names every thing.")
	} else if series == nil && ind.Unit == "" && ind.Target != nil {
		c.fail(at.to("unit"), "missing_field", "有数值而没有序列时须写计量单位 unit。", "A number without series needs the field unit.")
	}
	return series
}

// checkDue holds the due rule against the indicator's own periods.
func (c *checker) checkDue(at path, ind *plan.Indicator, series *plan.Series) {
	span := period.SpanYTD
	if series != nil {
		s, err := period.ParseSpan(series.Span)
		if err != nil {
			return // the schema lists the spans
		}
		span = s
	}
	if len(ind.Rhythm.Periods(c.plan.Year, span)) == 0 {
		c.fail(at.to("rhythm"), "rhythm_span", "报送节奏“%[1]s”与序列的时期范围“%[2]s”没有共同的报送期。",
			"The rhythm %[1]s and the series' span %[2]s have no period in common.", ind.Rhythm, span)
		return
	}
	if series != nil {
		if f := ind.CheckRhythm(span, c.plan.Year); f != nil {
			c.take(at, fault.List{f})
		}
	}
	if err := ind.Due.Check(ind.Rhythm, span, c.plan.Year); err != nil {
		f := fault.Of(err, "due_rule")
		c.fail(at.to("due"), f.Code, "%[1]s", "%[2]s", f.Zh, f.En)
	}
}

// checkRoad holds target, base and trajectory of a cumulative indicator together.
func (c *checker) checkRoad(at path, ind *plan.Indicator, series *plan.Series) {
	base, target := exact.FromDecimal(ind.Base), exact.FromDecimal(*ind.Target)
	step := exact.Some(exact.FromInt(1))
	if series != nil {
		step = exact.Some(exact.FromDecimal(series.Step))
	}
	if !base.Less(target) {
		c.fail(at.to("target"), "target_base", "累计类指标的目标%[1]s须大于基数%[2]s。", "The target %[1]s of a cumulative indicator must be above its base %[2]s.", target, base)
		return
	}
	for _, x := range [...]struct {
		field string
		value exact.Rat
	}{{"target", target}, {"base", base}} {
		if !x.value.IsMultiple(step.Value) {
			c.fail(at.to(x.field), "target_step", "%[1]s 不是序列计量精度 %[2]s 的整数倍。", "%[1]s is not a multiple of the series' step %[2]s.", x.value, step.Value)
		}
	}
	c.take(at, judge.CheckTrajectory(ind.Trajectory, c.plan.Year, base, target, step, ind.Deadline))
}

// checkBands refuses bands with holes and overlaps.
func (c *checker) checkBands(at path, b plan.Bands) {
	for _, f := range judge.CheckBands(b) {
		c.take(at, fault.List{f.At(strings.TrimPrefix(f.Field, "bands."))})
	}
}

// checkGapBands asks for bands of its own where the default ones do not fit.
func (c *checker) checkGapBands(at path, ind *plan.Indicator) {
	if ind.Kind != plan.Growth && ind.Kind != plan.Level && ind.Kind != plan.Sync {
		return
	}
	if ind.Bands != nil && len(ind.Bands.Gap) > 0 {
		return
	}
	if !judge.IsPercent(ind.Unit) {
		c.fail(at.to("bands"), "bands_unit",
			"默认档位只适用于百分数，单位为“%[1]s”的指标须自定 bands.gap。",
			"The default bands are for units of %% only; an indicator in %[1]q declares bands.gap of its own.", ind.Unit)
		return
	}
	if ind.Kind == plan.Growth && (len(c.plan.Bands.Gap) == 0 || sameBands(c.plan.Bands.Gap, judge.DefaultBands().Gap)) {
		c.warn(at.to("kind"), "bands_default",
			"此增速用的是默认档位（0.5、−1个百分点）；波动小的宜收窄，波动大的宜放宽。",
			"This growth rate uses the default bands (0.5 and −1 points); narrower ones suit steady rates, wider ones volatile rates.")
	}
}

func sameBands(a, b []plan.Band) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Status != b[i].Status || !sameNumber(a[i].From, b[i].From) || !sameNumber(a[i].Below, b[i].Below) || !sameNumber(a[i].LagBelow, b[i].LagBelow) {
			return false
		}
	}
	return true
}

func sameNumber(a, b *decimal.Decimal) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

// checkChanges looks at documented changes by themselves; whether the targets
// that they lead to can be judged is seen when they are compiled.
func (c *checker) checkChanges(at path, ind *plan.Indicator) {
	for i := range ind.Changes {
		ch, here := &ind.Changes[i], at.to("changes").at(i)
		if ch.Effective.Year() != c.plan.Year {
			c.fail(here.to("effective"), "change_date", "生效日期%[1]s不在%[2]d年内。", "The effective date %[1]s lies outside %[2]d.", ch.Effective, c.plan.Year)
		}
		if i > 0 && ch.Effective <= ind.Changes[i-1].Effective {
			c.fail(here.to("effective"), "date_order", "目标调整应按生效日期先后排列，一日只有一次。", "Changes are listed by effective date, one on a day at most.")
		}
		if ch.Target == nil && ch.Deadline == nil && ch.Trajectory == nil {
			c.fail(here, "change_empty", "此项调整没有改变目标、期限或序时安排。", "The change names neither target nor deadline nor trajectory.")
		}
		if ch.Deadline != nil && ch.Deadline.Year() != c.plan.Year {
			c.fail(here.to("deadline"), "deadline_year", "完成期限%[1]s不在%[2]d年内。", "The deadline %[1]s lies outside %[2]d.", ch.Deadline, c.plan.Year)
		}
		number := ind.Kind == plan.Cumulative || ind.Kind == plan.Growth || ind.Kind == plan.Level
		if ch.Target != nil && !number {
			c.failKey(here.to("target"), "field_not_for_kind", "%[1]s指标（%[2]s）没有可调整的目标值。", "An indicator of kind %[2]s has no target to change.", kindRules[ind.Kind].zh, ind.Kind)
		}
		if ch.Trajectory != nil && ind.Kind != plan.Cumulative {
			c.failKey(here.to("trajectory"), "field_not_for_kind", "%[1]s指标（%[2]s）没有序时安排。", "An indicator of kind %[2]s has no trajectory.", kindRules[ind.Kind].zh, ind.Kind)
		}
	}
}

// checkChecklist looks at the named things.
func (c *checker) checkChecklist(at path, ind *plan.Indicator) {
	list := ind.Checklist
	if list == nil {
		return
	}
	here := at.to("checklist")
	if len(list.Entries) == 0 && (ind.Kind == plan.Milestone || list.Size == 0) {
		c.fail(here.to("entries"), "checklist_empty", "清单须至少列出一项。", "The checklist names nothing.")
		return
	}
	if list.Size < len(list.Entries) {
		c.fail(here.to("size"), "checklist_size", "清单列了%[1]d项，多于size的%[2]d。", "The checklist names more things (%[1]d) than its size says (%[2]d).", len(list.Entries), list.Size)
	}
	if ind.Kind == plan.Cumulative {
		room, err := ind.Target.Sub(ind.Base)
		if err == nil && decimal.MustNew(int64(list.Size), 0).Less(room) {
			c.fail(here.to("size"), "checklist_short", "清单共%[1]d项，不足以完成%[2]s。", "The things of the checklist (%[1]d) are too few for the %[2]s to be done.", list.Size, room)
		}
	}
	last := ind.Deadline
	for i := range ind.Changes {
		if d := ind.Changes[i].Deadline; d != nil && *d > last {
			last = *d
		}
	}
	seen := map[string]int{}
	for i := range list.Entries {
		e, entry := &list.Entries[i], here.to("entries").at(i)
		if j, twice := seen[e.ID]; twice {
			c.fail(entry.to("id"), "duplicate_id", "编号“%[1]s”已是第%[2]d项的。", "The id %[1]q is that of entry no. %[2]d already.", e.ID, j+1)
		}
		seen[e.ID] = i
		switch {
		case e.Planned.Year() != c.plan.Year:
			c.fail(entry.to("planned"), "planned_year", "计划日期%[1]s不在%[2]d年内。", "The planned date %[1]s lies outside %[2]d.", e.Planned, c.plan.Year)
		case e.Planned > last:
			c.fail(entry.to("planned"), "planned_after_deadline", "计划日期%[1]s晚于完成期限%[2]s。", "The planned date %[1]s lies after the deadline %[2]s.", e.Planned, last)
		}
		if ind.Kind == plan.Cumulative && !e.Weight.Equal(one) {
			c.fail(entry.to("weight"), "weight_of_count", "计数的清单每项权重都是1。", "Every thing that is counted weighs 1.")
		}
	}
}

// checkParts looks at the parts and their total.
func (c *checker) checkParts(at path, ind *plan.Indicator) {
	if ind.Total != "" && len(ind.Parts) == 0 {
		c.failKey(at.to("total"), "total_without_parts", "没有分项时不写 total。", "Without parts there is no total to speak of.")
	}
	if ind.Total == "sum" && judge.IsPercent(ind.Unit) {
		c.fail(at.to("total"), "total_of_rates", "百分数不能相加。", "Percentages cannot be summed.")
	}
	seen := map[string]bool{}
	sum, all := decimal.Decimal{}, len(ind.Parts) > 0
	for i := range ind.Parts {
		p, here := &ind.Parts[i], at.to("parts").at(i)
		if seen[p.ID] {
			c.fail(here.to("id"), "duplicate_id", "编号“%[1]s”已用过。", "The id %[1]q is already used.", p.ID)
		}
		seen[p.ID] = true
		if p.Target != nil && ind.Target == nil && ind.Kind != plan.Context {
			c.failKey(here.to("target"), "field_not_for_kind", "%[1]s指标（%[2]s）的分项没有目标值。", "Parts of an indicator of kind %[2]s have no target.", kindRules[ind.Kind].zh, ind.Kind)
		}
		if !p.Base.IsZero() && ind.Kind != plan.Cumulative {
			c.failKey(here.to("base"), "field_not_for_kind", "只有累计类指标的分项有基数。", "Only parts of a cumulative indicator have a base.")
		}
		if p.Target == nil {
			all = false
			continue
		}
		if s, err := sum.Add(*p.Target); err == nil {
			sum = s
		}
	}
	if all && ind.Kind == plan.Cumulative && ind.Total != "none" && !sum.Equal(*ind.Target) {
		c.warn(at.to("parts"), "parts_sum", "分项目标合计%[1]s，与总目标%[2]s不等。", "The parts' targets add up to %[1]s, not to the target of %[2]s.", sum, ind.Target)
	}
}

var digits = regexp.MustCompile(`[0-9]+(\.[0-9]+)?`)

// checkWording compares the model with the words that it stands for: slips in
// numbers, units and comparators show here.
func (c *checker) checkWording(at path, ind *plan.Indicator) {
	strict := strings.Contains(ind.Clause, "突破") || strings.Contains(ind.Clause, "正增长")
	if strict && ind.Comparator == plan.AtLeast {
		c.warn(at.to("comparator"), "comparator_wording", "原文“突破”“正增长”应为“>”，此处为“>=”。", "The words 突破 and 正增长 mean >, not >=.")
	}
	if strings.Contains(ind.Clause, "力争") && ind.Commitment != plan.BestEffort && ind.Kind != plan.Context && ind.Kind != plan.Standing {
		c.warn(at.to("commitment"), "commitment_wording", "原文有“力争”，commitment 可为 best_effort。", "The words say 力争; commitment may be best_effort.")
	}
	if ind.Target == nil || ind.Target.IsZero() {
		return
	}
	numbers := digits.FindAllString(ind.Clause, -1)
	if len(numbers) == 0 || strings.Contains(ind.Clause, "翻番") || ind.Unit == "%" && ind.Target.Equal(hundred) {
		return // 千亿元, 全覆盖: the words have no digits to compare
	}
	for _, n := range numbers {
		if d, err := exact.ParseDecimal(n); err == nil && d.Equal(ind.Target.Abs()) {
			return
		}
	}
	c.warn(at.to("target"), "target_wording", "目标值%[1]s不在原文“%[2]s”的数字之中。", "The target %[1]s is not among the numbers of the words %[2]q.", ind.Target, clip(ind.Clause))
}
