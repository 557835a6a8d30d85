package store

import (
	"context"
	"database/sql"

	"xushi/internal/figure"
)

// BareWriter gives a pool with the writer's settings and the statement that
// inserts one figure, for measuring what the store adds.
func BareWriter(ctx context.Context, dsn string) (*sql.DB, string) {
	d, err := dialectOf(dsn)
	if err != nil {
		panic(err)
	}
	write, read, err := d.open(ctx, 1)
	if err != nil {
		panic(err)
	}
	read.Close()
	return write.DB, write.Rebind(figureTable.insert(1))
}

func appendNothing([]*figure.Change) ([]*figure.Change, error) { return nil, nil }
