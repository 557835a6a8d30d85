package quantity

import (
	"slices"
	"strconv"
	"time"

	"xushi/internal/board"
	"xushi/internal/period"
)

// DemoMark is what simulated figures are marked with wherever they are shown.
const DemoMark = "演示数据"

// plans are the quantities of plans, roll-ups apart.
func plans() []*Quantity {
	return []*Quantity{
		{Name: "xushi_plan_info", Zh: "计划属性", Of: Plans, Unit: Flag, Cadence: Monthly,
			Help:   "Facts about a plan, always 1; demo is set where the figures are simulated.",
			HelpZh: "计划的属性，恒为1；数据为模拟时demo为“演示数据”。",
			Extra:  []string{"area", "area_name", "demo", "issuer", "number", "title", "year"},
			variants: func(r *Row) [][]string {
				demo := ""
				if r.table.options.Demo {
					demo = DemoMark
				}
				p := r.Plan
				return [][]string{{p.Area, p.AreaName, demo, p.Issuer, p.Number, p.Title, strconv.Itoa(p.Year)}}
			}, value: always},
		{Name: "xushi_plan_year", Zh: "计划年度", Of: Plans, Unit: Count, Cadence: Monthly, Past: true,
			Help: "The year that a plan is of, as a number to choose by.", HelpZh: "计划的年度，作为数值便于选择。",
			value: func(r *Row, _ []string) (float64, bool) { return float64(r.Plan.Year), true }},
		{Name: "xushi_organisation_info", Zh: "单位属性", Of: Plans, Unit: Flag, Cadence: Monthly,
			Help:     "An organisation of the plan, always 1, once for each portfolio (分管领导) that it belongs to; none where it belongs to none.",
			HelpZh:   "计划中的单位，恒为1；按分管领导各一条，未设分管领导的portfolio为none。",
			Extra:    []string{"kind", "organisation", "organisation_name", "portfolio", "portfolio_title"},
			variants: planOrganisations, value: always},
		{Name: "xushi_knowledge_info", Zh: "数据获知日", Of: Plans, Unit: Flag, Cadence: Monthly, Past: true,
			Help:     "A day on which something of the plan became known, always 1, the newest ones; 现在 stands for the present. Values for __as_of__.",
			HelpZh:   "有数据变动的日期（最近的若干天），恒为1；“现在”即当前。用作__as_of__的取值。",
			Extra:    []string{"day"},
			variants: knownDays, value: always},
		{Name: "xushi_knowledge_timestamp_seconds", Zh: "获知时刻", Of: Plans, Unit: Seconds, Cadence: Monthly, Past: true,
			Help:   "The present, or the moment that is replayed: what days of delay are counted to, for the clock of a query stands at its end.",
			HelpZh: "当前时刻，回放时为所回放的时刻；用来计算逾期天数。",
			value:  func(r *Row, _ []string) (float64, bool) { return seconds(r.now) }},
		{Name: "xushi_service_info", Zh: "序时网址", Of: Plans, Unit: Flag, Cadence: Monthly, Past: true,
			Help:     "Where Xushi's own pages are, always 1.",
			HelpZh:   "序时自身页面的网址，恒为1。",
			Extra:    []string{"url"},
			variants: func(r *Row) [][]string { return [][]string{{r.table.options.URL}} }, value: always},
		{Name: "xushi_year_elapsed_ratio", Zh: "时间进度", Of: Plans, Unit: Ratio, Cadence: Daily,
			Help:     "Elapsed share of the plan's year: months that have ended over 12, as supervision offices count, or days, today counted.",
			HelpZh:   "计划年度的时间进度：months按已结束的月份（督查口径），days按天数（含当天）。",
			Extra:    []string{"basis"},
			variants: func(*Row) [][]string { return bases }, value: elapsed},
	}
}

var bases = [][]string{{"months"}, {"days"}}

// noPortfolio stands for organisations that no vice-head answers for, so that a
// choice by portfolio can have them, too.
const noPortfolio, noPortfolioTitle = "none", "未设分管领导"

func planOrganisations(r *Row) [][]string {
	var list [][]string
	for i := range r.Plan.Organisations {
		o := &r.Plan.Organisations[i]
		before := len(list)
		for k := range r.Plan.Portfolios {
			if f := &r.Plan.Portfolios[k]; slices.Contains(f.Organisations, o.ID) {
				list = append(list, []string{string(o.Kind), o.ID, o.Name, f.ID, f.Name})
			}
		}
		if len(list) == before {
			list = append(list, []string{string(o.Kind), o.ID, o.Name, noPortfolio, noPortfolioTitle})
		}
	}
	return list
}

// Present is what stands for the present among the days of knowledge.
const Present = "现在"

// mostDays are as many days of knowledge as a choice may have.
const mostDays = 400

func knownDays(r *Row) [][]string {
	days := r.table.snapshot.KnownDays(r.Plan, r.table.keeps)
	list := [][]string{{Present}}
	for _, d := range days[max(0, len(days)-mostDays):] {
		list = append(list, []string{d.String()})
	}
	return list
}

// today is the date of a moment in the plan's zone.
func today(now time.Time, p *board.PlanState) period.Date { return period.DateOf(now, p.Zone) }

func elapsed(r *Row, v []string) (float64, bool) {
	e := r.Plan.Elapsed(r.now)
	if v[0] == "months" {
		return e.ByMonths.Float64(), true
	}
	return e.ByDays.Float64(), true
}
