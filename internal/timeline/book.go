package timeline

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"xushi/internal/board"
	"xushi/internal/quantity"
)

// Board is what a book reads; *board.Board is one.
type Board interface {
	Snapshot() *board.Snapshot
	Now() time.Time
	At(board.Query) (*board.Snapshot, error)
}

// bounds say how much a book keeps so that it need not be made again. An item
// takes about 700 bytes.
type bounds struct {
	live    int // items in frames of the live picture
	past    int // items in replays, and as many in their frames
	replays int
}

var ample = bounds{live: 200_000, past: 100_000, replays: 8}

// Book makes views of a board. It keeps the frames of the live picture and of the
// newest replays, as far as its bounds allow.
type Book struct {
	board Board
	most  bounds

	mu      sync.Mutex // guards the live edition
	live    *edition
	current shelf

	replaying sync.Mutex // guards the replays
	replays   []*edition // the one that was asked for last comes last
	past      shelf
}

// edition is a snapshot laid out as years.
type edition struct {
	query board.Query // of a replay
	from  *board.Snapshot
	until time.Time // when another month begins; zero for never
	years []*year
}

// NewBook makes a book of a board.
func NewBook(b Board) *Book { return &Book{board: b, most: ample} }

// View gives a view of what was known at a moment, zero for now, of one plan or
// of all (""). Options say who reads; their Now is set here. Faults are those of
// Board.At.
func (b *Book) View(asOf time.Time, plan string, o quantity.Options) (*View, error) {
	if asOf.IsZero() {
		o.Now = b.board.Now()
		return &View{years: b.now().years, options: o}, nil
	}
	e, err := b.replay(board.Query{Plan: plan, AsOf: asOf})
	if err != nil {
		return nil, err
	}
	o.Now = asOf
	return &View{years: e.years, options: o}, nil
}

// now gives the live picture.
func (b *Book) now() *edition {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.board.Now()
	if s := b.board.Snapshot(); b.live == nil || b.live.from != s || !b.live.until.IsZero() && !now.Before(b.live.until) {
		b.live = lay(s, now, b.live, &b.current)
	}
	if b.current.due(b.most.live) {
		years := slices.Clone(b.live.years)
		for _, y := range b.live.years {
			if old := y.before.Load(); old != nil {
				years = append(years, old)
			}
		}
		trim(years, b.most.live)
	}
	return b.live
}

// replay gives what a query asks for, and keeps it.
func (b *Book) replay(q board.Query) (*edition, error) {
	b.replaying.Lock()
	defer b.replaying.Unlock()
	// What was known at a moment may still change: a figure that is loaded later
	// may have been known before.
	seq := b.board.Snapshot().Seq
	b.replays = slices.DeleteFunc(b.replays, func(e *edition) bool { return e.from.Seq != seq })
	if i := slices.IndexFunc(b.replays, func(e *edition) bool { return e.query == q }); i >= 0 {
		e := b.replays[i]
		b.replays = append(slices.Delete(b.replays, i, i+1), e)
		return e, nil
	}
	s, err := b.board.At(q)
	if err != nil {
		return nil, err
	}
	e := lay(s, q.AsOf, nil, &b.past)
	e.query = q
	b.past.made.Add(int64(e.items()))
	b.replays = append(b.replays, e)
	for len(b.replays) > b.most.replays || len(b.replays) > 1 && b.items() > b.most.past {
		b.replays = slices.Delete(b.replays, 0, 1)
	}
	if b.past.due(b.most.past) {
		var years []*year
		for _, e := range b.replays {
			years = append(years, e.years...)
		}
		trim(years, b.most.past)
	}
	return e, nil
}

// items counts those of the replays, frames apart.
func (b *Book) items() (n int) {
	for _, e := range b.replays {
		n += e.items()
	}
	return n
}

func (e *edition) items() (n int) {
	for _, y := range e.years {
		n += len(y.plan.Items)
	}
	return n
}

// lay lays a snapshot out; years that did not change are taken over.
func lay(s *board.Snapshot, now time.Time, old *edition, on *shelf) *edition {
	before := map[string]*year{}
	if old != nil {
		for _, y := range old.years {
			before[y.plan.ID] = y
		}
	}
	e := &edition{from: s, years: make([]*year, len(s.Plans))}
	for i, p := range s.Plans {
		y := before[p.ID]
		if y == nil || y.plan != p || len(y.marks) != 1+begun(p, now) {
			if y != nil {
				y.before.Store(nil) // one step back is enough
			}
			y = newYear(s, p, now, y, on)
		}
		e.years[i] = y
		if n := begun(p, now); n < 12 {
			if begins := opens(p, n); e.until.IsZero() || begins.Before(e.until) {
				e.until = begins
			}
		}
	}
	return e
}

// due tells, once, that so much was made that it is time to trim.
func (s *shelf) due(most int) bool {
	if s.made.Load() < int64(most/4) {
		return false
	}
	s.made.Store(0)
	return true
}

// trim drops frames where there are too many, those that were not asked for the
// longest first.
func trim(years []*year, most int) {
	slices.SortFunc(years, func(a, b *year) int { return cmp.Compare(b.used.Load(), a.used.Load()) })
	total := 0
	for _, y := range years {
		if n := y.holds(); total+n > most {
			y.forget()
		} else {
			total += n
		}
	}
}
