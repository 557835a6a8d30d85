// Package quantitytest gives boards to test and measure published quantities
// on: a small plan with an indicator of every kind, and plans of any size.
package quantitytest

import (
	"fmt"
	"testing"
	"time"

	"github.com/govalues/decimal"

	"xushi/internal/board"
	"xushi/internal/figure"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// Hostile is a name that no format may be broken by.
const Hostile = "a\"b\\c\nd{e}=😀"

// Moment is the present of the small plan's board: June 2026, when the figures
// of May are due or late.
var Moment = time.Date(2026, 6, 15, 2, 0, 0, 0, time.UTC)

// Clock is a present that a test moves.
type Clock struct{ Time time.Time }

// Now is the present.
func (c *Clock) Now() time.Time { return c.Time }

// Log folds changes into a board as the change log would.
type Log struct {
	*board.Board
	Clock *Clock
}

// NewLog makes an empty board at a moment.
func NewLog(now time.Time) *Log {
	c := &Clock{now}
	return &Log{board.New(c.Now, nil), c}
}

// Fold takes changes in, in order; sequence numbers are given here.
func (l *Log) Fold(tb testing.TB, changes ...*figure.Change) {
	tb.Helper()
	for i, c := range changes {
		c.Seq, c.RecordedAt = l.Seq()+int64(i)+1, l.Clock.Time
	}
	if err := l.Board.Fold(changes); err != nil {
		tb.Fatal(err)
	}
}

// Applied is the change that applies a plan.
func Applied(p *plan.Plan) *figure.Change {
	return &figure.Change{Kind: figure.Plans, Plan: &figure.PlanVersion{
		ID: p.ID, KnownAt: time.Date(p.Year, 1, 20, 0, 0, 0, 0, time.UTC), Plan: p}}
}

// Posted is the change that brings figures.
func Posted(figures ...figure.Revision) *figure.Change {
	return &figure.Change{Kind: figure.Figures, Figures: figures}
}

// Figure is a year-to-date figure of a month, known on the 8th of the next.
func Figure(series, part string, year, month int, value string) figure.Revision {
	end := period.NewMonth(year, time.Month(month))
	return figure.Revision{
		Key:   figure.Key{Series: series, Part: part, Period: period.Period{End: end, Span: period.SpanYTD}},
		Value: decimal.MustParse(value), Status: figure.Normal,
		KnownAt: (end + 1).First().Start(time.UTC).AddDate(0, 0, 7),
	}
}

func number(s string) *decimal.Decimal {
	d := decimal.MustParse(s)
	return &d
}

func numbers(list ...string) []decimal.Decimal {
	out := make([]decimal.Decimal, len(list))
	for i, s := range list {
		out[i] = decimal.MustParse(s)
	}
	return out
}

// Small is a board with a plan of every kind and figures until May.
func Small(tb testing.TB) *Log {
	tb.Helper()
	l := NewLog(Moment)
	l.Fold(tb, Applied(SmallPlan()))
	l.Fold(tb, Posted(
		Figure("test/smes", "", 2025, 5, "640"), Figure("test/smes", "", 2026, 3, "520"), Figure("test/smes", "", 2026, 4, "700"), Figure("test/smes", "", 2026, 5, "800"),
		Figure("test/lifts-cut", "", 2026, 5, "100"),
		Figure("test/gdp", "", 2025, 3, "5.6"), Figure("test/gdp", "", 2026, 3, "5.4"),
		Figure("test/nursery", "", 2026, 5, "79.5"),
		Figure("test/hazards", "", 2026, 5, "0"),
		Figure("test/income", "", 2026, 3, "5.1"),
		Figure("test/pm25", "", 2025, 5, "31"), Figure("test/pm25", "", 2026, 5, "29.5"),
		Figure("test/streets", "east", 2026, 5, "45.5"), Figure("test/streets", "west", 2026, 5, "30"),
		Figure("test/water", "river", 2026, 5, "100"), Figure("test/water", "lake", 2026, 5, "98.5"),
		Figure("test/secret", "", 2026, 5, "1"), Figure("test/later", "", 2026, 5, "1"),
	))
	done := func(entry, date string) figure.EntryEvent {
		d, err := period.ParseDate(date)
		if err != nil {
			tb.Fatal(err)
		}
		indicator := "roads"
		if entry[0] == 'l' {
			indicator = "lifts"
		}
		return figure.EntryEvent{Plan: "test-2026", Indicator: indicator, Entry: entry, Done: &d, Evidence: "photo",
			KnownAt: d.Start(time.UTC).AddDate(0, 0, 1)}
	}
	l.Fold(tb, &figure.Change{Kind: figure.Entries, Entries: []figure.EntryEvent{done("r1", "2026-03-20"), done("l1", "2026-02-11")}})
	l.Fold(tb, &figure.Change{Kind: figure.Accounts, Accounts: []figure.Account{{
		Plan: "test-2026", Indicator: "safety", Period: period.Period{End: period.NewMonth(2026, 3), Span: period.SpanQuarter},
		Text: "正常", Light: "slightly_behind", KnownAt: time.Date(2026, 4, 7, 0, 0, 0, 0, time.UTC)}}})
	return l
}

// SmallPlan is a plan with an indicator of every kind.
func SmallPlan() *plan.Plan {
	end := period.NewDate(2026, 12, 31)
	due := period.DueRule{Days: 10}
	p := &plan.Plan{
		ID: "test-2026", Area: "test", AreaName: "测试区", Title: "2026年目标任务", Number: "测政〔2026〕1号", Issuer: "测试区人民政府",
		Date: period.NewDate(2026, 1, 20), Year: 2026, TimeZone: "Asia/Shanghai", Approval: plan.ApprovalNone,
		Organisations: []plan.Organisation{
			{ID: "fagai", Name: "区发改委", Kind: plan.OrgBureau}, {ID: "shangwu", Name: "区商务局", Kind: plan.OrgBureau},
			{ID: "hostile", Name: Hostile, Kind: plan.OrgBureau}, {ID: "tongji", Name: "市统计局", Kind: plan.OrgVertical},
		},
		Portfolios: []plan.Portfolio{{ID: "vice-1", Name: "副区长一", Organisations: []string{"fagai", "shangwu"}}},
		Sections:   []plan.Section{{Number: 1, Title: "经济", Short: "经济"}, {Number: 2, Title: "民生\"保障\"", Short: "民生"}},
		Tasks: []plan.Task{
			{Number: 1, Section: 1, Title: "增长", Text: "增长。", Leads: []string{"fagai"}, Cos: []string{"shangwu"}},
			{Number: 2, Section: 1, Title: "企业", Text: "企业。", Leads: []string{"fagai", "shangwu"}},
			{Number: 3, Section: 2, Title: "民生", Text: "民生。", Leads: []string{"shangwu"}, Cos: []string{"fagai"}},
			{Number: 4, Section: 2, Title: Hostile, Text: "其他。", Leads: []string{"hostile"}},
		},
	}
	add := func(task int, span string, ind plan.Indicator) {
		t := &p.Tasks[task-1]
		ind.Clause, ind.Deadline, ind.Due = ind.Name, end, due
		if ind.Leads == nil {
			ind.Leads, ind.Cos = t.Leads, t.Cos
		}
		if ind.Commitment == "" {
			ind.Commitment = plan.Expected
		}
		if ind.Rhythm == 0 {
			ind.Rhythm = period.Monthly
		}
		if span != "" {
			ind.Series = ind.ID
			s := plan.Series{ID: ind.ID, Name: ind.Name, Unit: ind.Unit, Span: span, Step: decimal.MustParse("0.1")}
			if ind.ID == "gdp" {
				s.Source = "tongji"
			}
			p.Series = append(p.Series, s)
		}
		t.Indicators = append(t.Indicators, ind)
	}
	months := &plan.Trajectory{Kind: "months", Set: "default"}
	add(1, "ytd", plan.Indicator{ID: "gdp", Name: "地区生产总值增速", Kind: plan.Growth, Comparator: plan.AtLeast, Target: number("5"), Unit: "%", Rhythm: period.Quarterly,
		BaseShare: numbers("8", "16", "25", "33", "41", "50", "58", "66", "75", "83", "91", "100")})
	add(1, "ytd", plan.Indicator{ID: "income", Name: "居民收入增速", Kind: plan.Sync, Unit: "%", Reference: "gdp", Tolerance: number("0.5"), Rhythm: period.Quarterly})
	add(2, "ytd", plan.Indicator{ID: "smes", Name: "新增中小企业", Kind: plan.Cumulative, Comparator: plan.AtLeast, Target: number("2000"), Unit: "家", Trajectory: months, Commitment: plan.Binding})
	add(2, "ytd", plan.Indicator{ID: "unreported", Name: "从未报送", Kind: plan.Cumulative, Comparator: plan.AtLeast, Target: number("1000"), Unit: "家", Trajectory: months})
	add(2, "ytd", plan.Indicator{ID: "lifts-cut", Name: "调低的目标", Kind: plan.Cumulative, Comparator: plan.AtLeast, Target: number("200"), Unit: "部", Trajectory: months,
		Changes: []plan.TargetChange{{Effective: period.NewDate(2026, 5, 1), Document: "测政〔2026〕9号", Target: number("100")}}})
	add(2, "ytd", plan.Indicator{ID: "streets", Name: "街道收入", Kind: plan.Cumulative, Comparator: plan.AtLeast, Target: number("200"), Unit: "亿元", Trajectory: months,
		Total: "sum", Parts: []plan.Part{{ID: "east", Name: "城东街道", Target: number("120")}, {ID: "west", Name: Hostile, Target: number("80")}}})
	add(3, "ytd", plan.Indicator{ID: "nursery", Name: "普惠托位占比", Kind: plan.Level, Comparator: plan.AtLeast, Target: number("80"), Unit: "%"})
	add(3, "ytd", plan.Indicator{ID: "hazards", Name: "逾期未整改隐患", Kind: plan.Zero, Target: number("0"), Unit: "处"})
	add(3, "ytd", plan.Indicator{ID: "pm25", Name: "PM2.5浓度", Kind: plan.Direction, Sense: "down", Unit: "微克/立方米"})
	add(3, "ytd", plan.Indicator{ID: "water", Name: "水质达标率", Kind: plan.Level, Comparator: plan.AtLeast, Target: number("100"), Unit: "%",
		Total: "none", Parts: []plan.Part{{ID: "river", Name: "河", Target: number("100")}, {ID: "lake", Name: "湖", Target: number("99")}}})
	entry := func(id, date string) plan.Entry {
		d, _ := period.ParseDate(date)
		return plan.Entry{ID: id, Name: "事项" + id, Planned: d, Weight: decimal.MustParse("1")}
	}
	add(3, "", plan.Indicator{ID: "roads", Name: "道路建设", Kind: plan.Milestone,
		Checklist: &plan.Checklist{Size: 4, Entries: []plan.Entry{entry("r1", "2026-03-31"), entry("r2", "2026-04-30"), entry("r3", "2026-12-31")}}})
	add(3, "ytd", plan.Indicator{ID: "lifts", Name: "加装电梯", Kind: plan.Cumulative, Comparator: plan.AtLeast, Target: number("2"), Unit: "部", Trajectory: months,
		Checklist: &plan.Checklist{Size: 2, Entries: []plan.Entry{entry("l1", "2026-06-30"), entry("l2", "2026-12-31")}}})
	add(4, "", plan.Indicator{ID: "safety", Name: "安全生产常抓不懈", Kind: plan.Standing, Rhythm: period.Quarterly})
	add(4, "", plan.Indicator{ID: "scope", Name: Hostile, Kind: plan.Context, Target: number("73"), Unit: "个"})
	add(4, "ytd", plan.Indicator{ID: "secret", Name: "内部指标", Kind: plan.Level, Comparator: plan.AtLeast, Target: number("1"), Unit: "%",
		Visibility: &plan.Visibility{Class: "internal"}})
	later := Moment.Add(3 * time.Hour)
	add(4, "ytd", plan.Indicator{ID: "later", Name: "稍后公布", Kind: plan.Level, Comparator: plan.AtLeast, Target: number("1"), Unit: "%",
		Visibility: &plan.Visibility{Class: "open", NotBefore: &later}})
	return p
}

// perPlan is how many indicators a plan of Big has.
const perPlan = 500

// Big is a board with n indicators in plans of 500 or fewer, each with figures
// from January to May: half cumulative, the others growth, levels, milestones
// and standing work, four to a task.
func Big(tb testing.TB, n int) *Log {
	tb.Helper()
	l := NewLog(Moment)
	var applied []*figure.Change
	var figures []figure.Revision
	for at := 0; at < n; at += perPlan {
		p := bigPlan(at/perPlan, min(n-at, perPlan))
		applied = append(applied, Applied(p))
		for i := range p.Series {
			key := p.Area + "/" + p.Series[i].ID
			for month := 1; month <= 5; month++ {
				figures = append(figures, Figure(key, "", 2026, month, fmt.Sprintf("%d.%d", month*(80+i%17), i%10)))
			}
		}
	}
	l.Fold(tb, append([]*figure.Change{Posted(figures...)}, applied...)...)
	return l
}

func bigPlan(k, n int) *plan.Plan {
	area := fmt.Sprintf("area%03d", k)
	p := &plan.Plan{
		ID: area + "-2026", Area: area, AreaName: fmt.Sprintf("第%03d区", k), Title: "2026年政府工作目标任务分解落实方案", Number: fmt.Sprintf("区政〔2026〕%d号", k),
		Issuer: "区人民政府", Date: period.NewDate(2026, 1, 20), Year: 2026, TimeZone: "Asia/Shanghai", Approval: plan.ApprovalNone,
	}
	for i := range 40 {
		p.Organisations = append(p.Organisations, plan.Organisation{ID: fmt.Sprintf("org%02d", i), Name: fmt.Sprintf("区第%02d局", i), Kind: plan.OrgBureau})
	}
	for i := range 8 {
		p.Sections = append(p.Sections, plan.Section{Number: i + 1, Title: fmt.Sprintf("第%d板块", i+1)})
	}
	for i := range n {
		if i%4 == 0 {
			p.Tasks = append(p.Tasks, plan.Task{Number: i/4 + 1, Section: i/4*8/(n/4+1) + 1, Title: fmt.Sprintf("任务%d", i/4+1), Text: "任务。",
				Leads: []string{fmt.Sprintf("org%02d", i/4%40)}, Cos: []string{fmt.Sprintf("org%02d", (i/4+7)%40), fmt.Sprintf("org%02d", (i/4+19)%40)}})
		}
		t := &p.Tasks[len(p.Tasks)-1]
		ind := plan.Indicator{ID: fmt.Sprintf("indicator-%03d", i), Name: fmt.Sprintf("固定资产投资完成额%03d", i), Clause: "完成。", Commitment: plan.Expected,
			Deadline: period.NewDate(2026, 12, 31), Leads: t.Leads, Cos: t.Cos, Rhythm: period.Monthly, Due: period.DueRule{Days: 10}}
		switch i % 8 {
		case 4:
			ind.Kind, ind.Comparator, ind.Target, ind.Unit = plan.Growth, plan.AtLeast, number("5"), "%"
		case 5:
			ind.Kind, ind.Comparator, ind.Target, ind.Unit = plan.Level, plan.AtLeast, number("80"), "%"
		case 6:
			ind.Kind = plan.Milestone
			ind.Checklist = &plan.Checklist{Size: 3, Entries: []plan.Entry{}}
		case 7:
			ind.Kind, ind.Rhythm = plan.Standing, period.Quarterly
		default:
			ind.Kind, ind.Comparator, ind.Target, ind.Unit = plan.Cumulative, plan.AtLeast, number("1000"), "亿元"
			ind.Trajectory = &plan.Trajectory{Kind: "months", Set: "default"}
		}
		if ind.Unit != "" {
			ind.Series = ind.ID
			p.Series = append(p.Series, plan.Series{ID: ind.ID, Name: ind.Name, Unit: ind.Unit, Span: "ytd", Step: decimal.MustParse("0.1")})
		}
		t.Indicators = append(t.Indicators, ind)
	}
	return p
}
