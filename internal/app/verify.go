package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"xushi/internal/store"
)

// Verify reads a database's whole change log and seals it again: the newest
// change's number and hash, or a fault chain_broken that names the first change
// that was altered, lost or slipped in. It needs no picture, so that it also
// works where a server refuses to start.
func Verify(ctx context.Context, dsn string, clock func() time.Time) (seq int64, head [sha256.Size]byte, err error) {
	db, err := store.Open(ctx, dsn, store.Options{Now: clock})
	if err != nil {
		return 0, head, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Verify(ctx); err != nil {
		return 0, head, err
	}
	return db.Head(ctx)
}
