package quantity

import (
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
		{Name: "xushi_plan_info", Zh: "计划属性", Of: Plans, Unit: Flag,
			Help:   "Facts about a plan, always 1; demo is set where the figures are simulated.",
			HelpZh: "计划的属性，恒为1；数据为模拟时demo为“演示数据”。",
			Extra:  []string{"area", "area_name", "demo", "issuer", "number", "title", "year"},
			variants: func(r *Row) [][]string {
				demo := ""
				if r.demo {
					demo = DemoMark
				}
				p := r.Plan
				return [][]string{{p.Area, p.AreaName, demo, p.Issuer, p.Number, p.Title, strconv.Itoa(p.Year)}}
			}, value: always},
		{Name: "xushi_year_elapsed_ratio", Zh: "时间进度", Of: Plans, Unit: Ratio,
			Help:     "Elapsed share of the plan's year: months that have ended over 12, as supervision offices count, or days, today counted.",
			HelpZh:   "计划年度的时间进度：months按已结束的月份（督查口径），days按天数（含当天）。",
			Extra:    []string{"basis"},
			variants: func(*Row) [][]string { return bases }, value: elapsed},
	}
}

var bases = [][]string{{"months"}, {"days"}}

// today is the date of a moment in the plan's zone.
func today(now time.Time, p *board.PlanState) period.Date { return period.DateOf(now, p.Zone) }

func elapsed(r *Row, v []string) (float64, bool) {
	e := r.Plan.Elapsed(r.now)
	if v[0] == "months" {
		return e.ByMonths.Float64(), true
	}
	return e.ByDays.Float64(), true
}
