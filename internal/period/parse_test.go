package period

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xushi/internal/fault"
)

func code(err error) string {
	if f := fault.As(err); f != nil {
		return f.Code
	}
	if err != nil {
		return "not a fault: " + err.Error()
	}
	return ""
}

// The year given along is 2026 except where the column says none.
func TestParse(t *testing.T) {
	const span, unread = "period_span", "period_unreadable"
	tests := []struct {
		text string
		want Span
		out  string // code of the period or of the fault
	}{
		// A bare month means the declared span.
		{"2026-05", SpanYTD, "2026-05-ytd"},
		{"2026-05", SpanMonth, "2026-05-month"},
		{"2026-06", SpanQuarter, "2026-06-quarter"},
		{"2026-06", SpanHalf, "2026-06-half"},
		{"2026-12", SpanYear, "2026-12-year"},
		{"2026-02", SpanJanFeb, "2026-02-jan_feb"},
		{"2026-5", SpanYTD, "2026-05-ytd"},
		{"2026/5", SpanYTD, "2026-05-ytd"},
		{"2026/05", SpanYTD, "2026-05-ytd"},
		{"2026.5", SpanYTD, "2026-05-ytd"},
		{"2026.12", SpanYTD, "2026-12-ytd"},
		{"202605", SpanYTD, "2026-05-ytd"},
		{"2026-M05", SpanYTD, "2026-05-ytd"},
		{"2026-M5", SpanMonth, "2026-05-month"},
		{"2026M5", SpanYTD, "2026-05-ytd"},
		{"2026m05", SpanYTD, "2026-05-ytd"},
		{"2026年5月", SpanYTD, "2026-05-ytd"},
		{"2026年05月", SpanYTD, "2026-05-ytd"},
		{"2026年05月份", SpanMonth, "2026-05-month"},
		{"2026年5月份", SpanYTD, "2026-05-ytd"},
		{"二〇二六年五月", SpanYTD, "2026-05-ytd"},
		{"二零二六年十二月", SpanYTD, "2026-12-ytd"},
		{"2026年十月", SpanYTD, "2026-10-ytd"},
		{"2026-5月", SpanYTD, "2026-05-ytd"},
		{"5月", SpanYTD, "2026-05-ytd"},
		{"05月", SpanYTD, "2026-05-ytd"},
		{"5月份", SpanMonth, "2026-05-month"},
		{"五月", SpanMonth, "2026-05-month"},
		{"十一月份", SpanMonth, "2026-11-month"},
		{"M05", SpanMonth, "2026-05-month"},
		{"2025年12月", SpanYTD, "2025-12-ytd"},
		{"1900-01", SpanYTD, "1900-01-ytd"},
		{"2200-12", SpanYTD, "2200-12-ytd"},

		// Full-width characters and stray spaces.
		{"２０２６－０５", SpanYTD, "2026-05-ytd"},
		{"２０２６年５月", SpanYTD, "2026-05-ytd"},
		{"２０２６－Ｍ０５", SpanYTD, "2026-05-ytd"},
		{"２０２６－ｑ１", SpanYTD, "2026-03-ytd"},
		{"２０２６．５", SpanYTD, "2026-05-ytd"},
		{"２０２６／５", SpanYTD, "2026-05-ytd"},
		{" 2026-05 ", SpanYTD, "2026-05-ytd"},
		{"2026 年 5 月", SpanYTD, "2026-05-ytd"},
		{"\u30002026年5月\u00a0", SpanYTD, "2026-05-ytd"},
		{"\ufeff2026-05", SpanYTD, "2026-05-ytd"},
		{"2026 - 05", SpanYTD, "2026-05-ytd"},
		{"1 — 5 月", SpanYTD, "2026-05-ytd"},
		{"5月（当月）", SpanMonth, "2026-05-month"},

		// Stretches from January, with every dash.
		{"1-5月", SpanYTD, "2026-05-ytd"},
		{"1–5月", SpanYTD, "2026-05-ytd"},
		{"1—5月", SpanYTD, "2026-05-ytd"},
		{"1——5月", SpanYTD, "2026-05-ytd"},
		{"1―5月", SpanYTD, "2026-05-ytd"},
		{"1~5月", SpanYTD, "2026-05-ytd"},
		{"1～5月", SpanYTD, "2026-05-ytd"},
		{"1〜5月", SpanYTD, "2026-05-ytd"},
		{"1−5月", SpanYTD, "2026-05-ytd"},
		{"1至5月", SpanYTD, "2026-05-ytd"},
		{"1到5月", SpanYTD, "2026-05-ytd"},
		{"一至五月", SpanYTD, "2026-05-ytd"},
		{"1月-5月", SpanYTD, "2026-05-ytd"},
		{"1月至5月份", SpanYTD, "2026-05-ytd"},
		{"1—5月份", SpanYTD, "2026-05-ytd"},
		{"2026年1-5月", SpanYTD, "2026-05-ytd"},
		{"2026年1—11月", SpanYTD, "2026-11-ytd"},
		{"2026-1-5月", SpanYTD, "2026-05-ytd"},
		{"2026.1-5", SpanYTD, "2026-05-ytd"},
		{"2026.1-5月", SpanYTD, "2026-05-ytd"},
		{"2026.1-2026.5", SpanYTD, "2026-05-ytd"},
		{"2026-01至2026-05", SpanYTD, "2026-05-ytd"},
		{"202601-202605", SpanYTD, "2026-05-ytd"},
		{"2026年1月—2026年5月", SpanYTD, "2026-05-ytd"},
		{"1—5月累计", SpanYTD, "2026-05-ytd"},
		{"2026年1—5月累计", SpanYTD, "2026-05-ytd"},
		{"5月累计", SpanYTD, "2026-05-ytd"},
		{"5月份累计", SpanYTD, "2026-05-ytd"},
		{"前5个月", SpanYTD, "2026-05-ytd"},
		{"前五月", SpanYTD, "2026-05-ytd"},
		{"1—2月", SpanYTD, "2026-02-ytd"},
		{"1—2月", SpanJanFeb, "2026-02-jan_feb"},
		{"2026年1—2月", SpanJanFeb, "2026-02-jan_feb"},
		{"1月当月", SpanYTD, "2026-01-ytd"},
		{"1—12月", SpanYTD, "2026-12-ytd"},
		{"1—12月", SpanYear, "2026-12-year"},
		{"1—6月", SpanHalf, "2026-06-half"},
		{"4—6月", SpanQuarter, "2026-06-quarter"},

		// One month by itself.
		{"2026 5月", SpanMonth, "2026-05-month"},
		{"5月当月", SpanMonth, "2026-05-month"},
		{"2026年5月当月", SpanMonth, "2026-05-month"},
		{"5月份当月", SpanMonth, "2026-05-month"},
		{"5月单月", SpanMonth, "2026-05-month"},

		// Quarters.
		{"2026-Q1", SpanYTD, "2026-03-ytd"},
		{"2026-Q1", SpanQuarter, "2026-03-quarter"},
		{"2026Q1", SpanYTD, "2026-03-ytd"},
		{"2026年Q1", SpanYTD, "2026-03-ytd"},
		{"2026q4", SpanQuarter, "2026-12-quarter"},
		{"Q1", SpanYTD, "2026-03-ytd"},
		{"Q1-Q3", SpanYTD, "2026-09-ytd"},
		{"2026Q1-3", SpanYTD, "2026-09-ytd"},
		{"2026年一季度", SpanYTD, "2026-03-ytd"},
		{"2026年第一季度", SpanYTD, "2026-03-ytd"},
		{"第一季度", SpanYTD, "2026-03-ytd"},
		{"一季度", SpanQuarter, "2026-03-quarter"},
		{"1季度", SpanYTD, "2026-03-ytd"},
		{"第1季度", SpanQuarter, "2026-03-quarter"},
		{"2026第四季度", SpanQuarter, "2026-12-quarter"},
		{"2026-1季度", SpanQuarter, "2026-03-quarter"},
		{"一季度累计", SpanYTD, "2026-03-ytd"},
		{"二季度当季", SpanQuarter, "2026-06-quarter"},
		{"前三季度", SpanYTD, "2026-09-ytd"},
		{"前3季度", SpanYTD, "2026-09-ytd"},
		{"2026年前三季度", SpanYTD, "2026-09-ytd"},
		{"前两季度", SpanYTD, "2026-06-ytd"},
		{"前三个季度", SpanYTD, "2026-09-ytd"},
		{"1—3季度", SpanYTD, "2026-09-ytd"},
		{"一至三季度", SpanYTD, "2026-09-ytd"},
		{"第一至第三季度", SpanYTD, "2026-09-ytd"},
		{"一季度至三季度", SpanYTD, "2026-09-ytd"},
		{"1—3季度累计", SpanYTD, "2026-09-ytd"},

		// Half-years and years.
		{"上半年", SpanYTD, "2026-06-ytd"},
		{"上半年", SpanHalf, "2026-06-half"},
		{"2026年上半年", SpanYTD, "2026-06-ytd"},
		{"上半年累计", SpanYTD, "2026-06-ytd"},
		{"下半年", SpanHalf, "2026-12-half"},
		{"2026-H1", SpanYTD, "2026-06-ytd"},
		{"2026H2", SpanHalf, "2026-12-half"},
		{"全年", SpanYTD, "2026-12-ytd"},
		{"全年", SpanYear, "2026-12-year"},
		{"年度", SpanYear, "2026-12-year"},
		{"2026年全年", SpanYear, "2026-12-year"},
		{"2026全年", SpanYTD, "2026-12-ytd"},
		{"2026年度", SpanYear, "2026-12-year"},
		{"2026", SpanYTD, "2026-12-ytd"},
		{"2026年", SpanYear, "2026-12-year"},
		{"二〇二五年", SpanYear, "2025-12-year"},

		// Dates that stand for their month.
		{"2026-05-01", SpanYTD, "2026-05-ytd"},
		{"2026-05-31", SpanYTD, "2026-05-ytd"},
		{"2026/5/1", SpanMonth, "2026-05-month"},
		{"2026/5/1 0:00", SpanMonth, "2026-05-month"},
		{"2026-05-01 00:00:00", SpanMonth, "2026-05-month"},
		{"2026-05-01T00:00:00", SpanMonth, "2026-05-month"},
		{"2026.02.28", SpanMonth, "2026-02-month"},
		{"2024-02-29", SpanMonth, "2024-02-month"},
		{"2026年5月31日", SpanYTD, "2026-05-ytd"},

		// Codes.
		{"2026-05-ytd", SpanYTD, "2026-05-ytd"},
		{"2026-02-jan_feb", SpanJanFeb, "2026-02-jan_feb"},
		{"2026-03-quarter", SpanYTD, "2026-03-ytd"}, // the same months
		{"2026-05-month", SpanYTD, span},
		{"2026-05-quarter", SpanQuarter, unread},

		// Readable, but not what the series takes.
		{"2026-Q2", SpanYTD, span},
		{"二季度", SpanYTD, span},
		{"5月当月", SpanYTD, span},
		{"下半年", SpanYTD, span},
		{"4—6月", SpanYTD, span},
		{"1—5月", SpanMonth, span},
		{"5月累计", SpanMonth, span},
		{"上半年", SpanMonth, span},
		{"全年", SpanMonth, span},
		{"2026", SpanMonth, span},
		{"1—2月", SpanMonth, span},
		{"2月当月", SpanJanFeb, span},
		{"2026-03", SpanJanFeb, span},
		{"2026-05", SpanQuarter, span},
		{"2026-05", SpanHalf, span},
		{"2026-06", SpanYear, span},
		{"2026-05-01", SpanQuarter, span},
		{"上半年", SpanQuarter, span},
		{"前三季度", SpanQuarter, span},
		{"2025年11月—2026年2月", SpanYTD, span},

		// Not readable.
		{"", SpanYTD, unread},
		{"   ", SpanYTD, unread},
		{"5", SpanYTD, unread},
		{"05", SpanYTD, unread},
		{"1-5", SpanYTD, unread},
		{"2026-1-5", SpanYTD, unread}, // a date, or 1—5月
		{"2026年1-5", SpanYTD, unread},
		{"2026-05-17", SpanYTD, unread},
		{"2026年5月17日", SpanYTD, unread},
		{"2026-02-30", SpanYTD, unread},
		{"2026-05-01T", SpanYTD, unread},
		{"2026-05-01 12:30", SpanYTD, unread},
		{"20260531", SpanYTD, unread},
		{"13月", SpanYTD, unread},
		{"0月", SpanYTD, unread},
		{"2026-13", SpanYTD, unread},
		{"2026-00", SpanYTD, unread},
		{"202613", SpanYTD, unread},
		{"202600", SpanYTD, unread},
		{"2026年13月", SpanYTD, unread},
		{"5-1月", SpanYTD, unread},
		{"2026-Q5", SpanYTD, unread},
		{"2026-Q0", SpanYTD, unread},
		{"五季度", SpanYTD, unread},
		{"三至一季度", SpanYTD, unread},
		{"2026-H3", SpanYTD, unread},
		{"二季度累计", SpanYTD, unread}, // from January or from April?
		{"4—6月累计", SpanYTD, unread},
		{"1 2月", SpanYTD, unread}, // 12月 or 1、2月?
		{"2026 1 2", SpanYTD, unread},
		{"2026 12", SpanYTD, unread},
		{"2026年-", SpanYTD, unread},
		{"2026-", SpanYTD, unread},
		{"2026-05-", SpanYTD, unread},
		{"-05", SpanYTD, unread},
		{"26年5月", SpanYTD, unread},
		{"5月5月", SpanYTD, unread},
		{"2026年5月x", SpanYTD, unread},
		{"May 2026", SpanYTD, unread},
		{"合计", SpanYTD, unread},
		{"1899-12", SpanYTD, unread},
		{"2201-01", SpanYTD, unread},
		{"0000-05", SpanYTD, unread},
		{"2201年", SpanYTD, unread},
		{"2026-05\x00", SpanYTD, unread},
		{"2026\xff05", SpanYTD, unread},
		{strings.Repeat("2", 65), SpanYTD, unread},
		{"2026-05" + strings.Repeat(" ", 58), SpanYTD, unread},
	}
	for _, tt := range tests {
		p, err := Parse(tt.text, tt.want, 2026)
		got := p.Code() + code(err)
		if got != tt.out {
			t.Errorf("Parse(%q, %v) = %q, want %q (%v)", tt.text, tt.want, got, tt.out, err)
		}
		if err != nil && p != (Period{}) {
			t.Errorf("Parse(%q, %v) gives %v beside an error", tt.text, tt.want, p)
		}
	}
}

