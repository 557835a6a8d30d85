package httpapi

import (
	"context"
	"slices"
	"strings"
	"time"

	"xushi/internal/board"
	"xushi/internal/exact"
	"xushi/internal/fault"
	"xushi/internal/judge"
	"xushi/internal/plan"
)

// Moment are the parameters by which a picture is asked for.
type Moment struct {
	AsOf   string `query:"as_of" doc:"As it was known then: a moment (RFC 3339), or a date, which means the end of that day" example:"2026-06-05"`
	Period string `query:"period" doc:"At a period: each indicator's newest own period that ends by then" example:"2026-05"`
	View   string `query:"view" doc:"Which revisions count: published (default) or all"`
}

// Paging are the parameters of lists.
type Paging struct {
	Limit  int    `query:"limit" default:"100" minimum:"1" maximum:"500" doc:"Most elements of a page"`
	Cursor string `query:"cursor" maxLength:"1000" doc:"The member next of the page before"`
}

// PictureView says which picture an answer is of.
type PictureView struct {
	Seq    int64     `json:"seq" doc:"Newest change in the picture"`
	Moment time.Time `json:"moment" doc:"What is late was judged then"`
	Demo   bool      `json:"demo,omitempty" doc:"The figures here are simulated"`
}

func (a *api) pictureView(s *board.Snapshot) PictureView {
	return PictureView{s.Seq, s.Moment, a.Demo}
}

type listIndicatorsInput struct {
	Moment
	Paging
	Plan         string `query:"plan" doc:"Id of the plan"`
	Section      int    `query:"section" doc:"Number of the section" minimum:"1"`
	Task         int    `query:"task" doc:"Number of the task" minimum:"1"`
	Organisation string `query:"organisation" doc:"Id of an organisation that leads or supports"`
	Role         string `query:"role" enum:"lead,co" doc:"With organisation: only as lead (主办) or co-organiser (协办)"`
	Portfolio    string `query:"portfolio" doc:"Id of a portfolio: its organisations lead"`
	Kind         string `query:"kind" doc:"Comma list of kinds"`
	Status       string `query:"status" doc:"Comma list of statuses"`
	Light        string `query:"light" doc:"Comma list of lights"`
	Reporting    string `query:"reporting" doc:"Comma list of filed, pending, not_due, awaiting_release, late"`
	Q            string `query:"q" maxLength:"200" doc:"Text in name, clause, task or leads"`
	Sort         string `query:"sort" enum:"document,worst" default:"document" doc:"In the documents' order, or worst first"`
}

type indicatorsOutput struct {
	Body struct {
		PictureView
		Total      int              `json:"total" doc:"How many fit the filters"`
		Next       string           `json:"next,omitempty" doc:"Cursor of the page that follows"`
		Indicators []*IndicatorView `json:"indicators" nullable:"false"`
	} `nameHint:"IndicatorsAnswer"`
}

