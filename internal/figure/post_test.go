package figure_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"xushi/internal/fault"
	"xushi/internal/figure"
	testworld "xushi/internal/testkit/world"
)

// counts is a plan whose indicators take figures of every form.
func counts() string {
	return head("a-2026", "a", 2026) + `      - {id: sme, name: 企业, clause: 任务, kind: cumulative, target: 1200, series: {id: sme, name: 企业, unit: 家}}
      - {id: money, name: 资金, clause: 任务, kind: cumulative, target: 73.9, series: {id: money, name: 资金, unit: 亿元}}
      - {id: people, name: 就业, clause: 任务, kind: cumulative, target: 2.1, series: {id: people, name: 就业, unit: 万人}}
      - {id: power, name: 装机, clause: 任务, kind: cumulative, target: 50, series: {id: power, name: 装机, unit: 万千瓦, step: 0.01}}
      - {id: rate, name: 增速, clause: 任务, kind: growth, target: 5, rhythm: quarterly, series: {id: rate, name: 增速, unit: "%"}}
      - {id: visitors, name: 游客, clause: 任务, kind: cumulative, target: 120, rhythm: monthly_janfeb, series: {id: visitors, name: 游客, unit: 万人次, span: month}}
      - {id: cities, name: 分片, clause: 任务, kind: cumulative, target: 100, series: {id: cities, name: 分片, unit: 个}, parts: [{id: east, name: 东, target: 60}, {id: west, name: 西, target: 40}]}
      - {id: school, name: 学校, clause: 任务, kind: milestone, checklist: {entries: [{id: start, name: 开工, planned: 2026-03-15}, {id: use, name: 启用}]}}
      - {id: work, name: 常态, kind: standing}
      - {id: number, name: 参考, clause: 任务, kind: context, target: 73, unit: 个}
`
}

func unit(u string) func(*figure.Input) { return func(in *figure.Input) { in.Unit = u } }
func part(p string) func(*figure.Input) { return func(in *figure.Input) { in.Part = p } }
func note(n string) func(*figure.Input) { return func(in *figure.Input) { in.Note = n } }

func status(s figure.ObsStatus) func(*figure.Input) {
	return func(in *figure.Input) { in.Status = s }
}

func void(reason string) func(*figure.Input) {
	return func(in *figure.Input) { in.Void, in.Reason = true, reason }
}

// try posts one row and says what became of it.
func (w *world) try(in figure.Input, dry bool) string {
	w.Helper()
	r, err := w.Service.Post(context.Background(), figure.Batch{Actor: "test", Rows: []figure.Input{in}, DryRun: dry})
	if err != nil {
		return code(err)
	}
	res := r.Results[0]
	if res.Fault != nil {
		if res.Fault.Row == nil || *res.Fault.Row != 0 || res.Fault.Zh == "" || res.Fault.En == "" {
			w.Errorf("fault %+v", res.Fault)
		}
		return res.Fault.Code
	}
	out := fmt.Sprintf("%s %s %s", res.Outcome, res.Period, res.Value)
	if res.Old != "" {
		out += " was " + res.Old
	}
	return out
}

