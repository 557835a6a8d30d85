package quantity

import (
	"cmp"
	"fmt"
	"strconv"

	"xushi/internal/board"
	"xushi/internal/judge"
)

// count is a quantity of every subject that counts indicators.
type count struct {
	name, zh, help, helpZh string
	extra                  []string
	variants               [][]string // values of extra; nil: one number
	of                     func(t *board.Tally, v string) int
}

var counts = []count{
	{name: "indicators", zh: "按状态计数", extra: []string{"status"}, variants: values(anyStatus),
		help: "Judged indicators %s by status, each counted once.", helpZh: "%s参评指标按状态计数，每个指标只计一次。",
		of: by(anyStatus, func(t *board.Tally) map[judge.Status]int { return t.Status })},
	{name: "lights", zh: "按灯计数", extra: []string{"light"}, variants: values(lights),
		help: "Judged indicators %s by light, each counted once.", helpZh: "%s参评指标按灯计数，每个指标只计一次。",
		of: by(lights, func(t *board.Tally) map[judge.Light]int { return t.Light })},
	{name: "reporting", zh: "按报送状态计数", extra: []string{"state"}, variants: values(anyReporting),
		help: "Judged indicators %s by state of reporting, each counted once.", helpZh: "%s参评指标按报送状态计数，每个指标只计一次。",
		of: by(anyReporting, func(t *board.Tally) map[judge.Reporting]int { return t.Reporting })},
	{name: "standing", zh: "常态推进按灯计数", extra: []string{"light"}, variants: values(lights),
		help: "Standing work %s by light; it counts in no other family.", helpZh: "%s常态推进类工作按灯计数，不计入其他统计。",
		of: by(lights, func(t *board.Tally) map[judge.Light]int { return t.Standing })},
	{name: "late_completions", zh: "逾期完成数",
		help: "Judged indicators %s that were done only after their deadline.", helpZh: "%s参评指标中逾期完成的个数。",
		of: func(t *board.Tally, _ string) int { return t.LateDone }},
	{name: "lowered", zh: "调低后完成数",
		help: "Judged indicators %s that are met only because their target was changed.", helpZh: "%s参评指标中目标调整后才算完成的个数。",
		of: func(t *board.Tally, _ string) int { return t.Lowered }},
}

// rolled are the subjects that count indicators, and how many of counts they
// have: a task has a handful of indicators, and its status says enough.
var rolled = []struct {
	of         Subject
	name       string
	in, inZh   string
	quantities int
}{
	{Plans, "plan", "of the plan", "全计划", len(counts)},
	{Sections, "section", "of the section", "该板块", len(counts)},
	{Tasks, "task", "of the task", "该任务", 1},
	{Organisations, "organisation", "of the organisation (role lead: it leads them; co: it only supports them)", "该单位（role：lead牵头，co仅协办）", len(counts)},
	{Portfolios, "portfolio", "of the portfolio (those that one of its organisations leads)", "该领导分管单位牵头的", len(counts)},
}

// rollUps count indicators.
func rollUps() []*Quantity {
	var list []*Quantity
	for _, s := range rolled {
		for _, c := range counts[:s.quantities] {
			q := &Quantity{Name: "xushi_" + s.name + "_" + c.name, Zh: c.zh, Of: s.of, Unit: Count, Cadence: Monthly,
				Help: fmt.Sprintf(c.help, s.in), HelpZh: fmt.Sprintf(c.helpZh, s.inZh), Extra: c.extra}
			if c.variants != nil {
				q.variants = func(*Row) [][]string { return c.variants }
			}
			q.value = func(r *Row, v []string) (float64, bool) {
				of := ""
				if len(v) > 0 {
					of = v[0]
				}
				return float64(c.of(r.Tally, of)), true
			}
			list = append(list, q)
		}
		if s.of == Sections {
			list = append(list, &Quantity{Name: "xushi_section_info", Zh: "板块属性", Of: Sections, Unit: Flag, Cadence: Monthly,
				Help: "Facts about a section, always 1; short is its title in a few characters.", HelpZh: "板块的属性，恒为1；short为简称。",
				Extra: []string{"short"}, variants: shortTitle, value: always})
		}
		if s.of == Tasks {
			list = append(list, taskLights()...)
		}
	}
	return list
}

// shortTitle is a section's title in a few characters, its whole title where the
// plan gives none.
func shortTitle(r *Row) [][]string {
	for i := range r.Plan.Sections {
		if s := &r.Plan.Sections[i]; strconv.Itoa(s.Number) == r.Labels[1] {
			return [][]string{{cmp.Or(s.Short, s.Title)}}
		}
	}
	return nil
}

// taskLights are how the worst of a task's indicators stands.
func taskLights() []*Quantity {
	return []*Quantity{
		{Name: "xushi_task_status_severity", Zh: "任务状态", Of: Tasks, Unit: Rank, Cadence: Monthly,
			Help:   "Worst status of the task's judged indicators as a rank, as xushi_status_severity has them.",
			HelpZh: "该任务参评指标中最差的状态，序号同xushi_status_severity。",
			value: func(r *Row, _ []string) (float64, bool) {
				worst := judge.None
				for s, n := range r.Tally.Status {
					if n > 0 && s.Severity() > worst.Severity() {
						worst = s
					}
				}
				return float64(worst.Severity()), worst != judge.None
			}},
		{Name: "xushi_task_light_severity", Zh: "任务灯", Of: Tasks, Unit: Rank, Cadence: Monthly,
			Help:   "Worst light of the task's judged indicators and standing work as a rank, as xushi_light_severity has them.",
			HelpZh: "该任务参评指标和常态推进工作中最差的灯，序号同xushi_light_severity。",
			value: func(r *Row, _ []string) (float64, bool) {
				worst, any := judge.Grey, false
				for _, lights := range []map[judge.Light]int{r.Tally.Light, r.Tally.Standing} {
					for l, n := range lights {
						if n > 0 {
							worst, any = max(worst, l), true
						}
					}
				}
				return float64(worst), any
			}},
	}
}

// by counts one of a tally's states, named by the value of a label.
func by[K labelled](states []K, of func(*board.Tally) map[K]int) func(*board.Tally, string) int {
	named := make(map[string]K, len(states))
	for _, s := range states {
		named[s.String()] = s
	}
	return func(t *board.Tally, v string) int { return of(t)[named[v]] }
}

var lights = []judge.Light{judge.Grey, judge.Green, judge.Yellow, judge.Red}
