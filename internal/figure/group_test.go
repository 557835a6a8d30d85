package figure_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xushi/internal/fault"
	"xushi/internal/figure"
	"xushi/internal/store"
	testworld "xushi/internal/testkit/world"
)

// gate is a log whose commits a test counts, holds up and breaks.
type gate struct {
	*store.DB
	appends atomic.Int32
	hold    chan struct{} // Append, once it has decided, waits until it can receive
	fail    error         // instead of recording
}

func (g *gate) Append(ctx context.Context, after int64, decide func([]*figure.Change) ([]*figure.Change, error)) ([]*figure.Change, error) {
	g.appends.Add(1)
	return g.DB.Append(ctx, after, func(missed []*figure.Change) ([]*figure.Change, error) {
		changes, err := decide(missed)
		if g.hold != nil {
			<-g.hold
		}
		if g.fail != nil {
			return nil, g.fail
		}
		return changes, err
	})
}

// gated gives a world whose service writes through a gate.
func gated(t *testing.T) (*world, *gate) {
	w := newWorld(t)
	w.Apply(counts())
	g := &gate{DB: w.Log}
	w.Service = figure.NewService(g, w.Board, func() time.Time { return w.Clock() })
	return w, g
}

// settle gives the requests so far time to arrive while the gate is closed.
func settle() { time.Sleep(50 * time.Millisecond) }

// TestGroup has 64 clients post at once while a commit is under way: they share
// the next one. Those that are refused, or gone by then, harm nobody.
func TestGroup(t *testing.T) {
	w, g := gated(t)
	g.hold = make(chan struct{})
	var wg sync.WaitGroup
	post := func(ctx context.Context, in figure.Input, check func(*figure.Report, error)) {
		wg.Go(func() {
			r, err := w.Service.Post(ctx, figure.Batch{Actor: "test", Rows: []figure.Input{in}})
			check(r, err)
		})
	}
	taken, cancelTaken := context.WithCancel(context.Background())
	post(taken, row("money", "2026-01", "1"), func(r *figure.Report, err error) {
		if err != nil || !r.Recorded { // it was being committed when it was cancelled
			t.Errorf("cancelled too late: %+v, %v", r, err)
		}
	})
	settle()
	cancelTaken()
	waiting, cancelWaiting := context.WithCancel(context.Background())
	gone := make(chan struct{})
	post(waiting, row("money", "2026-02", "2"), func(_ *figure.Report, err error) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled in time: %v", err)
		}
		close(gone)
	})
	var mu sync.Mutex
	seqs := map[int64]int{}
	for i := range 64 {
		in := row("sme", fmt.Sprintf("2026-%02d", 1+i%10), fmt.Sprint(100+i/10))
		post(context.Background(), in, func(r *figure.Report, err error) {
			if err != nil || !r.Recorded {
				t.Errorf("client %d: %+v, %v", i, r, err)
				return
			}
			mu.Lock()
			seqs[r.Change]++
			mu.Unlock()
		})
	}
	post(context.Background(), row("sme", "2026-05", "0.5"), func(r *figure.Report, err error) {
		if err != nil || r.Recorded || r.Rejected != 1 {
			t.Errorf("a wrong row: %+v, %v", r, err)
		}
	})
	wg.Go(func() {
		if _, _, err := w.Service.ApplyPlan(context.Background(), "test", w.Parse(head("b-2026", "b", 2026)+"      - {id: x, name: 数, clause: 任务, kind: standing}\n")); err != nil {
			t.Error(err)
		}
	})
	settle()
	cancelWaiting()
	<-gone
	g.hold <- struct{}{} // the first post alone
	g.hold <- struct{}{} // all others
	wg.Wait()
	if n := g.appends.Load(); n != 2 {
		t.Errorf("%d commits, want 2", n)
	}
	if len(seqs) != 64 || w.Board.Seq() != 1+1+64+1 {
		t.Errorf("%d changes, the board is at %d", len(seqs), w.Board.Seq())
	}
	for seq := range seqs {
		changes, err := w.Log.Since(context.Background(), seq-1, 1)
		if err != nil || changes[0].Kind != figure.Figures || len(changes[0].Figures) != 1 {
			t.Errorf("change %d: %+v, %v", seq, changes, err)
		}
	}
}

// TestGroupSees posts the same figure from many clients at once: one brings it,
// the others find it there. A backfill beside them is held against what was
// known then.
func TestGroupSees(t *testing.T) {
	w, g := gated(t)
	g.hold = make(chan struct{})
	var wg sync.WaitGroup
	var mu sync.Mutex
	got := map[string]int{}
	post := func(in figure.Input) {
		wg.Go(func() {
			out := w.try(in, false)
			mu.Lock()
			got[out]++
			mu.Unlock()
		})
		settle()
	}
	post(row("money", "2026-01", "1")) // holds the gate
	for range 3 {
		post(row("sme", "2026-05", "500"))
	}
	post(row("sme", "2026-05", "500", known("2026-06-08 09:00")))
	post(row("sme", "2026-05", "500", known("2026-06-08 09:00")))
	post(row("sme", "2026-05", "480", known("2026-06-07 09:00")))
	post(row("sme", "2026-05", "480", known("2026-06-09 09:00")))
	post(row("sme", "2026-05", "500"))
	g.hold <- struct{}{}
	g.hold <- struct{}{}
	wg.Wait()
	want := map[string]int{"created 2026-01 1": 1, "created 2026-05 500": 2, "unchanged 2026-05 500 was 500": 4, "created 2026-05 480": 1, "updated 2026-05 480 was 500": 1}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
	for asOf, want := range map[string]string{"2026-06-08 08:00": "480", "2026-06-08 10:00": "500", "2026-06-10 10:00": "480", "2026-11-22 09:00": "500"} {
		head := w.Board.Head(figure.Place{Key: figure.Key{Series: "a/sme", Period: w.Board.Snapshot().Plans[0].Item("sme").Period}}, moment(asOf))
		if head == nil || head.Value.String() != want {
			t.Errorf("as of %s: %v, want %s", asOf, head, want)
		}
	}
}

