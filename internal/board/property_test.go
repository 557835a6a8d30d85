package board_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xushi/internal/board"
	"xushi/internal/figure"
)

// versions of the plan of everyKind, as documents change it.
func versions() []string {
	second := `, changes: [{effective: 2026-06-01, document: 某政〔2026〕9号, target: 900}]`
	third := `, changes: [{effective: 2026-06-01, document: 某政〔2026〕9号, target: 900}, {effective: 2026-09-01, document: 某政〔2026〕12号, target: 1500, deadline: 2026-11-30}]`
	return []string{everyKind(""), everyKind(second), everyKind(third, "      - {id: more, name: 新增, clause: 任务, kind: cumulative, target: 10, series: sme}\n")}
}

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
	plans := versions()
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		now := moment("2026-01-06 10:00")
		w.Clock = func() time.Time { return now }
		w.Apply(plans[0])
		version := 1
		var all []kept
		keep := func() {
			w.Board.Tick()
			s := w.Board.Snapshot()
			all = append(all, kept{now, s, dump(t, s)})
		}
		for range rapid.IntRange(1, 30).Draw(r, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(1, 30*24*60).Draw(r, "minutes")) * time.Minute)
			if now.After(moment("2027-02-20 00:00")) {
				break
			}
			if rapid.Bool().Draw(r, "looks first") {
				keep()
				now = now.Add(time.Second)
			}
			switch rapid.IntRange(0, 9).Draw(r, "what") {
			case 0:
				if version < len(plans) {
					w.Apply(plans[version])
					version++
				}
			case 1:
				indicator := rapid.SampledFrom([]string{"school/start", "school/roof", "school/use", "roads/r1", "roads/r2", "roads/r3", "roads/r4"}).Draw(r, "entry")
				in := figure.EntryInput{Indicator: indicator[:len(indicator)-len(entryOf(indicator))-1], Entry: entryOf(indicator)}
				if rapid.IntRange(0, 3).Draw(r, "open") > 0 {
					in.Done, in.Evidence = now.AddDate(0, 0, -rapid.IntRange(1, 60).Draw(r, "ago")).Format(time.DateOnly), "照片"
				}
				w.entry(in)
			case 2:
				in := figure.AccountInput{Indicator: "work", Period: fmt.Sprintf("2026-Q%d", rapid.IntRange(1, 4).Draw(r, "quarter"))}
				in.Text = rapid.SampledFrom([]string{"", "甲", "乙"}).Draw(r, "text")
				in.Light = rapid.SampledFrom([]string{"", "on_track", "behind"}).Draw(r, "light")
				_, err := w.Service.PostAccounts(context.Background(), figure.EventBatch[figure.AccountInput]{Actor: "test", Rows: []figure.AccountInput{in}})
				if err != nil {
					r.Fatal(err)
				}
			default:
				post(r, w)
			}
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

// post posts some figures, right and wrong, and posts them again.
func post(r *rapid.T, w *world) {
	ids := []string{"sme", "lifts", "visitors", "quarters", "money", "income", "gdp", "hazards", "pm25", "trade", "districts/east", "districts/west", "water/north", "water/south", "+covered", "+children"}
	var rows []figure.Input
	for range rapid.IntRange(1, 12).Draw(r, "rows") {
		id := rapid.SampledFrom(ids).Draw(r, "id")
		in := figure.Input{Period: fmt.Sprintf("2026-%02d", rapid.IntRange(1, 12).Draw(r, "month")), Value: fmt.Sprint(rapid.IntRange(0, 200).Draw(r, "value"))}
		switch {
		case id[0] == '+':
			in.Series = "kinds/" + id[1:]
		case entryOf(id) != "":
			in.Part = entryOf(id)
			in.Indicator = id[:len(id)-len(in.Part)-1]
		default:
			in.Indicator = id
		}
		switch rapid.IntRange(0, 9).Draw(r, "how") {
		case 0:
			in.Void, in.Value, in.Reason = true, "", "误报"
		case 1:
			in.Status = figure.Forecast
		case 2:
			in.Period = "2025" + in.Period[4:]
		}
		rows = append(rows, in)
	}
	batch := figure.Batch{Actor: "test", Rows: rows, Partial: true}
	if _, err := w.Service.Post(context.Background(), batch); err != nil {
		r.Fatal(err)
	}
	again, err := w.Service.Post(context.Background(), batch)
	if err != nil {
		r.Fatal(err)
	}
	if again.Recorded || again.Created+again.Updated > 0 {
		r.Fatalf("posted again, the rows are not unchanged: %+v", again)
	}
}

// entryOf is what stands behind the slash.
func entryOf(id string) string {
	for i := range id {
		if id[i] == '/' {
			return id[i+1:]
		}
	}
	return ""
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
