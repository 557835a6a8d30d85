package demo_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"xushi/internal/board"
	"xushi/internal/demo"
	"xushi/internal/figure"
	"xushi/internal/judge"
	"xushi/internal/plan"
	"xushi/internal/planfile"
	"xushi/internal/store"
	"xushi/seeds"
)

// open makes a board with the embedded plan over a fresh database at a moment.
func open(t testing.TB, now time.Time) (*board.Board, *figure.Service) {
	t.Helper()
	clock := func() time.Time { return now }
	data, _ := seeds.Holidays("cn")
	calendar, err := planfile.Calendar(data)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(context.Background(), "sqlite:"+filepath.Join(t.TempDir(), "x.db"), store.Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	b := board.New(clock, board.Calendars{"cn": calendar})
	s := figure.NewService(db, b, clock)
	data, _ = seeds.Plan("gulou-2026")
	p, faults := planfile.Parse("gulou-2026.yaml", data)
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.ApplyPlan(context.Background(), "test", p); err != nil {
		t.Fatal(err)
	}
	return b, s
}

// TestEveryStatus fills the demonstration at several moments of the year: it is
// posted without a rejected row, and from autumn on shows every status and light.
func TestEveryStatus(t *testing.T) {
	for _, day := range []string{"2026-01-15", "2026-03-20", "2026-07-12", "2026-11-22", "2027-02-20"} {
		t.Run(day, func(t *testing.T) {
			now, err := time.Parse(time.DateOnly, day)
			if err != nil {
				t.Fatal(err)
			}
			b, s := open(t, now)
			if err := demo.Fill(context.Background(), s, b.Snapshot().Plans[0].Plan, now); err != nil {
				t.Fatal(err)
			}
			tally := b.Snapshot().Plans[0].Tally().Plan
			t.Logf("judged %d, status %v, reporting %v, standing %v, context %d", tally.Judged, tally.Status, tally.Reporting, tally.Standing, tally.Context)
			if day != "2026-11-22" {
				return
			}
			for _, status := range []judge.Status{judge.Done, judge.Ahead, judge.OnTrack, judge.SlightlyBehind, judge.Behind, judge.Missed} {
				if tally.Status[status] == 0 {
					t.Errorf("no indicator is %s", status)
				}
			}
			if tally.Reporting[judge.Late] == 0 {
				t.Error("nothing is late")
			}
			if testing.Verbose() {
				for _, it := range b.Snapshot().Plans[0].Items {
					j := it.Judgement
					t.Logf("%2d %-40s %-10s %-15s %-7s %-8s %s act %s exp %s lag %s pace %s", it.Task.Number, it.ID, it.Kind, j.Status, it.Light, it.Reporting, it.Period, j.Actual, j.Expected, j.Lag, j.Pace)
				}
			}
		})
	}
}

// TestSameTwice fills two databases on the same day: the figures are the same,
// and filling one again changes nothing.
func TestSameTwice(t *testing.T) {
	now := time.Date(2026, 8, 14, 9, 0, 0, 0, time.UTC)
	var seen []string
	for range 2 {
		b, s := open(t, now)
		for range 2 {
			if err := demo.Fill(context.Background(), s, b.Snapshot().Plans[0].Plan, now); err != nil {
				t.Fatal(err)
			}
		}
		text := ""
		for _, it := range b.Snapshot().Plans[0].Items {
			text += it.ID + " " + it.Judgement.Actual.String() + " " + it.Light.String() + "\n"
			if it.Kind == plan.Standing && it.Account == nil {
				continue
			}
			for _, h := range it.Histories() {
				for _, o := range it.Periods() {
					if n := len(h.Revisions(o.Period, false)); n > 2 {
						t.Errorf("%s %s has %d revisions after filling twice", it.ID, o, n)
					}
				}
			}
		}
		seen = append(seen, text)
	}
	if seen[0] != seen[1] {
		t.Error("two fillings on the same day differ")
	}
}