// TestLogError answers everybody with the log's error, and shows nothing.
func TestLogError(t *testing.T) {
	w, g := gated(t)
	g.hold, g.fail = make(chan struct{}), fault.New("database_full", "满", "full")
	var wg sync.WaitGroup
	for i := range 9 {
		wg.Go(func() {
			in := row("sme", "2026-05", fmt.Sprint(i))
			if i == 8 {
				in = row("sme", "2026-05", "0.5")
			}
			if got := w.try(in, false); got != "database_full" {
				t.Errorf("client %d: %s", i, got)
			}
		})
	}
	settle()
	close(g.hold)
	wg.Wait()
	if w.Board.Seq() != 1 || w.Board.Snapshot().Plans[0].Item("sme").Figure != nil {
		t.Error("what was not recorded is shown")
	}
	g.fail, g.hold = nil, nil
	if got := w.try(row("sme", "2026-05", "7"), false); got != "created 2026-05 7" {
		t.Error(got)
	}
}

// TestPanic breaks a commit off from within; the service goes on.
func TestPanic(t *testing.T) {
	w, _ := gated(t)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_, _ = w.Service.PostEntries(context.Background(), figure.EventBatch[figure.EntryInput]{Actor: "test",
			Rows:  []figure.EntryInput{{Indicator: "school", Entry: "start"}},
			Allow: func(*figure.EntrySlot, figure.EntryInput) *fault.Fault { panic("a bug") }})
	}()
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	if _, err := w.Service.Post(ctx, figure.Batch{Actor: "test", Rows: []figure.Input{row("sme", "2026-05", "7")}}); err != nil {
		t.Error(err)
	}
}

// TestIdempotencyKey sends a request again: at once, at the same time, after a
// restart, with another body, as another client, and after one that recorded nothing.
func TestIdempotencyKey(t *testing.T) {
	w := newWorld(t)
	w.Apply(counts())
	send := func(actor, key, value string) (*figure.Report, error) {
		in := row("sme", "2026-05", value)
		return w.Service.Post(context.Background(), figure.Batch{Actor: actor, Rows: []figure.Input{in},
			Receipt: &figure.Receipt{Key: key, Request: sha256.Sum256([]byte(value))}})
	}
	first, err := send("a", "k1", "500")
	if err != nil || !first.Recorded || first.Replayed || first.Change != 2 {
		t.Fatalf("%+v, %v", first, err)
	}
	if _, err := send("b", "k1", "501"); err != nil { // another client's key is its own
		t.Fatal(err)
	}
	replayed := *first
	replayed.Replayed = true
	for i := range 2 {
		again, err := send("a", "k1", "500")
		if err != nil || !reflect.DeepEqual(again, &replayed) {
			t.Errorf("again: %+v, %v\nwant %+v", again, err, replayed)
		}
		if i == 0 { // another server
			w.Open()
			if err := w.Service.CatchUp(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := send("a", "k1", "502"); code(err) != "idempotency_key_reused" {
		t.Errorf("another body: %v", err)
	}
	for _, key := range []string{"\xff", "a\x00", string(make([]byte, 300))} {
		if _, err := send("a", key, "503"); code(err) != "text_encoding" && code(err) != "text_too_long" {
			t.Errorf("key %q: %v", key, err)
		}
	}
	if r, err := send("a", "k2", "501"); err != nil || r.Recorded {
		t.Errorf("nothing new: %+v, %v", r, err)
	}
	if r, err := send("a", "k2", "504"); err != nil || !r.Recorded { // a key is taken once something is recorded under it
		t.Errorf("%+v, %v", r, err)
	}

	var wg sync.WaitGroup
	var fresh, same, refused atomic.Int32
	seq := w.Board.Seq()
	for i := range 32 {
		wg.Go(func() {
			r, err := send("a", "k3", fmt.Sprint(600+i%2))
			switch {
			case code(err) == "idempotency_key_reused":
				refused.Add(1)
			case err != nil:
				t.Error(err)
			case r.Replayed && r.Change == seq+1:
				same.Add(1)
			case r.Recorded && r.Change == seq+1:
				fresh.Add(1)
			}
		})
	}
	wg.Wait()
	if fresh.Load() != 1 || same.Load() != 15 || refused.Load() != 16 || w.Board.Seq() != seq+1 {
		t.Errorf("%d new, %d the same, %d refused", fresh.Load(), same.Load(), refused.Load())
	}
}

// TestObservers are told of every change once and in order, whatever wrote it.
func TestObservers(t *testing.T) {
	w := newWorld(t)
	var seen []int64
	w.Service.Observe(func(changes []*figure.Change) {
		for _, c := range changes {
			if w.Board.Seq() < c.Seq {
				t.Error("an observer was told before the board")
			}
			seen = append(seen, c.Seq)
		}
	})
	w.Apply(counts())
	other := &world{&testworld.World{TB: t, Path: w.Path, Clock: w.Clock}}
	other.Open()
	if err := other.Service.CatchUp(context.Background()); err != nil {
		t.Fatal(err)
	}
	other.Post(row("sme", "2026-05", "500"))
	if _, err := other.Service.RecordAccess(context.Background(), "cli:root", []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	w.Post(row("sme", "2026-06", "600"))
	if !reflect.DeepEqual(seen, []int64{1, 2, 3, 4}) {
		t.Errorf("seen %v", seen)
	}
}