// TestRows says what becomes of a row, first without recording it.
func TestRows(t *testing.T) {
	long := strings.Repeat("字", 2001)
	w := newWorld(t)
	w.At("2026-06-30 10:00")
	w.Apply(counts())
	for _, c := range []struct {
		name string
		in   figure.Input
		want string
	}{
		{"plain", row("sme", "2026-05", "500"), "created 2026-05 500"},
		{"again", row("sme", "1—5月", "500"), "unchanged 2026-05 500 was 500"},
		{"same value, other digits", row("sme", "5月", "500.0"), "unchanged 2026-05 500.0 was 500"},
		{"revised", row("sme", "2026年5月", "505"), "updated 2026-05 505 was 500"},
		{"a note is added", row("sme", "2026-M05", "505", note("核实")), "updated 2026-05 505 was 505"},
		{"and kept", row("sme", "2026-05", "505"), "unchanged 2026-05 505 was 505"},
		{"another status", row("sme", "2026-05", "505", status("P")), "updated 2026-05 505 was 505"},
		{"taken back", row("sme", "2026-05", "", void("误报")), "updated 2026-05  was 505"},
		{"taken back twice", row("sme", "2026-05", "", void("误报")), "unchanged 2026-05 "},
		{"there again", row("sme", "2026-05", "505"), "created 2026-05 505"},
		{"nothing to take back", row("sme", "2026-04", "", void("误报")), "unchanged 2026-04 "},
		{"taken back without a reason", row("sme", "2026-05", "", void("")), "void_needs_reason"},
		{"taken back with a value", row("sme", "2026-05", "1", void("误报")), "void_needs_reason"},

		{"万元 for 亿元", row("money", "2026-05", "739000", unit("万元")), "created 2026-05 73.9"},
		{"元 for 亿元", row("money", "2026-05", "7390000000", unit("元")), "unchanged 2026-05 73.9 was 73.9"},
		{"千亿元 for 亿元", row("money", "2026-05", "0.0739", unit("千亿元")), "unchanged 2026-05 73.9 was 73.9"},
		{"too fine after conversion", row("money", "2026-05", "739001", unit("万元")), "precision"},
		{"too many digits after conversion", row("money", "2026-05", "9999999999999999999", unit("千亿元")), "precision"},
		{"人 for 万人", row("people", "2026-05", "21000", unit("人")), "created 2026-05 2.1"},
		{"千瓦 for 万千瓦", row("power", "2026-05", "123400", unit("千瓦")), "created 2026-05 12.34"},
		{"兆 is unknown", row("power", "2026-05", "1", unit("兆瓦")), "unit_mismatch"},
		{"台 for 家", row("sme", "2026-05", "1", unit("台")), "unit_mismatch"},
		{"half a thing", row("sme", "2026-05", "0.5"), "precision"},
		{"too fine", row("money", "2026-05", "1.001"), "precision"},
		{"below nothing", row("money", "2026-05", "-0.50"), "updated 2026-05 -0.50 was 73.9"},

		{"no value", row("sme", "2026-05", ""), "value_missing"},
		{"no number", row("sme", "2026-05", "五百"), "number_form"},
		{"an exponent", row("sme", "2026-05", "5e2"), "number_form"},
		{"thousands", row("sme", "2026-05", "1,200"), "number_form"},
		{"NaN", row("sme", "2026-05", "NaN"), "number_form"},
		{"too many digits", row("sme", "2026-05", "12345678901234567890"), "number_digits"},

		{"no period", row("sme", "", "1"), "period_missing"},
		{"no such period", row("sme", "五月中", "1"), "period_unreadable"},
		{"today is the last day", row("sme", "上半年", "600"), "created 2026-06 600"},
		{"yet to come", row("sme", "2026-07", "600"), "period_future"},
		{"yet to come, expected", row("sme", "全年", "1100", status("F")), "created 2026-12 1100"},
		{"last year", row("sme", "2025-12", "1000"), "created 2025-12 1000"},
		{"long ago", row("sme", "2024-12", "1000"), "period_outside"},
		{"next year", row("sme", "2027-01", "1000", status("F")), "period_outside"},
		{"a month of a cumulative series", row("sme", "5月当月", "1"), "period_span"},
		{"not of the rhythm", row("rate", "2026-05", "5.1"), "period_rhythm"},
		{"a quarter", row("rate", "一季度", "5.1"), "created 2026-03 5.1"},
		{"January and February", row("visitors", "1—2月", "20"), "created 2026-02 20"},
		{"the same", row("visitors", "2026-02", "20"), "unchanged 2026-02 20 was 20"},
		{"January alone", row("visitors", "2026-01", "10"), "period_rhythm"},
		{"March", row("visitors", "3月", "10"), "created 2026-03 10"},

		{"a part", row("cities", "2026-05", "20", part("east")), "created 2026-05 20"},
		{"the whole beside parts", row("cities", "2026-05", "33"), "created 2026-05 33"},
		{"no such part", row("cities", "2026-05", "20", part("north")), "unknown_part"},
		{"a part of what has none", row("sme", "2026-05", "20", part("east")), "unknown_part"},
		{"a milestone", row("school", "2026-05", "1"), "derived"},
		{"standing work", row("work", "2026-05", "1"), "not_numeric"},
		{"a number given once", row("number", "2026-05", "1"), "not_numeric"},
		{"another series", figure.Input{Address: figure.Address{Indicator: "sme", Series: "money"}, Period: "2026-05", Value: "1"}, "unknown_series"},
		{"its own series", figure.Input{Address: figure.Address{Indicator: "sme", Series: "a/sme"}, Period: "2026-05", Value: "505"}, "unchanged 2026-05 505 was 505"},

		{"no such status", row("sme", "2026-05", "1", status("X")), "bad_status"},
		{"a long note", row("sme", "2026-05", "505", note(long)), "text_too_long"},
		{"the longest note", row("sme", "2026-05", "505", note(long[:6000])), "updated 2026-05 505 was 505"},
		{"a broken note", row("sme", "2026-05", "505", note("\xff")), "text_encoding"},
		{"a note with NUL", row("sme", "2026-05", "505", note("a\x00")), "text_encoding"},
		{"a long cell", row("sme", "2026-05", "505", func(in *figure.Input) { in.Origin.Cell = strings.Repeat("A", 257) }), "text_too_long"},
		{"known before", row("sme", "2026-05", "499", known("2026-06-09 10:00")), "created 2026-05 499"},
		{"known before, again", row("sme", "2026-05", "499", known("2026-06-09 10:00")), "unchanged 2026-05 499 was 499"},
		{"known in the future", row("sme", "2026-05", "499", known("2026-06-30 10:01")), "known_at_future"},
		{"known before it could be", row("sme", "2026-05", "499", known("2026-05-30 23:59")), "known_at_early"},
		{"known long ago", row("sme", "2026-05", "499", known("1899-12-31 10:01")), "known_at_future"},
		{"could not be read", figure.Input{Fault: fault.New("cell", "坏", "bad")}, "cell"},
	} {
		if got := w.try(c.in, true); got != c.want {
			t.Errorf("%s, dry: %s, want %s", c.name, got, c.want)
		}
		seq := w.Board.Seq()
		if got := w.try(c.in, false); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		wrote := strings.HasPrefix(c.want, "created") || strings.HasPrefix(c.want, "updated")
		if w.Board.Seq()-seq != map[bool]int64{true: 1}[wrote] {
			t.Errorf("%s: the log went from %d to %d", c.name, seq, w.Board.Seq())
		}
	}
}

