package timeline_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"xushi/internal/board"
	"xushi/internal/quantity"
	"xushi/internal/quantity/quantitytest"
	testworld "xushi/internal/testkit/world"
	"xushi/internal/timeline"
)

// TestTrim reads more than a book may keep: it keeps no more than that, and what
// it says is right.
func TestTrim(t *testing.T) {
	const items, most = 1000, 1500
	l := quantitytest.Big(t, items) // two plans with five frames each beside the newest
	book := timeline.NewBook(l.Board)
	book.Bound(most, most, 2)
	actual := named(t, "xushi_actual")
	want := all(t, view(t, l.Board, quantity.Options{}), actual)
	same := func(v *timeline.View) {
		t.Helper()
		got := all(t, v, actual)
		if len(got) != len(want) {
			t.Fatalf("%d series, want %d", len(got), len(want))
		}
		for key := range want {
			if !slices.Equal(got[key], want[key]) {
				t.Fatalf("%s: %v, want %v", key, got[key], want[key])
			}
		}
	}
	old := viewOf(t, book, time.Time{}, quantity.Options{})
	same(old)
	if n, _ := book.Held(); n != 5*items {
		t.Errorf("before it is trimmed it holds %d items", n)
	}
	for range 3 {
		v := viewOf(t, book, time.Time{}, quantity.Options{})
		if n, _ := book.Held(); n > most {
			t.Errorf("it holds %d items", n)
		}
		same(v)
		same(old) // its frames were dropped
	}
	for days := range 6 {
		v := viewOf(t, book, quantitytest.Moment.AddDate(0, 0, -days/2), quantity.Options{})
		same(v)
		if _, n := book.Held(); n > 2 {
			t.Errorf("it holds %d replays", n)
		}
	}
	l.Fold(t, quantitytest.Posted(quantitytest.Figure("area000/indicator-000", "", 2026, 5, "333")))
	want = all(t, view(t, l.Board, quantity.Options{}), actual)
	same(viewOf(t, book, time.Time{}, quantity.Options{}))
	same(viewOf(t, book, quantitytest.Moment, quantity.Options{}))
	if _, n := book.Held(); n != 1 {
		t.Errorf("after a change it holds %d replays", n)
	}
}

// TestLoadedLate has a figure loaded that was known long ago: as of then it counts
// from now on, whatever was replayed before.
func TestLoadedLate(t *testing.T) {
	w := testworld.New(t)
	w.At("2026-06-15 10:00")
	w.Apply(testworld.EveryKind(""))
	book := timeline.NewBook(w.Board)
	for _, c := range []struct{ month, want string }{{"", ""}, {"2026-03", "04-01 5"}, {"2026-02", "03-01 5, 04-01 5"}} {
		if c.month != "" {
			w.Post(row("sme", c.month, "5", known("2026-04-08 10:00")))
		}
		for range 2 {
			if got := one(t, viewOf(t, book, moment("2026-04-20 00:00"), quantity.Options{}), "xushi_actual", "sme"); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		}
	}
}

// readings counts what a reader has seen, and says what was wrong with it.
func readings(v *timeline.View, q *quantity.Quantity) (int, error) {
	last := map[string]timeline.Sample{}
	err := v.Range(context.Background(), &timeline.Selection{Quantity: q, From: start, To: end}, func(r *quantity.Row, extra []string, samples []timeline.Sample) error {
		if s := samples[len(samples)-1]; value(s.Value) != "ended" {
			last[labels(r, extra)] = s
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	n := 0
	err = v.Latest(context.Background(), &timeline.Selection{Quantity: q, To: end}, func(r *quantity.Row, extra []string, samples []timeline.Sample) error {
		n++
		if want := last[labels(r, extra)]; want != samples[0] {
			return fmt.Errorf("%s %s: newest is %v, of all it is %v", q.Name, labels(r, extra), samples[0], want)
		}
		return nil
	})
	if err == nil && n != len(last) {
		err = fmt.Errorf("%s: %d series have a newest sample, %d of all", q.Name, n, len(last))
	}
	return n, err
}

// TestConcurrent reads by many while figures are posted and frames dropped. Each
// view is one picture: what it says twice is the same.
func TestConcurrent(t *testing.T) {
	w := testworld.New(t)
	w.At("2026-06-15 10:00")
	w.Apply(testworld.EveryKind(""))
	w.Post(row("sme", "2026-02", "210"), row("gdp", "2026-Q1", "5"), row("income", "2026-Q1", "5"), row("trade", "2026-02", "1"))
	book := timeline.NewBook(w.Board)
	book.Bound(60, 60, 2)
	quantities := []*quantity.Quantity{named(t, "xushi_actual"), named(t, "xushi_expected"), named(t, "xushi_figure"), named(t, "xushi_part_status"),
		named(t, "xushi_plan_lights"), named(t, "xushi_task_status_severity"), named(t, "xushi_knowledge_info"), named(t, "xushi_year_elapsed_ratio"), named(t, "xushi_next_due_timestamp_seconds")}
	stop, failed := make(chan struct{}), make(chan error, 8)
	var readers sync.WaitGroup
	for i := range 8 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for n := i; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				o := quantity.Options{}
				if n%3 == 0 {
					o.Keep = func(it *board.Item) bool { return it.ID != "sme" }
				}
				asOf := time.Time{}
				if n%4 == 0 {
					asOf = moment("2026-06-15 10:00").Add(-time.Duration(n%5) * time.Hour)
				}
				v, err := book.View(asOf, "", o)
				if err == nil {
					_, err = readings(v, quantities[n%len(quantities)])
				}
				if err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	posts := 30
	if testing.Short() {
		posts = 10
	}
	for n := range posts {
		w.Post(row([]string{"sme", "trade", "money"}[n%3], fmt.Sprintf("2026-%02d", n%5+1), fmt.Sprint(n)))
		w.Post(row("districts", "2026-05", fmt.Sprint(n), part([]string{"east", "west"}[n%2])))
	}
	close(stop)
	readers.Wait()
	select {
	case err := <-failed:
		t.Fatal(err)
	default:
	}
	if d := differ(dump(t, view(t, w.Board, quantity.Options{})), dump(t, viewOf(t, book, time.Time{}, quantity.Options{}))); d != "" {
		t.Errorf("after all that the book differs from a new one:\n%s", d)
	}
}
