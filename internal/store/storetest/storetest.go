// Package storetest is the one suite that the store passes on every database.
package storetest

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/govalues/decimal"

	"xushi/internal/fault"
	"xushi/internal/figure"
	"xushi/internal/period"
	"xushi/internal/plan"
	"xushi/internal/store"
)

// Run runs the suite. fresh gives the address of a new, empty database.
func Run(t *testing.T, fresh func(t testing.TB) (dsn string)) {
	s := suite{fresh}
	for _, test := range []struct {
		name string
		run  func(t *testing.T)
	}{
		{"empty log", s.empty},
		{"append completes the changes", s.appendCompletes},
		{"what is read is what was appended", s.roundTrip},
		{"random changes", s.random},
		{"order of a group", s.group},
		{"clock going back", s.clockBack},
		{"known at", s.knownAt},
		{"missed changes", s.missed},
		{"since is paged", s.sincePaged},
		{"log behind the caller", s.logBehind},
		{"decide fails", s.decideFails},
		{"decide adds nothing", s.decideNothing},
		{"decide panics", s.decidePanics},
		{"decide may read", s.decideReads},
		{"cancelled", s.cancelled},
		{"two handles at once", s.concurrent},
		{"opened at once", s.openedAtOnce},
		{"decimals", s.decimals},
		{"hostile text", s.hostileText},
		{"text that cannot be kept", s.invalidText},
		{"receipts", s.receipts},
		{"a receipt whose key is taken", s.receiptTaken},
		{"tampering", s.tampering},
		{"newer schema", s.newerSchema},
		{"foreign database", s.foreign},
		{"revisions", s.revisions},
		{"revisions by pages", s.revisionPages},
		{"closed", s.closed},
	} {
		t.Run(test.name, test.run)
	}
}

type suite struct {
	fresh func(t testing.TB) string
}

// Open opens a database and closes it when the test ends.
func Open(t testing.TB, dsn string, opts store.Options) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), dsn, opts)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db
}

func (s suite) open(t testing.TB) *store.DB { return Open(t, s.fresh(t), store.Options{}) }

// Raw opens the database past the store.
func Raw(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	driver, name := "pgx", dsn
	if path, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		driver, name = "sqlite", path
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

var may = period.Period{End: period.NewMonth(2026, time.May), Span: period.SpanYTD}

// Figure is a revision as a client would post it.
func Figure(series, part, value string) figure.Revision {
	return figure.Revision{Key: figure.Key{Series: series, Part: part, Period: may},
		Value: decimal.MustParse(value), Status: figure.Normal}
}

// Post is a change of figures.
func Post(figures ...figure.Revision) *figure.Change {
	return &figure.Change{Kind: figure.Figures, Actor: "token:t", Figures: figures}
}

// Append appends changes, whatever was missed.
func Append(t testing.TB, db *store.DB, changes ...*figure.Change) []*figure.Change {
	t.Helper()
	last, err := db.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got, err := db.Append(t.Context(), last, func([]*figure.Change) ([]*figure.Change, error) { return changes, nil })
	if err != nil {
		t.Fatalf("append: %v", err)
	}
	return got
}

// All reads the whole log.
func All(t testing.TB, db *store.DB) []*figure.Change {
	t.Helper()
	var all []*figure.Change
	for after := int64(0); ; after = all[len(all)-1].Seq {
		page, err := db.Since(t.Context(), after, 1000)
		if err != nil {
			t.Fatalf("since %d: %v", after, err)
		}
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
	}
}

// same compares decimals with their scale, and takes nil for empty. Receipts
// are not part of what Since gives.
var same = cmp.Options{
	cmp.Comparer(func(a, b decimal.Decimal) bool { return a.String() == b.String() }),
	cmpopts.IgnoreFields(figure.Change{}, "Receipt"),
	cmpopts.EquateEmpty(),
}

func wantSame(t testing.TB, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, same); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
}

// wantFault checks the code of an error, and that it speaks both languages.
func wantFault(t testing.TB, err error, code string) fault.Fault {
	t.Helper()
	f := fault.As(err)
	if f == nil || f.Code != code {
		t.Fatalf("got error %v, want the fault %s", err, code)
	}
	if f.Zh == "" || f.En == "" {
		t.Errorf("fault %s lacks a language: %+v", code, f)
	}
	return *f
}

// wantLog checks how many changes there are, and that the log is whole.
func wantLog(t testing.TB, db *store.DB, changes int64) {
	t.Helper()
	last, err := db.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if last != changes {
		t.Errorf("the log ends at %d, want %d", last, changes)
	}
	if err := db.Verify(t.Context()); err != nil {
		t.Errorf("verify: %v", err)
	}
}

