package judge

import (
	"strings"
	"testing"

	"github.com/govalues/decimal"

	"xushi/internal/exact"
	"xushi/internal/fault"
	"xushi/internal/plan"
)

// band reads "on_track 1 1.05": status, from, below; – is unbounded.
func band(s string) plan.Band {
	f := strings.Fields(s)
	limit := func(i int) *decimal.Decimal {
		if i >= len(f) || f[i] == "–" {
			return nil
		}
		v := decimal.MustParse(f[i])
		return &v
	}
	return plan.Band{Status: f[0], From: limit(1), Below: limit(2), LagBelow: limit(3)}
}

func bandList(list ...string) (b []plan.Band) {
	for _, s := range list {
		b = append(b, band(s))
	}
	return b
}

func codes(l fault.List) string {
	var c []string
	for _, f := range l {
		c = append(c, f.Code)
	}
	return strings.Join(c, " ")
}

func TestCheckBands(t *testing.T) {
	for _, c := range []struct {
		name        string
		bands       plan.Bands
		codes, says string
	}{
		{"none", plan.Bands{}, "", ""},
		{"the defaults", DefaultBands(), "", ""},
		{"in any order", plan.Bands{Gap: bandList("behind – 0", "on_track 0")}, "", ""},
		{"hole", plan.Bands{Pace: bandList("on_track 1", "slightly_behind 0.9 1", "behind – 0.8")}, "bands_hole", "from 0.8 to 0.9"},
		{"nothing below", plan.Bands{Pace: bandList("on_track 1", "slightly_behind 0.9 1")}, "bands_hole", "below 0.9"},
		{"nothing above", plan.Bands{Gap: bandList("on_track 0 3", "behind – 0")}, "bands_hole", "from 3 on"},
		{"overlap", plan.Bands{Pace: bandList("on_track 1", "slightly_behind 0.8 1", "behind – 0.9")}, "bands_overlap", "from 0.8 to 0.9"},
		{"two without a lower limit", plan.Bands{Gap: bandList("on_track 0", "slightly_behind – 0", "behind – -1")}, "bands_overlap", ""},
		{"an open one below another", plan.Bands{Gap: bandList("on_track 0", "slightly_behind -1", "behind – -1")}, "bands_overlap", "∞"},
		{"better for worse values", plan.Bands{Gap: bandList("on_track 0", "behind -1 0", "slightly_behind – -1")}, "bands_order", ""},
		{"on track before it is met", plan.Bands{Pace: bandList("on_track 0.95", "behind – 0.95")}, "bands_met", "pace of 1"},
		{"on track only after it is met", plan.Bands{Gap: bandList("on_track 0.1", "behind – 0.1")}, "bands_met", "gap of 0"},
		{"never on track", plan.Bands{Gap: bandList("ahead 0", "behind – 0")}, "bands_met", ""},
		{"a status of another list", plan.Bands{Age: bandList("on_track – 1", "behind 1")}, "bands_status", "on_track"},
		{"a status of none", plan.Bands{Age: bandList("red – 1", "behind 1")}, "bands_status", "red"},
		{"a status twice", plan.Bands{Gap: bandList("on_track 0", "behind -1 0", "behind – -1")}, "bands_status", "twice"},
		{"an empty band", plan.Bands{Gap: bandList("ahead 1 1", "on_track 0 1", "behind – 0")}, "bands_empty", ""},
		{"a lag for the better half", plan.Bands{Pace: bandList("on_track 1 – 1", "behind – 1")}, "bands_lag", ""},
		{"a lag for a gap", plan.Bands{Gap: bandList("on_track 0", "behind – 0 1")}, "bands_lag", ""},
		{"age: falling", plan.Bands{Age: bandList("behind – 1", "slightly_behind 1")}, "bands_order", ""},
		{"age: hole", plan.Bands{Age: bandList("slightly_behind 0 1", "behind 1")}, "bands_hole", "up to 0"},
		{"age: nothing above", plan.Bands{Age: bandList("slightly_behind – 1")}, "bands_hole", "above 1"},
		{"every list is checked", plan.Bands{Age: bandList("slightly_behind – 1"), Gap: bandList("on_track 0")}, "bands_hole bands_hole", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := CheckBands(c.bands)
			if codes(l) != c.codes || c.says != "" && !strings.Contains(l.Error(), c.says) {
				t.Errorf("got %v, want %q, %q", l, c.codes, c.says)
			}
		})
	}
}

func TestCheckTrajectory(t *testing.T) {
	whole := func(kind string) *plan.Trajectory { return &plan.Trajectory{Kind: kind} }
	for _, c := range []struct {
		name       string
		trajectory *plan.Trajectory
		codes      string
	}{
		{"none is months", nil, ""},
		{"no kind is months", &plan.Trajectory{}, ""},
		{"days", whole(ByDays), ""},
		{"deadline", whole(AtDeadline), ""},
		{"unknown", whole("weeks"), "trajectory_kind"},
		{"shares of months", &plan.Trajectory{Kind: ByMonths, Shares: shares("100").Shares}, "trajectory_kind"},
		{"points of shares", &plan.Trajectory{Kind: ByShares, Points: points("2026-09-30", "88").Points}, "trajectory_kind"},
		{"shares", shares("0", "0", "10", "20", "30", "50", "50", "60", "70", "80", "90", "100"), ""},
		{"eleven shares", shares("0", "10", "20", "30", "50", "50", "60", "70", "80", "90", "100"), "trajectory_shares"},
		{"no shares", whole(ByShares), "trajectory_shares"},
		{"falling shares", shares("0", "10", "9", "20", "30", "50", "50", "60", "70", "80", "90", "100"), "trajectory_shares"},
		{"shares below 0", shares("-1", "0", "9", "20", "30", "50", "50", "60", "70", "80", "90", "100"), "trajectory_shares"},
		{"shares that end at 99", shares("0", "0", "9", "20", "30", "50", "50", "60", "70", "80", "90", "99"), "trajectory_shares"},
		{"points", points("2026-01-01", "8", "2026-03-31", "8", "2026-09-30", "88"), ""},
		{"no points", whole(ByPoints), "trajectory_points"},
		{"a point below the base", points("2026-03-31", "7", "2026-09-30", "88"), "trajectory_points"},
		{"falling points", points("2026-03-31", "30", "2026-04-30", "20", "2026-09-30", "88"), "trajectory_points"},
		{"a day twice", points("2026-03-31", "30", "2026-03-31", "40", "2026-09-30", "88"), "trajectory_points"},
		{"days out of order", points("2026-03-31", "30", "2026-02-28", "40", "2026-09-30", "88"), "trajectory_points"},
		{"half a thing", points("2026-03-31", "30.5", "2026-09-30", "88"), "trajectory_step"},
		{"last year", points("2025-12-31", "8", "2026-09-30", "88"), "trajectory_year"},
		{"beyond the deadline", points("2026-09-30", "88", "2026-10-31", "90"), "trajectory_end"},
		{"ends before the deadline", points("2026-08-31", "88"), "trajectory_end"},
		{"ends below the target", points("2026-09-30", "87"), "trajectory_end"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := CheckTrajectory(c.trajectory, 2026, n("8"), n("88"), num("1"), d("2026-09-30"))
			if codes(l) != c.codes {
				t.Errorf("got %v, want %q", l, c.codes)
			}
		})
	}
	if l := CheckTrajectory(sharesSpec().Trajectory, 2026, exact.Rat{}, one, exact.Opt{}, d("2027-01-31")); codes(l) != "trajectory_year" {
		t.Errorf("shares for a deadline of next year: %v", l)
	}
}
