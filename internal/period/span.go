package period

import "fmt"

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

// spans holds the names of the spans and the months they can end with, as bits
// from January.
var spans = [...]struct {
	name   string
	ends   uint16
	zh, en string
}{
	SpanMonth:   {"month", 0b1111_1111_1111, "当月数", "the figure of one month"},
	SpanJanFeb:  {"jan_feb", 0b0000_0000_0010, "1—2月合计数", "January and February together"},
	SpanQuarter: {"quarter", 0b1001_0010_0100, "当季数", "the figure of one quarter"},
	SpanHalf:    {"half", 0b1000_0010_0000, "半年数", "the figure of one half-year"},
	SpanYear:    {"year", 0b1000_0000_0000, "全年数", "the figure of a whole year"},
	SpanYTD:     {"ytd", 0b1111_1111_1111, "年初至期末的累计数", "the cumulative figure since January"},
}

// ParseSpan reads month, jan_feb, quarter, half, year or ytd.
func ParseSpan(name string) (Span, error) {
	for s := SpanMonth; s <= SpanYTD; s++ {
		if spans[s].name == name {
			return s, nil
		}
	}
	return 0, fmt.Errorf("%q is not a span: month, jan_feb, quarter, half, year or ytd", quotable(name))
}

// Valid tells whether s is one of the spans.
func (s Span) Valid() bool { return s >= SpanMonth && s <= SpanYTD }

// String gives the name that ParseSpan reads; "" for the zero value.
func (s Span) String() string {
	if s == 0 || s.Valid() {
		return spans[s].name
	}
	return fmt.Sprintf("Span(%d)", uint8(s))
}

// Zh says in Chinese what a figure of the span is.
func (s Span) Zh() string {
	if s.Valid() {
		return spans[s].zh
	}
	return s.String()
}

// En says in English what a figure of the span is.
func (s Span) En() string {
	if s.Valid() {
		return spans[s].en
	}
	return s.String()
}

// MarshalText gives the name; nothing for the zero value.
func (s Span) MarshalText() ([]byte, error) {
	if s > SpanYTD {
		return nil, fmt.Errorf("%v is not a span", s)
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads the name; an empty one gives the zero value.
func (s *Span) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*s = 0
		return nil
	}
	*s, err = ParseSpan(string(b))
	return err
}

// ends tells whether a period of the span can end with the month.
func (s Span) ends(m Month) bool { return s.Valid() && spans[s].ends>>m.index()&1 == 1 }
