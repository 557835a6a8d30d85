package period

import (
	"time"

	"xushi/internal/fault"
)

// DefaultDueDays is when a figure is due where the plan says nothing.
const DefaultDueDays = 10

// Bounds of a DueRule. Greater numbers are refused by Check and cut off by
// DueDate, which therefore always ends.
const (
	maxDueDays = 366
	maxLag     = 24
)

// DueRule says when the figure of a period is due: N days or working days
// after the period ends, or on listed dates, at the end of that day in the
// plan's zone. Where none of them is given it is DefaultDueDays.
type DueRule struct {
	Days        int    `json:"days,omitempty"`
	WorkingDays int    `json:"working_days,omitempty"`
	Dates       []Date `json:"dates,omitempty"`      // one release date for each own period of the year, in order
	LagMonths   int    `json:"lag_months,omitempty"` // whole months the data run behind
}

// DueDate gives the day by whose end the figure of a period is due. The lag
// comes first (the days count from the end of a later month, a listed date
// moves to the same day of a later month); in the end the day is rolled
// forward to a working day. A calendar of nil knows weekends only.
//
// Listed dates belong to one year: for the periods of other years, and where a
// list is too short, the days count.
func DueDate(rule DueRule, p Period, rhythm Rhythm, calendar *Calendar) Date {
	lag := Month(min(max(rule.LagMonths, 0), maxLag))
	if i, ok := rhythm.place(p); ok && i < len(rule.Dates) {
		if d := rule.Dates[i]; d > p.Last() && d <= (p.End+12).Last() {
			return calendar.Roll(addMonths(d, lag))
		}
	}
	from := (p.End + lag).Last()
	switch {
	case rule.WorkingDays > 0:
		return calendar.AddWorking(from, min(rule.WorkingDays, maxDueDays))
	case rule.Days > 0:
		return calendar.Roll(from + Date(min(rule.Days, maxDueDays)))
	default:
		return calendar.Roll(from + DefaultDueDays)
	}
}

// DueInstant is the end of a due date in a zone: what is filed before it is in
// time.
func DueInstant(d Date, zone *time.Location) time.Time { return d.End(zone) }

// Check tells whether a rule can be honoured for a series of the span in a
// year: nil, or a fault due_rule.
func (rule DueRule) Check(rhythm Rhythm, span Span, year int) error {
	given := 0
	for _, is := range [...]bool{rule.Days != 0, rule.WorkingDays != 0, len(rule.Dates) > 0} {
		if is {
			given++
		}
	}
	if given > 1 {
		return fault.New("due_rule", "days、working_days、dates 只能写一项。",
			"Only one of days, working_days and dates may be given.")
	}
	if rule.Days < 0 || rule.Days > maxDueDays || rule.WorkingDays < 0 || rule.WorkingDays > maxDueDays {
		return fault.Newf("due_rule", "报送期限应为1—%d天。", "Figures are due within 1 to %d days.", maxDueDays)
	}
	if rule.LagMonths < 0 || rule.LagMonths > maxLag {
		return fault.Newf("due_rule", "数据滞后应为0—%d个月。", "The data lag is 0 to %d months.", maxLag)
	}
	if len(rule.Dates) == 0 {
		return nil
	}
	own := rhythm.Periods(year, span)
	if len(own) != len(rule.Dates) {
		return fault.Newf("due_rule", "%[3]d年有%[1]d个报送期，却列了%[2]d个发布日期；请每期写一个。",
			"%[3]d has %[1]d reporting periods, but %[2]d release dates are listed; give one for each.",
			len(own), len(rule.Dates), year)
	}
	for i, d := range rule.Dates {
		if p := own[i]; d <= p.Last() || d > (p.End+12).Last() {
			return fault.New("due_rule",
				p.ZhYear()+"的发布日期 "+d.String()+" 应在期末之后一年之内；请按报送期的先后排列。",
				"The release date "+d.String()+" of "+p.EnYear()+" must lie within a year after the period's end; list the dates in the order of the periods.")
		}
	}
	return nil
}

// addMonths moves a date to the same day of a later month, or its last day
// where that is shorter.
func addMonths(d Date, n Month) Date {
	if n == 0 {
		return d
	}
	m := d.Month()
	return min((m+n).First()+(d-m.First()), (m + n).Last())
}
