// Package board is the live picture: an immutable snapshot of plans, figures and
// what judge says of them, replaced as changes land and as time passes. All
// readers read it, and none waits for a writer.
package board

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"xushi/internal/fault"
	"xushi/internal/figure"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// Calendars are the holiday calendars by id.
type Calendars map[string]*period.Calendar

// Board folds the change log into the live picture. It implements figure.Picture.
type Board struct {
	clock     func() time.Time
	calendars Calendars

	mu    sync.RWMutex // guards the book; writers also replace the snapshot under it
	book  book
	live  atomic.Pointer[Snapshot]
	plans atomic.Int64 // plan versions folded in

	telemetry Telemetry // nil in commands that nobody scrapes
}

// book is everything known, by place. Histories and event logs in it are
// replaced, never changed, once a fold is over.
type book struct {
	versions  map[string][]*Plan // by plan id, in the order they became known
	series    map[string]*plan.Series
	readers   map[string][]*Indicator // by series: the indicators of the plans in force that read it
	histories map[feed]*History
	entries   map[[2]string]entryEvents       // by plan and indicator
	accounts  map[[2]string]accountEvents     // by plan and indicator
	slots     map[figure.Address]*figure.Slot // by series and part, of the plans in force
	byID      map[string][]*Indicator         // by indicator id, of the plans in force
}

// New makes an empty board. clock gives the present.
func New(clock func() time.Time, calendars Calendars) *Board {
	b := &Board{clock: clock, calendars: calendars, book: book{
		versions:  map[string][]*Plan{},
		series:    map[string]*plan.Series{},
		readers:   map[string][]*Indicator{},
		histories: map[feed]*History{},
		entries:   map[[2]string]entryEvents{},
		accounts:  map[[2]string]accountEvents{},
		slots:     map[figure.Address]*figure.Slot{},
		byID:      map[string][]*Indicator{},
	}}
	b.live.Store(&Snapshot{Moment: clock()})
	return b
}

// Snapshot is the live picture now.
func (b *Board) Snapshot() *Snapshot { return b.live.Load() }

// Seq is the sequence number of the newest change taken in.
func (b *Board) Seq() int64 { return b.live.Load().Seq }

// Now is the present, by the board's clock.
func (b *Board) Now() time.Time { return b.clock() }

// Plans counts the plan versions taken in.
func (b *Board) Plans() int64 { return b.plans.Load() }

// touched collects what a fold or the passing of time changes.
type touched struct {
	items  map[*Indicator]struct{}
	series map[string]struct{} // whose readers are found once all plans are taken in
	plans  map[string]*Plan    // whole plans, because another version is in force; which was before, nil for none
	fresh  map[feed]bool       // histories made by this fold
}

