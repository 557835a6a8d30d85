package period

import (
	"fmt"
	"time"
)

// FromTime reads a date cell, for a series of the span want. A date stands for
// its month as it does in text: the first day, which a spreadsheet makes of
// 2026-05, and the last, which ends the period, are taken like the bare month.
// Any other is refused, for it may be a 1-5 that the spreadsheet turned into
// 5 January. The time of day is not looked at, nor is the zone changed.
//
// Faults: period_unreadable, period_span.
func FromTime(t time.Time, want Span) (Period, error) {
	y, m, d := t.Date()
	if day := NewDate(y, m, d); inYears(y) && (d == 1 || day == day.Month().Last()) && want.ends(day.Month()) {
		return Period{day.Month(), want}, nil
	}
	return Parse(t.Format(time.DateOnly), want, 0) // refuses it, saying why
}

// FromTime reads a date cell like the function FromTime, for a series that is
// reported in the rhythm; see Rhythm.Parse.
func (r Rhythm) FromTime(t time.Time, span Span) (Period, error) {
	return r.Parse(t.Format(time.DateOnly), span, 0)
}

// FromExcelSerial reads the number behind a date cell (see ExcelDate) like
// FromTime.
//
// Faults: period_unreadable, period_span.
func FromExcelSerial(serial float64, date1904 bool, want Span) (Period, error) {
	d, err := ExcelDate(serial, date1904)
	if err != nil {
		return Period{}, err
	}
	return FromTime(d.utc(), want)
}

// FromExcelSerial reads the number behind a date cell like the function, for a
// series that is reported in the rhythm; see Rhythm.Parse.
func (r Rhythm) FromExcelSerial(serial float64, date1904 bool, span Span) (Period, error) {
	d, err := ExcelDate(serial, date1904)
	if err != nil {
		return Period{}, err
	}
	return r.FromTime(d.utc(), span)
}

// ExcelDate gives the date of the number behind a date cell: days since the
// end of 1899, or since 1 January 1904 in workbooks that say so (date1904);
// the time of day, which is its fraction, is dropped. The caller must know from
// the cell's format that it is a date, for 2026 may also be a year and 202605 a
// month.
//
// A number that is no date, or one after the year 2200, is a fault
// period_unreadable.
func ExcelDate(serial float64, date1904 bool) (Date, error) {
	const limit = 111_000 // keeps NaN and infinities out, too
	if serial >= 0 && serial < limit {
		d, ok := NewDate(1904, time.January, 1)+Date(serial), true
		if days := Date(serial); !date1904 {
			d, ok = NewDate(1899, time.December, 30)+days, days >= 1 && days != 60
			if days < 60 { // 60 is the 29 February 1900 that only Excel knows
				d++
			}
		}
		if ok && inYears(d.Year()) {
			return d, nil
		}
	}
	return 0, unreadable(fmt.Sprint(serial), "单元格里的数不是日期", "The number in the cell is not a date")
}
