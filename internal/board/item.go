package board

import (
	"time"

	"xushi/internal/figure"
	"xushi/internal/judge"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// Item is an indicator with all that follows for it at one moment: what the
// board shows. It is shared and never altered.
type Item struct {
	*Indicator
	State         // of the total
	Parts []State // in the order of the indicator's parts

	Account *figure.Account // standing: newest written account
	Set     *figure.Account // standing: newest light set
	Entries []EntryState    // checklist: in its order, the named ones

	histories []*History // in the order of the targets' feeds
	entryLog  entryEvents
	accounts  accountEvents
}

// State is how the total or a part stands.
type State struct {
	Part      *plan.Part       // nil for the total
	Period    period.Period    // the period that is judged; zero where there is none
	Figure    *figure.Revision // what the actual is; nil where it is computed from several, or none
	Known     time.Time        // when the newest of the figures behind it became known
	Judgement judge.Judgement
	Rule      *judge.Rule      // the target version it is judged under; nil where nothing is judged
	Document  string           // number of the document that set that version
	Original  *judge.Judgement // under the original target, where another is in force

	Reporting judge.Reporting
	Missed    int           // due periods without a figure
	DuePeriod period.Period // the oldest period without a figure that is due or comes due next; zero for none
	DueAt     time.Time     // when it is late
	Light     judge.Light
}

// EntryState is a checklist entry and whether it is done.
type EntryState struct {
	plan.Entry
	Event *figure.EntryEvent // newest event; nil or with Done nil: open
}

// Done tells whether the entry is done.
func (e *EntryState) Done() bool { return e.Event != nil && e.Event.Done != nil }

// Histories are the figures behind the item, in the order of its targets: the
// total's series, or its numerator and denominator, then those of the parts.
// Members are nil where nothing was posted.
func (it *Item) Histories() []*History { return it.histories }
