package httpapi

import (
	"time"

	"xushi/internal/board"
	"xushi/internal/exact"
	"xushi/internal/figure"
	"xushi/internal/judge"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// The forms in which plans, indicators and figures leave. Numbers that are
// computed or compared are JSON numbers, exact to 9 decimals; what somebody typed
// is a string, with its digits as typed.

// Org names an organisation.
type Org struct {
	ID   string       `json:"id"`
	Name string       `json:"name"`
	Kind plan.OrgKind `json:"kind"`
}

func orgs(list []*plan.Organisation) []Org {
	out := make([]Org, 0, len(list))
	for _, o := range list {
		if o != nil {
			out = append(out, Org{o.ID, o.Name, o.Kind})
		}
	}
	return out
}

func orgsByID(p *board.Plan, ids []string) []Org {
	list := make([]*plan.Organisation, 0, len(ids))
	for _, id := range ids {
		list = append(list, p.Organisation(id))
	}
	return orgs(list)
}

// PeriodView is a period with its names.
type PeriodView struct {
	Code  period.Period `json:"code"`
	Zh    string        `json:"zh" example:"2026年1—5月"`
	En    string        `json:"en" example:"January–May 2026"`
	First period.Date   `json:"first"`
	Last  period.Date   `json:"last"`
}

// periodView is nil for the zero period.
func periodView(p period.Period) *PeriodView {
	if p == (period.Period{}) {
		return nil
	}
	return &PeriodView{p, p.ZhYear(), p.EnYear(), p.First(), p.Last()}
}

// FigureView is a figure with where it came from.
type FigureView struct {
	Series     string           `json:"series" doc:"area/id"`
	Part       string           `json:"part" doc:"Empty for the total"`
	Period     PeriodView       `json:"period"`
	Value      string           `json:"value" doc:"Exactly as typed; empty where the figure was taken back" example:"73.90"`
	Void       bool             `json:"void" doc:"The figure was taken back"`
	Status     figure.ObsStatus `json:"status"`
	KnownAt    time.Time        `json:"known_at" doc:"When it became known"`
	RecordedAt time.Time        `json:"recorded_at"`
	Backfilled bool             `json:"backfilled" doc:"Recorded after it became known (补录)"`
	Actor      string           `json:"actor" doc:"Who posted it"`
	Note       string           `json:"note,omitempty"`
	Reason     string           `json:"reason,omitempty" doc:"Why it changed"`
	Origin     *figure.Origin   `json:"origin,omitempty" doc:"The file and cell it was read from"`
	Change     int64            `json:"change" doc:"Sequence number in the change log"`
	Item       int              `json:"item" doc:"Place in the change, from 0"`
}

func figureView(r *figure.Revision) *FigureView {
	if r == nil {
		return nil
	}
	v := &FigureView{Series: r.Series, Part: r.Part, Period: *periodView(r.Period), Void: r.Void, Status: r.Status,
		KnownAt: r.KnownAt, RecordedAt: r.RecordedAt, Backfilled: r.Backfilled(), Actor: r.Actor,
		Note: r.Note, Reason: r.Reason, Change: r.Seq, Item: r.Item}
	if !r.Void {
		v.Value = r.Value.String()
	}
	if r.Origin != (figure.Origin{}) {
		v.Origin = &r.Origin
	}
	return v
}

// TargetView is the target version that a state is judged under.
type TargetView struct {
	Value      exact.Opt       `json:"value" doc:"Missing for kinds that are held against another figure"`
	Base       exact.Opt       `json:"base" doc:"Where a cumulative one starts"`
	Comparator plan.Comparator `json:"comparator" enum:">=,>,<=,"`
	Unit       string          `json:"unit"`
	Step       exact.Opt       `json:"step" doc:"What is owed is rounded down to a multiple of it; cumulative only"`
	Deadline   period.Date     `json:"deadline"`
	Document   string          `json:"document" doc:"Number of the document that set this version"`
	Commitment plan.Commitment `json:"commitment" enum:"binding,expected,best_effort"`
	Sense      string          `json:"sense,omitempty" doc:"direction: up or down is better"`
	Tolerance  exact.Opt       `json:"tolerance" doc:"sync: percentage points"`
	Trajectory *TrajectoryView `json:"trajectory,omitempty" doc:"cumulative: the road from base to target"`
	Bands      []BandView      `json:"bands,omitempty" doc:"The limits between the statuses"`
	BaseShare  []exact.Opt     `json:"base_share,omitempty" doc:"growth: last year's cumulative percentages by month"`
}

// TrajectoryView is the road from base to target.
type TrajectoryView struct {
	Kind   string      `json:"kind" enum:"months,days,shares,points,deadline"`
	Set    string      `json:"set" doc:"Who set it: default (按默认序时), proposed or approved" enum:"default,proposed,approved"`
	Reason string      `json:"reason,omitempty"`
	Shares []exact.Opt `json:"shares,omitempty" doc:"12 cumulative percentages"`
	Points []PointView `json:"points,omitempty"`
}

// PointView is an amount owed at the end of a day.
type PointView struct {
	Date   period.Date `json:"date"`
	Amount exact.Opt   `json:"amount"`
}

// BandView gives a status to the values from From up to but not including Below.
type BandView struct {
	Status   string    `json:"status"`
	From     exact.Opt `json:"from"`
	Below    exact.Opt `json:"below"`
	LagBelow exact.Opt `json:"or_lag_months_below"`
}

// AgainstView is the figure that sync and direction targets are held against.
type AgainstView struct {
	Indicator string      `json:"indicator,omitempty" doc:"sync: the indicator it keeps step with"`
	Period    *PeriodView `json:"period,omitempty"`
	Value     exact.Opt   `json:"value"`
	Figure    *FigureView `json:"figure,omitempty" doc:"Missing where it is computed from several"`
}

// StateView is how the total or a part stands, with all that it rests on.
type StateView struct {
	Part         string           `json:"part" doc:"Empty for the total"`
	Name         string           `json:"name,omitempty" doc:"Of the part"`
	Organisation string           `json:"organisation,omitempty" doc:"Of the part"`
	Light        judge.Light      `json:"light"`
	Reporting    judge.Reporting  `json:"reporting" doc:"The second light: whether the figure that is due is there; empty where none is reported"`
	Missed       int              `json:"missed" doc:"Due periods without a figure"`
	DuePeriod    *PeriodView      `json:"due_period,omitempty" doc:"The oldest period without a figure that is due or comes due next"`
	DueAt        *time.Time       `json:"due_at,omitempty" doc:"The first instant at which it is late"`
	Period       *PeriodView      `json:"period,omitempty" doc:"The period that is judged; left out where there is none"`
	Judgement    judge.Judgement  `json:"judgement"`
	Target       *TargetView      `json:"target,omitempty" doc:"The target version in force at the period's end"`
	Original     *judge.Judgement `json:"original,omitempty" doc:"Under the original target, where another is in force"`
	Derivation   string           `json:"derivation" enum:",reported,months,ratio,parts,entries" doc:"How the actual comes about: one figure, months added up, numerator over denominator, the sum of parts, or checklist entries"`
	Figures      []*FigureView    `json:"figures" nullable:"false" doc:"The figures that the actual is made of; for a sum see the parts"`
	KnownAt      *time.Time       `json:"known_at,omitempty" doc:"When the newest of them became known"`
	Against      *AgainstView     `json:"against,omitempty"`
	Forecast     *FigureView      `json:"forecast,omitempty" doc:"The department's own forecast of the year's end (部门预计全年); never judged"`
}

// SeriesView is what an indicator measures.
type SeriesView struct {
	Key         string    `json:"key" doc:"area/id"`
	Name        string    `json:"name"`
	Unit        string    `json:"unit"`
	Span        string    `json:"span" enum:"month,quarter,half,year,ytd"`
	Step        exact.Opt `json:"step" doc:"Figures are multiples of it"`
	Basis       string    `json:"basis,omitempty"`
	Source      string    `json:"source,omitempty" doc:"Organisation that releases the figures, where it is another"`
	Numerator   string    `json:"numerator,omitempty"`
	Denominator string    `json:"denominator,omitempty"`
	Note        string    `json:"note,omitempty"`
}

// EntryView is a thing on a checklist.
type EntryView struct {
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	Planned  period.Date  `json:"planned"`
	Weight   exact.Opt    `json:"weight"`
	Done     *period.Date `json:"done" doc:"null where it is open"`
	Evidence string       `json:"evidence,omitempty"`
	Note     string       `json:"note,omitempty"`
	KnownAt  *time.Time   `json:"known_at,omitempty"`
	Actor    string       `json:"actor,omitempty"`
	Change   int64        `json:"change,omitempty"`
}

// ChecklistView are the named things behind a count or milestone.
type ChecklistView struct {
	Size    int         `json:"size" doc:"How many there are; more than entries where not all are named yet"`
	Entries []EntryView `json:"entries" nullable:"false"`
}

// AccountView is a written account of standing work, or the light that was set.
type AccountView struct {
	Period  PeriodView `json:"period"`
	Text    string     `json:"text,omitempty"`
	Light   string     `json:"light,omitempty"`
	KnownAt time.Time  `json:"known_at"`
	Actor   string     `json:"actor"`
	Change  int64      `json:"change"`
}

// TaskRef names a task.
type TaskRef struct {
	Number  int    `json:"number"`
	Title   string `json:"title"`
	Section int    `json:"section"`
}

// IndicatorView is an indicator with how it stands and all that this rests on.
type IndicatorView struct {
	Plan       string           `json:"plan"`
	ID         string           `json:"id"`
	Name       string           `json:"name"`
	Clause     string           `json:"clause" doc:"The words of the document that set it"`
	Kind       plan.Kind        `json:"kind"`
	Task       TaskRef          `json:"task"`
	Leads      []Org            `json:"leads" nullable:"false"`
	Cos        []Org            `json:"cos" nullable:"false"`
	Reporter   *Org             `json:"reporter,omitempty" doc:"Who posts its figures"`
	Series     *SeriesView      `json:"series,omitempty"`
	Rhythm     string           `json:"rhythm"`
	Visibility *plan.Visibility `json:"visibility,omitempty"`
	StateView
	Parts     []StateView    `json:"parts,omitempty"`
	Checklist *ChecklistView `json:"checklist,omitempty"`
	Account   *AccountView   `json:"account,omitempty" doc:"standing: the newest written account"`
	Set       *AccountView   `json:"set,omitempty" doc:"standing: the newest light that was set"`
	Reason    string         `json:"reason,omitempty" doc:"Why it is modelled so"`
}

// viewer words what a request's token may see of a snapshot.
type viewer struct {
	eyes
	*asked
}

func (v viewer) indicator(p *board.PlanState, it *board.Item) *IndicatorView {
	out := &IndicatorView{
		Plan: p.ID, ID: it.ID, Name: it.Name, Clause: it.Clause, Kind: it.Kind,
		Task:  TaskRef{it.Task.Number, it.Task.Title, it.Task.Section},
		Leads: orgs(it.Leads), Cos: orgs(it.Cos), Rhythm: it.Rhythm.String(), Visibility: it.Visibility, Reason: it.Reason,
		StateView: v.state(p, it, &it.State),
		Account:   accountView(it.Account), Set: accountView(it.Set),
	}
	if it.Reporter != nil {
		out.Reporter = &orgs([]*plan.Organisation{it.Reporter})[0]
	}
	if s := it.Series; s != nil {
		out.Series = &SeriesView{Key: it.Key, Name: s.Name, Unit: s.Unit, Span: s.Span, Step: some(s.Step), Basis: s.Basis, Source: s.Source, Note: s.Note}
		if s.Ratio != nil {
			out.Series.Numerator, out.Series.Denominator = p.SeriesKey(s.Ratio.Numerator), p.SeriesKey(s.Ratio.Denominator)
		}
	}
	for i := range it.Parts {
		out.Parts = append(out.Parts, v.state(p, it, &it.Parts[i]))
	}
	if it.Checklist != nil {
		out.Checklist = &ChecklistView{Size: it.Checklist.Size, Entries: make([]EntryView, len(it.Entries))}
		for i := range it.Entries {
			out.Checklist.Entries[i] = entryView(&it.Entries[i])
		}
	}
	return out
}

func entryView(e *board.EntryState) EntryView {
	v := EntryView{ID: e.ID, Name: e.Name, Planned: e.Planned, Weight: some(e.Weight)}
	if e.Event != nil {
		v.Done, v.Evidence, v.Note = e.Event.Done, e.Event.Evidence, e.Event.Note
		v.KnownAt, v.Actor, v.Change = &e.Event.KnownAt, e.Event.Actor, e.Event.Seq
	}
	return v
}

func accountView(a *figure.Account) *AccountView {
	if a == nil {
		return nil
	}
	return &AccountView{*periodView(a.Period), a.Text, a.Light, a.KnownAt, a.Actor, a.Seq}
}

func (v viewer) state(p *board.PlanState, it *board.Item, st *board.State) StateView {
	out := StateView{Light: st.Light, Reporting: st.Reporting, Missed: st.Missed, Period: periodView(st.Period),
		DuePeriod: periodView(st.DuePeriod), Judgement: st.Judgement, Original: st.Original,
		Figures: []*FigureView{}, Derivation: derivation(it, st)}
	if st.Part != nil {
		out.Part, out.Name, out.Organisation = st.Part.ID, st.Part.Name, st.Part.Organisation
	}
	if !st.DueAt.IsZero() {
		out.DueAt = &st.DueAt
	}
	if !st.Known.IsZero() {
		out.KnownAt = &st.Known
	}
	if st.Rule != nil {
		out.Target = targetView(it.Indicator, st)
	}
	if out.Derivation != "parts" {
		for _, r := range v.Sources(it, out.Part) {
			if r.Series == it.Key || v.series(r.Series) {
				out.Figures = append(out.Figures, figureView(r))
			}
		}
	}
	if out.Period != nil && out.Derivation != "parts" && (it.Kind == plan.Sync || it.Kind == plan.Direction) {
		value, figure := v.Against(p, it, out.Part)
		out.Against = &AgainstView{Indicator: it.Reference, Period: out.Period, Value: value, Figure: figureView(figure)}
		if it.Kind == plan.Direction {
			out.Against.Period = periodView(st.Period.LastYear())
		}
	}
	out.Forecast = figureView(v.Forecast(it, out.Part))
	return out
}

// derivation says how the actual of a state comes about.
func derivation(it *board.Item, st *board.State) string {
	switch {
	case st.Period == (period.Period{}) || it.Kind == plan.Standing:
		return ""
	case st.Part == nil && !it.HasFigures():
		return "entries"
	case st.Part == nil && it.Total != "" && it.Total != "reported" && len(it.Parts) > 0:
		return "parts"
	case it.Series != nil && it.Series.Ratio != nil:
		return "ratio"
	case it.Kind == plan.Cumulative && (st.Period.Span == period.SpanMonth || st.Period.Span == period.SpanJanFeb):
		return "months"
	}
	return "reported"
}

func targetView(ind *board.Indicator, st *board.State) *TargetView {
	rule := st.Rule
	t := &TargetView{Value: rule.Target(), Comparator: rule.Comparator(), Unit: ind.Unit, Deadline: rule.Deadline(),
		Document: st.Document, Commitment: ind.Commitment, Sense: ind.Sense}
	end := period.NewDate(ind.Plan.Year, 1, 1) // the original, where nothing is judged yet
	if st.Period != (period.Period{}) {
		end = st.Period.Last()
	}
	switch ind.Kind {
	case plan.Cumulative:
		t.Base = exact.Some(rule.Base())
		if ind.Series != nil && ind.Series.Step.Sign() > 0 {
			t.Step = some(ind.Series.Step)
		} else if ind.Series == nil {
			t.Step = exact.Some(exact.FromInt(1)) // named things come whole
		}
		t.Trajectory = trajectoryView(ind.TrajectoryAt(end))
	case plan.Sync:
		t.Tolerance = exact.Some(exact.FromFrac(1, 2))
		if ind.Tolerance != nil {
			t.Tolerance = some(*ind.Tolerance)
		}
	case plan.Growth:
		for _, share := range ind.BaseShare {
			t.BaseShare = append(t.BaseShare, some(share))
		}
	}
	for _, b := range ind.BandsInForce() {
		t.Bands = append(t.Bands, BandView{b.Status, maybe(b.From), maybe(b.Below), maybe(b.LagBelow)})
	}
	return t
}

func trajectoryView(t *plan.Trajectory) *TrajectoryView {
	v := &TrajectoryView{Kind: judge.ByMonths, Set: "default"}
	if t == nil {
		return v
	}
	v.Reason = t.Reason
	if t.Kind != "" {
		v.Kind = t.Kind
	}
	if t.Set != "" {
		v.Set = t.Set
	}
	for _, s := range t.Shares {
		v.Shares = append(v.Shares, some(s))
	}
	for _, p := range t.Points {
		v.Points = append(v.Points, PointView{p.Date, some(p.Amount)})
	}
	return v
}
