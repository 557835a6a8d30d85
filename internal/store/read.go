package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"

	"github.com/govalues/decimal"
	"github.com/jmoiron/sqlx"

	"xushi/internal/figure"
	"xushi/internal/period"
)

// queryer is what both a pool and a transaction can do.
type queryer interface {
	sqlx.QueryerContext
	Rebind(query string) string
}

// Last implements figure.Log.
func (db *DB) Last(ctx context.Context) (int64, error) {
	h, err := readHead(ctx, db.read)
	if err != nil {
		return 0, fmt.Errorf("read the head of the change log: %w", db.explain(ctx, err))
	}
	return h.seq, nil
}

// Head gives the newest change's sequence number and hash, zeros for an empty
// log. Written down elsewhere, such as in a bulletin, it proves later that
// nothing up to there was altered or cut off.
func (db *DB) Head(ctx context.Context) (seq int64, hash [sha256.Size]byte, err error) {
	h, err := readHead(ctx, db.read)
	if err != nil {
		return 0, hash, fmt.Errorf("read the head of the change log: %w", db.explain(ctx, err))
	}
	return h.seq, h.hash, nil
}

func readHead(ctx context.Context, q queryer) (h head, err error) {
	var micro int64
	var hash []byte
	err = q.QueryRowxContext(ctx, selectHead).Scan(&h.seq, &micro, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return head{}, nil
	}
	h.recordedAt = readTime(micro)
	copy(h.hash[:], hash)
	return h, err
}

// Recall implements figure.Log.
func (db *DB) Recall(ctx context.Context, actor, key string) (*figure.Receipt, error) {
	var request []byte
	r := &figure.Receipt{Key: key}
	err := db.read.QueryRowxContext(ctx, db.read.Rebind(selectReceipt), actor, key).Scan(&request, &r.Answer)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read a receipt: %w", db.explain(ctx, err))
	}
	copy(r.Request[:], request)
	return r, nil
}

// Since implements figure.Log. Receipts are left out; Recall finds them. A log
// that was damaged gives a *ChainError.
func (db *DB) Since(ctx context.Context, after int64, limit int) ([]*figure.Change, error) {
	changes, err := readChanges(ctx, db.read, db.series, after, limit, true)
	if err != nil {
		return nil, fmt.Errorf("read the change log after %d: %w", after, db.explain(ctx, err))
	}
	return changes, nil
}

// pageItems bounds what is read in one go.
const pageItems = 20_000

// readAll reads the changes after one sequence number up to another.
func (db *DB) readAll(ctx context.Context, q queryer, after, last int64) (all []*figure.Change, err error) {
	for after < last {
		page, err := readChanges(ctx, q, db.series, after, pageItems, true)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		after = page[len(page)-1].Seq
	}
	return all, nil
}

type changeRow struct {
	Seq        int64  `db:"seq"`
	RecordedAt int64  `db:"recorded_at"`
	Kind       string `db:"kind"`
	Actor      string `db:"actor"`
	Detail     string `db:"detail"`
	Items      int    `db:"items"`
	Hash       []byte `db:"hash"`
}

// readChanges reads the changes after a sequence number, at least one where
// there are any, until they hold about limit items. A change is committed with
// all its items and never altered, so that several statements see one state.
func readChanges(ctx context.Context, q queryer, series *seriesIndex, after int64, limit int, parsePlans bool) ([]*figure.Change, error) {
	p := page{ctx: ctx, q: q, series: series, parsePlans: parsePlans, texts: map[string]string{}}
	if err := p.readHeaders(after, limit); err != nil || len(p.changes) == 0 {
		return nil, err
	}
	for _, read := range []func() error{p.readFigures, p.readEntries, p.readAccounts, p.readPlans} {
		if p.missing == 0 {
			break // what is left in other tables Verify finds
		}
		if err := read(); err != nil {
			return nil, err
		}
	}
	for i, c := range p.changes {
		if p.items[i] != 0 {
			return nil, broken(c.Seq, "%d of its items are missing", p.items[i])
		}
	}
	return p.changes, nil
}

