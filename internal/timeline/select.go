package timeline

import (
	"context"
	"slices"
	"strings"

	"xushi/internal/board"
	"xushi/internal/period"
	"xushi/internal/quantity"
)

// Found is told of a series: the row it is of, the values of the quantity's own
// labels, and its samples in order, at least one. It may keep them all; rows and
// tuples are only to be read. An error ends the search.
type Found func(r *quantity.Row, extra []string, samples []Sample) error

// Latest gives, of each series, the newest sample until sel.To, if it has one
// then. It makes no frames but the one it needs.
func (v *View) Latest(ctx context.Context, sel *Selection, found Found) error {
	return v.search(ctx, sel, found, true)
}

// Range gives, of each series, the samples from sel.From to sel.To.
func (v *View) Range(ctx context.Context, sel *Selection, found Found) error {
	return v.search(ctx, sel, found, false)
}

func (v *View) search(ctx context.Context, sel *Selection, found Found, latest bool) error {
	for _, y := range v.of(sel) {
		if err := ctx.Err(); err != nil {
			return err
		}
		s := &search{View: v, Selection: sel, year: y, q: sel.Quantity, found: found, latest: latest, last: y.at(sel.To)}
		s.tables, s.looks = make([]*quantity.Table, len(y.marks)), s.lookAt()
		if err := s.run(ctx); err != nil {
			return err
		}
	}
	return nil
}

// search is a selection on its way through one year.
type search struct {
	*View
	*Selection
	*year
	q      *quantity.Quantity
	found  Found
	latest bool
	last   int   // the newest frame until To, -1 for none
	looks  []int // the frames that are read
	tables []*quantity.Table
	lines  lines
}

// read gives the k-th frame's table.
func (s *search) read(k int) *quantity.Table {
	if s.tables[k] == nil {
		s.tables[k] = s.table(k, s.options)
	}
	return s.tables[k]
}

// lookAt tells which frames a search reads: all until To, or the newest alone.
func (s *search) lookAt() []int {
	switch {
	case s.last < 0:
		return nil
	case s.q.Cadence == quantity.Daily: // what is given by days is in each frame
		return []int{len(s.marks) - 1}
	case s.latest:
		return []int{s.last}
	}
	list := make([]int, s.last+1)
	for k := range list {
		list[k] = k
	}
	return list
}

func (s *search) run(ctx context.Context) error {
	if s.q.Of > quantity.Keys {
		return s.rollUps()
	}
	if s.Indicator != "" {
		if it := s.plan.Item(s.Indicator); it != nil && s.keeps(it) {
			return s.item(it.Place(), it)
		}
		return nil
	}
	for pos, it := range s.plan.Items {
		if pos&1023 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if !s.keeps(it) || s.Item != nil && !s.Item(s.names.Indicator(it.Indicator)) {
			continue
		}
		if err := s.item(pos, it); err != nil {
			return err
		}
	}
	return nil
}