func TestParseWithoutYear(t *testing.T) {
	for _, text := range []string{"5月", "1—5月", "一季度", "Q1", "上半年", "前三季度", "全年", "年度", "M05", "H1", "1月—2026年5月", "1月31日"} {
		_, err := Parse(text, SpanYTD, 0)
		f := fault.As(err)
		if f == nil || f.Code != "period_unreadable" || !strings.Contains(f.Zh, "没有写年份") || !strings.Contains(f.En, "names no year") {
			t.Errorf("Parse(%q) without a year: %v", text, err)
		}
	}
	for _, text := range []string{"2026年5月", "2026年1—5月", "202605", "2026.5"} {
		if p, err := Parse(text, SpanYTD, 0); err != nil || p.String() != "2026-05" {
			t.Errorf("Parse(%q) = %v, %v", text, p, err)
		}
	}
	if p, err := Parse("2025年5月", SpanYTD, 2026); err != nil || p.String() != "2025-05" {
		t.Errorf("the text's own year counts: got %v, %v", p, err)
	}
	if _, err := Parse("5月", SpanYTD, 20026); code(err) != "period_unreadable" {
		t.Errorf("a year out of range: %v", err)
	}
	if _, err := Parse("2026-05", 0, 0); err == nil || fault.As(err) != nil {
		t.Errorf("no declared span is the program's error, not the user's: %v", err)
	}
}

