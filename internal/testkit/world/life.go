package world

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xushi/internal/figure"
)

// Life is a random year of a world: posts, corrections, withdrawals, entries,
// accounts and changed plans, as time goes by.
type Life struct {
	*World
	Now     time.Time
	Plans   []string // versions of the plan; the first stands
	Figures []string // what figures are posted to: indicator, indicator/part, or +series of the plan's area
	Entries []string // indicator/entry
	Late    bool     // some figures are loaded long after they became known

	version int
}

// NewLife makes a world in the first days of 2026 that has a plan; plans are its
// versions, EveryKindVersions or more than those.
func NewLife(t testing.TB, plans []string) *Life {
	l := &Life{World: New(t), Now: Moment("2026-01-06 10:00"), Plans: plans, version: 1,
		Figures: []string{"sme", "lifts", "visitors", "quarters", "money", "income", "gdp", "hazards", "pm25", "trade", "districts/east", "districts/west", "water/north", "water/south", "+covered", "+children"},
		Entries: []string{"school/start", "school/roof", "school/use", "roads/r1", "roads/r2", "roads/r3", "roads/r4"}}
	l.Clock = func() time.Time { return l.Now }
	l.Apply(plans[0])
	return l
}

// Pass lets at most some days go by; false where the year and its last reports
// are over.
func (l *Life) Pass(r *rapid.T, days int) bool {
	now := l.Now.Add(time.Duration(rapid.IntRange(1, days*24*60).Draw(r, "minutes")) * time.Minute)
	if now.After(Moment("2027-02-20 00:00")) {
		return false
	}
	l.Now = now
	return true
}

// Step has something happen.
func (l *Life) Step(r *rapid.T) {
	switch rapid.IntRange(0, 9).Draw(r, "what") {
	case 0:
		if l.version < len(l.Plans) {
			l.Apply(l.Plans[l.version])
			l.version++
		}
	case 1:
		l.Entry(r, rapid.SampledFrom(l.Entries).Draw(r, "entry"))
	case 2:
		in := figure.AccountInput{Indicator: "work", Period: fmt.Sprintf("2026-Q%d", rapid.IntRange(1, 4).Draw(r, "quarter"))}
		in.Text = rapid.SampledFrom([]string{"", "甲", "乙"}).Draw(r, "text")
		in.Light = rapid.SampledFrom([]string{"", "on_track", "behind"}).Draw(r, "light")
		if _, err := l.Service.PostAccounts(context.Background(), figure.EventBatch[figure.AccountInput]{Actor: "test", Rows: []figure.AccountInput{in}}); err != nil {
			r.Fatal(err)
		}
	default:
		l.Some(r, l.Figures)
	}
}

// Entry has an entry, as indicator/entry, done or opened again.
func (l *Life) Entry(r *rapid.T, which string) {
	indicator, entry, _ := strings.Cut(which, "/")
	in := figure.EntryInput{Indicator: indicator, Entry: entry}
	if rapid.IntRange(0, 3).Draw(r, "open") > 0 {
		in.Done, in.Evidence = l.Now.AddDate(0, 0, -rapid.IntRange(1, 60).Draw(r, "ago")).Format(time.DateOnly), "照片"
	}
	rep, err := l.Service.PostEntries(context.Background(), figure.EventBatch[figure.EntryInput]{Actor: "test", Rows: []figure.EntryInput{in}})
	if err != nil || rep.Rejected > 0 {
		r.Fatalf("%+v, %v", rep, err)
	}
}

// Some posts figures to some of the ids, right and wrong, and posts them again.
func (l *Life) Some(r *rapid.T, ids []string) {
	months := 12 // this one included, which is too early on all its days but one
	if l.Now.Year() == 2026 {
		months = int(l.Now.Month())
	}
	var rows []figure.Input
	for range rapid.IntRange(1, 12).Draw(r, "rows") {
		id := rapid.SampledFrom(ids).Draw(r, "id")
		in := figure.Input{Period: fmt.Sprintf("2026-%02d", rapid.IntRange(1, months).Draw(r, "month")), Value: fmt.Sprint(rapid.IntRange(0, 200).Draw(r, "value"))}
		if key, ok := strings.CutPrefix(id, "+"); ok {
			in.Series = "kinds/" + key
		} else {
			in.Indicator, in.Part, _ = strings.Cut(id, "/")
		}
		switch rapid.IntRange(0, 9).Draw(r, "how") {
		case 0:
			in.Void, in.Value, in.Reason = true, "", "误报"
		case 1:
			in.Status = figure.Forecast
		case 2:
			in.Period = "2025" + in.Period[4:]
		case 3:
			if l.Late {
				then := l.Now.AddDate(0, 0, -rapid.IntRange(1, 90).Draw(r, "days before"))
				in.KnownAt = &then
			}
		}
		rows = append(rows, in)
	}
	batch := figure.Batch{Actor: "test", Rows: rows, Partial: true}
	if _, err := l.Service.Post(context.Background(), batch); err != nil {
		r.Fatal(err)
	}
	again, err := l.Service.Post(context.Background(), batch)
	if err != nil {
		r.Fatal(err)
	}
	if again.Recorded || again.Created+again.Updated > 0 && !l.Late {
		r.Fatalf("posted again, the rows are not unchanged: %+v", again)
	}
}
