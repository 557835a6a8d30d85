package board

import (
	"time"

	"xushi/internal/exact"
	"xushi/internal/period"
)

// Elapsed is how much of a plan's year is gone at a moment (时间进度).
type Elapsed struct {
	Date   period.Date // in the plan's zone
	Day    int         // of the year, today counted; 0 before it, Days after it
	Days   int         // in the year
	ByDays exact.Rat   // Day ÷ Days
	// ByMonths is the share of months that have ended, as supervision offices
	// count: 11 ÷ 12 through December.
	ByMonths exact.Rat
}

// Elapsed tells how much of the plan's year is gone at a moment.
func (p *Plan) Elapsed(now time.Time) Elapsed {
	first := period.NewMonth(p.Year, time.January)
	start, end := first.First(), (first + 11).Last()
	e := Elapsed{Date: period.DateOf(now, p.Zone), Days: int(end-start) + 1}
	e.Day = min(max(int(e.Date-start)+1, 0), e.Days)
	e.ByDays = exact.FromFrac(int64(e.Day), int64(e.Days))
	months := min(max(int64(e.Date.Month()-first), 0), 12)
	e.ByMonths = exact.FromFrac(months, 12)
	return e
}
