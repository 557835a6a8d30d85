package timeline

import (
	"sync"
	"sync/atomic"
	"time"

	"xushi/internal/board"
	"xushi/internal/period"
	"xushi/internal/quantity"
)

// year is a plan's year as the frames of its months. Frames are made when
// somebody asks for them, and may be dropped when there are too many.
type year struct {
	base   *board.Snapshot      // what the frames are made of
	plan   *board.PlanState     // how it stands: the newest frame
	marks  []mark               // the year's start, and the end of each month that may have figures, in order
	ends   [12]int64            // where the samples of each month of the year stand
	before atomic.Pointer[year] // the year before the last change, for what still holds of its frames; may be nil
	shelf  *shelf
	names  *quantity.Names // of the compiled plan

	mu     sync.Mutex
	frames []*board.Snapshot // by place in marks; nil where nobody has asked
	used   atomic.Int64      // when a frame was last asked for, by the shelf's count
}

// mark is where a frame stands.
type mark struct {
	month period.Month
	stamp int64 // the first instant after the month
}

// shelf counts what is asked of years that are kept together.
type shelf struct {
	asked atomic.Int64 // frames asked for
	made  atomic.Int64 // items in frames made since it was last trimmed
}

// newYear lays out a plan's year. The newest frame is the plan as it stands, for
// nothing later has begun.
func newYear(s *board.Snapshot, p *board.PlanState, now time.Time, before *year, on *shelf) *year {
	first := period.NewMonth(p.Year, time.January)
	y := &year{base: s, plan: p, shelf: on, marks: []mark{{first - 1, ms(first.First().Start(p.Zone))}}}
	for m := first; m < first+period.Month(begun(p, now)); m++ {
		y.marks = append(y.marks, mark{m, ms(m.Last().End(p.Zone))})
	}
	for m := range y.ends {
		y.ends[m] = ms((first + period.Month(m)).Last().End(p.Zone))
	}
	y.names = &quantity.Names{}
	y.frames = make([]*board.Snapshot, len(y.marks))
	if before != nil && before.plan.Plan == p.Plan {
		y.before.Store(before)
		y.names = before.names
	}
	return y
}

// begun counts the months of a plan's year that may have figures at a moment.
func begun(p *board.PlanState, moment time.Time) int {
	n := 0
	for n < 12 && !opens(p, n).After(moment) {
		n++
	}
	return n
}

// opens is when the n-th month of a plan's year, from 0, may have figures: on its
// last day.
func opens(p *board.PlanState, n int) time.Time {
	return (period.NewMonth(p.Year, time.January) + period.Month(n)).Last().Start(p.Zone)
}

// frame gives the k-th frame.
func (y *year) frame(k int) *board.Snapshot {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.used.Store(y.shelf.asked.Add(1))
	if y.frames[k] != nil {
		return y.frames[k]
	}
	if k == len(y.frames)-1 {
		y.frames[k] = y.base.Only(y.plan)
	} else {
		y.frames[k] = y.base.Frame(y.plan, y.marks[k].month, y.unchanged(k))
		y.shelf.made.Add(int64(len(y.plan.Items)))
	}
	return y.frames[k]
}

// unchanged finds the items of the k-th frame before the last change that still
// hold: those of indicators that were not judged again since.
func (y *year) unchanged(k int) func(pos int) *board.Item {
	old := y.before.Load()
	if old == nil || k >= len(old.marks)-1 { // its newest frame was not made for a month
		return nil
	}
	old.mu.Lock()
	frame := old.frames[k]
	old.mu.Unlock()
	if frame == nil {
		return nil
	}
	return func(pos int) *board.Item {
		if old.plan.Items[pos] != y.plan.Items[pos] {
			return nil
		}
		return frame.Plans[0].Items[pos]
	}
}

// holds counts the items in frames.
func (y *year) holds() (items int) {
	y.mu.Lock()
	defer y.mu.Unlock()
	for _, f := range y.frames[:len(y.frames)-1] {
		if f != nil {
			items += len(y.plan.Items)
		}
	}
	return items
}

// forget drops the frames; who reads them goes on with what it has.
func (y *year) forget() {
	y.mu.Lock()
	defer y.mu.Unlock()
	clear(y.frames)
}

// at gives the place of the newest frame at a moment, -1 where there is none.
func (y *year) at(t int64) int {
	k := len(y.marks) - 1
	for k >= 0 && y.marks[k].stamp > t {
		k--
	}
	return k
}

// table reads the k-th frame.
func (y *year) table(k int, o quantity.Options) *quantity.Table {
	o.Names = y.names
	return quantity.New(y.frame(k), o)
}

// place is the frame of an own period.
func (y *year) place(o *board.Own) int { return int(o.End - y.marks[0].month) }

// stamp is where the samples of an own period stand.
func (y *year) stamp(o *board.Own) int64 { return y.ends[o.End.Of()-1] }
