package planfile

import (
	"slices"
	"strings"

	"xushi/internal/judge"
	"xushi/internal/plan"
)

// checkSeries looks at the series by themselves: ratios and whose they are.
func (c *checker) checkSeries() {
	c.used = map[string]bool{}
	for i := range c.plan.Series {
		s := &c.plan.Series[i]
		at := c.seriesAt[s.ID]
		if area, _, foreign := strings.Cut(s.ID, "/"); foreign && area == c.plan.Area {
			c.fail(at.to("id"), "series_area", "本区的序列不写区域前缀“%[1]s”。", "A series of the plan's own area is written without %[1]q before it.", area+"/")
		}
		if s.Ratio == nil {
			continue
		}
		here := at.to("ratio")
		if !judge.IsPercent(s.Unit) {
			c.fail(at.to("unit"), "ratio_unit", "比率序列的单位应为%%，不是“%[1]s”。", "A ratio is in %%, not in %[1]q.", s.Unit)
		}
		if s.Ratio.Numerator == s.Ratio.Denominator {
			c.fail(here, "circular_reference", "分子与分母是同一序列。", "Numerator and denominator are the same series.")
		}
		for _, part := range [...]struct{ field, id string }{{"numerator", s.Ratio.Numerator}, {"denominator", s.Ratio.Denominator}} {
			other := c.wantSeries(here.to(part.field), part.id)
			switch {
			case other == nil:
			case c.reads(part.id, s.ID, map[string]bool{}):
				c.fail(here.to(part.field), "circular_reference", "比率经“%[1]s”绕回到了自身。", "The ratio leads back to itself by %[1]q.", part.id)
			case other.Span != s.Span:
				c.fail(here.to(part.field), "ratio_span", "“%[1]s”的时期范围是%[2]s，与比率的%[3]s不同。",
					"The span of %[1]q is %[2]s, that of the ratio %[3]s.", part.id, other.Span, s.Span)
			}
		}
		n, d := c.series[s.Ratio.Numerator], c.series[s.Ratio.Denominator]
		if n != nil && d != nil && n.Unit != d.Unit {
			c.warn(here, "ratio_units", "分子单位“%[1]s”与分母单位“%[2]s”不同。", "The numerator is in %[1]q, the denominator in %[2]q.", n.Unit, d.Unit)
		}
	}
}

// reads tells whether a series is computed from another, at first or second hand.
func (c *checker) reads(id, from string, seen map[string]bool) bool {
	if id == from {
		return true
	}
	s := c.series[id]
	if s == nil || s.Ratio == nil || seen[id] {
		return false
	}
	seen[id] = true
	return c.reads(s.Ratio.Numerator, from, seen) || c.reads(s.Ratio.Denominator, from, seen)
}

// wantSeries gives the series of an id and notes that it is used; nil, and an
// error, where there is none.
func (c *checker) wantSeries(at path, id string) *plan.Series {
	if s := c.series[id]; s != nil {
		c.used[id] = true
		return s
	}
	known := make([]string, 0, len(c.series))
	for known0 := range c.series {
		known = append(known, known0)
	}
	slices.Sort(known)
	zh, en := suggestion(id, known)
	c.fail(at, "unknown_series", "没有“%[1]s”这个序列"+zh+"；请在 series 下定义。", "There is no series %[1]q"+en+"; define it under series.", id)
	return nil
}

// checkSeriesUse warns of series that nothing reads.
func (c *checker) checkSeriesUse() {
	for i := range c.plan.Series {
		if s := &c.plan.Series[i]; !c.used[s.ID] {
			c.warn(c.seriesAt[s.ID], "series_unused", "没有指标或比率用到此序列。", "No indicator and no ratio reads this series.")
		}
	}
}
