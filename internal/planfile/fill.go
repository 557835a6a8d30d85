package planfile

import (
	"cmp"
	"reflect"
	"slices"

	"github.com/govalues/decimal"

	"xushi/internal/period"
	"xushi/internal/plan"
)

var (
	one              = decimal.MustNew(1, 0)
	hundred          = decimal.MustNew(100, 0)
	defaultTolerance = decimal.MustParse("0.5")
)

// has tells whether the file gives something at a place itself.
func (c *checker) has(p path) bool {
	n := c.root
	for _, step := range p {
		switch s := step.(type) {
		case int:
			n = n.item(s)
		case string:
			n = n.get(s)
		}
	}
	return n != nil
}

// fillPlan writes out what the file leaves to defaults and puts ids in the place
// of organisations' names.
func (c *checker) fillPlan() {
	p := c.plan
	orDefault(&p.TimeZone, "Asia/Shanghai")
	orDefault(&p.Holidays, "cn")
	orDefault(&p.Approval, plan.ApprovalNone)
	c.indexOrganisations()
	for i := range p.Organisations {
		for j := range p.Organisations[i].Members {
			at := path{"organisations", i, "members", j, "organisation"}
			c.resolve(at, &p.Organisations[i].Members[j].Organisation)
		}
	}
	for i := range p.Portfolios {
		c.resolveAll(path{"portfolios", i, "organisations"}, p.Portfolios[i].Organisations)
	}
	for i := range p.Sections {
		orDefault(&p.Sections[i].Short, p.Sections[i].Title)
	}
	c.fillSeries()
	for i := range p.Tasks {
		t, at := &p.Tasks[i], path{"tasks", i}
		c.resolveAll(at.to("leads"), t.Leads)
		c.resolveAll(at.to("cos"), t.Cos)
		t.Cos = orNil(t.Cos)
		for j := range t.Events {
			c.resolveAll(at.to("events").at(j).to("to"), t.Events[j].To)
			t.Events[j].To = orNil(t.Events[j].To)
		}
		for j := range t.Indicators {
			c.fillIndicator(at.to("indicators").at(j), t, &t.Indicators[j])
		}
	}
}

// fillSeries writes out the defaults of all series and keeps each once.
func (c *checker) fillSeries() {
	c.series, c.seriesAt = map[string]*plan.Series{}, map[string]path{}
	list := c.plan.Series
	once := make([]plan.Series, 0, len(list)) // never grows: pointers into it are kept
	for i := range list {
		s, at := &list[i], c.seriesPaths[i]
		orDefault(&s.Span, period.SpanYTD.String())
		if s.Ratio != nil {
			orDefault(&s.Unit, "%")
		}
		if s.Unit == "" {
			c.fail(at.to("unit"), "missing_field", "缺少字段“unit”（计量单位）。", "The field \"unit\" is missing.")
		}
		if s.Step.IsZero() {
			s.Step = defaultStep(s.Unit)
		}
		if s.Reporter != "" {
			c.resolve(at.to("reporter"), &s.Reporter)
		}
		if s.Source != "" {
			c.resolve(at.to("source"), &s.Source)
		}
		first, seen := c.series[s.ID]
		switch {
		case !seen:
			once = append(once, *s)
			c.series[s.ID], c.seriesAt[s.ID] = &once[len(once)-1], at
		case len(at) == 2:
			c.fail(at.to("id"), "duplicate_id", "编号“%[1]s”已用过（第%[2]d行）。", "The id %[1]q is already used (line %[2]d).",
				s.ID, c.root.find(c.seriesAt[s.ID]).line)
		case !reflect.DeepEqual(first, s):
			c.fail(at, "series_conflict",
				"序列“%[1]s”在第%[2]d行已有不同的定义；若是同一序列，只写编号，否则换一个编号。",
				"The series %[1]q is defined differently on line %[2]d; write its id only if it is the same one, else give it another id.",
				s.ID, c.root.find(c.seriesAt[s.ID]).line)
		}
	}
	c.plan.Series = once
}

