package period

import (
	"fmt"
	"math/bits"
	"strings"

	"xushi/internal/fault"
)

// Rhythm is how often an indicator is reported.
//
// A rhythm and the span of a series together have *own periods*: those that
// end with a month of the rhythm in which the span can end. A year-to-date
// series reported each quarter owns 一季度, 上半年, 前三季度 and 全年.
type Rhythm uint8

// The rhythms. MonthlyJanFeb is monthly with January and February as one
// period (1—2月): no period ends in January, and a month series has
// SpanJanFeb at February.
const (
	Monthly Rhythm = iota + 1
	MonthlyJanFeb
	Quarterly
	HalfYearly
	Yearly
)

// rhythms holds the names of the rhythms and the months their periods end
// with, as bits from January.
var rhythms = [...]struct {
	name   string
	ends   uint16
	zh, en string
}{
	Monthly:       {"monthly", 0b1111_1111_1111, "按月", "monthly"},
	MonthlyJanFeb: {"monthly_janfeb", 0b1111_1111_1110, "按月（1—2月合并）", "monthly with January and February together"},
	Quarterly:     {"quarterly", 0b1001_0010_0100, "按季", "quarterly"},
	HalfYearly:    {"half_yearly", 0b1000_0010_0000, "按半年", "half-yearly"},
	Yearly:        {"yearly", 0b1000_0000_0000, "按年", "yearly"},
}

// ParseRhythm reads monthly, monthly_janfeb, quarterly, half_yearly or yearly.
func ParseRhythm(name string) (Rhythm, error) {
	for r := Monthly; r <= Yearly; r++ {
		if rhythms[r].name == name {
			return r, nil
		}
	}
	return 0, fmt.Errorf("%q is not a rhythm: monthly, monthly_janfeb, quarterly, half_yearly or yearly", quotable(name))
}

// Valid tells whether r is one of the rhythms.
func (r Rhythm) Valid() bool { return r >= Monthly && r <= Yearly }

// String gives the name that ParseRhythm reads; "" for the zero value.
func (r Rhythm) String() string {
	if r == 0 || r.Valid() {
		return rhythms[r].name
	}
	return fmt.Sprintf("Rhythm(%d)", uint8(r))
}

// Zh is the rhythm in Chinese, such as 按月.
func (r Rhythm) Zh() string {
	if r.Valid() {
		return rhythms[r].zh
	}
	return r.String()
}

// En is the rhythm in English.
func (r Rhythm) En() string {
	if r.Valid() {
		return rhythms[r].en
	}
	return r.String()
}

// MarshalText gives the name; nothing for the zero value.
func (r Rhythm) MarshalText() ([]byte, error) {
	if r > Yearly {
		return nil, fmt.Errorf("%v is not a rhythm", r)
	}
	return []byte(r.String()), nil
}

// UnmarshalText reads the name; an empty one gives the zero value.
func (r *Rhythm) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*r = 0
		return nil
	}
	*r, err = ParseRhythm(string(b))
	return err
}

// ends gives the months, as bits from January, that the own periods for a
// declared span end with; none where the two do not go together.
func (r Rhythm) ends(span Span) uint16 {
	if !r.Valid() || !span.Valid() {
		return 0
	}
	if span == SpanJanFeb {
		// No series declares it: it is what a month series has at February
		// under this one rhythm, and a walk from there goes on to March.
		if r != MonthlyJanFeb {
			return 0
		}
		span = SpanMonth
	}
	return rhythms[r].ends & spans[span].ends
}

// at is the own period that ends with a month, which must be one of ends.
func (r Rhythm) at(end Month, span Span) Period {
	if r == MonthlyJanFeb && (span == SpanMonth || span == SpanJanFeb) {
		span = SpanMonth
		if end.index() == 1 {
			span = SpanJanFeb
		}
	}
	return Period{end, span}
}

// Periods lists the own periods of a year for a series of the span, in order.
func (r Rhythm) Periods(year int, span Span) []Period {
	ends := r.ends(span)
	if ends == 0 {
		return nil
	}
	list := make([]Period, 0, bits.OnesCount16(ends))
	for i := range Month(12) {
		if ends>>i&1 == 1 {
			list = append(list, r.at(Month(year*12)+i, span))
		}
	}
	return list
}

// Latest is the newest own period for a series of the span that has ended by
// the close of a date; false where rhythm and span have none at all.
func (r Rhythm) Latest(span Span, onOrBefore Date) (Period, bool) {
	// A month has ended by a date when the day after lies in a later one.
	p := r.walk((onOrBefore + 1).Month(), span, -1)
	return p, p != Period{}
}

// Next is the first own period that ends after p does; the zero Period where
// the rhythm has none for p's span.
func (r Rhythm) Next(p Period) Period { return r.walk(p.End, p.Span, 1) }

// Previous is the last own period that ends before p does, in the year before
// where need be; the zero Period where the rhythm has none for p's span.
func (r Rhythm) Previous(p Period) Period { return r.walk(p.End, p.Span, -1) }

// walk steps from a month, which does not count, to the next own end month.
func (r Rhythm) walk(from Month, span Span, step Month) Period {
	ends := r.ends(span)
	if ends == 0 {
		return Period{}
	}
	for m := from + step; ; m += step {
		if ends>>m.index()&1 == 1 {
			return r.at(m, span)
		}
	}
}

// place counts the own periods of p's year that end before p: its index in
// Periods. It is false where p is none of them.
func (r Rhythm) place(p Period) (int, bool) {
	ends, i := r.ends(p.Span), p.End.index()
	if ends>>i&1 == 0 || r.at(p.End, p.Span) != p {
		return 0, false
	}
	return bits.OnesCount16(ends & (1<<i - 1)), true
}

// Owns tells whether p is an own period of the rhythm: nil, or a fault
// period_rhythm that lists the periods that are.
func (r Rhythm) Owns(p Period) error {
	if _, ok := r.place(p); ok && p.Valid() {
		return nil
	}
	own := r.Periods(p.Year(), p.Span)
	if own == nil {
		own = r.Periods(p.Year(), SpanMonth)
	}
	var zh, en []string
	for _, q := range own {
		zh, en = append(zh, q.Zh()), append(en, q.En())
	}
	return fault.New("period_rhythm",
		fmt.Sprintf("%s不是报送期：此项%s报送，可报：%s。", p.ZhYear(), r.Zh(), strings.Join(zh, "、")),
		fmt.Sprintf("%s is not a reporting period here: reports are %s, for %s.", p.EnYear(), r.En(), strings.Join(en, ", ")))
}
