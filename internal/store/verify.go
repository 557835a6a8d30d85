package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"xushi/internal/fault"
)

// ChainError says that the change log is not as it was recorded, and where that
// shows first. It unwraps to a fault with the code chain_broken.
type ChainError struct {
	Seq   int64 // the first change that does not fit; what comes before it is whole
	fault *fault.Fault
}

func (e *ChainError) Error() string { return e.fault.Error() }
func (e *ChainError) Unwrap() error { return e.fault }

func broken(seq int64, why string, args ...any) *ChainError {
	why = fmt.Sprintf(why, args...)
	return &ChainError{Seq: seq, fault: fault.Newf("chain_broken",
		"变更记录从第 %d 条起与当初所记不符（%s）：数据库被改动过或已损坏；请停止服务，从备份恢复。",
		"The change log is not as it was recorded, from change %d on (%s): the database was altered or damaged; stop the service and restore a backup.",
		seq, why)}
}

// Verify reads the whole log in order and seals each change again. It returns a
// *ChainError that names the first change that was altered, lost or slipped in,
// nil where all is whole. Changes cut off at the end leave no trace in the log
// itself: compare Head with one noted earlier.
//
// Others may append meanwhile; what they add is verified, too, or left for the
// next time.
func (db *DB) Verify(ctx context.Context) error {
	var prev [sha256.Size]byte
	var last int64
	var recorded time.Time
	series := newSeriesIndex() // names read anew: they are sealed, the ids are not
	for {
		changes, err := readChanges(ctx, db.read, series, last, pageItems, false)
		if err != nil {
			return fmt.Errorf("verify the change log: %w", db.explain(ctx, err))
		}
		if len(changes) == 0 {
			break
		}
		for _, c := range changes {
			switch {
			case c.Seq != last+1:
				return broken(last+1, "it is missing")
			case c.RecordedAt.Before(recorded):
				return broken(c.Seq, "it was recorded before the change ahead of it")
			case c.Seal(prev) != c.Hash:
				return broken(c.Seq, "its hash differs")
			}
			prev, last, recorded = c.Hash, c.Seq, c.RecordedAt
		}
	}
	var orphan sql.NullInt64
	err := db.read.QueryRowxContext(ctx, selectOrphan).Scan(&orphan)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("verify the change log: %w", db.explain(ctx, err))
	}
	if orphan.Valid {
		return broken(orphan.Int64, "there are items without their change")
	}
	return nil
}