// item looks through the rows of one item.
func (s *search) item(pos int, it *board.Item) error {
	switch {
	case s.q.Of == quantity.Figures || s.q.Of == quantity.PartFigures:
		return s.periods(pos, it)
	case s.q.Cadence == quantity.Owed:
		return s.owed(pos, it)
	case s.q.Cadence == quantity.Once:
		return s.once(it)
	}
	for at := range s.q.Of.Places(it) {
		if r := s.newest(it, at); r != nil {
			if err := s.row(pos, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// newest gives the at-th row of an item as it stands, nil where it is not asked for.
func (s *search) newest(it *board.Item, at int) *quantity.Row {
	return s.read(len(s.marks)-1).Row(s.plan, it, s.q.Of, at, s.Match)
}

// rowAt gives a row as it stood at the k-th frame.
func (s *search) rowAt(k, pos int, newest *quantity.Row) *quantity.Row {
	p := s.frame(k).Plans[0]
	return s.read(k).Twin(p, p.Items[pos], newest)
}

// row collects the samples of a row, given as it stands at the newest frame. The
// newest sample is read there, too: it alone knows what comes next.
func (s *search) row(pos int, newest *quantity.Row) error {
	s.lines.reset()
	last := len(s.marks) - 1
	own := s.stampOf(newest, last)
	for _, k := range s.looks {
		r := newest
		if k < last {
			r = s.rowAt(k, pos, newest)
		}
		stamp := s.stampOf(r, k)
		if stamp == own {
			r = newest
		}
		if s.latest || stamp == s.marks[k].stamp {
			s.lines.take(s.q, r, stamp, s.Extra)
		}
	}
	return s.lines.give(newest, s.From, s.To, s.latest, s.found)
}

// stampOf is where the sample of an item's row stands that is read at the k-th
// frame: the end of the own period it is about, or the year's start before any.
func (s *search) stampOf(r *quantity.Row, k int) int64 {
	p := r.State.Period
	switch {
	case s.q.Cadence == quantity.Monthly:
		return s.marks[k].stamp
	case s.q.Cadence == quantity.ByCalendar || r.PartsOnly():
		p = period.Period{}
		for i := range r.Item.Periods() {
			if o := &r.Item.Periods()[i]; s.place(o) <= k {
				p = o.Period
			}
		}
	}
	if !p.Valid() || p.End < s.marks[0].month {
		return s.marks[0].stamp
	}
	return s.marks[int(p.End-s.marks[0].month)].stamp
}

// owed collects what is owed at each own period of the rows of an item. Where
// nothing is known of a period, what was owed last holds.
func (s *search) owed(pos int, it *board.Item) error {
	periods := it.Periods()
	until := 0 // own periods that end by To
	for until < len(periods) && s.stamp(&periods[until]) <= s.To {
		until++
	}
	for at := range s.q.Of.Places(it) {
		newest := s.newest(it, at)
		if newest == nil {
			continue
		}
		s.lines.reset()
		if len(periods) == 0 && s.last >= 0 { // a number that is given once
			s.lines.take(s.q, newest, s.marks[0].stamp, s.Extra)
		}
		for n := range until {
			i := n
			if s.latest {
				i = until - 1 - n
			}
			r := s.owedAt(newest, pos, i)
			if r == nil {
				continue
			}
			s.lines.take(s.q, r, s.stamp(&periods[i]), s.Extra)
			if s.latest {
				break
			}
		}
		if err := s.lines.give(newest, s.From, s.To, s.latest, s.found); err != nil {
			return err
		}
	}
	return nil
}

// owedAt is a row at its i-th own period: as it was judged where there is a
// figure, else with what is known ahead of it; nil where that is nothing, or
// nothing is owed any more.
func (s *search) owedAt(newest *quantity.Row, pos, i int) *quantity.Row {
	if s.over(newest, i) {
		return nil
	}
	own, r := &newest.Item.Periods()[i], newest
	if r.State.Period.End > own.End {
		r = s.rowAt(s.place(own), pos, newest)
	}
	if r.State.Period != own.Period {
		r = newest.Ahead(i)
	}
	return r
}

// over tells whether nothing is owed at the i-th own period any more: the
// deadline has passed with the one before it, and no figure came since.
func (s *search) over(r *quantity.Row, i int) bool {
	periods := r.Item.Periods()
	if i == 0 || r.State.Period.End >= periods[i].End {
		return false
	}
	rule := r.Item.PartRule(r.Part(), periods[i].Last())
	return rule != nil && rule.Reached(periods[i-1].Last())
}

// periods collects the series of an item's own periods, each of which has one
// sample.
func (s *search) periods(pos int, it *board.Item) error {
	for i := range it.Periods() {
		own := &it.Periods()[i]
		k, stamp := s.place(own), s.stamp(own)
		if k >= len(s.marks) || stamp > s.To || !s.latest && stamp < s.From {
			continue
		}
		p := s.frame(k).Plans[0]
		for at := range s.q.Of.Places(it) {
			r := s.read(k).Row(p, p.Items[pos], s.q.Of, at, s.Match)
			if r == nil {
				continue
			}
			s.lines.reset()
			s.lines.take(s.q, r, stamp, s.Extra)
			if err := s.lines.give(r, stamp, stamp, true, s.found); err != nil {
				return err
			}
		}
	}
	return nil
}

// once collects samples that stand at moments of their own.
func (s *search) once(it *board.Item) (err error) {
	for at := range s.q.Of.Places(it) {
		r := s.newest(it, at)
		if r == nil {
			continue
		}
		s.q.Each(r, func(extra []string, x float64) {
			stamp := ms(s.q.Moment(r, extra))
			if err == nil && stamp <= s.To && (s.latest || stamp >= s.From) && (s.Extra == nil || s.Extra(extra)) {
				err = s.found(r, extra, []Sample{{stamp, x}})
			}
		})
	}
	return err
}

// rollUps collects the series of plans, sections, tasks, organisations and
// portfolios, whose rows are told apart by their labels.
func (s *search) rollUps() error {
	type line struct {
		lines
		row *quantity.Row
	}
	var order []*line
	byLabels := map[string]*line{}
	for _, k := range s.looks {
		for r := range s.read(k).Rows(s.q.Of) {
			if s.Match != nil && !s.Match(r.Labels) {
				continue
			}
			key := strings.Join(r.Labels, "\x00")
			l := byLabels[key]
			if l == nil {
				l = &line{row: r}
				byLabels[key], order = l, append(order, l)
			}
			if s.q.Cadence == quantity.Daily {
				continue
			}
			l.take(s.q, r, s.marks[k].stamp, s.Extra)
		}
	}
	for _, l := range order {
		if s.q.Cadence == quantity.Daily {
			s.daily(&l.lines, l.row)
		}
		if err := l.give(l.row, s.From, s.To, s.latest, s.found); err != nil {
			return err
		}
	}
	return nil
}

// daily collects a sample at the start of each day of the year, up to today.
func (s *search) daily(l *lines, r *quantity.Row) {
	zone := s.plan.Zone
	first := period.NewMonth(s.plan.Year, 1)
	day, today := first.First(), min(period.DateOf(s.options.Now, zone), (first+12).First())
	if s.latest {
		for day < today && ms((day+1).Start(zone)) <= s.To {
			day++
		}
	}
	for ; day <= today && ms(day.Start(zone)) <= s.To; day++ {
		start := day.Start(zone)
		l.take(s.q, r.On(start), ms(start), s.Extra)
		if s.latest {
			return
		}
	}
}

// lines are the series of one row while they are collected: one, or one for each
// tuple of the quantity's own labels.
type lines struct{ list []line }

type line struct {
	extra   []string
	samples []Sample
}

func (l *lines) reset() { l.list = l.list[:0] }

// take adds the samples of a row at a stamp. A series that had one before and
// has none now is ended.
func (l *lines) take(q *quantity.Quantity, r *quantity.Row, stamp int64, wants func([]string) bool) {
	q.Each(r, func(extra []string, x float64) {
		if wants != nil && !wants(extra) {
			return
		}
		i := slices.IndexFunc(l.list, func(o line) bool { return slices.Equal(o.extra, extra) })
		if i < 0 {
			i = len(l.list)
			l.list = append(l.list, line{extra: extra})
		}
		l.list[i].samples = append(l.list[i].samples, Sample{stamp, x})
	})
	for i := range l.list {
		o := &l.list[i]
		if last := o.samples[len(o.samples)-1]; last.Time != stamp && !ended(last.Value) {
			o.samples = append(o.samples, Sample{stamp, Ended})
		}
	}
}

// give tells of the series that have samples from one moment to another.
func (l *lines) give(r *quantity.Row, from, to int64, latest bool, found Found) error {
	for i := range l.list {
		samples := l.list[i].samples
		l.list[i].samples = nil // they are the reader's now
		for len(samples) > 0 && samples[len(samples)-1].Time > to {
			samples = samples[:len(samples)-1]
		}
		for !latest && len(samples) > 0 && samples[0].Time < from {
			samples = samples[1:]
		}
		if len(samples) == 0 {
			continue
		}
		if err := found(r, l.list[i].extra, samples); err != nil {
			return err
		}
	}
	return nil
}