// The sentences are what a statistician sees beside the cell.
func TestParseSentences(t *testing.T) {
	tests := []struct {
		text   string
		want   Span
		zh, en string
	}{
		{"2026-Q2", SpanYTD,
			"“2026-Q2”指2026年4—6月，而此处填报年初至期末的累计数；请写“2026-06”或“2026年上半年”这样的时期。",
			"“2026-Q2” means April–June 2026, but this series takes the cumulative figure since January; write it like “2026-06” or “2026年上半年”."},
		{"5月当月", SpanYTD,
			"“5月当月”指2026年5月，而此处填报年初至期末的累计数；请写“2026-05”或“2026年1—5月”这样的时期。",
			"“5月当月” means May 2026, but this series takes the cumulative figure since January; write it like “2026-05” or “2026年1—5月”."},
		{"5月", SpanQuarter,
			"“5月”不能作期末，此处填报当季数；请写“2026-06”或“2026年二季度”这样的时期。",
			"“5月” cannot end a period here, for this series takes the figure of one quarter; write it like “2026-06” or “2026年二季度”."},
		{"2026-01-05", SpanYTD,
			"日期既不是月初也不是月末，不能确定指哪一期（电子表格会把“1-5”变成1月5日）：“2026-01-05”。请写成 2026-05、2026年5月、1—5月、一季度、上半年、全年 等形式。",
			"The date is neither the first nor the last day of a month (a spreadsheet turns 1-5 into 5 January): “2026-01-05”. Write it like 2026-05, 2026年5月, 1—5月, 2026-Q1, 上半年 or 2026."},
		{"\x00\n五\xff", SpanYTD,
			"看不懂这个时期：“  五\ufffd”。请写成 2026-05、2026年5月、1—5月、一季度、上半年、全年 等形式。",
			"This is not a period: “  五\ufffd”. Write it like 2026-05, 2026年5月, 1—5月, 2026-Q1, 上半年 or 2026."},
	}
	for _, tt := range tests {
		_, err := Parse(tt.text, tt.want, 2026)
		f := fault.As(err)
		if f == nil || f.Zh != tt.zh || f.En != tt.en {
			t.Errorf("Parse(%q, %v):\n got %v\nwant %s %s", tt.text, tt.want, err, tt.en, tt.zh)
		}
	}
}

