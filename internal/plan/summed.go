package plan

import (
	"xushi/internal/fault"
	"xushi/internal/period"
)

// Summed tells whether an indicator's value is the sum of its figures since
// January: a cumulative target on a series that gives what came in each period.
func (ind *Indicator) Summed(span period.Span) bool {
	return ind.Kind == Cumulative && span != period.SpanYTD && span != period.SpanYear
}

// CheckRhythm refuses a rhythm that leaves out figures which are to be summed,
// for the sum could never be complete: fault rhythm_span.
func (ind *Indicator) CheckRhythm(span period.Span, year int) *fault.Fault {
	if !ind.Summed(span) || ind.Checklist.Complete() || ind.Rhythm == period.MonthlyJanFeb ||
		len(ind.Rhythm.Periods(year, span)) == len(period.Monthly.Periods(year, span)) {
		return nil
	}
	return fault.Newf("rhythm_span", "序列“%[1]s”的数（%[2]s）要逐期相加，报送节奏“%[3]s”会漏掉一些；请改节奏，或改用累计数的序列。",
		"The figures of series %[1]q (%[4]s) are summed, and reporting %[5]s leaves some out; change the rhythm or use a cumulative series.",
		ind.Series, span.Zh(), ind.Rhythm.Zh(), span.En(), ind.Rhythm.En()).At("rhythm")
}
