// Package timeline is the published quantities over reference time: each sample
// stands at the first instant after the period it is about, in the plan's zone,
// so that May's figure is at 1 June 00:00 whenever it was posted, and what is
// revised is revised there. PromQL and remote write read it.
//
// It calculates nothing of its own. A year is made of frames, pictures of the
// board at each month's end; a sample is what the catalogue of package quantity
// reads from them.
package timeline

import (
	"math"
	"slices"
	"time"

	"xushi/internal/board"
	"xushi/internal/quantity"
)

// Sample is a value from a moment on.
type Sample struct {
	Time  int64 // milliseconds since 1970
	Value float64
}

// Ended is the value of a sample that ends its series until the next one: the
// stale marker of Prometheus. It is a NaN; tell it by its bits.
var Ended = math.Float64frombits(0x7ff0000000000002)

// ended tells Ended from other numbers.
func ended(v float64) bool { return math.Float64bits(v) == math.Float64bits(Ended) }

// View is a picture of the board over reference time, for one reader. Many
// goroutines may read it at once.
type View struct {
	years   []*year // in the order of the plans' ids
	options quantity.Options
}

// Selection is what a reader wants of a quantity.
type Selection struct {
	Quantity  *quantity.Quantity
	Plan      string                        // id of one plan, "" for all
	Indicator string                        // id of one indicator, "" for all; not read where the subject has none
	Item      func(indicator []string) bool // of the values of the labels of Indicators, before rows are made; nil takes all
	Match     func(subject []string) bool   // of the values of the subject's labels; nil takes all
	Extra     func(extra []string) bool     // of the values of the quantity's own labels; nil takes all
	From, To  int64                         // milliseconds, both included; Latest does not read From
}

// Plans counts the plans of the view.
func (v *View) Plans() int { return len(v.years) }

// of gives the years that a selection is about.
func (v *View) of(sel *Selection) []*year {
	if sel.Plan == "" {
		return v.years
	}
	i := slices.IndexFunc(v.years, func(y *year) bool { return y.plan.ID == sel.Plan })
	if i < 0 {
		return nil
	}
	return v.years[i : i+1]
}

// keeps tells whether the reader may see an item.
func (v *View) keeps(it *board.Item) bool { return v.options.Keep == nil || v.options.Keep(it) }

// ms is a moment in milliseconds since 1970.
func ms(t time.Time) int64 { return t.UnixMilli() }