// page is a stretch of the log while it is being read.
type page struct {
	ctx        context.Context
	q          queryer
	series     *seriesIndex
	parsePlans bool
	changes    []*figure.Change
	items      []int // of each change, not read yet
	unknown    []unknownSeries
	missing    int               // sum of items
	texts      map[string]string // one copy of texts that come again and again
}

func (p *page) readHeaders(after int64, limit int) error {
	// A change without items counts as one, so that limit bounds both.
	limit = max(limit, 1)
	var rows []changeRow
	err := sqlx.SelectContext(p.ctx, p.q, &rows, p.q.Rebind(selectChanges), after, min(limit, pageItems))
	if err != nil {
		return err
	}
	total := 0
	for i, r := range rows {
		if total += max(r.Items, 1); i > 0 && total > limit {
			break
		}
		c := &figure.Change{Seq: r.Seq, RecordedAt: readTime(r.RecordedAt), Kind: figure.Kind(r.Kind), Actor: p.text(r.Actor)}
		if r.Detail != "" {
			c.Detail = []byte(r.Detail)
		}
		copy(c.Hash[:], r.Hash)
		if c.Kind == figure.Figures && r.Items > 0 {
			c.Figures = make([]figure.Revision, 0, r.Items)
		}
		p.changes = append(p.changes, c)
		p.items = append(p.items, r.Items)
		p.missing += r.Items
	}
	return nil
}

func (p *page) text(s string) string {
	if s == "" {
		return ""
	}
	if same, ok := p.texts[s]; ok {
		return same
	}
	p.texts[s] = s
	return s
}

// unknownSeries is a series that somebody added since the index was read. It is
// looked up when the rows are read to the end: a connection of PostgreSQL does
// one thing at a time.
type unknownSeries struct {
	seq, id int64
	set     func(code string)
}

func (p *page) resolve() error {
	if len(p.unknown) == 0 {
		return nil
	}
	if err := p.series.refresh(p.ctx, p.q); err != nil {
		return err
	}
	for _, u := range p.unknown {
		code, ok := p.series.code(u.id)
		if !ok {
			return broken(u.seq, "there is no series with the id %d", u.id)
		}
		u.set(p.text(code))
	}
	return nil
}

// rows runs a statement over the stretch and calls row for each row. It reads
// the sequence number into seq, which finds the row's change.
func (p *page) rows(query string, seq *int64, dest []any, row func(c *figure.Change) error) error {
	rows, err := p.q.QueryxContext(p.ctx, p.q.Rebind(query), p.changes[0].Seq, p.changes[len(p.changes)-1].Seq)
	if err != nil {
		return err
	}
	defer rows.Close()
	at := 0
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			if p.ctx.Err() != nil {
				return p.ctx.Err()
			}
			return broken(*seq, "a row cannot be read: %v", err)
		}
		for at < len(p.changes) && p.changes[at].Seq < *seq {
			at++
		}
		if at == len(p.changes) || p.changes[at].Seq != *seq {
			return broken(*seq, "there are items without their change")
		}
		if err := row(p.changes[at]); err != nil {
			return broken(*seq, "%v", err)
		}
		p.items[at]--
		p.missing--
	}
	return rows.Err()
}

func (p *page) readFigures() error {
	var f figureRow
	err := p.rows(selectFigures, &f.seq, f.dest(), func(c *figure.Change) error {
		i := len(c.Figures)
		if f.item != i {
			return fmt.Errorf("figure %d stands at %d", f.item, i)
		}
		r, err := p.revision(&f, func(code string) { c.Figures[i].Series = code })
		if err != nil {
			return fmt.Errorf("figure %d: %w", f.item, err)
		}
		r.RecordedAt, r.Actor = c.RecordedAt, c.Actor
		c.Figures = append(c.Figures, r)
		return nil
	})
	if err != nil {
		return err
	}
	return p.resolve()
}

