package store_test

import (
	"path/filepath"
	"testing"

	"xushi/internal/store/pgtest"
	"xushi/internal/store/storetest"
)

// freshSQLite gives the address of a database that does not exist yet.
func freshSQLite(t testing.TB) string {
	return "sqlite:" + filepath.Join(t.TempDir(), "xushi.db")
}

func TestSQLite(t *testing.T) { storetest.Run(t, freshSQLite) }

func TestPostgres(t *testing.T) { storetest.Run(t, pgtest.Start(t).Database) }