func (s suite) empty(t *testing.T) {
	db := s.open(t)
	wantLog(t, db, 0)
	if seq, hash, err := db.Head(t.Context()); seq != 0 || hash != [32]byte{} || err != nil {
		t.Errorf("head %d %x %v, want zeros", seq, hash, err)
	}
	if changes, err := db.Since(t.Context(), 0, 10); len(changes) != 0 || err != nil {
		t.Errorf("since: %v %v, want nothing", changes, err)
	}
	if rs, next, err := db.Revisions(t.Context(), store.RevisionFilter{}); len(rs) != 0 || next != "" || err != nil {
		t.Errorf("revisions: %v %q %v, want nothing", rs, next, err)
	}
}

func (s suite) appendCompletes(t *testing.T) {
	now := time.Date(2026, 6, 5, 9, 30, 0, 123456789, time.FixedZone("CST", 8*3600))
	db := Open(t, s.fresh(t), store.Options{Now: func() time.Time { return now }})
	got := Append(t, db, Post(Figure("gulou/a", "", "1"), Figure("gulou/a", "street", "2")))
	want := time.Date(2026, 6, 5, 1, 30, 0, 123456000, time.UTC)
	c := got[0]
	if c.Seq != 1 || c.RecordedAt != want {
		t.Errorf("change %d at %v, want 1 at %v", c.Seq, c.RecordedAt, want)
	}
	for i, r := range c.Figures {
		if r.Seq != 1 || r.Item != i || r.RecordedAt != want || r.KnownAt != want || r.Actor != "token:t" {
			t.Errorf("figure %d is not completed: %+v", i, r)
		}
	}
	if c.Hash != c.Seal([32]byte{}) {
		t.Error("the first change is not sealed over zeros")
	}
	next := Append(t, db, Post(Figure("gulou/a", "", "3")))[0]
	if next.Seq != 2 || next.Hash != next.Seal(c.Hash) {
		t.Error("the second change is not chained to the first")
	}
	if seq, hash, err := db.Head(t.Context()); seq != 2 || hash != next.Hash || err != nil {
		t.Errorf("head %d %x %v, want the second change", seq, hash, err)
	}
}

// everything is a change of each kind, with every member set.
func everything(t testing.TB) []*figure.Change {
	done := period.NewDate(2026, time.May, 31)
	known := time.Date(2026, 2, 14, 1, 2, 3, 4000, time.UTC)
	void := Figure("gulou/b", "part/one", "0")
	void.Void, void.Reason = true, "填错了"
	full := Figure("gulou/a", "", "-12.340")
	full.Status, full.KnownAt, full.Note, full.Reason = figure.Provisional, known, "备注", "更正"
	full.Origin = figure.Origin{File: "五月.xlsx", Hash: strings.Repeat("ab", 32), Sheet: "表 1", Cell: "C7"}
	// The plan holds what its own text form surely reads back; the rest of it
	// is not the store's business.
	document := []byte(`{"id":"gulou-2026","title":"二〇二六年\"任务\"","year":2026}`)
	var p plan.Plan
	if err := json.Unmarshal(document, &p); err != nil {
		t.Fatal(err)
	}
	return []*figure.Change{
		{Kind: figure.Figures, Actor: "token:统计局", Detail: json.RawMessage(`{"file": "五月.xlsx", "n":1}`),
			Figures: []figure.Revision{full, void},
			Receipt: &figure.Receipt{Key: "k", Request: [32]byte{1, 2}, Answer: []byte("{}")}},
		{Kind: figure.Entries, Actor: "web:a", Entries: []figure.EntryEvent{
			{Plan: "gulou-2026", Indicator: "i", Entry: "e", Done: &done, Evidence: "文件", Note: "n", KnownAt: known},
			{Plan: "gulou-2026", Indicator: "i", Entry: "e"}}},
		{Kind: figure.Accounts, Actor: "web:b", Accounts: []figure.Account{
			{Plan: "gulou-2026", Indicator: "s", Period: period.Period{End: period.NewMonth(2026, 6), Span: period.SpanQuarter},
				Text: "第一行\n第二行", Light: "on_track"},
			{Plan: "gulou-2026", Indicator: "s", Light: "behind", KnownAt: known}}},
		{Kind: figure.Plans, Actor: "cli:root", Plan: &figure.PlanVersion{ID: "gulou-2026", KnownAt: known, Document: document, Plan: &p}},
		{Kind: figure.Access, Actor: "cli:root", Detail: json.RawMessage(`{"token":"统计局"}`)},
		{Kind: "mixed", Actor: "", Figures: []figure.Revision{full},
			Entries: []figure.EntryEvent{{Plan: "p", Indicator: "i", Entry: "e"}}, Accounts: []figure.Account{{Plan: "p", Indicator: "i", Text: "t"}},
			Plan: &figure.PlanVersion{ID: "gulou-2026", Document: document}},
	}
}