// Fold takes in changes in the log's order, re-judges what they touch and
// replaces the snapshot. Changes that were taken in before are passed over.
// Where it fails, what stood before the faulty change is taken in all the same,
// so that it can be called again.
func (b *Board) Fold(changes []*figure.Change) error {
	if len(changes) == 0 {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	seq := b.Seq()
	t := touched{items: map[*Indicator]struct{}{}, series: map[string]struct{}{}, plans: map[string]*Plan{}, fresh: map[feed]bool{}}
	var err error
	for _, c := range changes {
		if c.Seq <= seq {
			continue
		}
		if c.Seq != seq+1 {
			err = fmt.Errorf("change %d follows %d: the log has a gap", c.Seq, seq)
			break
		}
		if err = b.take(c, &t); err != nil {
			err = fmt.Errorf("change %d: %w", c.Seq, err)
			break
		}
		seq = c.Seq
	}
	b.replace(seq, &t)
	return err
}

// take puts one change into the book, or nothing of it where it fails.
func (b *Board) take(c *figure.Change, t *touched) error {
	if c.Plan != nil {
		if err := b.takePlan(c, t); err != nil {
			return err
		}
	}
	for i := range c.Figures {
		r := &c.Figures[i]
		at := feed{r.Series, r.Part}
		b.book.histories[at] = b.book.histories[at].with(r, t.fresh[at])
		t.fresh[at] = true
		t.series[r.Series] = struct{}{}
	}
	for i := range c.Entries {
		e := &c.Entries[i]
		at := [2]string{e.Plan, e.Indicator}
		b.book.entries[at] = b.book.entries[at].with(e.Entry, e, entryKnown)
		b.touch(t, e.Plan, e.Indicator)
	}
	for i := range c.Accounts {
		a := &c.Accounts[i]
		at := [2]string{a.Plan, a.Indicator}
		b.book.accounts[at] = b.book.accounts[at].with(a.Period, a, accountKnown)
		b.touch(t, a.Plan, a.Indicator)
	}
	return nil
}

func (b *Board) touch(t *touched, planID, indicator string) {
	if p := b.inForce(planID); p != nil {
		if ind := p.byID[indicator]; ind != nil {
			t.items[ind] = struct{}{}
		}
	}
}

// inForce is the newest version of a plan, nil where there is none.
func (b *Board) inForce(id string) *Plan {
	versions := b.book.versions[id]
	if len(versions) == 0 {
		return nil
	}
	return versions[len(versions)-1]
}

func (b *Board) takePlan(c *figure.Change, t *touched) error {
	p, err := compile(c.Plan, c.Seq, b.calendars, func(key string) *plan.Series { return b.book.series[key] })
	if err != nil {
		return err
	}
	for i := range p.Series {
		s := &p.Series[i]
		key := seriesKey(p.Area, s.ID)
		if foreign := key == s.ID; !foreign || b.book.series[key] == nil { // the area it belongs to has the last word
			b.book.series[key] = s
		}
	}
	if _, ok := t.plans[p.ID]; !ok {
		t.plans[p.ID] = b.inForce(p.ID)
	}
	versions := append(slices.Clone(b.book.versions[p.ID]), p)
	slices.SortStableFunc(versions, func(a, b *Plan) int { return a.KnownAt.Compare(b.KnownAt) })
	b.book.versions[p.ID] = versions
	b.plans.Add(1)
	return nil
}

// index renews what is looked up by series and id in the plans in force, for the
// plans that changed; before holds the versions that were in force until now, nil
// for a new plan. The rest of a nation is left alone.
func (b *Board) index(before map[string]*Plan) {
	stale := func(ind *Indicator) bool { _, ok := before[ind.Plan.ID]; return ok }
	ids, series := map[string]struct{}{}, map[string]struct{}{}
	for id, old := range before {
		for _, p := range []*Plan{old, b.inForce(id)} {
			if p == nil {
				continue
			}
			for _, ind := range p.Indicators {
				ids[ind.ID] = struct{}{}
				for _, key := range ind.reads {
					series[key] = struct{}{}
				}
			}
		}
	}
	for id := range ids {
		b.book.byID[id] = slices.DeleteFunc(b.book.byID[id], stale)
	}
	for key := range series {
		for _, ind := range b.book.readers[key] {
			for _, part := range ind.posted() {
				delete(b.book.slots, figure.Address{Series: key, Part: part})
			}
		}
		b.book.readers[key] = slices.DeleteFunc(b.book.readers[key], stale)
	}
	for id := range before {
		for _, ind := range b.inForce(id).Indicators {
			b.book.byID[ind.ID] = append(b.book.byID[ind.ID], ind)
			for _, key := range ind.reads {
				b.book.readers[key] = append(b.book.readers[key], ind)
			}
		}
	}
	for key := range series {
		inds := b.book.readers[key]
		slices.SortFunc(inds, func(a, b *Indicator) int {
			return cmp.Or(cmp.Compare(a.Plan.ID, b.Plan.ID), cmp.Compare(a.pos, b.pos))
		})
		b.indexSlots(key, inds)
	}
}

// replace re-judges what was touched, and what the time gone by has changed, and
// puts a new snapshot in place.
func (b *Board) replace(seq int64, t *touched) {
	old := b.live.Load()
	next := &Snapshot{Seq: seq, Moment: b.clock(), Plans: old.Plans, next: old.next}
	if len(t.plans) > 0 {
		b.index(t.plans)
	}
	for series := range t.series {
		for _, ind := range b.book.readers[series] {
			t.items[ind] = struct{}{}
		}
	}
	aged := next.Moment.Before(old.Moment) || !old.next.IsZero() && !old.next.After(next.Moment)
	if aged {
		old.aged(next.Moment, t.items)
	}
	byPlan := map[string][]*Indicator{}
	for ind := range t.items {
		if _, whole := t.plans[ind.Plan.ID]; !whole && b.inForce(ind.Plan.ID) == ind.Plan {
			byPlan[ind.Plan.ID] = append(byPlan[ind.Plan.ID], ind)
		}
	}
	began := time.Now() // a duration, not a moment: the injected clock does not matter here
	ev := &evaluator{moment: next.Moment}
	if len(t.plans)+len(byPlan) > 0 {
		next.Plans = slices.Clone(old.Plans)
	}
	for id := range t.plans {
		p := b.inForce(id)
		next.put(b.judgeAll(ev, p))
	}
	for id, inds := range byPlan {
		next.put(b.rejudge(ev, next.Plan(id), inds))
	}
	if aged || len(t.plans) > 0 {
		next.next = next.change()
	}
	b.live.Store(next)
	if b.telemetry != nil {
		b.telemetry.ObserveFold(ev.judged, time.Since(began))
	}
}

// Telemetry is told of every re-judging: how many items, and how long it took.
type Telemetry interface {
	ObserveFold(judged int, took time.Duration)
}

// Tell has the board tell t how it gets on. Call it before the board is shared.
func (b *Board) Tell(t Telemetry) { b.telemetry = t }

// bind makes an item of an indicator with everything known of it, not yet judged.
func (b *Board) bind(it *Item, ind *Indicator) *Item {
	it.Indicator = ind
	it.histories = make([]*History, 0, len(ind.total.feeds)*(1+len(ind.parts)))
	for _, f := range ind.total.feeds {
		it.histories = append(it.histories, b.book.histories[f])
	}
	for i := range ind.parts {
		for _, f := range ind.parts[i].feeds {
			it.histories = append(it.histories, b.book.histories[f])
		}
	}
	if ind.Checklist != nil {
		it.entryLog = b.book.entries[[2]string{ind.Plan.ID, ind.ID}]
	}
	if ind.Kind == plan.Standing {
		it.accounts = b.book.accounts[[2]string{ind.Plan.ID, ind.ID}]
	}
	return it
}

// bindAll gives the unjudged items of a plan.
func (b *Board) bindAll(p *Plan) []*Item {
	items, room := make([]*Item, len(p.Indicators)), make([]Item, len(p.Indicators))
	for i, ind := range p.Indicators {
		items[i] = b.bind(&room[i], ind)
	}
	return items
}

func (b *Board) judgeAll(ev *evaluator, p *Plan) *PlanState {
	items := b.bindAll(p)
	for _, it := range items {
		ev.evaluate(it, items)
	}
	return newPlanState(p, items)
}

// rejudge replaces some items of a plan and those that keep step with them.
func (b *Board) rejudge(ev *evaluator, old *PlanState, inds []*Indicator) *PlanState {
	items := slices.Clone(old.Items)
	todo := make([]*Indicator, 0, len(inds))
	seen := make(map[*Indicator]bool, len(inds))
	var add func(*Indicator)
	add = func(ind *Indicator) {
		if seen[ind] {
			return
		}
		seen[ind] = true
		todo = append(todo, ind)
		for _, f := range ind.followers {
			add(f)
		}
	}
	for _, ind := range inds {
		add(ind)
	}
	for _, ind := range todo {
		items[ind.pos] = b.bind(new(Item), ind)
	}
	for _, ind := range todo {
		ev.evaluate(items[ind.pos], items)
	}
	return newPlanState(old.Plan, items)
}

// Tick re-judges what the passing of time alone has changed, and returns when
// that may happen next; zero for never.
func (b *Board) Tick() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.live.Load()
	if now := b.clock(); now.Before(s.Moment) || !s.next.IsZero() && !s.next.After(now) {
		b.replace(s.Seq, &touched{items: map[*Indicator]struct{}{}})
	}
	return b.live.Load().next
}

