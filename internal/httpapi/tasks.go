package httpapi

import (
	"context"
	"strconv"
	"strings"

	"xushi/internal/board"
	"xushi/internal/exact"
	"xushi/internal/fault"
	"xushi/internal/judge"
	"xushi/internal/plan"
)

// BriefView is an indicator in a few numbers; /api/v1/indicators has them all.
type BriefView struct {
	Plan      string          `json:"plan"`
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Kind      plan.Kind       `json:"kind"`
	Task      int             `json:"task"`
	Leads     []Org           `json:"leads" nullable:"false"`
	Status    judge.Status    `json:"status"`
	Light     judge.Light     `json:"light"`
	Reporting judge.Reporting `json:"reporting"`
	Missed    int             `json:"missed"`
	Period    *PeriodView     `json:"period,omitempty"`
	DuePeriod *PeriodView     `json:"due_period,omitempty"`
	Unit      string          `json:"unit"`
	Target    exact.Opt       `json:"target"`
	Expected  exact.Opt       `json:"expected"`
	Actual    exact.Opt       `json:"actual"`
	Gap       exact.Opt       `json:"gap"`
	GapPP     exact.Opt       `json:"gap_pp"`
	Lag       exact.Opt       `json:"lag"`
}

func brief(it *board.Item) BriefView {
	j := &it.Judgement
	v := BriefView{Plan: it.Plan.ID, ID: it.ID, Name: it.Name, Kind: it.Kind, Task: it.Task.Number, Leads: orgs(it.Leads),
		Status: j.Status, Light: it.Light, Reporting: it.Reporting, Missed: it.Missed,
		Period: periodView(it.Period), DuePeriod: periodView(it.DuePeriod),
		Unit: it.Unit, Expected: j.Expected, Actual: j.Actual, Gap: j.Gap, GapPP: j.GapPP, Lag: j.Lag}
	if it.Rule != nil {
		v.Target = it.Rule.Target()
	}
	return v
}

// TaskView is a numbered clause with its indicators.
type TaskView struct {
	Plan       string           `json:"plan"`
	Number     int              `json:"number"`
	Section    plan.Section     `json:"section"`
	Title      string           `json:"title"`
	Text       string           `json:"text" doc:"Exactly as issued"`
	Leads      []Org            `json:"leads" nullable:"false"`
	Cos        []Org            `json:"cos" nullable:"false"`
	Events     []plan.TaskEvent `json:"events,omitempty"`
	Light      judge.Light      `json:"light" doc:"The worst of its indicators, grey apart"`
	Lights     LightCounts      `json:"lights"`
	Indicators []BriefView      `json:"indicators" nullable:"false"`
}

type listTasksInput struct {
	Moment
	Paging
	Plan         string `query:"plan" doc:"Id of the plan"`
	Section      int    `query:"section" doc:"Number of the section" minimum:"1"`
	Organisation string `query:"organisation" doc:"Id of an organisation that leads or supports"`
	Role         string `query:"role" enum:"lead,co" doc:"With organisation: only as lead (主办) or co-organiser (协办)"`
	Portfolio    string `query:"portfolio" doc:"Id of a portfolio: its organisations lead"`
	Q            string `query:"q" maxLength:"200" doc:"Text in title, text or leads"`
}

type tasksOutput struct {
	Body struct {
		PictureView
		Total int        `json:"total" doc:"How many fit the filters"`
		Next  string     `json:"next,omitempty" doc:"Cursor of the page that follows"`
		Tasks []TaskView `json:"tasks" nullable:"false"`
	} `nameHint:"TasksAnswer"`
}

// clause is a task in its plan.
type clause struct {
	plan *board.PlanState
	task *plan.Task
}

func (c clause) name() string { return c.plan.ID + "/" + strconv.Itoa(c.task.Number) }

func (a *api) listTasks(ctx context.Context, in *listTasksInput) (*tasksOutput, error) {
	s, err := a.picture(in.Plan, in.AsOf, in.Period, in.View)
	if err != nil {
		return nil, err
	}
	who, err := concerned(s.Snapshot, in.Organisation, in.Role, in.Portfolio)
	if err != nil {
		return nil, err
	}
	q := strings.ToLower(strings.TrimSpace(in.Q))
	var all []clause
	for _, p := range s.Plans {
		for i := range p.Tasks {
			t := &p.Tasks[i]
			if (in.Section == 0 || t.Section == in.Section) && who(p.Plan, t.Leads, t.Cos) &&
				(q == "" || mentions(q, t.Title, t.Text, orgNames(p, t.Leads), orgNames(p, t.Cos))) {
				all = append(all, clause{p, t})
			}
		}
	}
	out := &tasksOutput{}
	out.Body.PictureView, out.Body.Total = a.pictureView(s.Snapshot), len(all)
	all, out.Body.Next, err = page(all, clause.name, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	see := a.eyes(ctx)
	out.Body.Tasks = make([]TaskView, len(all))
	for i, c := range all {
		out.Body.Tasks[i] = see.task(c)
	}
	return out, nil
}

func orgNames(p *board.PlanState, ids []string) string {
	var b strings.Builder
	for _, o := range orgsByID(p.Plan, ids) {
		b.WriteString(o.Name + "\n")
	}
	return b.String()
}

type getTaskInput struct {
	Moment
	Plan   string `path:"plan"`
	Number int    `path:"number" minimum:"1"`
}

type taskOutput struct {
	Body struct {
		PictureView
		Task TaskView `json:"task"`
	} `nameHint:"TaskAnswer"`
}

// getTask answers with one task. Faults unknown_plan, unknown_task.
func (a *api) getTask(ctx context.Context, in *getTaskInput) (*taskOutput, error) {
	s, err := a.picture(in.Plan, in.AsOf, in.Period, in.View)
	if err != nil {
		return nil, err
	}
	for _, p := range s.Plans {
		for i := range p.Tasks {
			if p.Tasks[i].Number == in.Number {
				out := &taskOutput{}
				out.Body.PictureView, out.Body.Task = a.pictureView(s.Snapshot), a.eyes(ctx).task(clause{p, &p.Tasks[i]})
				return out, nil
			}
		}
	}
	return nil, fault.Newf("unknown_task", "计划“%[1]s”没有第 %[2]d 项任务。", "Plan %[1]q has no task %[2]d.", in.Plan, in.Number).At("number")
}

func (e eyes) task(c clause) TaskView {
	p, t := c.plan, c.task
	v := TaskView{Plan: p.ID, Number: t.Number, Title: t.Title, Text: t.Text, Events: t.Events,
		Leads: orgsByID(p.Plan, t.Leads), Cos: orgsByID(p.Plan, t.Cos), Indicators: []BriefView{}}
	for i := range p.Sections {
		if p.Sections[i].Number == t.Section {
			v.Section = p.Sections[i]
		}
	}
	lights := map[judge.Light]int{}
	for i := range t.Indicators {
		if it := p.Item(t.Indicators[i].ID); it != nil && e.item(it) {
			v.Indicators = append(v.Indicators, brief(it))
			v.Light = max(v.Light, it.Light)
			if it.Kind != plan.Context {
				lights[it.Light]++
			}
		}
	}
	v.Lights = lightCounts(lights)
	return v
}
