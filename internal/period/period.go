// Package period knows the calendar that figures live in: periods and their
// spans, the notations people type, reporting rhythms, due dates and holidays.
// It has no clock of its own.
package period

import (
	"cmp"
	"fmt"
)

// The years that periods may lie in. Anything outside is a slip of the pen.
const (
	MinYear = 1900
	MaxYear = 2200
)

// Period is what a figure is about: the month it ends with and the span it
// covers. Periods are comparable values; the zero value is no period.
//
// Its machine form, in JSON too, is Code, such as 2026-05-ytd.
type Period struct {
	End  Month
	Span Span
}

// Valid tells whether p is a period at all: a known span, a month that such a
// span can end with, a year from MinYear to MaxYear.
func (p Period) Valid() bool {
	y := p.Year()
	return y >= MinYear && y <= MaxYear && p.Span.ends(p.End)
}

// Year the period lies in.
func (p Period) Year() int { return p.End.Year() }

// FirstMonth is the month the period begins with.
func (p Period) FirstMonth() Month {
	in := Month(p.End.index())
	switch p.Span {
	case SpanJanFeb, SpanYear, SpanYTD:
		return p.End - in
	case SpanQuarter:
		return p.End - in%3
	case SpanHalf:
		return p.End - in%6
	default:
		return p.End
	}
}

// First is the first day of the period.
func (p Period) First() Date { return p.FirstMonth().First() }

// Last is the last day of the period.
func (p Period) Last() Date { return p.End.Last() }

// LastYear is the same period of the year before (上年同期).
func (p Period) LastYear() Period { return Period{p.End - 12, p.Span} }

// Compare orders periods by their end month, then by their span as the
// constants are listed.
func (p Period) Compare(q Period) int {
	if c := cmp.Compare(p.End, q.End); c != 0 {
		return c
	}
	return cmp.Compare(p.Span, q.Span)
}

// String is the bare end month, such as 2026-05. Its span comes with the
// series it belongs to; where it stands alone, use Code.
func (p Period) String() string { return p.End.String() }

// Code is the machine form that needs no series to be understood: the end
// month and the span, such as 2026-05-ytd or 2026-02-jan_feb. The zero period
// has the code "".
func (p Period) Code() string {
	if p == (Period{}) {
		return ""
	}
	return p.End.String() + "-" + p.Span.String()
}

// ParseCode reads what Code gives. Its errors are plain: codes are written by
// programs, never typed.
func ParseCode(code string) (Period, error) {
	if code == "" {
		return Period{}, nil
	}
	if p, ok := parseCode(code); ok {
		return p, nil
	}
	return Period{}, fmt.Errorf("%q is not the code of a period, such as 2026-05-ytd", quotable(code))
}

func parseCode(code string) (Period, bool) {
	if len(code) <= 8 || code[7] != '-' {
		return Period{}, false
	}
	end, ok := parseMonth(code[:7])
	for s := SpanMonth; ok && s <= SpanYTD; s++ {
		if spans[s].name == code[8:] {
			p := Period{end, s}
			return p, p.Valid()
		}
	}
	return Period{}, false
}

// MarshalText gives the code.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.Code()), nil }

// UnmarshalText reads a code.
func (p *Period) UnmarshalText(b []byte) (err error) { *p, err = ParseCode(string(b)); return err }
