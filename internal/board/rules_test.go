package board_test

import (
	"context"
	"strings"
	"testing"

	"xushi/internal/board"
	"xushi/internal/fault"
	"xushi/internal/figure"
	"xushi/internal/judge"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// item is how an indicator stands now.
func (w *world) item(id string) *board.Item {
	w.Helper()
	for _, p := range w.Board.Snapshot().Plans {
		if it := p.Item(id); it != nil {
			return it
		}
	}
	w.Fatalf("there is no %s", id)
	return nil
}

// wants holds how an indicator stands, now or as of a moment, against a line.
func (w *world) wants(id, asOf, want string) {
	w.Helper()
	s := w.Board.Snapshot()
	if asOf != "" {
		var err error
		if s, err = w.Board.At(board.Query{AsOf: moment(asOf)}); err != nil {
			w.Fatal(err)
		}
	}
	if got := line(&s.Plans[0].Item(id).State); got != want {
		w.Errorf("%s %s: %s\nwant %s", id, asOf, got, want)
	}
}

func kinds(t *testing.T, now string) *world {
	w := newWorld(t)
	w.At("2026-01-06 10:00")
	w.Apply(everyKind(""))
	w.At(now)
	w.Board.Tick()
	return w
}

func code(err error) string {
	if f := fault.As(err); f != nil {
		return f.Code
	}
	return ""
}

func TestTargetLowered(t *testing.T) {
	w := kinds(t, "2026-06-05 10:00")
	w.Post(row("sme", "2026-05", "450"))
	w.At("2026-06-20 10:00")
	lowered := versions()[1]
	w.Apply(lowered)
	w.wants("sme", "", "1—5月 slightly_behind yellow filed 450/500 due=上半年") // May ends before the change
	w.At("2026-07-05 10:00")
	w.Post(row("sme", "2026-06", "460"))
	w.wants("sme", "", "上半年 on_track green filed 460/450 original=behind due=1—7月")
	w.wants("sme", "2026-06-10 00:00", "1—5月 slightly_behind yellow filed 450/500 due=上半年")
	w.At("2027-01-05 10:00")
	w.Post(row("sme", "2026-12", "950"))
	w.wants("sme", "", "全年 done green filed 950/900 original=missed")
	if got := w.item("sme").Document; got != "某政〔2026〕9号" {
		t.Errorf("the document is %q", got)
	}
	if n := w.Board.Snapshot().Plans[0].Tally().Plan.Lowered; n != 1 {
		t.Errorf("%d targets were met only after lowering", n)
	}
}

// A target that was met closes reporting, until a revision or a higher target
// opens it again.
func TestDoneCloses(t *testing.T) {
	w := kinds(t, "2026-06-05 10:00")
	w.Post(row("sme", "2026-05", "1200"))
	w.At("2026-10-20 10:00")
	w.Board.Tick()
	w.wants("sme", "", "1—5月 done green filed 1200/500")
	for _, st := range w.Board.Snapshot().History(w.Board.Snapshot().Plans[0], w.item("sme"), "") {
		want := judge.NotDue
		switch {
		case st.End < period.NewMonth(2026, 5):
			want = judge.Late
		case st.End == period.NewMonth(2026, 5):
			want = judge.Filed
		}
		if st.Reporting != want {
			t.Errorf("%s is %v, want %v", st.Zh(), st.Reporting, want)
		}
	}
	w.Post(row("sme", "2026-05", "1199", func(in *figure.Input) { in.Reason = "核减" }))
	w.wants("sme", "", "1—5月 ahead red late missed=4 1199/500 due=上半年")
	w.Post(row("sme", "2026-05", "1200"))
	w.Apply(versions()[1])
	w.Apply(versions()[2]) // 1500 from September on
	w.wants("sme", "", "1—5月 done red late missed=4 1200/500 due=上半年")
}

func TestForecastIsKeptApart(t *testing.T) {
	w := kinds(t, "2026-06-05 10:00")
	w.Post(row("sme", "2026-05", "500"), row("sme", "2026-12", "1100", status(figure.Forecast)), row("sme", "2026-04", "999", status(figure.Forecast)))
	w.wants("sme", "", "1—5月 on_track green filed 500/500 due=上半年")
	s, it := w.Board.Snapshot(), w.item("sme")
	if f := s.Forecast(it, ""); f == nil || f.Value.String() != "1100" {
		t.Errorf("the forecast is %v", f)
	}
	w.Post(row("sme", "2026-05", "600", status(figure.Forecast)))
	w.wants("sme", "", "1—5月 on_track green filed 500/500 due=上半年")
	w.Post(figure.Input{Address: figure.Address{Indicator: "sme"}, Period: "2026-12", Status: figure.Forecast, Void: true, Reason: "收回"})
	if f := w.Board.Snapshot().Forecast(w.item("sme"), ""); f == nil || f.Value.String() != "600" {
		t.Errorf("the forecast is %v", f)
	}
	if f := s.Forecast(it, ""); f.Value.String() != "1100" {
		t.Errorf("in an old snapshot the forecast has become %v", f)
	}
}

func TestVoid(t *testing.T) {
	w := kinds(t, "2026-06-12 10:00")
	w.Post(row("sme", "2026-04", "390"), row("sme", "2026-05", "500"))
	w.Post(figure.Input{Address: figure.Address{Indicator: "sme"}, Period: "2026-05", Void: true, Reason: "误报"})
	w.wants("sme", "", "1—4月 slightly_behind yellow late missed=1 390/400 due=1—5月")
	w.Post(row("sme", "2026-05", "500"))
	w.wants("sme", "", "1—5月 on_track green filed 500/500 due=上半年")
}

// The knowledge clock picks figures, calendar and plan version together.
func TestBackfill(t *testing.T) {
	w := kinds(t, "2026-08-03 10:00")
	w.Post(row("sme", "2026-05", "480", known("2026-06-08 09:00")), row("sme", "2026-06", "590", known("2026-07-06 09:00")))
	w.Post(row("sme", "2026-05", "500", known("2026-07-20 09:00")))
	w.Post(row("sme", "2026-05", "470", known("2026-06-05 09:00"))) // an earlier vintage, loaded last
	w.Apply(versions()[1])
	for _, c := range []struct{ asOf, want string }{
		{"2026-06-04 00:00", "pending(no_figure) red late missed=4 –/– due=1月"},
		{"2026-06-06 00:00", "1—5月 slightly_behind yellow filed 470/500 due=上半年"},
		{"2026-06-09 00:00", "1—5月 slightly_behind yellow filed 480/500 due=上半年"},
		{"2026-07-07 00:00", "上半年 slightly_behind yellow filed 590/600 due=1—7月"},
		{"", "上半年 ahead green filed 590/450 original=slightly_behind due=1—7月"},
	} {
		w.wants("sme", c.asOf, c.want)
	}
	rev := w.item("sme").Histories()[0].Revisions(period.Period{End: period.NewMonth(2026, 5), Span: period.SpanYTD}, false)
	if len(rev) != 3 || rev[2].Value.String() != "500" || !rev[2].Backfilled() {
		t.Errorf("revisions %v", rev)
	}
	if _, err := w.Board.At(board.Query{AsOf: moment("2026-08-03 10:01")}); code(err) != "as_of_future" {
		t.Error(err)
	}
	if _, err := w.Board.At(board.Query{Plan: "kinds-2026", AsOf: moment("2026-01-04 23:59")}); code(err) != "unknown_plan" {
		t.Error(err) // the document is of the fifth
	}
	if s, err := w.Board.At(board.Query{AsOf: moment("2026-01-04 23:59")}); err != nil || len(s.Plans) != 0 {
		t.Error(s, err)
	}
}

// One figure is reported once and counts in every plan that reads its series.
func TestSeveralPlans(t *testing.T) {
	w := newWorld(t)
	w.At("2026-02-20 10:00")
	line25 := "      - {id: sme, name: 企业, clause: 任务, kind: cumulative, target: 1200, series: {id: sme, name: 企业, unit: 家}}\n"
	w.Apply(head("a-2025", "a", 2025) + line25)
	w.Apply(head("a-2026", "a", 2026) + line25 + "      - {id: only, name: 企业, clause: 任务, kind: direction, sense: up, series: sme}\n")
	post := func(in figure.Input) string {
		r, err := w.Service.Post(context.Background(), figure.Batch{Actor: "test", Rows: []figure.Input{in}})
		if err != nil {
			t.Fatal(err)
		}
		if r.Rejected > 0 {
			return r.Results[0].Fault.Code
		}
		return r.Results[0].Series + " " + r.Results[0].Period
	}
	in := func(plan, indicator, period string) figure.Input {
		return figure.Input{Address: figure.Address{Plan: plan, Indicator: indicator}, Period: period, Value: "130"}
	}
	for _, c := range []struct {
		in   figure.Input
		want string
	}{
		{in("", "sme", "2026-01"), "ambiguous_indicator"},
		{in("a-2026", "sme", "1月"), "a/sme 2026-01"},
		{in("a-2025", "sme", "1月"), "a/sme 2025-01"}, // of the plan that is named
		{in("", "a-2025/sme", "2025-01"), "a/sme 2025-01"},
		{in("", "only", "2026-01"), "a/sme 2026-01"},
		{in("a-2027", "sme", "2026-01"), "unknown_plan"},
		{in("a-2026", "some", "2026-01"), "unknown_indicator"},
		{series("a/sme", "2026-01", "130"), "a/sme 2026-01"},
		{series("a/some", "2026-01", "130"), "unknown_series"},
		{in("", "", "2026-01"), "indicator_missing"},
		{in("a-2025", "sme", "2023-12"), "period_outside"},
	} {
		if got := post(c.in); got != c.want {
			t.Errorf("%+v: %s, want %s", c.in, got, c.want)
		}
	}
	s := w.Board.Snapshot()
	if a, b := line(&s.Plan("a-2025").Item("sme").State), line(&s.Plan("a-2026").Item("sme").State); a != "1月 ahead red late missed=11 130/100 due=1—2月" || b != "1月 ahead green filed 130/100 due=1—2月" {
		t.Errorf("%s\n%s", a, b)
	}
	if n := len(w.Board.Readers("a/sme")); n != 3 {
		t.Errorf("%d indicators read the series", n)
	}
	// Another plan cannot make 家 of it 户, which would change what is there.
	other := strings.Replace(head("a-2027", "a", 2026)+line25, "unit: 家", "unit: 户", 1)
	if _, _, err := w.Service.ApplyPlan(context.Background(), "test", w.Parse(other)); code(err) != "series_conflict" {
		t.Errorf("another unit: %v", err)
	}
}

func TestRatio(t *testing.T) {
	w := kinds(t, "2026-03-05 10:00")
	w.Post(series("kinds/covered", "2026-01", "79"), series("kinds/children", "2026-01", "100"))
	w.wants("nursery", "", "1月 slightly_behind yellow filed 79/80 due=1—2月")
	w.Post(series("kinds/covered", "2026-02", "1"))
	w.wants("nursery", "", "1月 slightly_behind yellow filed 79/80 due=1—2月") // one of two
	w.Post(series("kinds/children", "2026-02", "0"))
	w.wants("nursery", "", "1月 slightly_behind yellow filed 79/80 due=1—2月") // 1 of 0 is nothing
	w.Post(series("kinds/covered", "2026-02", "0"))
	w.wants("nursery", "", "1—2月 ahead green filed 100/80 due=一季度") // nothing left undone
	it := w.item("nursery")
	if n := len(w.Board.Snapshot().Sources(it, "")); n != 2 || it.Figure != nil {
		t.Errorf("%d sources, figure %v", n, it.Figure)
	}
	for _, a := range []figure.Address{{Indicator: "nursery"}, {Series: "kinds/nursery-rate"}, {Indicator: "districts"}, {Indicator: "roads"}, {Indicator: "school"}} {
		if _, f := w.Board.Slot(a); f == nil || f.Code != "derived" {
			t.Errorf("%+v: %v", a, f)
		}
	}
}

func TestLastYearMissing(t *testing.T) {
	w := kinds(t, "2026-02-05 10:00")
	w.Post(row("pm25", "2026-01", "29"))
	w.wants("pm25", "", "1月 pending(no_previous) grey filed 29/– due=1—2月")
	w.Post(row("pm25", "2025-01", "30"))
	w.wants("pm25", "", "1月 on_track green filed 29/30 due=1—2月")
	if v, r := w.Board.Snapshot().Against(w.Board.Snapshot().Plans[0], w.item("pm25"), ""); !v.OK || r == nil || r.Value.String() != "30" {
		t.Errorf("held against %v, %v", v, r)
	}
}

// What keeps step is judged anew when its reference changes, and shows what it
// is held against.
func TestFollowers(t *testing.T) {
	w := kinds(t, "2026-04-15 10:00")
	w.Post(row("income", "一季度", "4.6"))
	w.wants("income", "", "一季度 pending(no_reference) grey filed 4.6/– due=上半年")
	w.Post(row("gdp", "一季度", "5"))
	w.wants("income", "", "一季度 on_track green filed 4.6/4.5 due=上半年")
	w.Post(row("gdp", "一季度", "5.3"))
	w.wants("income", "", "一季度 slightly_behind yellow filed 4.6/4.8 due=上半年")
	if v, r := w.Board.Snapshot().Against(w.Board.Snapshot().Plans[0], w.item("income"), ""); v.String() != "5.3" || r == nil {
		t.Errorf("held against %v, %v", v, r)
	}
}

// Time alone makes a figure late, in the first instant after the due day, and
// whoever comes first finds it so: the tick, or the next figure of anything.
func TestTick(t *testing.T) {
	for _, by := range []string{"tick", "fold"} {
		w := kinds(t, "2026-02-10 23:59")
		next := w.Board.Tick()
		if want := moment("2026-02-11 00:00"); !next.Equal(want) {
			t.Fatalf("the next change is at %v, want %v", next, want)
		}
		before := w.Board.Snapshot()
		w.wants("sme", "", "pending(no_figure) grey not_due –/– due=1月")
		w.At("2026-02-11 00:00")
		if by == "tick" {
			w.Board.Tick()
		} else {
			w.Post(row("trade", "2026-01", "1"))
		}
		w.wants("sme", "", "pending(no_figure) yellow late missed=1 –/– due=1月")
		if before.Plans[0].Item("sme").Reporting != judge.NotDue {
			t.Error("an old snapshot has changed")
		}
		w.At("2026-02-10 20:00") // the clock is put back
		w.Board.Tick()
		w.wants("sme", "", "pending(no_figure) grey not_due –/– due=1月")
	}
	w := kinds(t, "2027-03-01 00:00")
	if next := w.Board.Tick(); !next.IsZero() {
		t.Errorf("after the year something changes at %v", next)
	}
}

// A figure may be filed on its period's last day, and counts from then on.
func TestLastDay(t *testing.T) {
	w := kinds(t, "2026-01-31 00:00")
	w.Post(row("sme", "2026-01", "100"))
	w.wants("sme", "", "1月 on_track green filed 100/100 due=1—2月")
	w.At("2026-02-27 23:59")
	r, err := w.Service.Post(context.Background(), figure.Batch{Actor: "test", Rows: []figure.Input{row("sme", "2026-02", "200")}})
	if err != nil || r.Rejected != 1 || r.Results[0].Fault.Code != "period_future" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestFold(t *testing.T) {
	w := kinds(t, "2026-03-05 10:00")
	w.Post(row("sme", "2026-01", "100"))
	w.Post(row("sme", "2026-02", "210"))
	w.Post(row("sme", "2026-02", "205"))
	changes, err := w.Log.Since(context.Background(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	b := board.New(w.Clock, nil)
	gap := []*figure.Change{changes[0], changes[1], changes[3]}
	if err := b.Fold(gap); err == nil || b.Seq() != changes[1].Seq {
		t.Fatalf("a gap: %v, at %d", err, b.Seq())
	}
	for range 2 {
		if err := b.Fold(changes); err != nil {
			t.Fatal(err)
		}
	}
	if dump(t, b.Snapshot()) != dump(t, w.Board.Snapshot()) {
		t.Error("folded after a gap, the picture is another")
	}
	p := period.Period{End: period.NewMonth(2026, 1), Span: period.SpanYTD}
	if n := len(b.Snapshot().Plans[0].Item("sme").Histories()[0].Revisions(p, false)); n != 1 {
		t.Errorf("January has %d revisions", n)
	}
	bad := &figure.Change{Seq: b.Seq() + 1, Kind: figure.Plans, Plan: &figure.PlanVersion{ID: "bad", Plan: &plan.Plan{ID: "bad", TimeZone: "Mars/Olympus"}}}
	if err := b.Fold([]*figure.Change{bad}); code(err) != "unknown_time_zone" || b.Seq() != bad.Seq-1 {
		t.Errorf("%v, at %d", err, b.Seq())
	}
}

// Months that are left out could never be summed.
func TestSummedRhythm(t *testing.T) {
	w := newWorld(t)
	text := head("b-2026", "b", 2026) + "      - {id: x, name: 数, clause: 任务, kind: cumulative, target: 100, series: {id: x, name: 数, unit: 家, span: SPAN}}\n"
	for _, c := range []struct{ rhythm, span, code string }{
		{"monthly", "month", ""}, {"monthly_janfeb", "month", ""}, {"quarterly", "month", "rhythm_span"}, {"yearly", "month", "rhythm_span"},
		{"quarterly", "quarter", ""}, {"half_yearly", "quarter", "rhythm_span"}, {"half_yearly", "half", ""}, {"monthly", "quarter", ""},
		{"quarterly", "ytd", ""}, {"yearly", "year", ""},
	} {
		p := w.Parse(strings.ReplaceAll(text, "SPAN", c.span))
		rhythm, err := period.ParseRhythm(c.rhythm)
		if err != nil {
			t.Fatal(err)
		}
		p.Tasks[0].Indicators[0].Rhythm = rhythm // the plan check would refuse it
		err = w.Board.Compile(&figure.PlanVersion{ID: p.ID, Plan: p})
		if code(err) != c.code {
			t.Errorf("%s of %s values: %v", c.rhythm, c.span, err)
		}
	}
}

// An applied plan that adds to a checklist, or leaves an indicator out, changes
// what may be posted.
func TestApplyChangesSlots(t *testing.T) {
	w := kinds(t, "2026-03-05 10:00")
	if _, f := w.Board.Slot(figure.Address{Indicator: "more"}); f == nil || f.Code != "unknown_indicator" {
		t.Error(f)
	}
	for _, v := range versions()[1:] {
		w.Apply(v)
	}
	slot, f := w.Board.Slot(figure.Address{Indicator: "more"})
	if f != nil || slot.Series != "kinds/sme" {
		t.Errorf("%+v, %v", slot, f)
	}
	if _, f := w.Board.Slot(figure.Address{Indicator: "lifts"}); f != nil {
		t.Error(f)
	}
	if got := strings.Join(slot.Organisations, " "); got != "kinds/fagai" {
		t.Errorf("%s may post", got)
	}
	if _, f := w.Board.Slot(figure.Address{Series: "kinds/gdp"}); f != nil {
		t.Error(f)
	}
	if got, _ := w.Board.Slot(figure.Address{Indicator: "gdp"}); strings.Join(got.Organisations, " ") != "kinds/fagai kinds/tongji" {
		t.Errorf("%v may post", got.Organisations)
	}
}

// Each stand of a history is what the board said of that period.
func TestHistory(t *testing.T) {
	w := lived(t, func(*world, string) {})
	s := w.Board.Snapshot()
	p := s.Plans[0]
	for _, it := range p.Items {
		for _, part := range append([]board.State{it.State}, it.Parts...) {
			id := ""
			if part.Part != nil {
				id = part.Part.ID
			}
			stands := s.History(p, it, id)
			if it.Kind == plan.Standing || it.Series == nil && !it.Judged() || id == "" && it.ID == "water" {
				continue
			}
			for _, st := range stands {
				at, err := w.Board.At(board.Query{Plan: p.ID, UpTo: st.End})
				if err != nil {
					t.Fatal(err)
				}
				then := at.Plans[0].Item(it.ID).StateOf(id)
				if then.Period != st.Period {
					continue // no figure
				}
				if st.Judgement != nil && st.Judgement.Status != then.Judgement.Status || !st.Actual.Equal(then.Judgement.Actual) && it.Judged() {
					t.Errorf("%s/%s at %s: %v %v, and the board says %v %v", it.ID, id, st.Zh(), st.Judgement, st.Actual, then.Judgement.Status, then.Judgement.Actual)
				}
			}
		}
	}
	if o, ok := s.Outlook(p, p.Item("sme"), ""); !ok || o.Periods < 4 || o.Low > o.Projection || o.High < o.Projection {
		t.Errorf("outlook %+v, %v", o, ok)
	}
}

// Completion after the deadline is told of targets that are held against another
// figure, too, and what is summed starts from the base.
func TestLateAndBase(t *testing.T) {
	w := newWorld(t)
	w.At("2026-06-10 10:00")
	w.Apply(head("c-2026", "c", 2026) + `      - {id: gdp, name: 产值, clause: 任务, kind: growth, target: 5, series: {id: gdp, name: 产值, unit: "%"}}
      - {id: income, name: 收入, clause: 任务, kind: sync, reference: gdp, deadline: 2026-04-30, series: {id: income, name: 收入, unit: "%"}}
      - {id: pm25, name: 浓度, clause: 任务, kind: direction, sense: down, deadline: 2026-04-30, series: {id: pm25, name: 浓度, unit: 微克/立方米}}
      - {id: lifts, name: 电梯, clause: 任务, kind: cumulative, base: 100, target: 220, deadline: 2026-04-30, series: {id: lifts, name: 电梯, unit: 部, span: month}}
`)
	for m, p := range []string{"2026-01", "2026-02", "2026-03", "2026-04", "2026-05"} {
		w.Post(row("gdp", p, "6"), row("pm25", "2025"+p[4:], "30"), row("pm25", p, []string{"29", "29", "29", "31", "29"}[m]),
			row("income", p, []string{"6", "6", "6", "5", "6"}[m]), row("lifts", p, "25"))
	}
	w.wants("income", "", "1—5月 done green filed 6/5.5 due=上半年")
	w.wants("pm25", "", "1—5月 done green filed 29/30 due=上半年")
	w.wants("lifts", "", "5月 done green filed 225/220")
	for _, id := range []string{"income", "pm25", "lifts"} {
		if !w.item(id).Judgement.LateCompletion {
			t.Errorf("%s was met after the deadline, and nobody says so", id)
		}
	}
	if n := len(w.Board.Snapshot().Sources(w.item("lifts"), "")); n != 5 {
		t.Errorf("the sum has %d sources", n)
	}
}

// A revision that takes its place among others leaves what readers hold alone.
func TestHistoriesStay(t *testing.T) {
	w := kinds(t, "2026-08-03 10:00")
	for _, v := range []string{"1", "2", "3"} {
		w.Post(row("sme", "2026-05", v))
	}
	p := period.Period{End: period.NewMonth(2026, 5), Span: period.SpanYTD}
	held := w.item("sme").Histories()[0]
	values := func(h *board.History) (out string) {
		for _, r := range h.Revisions(p, false) {
			out += r.Value.String()
		}
		return out
	}
	w.Post(row("sme", "2026-05", "0", known("2026-06-05 09:00")))
	w.Post(row("sme", "2026-05", "4"))
	if a, b := values(held), values(w.item("sme").Histories()[0]); a != "123" || b != "01234" {
		t.Errorf("held %s, now %s", a, b)
	}
}