// TestBatch posts rows of which one is wrong: all or none, or the good ones.
func TestBatch(t *testing.T) {
	w := newWorld(t)
	w.Apply(counts())
	rows := []figure.Input{row("sme", "2026-05", "500"), row("sme", "1—5月", "501"), row("money", "2026-05", "3")}
	for _, c := range []struct {
		dry, partial, recorded bool
		created                int
	}{{true, false, false, 2}, {true, true, false, 2}, {false, false, false, 2}, {false, true, true, 2}, {false, true, false, 0}} {
		r, err := w.Service.Post(context.Background(), figure.Batch{Actor: "test", Rows: rows, DryRun: c.dry, Partial: c.partial})
		if err != nil {
			t.Fatal(err)
		}
		if r.Recorded != c.recorded || r.Created != c.created || r.Rejected != 1 || r.Unchanged != 2-c.created || r.DryRun != c.dry || (r.Change > 0) != c.recorded {
			t.Errorf("%+v: %+v", c, r)
		}
		if f := r.Results[1].Fault; f == nil || f.Code != "duplicate_row" || *f.Row != 1 {
			t.Errorf("the second row: %v", f)
		}
	}
	for n, want := range map[int]string{0: "empty_batch", figure.MaxRows + 1: "too_many_rows"} {
		if _, err := w.Service.Post(context.Background(), figure.Batch{Rows: make([]figure.Input, n)}); code(err) != want {
			t.Errorf("%d rows: %v", n, err)
		}
		if _, err := w.Service.PostEntries(context.Background(), figure.EventBatch[figure.EntryInput]{Rows: make([]figure.EntryInput, n)}); code(err) != want {
			t.Errorf("%d entries: %v", n, err)
		}
	}
	forbidden := fault.New("forbidden", "不行", "no")
	r, err := w.Service.Post(context.Background(), figure.Batch{Actor: "test", Rows: rows[:1], Allow: func(s *figure.Slot) *fault.Fault {
		if s.Series != "a/sme" || strings.Join(s.Organisations, " ") != "a/fagai" {
			t.Errorf("asked about %+v", s)
		}
		return forbidden
	}})
	if err != nil || r.Results[0].Fault == nil || r.Results[0].Fault.Code != "forbidden" {
		t.Errorf("%+v, %v", r, err)
	}
}

