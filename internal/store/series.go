package store

import (
	"context"
	"sync"

	"github.com/jmoiron/sqlx"
)

// seriesIndex remembers the ids of series. It holds committed rows only: a
// series that is being added is learned after the commit that brings it.
type seriesIndex struct {
	mu    sync.RWMutex
	ids   map[string]int64
	codes map[int64]string
	last  int64
}

func newSeriesIndex() *seriesIndex {
	return &seriesIndex{ids: map[string]int64{}, codes: map[int64]string{}}
}

func (x *seriesIndex) id(code string) (int64, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	id, ok := x.ids[code]
	return id, ok
}

func (x *seriesIndex) code(id int64) (string, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	code, ok := x.codes[id]
	return code, ok
}

func (x *seriesIndex) learn(rows []seriesRow) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, r := range rows {
		x.ids[r.Code], x.codes[r.ID] = r.ID, r.Code
		x.last = max(x.last, r.ID)
	}
}

type seriesRow struct {
	ID   int64  `db:"id"`
	Code string `db:"code"`
}

// refresh learns what others have added.
func (x *seriesIndex) refresh(ctx context.Context, q queryer) error {
	var rows []seriesRow
	if err := sqlx.SelectContext(ctx, q, &rows, q.Rebind(selectSeries), x.newest()); err != nil {
		return err
	}
	x.learn(rows)
	return nil
}

// newest is the highest id known.
func (x *seriesIndex) newest() int64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.last
}
