package board_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xushi/internal/board"
	testworld "xushi/internal/testkit/world"
)

// kept is what the board said at a moment.
type kept struct {
	moment   time.Time
	snapshot *board.Snapshot
	text     string
}

// TestReplay lives through a random year of posts, corrections, withdrawals,
// entries, accounts and changed plans, and keeps every snapshot on the way. Then
// whatever was said at a moment is said again as of that moment, the kept
// snapshots have not changed, and a server that reads the log in pieces of any
// size shows the same.
func TestReplay(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := testworld.NewLife(t, versions())
		var all []kept
		keep := func() {
			w.Board.Tick()
			s := w.Board.Snapshot()
			all = append(all, kept{w.Now, s, dump(t, s)})
		}
		for range rapid.IntRange(1, 30).Draw(r, "steps") {
			if !w.Pass(r, 30) {
				break
			}
			if rapid.Bool().Draw(r, "looks first") {
				keep()
				w.Now = w.Now.Add(time.Second)
			}
			w.Step(r)
			keep()
		}
		for _, k := range all {
			if got := dump(t, k.snapshot); got != k.text {
				r.Fatalf("the snapshot of %v has changed", k.moment)
			}
			s, err := w.Board.At(board.Query{AsOf: k.moment})
			if err != nil {
				r.Fatal(err)
			}
			if got := dump(t, s); got != k.text {
				differ(r, "as of "+k.moment.String(), k.text, got)
			}
		}
		last := dump(t, w.Board.Snapshot())
		again := board.New(w.Clock, nil)
		for {
			changes, err := w.Log.Since(context.Background(), again.Seq(), rapid.IntRange(1, 200).Draw(r, "limit"))
			if err != nil {
				r.Fatal(err)
			}
			if len(changes) == 0 {
				break
			}
			if err := again.Fold(changes); err != nil {
				r.Fatal(err)
			}
			if err := again.Fold(changes); err != nil { // what was taken in is passed over
				r.Fatal(err)
			}
		}
		if got := dump(t, again.Snapshot()); got != last {
			differ(r, "folded again", last, got)
		}
	})
}

// differ shows where two texts part.
func differ(r *rapid.T, what, want, got string) {
	i := 0
	for i < min(len(want), len(got)) && want[i] == got[i] {
		i++
	}
	from := max(i-200, 0)
	r.Fatalf("%s differs:\n-- %s\n-- %s", what, want[from:min(i+300, len(want))], got[from:min(i+300, len(got))])
}
