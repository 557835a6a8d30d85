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

// DoneBy tells whether the entry counts as done at the end of a date.
func (e *Entry) DoneBy(d period.Date) bool { return e.Done && e.DoneOn <= d }

// Weights gives the weight of the entries that are due and of those that are
// done by the end of a date, in % of all entries' weight. Missing where there is
// no weight.
func Weights(entries []Entry, d period.Date) (due, done exact.Opt) {
	var total, dueSum, doneSum exact.Rat
	for i := range entries {
		e := &entries[i]
		if e.Weight.Sign() <= 0 {
			continue
		}
		total = total.Add(e.Weight)
		if e.Due <= d {
			dueSum = dueSum.Add(e.Weight)
		}
		if e.DoneBy(d) {
			doneSum = doneSum.Add(e.Weight)
		}
	}
	if total.Sign() == 0 {
		return exact.Opt{}, exact.Opt{}
	}
	scale := hundred.Quo(total)
	return exact.Some(dueSum.Mul(scale)), exact.Some(doneSum.Mul(scale))
}

// judgeMilestone judges a checklist: expected is the weight of the entries due,
// actual the weight of those done; lag is the age in months of the oldest entry
// that is due and open, none without one.
func (r *Rule) judgeMilestone(in *Input, j *Judgement) {
	j.Actual = exact.Opt{}
	due, done := Weights(in.Entries, in.PeriodEnd)
	if !due.OK {
		j.Status, j.Reason = Pending, NoEntries
		return
	}
	j.Actual, j.Expected, j.Unrounded = done, due, due
	j.Gap = exact.Some(done.Value.Sub(due.Value))

	allDone, laterDone, late, open := true, false, false, false
	var oldest period.Date // due date of the oldest open due entry
	for i := range in.Entries {
		e := &in.Entries[i]
		switch isDue, isDone := e.Due <= in.PeriodEnd, e.DoneBy(in.PeriodEnd); {
		case isDone:
			laterDone = laterDone || !isDue
			late = late || e.DoneOn > r.deadline
		case isDue:
			if !open || e.Due < oldest {
				oldest = e.Due
			}
			open, allDone = true, false
		default:
			allDone = false
		}
	}
	if open {
		j.Lag = exact.Some(r.calendar.position(in.PeriodEnd).Sub(r.calendar.position(oldest)))
	}
	j.Met = allDone

	switch {
	case allDone:
		j.Status, j.LateCompletion = Done, late
	case j.Reached:
		j.Status = Missed
	case open:
		j.Status = r.bands.age.statusOfAge(j.Lag.Value)
	case laterDone:
		j.Status = Ahead
	default:
		j.Status = OnTrack
	}
}
