package planfile

import (
	"slices"

	"xushi/internal/plan"
)

// kindRule says which of the fields that not every kind has a kind needs or may
// have.
type kindRule struct {
	zh          string
	need, may   []string
	comparators []plan.Comparator
	bands       string // the list of bands it is judged by
}

var kindRules = map[plan.Kind]kindRule{
	plan.Cumulative: {zh: "累计类", need: []string{"clause", "target"},
		may:         []string{"series", "comparator", "base", "unit", "trajectory", "bands", "changes", "parts", "total", "checklist"},
		comparators: []plan.Comparator{plan.AtLeast, plan.MoreThan}, bands: "pace"},
	plan.Growth: {zh: "增速类", need: []string{"clause", "target", "series"},
		may:         []string{"comparator", "unit", "bands", "changes", "base_share", "parts", "total"},
		comparators: []plan.Comparator{plan.AtLeast, plan.MoreThan, plan.AtMost}, bands: "gap"},
	plan.Level: {zh: "达标类", need: []string{"clause", "target", "series"},
		may:         []string{"comparator", "unit", "bands", "changes", "parts", "total"},
		comparators: []plan.Comparator{plan.AtLeast, plan.AtMost}, bands: "gap"},
	plan.Zero: {zh: "清零类", need: []string{"clause", "series"},
		may: []string{"target", "unit", "changes", "parts", "total"}},
	plan.Sync: {zh: "同步类", need: []string{"clause", "series", "reference"},
		may:         []string{"comparator", "tolerance", "unit", "bands", "changes", "parts", "total"},
		comparators: []plan.Comparator{plan.AtLeast, plan.AtMost}, bands: "gap"},
	plan.Direction: {zh: "同比改善类", need: []string{"clause", "series", "sense"},
		may: []string{"unit", "changes", "parts", "total"}},
	plan.Milestone: {zh: "节点类", need: []string{"clause", "checklist"},
		may: []string{"bands", "changes"}, bands: "age"},
	plan.Standing: {zh: "常态推进类", may: []string{"clause"}},
	plan.Context: {zh: "参考类", need: []string{"clause"},
		may: []string{"target", "series", "unit", "parts", "total"}},
}

// kindFields are the fields that not every kind has.
var kindFields = []string{"clause", "target", "comparator", "base", "unit", "series", "trajectory", "bands", "changes",
	"reference", "tolerance", "sense", "base_share", "parts", "total", "checklist"}

// checkKind refuses fields that the kind does not know, and asks for those that
// it needs; false where something is missing without which the rest of the
// indicator makes no sense.
func (c *checker) checkKind(at path, ind *plan.Indicator) bool {
	rule, ok := kindRules[ind.Kind], true
	for _, field := range kindFields {
		given := c.has(at.to(field))
		switch {
		case given && !slices.Contains(rule.need, field) && !slices.Contains(rule.may, field):
			c.failKey(at.to(field), "field_not_for_kind", "%[1]s指标（%[2]s）不写 %[3]s。",
				"An indicator of kind %[2]s has no field %[3]s.", rule.zh, ind.Kind, field)
			ok = false
		case !given && slices.Contains(rule.need, field):
			c.fail(at.to(field), "missing_for_kind", "%[1]s指标（%[2]s）须写 %[3]s。",
				"An indicator of kind %[2]s needs the field %[3]s.", rule.zh, ind.Kind, field)
			ok = false
		}
	}
	if ind.Comparator != "" && len(rule.comparators) > 0 && !slices.Contains(rule.comparators, ind.Comparator) {
		c.fail(at.to("comparator"), "comparator", "%[1]s指标（%[2]s）不能用比较符“%[3]s”。",
			"An indicator of kind %[2]s cannot have the comparator %[3]q.", rule.zh, ind.Kind, ind.Comparator)
		ok = false
	}
	for _, list := range [...]string{"pace", "gap", "age"} {
		if here := at.to("bands").to(list); list != rule.bands && rule.bands != "" && c.has(here) {
			c.failKey(here, "field_not_for_kind", "%[1]s指标（%[2]s）的档位只有 %[4]s，不写 %[3]s。",
				"An indicator of kind %[2]s has bands of %[4]s, not of %[3]s.", rule.zh, ind.Kind, list, rule.bands)
			ok = false
		}
	}
	return ok
}