func (w *world) enter(in figure.EntryInput) string {
	w.Helper()
	r, err := w.Service.PostEntries(context.Background(), figure.EventBatch[figure.EntryInput]{Actor: "test", Rows: []figure.EntryInput{in}})
	return outcome(r, err)
}

func (w *world) tell(in figure.AccountInput) string {
	w.Helper()
	r, err := w.Service.PostAccounts(context.Background(), figure.EventBatch[figure.AccountInput]{Actor: "test", Rows: []figure.AccountInput{in}})
	return outcome(r, err)
}

func outcome(r *figure.Report, err error) string {
	switch {
	case err != nil:
		return code(err)
	case r.Results[0].Fault != nil:
		return r.Results[0].Fault.Code
	}
	return string(r.Results[0].Outcome)
}

func TestEntries(t *testing.T) {
	w := newWorld(t)
	w.At("2026-06-30 10:00")
	w.Apply(counts())
	past, later := moment("2026-04-01 00:00"), moment("2026-07-01 00:00")
	for i, c := range []struct {
		in   figure.EntryInput
		want figure.Outcome
	}{
		{figure.EntryInput{Indicator: "school", Entry: "start"}, "unchanged"}, // open already
		{figure.EntryInput{Indicator: "school", Entry: "start", Done: "2026-03-10"}, "evidence_missing"},
		{figure.EntryInput{Indicator: "school", Entry: "start", Done: "10.3.2026", Evidence: "照片"}, "bad_date"},
		{figure.EntryInput{Indicator: "school", Entry: "start", Done: "2026-07-01", Evidence: "照片"}, "done_future"},
		{figure.EntryInput{Indicator: "school", Entry: "roof", Done: "2026-03-10", Evidence: "照片"}, "unknown_entry"},
		{figure.EntryInput{Indicator: "sme", Entry: "roof", Done: "2026-03-10", Evidence: "照片"}, "unknown_entry"},
		{figure.EntryInput{Indicator: "school", Entry: "start", Done: "2026-03-10", Evidence: "照片", KnownAt: &later}, "known_at_future"},
		{figure.EntryInput{Indicator: "school", Entry: "start", Done: "2026-03-10", Evidence: "\xff"}, "text_encoding"},
		{figure.EntryInput{Indicator: "school", Entry: "start", Done: "2026-03-10", Evidence: "照片"}, "created"},
		{figure.EntryInput{Indicator: "school", Entry: "start", Done: "2026-03-10", Evidence: "照片"}, "unchanged"},
		{figure.EntryInput{Indicator: "school", Entry: "start", Done: "2026-03-12", Evidence: "照片"}, "updated"},
		{figure.EntryInput{Indicator: "school", Entry: "start"}, "updated"},
		{figure.EntryInput{Indicator: "school", Entry: "start"}, "unchanged"},
		{figure.EntryInput{Indicator: "school", Entry: "start", Done: "2026-06-30", Evidence: "照片"}, "created"},
		// What was known earlier is held against what was known then.
		{figure.EntryInput{Indicator: "school", Entry: "start", Done: "2026-06-30", Evidence: "照片", KnownAt: &past}, "known_at_early"},
		{figure.EntryInput{Indicator: "school", Entry: "start", Done: "0001-01-01", Evidence: "照片"}, "done_range"},
		{figure.EntryInput{Indicator: "school", Entry: "start", Done: "2026-03-30", Evidence: "照片", KnownAt: &past}, "created"},
		{figure.EntryInput{Indicator: "school", Entry: "start", Done: "2026-03-30", Evidence: "照片", KnownAt: &past}, "unchanged"},
	} {
		if got := w.enter(c.in); got != string(c.want) {
			t.Errorf("%d: %s, want %s", i, got, c.want)
		}
	}
}

