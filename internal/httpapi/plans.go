package httpapi

import (
	"context"
	"slices"
	"time"

	"xushi/internal/board"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// PlanRef names a plan.
type PlanRef struct {
	ID       string      `json:"id"`
	Area     string      `json:"area"`
	AreaName string      `json:"area_name"`
	Title    string      `json:"title"`
	Number   string      `json:"number" doc:"Document number"`
	Issuer   string      `json:"issuer"`
	Date     period.Date `json:"date"`
	Year     int         `json:"year" doc:"The year it plans"`
	TimeZone string      `json:"time_zone"`
}

func planRef(p *board.PlanState) PlanRef {
	return PlanRef{p.ID, p.Area, p.AreaName, p.Title, p.Number, p.Issuer, p.Date, p.Year, p.TimeZone}
}

// PlanSummary is a plan in a list.
type PlanSummary struct {
	PlanRef
	Tasks      int       `json:"tasks"`
	Indicators int       `json:"indicators" doc:"That the token may see"`
	Change     int64     `json:"change" doc:"The change that applied this version"`
	KnownAt    time.Time `json:"known_at" doc:"Since when it stands"`
	Total      TallyView `json:"total"`
}

type listPlansInput struct{ Moment }

type plansOutput struct {
	Body struct {
		PictureView
		Plans []PlanSummary `json:"plans" nullable:"false"`
	} `nameHint:"PlansAnswer"`
}

func (a *api) listPlans(ctx context.Context, in *listPlansInput) (*plansOutput, error) {
	s, err := a.picture("", in.AsOf, in.Period, in.View)
	if err != nil {
		return nil, err
	}
	see := a.eyes(ctx)
	out := &plansOutput{}
	out.Body.PictureView, out.Body.Plans = a.pictureView(s.Snapshot), []PlanSummary{}
	for _, p := range s.Plans {
		v := PlanSummary{PlanRef: planRef(p), Tasks: len(p.Tasks), Change: p.Seq, KnownAt: p.KnownAt,
			Total: tallyView(p.TallyOf(see.item).Plan)}
		for _, it := range p.Items {
			if see.item(it) {
				v.Indicators++
			}
		}
		out.Body.Plans = append(out.Body.Plans, v)
	}
	return out, nil
}

type getPlanInput struct {
	Moment
	Plan string `path:"plan"`
}

type planOutput struct {
	Body struct {
		PictureView
		Change  int64      `json:"change" doc:"The change that applied this version"`
		KnownAt time.Time  `json:"known_at" doc:"Since when it stands"`
		Plan    *plan.Plan `json:"plan" doc:"In the form that is stored and hashed, but for indicators the token may not see; amounts are strings"`
	} `nameHint:"PlanAnswer"`
}

func (a *api) getPlan(ctx context.Context, in *getPlanInput) (*planOutput, error) {
	s, err := a.picture(in.Plan, in.AsOf, in.Period, in.View)
	if err != nil {
		return nil, err
	}
	p := s.Plan(in.Plan)
	out := &planOutput{}
	out.Body.PictureView, out.Body.Change, out.Body.KnownAt = a.pictureView(s.Snapshot), p.Seq, p.KnownAt
	out.Body.Plan = a.eyes(ctx).plan(p)
	return out, nil
}

// plan gives the document without the indicators, and the series of none but
// those indicators, that the token may not see.
func (e eyes) plan(p *board.PlanState) *plan.Plan {
	whole := *p.Plan.Plan
	whole.Tasks = slices.Clone(whole.Tasks)
	hidden := map[string]bool{}
	for t := range whole.Tasks {
		task := &whole.Tasks[t]
		task.Indicators = slices.DeleteFunc(slices.Clone(task.Indicators), func(i plan.Indicator) bool {
			if it := p.Item(i.ID); it == nil || e.item(it) {
				return false
			}
			hidden[i.Series] = true
			return true
		})
	}
	whole.Series = slices.DeleteFunc(slices.Clone(whole.Series), func(s plan.Series) bool {
		return hidden[s.ID] && !e.series(p.SeriesKey(s.ID))
	})
	return &whole
}
