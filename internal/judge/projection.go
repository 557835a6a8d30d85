package judge

// Outlook is how sure the projection is. It is for specialists' pages, not for
// walls and bulletins.
type Outlook struct {
	Low         float64 `json:"low"`         // of the 80 % interval, in the target's unit
	High        float64 `json:"high"`        // of the 80 % interval, in the target's unit
	Probability float64 `json:"probability"` // of reaching the target, 0 to 1
	Periods     int     `json:"periods"`     // how many periods it rests on
}
