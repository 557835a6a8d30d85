package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"xushi/internal/fault"
)

//go:embed migrations
var migrations embed.FS

// versionTable remembers which migrations a database has had.
const versionTable = "schema_version"

// schema is where a dialect's migrations are and how they begin.
type schema struct {
	dialect        goose.Dialect
	folder         string
	findTables     string // tells whether the version table is there, and counts tables of others
	createVersions string // makes the version table
}

// migrate brings the schema up to date, or refuses a database that a newer
// Xushi has made (schema_newer) or that is not Xushi's (database_foreign).
//
// Several processes may do this at once. Each migration is one transaction that
// ends with its number in the version table, where a number is unique: one
// process gets it done, and the others fail, find it done and go on.
func (db *DB) migrate(ctx context.Context) error {
	if err := db.prepareVersionTable(ctx); err != nil {
		return err
	}
	schema := db.dialect.schema()
	files, err := fs.Sub(migrations, schema.folder)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(schema.dialect, db.write.DB, files,
		goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	for {
		has, wants, err := provider.GetVersions(ctx)
		if err != nil {
			return fmt.Errorf("read the schema's version: %w", err)
		}
		if has > wants {
			return fault.Newf("schema_newer",
				"数据库的结构是第 %d 版，本程序只认识到第 %d 版；请用更新的程序打开，不要用旧程序写新数据库。",
				"The schema of the database is version %d, and this program knows versions up to %d; open it with the newer program.",
				has, wants)
		}
		if has == wants {
			return nil
		}
		if _, err := provider.Up(ctx); err != nil {
			// Wait for whoever is at it and look what he has done.
			w, e := db.begin(ctx)
			if e != nil {
				return e
			}
			w.end()
			now, e := provider.GetDBVersion(ctx)
			if e != nil || now == has && !isBusy(err) {
				return fmt.Errorf("bring the schema from version %d to %d: %w", has, wants, err)
			}
		}
	}
}

// prepareVersionTable makes the version table as goose expects it, but with
// unique numbers, and is at the same time the proof that the database can be
// written.
func (db *DB) prepareVersionTable(ctx context.Context) error {
	w, err := db.begin(ctx)
	if err != nil {
		return err
	}
	defer w.end()
	var exists bool
	var others int
	if err := w.tx.QueryRowxContext(ctx, db.dialect.schema().findTables).Scan(&exists, &others); err != nil {
		return fmt.Errorf("look at the database: %w", err)
	}
	if exists {
		return nil
	}
	if others > 0 {
		return fault.New("database_foreign",
			"这个数据库里有别的程序的数据；请给序时一个单独的数据库。",
			"The database holds the tables of another program; give Xushi a database of its own.")
	}
	if _, err := w.tx.ExecContext(ctx, db.dialect.schema().createVersions); err != nil {
		return fmt.Errorf("make the version table: %w", err)
	}
	return w.tx.Commit()
}
