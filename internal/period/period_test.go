package period

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xushi/internal/fault"
)

func mustCode(t *testing.T, s string) Period {
	t.Helper()
	p, err := ParseCode(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPeriod(t *testing.T) {
	tests := []struct {
		code, first, last  string
		zh, en, zhY, enY   string
		lastYear, bareText string
	}{
		{"2026-05-month", "2026-05-01", "2026-05-31", "5月", "May", "2026年5月", "May 2026", "2025-05-month", "2026-05"},
		{"2026-02-jan_feb", "2026-01-01", "2026-02-28", "1—2月", "January–February", "2026年1—2月", "January–February 2026", "2025-02-jan_feb", "2026-02"},
		{"2024-02-ytd", "2024-01-01", "2024-02-29", "1—2月", "January–February", "2024年1—2月", "January–February 2024", "2023-02-ytd", "2024-02"},
		{"2026-03-quarter", "2026-01-01", "2026-03-31", "一季度", "Q1", "2026年一季度", "Q1 2026", "2025-03-quarter", "2026-03"},
		{"2026-09-quarter", "2026-07-01", "2026-09-30", "三季度", "Q3", "2026年三季度", "Q3 2026", "2025-09-quarter", "2026-09"},
		{"2026-06-half", "2026-01-01", "2026-06-30", "上半年", "first half", "2026年上半年", "first half of 2026", "2025-06-half", "2026-06"},
		{"2026-12-half", "2026-07-01", "2026-12-31", "下半年", "second half", "2026年下半年", "second half of 2026", "2025-12-half", "2026-12"},
		{"2026-12-year", "2026-01-01", "2026-12-31", "全年", "full year", "2026年全年", "full year 2026", "2025-12-year", "2026-12"},
		{"2026-01-ytd", "2026-01-01", "2026-01-31", "1月", "January", "2026年1月", "January 2026", "2025-01-ytd", "2026-01"},
		{"2026-03-ytd", "2026-01-01", "2026-03-31", "一季度", "January–March", "2026年一季度", "January–March 2026", "2025-03-ytd", "2026-03"},
		{"2026-05-ytd", "2026-01-01", "2026-05-31", "1—5月", "January–May", "2026年1—5月", "January–May 2026", "2025-05-ytd", "2026-05"},
		{"2026-06-ytd", "2026-01-01", "2026-06-30", "上半年", "first half", "2026年上半年", "first half of 2026", "2025-06-ytd", "2026-06"},
		{"2026-09-ytd", "2026-01-01", "2026-09-30", "前三季度", "first three quarters", "2026年前三季度", "first three quarters of 2026", "2025-09-ytd", "2026-09"},
		{"2026-12-ytd", "2026-01-01", "2026-12-31", "全年", "full year", "2026年全年", "full year 2026", "2025-12-ytd", "2026-12"},
	}
	for _, tt := range tests {
		p := mustCode(t, tt.code)
		got := [...]string{p.Code(), p.First().String(), p.Last().String(), p.Zh(), p.En(), p.ZhYear(), p.EnYear(), p.LastYear().Code(), p.String()}
		want := [...]string{tt.code, tt.first, tt.last, tt.zh, tt.en, tt.zhY, tt.enY, tt.lastYear, tt.bareText}
		if got != want {
			t.Errorf("%s:\n got %q\nwant %q", tt.code, got, want)
		}
	}
	var zero Period
	if zero.Valid() || zero.Code()+zero.Zh()+zero.En()+zero.ZhYear()+zero.EnYear() != "" {
		t.Errorf("the zero period is no period: %q", zero.Code())
	}
}

func TestCodes(t *testing.T) {
	for _, bad := range []string{"2026-05", "2026-05-", "2026-05-YTD", "2026-05-quarter", "2026-13-ytd", "1899-12-ytd", "2026-5-ytd", "2026-03-jan_feb", "x"} {
		if p, err := ParseCode(bad); err == nil {
			t.Errorf("ParseCode(%q) = %v", bad, p.Code())
		}
	}
	type all struct {
		P Period
		S Span
		R Rhythm
		D Date
	}
	for _, want := range []all{{}, {Period{NewMonth(2026, 5), SpanYTD}, SpanJanFeb, MonthlyJanFeb, NewDate(2026, 5, 31)}} {
		b, err := json.Marshal(want)
		var got all
		if err != nil || json.Unmarshal(b, &got) != nil || got != want {
			t.Errorf("%s comes back as %+v, %v", b, got, err)
		}
	}
	for name := range strings.FieldsSeq("month jan_feb quarter half year ytd") {
		if s, err := ParseSpan(name); err != nil || s.String() != name || s.Zh() == "" || s.En() == "" {
			t.Errorf("ParseSpan(%q) = %v, %v", name, s, err)
		}
	}
	for name := range strings.FieldsSeq("monthly monthly_janfeb quarterly half_yearly yearly") {
		if r, err := ParseRhythm(name); err != nil || r.String() != name || r.Zh() == "" || r.En() == "" {
			t.Errorf("ParseRhythm(%q) = %v, %v", name, r, err)
		}
	}
	for _, bad := range []string{"", "Month", "weekly"} {
		if s, err := ParseSpan(bad); err == nil {
			t.Errorf("ParseSpan(%q) = %v", bad, s)
		}
		if r, err := ParseRhythm(bad); err == nil {
			t.Errorf("ParseRhythm(%q) = %v", bad, r)
		}
	}
	if _, err := Span(9).MarshalText(); err == nil {
		t.Error("Span(9) marshals")
	}
	if _, err := Rhythm(9).MarshalText(); err == nil {
		t.Error("Rhythm(9) marshals")
	}
	if s := Span(9).Zh() + Span(9).En() + Rhythm(9).Zh() + Rhythm(9).En(); !strings.Contains(s, "Span(9)") {
		t.Error(s)
	}
}

func codes(list []Period) string {
	var s []string
	for _, p := range list {
		s = append(s, p.Code()[5:])
	}
	return strings.Join(s, " ")
}

func TestPeriodsOfRhythm(t *testing.T) {
	tests := []struct {
		rhythm Rhythm
		span   Span
		want   string
	}{
		{Monthly, SpanYTD, "01-ytd 02-ytd 03-ytd 04-ytd 05-ytd 06-ytd 07-ytd 08-ytd 09-ytd 10-ytd 11-ytd 12-ytd"},
		{MonthlyJanFeb, SpanYTD, "02-ytd 03-ytd 04-ytd 05-ytd 06-ytd 07-ytd 08-ytd 09-ytd 10-ytd 11-ytd 12-ytd"},
		{MonthlyJanFeb, SpanMonth, "02-jan_feb 03-month 04-month 05-month 06-month 07-month 08-month 09-month 10-month 11-month 12-month"},
		{MonthlyJanFeb, SpanJanFeb, "02-jan_feb 03-month 04-month 05-month 06-month 07-month 08-month 09-month 10-month 11-month 12-month"},
		{Monthly, SpanJanFeb, ""},
		{Monthly, SpanQuarter, "03-quarter 06-quarter 09-quarter 12-quarter"},
		{Quarterly, SpanYTD, "03-ytd 06-ytd 09-ytd 12-ytd"},
		{Quarterly, SpanQuarter, "03-quarter 06-quarter 09-quarter 12-quarter"},
		{Quarterly, SpanMonth, "03-month 06-month 09-month 12-month"},
		{Quarterly, SpanHalf, "06-half 12-half"},
		{HalfYearly, SpanYTD, "06-ytd 12-ytd"},
		{Yearly, SpanYTD, "12-ytd"},
		{Yearly, SpanYear, "12-year"},
		{0, SpanYTD, ""},
		{Monthly, 0, ""},
		{9, 9, ""},
	}
	for _, tt := range tests {
		if got := codes(tt.rhythm.Periods(2026, tt.span)); got != tt.want {
			t.Errorf("%v.Periods(2026, %v) = %s, want %s", tt.rhythm, tt.span, got, tt.want)
		}
	}
}

func TestLatest(t *testing.T) {
	tests := []struct {
		rhythm Rhythm
		span   Span
		by     Date
		want   string
	}{
		{Monthly, SpanYTD, NewDate(2026, 5, 30), "2026-04-ytd"},
		{Monthly, SpanYTD, NewDate(2026, 5, 31), "2026-05-ytd"},
		{Monthly, SpanYTD, NewDate(2026, 6, 1), "2026-05-ytd"},
		{MonthlyJanFeb, SpanMonth, NewDate(2026, 2, 27), "2025-12-month"},
		{MonthlyJanFeb, SpanMonth, NewDate(2026, 2, 28), "2026-02-jan_feb"},
		{Quarterly, SpanYTD, NewDate(2026, 5, 31), "2026-03-ytd"},
		{HalfYearly, SpanHalf, NewDate(2026, 5, 31), "2025-12-half"},
		{Yearly, SpanYTD, NewDate(2026, 12, 30), "2025-12-ytd"},
		{Yearly, SpanYTD, NewDate(2026, 12, 31), "2026-12-ytd"},
		{Quarterly, SpanJanFeb, NewDate(2026, 12, 31), ""},
	}
	for _, tt := range tests {
		p, ok := tt.rhythm.Latest(tt.span, tt.by)
		if p.Code() != tt.want || ok != (tt.want != "") {
			t.Errorf("%v.Latest(%v, %v) = %s, %v, want %s", tt.rhythm, tt.span, tt.by, p.Code(), ok, tt.want)
		}
	}
}

func TestOwns(t *testing.T) {
	err := Quarterly.Owns(mustCode(t, "2026-05-ytd"))
	f := fault.As(err)
	if f == nil || f.Code != "period_rhythm" ||
		f.Zh != "2026年1—5月不是报送期：此项按季报送，可报：一季度、上半年、前三季度、全年。" ||
		f.En != "January–May 2026 is not a reporting period here: reports are quarterly, for January–March, first half, first three quarters, full year." {
		t.Errorf("got %v", err)
	}
	for _, tt := range []struct {
		rhythm Rhythm
		code   string
		owns   bool
	}{
		{MonthlyJanFeb, "2026-02-month", false},
		{MonthlyJanFeb, "2026-01-month", false},
		{MonthlyJanFeb, "2026-02-jan_feb", true},
		{Monthly, "2026-02-jan_feb", false},
		{Monthly, "2026-02-month", true},
		{0, "2026-02-month", false},
	} {
		err := tt.rhythm.Owns(mustCode(t, tt.code))
		if tt.owns != (err == nil) || err != nil && code(err) != "period_rhythm" {
			t.Errorf("%v.Owns(%s) = %v", tt.rhythm, tt.code, err)
		}
	}
	for _, p := range []Period{{}, {End: NewMonth(2026, 3), Span: SpanJanFeb}, {End: NewMonth(2026, 5), Span: SpanQuarter}, {End: -5, Span: SpanMonth}, {End: NewMonth(2026, 5), Span: 99}} {
		if err := MonthlyJanFeb.Owns(p); code(err) != "period_rhythm" {
			t.Errorf("Owns(%+v) = %v", p, err)
		}
	}
}

// The rhythm's functions agree with its list of periods.
func TestRhythmAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rhythm := Rhythm(rapid.IntRange(1, 5).Draw(t, "rhythm"))
		span := anySpan.Draw(t, "span")
		by := Date(rapid.IntRange(int(NewDate(1950, 1, 1)), int(NewDate(2150, 1, 1))).Draw(t, "by"))
		all := slices.Concat(rhythm.Periods(by.Year()-1, span), rhythm.Periods(by.Year(), span), rhythm.Periods(by.Year()+1, span))
		if !slices.IsSortedFunc(all, Period.Compare) {
			t.Fatalf("not in order: %s", codes(all))
		}
		var want Period
		for i, p := range all {
			if p.Last() <= by {
				want = p
			}
			if !p.Valid() || rhythm.Owns(p) != nil {
				t.Fatalf("%v does not own its %s", rhythm, p.Code())
			}
			for _, text := range []string{p.String(), p.Code(), p.ZhYear()} {
				if span == SpanJanFeb {
					break // which no series declares
				}
				if q, err := rhythm.Parse(text, span, 0); err != nil || q != p {
					t.Fatalf("%v reads its %s from %q as %s, %v", rhythm, p.Code(), text, q.Code(), err)
				}
			}
			if i > 0 && (rhythm.Previous(p) != all[i-1] || rhythm.Next(all[i-1]) != p) {
				t.Fatalf("%s comes after %s", p.Code(), rhythm.Previous(p).Code())
			}
			if n, ok := rhythm.place(p); !ok || rhythm.Periods(p.Year(), span)[n] != p {
				t.Fatalf("%s is at %d", p.Code(), n)
			}
		}
		got, ok := rhythm.Latest(span, by)
		if got != want || ok != (len(all) > 0) {
			t.Fatalf("%v.Latest(%v, %v) = %s, want %s", rhythm, span, by, got.Code(), want.Code())
		}
	})
}

