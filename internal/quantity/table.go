package quantity

import (
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"xushi/internal/board"
	"xushi/internal/judge"
	"xushi/internal/plan"
)

// Options say how a snapshot is read.
type Options struct {
	// Keep tells which items may be seen; nil lets all through. Roll-ups count
	// what it keeps, and nothing else.
	Keep func(*board.Item) bool
	// Now is the present; zero is the snapshot's moment. Only the elapsed share
	// of the year depends on it: all else was judged when the snapshot was made.
	Now time.Time
	// Demo says that the figures are simulated.
	Demo bool
	// URL is where Xushi's own pages are, "" where nobody has said.
	URL string
	// Names are kept by who reads one plan often; nil otherwise.
	Names *Names
}

// Table is a snapshot as rows that quantities are read from. Many goroutines
// may read it at once.
type Table struct {
	snapshot *board.Snapshot
	options  Options

	once    sync.Once
	tallies []*board.Tallies // by place in the snapshot's plans
}

// New makes the table of a snapshot.
func New(s *board.Snapshot, o Options) *Table {
	if o.Now.IsZero() {
		o.Now = s.Moment
	}
	return &Table{snapshot: s, options: o}
}

// Row is one thing that quantities are read of. It is shared and never altered.
type Row struct {
	Of     Subject
	Labels []string         // values, in the order of Of.Labels()
	Plan   *board.PlanState // never nil
	Item   *board.Item      // Indicators, Parts, Figures, PartFigures, Keys
	State  *board.State     // of the total (Indicators, Figures, Keys) or the part
	Tally  *board.Tally     // Plans, Sections, Tasks, Organisations, Portfolios

	table *Table
	now   time.Time
	own   int // Figures, PartFigures: the place of the own period
	at    int // Parts, PartFigures: the place of the part
}

// Own is the own period that a row of Figures or PartFigures is about.
func (r *Row) Own() *board.Own { return &r.Item.Periods()[r.own] }

// Ahead is a row of Indicators or Parts at the i-th own period without its
// figure: what quantities of the cadence Owed are read from. It is nil where
// nothing is known ahead, because what is owed is itself a figure.
func (r *Row) Ahead(i int) *Row {
	ahead, st := *r, r.table.snapshot.Ahead(r.Item, r.Part(), i)
	if st.Rule != nil && !st.Judgement.Expected.OK {
		return nil
	}
	ahead.State = &st
	return &ahead
}

// On is the row at another present: what quantities of the cadence Daily are
// read from.
func (r *Row) On(now time.Time) *Row {
	other := *r
	other.now = now
	return &other
}

// Part is the id of the row's part, "" for the total.
func (r *Row) Part() string {
	if r.State.Part != nil {
		return r.State.Part.ID
	}
	return ""
}

// Rows gives the rows of a subject in the order of the plans' documents.
func (t *Table) Rows(of Subject) iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		for i, p := range t.snapshot.Plans {
			rows := t.tallied
			if of <= Keys {
				rows = t.items
			}
			for r := range rows(i, p, of) {
				r.Of, r.Plan, r.table, r.now = of, p, t, t.options.Now
				if !yield(r) {
					return
				}
			}
		}
	}
}

// Places is how many rows a subject has for an item: one, or one for each part.
func (of Subject) Places(it *board.Item) int {
	if of == Parts || of == PartFigures {
		return len(it.Parts)
	}
	return 1
}

// Row gives the at-th row of one item of the snapshot's plan p, for a subject that
// has items; nil where there is none. wants is asked of the values of its labels,
// nil takes all. What Keep says of the item does not matter.
func (t *Table) Row(p *board.PlanState, it *board.Item, of Subject, at int, wants func([]string) bool) *Row {
	own, st := -1, &it.State
	if of == Figures || of == PartFigures {
		if own = t.snapshot.Begun(it.Indicator) - 1; own < 0 {
			return nil
		}
	}
	if of == Parts || of == PartFigures {
		st = &it.Parts[at]
	}
	labels := t.options.Names.of(p.Plan).row(of, p.Plan, it.Indicator, st.Part, own)
	if wants != nil && !wants(labels) {
		return nil
	}
	return &Row{Of: of, Labels: labels, Plan: p, Item: it, State: st, table: t, now: t.options.Now, own: own, at: at}
}

// Twin gives the row of an item that is to the table what another row is to its
// own: of the same subject and part.
func (t *Table) Twin(p *board.PlanState, it *board.Item, r *Row) *Row {
	return t.Row(p, it, r.Of, r.at, nil)
}

// Until is when the passing of time alone gives other values than the
// snapshot's: at the end of the day in one of the plans' zones. Zero is never.
func (t *Table) Until() time.Time {
	var until time.Time
	for _, p := range t.snapshot.Plans {
		if end := today(t.options.Now, p).End(p.Zone); until.IsZero() || end.Before(until) {
			until = end
		}
	}
	return until
}

