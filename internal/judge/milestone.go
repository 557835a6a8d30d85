package judge

import (
	"xushi/internal/exact"
	"xushi/internal/period"
)

// Entry is a thing of a checklist: due on a date, done on a date or not.
type Entry struct {
	Due    period.Date
	Weight exact.Rat   // above 0; weights are normalised to 100 in all
	Done   bool        // whether it is done, with evidence
	DoneOn period.Date // where Done; it counts from that date
}
