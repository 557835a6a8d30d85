package period

import (
	"fmt"

	"xushi/internal/fault"
)

// MaxText is the longest text, in bytes, that Parse looks at.
const MaxText = 64

// Parse reads a period as people type it, for a series whose figures cover the
// span want. year is the one meant where the text names none; 0 is none.
//
// A bare month (2026-05, 2026/5, 2026.5, 202605, 2026-M05, 2026年5月, 5月)
// means the declared span up to that month. So does a date that is the first
// or the last day of a month, which is what a spreadsheet makes of 2026-05.
// Every other notation (1—5月, 5月累计, 5月当月, 2026-Q1, 一季度, 前三季度,
// 上半年, 2026-H1, 全年, 2026, 1—2月) names a stretch of months and is
// taken only where the declared span covers just that stretch. Codes as
// Period.Code writes them are read too. Full-width characters, lower case, any
// dash, and spaces that do not part two digits make no difference.
//
// Faults: period_unreadable where the text is no period, has no year or a year
// outside MinYear to MaxYear, or is longer than MaxText; period_span where it
// is a period, but not of the declared span.
//
// A caller with a numeric cell must format it first: 2026.1 may have been
// 2026.10.
func Parse(text string, want Span, year int) (Period, error) {
	if !want.Valid() {
		return Period{}, fmt.Errorf("parse period %q: no declared span", quotable(text))
	}
	got, err := read(text, year)
	if err != nil {
		return Period{}, err
	}
	if p, ok := got.as(want); ok {
		return p, nil
	}
	return Period{}, got.refuse(text, want)
}

// Parse reads a period like the function Parse, for a series of the span that
// is reported in the rhythm, and sees to it that the rhythm owns it. Under
// MonthlyJanFeb the February of a month series is 1—2月, however it is written.
//
// Faults: those of the function, and period_rhythm.
func (r Rhythm) Parse(text string, span Span, year int) (Period, error) {
	if r == MonthlyJanFeb && span == SpanMonth {
		got, err := read(text, year)
		if err != nil {
			return Period{}, err
		}
		if p, ok := got.as(SpanJanFeb); ok {
			return p, nil
		}
	}
	p, err := Parse(text, span, year)
	if err != nil {
		return Period{}, err
	}
	if err := r.Owns(p); err != nil {
		return Period{}, err
	}
	return p, nil
}

// reading is what a text says before it is held against a span: the months
// from lo to hi, or bare, just the month hi, whatever it stands for.
type reading struct {
	lo, hi Month
	bare   bool
}

// as gives the period of a span that the reading means, if it does mean one.
func (g reading) as(want Span) (Period, bool) {
	p := Period{g.hi, want}
	return p, want.ends(g.hi) && (g.bare || p.FirstMonth() == g.lo)
}

// refuse says what the series takes instead of the reading, and how to write it.
func (g reading) refuse(text string, want Span) error {
	eg := Period{g.hi, want}
	for !want.ends(eg.End) { // the example is the next one that there is
		eg.End++
	}
	q, zh, en := quotable(text), "指"+zhMonths(g.lo, g.hi)+"，而", "means "+enMonths(g.lo, g.hi)+", but"
	if g.bare {
		zh, en = "不能作期末，", "cannot end a period here, for"
	}
	return fault.New("period_span",
		fmt.Sprintf("“%s”%s此处填报%s；请写“%s”或“%s”这样的时期。", q, zh, want.Zh(), eg, eg.ZhYear()),
		fmt.Sprintf("“%s” %s this series takes %s; write it like “%s” or “%s”.", q, en, want.En(), eg, eg.ZhYear()))
}

// read tells what a text says, by the shortest way for the form that batches
// of thousands of rows are written in.
func read(text string, year int) (reading, error) {
	if m, ok := parseMonth(text); ok && inYears(m.Year()) {
		return reading{m, m, true}, nil
	}
	if text == "" {
		return reading{}, unreadable(text, "时期为空", "The period is empty")
	}
	if len(text) > MaxText {
		return reading{}, unreadable(text, "时期的文字过长", "The text of the period is too long")
	}
	if p, ok := parseCode(text); ok {
		return reading{p.FirstMonth(), p.End, false}, nil
	}
	s := scan{year: year}
	s.normalise(text)
	got, why := s.all()
	switch why {
	case readable:
		return got, nil
	case noYear:
		return reading{}, unreadable(text, "没有写年份", "It names no year")
	case badYear:
		return reading{}, unreadable(text,
			fmt.Sprintf("年份不在%d—%d之内", MinYear, MaxYear),
			fmt.Sprintf("The year is not within %d to %d", MinYear, MaxYear))
	case midMonth:
		return reading{}, unreadable(text,
			"日期既不是月初也不是月末，不能确定指哪一期（电子表格会把“1-5”变成1月5日）",
			"The date is neither the first nor the last day of a month (a spreadsheet turns 1-5 into 5 January)")
	default:
		return reading{}, unreadable(text, "看不懂这个时期", "This is not a period")
	}
}

// parseMonth reads 2026-05 and nothing else, without allocating.
func parseMonth(s string) (Month, bool) {
	if len(s) != 7 || s[4] != '-' {
		return 0, false
	}
	a, b, c, d, m, n := s[0]-'0', s[1]-'0', s[2]-'0', s[3]-'0', s[5]-'0', s[6]-'0'
	if max(a, b, c, d, m, n) > 9 {
		return 0, false
	}
	year := int(a)*1000 + int(b)*100 + int(c)*10 + int(d)
	month := int(m)*10 + int(n)
	return Month(year*12 + month - 1), month >= 1 && month <= 12
}

func inYears(year int) bool { return year >= MinYear && year <= MaxYear }

func unreadable(text, zh, en string) error {
	q := quotable(text)
	return fault.New("period_unreadable",
		fmt.Sprintf("%s：“%s”。请写成 2026-05、2026年5月、1—5月、一季度、上半年、全年 等形式。", zh, q),
		fmt.Sprintf("%s: “%s”. Write it like 2026-05, 2026年5月, 1—5月, 2026-Q1, 上半年 or 2026.", en, q))
}