func (a *api) listIndicators(ctx context.Context, in *listIndicatorsInput) (*indicatorsOutput, error) {
	s, err := a.picture(in.Plan, in.AsOf, in.Period, in.View)
	if err != nil {
		return nil, err
	}
	see := a.eyes(ctx)
	keep, err := in.filter(s.Snapshot)
	if err != nil {
		return nil, err
	}
	var items []*board.Item
	for _, p := range s.Plans {
		for _, it := range p.Items {
			if see.item(it) && keep(p, it) {
				items = append(items, it)
			}
		}
	}
	if in.Sort == "worst" {
		slices.SortFunc(items, board.CompareWorst)
	}
	out := &indicatorsOutput{}
	out.Body.PictureView, out.Body.Total = a.pictureView(s.Snapshot), len(items)
	items, out.Body.Next, err = page(items, itemName, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	v := viewer{see, s}
	out.Body.Indicators = make([]*IndicatorView, len(items))
	for i, it := range items {
		out.Body.Indicators[i] = v.indicator(s.Plan(it.Plan.ID), it)
	}
	return out, nil
}

// filter makes one test of the parameters. Faults bad_parameter,
// unknown_organisation, unknown_portfolio.
func (in *listIndicatorsInput) filter(s *board.Snapshot) (func(*board.PlanState, *board.Item) bool, error) {
	var statuses []string
	for _, status := range judge.Statuses() {
		statuses = append(statuses, status.String())
	}
	status, err := oneOfWords("status", in.Status, statuses...)
	if err != nil {
		return nil, err
	}
	light, err := oneOfWords("light", in.Light, "grey", "green", "yellow", "red")
	if err != nil {
		return nil, err
	}
	reporting, err := oneOfWords("reporting", in.Reporting, "filed", "pending", "not_due", "awaiting_release", "late")
	if err != nil {
		return nil, err
	}
	kind, err := oneOfWords("kind", in.Kind, "cumulative", "growth", "level", "zero", "sync", "direction", "milestone", "standing", "context")
	if err != nil {
		return nil, err
	}
	who, err := concerned(s, in.Organisation, in.Role, in.Portfolio)
	if err != nil {
		return nil, err
	}
	q := strings.ToLower(strings.TrimSpace(in.Q))
	return func(p *board.PlanState, it *board.Item) bool {
		return (in.Section == 0 || it.Task.Section == in.Section) &&
			(in.Task == 0 || it.Task.Number == in.Task) &&
			(len(status) == 0 || status[it.Judgement.Status.String()]) &&
			(len(light) == 0 || light[it.Light.String()]) &&
			(len(reporting) == 0 || reporting[it.Reporting.String()] || reporting[it.Reporting.State()]) &&
			(len(kind) == 0 || kind[string(it.Kind)]) &&
			who(p.Plan, it.Indicator.Indicator.Leads, it.Indicator.Indicator.Cos) &&
			(q == "" || mentions(q, it.ID, it.Name, it.Clause, it.Task.Title, names(it.Leads), names(it.Cos)))
	}, nil
}

type getIndicatorInput struct {
	Moment
	Plan string `path:"plan"`
	ID   string `path:"id"`
}

type findIndicatorInput struct {
	Moment
	ID   string `path:"id"`
	Plan string `query:"plan" doc:"Where several plans have the id"`
}

// StandView is how a target stood at one of its own periods.
type StandView struct {
	Period    PeriodView       `json:"period"`
	DueAt     time.Time        `json:"due_at" doc:"The first instant at which the figure is late"`
	Reporting judge.Reporting  `json:"reporting"`
	Document  string           `json:"document,omitempty" doc:"That set the target version in force at the period's end"`
	Unrounded exact.Opt        `json:"unrounded" doc:"Expected by the trajectory"`
	Expected  exact.Opt        `json:"expected" doc:"Owed: the same rounded down to the step"`
	Actual    exact.Opt        `json:"actual"`
	Status    judge.Status     `json:"status" doc:"none where the period is not over or has no figure"`
	Judgement *judge.Judgement `json:"judgement,omitempty"`
	Figure    *FigureView      `json:"figure,omitempty" doc:"Missing where the actual is computed from several"`
}

// HistoryView is the year of the total or a part, period by period.
type HistoryView struct {
	Part    string         `json:"part" doc:"Empty for the total"`
	Outlook *judge.Outlook `json:"outlook,omitempty" doc:"How sure the projection is; for specialists, not for walls and bulletins"`
	History []StandView    `json:"history" nullable:"false"`
}

type indicatorOutput struct {
	Body struct {
		PictureView
		Indicator *IndicatorView `json:"indicator"`
		Years     []HistoryView  `json:"years" nullable:"false" doc:"The total first, then the parts"`
	} `nameHint:"IndicatorAnswer"`
}

func (a *api) getIndicator(ctx context.Context, in *getIndicatorInput) (*indicatorOutput, error) {
	return a.indicator(ctx, in.Moment, in.Plan, in.ID)
}

func (a *api) findIndicator(ctx context.Context, in *findIndicatorInput) (*indicatorOutput, error) {
	return a.indicator(ctx, in.Moment, in.Plan, in.ID)
}

// indicator answers with one indicator. Faults unknown_plan, unknown_indicator,
// ambiguous_indicator.
func (a *api) indicator(ctx context.Context, m Moment, planID, id string) (*indicatorOutput, error) {
	s, err := a.picture(planID, m.AsOf, m.Period, m.View)
	if err != nil {
		return nil, err
	}
	v := viewer{a.eyes(ctx), s}
	var found []*board.Item
	for _, p := range s.Plans {
		if it := p.Item(id); it != nil && v.item(it) {
			found = append(found, it)
		}
	}
	switch {
	case len(found) == 0:
		return nil, board.UnknownIndicator(fault.Clip(id, 60))
	case len(found) > 1:
		return nil, fault.Newf("ambiguous_indicator", "有 %[2]d 个计划有指标“%[1]s”；请写明 plan。",
			"%[2]d plans have an indicator %[1]q; name the plan.", id, len(found)).At("plan")
	}
	it := found[0]
	p := s.Plan(it.Plan.ID)
	out := &indicatorOutput{}
	out.Body.PictureView, out.Body.Indicator = a.pictureView(s.Snapshot), v.indicator(p, it)
	out.Body.Years = append(out.Body.Years, v.year(p, it, ""))
	for i := range it.Parts {
		out.Body.Years = append(out.Body.Years, v.year(p, it, it.Parts[i].Part.ID))
	}
	return out, nil
}

func (v viewer) year(p *board.PlanState, it *board.Item, part string) HistoryView {
	out := HistoryView{Part: part, History: []StandView{}}
	if o, ok := v.Outlook(p, it, part); ok {
		out.Outlook = &o
	}
	for _, s := range v.History(p, it, part) {
		row := StandView{Period: *periodView(s.Period), DueAt: s.Due, Reporting: s.Reporting, Document: s.Document,
			Unrounded: s.Unrounded, Expected: s.Expected, Actual: s.Actual, Judgement: s.Judgement, Figure: figureView(s.Figure)}
		if s.Judgement != nil {
			row.Status = s.Judgement.Status
		}
		out.History = append(out.History, row)
	}
	return out
}

// concerned tests who answers for something. Faults unknown_organisation,
// unknown_portfolio.
func concerned(s *board.Snapshot, organisation, role, portfolio string) (func(p *board.Plan, leads, cos []string) bool, error) {
	known := organisation == ""
	vice := portfolio == ""
	_, local, qualified := strings.Cut(organisation, "/")
	if !qualified {
		local = organisation
	}
	for _, p := range s.Plans {
		known = known || p.Organisation(local) != nil && (!qualified || organisation == p.Area+"/"+local)
		for i := range p.Portfolios {
			vice = vice || p.Portfolios[i].ID == portfolio
		}
	}
	switch {
	case !known:
		return nil, fault.Newf("unknown_organisation", "没有单位“%[1]s”；全部单位见 /api/v1/plans/{plan}。",
			"There is no organisation %[1]q; /api/v1/plans/{plan} lists them.", fault.Clip(organisation, 60)).At("organisation")
	case !vice:
		return nil, fault.Newf("unknown_portfolio", "没有分管领导“%[1]s”；见 /api/v1/plans/{plan}。",
			"There is no portfolio %[1]q; see /api/v1/plans/{plan}.", fault.Clip(portfolio, 60)).At("portfolio")
	}
	return func(p *board.Plan, leads, cos []string) bool {
		if organisation != "" {
			if qualified && p.Area+"/"+local != organisation {
				return false
			}
			lead := role != "co" && slices.Contains(leads, local)
			co := role != "lead" && slices.Contains(cos, local)
			if !lead && !co {
				return false
			}
		}
		if portfolio == "" {
			return true
		}
		for i := range p.Portfolios {
			if p.Portfolios[i].ID == portfolio {
				return slices.ContainsFunc(p.Portfolios[i].Organisations, func(id string) bool { return slices.Contains(leads, id) })
			}
		}
		return false
	}, nil
}

// mentions tells whether a text in lower case is found in one of others.
func mentions(q string, texts ...string) bool {
	return slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(strings.ToLower(t), q) })
}

// names joins the names of organisations.
func names(list []*plan.Organisation) string {
	var b strings.Builder
	for _, o := range list {
		if o != nil {
			b.WriteString(o.Name + "\n")
		}
	}
	return b.String()
}
