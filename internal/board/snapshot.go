package board

import (
	"slices"
	"strings"
	"sync"
	"time"

	"xushi/internal/judge"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// Snapshot is the picture at one moment. Everything reachable from it is shared
// and never altered.
type Snapshot struct {
	Seq    int64        // newest change in it
	Moment time.Time    // reporting was judged at it
	Plans  []*PlanState // in the order of their ids

	known time.Time    // only what was known by then counts; zero: everything
	upTo  period.Month // only periods that end by then count; 0: all

	next time.Time // when time alone may change it; zero for never
}

// PlanState is a plan with its items.
type PlanState struct {
	*Plan
	Items []*Item // in the order of Plan.Indicators

	once  sync.Once
	tally *Tallies
}

func newPlanState(p *Plan, items []*Item) *PlanState { return &PlanState{Plan: p, Items: items} }

// Plan finds a plan by its id, nil where there is none.
func (s *Snapshot) Plan(id string) *PlanState {
	if i, ok := s.find(id); ok {
		return s.Plans[i]
	}
	return nil
}

// Present is an indicator of some moment as it stands in the snapshot; one that
// is no more is as it was.
func (s *Snapshot) Present(then *Indicator) *Indicator {
	if p := s.Plan(then.Plan.ID); p != nil && p.Plan != then.Plan {
		if now := p.byID[then.ID]; now != nil {
			return now
		}
	}
	return then
}

// Calendar gives the zone that dates are of and the year that periods without one
// are of: the plan's, or those of the newest plan where there is none of that id.
func (s *Snapshot) Calendar(planID string) (*time.Location, int) {
	var newest *PlanState
	for _, p := range s.Plans {
		if p.ID == planID {
			return p.Zone, p.Year
		}
		if newest == nil || p.Year > newest.Year {
			newest = p
		}
	}
	if newest == nil {
		return time.UTC, 0
	}
	return newest.Zone, newest.Year
}

// find gives the place of a plan among the plans.
func (s *Snapshot) find(id string) (int, bool) {
	return slices.BinarySearchFunc(s.Plans, id, func(p *PlanState, id string) int { return strings.Compare(p.ID, id) })
}

// put replaces or adds a plan.
func (s *Snapshot) put(p *PlanState) {
	i, ok := s.find(p.ID)
	if ok {
		s.Plans[i] = p
		return
	}
	s.Plans = slices.Insert(s.Plans, i, p)
}

// change is when time alone may change the picture; zero for never.
func (s *Snapshot) change() time.Time {
	var first time.Time
	for _, p := range s.Plans {
		if t := after(p.moments, s.Moment); !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// aged collects the indicators for which a moment lies between the snapshot's
// and another one. A clock that was put back counts, too.
func (s *Snapshot) aged(now time.Time, items map[*Indicator]struct{}) {
	from, to := s.Moment, now
	if to.Before(from) {
		from, to = to, from
	}
	passed := func(moments []time.Time) bool {
		t := after(moments, from)
		return !t.IsZero() && !t.After(to)
	}
	for _, p := range s.Plans {
		if !passed(p.moments) {
			continue
		}
		for _, ind := range p.Indicators {
			if passed(ind.moments) {
				items[ind] = struct{}{}
			}
		}
	}
}

// after gives the first of some moments in order that comes after another, zero
// where there is none.
func after(moments []time.Time, t time.Time) time.Time {
	i, _ := slices.BinarySearchFunc(moments, t, func(m, t time.Time) int {
		if m.After(t) {
			return 1
		}
		return -1
	})
	if i == len(moments) {
		return time.Time{}
	}
	return moments[i]
}

// Item finds the item of an indicator, nil where there is none.
func (p *PlanState) Item(id string) *Item {
	if ind := p.byID[id]; ind != nil {
		return p.Items[ind.pos]
	}
	return nil
}

// Tally counts indicators; each is counted once, whatever parts it has.
type Tally struct {
	Judged    int // indicators held against a target; the sum of Status
	Status    map[judge.Status]int
	Light     map[judge.Light]int     // of judged indicators
	Reporting map[judge.Reporting]int // of judged indicators
	Lowered   int                     // done, but not under the original target
	LateDone  int                     // done after the deadline (逾期完成)
	Standing  map[judge.Light]int     // standing work by its light, counted apart
	Context   int                     // numbers given for context
}

// Tallies are the counts of a plan, and by task, section, organisation (as lead
// or as any) and portfolio.
type Tallies struct {
	Plan          *Tally
	Tasks         map[int]*Tally
	Sections      map[int]*Tally
	Leads         map[string]*Tally // by organisation id
	Organisations map[string]*Tally // by organisation id, as lead or co-organiser
	Portfolios    map[string]*Tally // by portfolio id: any of its organisations leads
}

// Tally counts the plan's items; it is calculated once for a state.
func (p *PlanState) Tally() *Tallies {
	p.once.Do(func() { p.tally = p.count(func(*Item) bool { return true }) })
	return p.tally
}

// TallyOf counts the items that a filter lets through.
func (p *PlanState) TallyOf(keep func(*Item) bool) *Tallies { return p.count(keep) }

func (p *PlanState) count(keep func(*Item) bool) *Tallies {
	t := &Tallies{Plan: newTally(), Tasks: map[int]*Tally{}, Sections: map[int]*Tally{},
		Leads: map[string]*Tally{}, Organisations: map[string]*Tally{}, Portfolios: map[string]*Tally{}}
	for _, it := range p.Items {
		if !keep(it) {
			continue
		}
		t.Plan.add(it)
		into(t.Tasks, it.Task.Number).add(it)
		into(t.Sections, it.Task.Section).add(it)
		orgs := map[string]bool{}
		for _, o := range it.Leads {
			into(t.Leads, o.ID).add(it)
			orgs[o.ID] = true
		}
		for _, portfolio := range p.Portfolios {
			for _, id := range portfolio.Organisations {
				if orgs[id] {
					into(t.Portfolios, portfolio.ID).add(it)
					break
				}
			}
		}
		for _, o := range it.Cos {
			orgs[o.ID] = true
		}
		for id := range orgs {
			into(t.Organisations, id).add(it)
		}
	}
	return t
}

func newTally() *Tally {
	return &Tally{Status: map[judge.Status]int{}, Light: map[judge.Light]int{},
		Reporting: map[judge.Reporting]int{}, Standing: map[judge.Light]int{}}
}

func into[K comparable](m map[K]*Tally, k K) *Tally {
	t := m[k]
	if t == nil {
		t = newTally()
		m[k] = t
	}
	return t
}

func (t *Tally) add(it *Item) {
	switch it.Kind {
	case plan.Standing:
		t.Standing[it.Light]++
	case plan.Context:
		t.Context++
	default:
		t.Judged++
		t.Status[it.Judgement.Status]++
		t.Light[it.Light]++
		t.Reporting[it.Reporting]++
		if it.Judgement.LateCompletion {
			t.LateDone++
		}
		if it.Judgement.Met && it.Original != nil && !it.Original.Met {
			t.Lowered++
		}
	}
}
