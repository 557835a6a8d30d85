package judge

import (
	"testing"

	"xushi/internal/plan"
)

func TestLightOf(t *testing.T) {
	for _, c := range []struct {
		status     Status
		bestEffort bool
		reporting  Reporting
		missed     int
		want       Light
	}{
		{Done, false, Filed, 0, Green},
		{Ahead, false, Filed, 0, Green},
		{OnTrack, false, NotDue, 0, Green},
		{SlightlyBehind, false, Filed, 0, Yellow},
		{Behind, false, Filed, 0, Red},
		{Behind, true, Filed, 0, Red},
		{Missed, false, Filed, 0, Red},
		{Missed, true, Filed, 0, Yellow},
		{Pending, false, NotDue, 0, Grey},
		{Pending, false, AwaitingRelease, 0, Grey},
		{None, false, Filed, 0, Grey},
		// Late: the worse of the last judgement and yellow, then red.
		{OnTrack, false, Late, 1, Yellow},
		{SlightlyBehind, false, Late, 1, Yellow},
		{Behind, false, Late, 1, Red},
		{Missed, true, Late, 1, Yellow},
		{Missed, true, Late, 2, Red},
		{OnTrack, false, Late, 2, Red},
		{Pending, false, Late, 1, Yellow},
		{Pending, false, Late, 3, Red},
		{None, false, Late, 3, Grey},
		// A source that has not released is nobody's lateness.
		{OnTrack, false, AwaitingRelease, 2, Green},
		{Status(99), false, Filed, 0, Grey},
	} {
		if got := LightOf(c.status, c.bestEffort, c.reporting, c.missed); got != c.want {
			t.Errorf("%v, best effort %v, %v, %d missed: %v, want %v", c.status, c.bestEffort, c.reporting, c.missed, got, c.want)
		}
	}
}

// Late never hides what is known, and never makes it look better.
func TestLateNeverImproves(t *testing.T) {
	for _, s := range Statuses() {
		for _, best := range []bool{false, true} {
			filed := LightOf(s, best, Filed, 0)
			for missed := range 4 {
				late := LightOf(s, best, Late, missed)
				if late < filed || late == Green {
					t.Errorf("%v: %v when filed, %v when late", s, filed, late)
				}
			}
		}
	}
}

func TestStatusNames(t *testing.T) {
	for i, s := range Statuses() {
		var back Status
		text, _ := s.MarshalText()
		if err := back.UnmarshalText(text); err != nil || back != s || s.Severity() != i {
			t.Errorf("%v became %v, %v", s, back, err)
		}
	}
	if _, err := ParseStatus("red"); err == nil {
		t.Error("red is no status")
	}
	if len(Statuses()) != len(statusNames) {
		t.Error("a status is not listed")
	}
	if Filed.State() != "filed" || NotDue.State() != "pending" || AwaitingRelease.State() != "pending" || Late.State() != "late" {
		t.Error("reporting states")
	}
	for word, s := range map[string]Status{"正常推进": OnTrack, "需关注": SlightlyBehind, "推进缓慢": Behind} {
		if got, ok := ParseSet(word); !ok || got != s {
			t.Errorf("%s = %v", word, got)
		}
	}
	if _, ok := ParseSet("done"); ok {
		t.Error("the office cannot set done")
	}
	if !Closed(plan.Milestone, Done) || Closed(plan.Growth, Done) || Closed(plan.Cumulative, Ahead) {
		t.Error("closed")
	}
}
