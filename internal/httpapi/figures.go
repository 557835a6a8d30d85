package httpapi

import (
	"context"
	"strings"

	"xushi/internal/access"
	"xushi/internal/board"
	"xushi/internal/door"
	"xushi/internal/fault"
	"xushi/internal/figure"
	"xushi/internal/period"
)

type listFiguresInput struct {
	Plan      string `query:"plan" doc:"Id of the plan; with indicator"`
	Indicator string `query:"indicator" doc:"Id of an indicator: the figures of its series, numerator and denominator where it is a ratio"`
	Series    string `query:"series" doc:"Comma list of area/id"`
	Part      string `query:"part" doc:"Id of a part; total for the total; all where it is left out"`
	Period    string `query:"period" doc:"Figures of periods that end with this one's month"`
	From      string `query:"from" doc:"First of several periods"`
	To        string `query:"to" doc:"Last of them"`
	AsOf      string `query:"as_of" doc:"Known by then: a moment (RFC 3339) or a date"`
	View      string `query:"view" doc:"Which revisions count: published (default) or all"`
	Order     string `query:"order" enum:"newest,place" default:"newest" doc:"Newest first, or by series, part, period and time"`
	Limit     int    `query:"limit" default:"100" minimum:"1" maximum:"10000" doc:"Most revisions of a page"`
	Cursor    string `query:"cursor" maxLength:"1000" doc:"The member next of the page before"`
}

type figuresOutput struct {
	Body struct {
		Demo    bool           `json:"demo,omitempty" doc:"The figures here are simulated"`
		Next    string         `json:"next,omitempty" doc:"Cursor of the page that follows"`
		Figures []RevisionView `json:"figures" nullable:"false" doc:"Every revision; the current one of a place is the figure"`
	} `nameHint:"FiguresAnswer"`
}

// RevisionView is a revision among those of its place.
type RevisionView struct {
	FigureView
	Current bool `json:"current" doc:"It stands, at as_of or now: it became known last, whenever it was recorded"`
}

// listFigures reads the archive. Faults unknown_series, those of finding an
// indicator, those of moments, periods and views, cursor_invalid.
func (a *api) listFigures(ctx context.Context, in *listFiguresInput) (*figuresOutput, error) {
	f := figure.RevisionFilter{ByPlace: in.Order == "place", Limit: in.Limit, Cursor: in.Cursor}
	// Without approval all that is posted is published: both views read the same.
	if _, err := figure.ParseView(in.View); err != nil {
		return nil, err
	}
	zone, year := a.Board.Snapshot().Calendar(in.Plan)
	var err error
	if f.AsOf, err = door.ReadAsOf(in.AsOf, zone, a.Clock()); err != nil {
		return nil, err
	}
	if f.AsOf.After(a.Clock()) {
		return nil, fault.New("as_of_future", "as_of 必须是过去的时刻。", "as_of must be a moment in the past.").At("as_of")
	}
	if err := in.periods(&f, year); err != nil {
		return nil, err
	}
	switch in.Part {
	case "":
	case "total":
		f.Part = new(string)
	default:
		f.Part = &in.Part
	}
	if f.Series, err = a.readable(ctx, in); err != nil {
		return nil, err
	}
	revisions, next, err := a.Archive.Revisions(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &figuresOutput{}
	out.Body.Demo, out.Body.Next, out.Body.Figures = a.Demo, next, make([]RevisionView, len(revisions))
	for i := range revisions {
		r := &revisions[i]
		head := a.Board.Head(r.Place(), f.AsOf)
		out.Body.Figures[i] = RevisionView{*figureView(r), head != nil && head.Seq == r.Seq && head.Item == r.Item}
	}
	return out, nil
}

func (in *listFiguresInput) periods(f *figure.RevisionFilter, year int) error {
	for _, m := range [...]struct {
		name, text string
		first      *period.Month
		last       *period.Month
	}{{"period", in.Period, &f.From, &f.To}, {"from", in.From, &f.From, nil}, {"to", in.To, nil, &f.To}} {
		month, err := readUpTo(m.text, year)
		if err != nil {
			return fault.Of(err, "period_unreadable").At(m.name)
		}
		if month != 0 && m.first != nil {
			*m.first = month
		}
		if month != 0 && m.last != nil {
			*m.last = month
		}
	}
	return nil
}

// readable gives the series that a request asks for and its token may see.
func (a *api) readable(ctx context.Context, in *listFiguresInput) ([]string, error) {
	see := a.eyes(ctx)
	switch {
	case in.Indicator != "":
		ind, f := a.Board.Find(in.Plan, in.Indicator)
		if f != nil {
			return nil, f
		}
		if !see.indicator(ind) {
			return nil, board.UnknownIndicator(ind.ID)
		}
		list := []string{}
		if ind.Series != nil {
			list = append(list, ind.Key)
			if r := ind.Series.Ratio; r != nil {
				list = append(list, ind.Plan.SeriesKey(r.Numerator), ind.Plan.SeriesKey(r.Denominator))
			}
		}
		return see.those(list), nil
	case in.Series != "":
		list := splitList(in.Series)
		for _, key := range list {
			if !strings.Contains(key, "/") || !see.series(key) {
				return nil, board.UnknownSeries(fault.Clip(key, 60))
			}
		}
		return list, nil
	}
	if tokenOf(ctx).Covers(access.Supervisor) && in.Plan == "" {
		return nil, nil // all there are
	}
	list := []string{}
	for _, p := range a.Board.Snapshot().Plans {
		if in.Plan == "" || p.ID == in.Plan {
			for i := range p.Series {
				list = append(list, p.SeriesKey(p.Series[i].ID))
			}
		}
	}
	return see.those(list), nil
}

// those are the series of a list that the token may see.
func (e eyes) those(list []string) []string {
	seen := []string{}
	for _, key := range list {
		if e.series(key) {
			seen = append(seen, key)
		}
	}
	return seen
}
