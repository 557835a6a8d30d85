package planfile

import (
	"time"
	_ "time/tzdata" // zones must be known on machines that have no zone files, too

	"xushi/seeds"
)

// checkPlan looks at what belongs to the plan as a whole.
func (c *checker) checkPlan() {
	p := c.plan
	if _, err := time.LoadLocation(p.TimeZone); err != nil || p.TimeZone == "Local" {
		c.fail(path{"time_zone"}, "bad_time_zone", "“%[1]s”不是时区名，如 Asia/Shanghai。", "%[1]q is not the name of a time zone such as Asia/Shanghai.", p.TimeZone)
	}
	if _, ok := seeds.Holidays(p.Holidays); !ok {
		c.warn(path{"holidays"}, "holidays_unknown",
			"程序未附带节假日文件“%[1]s”；须另行提供，否则只按周末顺延。",
			"No holiday calendar %[1]q comes with the program; without one of your own, only weekends count.", p.Holidays)
	}
	if y := p.Date.Year(); y < p.Year-1 || y > p.Year {
		c.fail(path{"date"}, "date_year", "成文日期%[1]s与计划年度%[2]d不符。", "The document's date %[1]s does not go with the year %[2]d.", p.Date, p.Year)
	}
	if p.Continues == p.ID {
		c.fail(path{"continues"}, "circular_reference", "计划不能承接自身。", "A plan cannot continue itself.")
	}
	c.checkOrganisations()
	before := len(c.errors)
	c.checkBands(path{"bands"}, p.Bands)
	c.badBands = len(c.errors) > before

	has := map[int]bool{}
	for _, t := range p.Tasks {
		has[t.Section] = true
	}
	for i, s := range p.Sections {
		at := path{"sections", i, "number"}
		if s.Number != i+1 {
			c.fail(at, "section_number", "章节应从1起连续编号，此处应为%[1]d。", "Sections are numbered from 1 without gap; this one should be %[1]d.", i+1)
		} else if !has[s.Number] {
			c.fail(at, "section_empty", "本章没有任务。", "The section has no task.")
		}
	}
	c.checkSeries()
}
