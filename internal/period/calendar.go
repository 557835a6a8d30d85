package period

import (
	"time"

	"xushi/internal/fault"
)

// Calendar knows the working days of a country: Monday to Friday except days
// off, and the weekend days that are worked in exchange (调休). In years that
// it lists nothing for, only weekends count. A nil calendar knows weekends
// only. It does not change once made.
type Calendar struct {
	id    string
	days  map[Date]bool // listed days: true where they are worked
	years map[int]struct{}
}

// NewCalendar makes a calendar of days off and of days worked in exchange. A
// date that is in both is a fault holiday_conflict.
func NewCalendar(id string, off, work []Date) (*Calendar, error) {
	c := &Calendar{id: id, days: make(map[Date]bool, len(off)+len(work)), years: map[int]struct{}{}}
	for _, d := range off {
		c.days[d] = false
		c.years[d.Year()] = struct{}{}
	}
	for _, d := range work {
		if worked, listed := c.days[d]; listed && !worked {
			return nil, fault.Newf("holiday_conflict", "%s 同时列为放假和上班。", "%s is listed both as a day off and as a working day.", d)
		}
		c.days[d] = true
		c.years[d.Year()] = struct{}{}
	}
	return c, nil
}

// ID of the calendar, such as cn.
func (c *Calendar) ID() string {
	if c == nil {
		return ""
	}
	return c.id
}

// Covers tells whether the calendar lists any day of a year. Where it does
// not, due dates of that year roll by weekends only.
func (c *Calendar) Covers(year int) bool {
	if c == nil {
		return false
	}
	_, ok := c.years[year]
	return ok
}

// Working tells whether a date is a working day.
func (c *Calendar) Working(d Date) bool {
	if c != nil {
		if worked, listed := c.days[d]; listed {
			return worked
		}
	}
	w := d.Weekday()
	return w != time.Saturday && w != time.Sunday
}

// Roll gives the date itself where it is a working day, else the next one.
func (c *Calendar) Roll(d Date) Date {
	for !c.Working(d) {
		d++
	}
	return d
}

// AddWorking gives the n-th working day after a date; for n < 1 it is Roll.
func (c *Calendar) AddWorking(d Date, n int) Date {
	if n < 1 {
		return c.Roll(d)
	}
	for ; n > 0; n-- {
		d = c.Roll(d + 1)
	}
	return d
}
