package judge

import (
	"xushi/internal/exact"
	"xushi/internal/period"
)

// calendar turns dates into positions. A position counts whole months from the
// plan year's start plus the fraction of the month by its days: 15 June is 5.5,
// 31 December is 12. A day is over at its position, so the year starts at 0 on
// 31 December before it. Dates of other years have positions below 0 and
// above 12.
type calendar struct {
	first period.Month    // January of the plan's year
	ends  [13]period.Date // 31 December before, then the last day of each month
}

func newCalendar(year int) calendar {
	c := calendar{first: period.NewMonth(year, 1)}
	for m := range c.ends {
		c.ends[m] = (c.first + period.Month(m)).First() - 1
	}
	return c
}

// start is the day before the year: position 0, day 0.
func (c *calendar) start() period.Date { return c.ends[0] }

// day counts days from the year's start, both ends of a stretch counted:
// 1 January is 1.
func (c *calendar) day(d period.Date) int64 { return int64(d - c.start()) }

// month gives the month that a date lies in, counted from 1 for January of the
// plan's year, the day before it, and its number of days.
func (c *calendar) month(d period.Date) (m int, before period.Date, days int64) {
	if d > c.ends[0] && d <= c.ends[12] {
		m = int(d-c.ends[0]-1)/31 + 1 // at most one too low
		if d > c.ends[m] {
			m++
		}
		return m, c.ends[m-1], int64(c.ends[m] - c.ends[m-1])
	}
	month := d.Month()
	before = month.First() - 1
	return int(month-c.first) + 1, before, int64(month.Days())
}

// position of a date.
func (c *calendar) position(d period.Date) exact.Rat {
	m, before, days := c.month(d)
	n := int64(d - before)
	if n == days {
		return exact.FromInt(int64(m))
	}
	return exact.FromFrac(int64(m-1)*days+n, days)
}

// positionOfDay turns a day count, whole or not, into a position.
func (c *calendar) positionOfDay(day exact.Rat) exact.Rat {
	n, ok := day.Floor().Int64()
	if !ok {
		return exact.Rat{}
	}
	m, before, days := c.month(c.start() + period.Date(n) + 1) // the day that is under way
	into := day.Sub(exact.FromInt(c.day(before)))
	return exact.FromInt(int64(m - 1)).Add(into.Mul(exact.FromFrac(1, days)))
}

// dayOfPosition turns a position into a day count, whole or not.
func (c *calendar) dayOfPosition(position exact.Rat) exact.Rat {
	whole := position.Floor()
	n, ok := whole.Int64()
	if !ok {
		return exact.Rat{}
	}
	month := c.first + period.Month(n) // the month that is under way
	into := position.Sub(whole).Mul(exact.FromInt(int64(month.Days())))
	return exact.FromInt(c.day(month.First() - 1)).Add(into)
}

// monthEnd gives the number of the month that a date of the plan's year ends,
// 1 for 31 January; 0 for other dates.
func (c *calendar) monthEnd(d period.Date) int {
	if m, before, days := c.month(d); 1 <= m && m <= 12 && int64(d-before) == days {
		return m
	}
	return 0
}
