// Package period knows the calendar that figures live in: periods and their
// spans, the notations people type, reporting rhythms, due dates and holidays.
// It has no clock of its own.
package period

// Span is the stretch of months that a period covers, up to its end month.
type Span uint8

// The spans. The zero value is no span.
const (
	SpanMonth  Span = iota + 1 // one month
	SpanJanFeb                 // January and February together, as a value of its own (not cumulative)
	SpanQuarter
	SpanHalf
	SpanYear
	SpanYTD // from January to the end month
)

// Period is what a figure is about: the month it ends with and the span it
// covers. Periods are comparable values; the zero value is no period.
type Period struct {
	End  Month
	Span Span
}

// Rhythm is how often an indicator is reported.
type Rhythm uint8

// The rhythms. MonthlyJanFeb is monthly with January and February as one period (1—2月).
const (
	Monthly Rhythm = iota + 1
	MonthlyJanFeb
	Quarterly
	HalfYearly
	Yearly
)
