package promapi

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"xushi/internal/fault"
	"xushi/internal/quantity"
)

// AsOf is the reserved label by which a selector asks for what was known at a
// moment: xushi_actual{__as_of__="2026-06-15"}.
const AsOf = "__as_of__"

// time reads a moment as Prometheus does: seconds since 1970, or RFC 3339.
func (r *request) time(name string, otherwise time.Time) (time.Time, error) {
	s := r.FormValue(name)
	if s == "" && !otherwise.IsZero() {
		return otherwise, nil
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if f, isNumber := strconv.ParseFloat(s, 64); isNumber == nil && math.Abs(f) < 1e12 {
		whole, part := math.Modf(f)
		t, err = time.Unix(int64(whole), int64(math.Round(part*1000)*1e6)).UTC(), nil
	}
	if err != nil {
		return t, badParam(name, fmt.Errorf("cannot parse %q to a valid timestamp", s))
	}
	// The engine counts in nanoseconds of 64 bits.
	if y := t.Year(); y < 1700 || y > 2250 {
		return t, badParam(name, fmt.Errorf("%s is out of range: years from 1700 to 2250 are known", s))
	}
	return t, nil
}

// duration reads a duration as Prometheus does: seconds, or 1d12h; 0 where there
// is none.
func (r *request) duration(name string) (time.Duration, error) {
	s := r.FormValue(name)
	if s == "" {
		return 0, nil
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		if f *= float64(time.Second); math.Abs(f) < math.MaxInt64 {
			return time.Duration(f), nil
		}
		return 0, badParam(name, fmt.Errorf("cannot parse %q to a valid duration. It overflows int64", s))
	}
	d, err := model.ParseDuration(s)
	if err != nil {
		return 0, badParam(name, fmt.Errorf("cannot parse %q to a valid duration", s))
	}
	return time.Duration(d), nil
}

// limit reads how many results are wanted at most; 0 is all.
func (r *request) limit() (int, error) {
	s := r.FormValue("limit")
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, badParam("limit", errors.New("limit must be a non-negative number"))
	}
	return n, nil
}

// matchers reads the selectors of match[].
func (a *api) matchers(r *request) ([][]*labels.Matcher, error) {
	size := 0
	for _, s := range r.Form["match[]"] {
		if size += len(s); size > maxQuery || manifold(s) {
			return nil, badData(fmt.Sprintf("the selectors are longer than %d bytes, or have more than %d words and signs", maxQuery, maxTokens))
		}
	}
	sets, err := a.parser.ParseMetricSelectors(r.Form["match[]"])
	if err != nil {
		return nil, badData(err.Error())
	}
	for _, set := range sets {
		if !selects(set) {
			return nil, badData("match[] must contain at least one non-empty matcher")
		}
	}
	return sets, nil
}

// selects tells whether matchers leave anything out.
func selects(set []*labels.Matcher) bool {
	for _, m := range set {
		if m.Name != AsOf && !m.Matches("") {
			return true
		}
	}
	return false
}

// selectors gives the matchers of each selector of an expression.
func selectors(e parser.Expr) (sets [][]*labels.Matcher) {
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if v, ok := n.(*parser.VectorSelector); ok {
			sets = append(sets, v.LabelMatchers)
		}
		return nil
	})
	return sets
}

// reader reads from selectors who asks for what: all of them must name the same
// moment of knowledge, or none must. Faults as_of_matcher, as_of_differs,
// bad_as_of, as_of_future.
func (a *api) reader(r *request, sets [][]*labels.Matcher) (Reader, error) {
	out := Reader{Token: r.token}
	var moment string
	differs := func(a, b string) error {
		return fault.Newf("as_of_differs", "一个查询里的各个选择器要写相同的 %[1]s，现在有“%[2]s”和“%[3]s”。",
			"All selectors of a query must have the same %[1]s; these have %[2]q and %[3]q.", AsOf, fault.Clip(a, 40), fault.Clip(b, 40)).At(AsOf)
	}
	for i, set := range sets {
		asked, plan, named := "", "", false
		for _, m := range set {
			switch {
			case m.Name == AsOf && m.Type != labels.MatchEqual:
				return out, fault.Newf("as_of_matcher", "%[1]s 只能用等号：%[1]s=\"2026-06-15\"。", "%[1]s takes an equals sign only: %[1]s=\"2026-06-15\".", AsOf).At(AsOf)
			case m.Name == AsOf:
				v := m.Value
				if v == "now" || v == quantity.Present {
					v = ""
				}
				if named && v != asked {
					return out, differs(asked, v)
				}
				asked, named = v, true
			case m.Name == "plan" && m.Type == labels.MatchEqual:
				plan = m.Value
			}
		}
		if i > 0 && asked != moment {
			return out, differs(moment, asked)
		}
		if i == 0 {
			moment, out.Plan = asked, plan
		} else if plan != out.Plan {
			out.Plan = ""
		}
	}
	if moment == "" {
		return out, nil
	}
	var err error
	out.AsOf, err = a.Source.Moment(moment, out.Plan)
	return out, err
}
