package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"xushi/internal/fault"
)

func openSQLite(t *testing.T, path string) *DB {
	t.Helper()
	db, err := Open(t.Context(), "sqlite:"+path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// A PRAGMA run once on a pool reaches one connection. Here all of them are held
// at the same time and each is asked.
func TestSQLiteEveryConnection(t *testing.T) {
	db := openSQLite(t, filepath.Join(t.TempDir(), "x.db"))
	for name, test := range map[string]struct {
		pool        *sqlx.DB
		connections int
		queryOnly   string
	}{
		"write": {db.write, 1, "0"},
		"read":  {db.read, 8, "1"},
	} {
		var held, done sync.WaitGroup
		held.Add(test.connections)
		for range test.connections {
			done.Go(func() {
				conn, err := test.pool.Connx(t.Context())
				if err != nil {
					t.Error(err)
					held.Done()
					return
				}
				defer conn.Close()
				held.Done()
				held.Wait()
				for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1", "query_only": test.queryOnly} {
					var got string
					if err := conn.QueryRowxContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
						t.Errorf("%s: %s is %s, want %s, %v", name, pragma, got, want, err)
					}
				}
				var busy int
				if err := conn.QueryRowxContext(t.Context(), "PRAGMA busy_timeout").Scan(&busy); err != nil || busy < 100 {
					t.Errorf("%s: busy_timeout is %d, %v", name, busy, err)
				}
			})
		}
		done.Wait()
		if open := test.pool.Stats().OpenConnections; open != test.connections {
			t.Errorf("%s: %d connections were open", name, open)
		}
	}
	if _, err := db.read.Exec(`INSERT INTO series (id, code) VALUES (1, 'x')`); err == nil {
		t.Error("a reader could write")
	}
}

func TestSQLiteTwoWritersBusy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	one, two := openSQLite(t, path), openSQLite(t, path)
	two.dialect.(*sqliteDialect).patience = 100 * time.Millisecond
	w, err := one.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer w.end()
	_, err = two.Append(t.Context(), 0, nil)
	if f := fault.As(err); f == nil || f.Code != "database_busy" {
		t.Errorf("got %v, want database_busy", err)
	}
}

func TestSQLitePaths(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"plain.db", "with space.db", "a?b=c.db", "a#b.db", "100%.db", "%41.db", "序时.db", "a&_pragma=synchronous(0).db", "'quote\".db"} {
		path := filepath.Join(dir, name)
		db := openSQLite(t, path)
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s was not made: %v", name, err)
		}
		var synchronous int
		if err := db.write.Get(&synchronous, "PRAGMA synchronous"); err != nil || synchronous != 2 {
			t.Errorf("%s: synchronous is %d, %v", name, synchronous, err)
		}
	}
	t.Chdir(dir)
	openSQLite(t, "relative.db")
	if _, err := os.Stat(filepath.Join(dir, "relative.db")); err != nil {
		t.Error(err)
	}
}

func TestSQLiteRefused(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	text := write("notes.txt", "not a database, only notes")
	long := write("long.txt", strings.Repeat("not a database, only notes\n", 1000))
	damaged := filepath.Join(dir, "damaged.db")
	db, err := Open(t.Context(), "sqlite:"+damaged, Options{})
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	content, err := os.ReadFile(damaged)
	if err != nil {
		t.Fatal(err)
	}
	copy(content[100:], strings.Repeat("\xee", len(content)-100))
	write("damaged.db", string(content))

	for name, test := range map[string]struct{ dsn, code, says string }{
		"no name":            {"", "database_dsn", "sqlite:"},
		"another database":   {"mysql://u:geheim@h/d", "database_dsn", "sqlite:"},
		"only a path":        {"/var/lib/geheim.db", "database_dsn", "sqlite:"},
		"no path":            {"sqlite:", "database_dsn", "sqlite:"},
		"in memory":          {"sqlite::memory:", "database_dsn", "memory"},
		"two slashes":        {"sqlite://x.db", "database_dsn", "sqlite:"},
		"missing folder":     {"sqlite:" + filepath.Join(dir, "no", "x.db"), "database_path", filepath.Join(dir, "no")},
		"a folder":           {"sqlite:" + dir, "database_path", dir},
		"below a file":       {"sqlite:" + filepath.Join(text, "x.db"), "database_path", text},
		"a short text":       {"sqlite:" + text, "database_not_sqlite", text},
		"a long text":        {"sqlite:" + long, "database_not_sqlite", long},
		"a damaged database": {"sqlite:" + damaged, "database_damaged", damaged},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			db, err := Open(t.Context(), test.dsn, Options{})
			if err == nil {
				db.Close()
				t.Fatal("it was opened")
			}
			wantFault(t, err, test.code, test.says)
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("took %v to say so", took)
			}
		})
	}
	if content, _ := os.ReadFile(text); string(content) != "not a database, only notes" {
		t.Error("a file that is not ours was written")
	}
}

// wantFault checks an error's code, that both sentences name what is wrong, and
// that it tells no secret.
func wantFault(t *testing.T, err error, code, says string) {
	t.Helper()
	f := fault.As(err)
	if f == nil || f.Code != code {
		t.Fatalf("got %v, want the fault %s", err, code)
	}
	if !strings.Contains(f.En, says) || f.Zh == "" {
		t.Errorf("%q does not say %q", f.Error(), says)
	}
	if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, f), "geheim") {
		t.Errorf("%v tells the password", err)
	}
	t.Log(f.Error())
}

// The file holds everything when the last handle is closed, so that it can be
// copied alone.
func TestSQLiteClosedWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db, err := Open(t.Context(), "sqlite:"+path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Last(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	left, _ := filepath.Glob(path + "-*")
	if len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
}
