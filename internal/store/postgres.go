package store

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"

	"xushi/internal/fault"
)

// lockKey is the advisory lock that every writer of the change log holds until
// it commits: "Xushi" in ASCII. Nothing else in the database may use it.
const lockKey int64 = 0x58_75_73_68_69

// postgresDialect is a database on a PostgreSQL server.
type postgresDialect struct{ config *pgx.ConnConfig }

func newPostgres(dsn string) (*postgresDialect, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		// The driver's own words may repeat the password.
		return nil, fault.New("database_dsn",
			"PostgreSQL 数据库的名称有误；应写成 postgres://用户:密码@主机:端口/库名，密码中的特殊字符须写成 %XX。",
			"The name of the PostgreSQL database cannot be read; write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with special characters of the password as %XX.")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "xushi"
	}
	return &postgresDialect{config: config}, nil
}

func (d *postgresDialect) open(ctx context.Context, readers int) (write, read *sqlx.DB, err error) {
	// A server may be set not to wait for its disk; the log may not follow it
	// there. Any stricter setting stays.
	durable := stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, pgDurable)
		return err
	})
	write = sqlx.NewDb(stdlib.OpenDB(*d.config, durable), "pgx")
	write.SetMaxOpenConns(1)
	if err := write.PingContext(ctx); err != nil {
		write.Close()
		return nil, nil, err
	}
	config := d.config.Copy()
	config.RuntimeParams["default_transaction_read_only"] = "on"
	read = sqlx.NewDb(stdlib.OpenDB(*config), "pgx")
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return write, read, nil
}

func (d *postgresDialect) schema() schema {
	return schema{goose.DialectPostgres, "migrations/postgres", pgFindTables, pgCreateVersions}
}

// prepare has nothing to do: pgx prepares a connection's statements when it
// first meets them.
func (d *postgresDialect) prepare(context.Context) error { return nil }

func (d *postgresDialect) begin(ctx context.Context, conn *sqlx.Conn) (*sqlx.Tx, error) {
	tx, err := conn.BeginTxx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return nil, err
	}
	// Each statement after this one sees everything committed before it, since
	// the level is read committed.
	if _, err := tx.ExecContext(ctx, pgLock, lockKey); err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	return tx, nil
}

// pgFewRows is up to how many rows a prepared INSERT is faster than COPY, which
// the server must plan anew each time.
const pgFewRows = 8

func (d *postgresDialect) insert(ctx context.Context, w *writer, t table, n int, row func(i int, values []any)) error {
	width := len(t.columns)
	if n <= pgFewRows {
		values := make([]any, width*n)
		for i := range n {
			row(i, values[i*width:(i+1)*width])
		}
		_, err := w.tx.ExecContext(ctx, w.tx.Rebind(t.insert(n)), values...)
		return err
	}
	source := &copySource{n: n, row: row, values: make([]any, width)}
	return w.conn.Raw(func(driver any) error {
		c := driver.(*stdlib.Conn).Conn()
		_, err := c.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, source)
		return err
	})
}

// copySource hands rows to COPY, all in one slice.
type copySource struct {
	i, n   int
	row    func(i int, values []any)
	values []any
}

func (s *copySource) Next() bool { s.i++; return s.i <= s.n }
func (s *copySource) Err() error { return nil }
func (s *copySource) Values() ([]any, error) {
	s.row(s.i-1, s.values)
	return s.values, nil
}

func pgCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func (d *postgresDialect) duplicate(err error) bool { return pgCode(err) == "23505" }

func (d *postgresDialect) lost(err error) bool {
	code := pgCode(err)
	return code == "" || code == "57P01" // it was told to go when the server stopped
}

func (d *postgresDialect) explain(err error) error {
	c := d.config
	switch pgCode(err) {
	case "28P01", "28000":
		return fault.Newf("database_login",
			"PostgreSQL（%s:%d）不接受用户 %s 登录；请核对用户名、密码和 pg_hba.conf。",
			"PostgreSQL at %s:%d refuses the user %s; check the name, the password and pg_hba.conf.",
			c.Host, c.Port, c.User)
	case "3D000":
		return fault.Newf("database_missing",
			"PostgreSQL（%s:%d）上没有数据库 %s；请先建立：createdb -O %s %[3]s。",
			"PostgreSQL at %s:%d has no database %s; make it first: createdb -O %s %[3]s.",
			c.Host, c.Port, c.Database, c.User)
	case "42501":
		return fault.Newf("database_readonly",
			"用户 %s 无权在数据库 %s 中建表；请让他成为数据库的所有者：ALTER DATABASE %[2]s OWNER TO %[1]s。",
			"The user %s may not make tables in the database %s; make him its owner: ALTER DATABASE %[2]s OWNER TO %[1]s.",
			c.User, c.Database)
	case "53100":
		return fault.Newf("database_full",
			"PostgreSQL（%s:%d）的磁盘已满；请腾出空间。",
			"The disk of PostgreSQL at %s:%d is full; free some space.", c.Host, c.Port)
	case "57P03", "53300":
		return fault.Newf("database_unreachable",
			"PostgreSQL（%s:%d）正在启动或连接数已满；请稍后再试。",
			"PostgreSQL at %s:%d is starting or takes no more connections; try again later.", c.Host, c.Port)
	case "":
		var connect *pgconn.ConnectError
		var network net.Error
		if errors.As(err, &connect) || errors.As(err, &network) {
			return fault.Newf("database_unreachable",
				"连不上 PostgreSQL（%s:%d）；请核对地址和端口，确认数据库在运行、网络和 TLS 设置（sslmode）正确。",
				"PostgreSQL at %s:%d cannot be reached; check address and port, that it runs, and the settings of network and TLS (sslmode).",
				c.Host, c.Port)
		}
	}
	return err
}
