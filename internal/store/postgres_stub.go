//go:build !pgx

package store

import "xushi/internal/fault"

// Stands in for postgres.go until go.mod requires what pgx/stdlib needs.

const lockKey int64 = 0x58_75_73_68_69

type postgresDialect struct{ dialect }

func newPostgres(string) (*postgresDialect, error) {
	return nil, fault.New("database_dsn", "此版本未含 PostgreSQL 支持。", "This build has no PostgreSQL.")
}