// figureRow is a row of figure_revision as the database gives it.
type figureRow struct {
	seq          int64
	item         int
	series       int64
	part         string
	end          int64
	span         string
	value        sql.NullString
	status       string
	known        int64
	note, reason string
	file, hash   string
	sheet, cell  string
}

func (f *figureRow) dest() []any {
	return []any{&f.seq, &f.item, &f.series, &f.part, &f.end, &f.span, &f.value, &f.status, &f.known,
		&f.note, &f.reason, &f.file, &f.hash, &f.sheet, &f.cell}
}

// revision makes the domain's value of a row; RecordedAt and Actor are the
// change's. setSeries is called by resolve where the series is not known yet.
func (p *page) revision(f *figureRow, setSeries func(code string)) (r figure.Revision, err error) {
	code, ok := p.series.code(f.series)
	if !ok {
		p.unknown = append(p.unknown, unknownSeries{f.seq, f.series, setSeries})
	}
	r.Key = figure.Key{Series: code, Part: p.text(f.part)}
	if r.Period, err = readPeriod(f.end, f.span); err != nil {
		return r, err
	}
	if f.value.Valid {
		if r.Value, err = decimal.Parse(f.value.String); err != nil {
			return r, err
		}
	}
	r.Void = !f.value.Valid
	r.Status = figure.ObsStatus(p.text(f.status))
	r.KnownAt, r.Note, r.Reason = readTime(f.known), p.text(f.note), p.text(f.reason)
	r.Origin = figure.Origin{File: p.text(f.file), Hash: p.text(f.hash), Sheet: p.text(f.sheet), Cell: f.cell}
	r.Seq, r.Item = f.seq, f.item
	return r, nil
}

func (p *page) readEntries() error {
	var e figure.EntryEvent
	var done string
	var known int64
	dest := []any{&e.Seq, &e.Item, &e.Plan, &e.Indicator, &e.Entry, &done, &e.Evidence, &e.Note, &known}
	return p.rows(selectEntries, &e.Seq, dest, func(c *figure.Change) error {
		if e.Item != len(c.Entries) {
			return fmt.Errorf("entry %d stands at %d", e.Item, len(c.Entries))
		}
		e.Done = nil
		if done != "" {
			d, err := period.ParseDate(done)
			if err != nil {
				return err
			}
			e.Done = &d
		}
		e.KnownAt, e.RecordedAt, e.Actor = readTime(known), c.RecordedAt, c.Actor
		c.Entries = append(c.Entries, e)
		return nil
	})
}

func (p *page) readAccounts() error {
	var a figure.Account
	var end, known int64
	var span string
	dest := []any{&a.Seq, &a.Item, &a.Plan, &a.Indicator, &end, &span, &a.Text, &a.Light, &known}
	return p.rows(selectAccounts, &a.Seq, dest, func(c *figure.Change) (err error) {
		if a.Item != len(c.Accounts) {
			return fmt.Errorf("account %d stands at %d", a.Item, len(c.Accounts))
		}
		if a.Period, err = readPeriod(end, span); err != nil {
			return err
		}
		a.KnownAt, a.RecordedAt, a.Actor = readTime(known), c.RecordedAt, c.Actor
		c.Accounts = append(c.Accounts, a)
		return nil
	})
}

func (p *page) readPlans() error {
	var v figure.PlanVersion
	var seq, known int64
	var document string
	err := p.rows(selectPlans, &seq, []any{&seq, &v.ID, &known, &document}, func(c *figure.Change) error {
		c.Plan = &figure.PlanVersion{ID: v.ID, KnownAt: readTime(known), Document: []byte(document)}
		return nil
	})
	if err != nil || !p.parsePlans {
		return err
	}
	for _, c := range p.changes {
		if c.Plan == nil {
			continue
		}
		if c.Plan.Plan, err = readPlan(c.Plan); err != nil {
			return fmt.Errorf("change %d: %w", c.Seq, err)
		}
	}
	return nil
}
