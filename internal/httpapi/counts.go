package httpapi

import (
	"xushi/internal/board"
	"xushi/internal/judge"
)

// LightCounts are numbers of indicators by light.
type LightCounts struct {
	Green  int `json:"green"`
	Yellow int `json:"yellow"`
	Red    int `json:"red"`
	Grey   int `json:"grey"`
}

func lightCounts(m map[judge.Light]int) LightCounts {
	return LightCounts{m[judge.Green], m[judge.Yellow], m[judge.Red], m[judge.Grey]}
}

// StatusCounts are numbers of indicators by status.
type StatusCounts struct {
	Done           int `json:"done"`
	Ahead          int `json:"ahead"`
	OnTrack        int `json:"on_track"`
	Pending        int `json:"pending"`
	SlightlyBehind int `json:"slightly_behind"`
	Behind         int `json:"behind"`
	Missed         int `json:"missed"`
}

// ReportingCounts are numbers of indicators by whether their figures are there.
type ReportingCounts struct {
	Filed           int `json:"filed"`
	NotDue          int `json:"not_due"`
	AwaitingRelease int `json:"awaiting_release"`
	Late            int `json:"late"`
}

// TallyView counts indicators, each once, whatever parts it has.
type TallyView struct {
	Judged    int             `json:"judged" doc:"Indicators held against a target: the sum of status"`
	Status    StatusCounts    `json:"status"`
	Light     LightCounts     `json:"light" doc:"Of judged indicators"`
	Reporting ReportingCounts `json:"reporting" doc:"Of judged indicators"`
	Lowered   int             `json:"lowered" doc:"Met, but not under the original target"`
	LateDone  int             `json:"late_done" doc:"Met after the deadline (逾期完成)"`
	Standing  LightCounts     `json:"standing" doc:"Standing work by its light, counted apart"`
	Context   int             `json:"context" doc:"Numbers that are given, not judged"`
}

// tallyView words a tally; nil counts nothing.
func tallyView(t *board.Tally) TallyView {
	if t == nil {
		return TallyView{}
	}
	s, r := t.Status, t.Reporting
	return TallyView{
		Judged: t.Judged,
		Status: StatusCounts{s[judge.Done], s[judge.Ahead], s[judge.OnTrack], s[judge.Pending],
			s[judge.SlightlyBehind], s[judge.Behind], s[judge.Missed]},
		Light:     lightCounts(t.Light),
		Reporting: ReportingCounts{r[judge.Filed], r[judge.NotDue], r[judge.AwaitingRelease], r[judge.Late]},
		Lowered:   t.Lowered, LateDone: t.LateDone, Standing: lightCounts(t.Standing), Context: t.Context,
	}
}
