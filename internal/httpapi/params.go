package httpapi

import (
	"encoding/base64"
	"strings"

	"xushi/internal/board"
	"xushi/internal/door"
	"xushi/internal/fault"
	"xushi/internal/figure"
	"xushi/internal/period"
)

// asked is what a request wants to see.
type asked struct {
	query board.Query
	*board.Snapshot
}

// picture reads as_of, period and view and gives the snapshot they ask for.
// Faults bad_as_of, as_of_future, bad_view, unknown_plan, those of periods.
func (a *api) picture(planID, asOf, upTo, view string) (*asked, error) {
	q := board.Query{Plan: planID}
	var err error
	if q.View, err = figure.ParseView(view); err != nil {
		return nil, err
	}
	zone, year := a.Board.Snapshot().Calendar(planID)
	if q.AsOf, err = door.ReadAsOf(asOf, zone, a.Clock()); err != nil {
		return nil, err
	}
	if q.UpTo, err = readUpTo(upTo, year); err != nil {
		return nil, err
	}
	s, err := a.Board.At(q)
	if err != nil {
		return nil, err
	}
	return &asked{q, s}, nil
}

// readUpTo reads a period in any notation; what counts is the month it ends with.
func readUpTo(s string, year int) (period.Month, error) {
	if s == "" {
		return 0, nil
	}
	var first error
	for _, span := range []period.Span{period.SpanYTD, period.SpanMonth, period.SpanJanFeb, period.SpanQuarter, period.SpanHalf, period.SpanYear} {
		p, err := period.Parse(s, span, year)
		if err == nil {
			return p.End, nil
		}
		if first == nil {
			first = err
		}
	}
	return 0, fault.Of(first, "period_unreadable").At("period")
}

// page cuts a list that is paged by what its elements are called, so that a page
// neither repeats nor skips anything when the picture changes between two.
// Fault cursor_invalid.
func page[T any](list []T, name func(T) string, cursor string, limit int) ([]T, string, error) {
	if cursor != "" {
		after, err := base64.RawURLEncoding.DecodeString(cursor)
		at := -1
		for i := range list {
			if err == nil && name(list[i]) == string(after) {
				at = i
			}
		}
		if at < 0 {
			return nil, "", fault.New("cursor_invalid", "翻页标记无效；请从第一页重新查询。",
				"The cursor cannot be read; start again with the first page.").At("cursor")
		}
		list = list[at+1:]
	}
	if len(list) <= limit {
		return list, "", nil
	}
	return list[:limit], base64.RawURLEncoding.EncodeToString([]byte(name(list[limit-1]))), nil
}

// itemName is how paging and other answers call an indicator.
func itemName(it *board.Item) string { return it.Plan.ID + "/" + it.ID }

// oneOfWords reads a comma list of known words. Fault bad_parameter.
func oneOfWords(name, list string, known ...string) (map[string]bool, error) {
	words := map[string]bool{}
	for _, w := range splitList(list) {
		ok := false
		for _, k := range known {
			ok = ok || w == k
		}
		if !ok {
			all := strings.Join(known, ", ")
			return nil, fault.Newf("bad_parameter", "参数 %[1]s 的值“%[2]s”不可用：应是 %[3]s。",
				"Parameter %[1]s cannot be %[2]q: use %[3]s.", name, fault.Clip(w, 60), all).At(name)
		}
		words[w] = true
	}
	return words, nil
}
