package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"xushi/internal/fault"
)

// sqliteDialect is a database in one file, with its write-ahead log beside it.
type sqliteDialect struct {
	path     string
	patience time.Duration // how long a writer waits for another process

	// Statements of the writing connection, prepared once: preparing them for
	// each commit costs a fifth of a small one.
	write     *sqlx.DB
	preparing sync.Mutex
	prepared  atomic.Pointer[map[string]*sql.Stmt] // nil before the first Append
}

// prepare has the statements of a small commit ready. It needs the writing
// connection for itself, so it comes before a transaction has it.
func (d *sqliteDialect) prepare(ctx context.Context) error {
	if d.prepared.Load() != nil {
		return nil
	}
	d.preparing.Lock()
	defer d.preparing.Unlock()
	if d.prepared.Load() != nil {
		return nil
	}
	prepared := map[string]*sql.Stmt{}
	for _, query := range []string{changeTable.insert(1), figureTable.insert(1)} {
		stmt, err := d.write.PrepareContext(ctx, query) //nolint:sqlclosecheck // lives as long as the pool, and ends with it
		if err != nil {
			return err
		}
		prepared[query] = stmt
	}
	d.prepared.Store(&prepared)
	return nil
}

func newSQLite(path string) (*sqliteDialect, error) {
	network := strings.HasPrefix(path, "//") && !strings.HasPrefix(path, "///")
	if path == "" || network || strings.HasPrefix(path, ":memory:") {
		return nil, fault.New("database_dsn",
			"SQLite 数据库须写成 sqlite:文件路径，例如 sqlite:/var/lib/xushi/xushi.db；不支持内存数据库。",
			"A SQLite database is named sqlite:PATH, such as sqlite:/var/lib/xushi/xushi.db; one in memory is not supported.")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	return &sqliteDialect{path: abs, patience: 30 * time.Second}, nil
}

// dsn names the file for the driver. Settings stand in the name because they
// belong to a connection: one that a pool opens later must have them, too.
func (d *sqliteDialect) dsn(settings url.Values) string {
	path := filepath.ToSlash(d.path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/…
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: settings.Encode()}
	return u.String()
}

func (d *sqliteDialect) open(ctx context.Context, readers int) (write, read *sqlx.DB, err error) {
	write, err = sqlx.Open("sqlite", d.dsn(url.Values{
		// A transaction that reads first and writes later could find that
		// somebody else wrote meanwhile; immediate takes the lock at once.
		"_txlock": {"immediate"},
		"_pragma": {
			"busy_timeout(500)", // begin asks again
			"journal_mode(wal)",
			"synchronous(full)", // a commit is on the disk when it returns
			"foreign_keys(on)",
			"cache_size(-65536)",
		},
	}))
	if err != nil {
		return nil, nil, err
	}
	write.SetMaxOpenConns(1)
	d.write = write
	// The first connection makes the file and turns on the write-ahead log.
	// Where two processes do so at once, SQLite reports busy without waiting.
	for until := time.Now().Add(d.patience); ; {
		err = write.PingContext(ctx)
		if !isBusy(err) || time.Now().After(until) {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		write.Close()
		return nil, nil, err
	}
	read, err = sqlx.Open("sqlite", d.dsn(url.Values{
		"_pragma": {
			"busy_timeout(10000)",
			"query_only(on)",
			"synchronous(full)",
			"foreign_keys(on)",
			"cache_size(-16384)",
		},
	}))
	if err != nil {
		write.Close()
		return nil, nil, err
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return write, read, nil
}

func (d *sqliteDialect) schema() schema {
	return schema{goose.DialectSQLite3, "migrations/sqlite", sqliteFindTables, sqliteCreateVersions}
}

func (d *sqliteDialect) begin(ctx context.Context, conn *sqlx.Conn) (*sqlx.Tx, error) {
	for until := time.Now().Add(d.patience); ; {
		tx, err := conn.BeginTxx(context.WithoutCancel(ctx), nil)
		if err == nil {
			return tx, nil
		}
		if !isBusy(err) || time.Now().After(until) {
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}

func (d *sqliteDialect) insert(ctx context.Context, w *writer, t table, n int, row func(i int, values []any)) error {
	query := t.insert(1)
	var stmt *sql.Stmt
	if ready := (*d.prepared.Load())[query]; ready != nil {
		stmt = w.tx.StmtContext(ctx, ready)
	} else {
		var err error
		if stmt, err = w.tx.PrepareContext(ctx, query); err != nil {
			return err
		}
	}
	defer stmt.Close()
	values := make([]any, len(t.columns))
	// One row at a time is fastest: SQLite gathers the rows of a long VALUES
	// before it inserts the first. For a context that can end the driver starts
	// a goroutine with each statement, so it is asked here instead.
	calm := context.WithoutCancel(ctx)
	for i := range n {
		if i%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		row(i, values)
		if _, err := stmt.ExecContext(calm, values...); err != nil {
			return err
		}
	}
	return nil
}

func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff // the rest says where it happened
	}
	return sqlite3.SQLITE_OK
}

func isBusy(err error) bool { return sqliteCode(err) == sqlite3.SQLITE_BUSY }

func (d *sqliteDialect) duplicate(err error) bool {
	return sqliteCode(err) == sqlite3.SQLITE_CONSTRAINT
}

func (d *sqliteDialect) lost(error) bool { return false }

func (d *sqliteDialect) explain(err error) error {
	switch sqliteCode(err) {
	case sqlite3.SQLITE_NOTADB:
		return fault.Newf("database_not_sqlite",
			"%s 不是 SQLite 数据库；请换一个文件名，或移走这个文件。",
			"%s is not a SQLite database; choose another name, or move the file away.", d.path)
	case sqlite3.SQLITE_CORRUPT:
		return fault.Newf("database_damaged",
			"数据库文件 %s 已损坏；请停止服务，从备份恢复。",
			"The database file %s is damaged; stop the service and restore a backup.", d.path)
	case sqlite3.SQLITE_FULL:
		return fault.Newf("database_full",
			"%s 所在的磁盘已满；请腾出空间。",
			"The disk that holds %s is full; free some space.", d.path)
	case sqlite3.SQLITE_BUSY:
		return fault.Newf("database_busy",
			"另一个进程一直占用着数据库 %s；请查明后再试。",
			"Another process keeps the database %s locked; find it and try again.", d.path)
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR:
		return d.explainPlace(err)
	}
	return err
}

// explainPlace finds out why a file cannot be opened or written. SQLite says
// the same for a dozen reasons.
func (d *sqliteDialect) explainPlace(err error) error {
	parent := filepath.Dir(d.path)
	if info, e := os.Stat(parent); errors.Is(e, fs.ErrNotExist) {
		return fault.Newf("database_path",
			"文件夹 %s 不存在；请先建立，或换一个路径。",
			"The folder %s does not exist; make it first, or choose another path.", parent)
	} else if e == nil && !info.IsDir() {
		return fault.Newf("database_path",
			"%s 不是文件夹，不能存放数据库；请换一个路径。",
			"%s is not a folder and cannot hold the database; choose another path.", parent)
	}
	if info, e := os.Stat(d.path); e == nil && info.IsDir() {
		return fault.Newf("database_path",
			"%s 是文件夹；请写出数据库文件的名称，例如 %[1]s/xushi.db。",
			"%s is a folder; name a file in it, such as %[1]s/xushi.db.", d.path)
	}
	if sqliteCode(err) == sqlite3.SQLITE_IOERR {
		return err
	}
	return fault.Newf("database_readonly",
		"不能写数据库 %s；请让运行本服务的用户对该文件和文件夹 %s 有写权限（旁边还要写 -wal 和 -shm 文件）。",
		"The database %s cannot be written; give the user that runs the service the right to write it and the folder %s (files ending in -wal and -shm are written beside it).",
		d.path, parent)
}
