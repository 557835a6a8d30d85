// Package figure holds what was reported: figures and their revisions, the
// checklist entries and written accounts beside them, the change log that
// orders all of it, and the one service that posts.
package figure

import (
	"time"

	"github.com/govalues/decimal"

	"xushi/internal/period"
)

// ObsStatus is the SDMX observation status of a figure.
type ObsStatus string

// The observation statuses.
const (
	Normal      ObsStatus = "A"
	Provisional ObsStatus = "P"
	Estimated   ObsStatus = "E"
	Forecast    ObsStatus = "F" // the department's own forecast of the year's end; never judged as actual
)

// Key names the place that a figure fills.
type Key struct {
	Series string // area/id
	Part   string // "" is the total
	Period period.Period
}

// Place is a key in one of its two layers: what was measured, and, kept apart,
// what the department expects for the year's end.
type Place struct {
	Key
	Forecast bool
}

// Revision is one value that a figure had. The newest is the figure; the
// earlier ones stay.
type Revision struct {
	Key
	Value   decimal.Decimal // exactly as typed, in the series' unit
	Void    bool            // the figure was taken back; Value does not count
	Status  ObsStatus
	KnownAt time.Time // when it became known: RecordedAt unless loaded later (补录)
	Note    string
	Reason  string // why it changed
	Origin  Origin

	// Facts of the change that brought it, repeated here because a revision is
	// read far more often alone than with its change.
	Seq        int64
	Item       int // place in the change, from 0
	RecordedAt time.Time
	Actor      string
}

// Backfilled tells whether the revision was recorded after it became known (补录).
func (r *Revision) Backfilled() bool { return r.KnownAt.Before(r.RecordedAt) }

// Place of the revision.
func (r *Revision) Place() Place { return Place{r.Key, r.Status == Forecast} }

// valueText is the value as typed, "" where the figure was taken back.
func (r *Revision) valueText() string {
	if r.Void {
		return ""
	}
	return r.Value.String()
}

// Origin is where a figure was read from; empty for one typed by hand.
type Origin struct {
	File  string `json:"file,omitempty"`
	Hash  string `json:"sha256,omitempty"`
	Sheet string `json:"sheet,omitempty"`
	Cell  string `json:"cell,omitempty"`
}

// EntryEvent says that a checklist entry was done on a date, or, with Done nil,
// that it is open again.
type EntryEvent struct {
	Plan, Indicator, Entry string
	Done                   *period.Date
	Evidence               string // document, photo or file that shows it
	Note                   string
	KnownAt                time.Time

	Seq        int64
	Item       int
	RecordedAt time.Time
	Actor      string
}

// Account is the quarter's written account of a standing task, or the light
// that the supervision office sets for it, or both.
type Account struct {
	Plan, Indicator string
	Period          period.Period
	Text            string
	Light           string // "" unset; on_track 正常推进, slightly_behind 需关注, behind 推进缓慢
	KnownAt         time.Time

	Seq        int64
	Item       int
	RecordedAt time.Time
	Actor      string
}
