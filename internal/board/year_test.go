package board_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"xushi/internal/board"
	"xushi/internal/figure"
	"xushi/internal/period"
	"xushi/internal/testkit/golden"
)

// part posts to a part.
func part(id string) func(*figure.Input) { return func(in *figure.Input) { in.Part = id } }

func status(s figure.ObsStatus) func(*figure.Input) {
	return func(in *figure.Input) { in.Status = s }
}

// series posts to a series instead of an indicator.
func series(key, period, value string) figure.Input {
	return figure.Input{Address: figure.Address{Series: key}, Period: period, Value: value}
}

func (w *world) entry(entries ...figure.EntryInput) {
	w.Helper()
	r, err := w.Service.PostEntries(context.Background(), figure.EventBatch[figure.EntryInput]{Actor: "test", Rows: entries})
	if err != nil || r.Rejected > 0 {
		w.Fatalf("%+v, %v", r, err)
	}
}

func (w *world) account(accounts ...figure.AccountInput) {
	w.Helper()
	r, err := w.Service.PostAccounts(context.Background(), figure.EventBatch[figure.AccountInput]{Actor: "test", Rows: accounts})
	if err != nil || r.Rejected > 0 {
		w.Fatalf("%+v, %v", r, err)
	}
}

func done(indicator, entry, day string) figure.EntryInput {
	return figure.EntryInput{Indicator: indicator, Entry: entry, Done: day, Evidence: "照片"}
}

// lived lives through the year 2026, a month at a time, and calls look at 16:00
// of the 12th and of the 22nd of each month.
func lived(t *testing.T, look func(w *world, day string)) *world {
	w := newWorld(t)
	w.At("2026-01-06 10:00")
	w.Apply(everyKind(""))
	sees := func(month int) {
		for _, day := range []string{"12", "22"} {
			d := fmt.Sprintf("2026-%02d-%s", month, day)
			w.At(d + " 16:00")
			w.Board.Tick()
			look(w, d)
			if d == "2026-04-12" {
				w.At("2026-04-18 10:00")
				w.Post(row("gdp", "一季度", "5.5"))
			}
		}
	}
	sees(1)
	for m := 1; m <= 10; m++ {
		p := fmt.Sprintf("2026-%02d", m)
		w.At(fmt.Sprintf("2026-%02d-08 10:00", m+1))
		w.Post(row("pm25", fmt.Sprintf("2025-%02d", m), "30"), row("pm25", p, []string{"29", "30", "31"}[m%3]), row("hazards", p, fmt.Sprint(m/10)), row("trade", p, fmt.Sprint(10*m)),
			series("kinds/covered", p, fmt.Sprint(m-1)), series("kinds/children", p, fmt.Sprint(m-1))) // 0 of 0 in January
		if m != 4 { // April stays open until October
			w.Post(row("sme", p, fmt.Sprint(98*m)), row("lifts", p, "11"), row("districts", p, fmt.Sprint(5*m), part("east")), row("money", p, fmt.Sprintf("%d.%02d", 7*m, m)))
		}
		if m == 10 {
			w.Post(row("lifts", "2026-04", "10"))
		}
		if m%2 == 0 { // west reports every other month
			w.Post(row("districts", p, fmt.Sprint(3*m), part("west")))
		}
		if m <= 5 { // nobody reports the south after May
			w.Post(row("water", p, "99.5", part("south")))
		}
		w.Post(row("water", p, "100", part("north")))
		switch m {
		case 2:
			w.Post(row("visitors", "1—2月", "20"))
			w.entry(done("school", "start", "2026-02-27"), done("roads", "r1", "2026-02-10"))
		case 3:
			w.Post(row("visitors", p, "10"), row("quarters", "一季度", "90"), row("income", p, "5.2"))
			w.account(figure.AccountInput{Indicator: "work", Period: "一季度", Text: "推进中"})
			w.account(figure.AccountInput{Indicator: "work", Period: "2026-Q1", Light: "slightly_behind"})
		case 6:
			w.Post(row("quarters", "2026-Q2", "100"), row("gdp", "上半年", "4.2"))
			w.entry(done("roads", "r2", "2026-06-30"), done("roads", "r3", "2026-07-01"))
		case 8:
			w.entry(done("school", "roof", "2026-08-20"))
		case 9:
			w.Post(row("income", "前三季度", "4.6"), row("money", p, "73.9"))
			w.entry(done("school", "use", "2026-10-05"))
			w.account(figure.AccountInput{Indicator: "work", Period: "三季度", Text: "加快"}, figure.AccountInput{Indicator: "work", Period: "2026-Q2", Text: "补"})
		}
		sees(m + 1)
	}
	return w
}

// TestYear lives through a year and keeps what the board said. The golden file
// was read against the rules line by line.
func TestYear(t *testing.T) {
	var b strings.Builder
	w := lived(t, func(w *world, day string) {
		switch day {
		case "2026-01-12", "2026-02-12", "2026-03-12", "2026-04-12", "2026-04-22", "2026-05-12", "2026-06-12", "2026-07-12", "2026-10-12", "2026-11-12":
			fmt.Fprintf(&b, "== %s\n%s\n", day, page(w.Board.Snapshot(), "kinds-2026"))
		}
	})
	for _, q := range []board.Query{
		{Plan: "kinds-2026", UpTo: period.NewMonth(2026, time.May)},
		{Plan: "kinds-2026", UpTo: period.NewMonth(2026, time.May), AsOf: moment("2026-06-09 00:00")},
		{AsOf: moment("2026-07-09 00:00")},
	} {
		s, err := w.Board.At(q)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "== up to %v as of %v\n%s\n", q.UpTo, q.AsOf, page(s, "kinds-2026"))
	}
	golden.Check(t, "year.txt", b.String())
}