func TestRhythmParse(t *testing.T) {
	tests := []struct {
		rhythm Rhythm
		text   string
		span   Span
		out    string
	}{
		{MonthlyJanFeb, "2026-02", SpanMonth, "2026-02-jan_feb"},
		{MonthlyJanFeb, "2月", SpanMonth, "2026-02-jan_feb"},
		{MonthlyJanFeb, "1—2月", SpanMonth, "2026-02-jan_feb"},
		{MonthlyJanFeb, "2026-02-01", SpanMonth, "2026-02-jan_feb"},
		{MonthlyJanFeb, "2月当月", SpanMonth, "period_rhythm"},
		{MonthlyJanFeb, "1月", SpanMonth, "period_rhythm"},
		{MonthlyJanFeb, "3月", SpanMonth, "2026-03-month"},
		{MonthlyJanFeb, "1—2月", SpanYTD, "2026-02-ytd"},
		{MonthlyJanFeb, "1月", SpanYTD, "period_rhythm"},
		{Monthly, "1—2月", SpanMonth, "period_span"},
		{Monthly, "2月", SpanMonth, "2026-02-month"},
		{Quarterly, "2026-05", SpanYTD, "period_rhythm"},
		{Quarterly, "上半年", SpanYTD, "2026-06-ytd"},
		{Yearly, "2026", SpanYTD, "2026-12-ytd"},
		{Yearly, "前三季度", SpanYTD, "period_rhythm"},
		{Monthly, "五五", SpanYTD, "period_unreadable"},
		{MonthlyJanFeb, "五五", SpanMonth, "period_unreadable"},
	}
	for _, tt := range tests {
		p, err := tt.rhythm.Parse(tt.text, tt.span, 2026)
		if got := p.Code() + code(err); got != tt.out {
			t.Errorf("%v.Parse(%q, %v) = %q, want %q (%v)", tt.rhythm, tt.text, tt.span, got, tt.out, err)
		}
	}
}