// Query asks for a picture other than the live one.
type Query struct {
	Plan string       // id of one plan, or "" for all
	AsOf time.Time    // as it was known then; zero: now
	UpTo period.Month // at a period: each indicator's newest own period that ends by then; 0: the newest
	View figure.View  // which revisions count
}

// At replays: it judges again what a query asks for. Fault as_of_future where
// the moment is yet to come; unknown_plan where no such plan was known then.
func (b *Board) At(q Query) (*Snapshot, error) {
	live := b.Snapshot()
	now := b.clock()
	if q.AsOf.After(now) {
		return nil, fault.New("as_of_future", "as_of 必须是过去的时刻。", "as_of must be a moment in the past.").At("as_of")
	}
	if q.AsOf.IsZero() && q.UpTo == 0 {
		if q.Plan == "" {
			return live, nil
		}
		p := live.Plan(q.Plan)
		if p == nil {
			return nil, unknownPlan(q.Plan)
		}
		return &Snapshot{Seq: live.Seq, Moment: live.Moment, Plans: []*PlanState{p}}, nil
	}
	ev := &evaluator{moment: now, upTo: q.UpTo}
	if !q.AsOf.IsZero() {
		ev.moment, ev.known = q.AsOf, q.AsOf
	}
	// Only the look-ups hold the lock; what they give is never changed, so the
	// judging runs beside the writers.
	type bound struct {
		plan  *Plan
		items []*Item
	}
	var todo []bound
	b.mu.RLock()
	for id, versions := range b.book.versions {
		if q.Plan != "" && q.Plan != id {
			continue
		}
		for i := len(versions) - 1; i >= 0; i-- {
			if q.AsOf.IsZero() || !versions[i].KnownAt.After(q.AsOf) {
				todo = append(todo, bound{versions[i], b.bindAll(versions[i])})
				break
			}
		}
	}
	b.mu.RUnlock()
	if q.Plan != "" && len(todo) == 0 {
		return nil, unknownPlan(q.Plan)
	}
	s := &Snapshot{Seq: live.Seq, Moment: ev.moment, known: ev.known, upTo: ev.upTo}
	for _, w := range todo {
		for _, it := range w.items {
			ev.evaluate(it, w.items)
		}
		s.Plans = append(s.Plans, newPlanState(w.plan, w.items))
	}
	slices.SortFunc(s.Plans, func(a, b *PlanState) int { return cmp.Compare(a.ID, b.ID) })
	return s, nil
}

func unknownPlan(id string) *fault.Fault {
	return fault.Newf("unknown_plan", "没有计划 %[1]q。", "There is no plan %[1]q.", id).At("plan")
}
