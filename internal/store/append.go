package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"xushi/internal/fault"
	"xushi/internal/figure"
)

// writer is the one writing transaction of the database, begun with the log's lock.
type writer struct {
	conn *sqlx.Conn
	tx   *sqlx.Tx
}

// begin waits for the turn in this process, then for the other processes.
func (db *DB) begin(ctx context.Context) (*writer, error) {
	for try := 0; ; try++ {
		conn, err := db.write.Connx(ctx)
		if err != nil {
			return nil, db.explain(ctx, err)
		}
		tx, err := db.dialect.begin(ctx, conn)
		if err == nil {
			return &writer{conn: conn, tx: tx}, nil
		}
		_ = conn.Close()
		// A connection that broke while it lay idle, as when the server was
		// restarted, has done nothing yet: another one takes its place.
		if try > 0 || ctx.Err() != nil || !db.dialect.lost(err) {
			return nil, db.explain(ctx, err)
		}
	}
}

// end takes back what was not committed and lets go of the lock. What Rollback
// answers does not matter: a connection it fails on is dropped, which rolls
// back as well.
func (w *writer) end() {
	_ = w.tx.Rollback()
	_ = w.conn.Close()
}

// Append implements figure.Log. The changes that decide returns are completed
// in place. While decide runs the lock is held; it may read through db, and
// must not append.
//
// Beside decide's own errors there are faults: text_invalid for a text that is
// not UTF-8 or holds a zero byte, idempotency_key_taken for a receipt whose key
// the actor used before, log_behind where the log lacks changes that the caller
// has seen, and database_busy, database_full and the like where an operator
// must help. If the connection breaks in the very moment of committing, Append
// cannot know the outcome and returns an error; whether the changes were
// recorded shows in what the next Append hands to decide.
func (db *DB) Append(ctx context.Context, after int64, decide func(missed []*figure.Change) ([]*figure.Change, error)) ([]*figure.Change, error) {
	if err := db.dialect.prepare(ctx); err != nil {
		return nil, fmt.Errorf("prepare to record: %w", db.explain(ctx, err))
	}
	w, err := db.begin(ctx)
	if err != nil {
		return nil, fmt.Errorf("lock the change log: %w", err)
	}
	defer w.end()

	head, err := readHead(ctx, w.tx)
	if err != nil {
		return nil, fmt.Errorf("read the head of the change log: %w", db.explain(ctx, err))
	}
	if after > head.seq {
		return nil, fault.Newf("log_behind",
			"数据库的变更记录只到第 %d 条，而本服务已见过第 %d 条：数据库被换成了较早的备份，请重新启动本服务。",
			"The change log ends at %d, and this service has seen %d: an earlier backup was restored under it; restart the service.",
			head.seq, after)
	}
	missed, err := db.readAll(ctx, w.tx, after, head.seq)
	if err != nil {
		return nil, fmt.Errorf("read the missed changes: %w", db.explain(ctx, err))
	}
	changes, err := decide(missed)
	if err != nil || len(changes) == 0 {
		return nil, err
	}

	now := db.now().Truncate(time.Microsecond).UTC()
	if now.Before(head.recordedAt) {
		now = head.recordedAt // a clock that goes back does not turn the log's order
	}
	prev := head.hash
	for i, c := range changes {
		if err := complete(c, head.seq+int64(i)+1, now); err != nil {
			return nil, err
		}
		c.Hash = c.Seal(prev)
		prev = c.Hash
	}
	fresh, err := db.insertChanges(ctx, w, changes)
	if err != nil {
		return nil, fmt.Errorf("record: %w", db.explain(ctx, err))
	}
	// From here on the answer must be true, so a cancelled ctx comes too late.
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := w.tx.Commit(); err != nil {
		return nil, fmt.Errorf("commit: %w", db.dialect.explain(err))
	}
	db.series.learn(fresh)
	return changes, nil
}

