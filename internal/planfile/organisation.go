package planfile

import (
	"slices"

	"xushi/internal/plan"
)

// indexOrganisations refuses ids and names that are used twice and makes the
// others findable.
func (c *checker) indexOrganisations() {
	c.organisations, c.names = map[string]*plan.Organisation{}, map[string]string{}
	for i := range c.plan.Organisations {
		o, at := &c.plan.Organisations[i], path{"organisations", i}
		if _, twice := c.organisations[o.ID]; twice {
			c.fail(at.to("id"), "duplicate_id", "编号“%[1]s”已用过。", "The id %[1]q is already used.", o.ID)
			continue
		}
		c.organisations[o.ID] = o
		if other, twice := c.names[o.Name]; twice {
			c.fail(at.to("name"), "duplicate_name", "名称“%[1]s”已是 %[2]s 的名称。", "The name %[1]q is that of %[2]s already.", o.Name, other)
			continue
		}
		c.names[o.Name] = o.ID
	}
}

// resolve puts the id in the place of an organisation's name.
func (c *checker) resolve(at path, ref *string) {
	if _, ok := c.organisations[*ref]; ok {
		return
	}
	if id, ok := c.names[*ref]; ok {
		*ref = id
		return
	}
	known := make([]string, 0, 2*len(c.organisations))
	for _, o := range c.plan.Organisations {
		known = append(known, o.ID, o.Name)
	}
	zh, en := suggestion(*ref, known)
	c.fail(at, "unknown_organisation", "organisations 中没有“%[1]s”"+zh+"。", "There is no %[1]q under organisations"+en+".", *ref)
}

// resolveAll resolves a list and refuses one that names somebody twice.
func (c *checker) resolveAll(at path, refs []string) {
	for i := range refs {
		c.resolve(at.at(i), &refs[i])
		if slices.Contains(refs[:i], refs[i]) {
			c.fail(at.at(i), "duplicate_reference", "“%[1]s”列了两次。", "%[1]q is listed twice.", refs[i])
		}
	}
}

// checkOrganisations looks at names, members and portfolios.
func (c *checker) checkOrganisations() {
	for i := range c.plan.Organisations {
		o, at := &c.plan.Organisations[i], path{"organisations", i}
		for j, f := range o.Former {
			here := at.to("former").at(j)
			if f.Name == o.Name {
				c.fail(here.to("name"), "former_name", "曾用名与现名相同。", "The former name is the present one.")
			}
			if j > 0 && f.Until <= o.Former[j-1].Until {
				c.fail(here.to("until"), "date_order", "曾用名应按停用日期先后排列。", "Former names are listed by the dates until which they held.")
			}
		}
		if len(o.Members) > 0 && o.Kind != plan.OrgGroup {
			c.fail(at.to("members"), "members_of_group", "只有 kind: group 的单位可以有 members。", "Only an organisation of kind group has members.")
		}
		for j, m := range o.Members {
			here := at.to("members").at(j)
			if m.From != nil && m.To != nil && *m.To < *m.From {
				c.fail(here.to("to"), "date_order", "结束日期%[1]s早于开始日期%[2]s。", "The date %[1]s lies before %[2]s.", m.To, m.From)
			}
			if c.leadsBack(m.Organisation, o.ID, map[string]bool{}) {
				c.fail(here.to("organisation"), "circular_reference", "“%[1]s”绕回到了本单位。", "%[1]q leads back to this organisation.", m.Organisation)
			}
		}
	}
	chief := map[string]string{}
	ids := map[string]bool{}
	for i, p := range c.plan.Portfolios {
		at := path{"portfolios", i}
		if ids[p.ID] {
			c.fail(at.to("id"), "duplicate_id", "编号“%[1]s”已用过。", "The id %[1]q is already used.", p.ID)
		}
		ids[p.ID] = true
		for j, o := range p.Organisations {
			if other := chief[o]; other != "" && other != p.ID {
				c.warn(at.to("organisations").at(j), "portfolio_twice", "“%[1]s”已归 %[2]s 分管。", "%[1]q is in the portfolio %[2]s already.", o, other)
			}
			chief[o] = p.ID
		}
	}
}

// leadsBack tells whether the members of an organisation lead to another.
func (c *checker) leadsBack(from, to string, seen map[string]bool) bool {
	if from == to {
		return true
	}
	o := c.organisations[from]
	if o == nil || seen[from] {
		return false
	}
	seen[from] = true
	return slices.ContainsFunc(o.Members, func(m plan.Member) bool { return c.leadsBack(m.Organisation, to, seen) })
}
