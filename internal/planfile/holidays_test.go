package planfile

import (
	"strings"
	"testing"

	"xushi/internal/period"
	"xushi/seeds"
)

func TestCalendar(t *testing.T) {
	for _, id := range seeds.Calendars() {
		data, _ := seeds.Holidays(id)
		c, err := Calendar(data)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		if c.ID() != id {
			t.Errorf("%s has the id %s", id, c.ID())
		}
	}
	data, _ := seeds.Holidays("cn")
	c, err := Calendar(data)
	if err != nil {
		t.Fatal(err)
	}
	for day, working := range map[string]bool{
		"2026-10-01": false, "2026-10-10": true, "2026-02-28": true, "2026-02-23": false, "2026-03-02": true, "2026-03-07": false,
	} {
		d, err := period.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Working(d); got != working {
			t.Errorf("%s working: %v", day, got)
		}
	}
}

func TestCalendarFaults(t *testing.T) {
	const good = "id: cn\nyears:\n  - year: 2026\n    off:\n      - {name: 元旦, from: 2026-01-01, to: 2026-01-03}\n    work: [2026-01-04]\n"
	if _, err := Calendar([]byte(good)); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ old, new, want string }{
		{"id: cn\n", "", ":1: missing_field"},
		{"year: 2026", "year: 二〇二六", ":3: bad_type"},
		{"work:", "worked:", ":6: unknown_field"},
		{"to: 2026-01-03", "to: 2025-12-31", ":5: bad_date"},
		{"to: 2026-01-03", "to: 2026-02-30", ":5: bad_date"},
		{"from: 2026-01-01", "from: 2026-01-04", ":5: date_order"},
		{"to: 2026-01-03", "to: 2026-09-03", ":5: date_order"},
		{"[2026-01-04]", "[2026-01-03]", ":6: holiday_conflict"},
		{"[2026-01-04]", "[2026-01-04, 2026-01-04]", ":6: holiday_twice"},
		{"[2026-01-04]", "[2026-01-05]", ":6: holiday_work"},
		{"[2026-01-04]", "2026-01-04", ":6: bad_type"},
		{good, "", ":1: file_empty"},
		{good, "- a", ":1: bad_type"},
	}
	for _, tt := range tests {
		text := strings.Replace(good, tt.old, tt.new, 1)
		_, err := Calendar([]byte(text))
		if err == nil {
			t.Errorf("%q instead of %q passed", tt.new, tt.old)
			continue
		}
		if got := lines(err); !strings.Contains(got, tt.want) {
			t.Errorf("%q instead of %q gave %q, want %q", tt.new, tt.old, got, tt.want)
		}
	}
}
