package figure

import (
	"time"

	"xushi/internal/period"
)

// RevisionFilter chooses revisions of the log and a page of them. The zero value
// gives the newest of all. Members that are set must all hold.
type RevisionFilter struct {
	Series []string     // any of these, area/id; nil is all, empty is none
	Part   *string      // "" is the total
	From   period.Month // first month that a period may end with
	To     period.Month // last one
	Span   period.Span
	AsOf   time.Time // known by then; zero is no limit
	UpTo   int64     // recorded up to this change; 0 is no limit

	ByPlace bool   // by series (in the order they were first posted), part, period and time, not newest first
	Limit   int    // most revisions on a page; default 100, at most 10,000
	Cursor  string // of the page before; the filter stays the same
}
