package planfile

import (
	"strings"
)

// checkTask looks at one task, its events and its indicators.
func (c *checker) checkTask(i int) {
	p, t, at := c.plan, &c.plan.Tasks[i], path{"tasks", i}
	if t.Number != i+1 {
		c.fail(at.to("number"), "task_number", "任务应按原文顺序从1起连续编号，此处应为%[1]d。",
			"Tasks are numbered from 1 without gap in the document's order; this one should be %[1]d.", i+1)
	}
	switch {
	case t.Section < 1 || t.Section > len(p.Sections):
		c.fail(at.to("section"), "unknown_section", "没有第%[1]d章。", "There is no section %[1]d.", t.Section)
	case i > 0 && t.Section < p.Tasks[i-1].Section:
		c.fail(at.to("section"), "section_order", "章节%[1]d排在章节%[2]d之后；任务应按章节顺序排列。",
			"Section %[1]d comes after section %[2]d; tasks are in the order of their sections.", t.Section, p.Tasks[i-1].Section)
	}
	for j, o := range t.Cos {
		if contains(t.Leads, o) {
			c.fail(at.to("cos").at(j), "lead_and_co", "“%[1]s”既是主办又是协办。", "%[1]q is both lead and co-organiser.", o)
		}
	}
	for j := range t.Events {
		e, here := &t.Events[j], at.to("events").at(j)
		if e.Date.Year() != p.Year {
			c.fail(here.to("date"), "event_year", "日期%[1]s不在%[2]d年内。", "The date %[1]s lies outside %[2]d.", e.Date, p.Year)
		}
		if j > 0 && e.Date < t.Events[j-1].Date {
			c.fail(here.to("date"), "date_order", "事项应按日期先后排列。", "Events are listed by date.")
		}
		if e.Kind == "handed_over" && len(e.To) == 0 {
			c.fail(here.to("to"), "missing_field", "移交须写明新的主办单位（to）。", "A task handed over names its new leads (to).")
		}
		if e.Kind != "handed_over" && len(e.To) > 0 {
			c.fail(here.to("to"), "field_not_for_kind", "只有移交（handed_over）写 to。", "Only handed_over has the field to.")
		}
	}
	for j := range t.Indicators {
		ind, here := &t.Indicators[j], at.to("indicators").at(j)
		if c.indicators == nil {
			c.indicators = map[string]indicatorAt{}
		}
		if other, twice := c.indicators[ind.ID]; twice {
			c.fail(here.to("id"), "duplicate_id", "编号“%[1]s”已用于任务%[2]d（第%[3]d行）。", "The id %[1]q is already used in task %[2]d (line %[3]d).",
				ind.ID, other.task.Number, c.root.find(other.at).line)
		} else {
			c.indicators[ind.ID] = indicatorAt{ind, t, here}
		}
		if !strings.Contains(t.Text, ind.Clause) {
			c.fail(here.to("clause"), "clause_not_in_text", "“%[1]s”不是任务原文中的文字，须逐字相同。",
				"%[1]q is not in the task's text, word for word.", clip(ind.Clause))
		}
		c.used[ind.Series] = true // also where it is not looked at for other faults
		c.checkIndicator(here, ind)
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
