package planfile

import (
	"slices"

	"xushi/internal/period"
	"xushi/internal/plan"
)

// checkReferences looks at what sync indicators keep step with.
func (c *checker) checkReferences() {
	ids := make([]string, 0, len(c.indicators))
	for id := range c.indicators {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		ind := c.indicators[id]
		if ind.Kind != plan.Sync || ind.Reference == "" {
			continue
		}
		at := ind.at.to("reference")
		ref, ok := c.indicators[ind.Reference]
		if !ok {
			zh, en := suggestion(ind.Reference, ids)
			c.fail(at, "unknown_indicator", "没有“%[1]s”这个指标"+zh+"。", "There is no indicator %[1]q"+en+".", ind.Reference)
			continue
		}
		if c.followsTo(ind.Reference, id, map[string]bool{}) {
			c.fail(at, "circular_reference", "同步关系经“%[1]s”绕回到了自身。", "The indicator keeps step with itself by way of %[1]q.", ind.Reference)
			continue
		}
		series, other := c.series[ind.Series], c.series[ref.Series]
		switch {
		case ref.Series == "":
			c.fail(at, "reference_without_figure", "“%[1]s”没有可比的数值。", "%[1]q has no figures to compare with.", ind.Reference)
		case series == nil || other == nil: // told where they are missing
		case other.Unit != series.Unit:
			c.fail(at, "reference_unit", "“%[1]s”的单位是“%[2]s”，与本指标的“%[3]s”不同。", "%[1]q is in %[2]q, this indicator in %[3]q.", ind.Reference, other.Unit, series.Unit)
		default:
			if !covers(ref.Rhythm, ind.Rhythm, c.plan.Year) {
				c.warn(at, "reference_rhythm", "“%[1]s”不是每个报送期都有数，缺数时本指标待定。",
					"%[1]q has no figure for some of this indicator's periods; it will be pending there.", ind.Reference)
			}
		}
	}
}

// followsTo tells whether the references of sync indicators lead to another one.
func (c *checker) followsTo(from, to string, seen map[string]bool) bool {
	if from == to {
		return true
	}
	ind, ok := c.indicators[from]
	if !ok || ind.Kind != plan.Sync || seen[from] {
		return false
	}
	seen[from] = true
	return c.followsTo(ind.Reference, to, seen)
}

// covers tells whether one rhythm has a period at the end of every period of another.
func covers(wide, narrow period.Rhythm, year int) bool {
	ends := map[period.Month]bool{}
	for _, p := range wide.Periods(year, period.SpanYTD) {
		ends[p.End] = true
	}
	return !slices.ContainsFunc(narrow.Periods(year, period.SpanYTD), func(p period.Period) bool { return !ends[p.End] })
}