// complete gives a change its place in the log and its items the facts that
// they share with it.
func complete(c *figure.Change, seq int64, now time.Time) error {
	if err := checkChange(c); err != nil {
		return err
	}
	c.Seq, c.RecordedAt = seq, now
	known := func(t time.Time) time.Time {
		if t.IsZero() || t.After(now) {
			return now // nothing is known before it happens
		}
		return t.Truncate(time.Microsecond).UTC()
	}
	for i := range c.Figures {
		r := &c.Figures[i]
		r.Seq, r.Item, r.RecordedAt, r.Actor, r.KnownAt = seq, i, now, c.Actor, known(r.KnownAt)
		if r.Void {
			r.Value = noValue
		}
	}
	for i := range c.Entries {
		e := &c.Entries[i]
		e.Seq, e.Item, e.RecordedAt, e.Actor, e.KnownAt = seq, i, now, c.Actor, known(e.KnownAt)
	}
	for i := range c.Accounts {
		a := &c.Accounts[i]
		a.Seq, a.Item, a.RecordedAt, a.Actor, a.KnownAt = seq, i, now, c.Actor, known(a.KnownAt)
	}
	if p := c.Plan; p != nil {
		p.KnownAt = known(p.KnownAt)
		// A document that cannot be read would end the reading of the log.
		read, err := readPlan(p)
		if err != nil {
			return err
		}
		if p.Plan == nil {
			p.Plan = read
		}
	}
	return nil
}

// insertChanges writes changes and all they hold, each table in one go, and
// returns the series that were added.
func (db *DB) insertChanges(ctx context.Context, w *writer, changes []*figure.Change) (fresh []seriesRow, err error) {
	var figures []*figure.Revision
	var entries []*figure.EntryEvent
	var accounts []*figure.Account
	var plans, receipts []*figure.Change
	for _, c := range changes {
		for i := range c.Figures {
			figures = append(figures, &c.Figures[i])
		}
		for i := range c.Entries {
			entries = append(entries, &c.Entries[i])
		}
		for i := range c.Accounts {
			accounts = append(accounts, &c.Accounts[i])
		}
		if c.Plan != nil {
			plans = append(plans, c)
		}
		if c.Receipt != nil {
			receipts = append(receipts, c)
		}
	}
	ids, fresh, err := db.intern(ctx, w, figures)
	if err != nil {
		return nil, fmt.Errorf("series: %w", err)
	}
	for _, part := range []struct {
		table table
		n     int
		row   func(i int, v []any)
	}{
		{changeTable, len(changes), func(i int, v []any) { changeValues(changes[i], v) }},
		{seriesTable, len(fresh), func(i int, v []any) { v[0], v[1] = fresh[i].ID, fresh[i].Code }},
		{figureTable, len(figures), func(i int, v []any) { figureValues(figures[i], ids[i], v) }},
		{entryTable, len(entries), func(i int, v []any) { entryValues(entries[i], v) }},
		{accountTable, len(accounts), func(i int, v []any) { accountValues(accounts[i], v) }},
		{planTable, len(plans), func(i int, v []any) { planValues(plans[i], v) }},
		{receiptTable, len(receipts), func(i int, v []any) { receiptValues(receipts[i], v) }},
	} {
		if part.n == 0 {
			continue
		}
		err := db.dialect.insert(ctx, w, part.table, part.n, part.row)
		if err != nil && part.table.name == receiptTable.name && db.dialect.duplicate(err) {
			return nil, fault.New("idempotency_key_taken",
				"这个 Idempotency-Key 刚被同一用户的另一个请求用过；请重发本请求以取得当时的答复。",
				"This Idempotency-Key has just been used by another request of the same user; send the request again to get its answer.")
		}
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", part.table.name, err)
		}
	}
	return fresh, nil
}

// intern gives the series id of each figure. Series never seen before get the
// next ids; the caller inserts them.
func (db *DB) intern(ctx context.Context, w *writer, figures []*figure.Revision) (ids []int64, fresh []seriesRow, err error) {
	ids = make([]int64, len(figures))
	looked := false
	added := map[string]int64{}
	for i, f := range figures {
		id, ok := db.series.id(f.Series)
		if !ok && !looked {
			if err := db.series.refresh(ctx, w.tx); err != nil {
				return nil, nil, err
			}
			looked = true
			id, ok = db.series.id(f.Series)
		}
		if !ok {
			if id, ok = added[f.Series]; !ok {
				id = db.series.newest() + int64(len(fresh)) + 1
				added[f.Series] = id
				fresh = append(fresh, seriesRow{ID: id, Code: f.Series})
			}
		}
		ids[i] = id
	}
	return ids, fresh, nil
}

// head is the newest change's place and hash; zeros for an empty log.
type head struct {
	seq        int64
	recordedAt time.Time
	hash       [sha256.Size]byte
}
