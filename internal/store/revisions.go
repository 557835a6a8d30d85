package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"xushi/internal/fault"
	"xushi/internal/figure"
)

// RevisionFilter is what Revisions goes by.
type RevisionFilter = figure.RevisionFilter

// The bounds of a page.
const (
	defaultPage = 100
	maxPage     = 10_000
)

// Revisions reads figures and their earlier values page by page. next is the
// cursor of the page that follows, "" after the last. A cursor that cannot be
// read gives the fault cursor_invalid.
func (db *DB) Revisions(ctx context.Context, f RevisionFilter) (revisions []figure.Revision, next string, err error) {
	limit := f.Limit
	if limit <= 0 {
		limit = defaultPage
	}
	limit = min(limit, maxPage)

	query, args, err := db.revisionQuery(ctx, f, limit)
	if err != nil || query == "" {
		return nil, "", err
	}
	p := page{ctx: ctx, q: db.read, series: db.series, texts: map[string]string{}}
	revisions, next, err = p.readRevisions(query, args, limit, f.ByPlace)
	if err == nil {
		err = p.resolve()
	}
	if err != nil {
		return nil, "", fmt.Errorf("read revisions: %w", db.explain(ctx, err))
	}
	return revisions, next, nil
}

// readRevisions reads up to limit revisions, and the cursor of the last one
// where there are more.
func (p *page) readRevisions(query string, args []any, limit int, byPlace bool) (revisions []figure.Revision, next string, err error) {
	rows, err := p.q.QueryxContext(p.ctx, p.q.Rebind(query), args...)
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	var row figureRow
	var recorded int64
	var actor string
	dest := append(row.dest(), &recorded, &actor)
	for rows.Next() {
		i := len(revisions)
		if i == limit { // row still holds the last of the page
			return revisions, place{row.seq, row.item, row.series, row.part, row.end, row.span}.cursor(byPlace), nil
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, "", err
		}
		r, err := p.revision(&row, func(code string) { revisions[i].Series = code })
		if err != nil {
			return nil, "", broken(row.seq, "figure %d: %v", row.item, err)
		}
		r.RecordedAt, r.Actor = readTime(recorded), p.text(actor)
		revisions = append(revisions, r)
	}
	return revisions, "", rows.Err()
}

// revisionQuery words the filter, "" where nothing can fit.
func (db *DB) revisionQuery(ctx context.Context, f RevisionFilter, limit int) (query string, args []any, err error) {
	var where []string
	and := func(condition string, values ...any) {
		where = append(where, condition)
		args = append(args, values...)
	}
	if f.Series != nil {
		ids, err := db.seriesIDs(ctx, f.Series)
		if err != nil || ids == "" {
			return "", nil, err
		}
		and("f.series_id IN (" + ids + ")")
	}
	if f.Part != nil {
		and("f.part = ?", *f.Part)
	}
	if f.From != 0 {
		and("f.period_end >= ?", yearMonth(f.From))
	}
	if f.To != 0 {
		and("f.period_end <= ?", yearMonth(f.To))
	}
	if f.Span != 0 {
		and("f.span = ?", f.Span.String())
	}
	if !f.AsOf.IsZero() {
		and("f.known_at <= ?", f.AsOf.UnixMicro())
	}
	if f.UpTo != 0 {
		and("f.change_seq <= ?", f.UpTo)
	}
	if f.Cursor != "" {
		p, err := readCursor(f.Cursor, f.ByPlace)
		if err != nil {
			return "", nil, err
		}
		if f.ByPlace {
			and("(f.series_id, f.part, f.period_end, f.span, f.change_seq, f.item) > (?, ?, ?, ?, ?, ?)",
				p.series, p.part, p.end, p.span, p.seq, p.item)
		} else {
			and("(f.change_seq, f.item) < (?, ?)", p.seq, p.item)
		}
	}
	query = selectRevisions
	if len(where) > 0 {
		query += " WHERE " + strings.Join(where, " AND ")
	}
	if f.ByPlace {
		query += " ORDER BY f.series_id, f.part, f.period_end, f.span, f.change_seq, f.item"
	} else {
		query += " ORDER BY f.change_seq DESC, f.item DESC"
	}
	return query + " LIMIT " + strconv.Itoa(limit+1), args, nil // one more tells whether there is a next page
}

// seriesIDs gives the ids of those series that have figures, as a list for SQL.
func (db *DB) seriesIDs(ctx context.Context, codes []string) (string, error) {
	var ids []string
	looked := false
	for _, code := range codes {
		id, ok := db.series.id(code)
		if !ok && !looked {
			if err := db.series.refresh(ctx, db.read); err != nil {
				return "", fmt.Errorf("read series: %w", db.explain(ctx, err))
			}
			looked = true
			id, ok = db.series.id(code)
		}
		if ok {
			ids = append(ids, strconv.FormatInt(id, 10))
		}
	}
	return strings.Join(ids, ", "), nil
}

// place is where a revision stands in either order.
type place struct {
	seq    int64
	item   int
	series int64
	part   string
	end    int64
	span   string
}

// cursor writes a place for the client to hand back; the order goes with it,
// because a place in one order means nothing in the other.
func (p place) cursor(byPlace bool) string {
	v := []any{byPlace, p.seq, p.item}
	if byPlace {
		v = append(v, p.series, p.part, p.end, p.span)
	}
	text, _ := json.Marshal(v) // plain values always marshal
	return base64.RawURLEncoding.EncodeToString(text)
}

func readCursor(s string, byPlace bool) (p place, err error) {
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		var order bool
		v := []any{&order, &p.seq, &p.item}
		if byPlace {
			v = append(v, &p.series, &p.part, &p.end, &p.span)
		}
		n := len(v)
		if err = json.Unmarshal(text, &v); err == nil && (order != byPlace || len(v) != n) {
			err = errors.New("a cursor of another order")
		}
	}
	if err != nil || strings.ContainsRune(p.part+p.span, 0) {
		return p, fault.New("cursor_invalid",
			"翻页标记无效；请从第一页重新查询。",
			"The cursor cannot be read; start again with the first page.").At("cursor")
	}
	return p, nil
}