func TestDate(t *testing.T) {
	shanghai := time.FixedZone("Asia/Shanghai", 8*3600)
	instant := time.Date(2026, 5, 31, 17, 0, 0, 0, time.UTC) // already June there
	if d := DateOf(instant, shanghai); d.String() != "2026-06-01" || !d.Start(shanghai).Equal(instant.Add(-time.Hour)) {
		t.Errorf("DateOf = %v", d)
	}
	if _, err := ParseDate("2026-02-29"); err == nil {
		t.Error("there is no 29 February 2026")
	}
	if got := Month(-1).String() + Month(12*10000).String(); got != "0000-1210000-01" {
		t.Errorf("months outside four-digit years: %s", got)
	}
}

func TestPosition(t *testing.T) {
	tests := []struct {
		date     string
		num, den int
	}{
		{"2026-06-15", 165, 30}, // 5.5
		{"2026-06-30", 180, 30}, // 6
		{"2026-12-31", 12 * 31, 31},
		{"2026-01-01", 1, 31},
		{"2026-02-14", 28 + 14, 28}, // 1.5
		{"2025-12-31", 0, 31},
		{"2025-12-30", -1, 31},
		{"2027-03-31", 15 * 31, 31},
	}
	for _, tt := range tests {
		d, err := ParseDate(tt.date)
		if err != nil {
			t.Fatal(err)
		}
		if num, den := Position(d, NewMonth(2026, 1)); num != tt.num || den != tt.den {
			t.Errorf("Position(%s) = %d/%d, want %d/%d", d, num, den, tt.num, tt.den)
		}
	}
}

func TestNoAllocations(t *testing.T) {
	p, by := Period{NewMonth(2026, 5), SpanYTD}, NewDate(2026, 5, 30)
	rule := DueRule{WorkingDays: 5}
	if n := testing.AllocsPerRun(100, func() {
		MonthlyJanFeb.Latest(SpanMonth, by)
		Quarterly.Next(p)
		Quarterly.Previous(p)
		DueDate(rule, p, Monthly, nil)
		Position(by, NewMonth(2026, 1))
		_ = p.Zh()
		_ = Monthly.Owns(p)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkLatest(b *testing.B) {
	b.ReportAllocs()
	by := NewDate(2026, 5, 30)
	for b.Loop() {
		Quarterly.Latest(SpanYTD, by)
	}
}
