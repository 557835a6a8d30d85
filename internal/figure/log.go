package figure

import "context"

// Log is the append-only, hash-chained change log. Package store implements it;
// several processes may share one.
type Log interface {
	// Append takes the log's one lock, hands decide every change recorded after
	// sequence number after (in order), and records the changes that decide
	// returns: all of them or none, durable when Append returns. decide leaves
	// Seq, RecordedAt, Hash and the copies of them in the items to the log; a
	// zero KnownAt becomes RecordedAt. An error of decide is returned as it is and nothing is
	// recorded.
	// The returned changes are those recorded, complete, in order.
	Append(ctx context.Context, after int64, decide func(missed []*Change) ([]*Change, error)) ([]*Change, error)

	// Since returns the changes after a sequence number, in order, at least one
	// where there are any, at most about limit items of content.
	Since(ctx context.Context, after int64, limit int) ([]*Change, error)

	// Last returns the newest sequence number, 0 for an empty log. It is cheap
	// enough to be asked several times a second.
	Last(ctx context.Context) (int64, error)

	// Recall finds the receipt of an actor's idempotency key, nil where there is none.
	Recall(ctx context.Context, actor, key string) (*Receipt, error)
}