func TestAccounts(t *testing.T) {
	w := newWorld(t)
	w.At("2026-06-30 10:00")
	w.Apply(counts())
	for i, c := range []struct {
		in   figure.AccountInput
		want figure.Outcome
	}{
		{figure.AccountInput{Indicator: "sme", Period: "一季度", Text: "好"}, "not_standing"},
		{figure.AccountInput{Indicator: "work", Period: "一季度"}, "account_empty"},
		{figure.AccountInput{Indicator: "work", Period: "2026-05", Text: "好"}, "period_span"},
		{figure.AccountInput{Indicator: "work", Period: "三季度", Text: "好"}, "period_future"},
		{figure.AccountInput{Indicator: "work", Period: "2025-Q4", Text: "好"}, "period_outside"},
		{figure.AccountInput{Indicator: "work", Period: "一季度", Light: "done"}, "bad_light"},
		{figure.AccountInput{Indicator: "work", Period: "一季度", Text: strings.Repeat("字", 8001)}, "text_too_long"},
		{figure.AccountInput{Indicator: "work", Period: "一季度", Text: "好"}, "created"},
		{figure.AccountInput{Indicator: "work", Period: "一季度", Text: "好"}, "unchanged"},
		{figure.AccountInput{Indicator: "work", Period: "一季度", Light: "behind"}, "updated"},
		{figure.AccountInput{Indicator: "work", Period: "一季度", Text: "好"}, "unchanged"}, // the light leaves the text
		{figure.AccountInput{Indicator: "work", Period: "一季度", Text: "好", Light: "behind"}, "unchanged"},
		{figure.AccountInput{Indicator: "work", Period: "一季度", Text: "好", Light: "on_track"}, "updated"},
		{figure.AccountInput{Indicator: "work", Period: "2026-Q2", Text: "好"}, "created"}, // on its last day
	} {
		if got := w.tell(c.in); got != string(c.want) {
			t.Errorf("%d: %s, want %s", i, got, c.want)
		}
	}
}

