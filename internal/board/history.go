package board

import (
	"slices"
	"time"

	"xushi/internal/figure"
	"xushi/internal/period"
)

// History is every revision of one series and part, by period. One that was
// handed out never changes: with puts a revision into a copy.
type History struct {
	actual   []shelf
	forecast []shelf // observation status F, kept apart
}

// shelf holds the revisions of one period in the order they became known.
type shelf struct {
	period.Period
	revisions []*figure.Revision
}

func (h *History) layer(forecast bool) []shelf {
	switch {
	case h == nil:
		return nil
	case forecast:
		return h.forecast
	default:
		return h.actual
	}
}

// find gives the index of a period on the shelves.
func find(shelves []shelf, p period.Period) (int, bool) {
	return slices.BinarySearchFunc(shelves, p, func(s shelf, p period.Period) int { return s.Compare(p) })
}

// at gives the revision of a period that was newest at a moment, nil where none
// was known or the figure had been taken back. The zero moment is now.
func (h *History) at(p period.Period, moment time.Time) *figure.Revision {
	r := h.head(figure.Place{Key: figure.Key{Period: p}}, moment)
	if r == nil || r.Void {
		return nil
	}
	return r
}

// head is at for either layer, with figures taken back.
func (h *History) head(place figure.Place, moment time.Time) *figure.Revision {
	shelves := h.layer(place.Forecast)
	i, ok := find(shelves, place.Period)
	if !ok {
		return nil
	}
	revisions := shelves[i].revisions
	for k := len(revisions) - 1; k >= 0; k-- {
		if moment.IsZero() || !revisions[k].KnownAt.After(moment) {
			return revisions[k]
		}
	}
	return nil
}

// Revisions gives what was known of a period at a moment, oldest first.
func (h *History) Revisions(p period.Period, forecast bool) []*figure.Revision {
	shelves := h.layer(forecast)
	if i, ok := find(shelves, p); ok {
		return shelves[i].revisions
	}
	return nil
}

// with gives a history that also holds r. fresh says that h was made for the
// current fold and nobody else has seen it, so that it may be changed in place.
func (h *History) with(r *figure.Revision, fresh bool) *History {
	if h == nil {
		h, fresh = &History{}, true
	}
	if !fresh {
		h = &History{actual: slices.Clone(h.actual), forecast: slices.Clone(h.forecast)}
	}
	shelves := &h.actual
	if r.Status == figure.Forecast {
		shelves = &h.forecast
	}
	i, ok := find(*shelves, r.Period)
	if !ok {
		*shelves = slices.Insert(*shelves, i, shelf{r.Period, []*figure.Revision{r}})
		return h
	}
	old := (*shelves)[i].revisions
	// Nearly always the newest, which goes behind what earlier histories can see
	// of the list; a figure loaded later with an earlier known_at takes its place
	// among the others, in a copy.
	k := len(old)
	for k > 0 && old[k-1].KnownAt.After(r.KnownAt) {
		k--
	}
	if k < len(old) {
		old = slices.Clone(old)
	}
	(*shelves)[i].revisions = slices.Insert(old, k, r)
	return h
}

// events are the events of one indicator in the order they became known, by
// entry or period; like a History it is replaced, never changed.
type events[K comparable, E any] map[K][]E

func (v events[K, E]) with(k K, e E, known func(E) time.Time) events[K, E] {
	next := make(events[K, E], len(v)+1)
	for key, list := range v {
		next[key] = list
	}
	list := slices.Clone(v[k])
	i := len(list)
	for i > 0 && known(list[i-1]).After(known(e)) {
		i--
	}
	next[k] = slices.Insert(list, i, e)
	return next
}

// at gives the newest event known at a moment; the zero moment is now.
func (v events[K, E]) at(k K, moment time.Time, known func(E) time.Time) (e E, ok bool) {
	list := v[k]
	for i := len(list) - 1; i >= 0; i-- {
		if moment.IsZero() || !known(list[i]).After(moment) {
			return list[i], true
		}
	}
	return e, false
}

type (
	entryEvents   = events[string, *figure.EntryEvent]
	accountEvents = events[period.Period, *figure.Account]
)

func entryKnown(e *figure.EntryEvent) time.Time { return e.KnownAt }
func accountKnown(a *figure.Account) time.Time  { return a.KnownAt }
