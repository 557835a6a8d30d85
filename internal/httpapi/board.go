package httpapi

import (
	"context"
	"slices"
	"time"

	"xushi/internal/board"
	"xushi/internal/exact"
	"xushi/internal/judge"
	"xushi/internal/period"
	"xushi/internal/plan"
)

type getBoardInput struct {
	Moment
	Plan  string `query:"plan" doc:"Id of the plan; all where it is left out"`
	Limit int    `query:"limit" default:"50" minimum:"0" maximum:"1000" doc:"Most indicators in behind, and in late"`
}

type boardOutput struct {
	Body struct {
		PictureView
		Plans       []PlanBoard `json:"plans" nullable:"false"`
		BehindTotal int         `json:"behind_total"`
		Behind      []BriefView `json:"behind" nullable:"false" doc:"Slightly behind, behind and missed, worst first"`
		LateTotal   int         `json:"late_total"`
		Late        []LateView  `json:"late" nullable:"false" doc:"Whose figure is overdue, oldest first"`
	} `nameHint:"BoardAnswer"`
}

// PlanBoard counts one plan.
type PlanBoard struct {
	PlanRef
	Gauge         GaugeView        `json:"gauge" doc:"How much of the year is gone"`
	Total         TallyView        `json:"total"`
	Sections      []SectionTally   `json:"sections" nullable:"false"`
	Organisations []OrgTally       `json:"organisations" nullable:"false" doc:"By lead (主办); an indicator with several leads counts for each"`
	Portfolios    []PortfolioTally `json:"portfolios" nullable:"false"`
}

// GaugeView is how much of the plan's year is gone at the picture's moment.
type GaugeView struct {
	Date     period.Date `json:"date" doc:"The day in the plan's time zone"`
	Day      int         `json:"day" doc:"Of the year, today counted; 0 before it"`
	Days     int         `json:"days" doc:"In the year"`
	Share    exact.Opt   `json:"share" doc:"day ÷ days"`
	ByMonths exact.Opt   `json:"share_by_months" doc:"Months that have ended ÷ 12, as supervision offices count"`
}

// SectionTally counts a section.
type SectionTally struct {
	plan.Section
	TallyView
}

// OrgTally counts what an organisation leads.
type OrgTally struct {
	Org
	TallyView
}

// PortfolioTally counts what the organisations of a portfolio lead.
type PortfolioTally struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	TallyView
}

// LateView is a figure that is overdue.
type LateView struct {
	BriefView
	Reporter *Org      `json:"reporter,omitempty"`
	DueAt    time.Time `json:"due_at" doc:"The first instant at which the oldest missing figure was late"`
}

func (a *api) getBoard(ctx context.Context, in *getBoardInput) (*boardOutput, error) {
	s, err := a.picture(in.Plan, in.AsOf, in.Period, in.View)
	if err != nil {
		return nil, err
	}
	see := a.eyes(ctx)
	out := &boardOutput{}
	b := &out.Body
	b.PictureView, b.Plans, b.Behind, b.Late = a.pictureView(s.Snapshot), []PlanBoard{}, []BriefView{}, []LateView{}
	now := s.query.AsOf
	if now.IsZero() {
		now = a.Clock()
	}
	var behind, late []*board.Item
	for _, p := range s.Plans {
		b.Plans = append(b.Plans, planBoard(p, p.TallyOf(see.item), now))
		for _, it := range p.Items {
			if !see.item(it) {
				continue
			}
			if it.Judged() && it.Judgement.Status >= judge.SlightlyBehind {
				behind = append(behind, it)
			}
			if it.Reporting == judge.Late {
				late = append(late, it)
			}
		}
	}
	slices.SortFunc(behind, board.CompareWorst)
	slices.SortStableFunc(late, func(x, y *board.Item) int { return x.DueAt.Compare(y.DueAt) })
	b.BehindTotal, b.LateTotal = len(behind), len(late)
	for _, it := range behind[:min(len(behind), in.Limit)] {
		b.Behind = append(b.Behind, brief(it))
	}
	for _, it := range late[:min(len(late), in.Limit)] {
		v := LateView{BriefView: brief(it), DueAt: it.DueAt}
		if it.Reporter != nil {
			v.Reporter = &orgs([]*plan.Organisation{it.Reporter})[0]
		}
		b.Late = append(b.Late, v)
	}
	return out, nil
}

func planBoard(p *board.PlanState, t *board.Tallies, moment time.Time) PlanBoard {
	v := PlanBoard{PlanRef: planRef(p), Gauge: gauge(p, moment), Total: tallyView(t.Plan),
		Sections: []SectionTally{}, Organisations: []OrgTally{}, Portfolios: []PortfolioTally{}}
	for _, s := range p.Sections {
		v.Sections = append(v.Sections, SectionTally{s, tallyView(t.Sections[s.Number])})
	}
	for i := range p.Organisations {
		if tally := t.Leads[p.Organisations[i].ID]; tally != nil {
			v.Organisations = append(v.Organisations, OrgTally{orgs([]*plan.Organisation{&p.Organisations[i]})[0], tallyView(tally)})
		}
	}
	for _, f := range p.Portfolios {
		v.Portfolios = append(v.Portfolios, PortfolioTally{f.ID, f.Name, tallyView(t.Portfolios[f.ID])})
	}
	return v
}

func gauge(p *board.PlanState, moment time.Time) GaugeView {
	e := p.Elapsed(moment)
	return GaugeView{e.Date, e.Day, e.Days, exact.Some(e.ByDays), exact.Some(e.ByMonths)}
}