func TestFromExcel(t *testing.T) {
	tests := []struct {
		serial float64
		is1904 bool
		want   Span
		out    string
	}{
		{46143, false, SpanYTD, "2026-05-ytd"}, // 2026-05-01
		{46173.99, false, SpanYTD, "2026-05-ytd"},
		{46143 - 1462, true, SpanYTD, "2026-05-ytd"},
		{46159, false, SpanYTD, "period_unreadable"}, // 2026-05-17
		{46143, false, SpanQuarter, "period_span"},
		{1, false, SpanMonth, "1900-01-month"},
		{59, false, SpanMonth, "1900-02-month"}, // 28 February
		{60, false, SpanMonth, "period_unreadable"},
		{61, false, SpanMonth, "1900-03-month"},
		{0, false, SpanMonth, "period_unreadable"},
		{0, true, SpanMonth, "1904-01-month"},
		{-1, false, SpanMonth, "period_unreadable"},
		{1e300, false, SpanMonth, "period_unreadable"},
		{109939, false, SpanMonth, "2200-12-month"}, // 2200-12-31
		{109940, false, SpanMonth, "period_unreadable"},
	}
	for _, tt := range tests {
		p, err := FromExcelSerial(tt.serial, tt.is1904, tt.want)
		if got := p.Code() + code(err); got != tt.out {
			t.Errorf("FromExcelSerial(%v, %v, %v) = %q, want %q (%v)", tt.serial, tt.is1904, tt.want, got, tt.out, err)
		}
	}
	zero := 0.0
	if _, err := FromExcelSerial(zero/zero, false, SpanYTD); code(err) != "period_unreadable" {
		t.Errorf("NaN: %v", err)
	}
	feb := time.Date(2026, 2, 1, 23, 0, 0, 0, time.FixedZone("", -12*3600))
	if p, err := FromTime(feb, SpanMonth); err != nil || p.Code() != "2026-02-month" {
		t.Errorf("FromTime(%v) = %v, %v", feb, p, err)
	}
	if p, err := MonthlyJanFeb.FromTime(feb, SpanMonth); err != nil || p.Code() != "2026-02-jan_feb" {
		t.Errorf("MonthlyJanFeb.FromTime(%v) = %v, %v", feb, p, err)
	}
	if p, err := MonthlyJanFeb.FromExcelSerial(46054, false, SpanMonth); err != nil || p.Code() != "2026-02-jan_feb" {
		t.Errorf("MonthlyJanFeb.FromExcelSerial = %v, %v", p, err)
	}
	if _, err := FromTime(time.Date(12026, 2, 1, 0, 0, 0, 0, time.UTC), SpanMonth); code(err) != "period_unreadable" {
		t.Errorf("year 12026: %v", err)
	}
	if _, err := FromTime(time.Time{}, SpanMonth); code(err) != "period_unreadable" {
		t.Errorf("zero time: %v", err)
	}
}