// TestPlans applies a plan, the same again, another version, and one that
// changes what was promised.
func TestPlans(t *testing.T) {
	w := newWorld(t)
	w.At("2026-06-30 10:00")
	ctx := context.Background()
	old, change, err := w.Service.ApplyPlan(ctx, "test", w.Parse(counts()))
	if old != nil || err != nil || !change.Plan.KnownAt.Equal(moment("2026-01-05 00:00")) {
		t.Fatalf("%v, %+v, %v", old, change, err)
	}
	old, change, err = w.Service.ApplyPlan(ctx, "test", w.Parse(counts()))
	if old == nil || change != nil || err != nil || w.Board.Seq() != 1 {
		t.Errorf("the same again: %v, %v", change, err)
	}
	w.At("2026-07-01 10:00")
	old, change, err = w.Service.ApplyPlan(ctx, "test", w.Parse(strings.Replace(counts(), "name: 企业, clause", "name: 小企业, clause", 1)))
	if old == nil || err != nil || !change.Plan.KnownAt.Equal(moment("2026-07-01 10:00")) {
		t.Errorf("another name: %+v, %v", change, err)
	}
	if n := w.Service.Plan("a-2026").Tasks[0].Indicators[0].Name; n != "小企业" {
		t.Errorf("the name is %s", n)
	}
	if _, _, err := w.Service.ApplyPlan(ctx, "test", w.Parse(strings.Replace(counts(), "target: 1200", "target: 900", 1))); !strings.Contains(fmt.Sprint(err), "target_change_undocumented") {
		t.Errorf("another target: %v", err)
	}
	if w.Board.Seq() != 2 || w.Board.Plans() != 2 {
		t.Errorf("at %d with %d versions", w.Board.Seq(), w.Board.Plans())
	}
}

func TestDemo(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	for range 2 {
		if err := w.Service.MarkDemo(ctx, "test"); err != nil || !w.Service.Demo() || w.Board.Seq() != 1 {
			t.Fatal(err, w.Service.Demo(), w.Board.Seq())
		}
	}
	w.Apply(counts())
	if err := w.Service.MarkDemo(ctx, "test"); err != nil { // stays so
		t.Error(err)
	}
	w.Open()
	if w.Service.Demo() {
		t.Error("marked before the log was read")
	}
	if err := w.Service.CatchUp(ctx); err != nil || !w.Service.Demo() {
		t.Error(err, w.Service.Demo())
	}
	real := newWorld(t)
	real.Apply(counts())
	if err := real.Service.MarkDemo(ctx, "test"); code(err) != "demo_refused" || real.Service.Demo() {
		t.Error(err)
	}
}

// A clock that is put back does not make the newest figure unknown.
func TestClockPutBack(t *testing.T) {
	w := newWorld(t)
	w.Apply(counts())
	w.Post(row("sme", "2026-05", "500"))
	w.At("2026-11-21 09:00")
	if got := w.try(row("sme", "2026-05", "500"), false); got != "unchanged 2026-05 500 was 500" {
		t.Error(got)
	}
	if got := w.try(row("sme", "2026-05", "501"), false); got != "updated 2026-05 501 was 500" {
		t.Error(got)
	}
	if got := w.Board.Snapshot().Plans[0].Item("sme").Judgement.Actual.String(); got != "501" {
		t.Errorf("the board shows %s", got)
	}
}

// TestTwoServers has two servers on one database: each sees what the other wrote
// before it decides, and by following the log.
func TestTwoServers(t *testing.T) {
	a := newWorld(t)
	a.Apply(counts())
	b := &world{&testworld.World{TB: t, Path: a.Path, Clock: a.Clock}}
	b.Open()
	if err := b.Service.CatchUp(context.Background()); err != nil {
		t.Fatal(err)
	}
	a.Post(row("sme", "2026-05", "500"))
	if got := b.try(row("sme", "2026-05", "500"), false); got != "unchanged 2026-05 500 was 500" {
		t.Error(got)
	}
	b.Post(row("sme", "2026-06", "600"))
	ctx, stop := context.WithCancel(context.Background())
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		a.Service.Follow(ctx, time.Millisecond, func(err error) { t.Error(err) })
	}()
	for range 2000 {
		if a.Board.Seq() == b.Board.Seq() {
			break
		}
		time.Sleep(time.Millisecond)
	}
	stop()
	<-followed
	if a.Board.Seq() != b.Board.Seq() {
		t.Errorf("one server is at %d, the other at %d", a.Board.Seq(), b.Board.Seq())
	}
}
