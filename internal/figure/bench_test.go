package figure_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xushi/internal/figure"
	"xushi/internal/store"
)

// bare is a database with the store's settings and tables that is written by
// hand through database/sql and the same driver.
type bare struct {
	db  *sql.DB
	seq int64
}

const (
	bareChange = `INSERT INTO change (seq, recorded_at, kind, actor, detail, items, hash) VALUES (?, ?, ?, ?, ?, ?, ?)`
	bareFigure = `INSERT INTO figure_revision (change_seq, item, series_id, part, period_end, span, value, status, known_at,
		note, reason, origin_file, origin_hash, origin_sheet, origin_cell) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
)

func openBare(b *testing.B) *bare {
	b.Helper()
	path := filepath.Join(b.TempDir(), "bare.db")
	made, err := store.Open(b.Context(), "sqlite:"+path, store.Options{}) // makes the tables
	if err != nil {
		b.Fatal(err)
	}
	if err := made.Close(); err != nil {
		b.Fatal(err)
	}
	settings := url.Values{"_txlock": {"immediate"}, "_pragma": {"busy_timeout(1000)", "journal_mode(wal)", "synchronous(full)", "foreign_keys(on)", "cache_size(-65536)"}}
	db, err := sql.Open("sqlite", "file:"+path+"?"+settings.Encode())
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { db.Close() })
	for i := range 1000 {
		if _, err := db.Exec(`INSERT INTO series (id, code) VALUES (?, ?)`, i+1, fmt.Sprint("many/count-", i)); err != nil {
			b.Fatal(err)
		}
	}
	return &bare{db: db}
}

// insert writes the rows, of 1,000 series and ten months, in one durable
// transaction with one prepared statement.
func (r *bare) insert(b *testing.B, rows []figure.Input) time.Duration {
	b.Helper()
	r.seq++
	began := time.Now()
	err := func() error {
		tx, err := r.db.BeginTx(context.Background(), nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		known := began.UnixMicro()
		if _, err := tx.Exec(bareChange, r.seq, known, "figures", "bench", "", len(rows), make([]byte, 32)); err != nil {
			return err
		}
		stmt, err := tx.Prepare(bareFigure)
		if err != nil {
			return err
		}
		defer stmt.Close()
		for i := range rows {
			f := &rows[i]
			if _, err := stmt.Exec(r.seq, i, i%1000+1, f.Part, 202601+i/1000, "ytd", f.Value, "A", known,
				f.Note, f.Reason, f.Origin.File, f.Origin.Hash, f.Origin.Sheet, f.Origin.Cell); err != nil {
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

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// clients makes a plan of n counts, one for each client, and a row for each.
func clients(w *world, n int) []figure.Input {
	w.Apply(manyCounts(n))
	rows := make([]figure.Input, n)
	for i := range rows {
		rows[i] = figure.Input{Address: figure.Address{Plan: "many-2026", Indicator: fmt.Sprintf("count-%d", i)}, Period: "2026-05"}
	}
	return rows
}

// BenchmarkPost posts one figure at a time and, in turn, commits one by hand:
// ratio is that of the medians.
func BenchmarkPost(b *testing.B) {
	w, r := newWorld(b), openBare(b)
	row := clients(w, 1)
	w.Clock = time.Now
	var posts, commits []time.Duration
	n := 0
	for b.Loop() {
		n++
		row[0].Value = fmt.Sprint(n)
		began := time.Now()
		report, err := w.Service.Post(b.Context(), figure.Batch{Actor: "bench", Rows: row})
		posts = append(posts, time.Since(began))
		if err != nil || !report.Recorded {
			b.Fatalf("%+v, %v", report, err)
		}
		commits = append(commits, r.insert(b, row))
	}
	b.ReportMetric(float64(median(posts).Microseconds()), "µs/post")
	b.ReportMetric(float64(median(commits).Microseconds()), "µs/commit")
	b.ReportMetric(float64(median(posts))/float64(median(commits)), "ratio")
}

// BenchmarkClients posts single figures from one client and, in turn, from 64 at
// once: ratio is that of the figures per second.
func BenchmarkClients(b *testing.B) {
	const many, each = 64, 16
	w := newWorld(b)
	rows := clients(w, many)
	w.Clock = time.Now
	value := 0
	post := func(row figure.Input, value int) {
		row.Value = fmt.Sprint(value)
		report, err := w.Service.Post(context.Background(), figure.Batch{Actor: "bench", Rows: []figure.Input{row}})
		if err != nil || !report.Recorded {
			b.Errorf("%+v, %v", report, err)
		}
	}
	var alone, together time.Duration
	for b.Loop() {
		value += each
		began := time.Now()
		for i := range many {
			post(rows[0], value+i)
		}
		alone += time.Since(began)
		value += many
		began = time.Now()
		var wg sync.WaitGroup
		for _, row := range rows {
			wg.Go(func() {
				for i := range each {
					post(row, value+i)
				}
			})
		}
		wg.Wait()
		together += time.Since(began)
	}
	one, all := float64(b.N*many)/alone.Seconds(), float64(b.N*many*each)/together.Seconds()
	b.ReportMetric(one, "posts/s-of-1")
	b.ReportMetric(all, "posts/s-of-64")
	b.ReportMetric(all/one, "ratio")
}

// BenchmarkBatch posts 10,000 rows as a sheet brings them and, in turn, inserts
// the same rows by hand: ratio is that of the rows per second.
func BenchmarkBatch(b *testing.B) {
	w, r := newWorld(b), openBare(b)
	w.Apply(manyCounts(1000))
	w.Clock = time.Now
	hash := strings.Repeat("0f", sha256.Size)
	rows := make([]figure.Input, figure.MaxRows)
	for i := range rows {
		rows[i] = figure.Input{Address: figure.Address{Plan: "many-2026", Indicator: fmt.Sprintf("count-%d", i%1000)}, Period: fmt.Sprintf("2026-%02d", 1+i/1000),
			Origin: figure.Origin{File: "一至十月报表.xlsx", Hash: hash, Sheet: "Sheet1", Cell: fmt.Sprint("D", i+2)}}
	}
	var posts, inserts time.Duration
	n := 0
	for b.Loop() {
		n++
		for i := range rows {
			rows[i].Value = fmt.Sprint(n + i)
		}
		began := time.Now()
		report, err := w.Service.Post(b.Context(), figure.Batch{Actor: "bench", Rows: rows})
		posts += time.Since(began)
		if err != nil || report.Created+report.Updated != len(rows) {
			b.Fatalf("%+v, %v", report, err)
		}
		inserts += r.insert(b, rows)
	}
	rate := func(d time.Duration) float64 { return float64(b.N*len(rows)) / d.Seconds() }
	b.ReportMetric(rate(posts), "rows/s")
	b.ReportMetric(rate(inserts), "bare-rows/s")
	b.ReportMetric(rate(posts)/rate(inserts), "ratio")
}
