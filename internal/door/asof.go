package door

import (
	"time"

	"xushi/internal/fault"
	"xushi/internal/period"
)

// ReadAsOf reads a moment of knowledge: a moment, or a date, which means the end
// of that day; the day that is not over, and nothing, mean now, the zero moment.
// Fault bad_as_of.
func ReadAsOf(s string, zone *time.Location, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t, nil
	}
	d, err := period.ParseDate(s)
	if err != nil {
		return time.Time{}, fault.Newf("bad_as_of", "as_of 的值“%[1]s”不是时刻；请写 2026-05-31 或 2026-05-31T17:00:00+08:00（加号写成 %%2B）。",
			"as_of=%[1]q is not a moment; write it as 2026-05-31 or 2026-05-31T17:00:00+08:00 (the plus as %%2B).", fault.Clip(s, 40)).At("as_of")
	}
	if d == period.DateOf(now, zone) {
		return time.Time{}, nil
	}
	return d.End(zone).Add(-time.Microsecond), nil // the next midnight is another day
}
