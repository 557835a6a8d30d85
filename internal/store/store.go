// Package store keeps everything Xushi knows in one SQL database: SQLite for a
// single machine, PostgreSQL where several share it. It holds the only SQL of
// the project and implements figure.Log.
//
// All writing goes through one connection for each process and one lock for
// each database, so that the order of the change log is the order of knowledge.
// Reading never waits for it.
package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"xushi/internal/fault"
	"xushi/internal/figure"
)

// DB is an open database. It is safe for concurrent use.
type DB struct {
	dialect dialect
	write   *sqlx.DB // one connection
	read    *sqlx.DB // several, which cannot write
	now     func() time.Time
	series  *seriesIndex
}

var _ figure.Log = (*DB)(nil)

// Options are what a database needs besides its name; the zero value is good.
type Options struct {
	Now     func() time.Time // clock of RecordedAt; default time.Now
	Readers int              // most read connections; default 8
}

// dialect is what differs between the databases.
type dialect interface {
	// open makes the two pools and tells what is wrong with the database's name
	// or place as a fault.
	open(ctx context.Context, readers int) (write, read *sqlx.DB, err error)

	// schema tells how the schema is looked for and made.
	schema() schema

	// prepare makes ready what every Append needs; nothing holds the writing
	// connection while it runs.
	prepare(ctx context.Context) error

	// begin starts the one writing transaction and holds the log's lock until
	// it ends. A cancelled ctx ends the waiting; it does not end the transaction.
	begin(ctx context.Context, conn *sqlx.Conn) (*sqlx.Tx, error)

	// insert adds n rows to a table in the fastest way there is; row fills in
	// the values of the i-th.
	insert(ctx context.Context, w *writer, t table, n int, row func(i int, values []any)) error

	// duplicate tells whether err says that a unique key exists already.
	duplicate(err error) bool

	// lost tells whether err says that the connection to the database broke.
	lost(err error) bool

	// explain turns an error of the driver into a fault where it is something
	// that an operator can mend.
	explain(err error) error
}

// Open opens the database that dsn names, sqlite:PATH or postgres://…, brings
// its schema up to date and returns it ready for use. Several processes may
// open one database, and may do so at the same moment.
//
// It returns faults with the codes database_dsn, database_path,
// database_readonly, database_full, database_not_sqlite, database_foreign,
// database_damaged, database_busy, database_unreachable, database_login,
// database_missing and schema_newer. None of them shows a password.
func Open(ctx context.Context, dsn string, opts Options) (*DB, error) {
	d, err := dialectOf(dsn)
	if err != nil {
		return nil, err
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Readers <= 0 {
		opts.Readers = 8
	}
	write, read, err := d.open(ctx, opts.Readers)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", d.explain(err))
	}
	db := &DB{dialect: d, write: write, read: read, now: opts.Now, series: newSeriesIndex()}
	if err := db.migrate(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("open the database: %w", db.explain(ctx, err))
	}
	return db, nil
}

func dialectOf(dsn string) (dialect, error) {
	scheme, rest, _ := strings.Cut(dsn, ":")
	switch scheme {
	case "sqlite":
		return newSQLite(rest)
	case "postgres", "postgresql":
		return newPostgres(dsn)
	}
	// The name itself is not repeated: it may hold a password.
	return nil, fault.New("database_dsn",
		"数据库名称须为 sqlite:文件路径 或 postgres://用户:密码@主机:端口/库名。",
		"A database is named sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE.")
}

// explain says what is behind an error of the database. Once ctx has ended,
// that is the reason: drivers report a connection that broke.
func (db *DB) explain(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return db.dialect.explain(err)
}

// Close waits for the running statements and closes all connections.
func (db *DB) Close() error {
	// The writer goes last: the last connection of SQLite folds the write-ahead
	// log into the file, and a reader may not.
	return errors.Join(db.read.Close(), db.write.Close())
}
