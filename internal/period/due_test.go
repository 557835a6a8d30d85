package period

import (
	"os"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"pgregory.net/rapid"

	"xushi/internal/fault"
)

// cn reads the holiday file that Xushi comes with.
func cn(t *testing.T) *Calendar {
	t.Helper()
	var file struct {
		ID    string
		Name  string
		Years []struct {
			Year                   int
			Document, Number, Date string
			Off                    []struct {
				Name     string
				From, To string
			}
			Work []string
		}
	}
	b, err := os.ReadFile("../../seeds/holidays/cn.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalWithOptions(b, &file, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	var off, work []Date
	day := func(s string, year int) Date {
		d, err := ParseDate(s)
		if err != nil || d.Year() != year {
			t.Fatalf("%s in %d: %v", s, year, err)
		}
		return d
	}
	for _, y := range file.Years {
		if y.Document == "" || y.Number == "" || y.Date == "" {
			t.Errorf("%d names no document", y.Year)
		}
		for _, o := range y.Off {
			from, to := day(o.From, y.Year), day(o.To, y.Year)
			if to < from || o.Name == "" {
				t.Errorf("%d: %+v", y.Year, o)
			}
			for d := from; d <= to; d++ {
				off = append(off, d)
			}
		}
		for _, s := range y.Work {
			d := day(s, y.Year)
			if wd := d.Weekday(); wd != time.Saturday && wd != time.Sunday {
				t.Errorf("%v is worked anyway", d)
			}
			work = append(work, d)
		}
	}
	c, err := NewCalendar(file.ID, off, work)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The law gives 13 days off a year; all others are moved weekends. So the
// working days of a year tell whether the file forgot one.
func TestChineseHolidays(t *testing.T) {
	c := cn(t)
	if c.ID() != "cn" {
		t.Errorf("id %q", c.ID())
	}
	for _, year := range []int{2025, 2026} {
		working, weekdays := 0, 0
		for d := NewDate(year, 1, 1); d.Year() == year; d++ {
			if c.Working(d) {
				working++
			}
			if (*Calendar)(nil).Working(d) {
				weekdays++
			}
		}
		if working != weekdays-13 || !c.Covers(year) {
			t.Errorf("%d has %d working days and %d weekdays", year, working, weekdays)
		}
	}
	if c.Covers(2024) || c.Covers(2027) || (*Calendar)(nil).Covers(2026) || (*Calendar)(nil).ID() != "" {
		t.Error("covers a year it lists nothing for")
	}
	if !c.Working(NewDate(2027, 10, 1)) || c.Working(NewDate(2027, 10, 2)) {
		t.Error("in a year it lists nothing for only weekends count")
	}
	if _, err := NewCalendar("x", []Date{1}, []Date{1}); code(err) != "holiday_conflict" {
		t.Errorf("a day both off and worked: %v", err)
	}
}

func TestDueDate(t *testing.T) {
	c := cn(t)
	dates := func(s ...string) (list []Date) {
		for _, x := range s {
			d, err := ParseDate(x)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, d)
		}
		return list
	}
	quarters := dates("2026-04-18", "2026-07-17", "2026-10-19", "2027-01-18")
	tests := []struct {
		name   string
		rule   DueRule
		period string
		rhythm Rhythm
		want   string
	}{
		{"default", DueRule{}, "2026-05-ytd", Monthly, "2026-06-10"},
		{"Sunday", DueRule{}, "2026-04-ytd", Monthly, "2026-05-11"},
		{"on the worked Saturday", DueRule{Days: 9}, "2026-04-ytd", Monthly, "2026-05-09"},
		{"into the long holiday", DueRule{Days: 3}, "2026-09-ytd", Monthly, "2026-10-08"},
		{"weekend", DueRule{Days: 12}, "2026-06-ytd", Monthly, "2026-07-13"},
		{"working days over a holiday", DueRule{WorkingDays: 1}, "2026-09-ytd", Monthly, "2026-10-08"},
		{"working days over the worked Saturday", DueRule{WorkingDays: 3}, "2026-09-ytd", Monthly, "2026-10-10"},
		{"working days in January", DueRule{WorkingDays: 5}, "2025-12-ytd", Monthly, "2026-01-08"}, // 4 January is worked
		{"end of a leap February", DueRule{Days: 1}, "2028-02-ytd", Monthly, "2028-03-01"},
		{"lag", DueRule{Days: 10, LagMonths: 1}, "2026-05-ytd", Monthly, "2026-07-10"},
		{"lag and working days", DueRule{WorkingDays: 2, LagMonths: 1}, "2026-08-ytd", Monthly, "2026-10-09"},
		{"listed, rolled", DueRule{Dates: quarters}, "2026-03-ytd", Quarterly, "2026-04-20"},
		{"listed", DueRule{Dates: quarters}, "2026-06-ytd", Quarterly, "2026-07-17"},
		{"listed, in the next year", DueRule{Dates: quarters}, "2026-12-ytd", Quarterly, "2027-01-18"},
		{"listed, with lag", DueRule{Dates: quarters, LagMonths: 1}, "2026-06-ytd", Quarterly, "2026-08-17"},
		{"listed for another year", DueRule{Dates: quarters}, "2025-06-ytd", Quarterly, "2025-07-10"},
		{"listed for an earlier year", DueRule{Dates: quarters}, "2027-06-ytd", Quarterly, "2027-07-12"},
		{"list too short", DueRule{Dates: quarters[:1]}, "2026-06-ytd", Quarterly, "2026-07-10"},
		{"not its own period", DueRule{Dates: quarters}, "2026-05-ytd", Quarterly, "2026-06-10"},
		{"listed under 1—2月", DueRule{Dates: dates("2026-03-16", "2026-04-16")}, "2026-03-month", MonthlyJanFeb, "2026-04-16"},
		{"1—2月", DueRule{Dates: dates("2026-03-16", "2026-04-16")}, "2026-02-jan_feb", MonthlyJanFeb, "2026-03-16"},
		{"lag at the end of a month", DueRule{Dates: dates("2027-01-31"), LagMonths: 1}, "2026-12-ytd", Yearly, "2027-03-01"},
	}
	for _, tt := range tests {
		if got := DueDate(tt.rule, mustCode(t, tt.period), tt.rhythm, c).String(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestDueInstant(t *testing.T) {
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	if got := DueInstant(NewDate(2026, 6, 10), zone); !got.Equal(time.Date(2026, 6, 10, 16, 0, 0, 0, time.UTC)) {
		t.Errorf("got %v", got)
	}
}

func TestDueIsAWorkingDayAfterThePeriod(t *testing.T) {
	c := cn(t)
	rapid.Check(t, func(t *rapid.T) {
		p := Period{Month(rapid.IntRange(2024*12, 2028*12).Draw(t, "end")), SpanYTD}
		day := rapid.Custom(func(t *rapid.T) Date {
			return Date(rapid.IntRange(int(NewDate(2023, 1, 1)), int(NewDate(2029, 1, 1))).Draw(t, "day"))
		})
		rule := DueRule{
			Days:        rapid.IntRange(-5, 500).Draw(t, "days"),
			WorkingDays: rapid.IntRange(-5, 500).Draw(t, "working"),
			LagMonths:   rapid.IntRange(-5, 50).Draw(t, "lag"),
			Dates:       rapid.SliceOfN(day, 0, 14).Draw(t, "dates"),
		}
		calendar := rapid.SampledFrom([]*Calendar{c, nil}).Draw(t, "calendar")
		rhythm := Rhythm(rapid.IntRange(0, 6).Draw(t, "rhythm"))
		due := DueDate(rule, p, rhythm, calendar)
		if !calendar.Working(due) || due <= p.Last() {
			t.Fatalf("%s is due on %v, a %v", p.Code(), due, due.Weekday())
		}
		if rule.Check(rhythm, SpanYTD, p.Year()) == nil {
			// A valid rule is honoured: never before what it says.
			if i, ok := rhythm.place(p); ok && len(rule.Dates) > 0 && due < rule.Dates[i] {
				t.Fatalf("%s is due on %v, before its release on %v", p.Code(), due, rule.Dates[i])
			}
			if due < (p.End+Month(rule.LagMonths)).Last()+Date(rule.Days) && len(rule.Dates) == 0 {
				t.Fatalf("%s is due on %v", p.Code(), due)
			}
		}
	})
}

func TestDueRuleCheck(t *testing.T) {
	good := []Date{NewDate(2026, 4, 18), NewDate(2026, 7, 17), NewDate(2026, 10, 19), NewDate(2027, 1, 18)}
	for _, tt := range []struct {
		name string
		rule DueRule
		ok   bool
	}{
		{"nothing", DueRule{}, true},
		{"days", DueRule{Days: 12, LagMonths: 1}, true},
		{"working days", DueRule{WorkingDays: 5}, true},
		{"dates", DueRule{Dates: good}, true},
		{"two at once", DueRule{Days: 1, WorkingDays: 1}, false},
		{"days and dates", DueRule{Days: 1, Dates: good}, false},
		{"negative", DueRule{Days: -1}, false},
		{"too many", DueRule{WorkingDays: 367}, false},
		{"lag backwards", DueRule{LagMonths: -1}, false},
		{"too few dates", DueRule{Dates: good[:3]}, false},
		{"out of order", DueRule{Dates: []Date{good[1], good[0], good[2], good[3]}}, false},
		{"on the last day", DueRule{Dates: []Date{NewDate(2026, 3, 31), good[1], good[2], good[3]}}, false},
		{"years later", DueRule{Dates: []Date{good[0], good[1], good[2], NewDate(2028, 1, 18)}}, false},
	} {
		err := tt.rule.Check(Quarterly, SpanYTD, 2026)
		f := fault.As(err)
		if tt.ok != (err == nil) || !tt.ok && (f == nil || f.Code != "due_rule") {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func BenchmarkDueDate(b *testing.B) {
	b.ReportAllocs()
	p := Period{NewMonth(2026, 5), SpanYTD}
	for b.Loop() {
		DueDate(DueRule{WorkingDays: 5}, p, Monthly, nil)
	}
}