func (s suite) roundTrip(t *testing.T) {
	dsn := s.fresh(t)
	db := Open(t, dsn, store.Options{})
	want := Append(t, db, everything(t)...)
	wantSame(t, All(t, db), want)
	if want[5].Plan.Plan == nil || want[5].Plan.Plan.ID != "gulou-2026" {
		t.Error("append did not read the plan's document")
	}
	if !want[0].Figures[0].Backfilled() {
		t.Error("a figure known earlier is not marked as backfilled")
	}
	again := Open(t, dsn, store.Options{})
	wantSame(t, All(t, again), want)
	wantLog(t, again, 6)
}

func (s suite) random(t *testing.T) {
	db := s.open(t)
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	var want []*figure.Change
	for range 30 {
		var group []*figure.Change
		for range 1 + r.IntN(4) {
			c := &figure.Change{Kind: figure.Figures, Actor: fmt.Sprint("token:", r.IntN(3))}
			for range r.IntN(1 << r.IntN(8)) {
				c.Figures = append(c.Figures, randomFigure(r))
			}
			for range r.IntN(3) {
				c.Entries = append(c.Entries, figure.EntryEvent{Plan: "p", Indicator: "i", Entry: fmt.Sprint(r.IntN(5)), KnownAt: randomTime(r)})
			}
			group = append(group, c)
		}
		want = append(want, Append(t, db, group...)...)
	}
	wantSame(t, All(t, db), want)
	wantLog(t, db, int64(len(want)))
	if t.Failed() {
		t.Log("seed", seed)
	}
}

func randomFigure(r *rand.Rand) figure.Revision {
	f := Figure(fmt.Sprint("gulou/", r.IntN(40)), []string{"", "street-1", "街道"}[r.IntN(3)],
		decimal.MustNew(r.Int64()-r.Int64(), r.IntN(20)).String())
	f.Period = period.Period{End: period.NewMonth(2020+r.IntN(10), time.Month(1+r.IntN(12))), Span: period.Span(1 + r.IntN(6))}
	f.Void = r.IntN(10) == 0
	f.Note = strings.Repeat("注'", r.IntN(10))
	f.KnownAt = randomTime(r)
	return f
}

func randomTime(r *rand.Rand) time.Time {
	if r.IntN(2) == 0 {
		return time.Time{}
	}
	return time.Date(2020, 1, 1, 0, 0, 0, r.IntN(1e9), time.UTC).Add(time.Duration(r.IntN(1e9)) * time.Second)
}

func (s suite) group(t *testing.T) {
	db := s.open(t)
	var group []*figure.Change
	for i := range 300 {
		group = append(group, Post(Figure("gulou/a", "", fmt.Sprint(i))))
	}
	got := Append(t, db, group...)
	for i, c := range got {
		if c.Seq != int64(i+1) || c.RecordedAt != got[0].RecordedAt || c.Figures[0].Value.String() != fmt.Sprint(i) {
			t.Fatalf("change %d: %+v", i, c)
		}
	}
	wantLog(t, db, 300)
}

func (s suite) clockBack(t *testing.T) {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	dsn := s.fresh(t)
	db := Open(t, dsn, store.Options{Now: func() time.Time { return now }})
	first := Append(t, db, Post(Figure("gulou/a", "", "1")))[0]
	now = now.Add(-time.Hour)
	second := Append(t, db, Post(Figure("gulou/a", "", "2")))[0]
	slow := Open(t, dsn, store.Options{Now: func() time.Time { return now.Add(-time.Hour) }})
	third := Append(t, slow, Post(Figure("gulou/a", "", "3")))[0]
	now = now.Add(2 * time.Hour)
	fourth := Append(t, db, Post(Figure("gulou/a", "", "4")))[0]
	if second.RecordedAt != first.RecordedAt || third.RecordedAt != first.RecordedAt || fourth.RecordedAt != now {
		t.Errorf("recorded at %v, %v, %v, %v", first.RecordedAt, second.RecordedAt, third.RecordedAt, fourth.RecordedAt)
	}
	wantLog(t, db, 4)
}

