package period

import (
	"fmt"
	"time"
)

// Date is a day of the civil calendar, without time or zone: days since 1970-01-01.
// It compares and subtracts as a number. Its text form is 2026-05-31.
type Date int32

// NewDate gives the date of a year, month and day; out-of-range days roll over
// as time.Date has them.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// DateOf gives the civil date of an instant in a zone.
func DateOf(t time.Time, zone *time.Location) Date {
	y, m, d := t.In(zone).Date()
	return NewDate(y, m, d)
}

// ParseDate reads 2026-05-31.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date of the form 2026-05-31", s)
	}
	return NewDate(t.Date()), nil
}

func (d Date) utc() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// YMD gives year, month and day.
func (d Date) YMD() (int, time.Month, int) { return d.utc().Date() }

// Year of the date.
func (d Date) Year() int { return d.utc().Year() }

// Weekday of the date.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// Month the date lies in.
func (d Date) Month() Month { y, m, _ := d.YMD(); return NewMonth(y, m) }

// Start is the first instant of the date in a zone.
func (d Date) Start(zone *time.Location) time.Time {
	y, m, day := d.YMD()
	return time.Date(y, m, day, 0, 0, 0, 0, zone)
}

// End is the first instant after the date in a zone (00:00 of the next day).
func (d Date) End(zone *time.Location) time.Time { return (d + 1).Start(zone) }

func (d Date) String() string { return d.utc().Format(time.DateOnly) }

// MarshalText gives 2026-05-31.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 2026-05-31.
func (d *Date) UnmarshalText(b []byte) (err error) { *d, err = ParseDate(string(b)); return err }

// Month is a month of the civil calendar, counted from January of the year 0,
// so that months compare and subtract as numbers.
type Month int32

// NewMonth gives the month of a year.
func NewMonth(year int, month time.Month) Month { return Month(year*12 + int(month) - 1) }

// Year of the month.
func (m Month) Year() int { return int(m) / 12 }

// Of is the month's place in its year, January to December.
func (m Month) Of() time.Month { return time.Month(int(m)%12 + 1) }

// First is the first day of the month.
func (m Month) First() Date { return NewDate(m.Year(), m.Of(), 1) }

// Last is the last day of the month.
func (m Month) Last() Date { return (m + 1).First() - 1 }

// Days in the month.
func (m Month) Days() int { return int(m.Last()-m.First()) + 1 }

// index is the month's place in its year, from 0, for years before 0 too.
func (m Month) index() int { return (int(m)%12 + 12) % 12 }

// String gives 2026-05.
func (m Month) String() string {
	y, i := m.Year(), m.index()+1
	if y < 0 || y > 9999 {
		return fmt.Sprintf("%04d-%02d", y, i)
	}
	b := [7]byte{'0' + byte(y/1000), '0' + byte(y/100%10), '0' + byte(y/10%10), '0' + byte(y%10), '-', '0' + byte(i/10), '0' + byte(i%10)}
	return string(b[:])
}
