package store

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"xushi/internal/store/pgtest"
)

func TestPostgresRefused(t *testing.T) {
	server := pgtest.Start(t)
	address, _ := server.TCP(t)
	server.Exec(t, `CREATE ROLE guest LOGIN PASSWORD 'geheim'`)
	for name, test := range map[string]struct{ dsn, code, says string }{
		"wrong password":   {"postgres://xushi:geheim@" + address + "/postgres", "database_login", "xushi"},
		"no password":      {"postgres://xushi@" + address + "/postgres", "database_login", "xushi"},
		"unknown user":     {"postgres://nobody:geheim@" + address + "/postgres", "database_login", "nobody"},
		"missing database": {"postgres://guest:geheim@" + address + "/nowhere", "database_missing", "nowhere"},
		"no rights":        {"postgres://guest:geheim@" + address + "/postgres", "database_readonly", "guest"},
		"nobody listens":   {"postgres://xushi:geheim@127.0.0.1:1/postgres", "database_unreachable", "127.0.0.1:1"},
		"no such host":     {"postgres://xushi:geheim@no.invalid:5432/postgres", "database_unreachable", "no.invalid"},
		"no TLS there":     {"postgres://xushi:geheim@" + address + "/postgres?sslmode=require", "database_unreachable", "sslmode"},
		"not an address":   {"postgres://xushi:geheim@host:port/postgres", "database_dsn", "postgres://"},
		"bad escape":       {"postgres://xushi:geheim%zz@host/postgres", "database_dsn", "postgres://"},
		"unknown sslmode":  {"postgres://xushi:geheim@host/postgres?sslmode=maybe", "database_dsn", "postgres://"},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := Open(t.Context(), test.dsn, Options{})
			if err == nil {
				db.Close()
				t.Fatal("it was opened")
			}
			wantFault(t, err, test.code, test.says)
		})
	}
}

// A server may be set not to wait for its disk. The log does not follow it.
func TestPostgresDurable(t *testing.T) {
	server := pgtest.Start(t)
	for setting, want := range map[string]string{"off": "on", "local": "local", "remote_apply": "remote_apply"} {
		dsn := server.Database(t)
		server.Exec(t, "ALTER DATABASE "+databaseOf(t, dsn)+" SET synchronous_commit = "+setting)
		db, err := Open(t.Context(), dsn, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var got string
		if err := db.write.Get(&got, "SHOW synchronous_commit"); err != nil || got != want {
			t.Errorf("set to %s it is %s, want %s, %v", setting, got, want, err)
		}
		if _, err := db.read.Exec(`INSERT INTO series (id, code) VALUES (1, 'x')`); err == nil {
			t.Error("a reader could write")
		}
	}
}

// A connection that the server ends, as when it restarts, is replaced.
func TestPostgresReconnects(t *testing.T) {
	server := pgtest.Start(t)
	dsn := server.Database(t)
	db, err := Open(t.Context(), dsn, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for range 5 {
		server.Exec(t, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"+databaseOf(t, dsn)+"'")
		time.Sleep(20 * time.Millisecond)
		if _, err := db.Append(t.Context(), 0, appendNothing); err != nil {
			t.Error(err)
		}
	}
}

func databaseOf(t *testing.T, dsn string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(u.Path, "/")
}