func bySeriesID(a, b plan.Series) int { return cmp.Compare(a.ID, b.ID) }

// defaultStep is the precision that figures of a unit are usually reported in.
func defaultStep(unit string) decimal.Decimal {
	switch unit {
	case "%", "％", "百分点", "个百分点", "‰":
		return decimal.MustNew(1, 1)
	case "亿元", "万元", "元", "亿美元", "万美元", "亿", "平方公里", "公里":
		return decimal.MustNew(1, 2)
	case "万人", "万人次", "万户", "万件":
		return decimal.MustNew(1, 4)
	}
	return one
}

// fillIndicator writes out an indicator's defaults.
func (c *checker) fillIndicator(at path, t *plan.Task, ind *plan.Indicator) {
	if c.has(at.to("leads")) {
		c.resolveAll(at.to("leads"), ind.Leads)
	} else {
		ind.Leads = slices.Clone(t.Leads)
	}
	if c.has(at.to("cos")) {
		c.resolveAll(at.to("cos"), ind.Cos)
	} else {
		ind.Cos = slices.Clone(t.Cos)
	}
	ind.Cos = orNil(ind.Cos)
	if !c.has(at.to("deadline")) {
		ind.Deadline = yearEnd(c.plan.Year)
	}
	orDefault(&ind.Commitment, plan.Expected)
	if !c.has(at.to("rhythm")) {
		ind.Rhythm = period.Monthly
		if ind.Kind == plan.Standing {
			ind.Rhythm = period.Quarterly // a written account each quarter
		}
	}
	if ind.Due.Days == 0 && ind.Due.WorkingDays == 0 && len(ind.Due.Dates) == 0 {
		ind.Due.Days = period.DefaultDueDays
	}
	if s := c.series[ind.Series]; s != nil && ind.Unit == "" {
		ind.Unit = s.Unit
	}
	switch ind.Kind {
	case plan.Cumulative:
		orDefault(&ind.Comparator, plan.AtLeast)
		if ind.Trajectory == nil {
			ind.Trajectory = &plan.Trajectory{Kind: "months"}
		}
	case plan.Growth, plan.Level:
		orDefault(&ind.Comparator, plan.AtLeast)
	case plan.Zero:
		if ind.Target == nil {
			ind.Target = &decimal.Decimal{}
		}
	case plan.Sync:
		if ind.Tolerance == nil {
			d := defaultTolerance
			ind.Tolerance = &d
		}
	case plan.Standing:
		orDefault(&ind.Clause, t.Text)
	}
	if ind.Trajectory != nil {
		orDefault(&ind.Trajectory.Set, "default")
	}
	for i := range ind.Changes {
		if tr := ind.Changes[i].Trajectory; tr != nil {
			orDefault(&tr.Set, "default")
		}
	}
	if v := ind.Visibility; v != nil {
		if v.NotBefore != nil {
			utc := v.NotBefore.UTC() // one form for one moment
			v.NotBefore = &utc
		} else if v.Class == "open" {
			ind.Visibility = nil
		}
	}
	if len(ind.Parts) > 0 {
		orDefault(&ind.Total, "reported")
	}
	for i := range ind.Parts {
		if ind.Parts[i].Organisation != "" {
			c.resolve(at.to("parts").at(i).to("organisation"), &ind.Parts[i].Organisation)
		}
	}
	if list := ind.Checklist; list != nil {
		orDefault(&list.Size, len(list.Entries))
		if list.Entries == nil {
			list.Entries = []plan.Entry{} // as it is read back from JSON
		}
		for i := range list.Entries {
			e := &list.Entries[i]
			if !c.has(at.to("checklist").to("entries").at(i).to("planned")) {
				e.Planned = ind.Deadline
			}
			if e.Weight.IsZero() {
				e.Weight = one
			}
		}
	}
}

func yearEnd(year int) period.Date { return period.NewDate(year, 12, 31) }

// orDefault fills what was left out.
func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// orNil makes an empty list and none the same.
func orNil(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}