func (s suite) knownAt(t *testing.T) {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	db := Open(t, s.fresh(t), store.Options{Now: func() time.Time { return now }})
	past := now.Add(-time.Hour).Add(999 * time.Nanosecond)
	var figures []figure.Revision
	for _, at := range []time.Time{{}, past, now, now.Add(time.Hour)} {
		f := Figure("gulou/a", "", "1")
		f.KnownAt = at
		figures = append(figures, f)
	}
	Append(t, db, Post(figures...))
	for i, want := range []time.Time{now, now.Add(-time.Hour), now, now} {
		if got := All(t, db)[0].Figures[i].KnownAt; got != want {
			t.Errorf("figure %d known at %v, want %v", i, got, want)
		}
	}
}

func (s suite) missed(t *testing.T) {
	dsn := s.fresh(t)
	one, two := Open(t, dsn, store.Options{}), Open(t, dsn, store.Options{})
	want := Append(t, one, everything(t)...)
	want = append(want, Append(t, one, Post(Figure("gulou/new", "", "5")))...)
	for after := range int64(len(want) + 1) {
		_, err := two.Append(t.Context(), after, func(missed []*figure.Change) ([]*figure.Change, error) {
			wantSame(t, missed, want[after:])
			return nil, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	// The second handle goes on with the ids of series that the first gave.
	Append(t, two, Post(Figure("gulou/new", "", "6"), Figure("gulou/newer", "", "7")))
	Append(t, one, Post(Figure("gulou/newer", "", "8"), Figure("gulou/newest", "", "9")))
	wantLog(t, two, 9)
	if got := All(t, one)[8].Figures[1].Series; got != "gulou/newest" {
		t.Errorf("read series %q", got)
	}
}

func (s suite) sincePaged(t *testing.T) {
	db := s.open(t)
	var changes []*figure.Change
	for _, n := range []int{3, 0, 0, 50, 1, 1, 1, 0} {
		c := Post()
		for i := range n {
			c.Figures = append(c.Figures, Figure("gulou/a", fmt.Sprint(i), "1"))
		}
		changes = append(changes, c)
	}
	Append(t, db, changes...)
	for _, test := range []struct {
		after int64
		limit int
		want  []int64 // first and last
	}{
		{0, 1, []int64{1, 1}}, {0, 3, []int64{1, 1}}, {0, 4, []int64{1, 2}}, {0, 5, []int64{1, 3}},
		{0, 54, []int64{1, 3}}, {0, 55, []int64{1, 4}}, {3, 1, []int64{4, 4}}, {4, 2, []int64{5, 6}},
		{0, 1 << 30, []int64{1, 8}}, {0, 0, []int64{1, 1}}, {0, -1, []int64{1, 1}}, {8, 10, nil}, {99, 10, nil},
	} {
		got, err := db.Since(t.Context(), test.after, test.limit)
		if err != nil {
			t.Fatal(err)
		}
		var ends []int64
		if len(got) > 0 {
			ends = []int64{got[0].Seq, got[len(got)-1].Seq}
		}
		wantSame(t, ends, test.want)
	}
}

func (s suite) logBehind(t *testing.T) {
	db := s.open(t)
	Append(t, db, Post(Figure("gulou/a", "", "1")))
	_, err := db.Append(t.Context(), 2, func([]*figure.Change) ([]*figure.Change, error) {
		t.Error("decide was asked")
		return nil, nil
	})
	wantFault(t, err, "log_behind")
}

func (s suite) decideFails(t *testing.T) {
	db := s.open(t)
	wrong := errors.New("wrong")
	got, err := db.Append(t.Context(), 0, func([]*figure.Change) ([]*figure.Change, error) {
		return []*figure.Change{Post(Figure("gulou/a", "", "1"))}, wrong
	})
	if !errors.Is(err, wrong) || err.Error() != "wrong" || got != nil { // as it is, not wrapped
		t.Errorf("got %v and %v", got, err)
	}
	wantLog(t, db, 0)
	Append(t, db, Post(Figure("gulou/a", "", "1")))
	wantLog(t, db, 1)
}

func (s suite) decideNothing(t *testing.T) {
	db := s.open(t)
	if got := Append(t, db); len(got) != 0 {
		t.Errorf("recorded %v", got)
	}
	wantLog(t, db, 0)
}

func (s suite) decidePanics(t *testing.T) {
	db := s.open(t)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_, err := db.Append(t.Context(), 0, func([]*figure.Change) ([]*figure.Change, error) { panic("boom") })
		t.Errorf("append returned %v", err)
	}()
	wantLog(t, db, 0)
	Append(t, db, Post(Figure("gulou/a", "", "1"))) // the lock is free
	wantLog(t, db, 1)
}

func (s suite) decideReads(t *testing.T) {
	db := s.open(t)
	Append(t, db, everything(t)...)
	_, err := db.Append(t.Context(), 0, func([]*figure.Change) ([]*figure.Change, error) {
		if r, err := db.Recall(t.Context(), "token:统计局", "k"); r == nil || err != nil {
			t.Errorf("recall: %v, %v", r, err)
		}
		if last, err := db.Last(t.Context()); last != 6 || err != nil {
			t.Errorf("last: %d, %v", last, err)
		}
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (s suite) cancelled(t *testing.T) {
	dsn := s.fresh(t)
	one, two := Open(t, dsn, store.Options{}), Open(t, dsn, store.Options{})
	post := func([]*figure.Change) ([]*figure.Change, error) {
		return []*figure.Change{Post(Figure("gulou/a", "", "1"))}, nil
	}
	t.Run("before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := one.Append(ctx, 0, post); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("in decide", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := one.Append(ctx, 0, func([]*figure.Change) ([]*figure.Change, error) {
			cancel()
			return []*figure.Change{everything(t)[0]}, nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	for name, other := range map[string]*store.DB{"waiting in the process": one, "waiting for another": two} {
		t.Run(name, func(t *testing.T) {
			_, err := one.Append(t.Context(), 0, func([]*figure.Change) ([]*figure.Change, error) {
				ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
				defer cancel()
				began := time.Now()
				if _, err := other.Append(ctx, 0, post); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v", err)
				}
				if waited := time.Since(began); waited > 5*time.Second {
					t.Errorf("waited %v", waited)
				}
				return nil, nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
	t.Run("at any moment", func(t *testing.T) {
		many := Post()
		for i := range 500 {
			many.Figures = append(many.Figures, Figure("gulou/a", fmt.Sprint(i), "1"))
		}
		recorded := int64(0)
		for i := range 60 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*500*time.Microsecond)
			got, err := one.Append(ctx, 0, func([]*figure.Change) ([]*figure.Change, error) {
				c := *many
				return []*figure.Change{&c}, nil
			})
			cancel()
			if err == nil {
				recorded++
				if got[0].Seq != recorded {
					t.Errorf("recorded %d as %d", recorded, got[0].Seq)
				}
			} else if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		}
		t.Logf("%d of 60 recorded", recorded)
		wantLog(t, two, recorded)
	})
	if err := two.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (s suite) concurrent(t *testing.T) {
	dsn := s.fresh(t)
	handles := []*store.DB{Open(t, dsn, store.Options{}), Open(t, dsn, store.Options{})}
	const workers, posts = 12, 8
	var wg sync.WaitGroup
	for w := range workers {
		db := handles[w%len(handles)]
		wg.Go(func() {
			seen := int64(0)
			for i := range posts {
				got, err := db.Append(t.Context(), seen, func(missed []*figure.Change) ([]*figure.Change, error) {
					for _, c := range missed {
						if c.Seq != seen+1 {
							t.Errorf("after %d came %d", seen, c.Seq)
						}
						seen = c.Seq
					}
					return []*figure.Change{
						Post(Figure(fmt.Sprint("gulou/", w, "-", i), "", fmt.Sprint(i))),
						Post(Figure("gulou/shared", fmt.Sprint(w), fmt.Sprint(i)))}, nil
				})
				if err != nil {
					t.Errorf("worker %d: %v", w, err)
					return
				}
				if got[0].Seq != seen+1 || got[1].Seq != seen+2 {
					t.Errorf("worker %d saw %d and recorded %d, %d", w, seen, got[0].Seq, got[1].Seq)
				}
				seen = got[1].Seq
				if _, err := db.Since(t.Context(), seen-1, 10); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	wantLog(t, handles[0], 2*workers*posts)
	count := map[string]int{}
	for _, c := range All(t, handles[1]) {
		count[fmt.Sprint(c.Figures[0].Series, c.Figures[0].Part, c.Figures[0].Value)]++
	}
	if len(count) != 2*workers*posts {
		t.Errorf("%d different figures, want %d", len(count), 2*workers*posts)
	}
}

func (s suite) openedAtOnce(t *testing.T) {
	dsn := s.fresh(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			db, err := store.Open(t.Context(), dsn, store.Options{})
			if err != nil {
				t.Errorf("open: %v", err)
				return
			}
			defer db.Close()
			_, err = db.Append(t.Context(), 0, func([]*figure.Change) ([]*figure.Change, error) {
				return []*figure.Change{Post(Figure(fmt.Sprint("gulou/", i), "", "1"))}, nil
			})
			if err != nil {
				t.Errorf("append: %v", err)
			}
		})
	}
	wg.Wait()
	wantLog(t, Open(t, dsn, store.Options{}), 8)
}

func (s suite) decimals(t *testing.T) {
	db := s.open(t)
	values := []string{"1.50", "0", "0.00", "-0.10", "100", "1000000", "0.0000000000000000001", "9999999999999999999",
		"-9999999999999999999", "999999999.9999999999", "1234567890.123456789", "-7.0", "10.00"}
	var figures []figure.Revision
	for _, v := range values {
		figures = append(figures, Figure("gulou/a", "", v))
	}
	// A few by one way into the database, many by another.
	Append(t, db, Post(figures...))
	for i := range figures {
		Append(t, db, Post(figures[i]))
	}
	var got []string
	for _, c := range All(t, db) {
		for _, f := range c.Figures {
			got = append(got, f.Value.String())
		}
	}
	wantSame(t, got, append(append([]string{}, values...), values...))
	wantLog(t, db, int64(1+len(values)))
}

func (s suite) hostileText(t *testing.T) {
	db := s.open(t)
	var c figure.Change
	for i, text := range []string{
		`'; DROP TABLE change; --`, `"quoted" 'twice'`, `\N`, `\.`, "tab\tline\nreturn\r", "NULL", "null", " spaced ", "\u202eright\u202c",
		"鼓楼区 🏮 e\u0301", "\x01\x02\x7f", "$1 ?1 :a @b", `\\\`, "%s%d%n", strings.Repeat("长", 300_000), "\ufeff", "\uffff",
	} {
		f := Figure("gulou/"+text, text, "1")
		f.Note, f.Reason, f.Origin = text, text, figure.Origin{File: text, Hash: text, Sheet: text, Cell: text}
		if len(text) > 1000 { // longer than an index takes
			f.Key = figure.Key{Series: "gulou/long", Part: fmt.Sprint(i), Period: may}
		}
		c.Figures = append(c.Figures, f)
		c.Entries = append(c.Entries, figure.EntryEvent{Plan: text, Indicator: text, Entry: text, Evidence: text, Note: text})
		c.Accounts = append(c.Accounts, figure.Account{Plan: text, Indicator: text, Text: text, Light: text})
	}
	c.Kind, c.Actor, c.Detail = "hostile", "'; --", json.RawMessage(`{"a":"'; --\u0000"}`)
	want := Append(t, db, &c)
	wantSame(t, All(t, db), want)
	wantLog(t, db, 1)
	part := `'; DROP TABLE change; --`
	rs, _, err := db.Revisions(t.Context(), store.RevisionFilter{Series: []string{"gulou/" + part}, Part: &part})
	if err != nil || len(rs) != 1 {
		t.Errorf("revisions of a hostile part: %v, %v", rs, err)
	}
}

func (s suite) invalidText(t *testing.T) {
	db := s.open(t)
	for name, spoil := range map[string]func(c *figure.Change){
		"note":            func(c *figure.Change) { c.Figures[1].Note = "a\x00b" },
		"part":            func(c *figure.Change) { c.Figures[1].Part = "\xff" },
		"series":          func(c *figure.Change) { c.Figures[1].Series = "\xc3\x28" },
		"origin.cell":     func(c *figure.Change) { c.Figures[1].Origin.Cell = "\x00" },
		"actor":           func(c *figure.Change) { c.Actor = "\x80" },
		"detail":          func(c *figure.Change) { c.Detail = []byte("{\x00}") },
		"evidence":        func(c *figure.Change) { c.Entries = []figure.EntryEvent{{Evidence: "\x00"}} },
		"text":            func(c *figure.Change) { c.Accounts = []figure.Account{{Text: "\x00"}} },
		"document":        func(c *figure.Change) { c.Plan = &figure.PlanVersion{Document: []byte("\x00")} },
		"idempotency_key": func(c *figure.Change) { c.Receipt = &figure.Receipt{Key: "\x00"} },
	} {
		c := Post(Figure("gulou/a", "", "1"), Figure("gulou/a", "", "2"))
		spoil(c)
		_, err := db.Append(t.Context(), 0, func([]*figure.Change) ([]*figure.Change, error) { return []*figure.Change{c}, nil })
		if f := wantFault(t, err, "text_invalid"); f.Field != name {
			t.Errorf("fault names %q, want %q", f.Field, name)
		}
	}
	bad := Post(Figure("gulou/a", "", "1"))
	bad.Figures[0].Period.Span = 99
	for _, c := range []*figure.Change{bad,
		{Kind: figure.Plans, Plan: &figure.PlanVersion{ID: "p"}},
		{Kind: figure.Plans, Plan: &figure.PlanVersion{ID: "p", Document: []byte("{"), Plan: &plan.Plan{ID: "p"}}},
	} {
		if _, err := db.Append(t.Context(), 0, func([]*figure.Change) ([]*figure.Change, error) { return []*figure.Change{c}, nil }); err == nil {
			t.Errorf("recorded what cannot be read back: %+v", c)
		}
	}
	wantLog(t, db, 0)
}

func (s suite) receipts(t *testing.T) {
	dsn := s.fresh(t)
	db := Open(t, dsn, store.Options{})
	c := Post(Figure("gulou/a", "", "1"))
	c.Receipt = &figure.Receipt{Key: "键", Request: [32]byte{7}, Answer: []byte("{\"a\":\x00\xff}")}
	Append(t, db, c, Post(Figure("gulou/a", "", "2")))
	for _, handle := range []*store.DB{db, Open(t, dsn, store.Options{})} {
		got, err := handle.Recall(t.Context(), "token:t", "键")
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, got, c.Receipt)
	}
	for _, of := range [][2]string{{"token:t", "other"}, {"token:other", "键"}, {"", ""}, {"token:t", "%"}} {
		if got, err := db.Recall(t.Context(), of[0], of[1]); got != nil || err != nil {
			t.Errorf("recall %q: %v, %v", of, got, err)
		}
	}
	other := Post(Figure("gulou/a", "", "3"))
	other.Actor, other.Receipt = "token:other", &figure.Receipt{Key: "键"}
	Append(t, db, other)
	if got, err := db.Recall(t.Context(), "token:other", "键"); err != nil || got == nil || len(got.Answer) != 0 {
		t.Errorf("recall: %v, %v", got, err)
	}
	wantLog(t, db, 3)
}

func (s suite) receiptTaken(t *testing.T) {
	db := s.open(t)
	c := Post(Figure("gulou/a", "", "1"))
	c.Receipt = &figure.Receipt{Key: "k"}
	Append(t, db, c)
	_, err := db.Append(t.Context(), 1, func([]*figure.Change) ([]*figure.Change, error) {
		again := Post(Figure("gulou/b", "", "2"))
		again.Receipt = &figure.Receipt{Key: "k"}
		return []*figure.Change{again}, nil
	})
	wantFault(t, err, "idempotency_key_taken")
	wantLog(t, db, 1)
	// The series of the failed try was not learned.
	Append(t, db, Post(Figure("gulou/c", "", "3"), Figure("gulou/b", "", "4")))
	if got := All(t, db)[1].Figures; got[0].Series != "gulou/c" || got[1].Series != "gulou/b" {
		t.Errorf("series are mixed up: %v", got)
	}
	wantLog(t, db, 2)
}

func (s suite) tampering(t *testing.T) {
	for name, test := range map[string]struct {
		statement string
		seq       int64
	}{
		"value":               {`UPDATE figure_revision SET value = '12.35' WHERE change_seq = 3 AND item = 0`, 3},
		"scale":               {`UPDATE figure_revision SET value = '-12.34' WHERE change_seq = 3 AND item = 0`, 3},
		"value taken back":    {`UPDATE figure_revision SET value = NULL WHERE change_seq = 3 AND item = 0`, 3},
		"part":                {`UPDATE figure_revision SET part = 'x' WHERE change_seq = 3 AND item = 0`, 3},
		"period":              {`UPDATE figure_revision SET period_end = 202604 WHERE change_seq = 3 AND item = 0`, 3},
		"no period":           {`UPDATE figure_revision SET period_end = 202613 WHERE change_seq = 3 AND item = 0`, 3},
		"span":                {`UPDATE figure_revision SET span = 'month' WHERE change_seq = 3 AND item = 0`, 3},
		"no span":             {`UPDATE figure_revision SET span = 'x' WHERE change_seq = 3 AND item = 0`, 3},
		"known at":            {`UPDATE figure_revision SET known_at = known_at + 1 WHERE change_seq = 3 AND item = 0`, 3},
		"note":                {`UPDATE figure_revision SET note = 'x' WHERE change_seq = 3 AND item = 0`, 3},
		"cell":                {`UPDATE figure_revision SET origin_cell = 'x' WHERE change_seq = 3 AND item = 0`, 3},
		"series":              {`UPDATE figure_revision SET series_id = 2 WHERE change_seq = 3 AND item = 0`, 3},
		"no series":           {`UPDATE figure_revision SET series_id = 99 WHERE change_seq = 3 AND item = 0`, 3},
		"name of a series":    {`UPDATE series SET code = 'gulou/x' WHERE code = 'gulou/b'`, 3},
		"order":               {`UPDATE figure_revision SET item = 7 WHERE change_seq = 3 AND item = 0`, 3},
		"figure removed":      {`DELETE FROM figure_revision WHERE change_seq = 3 AND item = 1`, 3},
		"figure added":        {`INSERT INTO figure_revision SELECT change_seq, 2, series_id, part, period_end, span, value, status, known_at, note, reason, origin_file, origin_hash, origin_sheet, origin_cell FROM figure_revision WHERE change_seq = 3 AND item = 1`, 3},
		"figure moved":        {`UPDATE figure_revision SET change_seq = 77 WHERE change_seq = 3 AND item = 1`, 3},
		"figure of no change": {`INSERT INTO figure_revision SELECT 77, 0, series_id, part, period_end, span, value, status, known_at, note, reason, origin_file, origin_hash, origin_sheet, origin_cell FROM figure_revision WHERE change_seq = 3 AND item = 1`, 77},
		"entry":               {`UPDATE entry_event SET done = '2026-05-30' WHERE change_seq = 4 AND item = 0`, 4},
		"entry reopened":      {`UPDATE entry_event SET done = '' WHERE change_seq = 4 AND item = 0`, 4},
		"no date":             {`UPDATE entry_event SET done = 'May' WHERE change_seq = 4 AND item = 0`, 4},
		"account":             {`UPDATE account SET light = 'behind' WHERE change_seq = 5 AND item = 0`, 5},
		"plan":                {`UPDATE plan_version SET document = document || ' ' WHERE change_seq = 6`, 6},
		"plan's id":           {`UPDATE plan_version SET plan = 'x' WHERE change_seq = 6`, 6},
		"actor":               {`UPDATE change SET actor = 'x' WHERE seq = 7`, 7},
		"detail":              {`UPDATE change SET detail = '{"token": "x"}' WHERE seq = 7`, 7},
		"kind":                {`UPDATE change SET kind = 'plan' WHERE seq = 7`, 7},
		"recorded at":         {`UPDATE change SET recorded_at = recorded_at + 1 WHERE seq = 3`, 3},
		"hash":                {`UPDATE change SET hash = (SELECT hash FROM change WHERE seq = 1) WHERE seq = 3`, 3},
		"change removed":      {`DELETE FROM change WHERE seq = 7`, 7},
		"first removed":       {`DELETE FROM change WHERE seq = 1`, 1},
		"count of items":      {`UPDATE change SET items = 1 WHERE seq = 3`, 3},
		"more items":          {`UPDATE change SET items = 9 WHERE seq = 3`, 3},
	} {
		t.Run(name, func(t *testing.T) {
			dsn := s.fresh(t)
			db := Open(t, dsn, store.Options{})
			Append(t, db, Post(), Post(Figure("gulou/a", "", "1")))
			Append(t, db, everything(t)...)
			wantLog(t, db, 8)
			if _, err := Raw(t, dsn).ExecContext(t.Context(), test.statement); err != nil {
				t.Fatalf("tamper: %v", err)
			}
			err := db.Verify(t.Context())
			wantFault(t, err, "chain_broken")
			var chain *store.ChainError
			if !errors.As(err, &chain) || chain.Seq != test.seq {
				t.Errorf("got %v, want the break at %d", err, test.seq)
			}
		})
	}
}

func (s suite) newerSchema(t *testing.T) {
	dsn := s.fresh(t)
	db, err := store.Open(t.Context(), dsn, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	applied := "true"
	if strings.HasPrefix(dsn, "sqlite:") {
		applied = "1"
	}
	if _, err := Raw(t, dsn).ExecContext(t.Context(), `INSERT INTO schema_version (version_id, is_applied) VALUES (99999, `+applied+`)`); err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(t.Context(), dsn, store.Options{})
	f := wantFault(t, err, "schema_newer")
	for _, sentence := range []string{f.Zh, f.En} {
		if !strings.Contains(sentence, "99999") || !strings.ContainsAny(strings.ReplaceAll(sentence, "99999", ""), "123456789") {
			t.Errorf("%q does not name both versions", sentence)
		}
	}
}

func (s suite) foreign(t *testing.T) {
	dsn := s.fresh(t)
	raw := Raw(t, dsn)
	if _, err := raw.ExecContext(t.Context(), `CREATE TABLE account (id INTEGER)`); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(t.Context(), dsn, store.Options{})
	wantFault(t, err, "database_foreign")
	if _, err := raw.ExecContext(t.Context(), `SELECT 1 FROM schema_version`); err == nil {
		t.Error("a table was made in another program's database")
	}
}

func (s suite) closed(t *testing.T) {
	db, err := store.Open(t.Context(), s.fresh(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Last(t.Context()); err == nil {
		t.Error("a closed database was read")
	}
	if _, err := db.Append(t.Context(), 0, nil); err == nil {
		t.Error("a closed database was written")
	}
	if err := db.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
}