var anySpan = rapid.Custom(func(t *rapid.T) Span { return Span(rapid.IntRange(1, 6).Draw(t, "span")) })

var anyPeriod = rapid.Custom(func(t *rapid.T) Period {
	for {
		p := Period{Month(rapid.IntRange(MinYear*12, MaxYear*12+11).Draw(t, "end")), anySpan.Draw(t, "span")}
		for !p.Span.ends(p.End) {
			p.End++
		}
		if p.Valid() {
			return p
		}
	}
})

// A period printed in any way is read back with its own span.
func TestPrintedIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPeriod.Draw(t, "period")
		readsBack(t, p)
	})
}

type errorer interface {
	Errorf(format string, args ...any)
}

func readsBack(t errorer, p Period) {
	for _, text := range []string{p.String(), p.Code(), p.ZhYear(), p.Zh()} {
		year := 0
		if text == p.Zh() {
			year = p.Year()
		}
		if q, err := Parse(text, p.Span, year); err != nil || q != p {
			t.Errorf("%s prints as %q, which reads as %s, %v", p.Code(), text, q.Code(), err)
		}
	}
	var q Period
	if b, err := p.MarshalText(); err != nil || q.UnmarshalText(b) != nil || q != p {
		t.Errorf("%s marshals as %q and back as %s, %v", p.Code(), b, q.Code(), err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"2026-05", "2026/5", "202605", "2026.5", "2026-M05", "2026年5月", "5月份", "1—5月", "2026年1-5月", "1—5月累计",
		"5月当月", "2026-Q1", "Q1-Q3", "第一季度", "一至三季度", "上半年", "2026-H1", "前三季度", "全年", "年度", "2026",
		"２０２６－０５", "2026-05-01 00:00:00", "2026年5月31日", "202601-202605", "2026年1月—2026年5月", "2026-02-jan_feb",
		"二〇二六年十二月", "\xff", "前十二个月", "十十月",
	} {
		for span := SpanMonth; span <= SpanYTD; span++ {
			f.Add(s, uint8(span), 2026)
		}
	}
	f.Fuzz(func(t *testing.T, text string, span uint8, year int) {
		p, err := Parse(text, Span(span), year)
		if err != nil {
			fa := fault.As(err)
			if Span(span).Valid() && (fa == nil || fa.Zh == "" || fa.En == "" || len(fa.Error()) > 1000) {
				t.Errorf("Parse(%q): not a fault with two short sentences: %v", text, err)
			}
			return
		}
		if !p.Valid() || p.Span != Span(span) || len(text) > MaxText {
			t.Fatalf("Parse(%q, %v) = %v", text, Span(span), p.Code())
		}
		readsBack(t, p)
	})
}

func TestParseBareDoesNotAllocate(t *testing.T) {
	for _, text := range []string{"2026-05", "2026年5月", "1—5月", "202605"} {
		if n := testing.AllocsPerRun(100, func() {
			if _, err := Parse(text, SpanYTD, 2026); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("Parse(%q) allocates %v times", text, n)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	for _, text := range []string{"2026-05", "2026年5月", "1—5月", "2026-Q1", "2026年前三季度"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(text, SpanYTD, 2026); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
