package storetest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"xushi/internal/figure"
	"xushi/internal/period"
	"xushi/internal/store"
)

// history fills a log with figures and returns them as recorded.
func (s suite) history(t *testing.T) (*store.DB, []figure.Revision) {
	t.Helper()
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	db := Open(t, s.fresh(t), store.Options{Now: func() time.Time { now = now.Add(time.Hour); return now }})
	r := rand.New(rand.NewPCG(1, 2))
	var all []figure.Revision
	for range 12 {
		var group []*figure.Change
		for range 1 + r.IntN(3) {
			c := Post()
			for range 1 + r.IntN(12) {
				f := Figure(fmt.Sprint("gulou/", r.IntN(4)), []string{"", "A", "a", "街道"}[r.IntN(4)], "1.0")
				f.Period = period.Period{End: period.NewMonth(2026, time.Month(1+r.IntN(6))),
					Span: []period.Span{period.SpanYTD, period.SpanMonth}[r.IntN(2)]}
				if r.IntN(4) == 0 {
					f.KnownAt = time.Date(2026, 3, 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
				}
				c.Figures = append(c.Figures, f)
			}
			group = append(group, c)
		}
		for _, c := range Append(t, db, group...) {
			all = append(all, c.Figures...)
		}
	}
	return db, all
}

var empty, capital = "", "A"

func every(*figure.Revision) bool { return true }
func none(*figure.Revision) bool  { return false }

// filters are the cases, each with the rule it words.
var filters = map[string]struct {
	filter store.RevisionFilter
	fits   func(r *figure.Revision) bool
}{
	"all":            {store.RevisionFilter{}, every},
	"one series":     {store.RevisionFilter{Series: []string{"gulou/1"}}, func(r *figure.Revision) bool { return r.Series == "gulou/1" }},
	"two series":     {store.RevisionFilter{Series: []string{"gulou/1", "gulou/3", "gulou/none"}}, func(r *figure.Revision) bool { return r.Series == "gulou/1" || r.Series == "gulou/3" }},
	"unknown series": {store.RevisionFilter{Series: []string{"gulou/none"}}, none},
	"no series":      {store.RevisionFilter{Series: []string{}}, none},
	"total":          {store.RevisionFilter{Part: &empty}, func(r *figure.Revision) bool { return r.Part == "" }},
	"part":           {store.RevisionFilter{Part: &capital}, func(r *figure.Revision) bool { return r.Part == "A" }},
	"from":           {store.RevisionFilter{From: period.NewMonth(2026, 3)}, func(r *figure.Revision) bool { return r.Period.End >= period.NewMonth(2026, 3) }},
	"to":             {store.RevisionFilter{To: period.NewMonth(2026, 3)}, func(r *figure.Revision) bool { return r.Period.End <= period.NewMonth(2026, 3) }},
	"span":           {store.RevisionFilter{Span: period.SpanMonth}, func(r *figure.Revision) bool { return r.Period.Span == period.SpanMonth }},
	"as of":          {store.RevisionFilter{AsOf: time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)}, func(r *figure.Revision) bool { return !r.KnownAt.After(time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)) }},
	"up to":          {store.RevisionFilter{UpTo: 5}, func(r *figure.Revision) bool { return r.Seq <= 5 }},
	"several at once": {store.RevisionFilter{Series: []string{"gulou/2"}, Part: &empty, From: period.NewMonth(2026, 2), To: period.NewMonth(2026, 5), Span: period.SpanYTD, UpTo: 9}, func(r *figure.Revision) bool {
		return r.Series == "gulou/2" && r.Part == "" && r.Period.End >= period.NewMonth(2026, 2) && r.Period.End <= period.NewMonth(2026, 5) && r.Period.Span == period.SpanYTD && r.Seq <= 9
	}},
}

// expected picks and orders what a filter gives.
func expected(all []figure.Revision, fits func(*figure.Revision) bool, byPlace bool) []figure.Revision {
	first := map[string]int{}
	var want []figure.Revision
	for i, r := range all {
		if _, ok := first[r.Series]; !ok {
			first[r.Series] = i
		}
		if fits(&r) {
			want = append(want, r)
		}
	}
	slices.SortFunc(want, func(a, b figure.Revision) int {
		recorded := cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Item, b.Item))
		if !byPlace {
			return -recorded
		}
		return cmp.Or(cmp.Compare(first[a.Series], first[b.Series]), strings.Compare(a.Part, b.Part),
			cmp.Compare(a.Period.End, b.Period.End), strings.Compare(a.Period.Span.String(), b.Period.Span.String()), recorded)
	})
	return want
}

func (s suite) revisions(t *testing.T) {
	db, all := s.history(t)
	for name, test := range filters {
		for _, byPlace := range []bool{false, true} {
			t.Run(fmt.Sprint(name, byPlace), func(t *testing.T) {
				f := test.filter
				f.ByPlace, f.Limit = byPlace, 1000
				got, next, err := db.Revisions(t.Context(), f)
				if err != nil || next != "" {
					t.Fatalf("next %q, %v", next, err)
				}
				wantSame(t, got, expected(all, test.fits, byPlace))
			})
		}
	}
}

func (s suite) revisionPages(t *testing.T) {
	db, all := s.history(t)
	for name, test := range filters {
		for _, byPlace := range []bool{false, true} {
			for _, limit := range []int{1, 7} {
				f := test.filter
				f.ByPlace, f.Limit = byPlace, limit
				var got []figure.Revision
				for {
					page, next, err := db.Revisions(t.Context(), f)
					if err != nil {
						t.Fatal(err)
					}
					if len(page) > limit || (next != "" && len(page) < limit) {
						t.Fatalf("%s: a page of %d with limit %d", name, len(page), limit)
					}
					got = append(got, page...)
					if f.Cursor = next; next == "" {
						break
					}
				}
				wantSame(t, got, expected(all, test.fits, byPlace))
			}
		}
	}
	// What is recorded between two pages does not shift the older ones.
	first, next, err := db.Revisions(t.Context(), store.RevisionFilter{Limit: 5})
	if err != nil {
		t.Fatal(err)
	}
	Append(t, db, Post(Figure("gulou/new", "", "1")))
	second, _, err := db.Revisions(t.Context(), store.RevisionFilter{Limit: 5, Cursor: next})
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, append(first, second...), expected(all, every, false)[:10])

	for _, cursor := range []string{"x", "!", "bnVsbA", "W10", "WzFd", "e30", next + next, strings.Repeat("W", 10_000)} {
		_, _, err := db.Revisions(t.Context(), store.RevisionFilter{Cursor: cursor})
		wantFault(t, err, "cursor_invalid")
	}
	_, _, err = db.Revisions(t.Context(), store.RevisionFilter{Cursor: next, ByPlace: true})
	wantFault(t, err, "cursor_invalid")
	if page, _, err := db.Revisions(t.Context(), store.RevisionFilter{}); len(page) != 100 && len(all) >= 100 || err != nil {
		t.Errorf("the default page has %d, %v", len(page), err)
	}
}
