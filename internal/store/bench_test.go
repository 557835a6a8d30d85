package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"xushi/internal/figure"
	"xushi/internal/period"
	"xushi/internal/store"
	"xushi/internal/store/pgtest"
	"xushi/internal/store/storetest"
)

const batch = 10_000

// onBoth runs a benchmark on a fresh database of each kind.
func onBoth(b *testing.B, run func(b *testing.B, dsn string)) {
	b.Run("sqlite", func(b *testing.B) { run(b, freshSQLite(b)) })
	b.Run("postgres", func(b *testing.B) { run(b, pgtest.Start(b).Database(b)) })
}

// bigPost is one change of ten thousand figures as a sheet brings them: 200
// series, 10 parts, 5 months.
func bigPost() *figure.Change {
	c := storetest.Post()
	for i := range batch {
		f := storetest.Figure(fmt.Sprint("gulou/series-", i%200), fmt.Sprint("street-", i/200%10), fmt.Sprintf("%d.%02d", i, i%100))
		f.Period = period.Period{End: period.NewMonth(2026, time.Month(1+i/2000)), Span: period.SpanYTD}
		f.Origin = figure.Origin{File: "五月报表.xlsx", Hash: strings.Repeat("0f", 32), Sheet: "Sheet1", Cell: fmt.Sprint("D", i+2)}
		c.Figures = append(c.Figures, f)
	}
	return c
}

// appendBatch posts the figures through the store.
func appendBatch(b *testing.B, db *store.DB, c *figure.Change) time.Duration {
	b.Helper()
	again := *c
	began := time.Now()
	last, err := db.Last(b.Context())
	if err == nil {
		_, err = db.Append(b.Context(), last, func([]*figure.Change) ([]*figure.Change, error) { return []*figure.Change{&again}, nil })
	}
	if err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

// bare inserts the same rows by hand: same driver, same settings, same table
// and index, one prepared statement, one durable transaction.
type bare struct {
	db  *sql.DB
	sql string
	seq int64
}

func newBare(b *testing.B, dsn string) *bare {
	db, sql := store.BareWriter(b.Context(), dsn)
	b.Cleanup(func() { db.Close() })
	return &bare{db: db, sql: sql, seq: 1 << 40}
}

func (r *bare) insert(b *testing.B, figures []figure.Revision) time.Duration {
	b.Helper()
	r.seq++
	began := time.Now()
	err := func() error {
		tx, err := r.db.BeginTx(context.Background(), nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		stmt, err := tx.Prepare(r.sql)
		if err != nil {
			return err
		}
		defer stmt.Close()
		known := began.UnixMicro()
		for i := range figures {
			f := &figures[i]
			_, err := stmt.Exec(r.seq, i, i%200+1, f.Part, f.Period.End.Year()*100+int(f.Period.End.Of()), f.Period.Span.String(), f.Value.String(), string(f.Status), known,
				f.Note, f.Reason, f.Origin.File, f.Origin.Hash, f.Origin.Sheet, f.Origin.Cell)
			if err != nil {
				return err
			}
		}
		return tx.Commit()
	}()
	if err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

func perSecond(b *testing.B, name string, n int, d time.Duration) {
	b.ReportMetric(float64(n)/d.Seconds(), name)
}

// BenchmarkBatch10000 appends one change of 10,000 figures.
func BenchmarkBatch10000(b *testing.B) {
	onBoth(b, func(b *testing.B, dsn string) {
		db, c := storetest.Open(b, dsn, store.Options{}), bigPost()
		var took time.Duration
		for b.Loop() {
			took += appendBatch(b, db, c)
		}
		perSecond(b, "rows/s", b.N*batch, took)
		if path, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
			b.ReportMetric(fileSize(b, path)/float64(b.N*batch), "bytes/row")
		}
	})
}

// fileSize is what a database of SQLite takes on disk, its log included.
func fileSize(b *testing.B, path string) float64 {
	b.Helper()
	size := int64(0)
	for _, name := range []string{path, path + "-wal"} {
		if info, err := os.Stat(name); err == nil {
			size += info.Size()
		}
	}
	return float64(size)
}

// BenchmarkBareInsert10000 inserts the same rows by hand.
func BenchmarkBareInsert10000(b *testing.B) {
	onBoth(b, func(b *testing.B, dsn string) {
		storetest.Open(b, dsn, store.Options{})
		r, c := newBare(b, dsn), bigPost()
		var took time.Duration
		for b.Loop() {
			took += r.insert(b, c.Figures)
		}
		perSecond(b, "rows/s", b.N*batch, took)
	})
}

// BenchmarkBatchRatio alternates both, so that they meet the same disk and the
// same size of table: ratio is the store's rows/s over the bare rows/s.
func BenchmarkBatchRatio(b *testing.B) {
	onBoth(b, func(b *testing.B, dsn string) {
		db := storetest.Open(b, dsn, store.Options{})
		r, c := newBare(b, dsn), bigPost()
		var whole, plain time.Duration
		for b.Loop() {
			whole += appendBatch(b, db, c)
			plain += r.insert(b, c.Figures)
		}
		perSecond(b, "rows/s", b.N*batch, whole)
		perSecond(b, "bare-rows/s", b.N*batch, plain)
		b.ReportMetric(plain.Seconds()/whole.Seconds(), "ratio")
	})
}

// BenchmarkCommit appends one figure durably.
func BenchmarkCommit(b *testing.B) {
	onBoth(b, func(b *testing.B, dsn string) {
		db, c := storetest.Open(b, dsn, store.Options{}), storetest.Post(storetest.Figure("gulou/a", "", "1.50"))
		for b.Loop() {
			appendBatch(b, db, c)
		}
		perSecond(b, "commits/s", b.N, b.Elapsed())
	})
}

// BenchmarkBareCommit inserts one row by hand and commits it durably.
func BenchmarkBareCommit(b *testing.B) {
	onBoth(b, func(b *testing.B, dsn string) {
		storetest.Open(b, dsn, store.Options{})
		r, c := newBare(b, dsn), storetest.Post(storetest.Figure("gulou/a", "", "1.50"))
		for b.Loop() {
			r.insert(b, c.Figures)
		}
		perSecond(b, "commits/s", b.N, b.Elapsed())
	})
}

// BenchmarkSince reads a log of 100,000 figures.
func BenchmarkSince(b *testing.B) {
	onBoth(b, func(b *testing.B, dsn string) {
		db := storetest.Open(b, dsn, store.Options{})
		for range 10 {
			appendBatch(b, db, bigPost())
		}
		for b.Loop() {
			if n := len(storetest.All(b, db)); n != 10 {
				b.Fatalf("%d changes", n)
			}
		}
		perSecond(b, "rows/s", b.N*10*batch, b.Elapsed())
	})
}