func (t *Table) keeps(it *board.Item) bool { return t.options.Keep == nil || t.options.Keep(it) }

// items gives the rows of indicators.
func (t *Table) items(_ int, p *board.PlanState, of Subject) iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		for _, it := range p.Items {
			if !t.keeps(it) {
				continue
			}
			for at := range of.Places(it) {
				if r := t.Row(p, it, of, at, nil); r != nil && !yield(r) {
					return
				}
			}
		}
	}
}

// itemLabels are the values of the labels of Indicators, of Parts where there is
// a part, and of their figures where there is an own period.
func itemLabels(p *board.Plan, ind *board.Indicator, part *plan.Part, own int) []string {
	unit := ind.Unit
	if ind.Kind == plan.Milestone {
		unit = "%" // of the weight of its entries
	}
	labels := make([]string, 0, 12)
	labels = append(labels, ind.ID, string(ind.Kind), names(ind.Leads), ind.Name)
	if part != nil {
		labels = append(labels, part.ID, part.Name)
	}
	if own >= 0 {
		q := ind.Periods()[own].Period
		labels = append(labels, q.String(), q.Zh())
	}
	return append(labels, p.ID, strconv.Itoa(ind.Task.Section), strconv.Itoa(ind.Task.Number), unit)
}

// names joins the names of organisations as a document does.
func names(orgs []*plan.Organisation) string {
	if len(orgs) == 1 {
		return orgs[0].Name
	}
	list := make([]string, len(orgs))
	for i, o := range orgs {
		list[i] = o.Name
	}
	return strings.Join(list, "、")
}

// tally counts what is kept of each plan, once.
func (t *Table) tally(at int) *board.Tallies {
	t.once.Do(func() {
		t.tallies = make([]*board.Tallies, len(t.snapshot.Plans))
		for i, p := range t.snapshot.Plans {
			if t.options.Keep == nil || !slices.ContainsFunc(p.Items, func(it *board.Item) bool { return !t.keeps(it) }) {
				t.tallies[i] = p.Tally() // counted once for all who see everything
			} else {
				t.tallies[i] = p.TallyOf(t.options.Keep)
			}
		}
	})
	return t.tallies[at]
}

// tallied gives the rows that count indicators. Sections, tasks, organisations
// and portfolios that have none are left out.
func (t *Table) tallied(at int, p *board.PlanState, of Subject) iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		tallies := t.tally(at)
		row := func(tally *board.Tally, labels ...string) bool {
			return tally == nil || yield(&Row{Labels: labels, Tally: tally})
		}
		switch of {
		case Plans:
			row(tallies.Plan, p.ID)
		case Sections:
			for i := range p.Sections {
				s := &p.Sections[i]
				if !row(tallies.Sections[s.Number], p.ID, strconv.Itoa(s.Number), s.Title) {
					return
				}
			}
		case Tasks:
			for i := range p.Tasks {
				task := &p.Tasks[i]
				leads := make([]*plan.Organisation, 0, len(task.Leads))
				for _, id := range task.Leads {
					if o := p.Organisation(id); o != nil {
						leads = append(leads, o)
					}
				}
				if !row(tallies.Tasks[task.Number], names(leads), p.ID, strconv.Itoa(task.Section), strconv.Itoa(task.Number), task.Title) {
					return
				}
			}
		case Organisations:
			for i := range p.Organisations {
				o := &p.Organisations[i]
				lead, every := tallies.Leads[o.ID], tallies.Organisations[o.ID]
				if !row(lead, o.ID, o.Name, p.ID, "lead") || !row(less(every, lead), o.ID, o.Name, p.ID, "co") {
					return
				}
			}
		case Portfolios:
			for i := range p.Portfolios {
				f := &p.Portfolios[i]
				if !row(tallies.Portfolios[f.ID], p.ID, f.ID, f.Name) {
					return
				}
			}
		}
	}
}

// less is what a tally counts beyond another that counts a part of the same
// indicators; nil where that is nothing.
func less(all, part *board.Tally) *board.Tally {
	if all == nil || part == nil {
		return all
	}
	t := &board.Tally{
		Judged: all.Judged - part.Judged, Status: subtract(all.Status, part.Status),
		Light: subtract(all.Light, part.Light), Reporting: subtract(all.Reporting, part.Reporting),
		Lowered: all.Lowered - part.Lowered, LateDone: all.LateDone - part.LateDone,
		Standing: subtract(all.Standing, part.Standing), Context: all.Context - part.Context,
	}
	if t.Judged+t.Context == 0 && len(t.Standing) == 0 {
		return nil
	}
	return t
}

func subtract[K judge.Status | judge.Light | judge.Reporting](all, part map[K]int) map[K]int {
	left := make(map[K]int, len(all))
	for k, n := range all {
		if n -= part[k]; n != 0 {
			left[k] = n
		}
	}
	return left
}
