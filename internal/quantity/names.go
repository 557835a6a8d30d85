package quantity

import (
	"slices"
	"sync"

	"xushi/internal/board"
	"xushi/internal/plan"
)

// Names are the values of the labels of a plan's items that follow from the plan
// alone, made once and kept by whoever reads the plan often. Many goroutines may
// read them at once.
type Names struct {
	once          sync.Once
	indicators    [][]string   // by place of the indicator, of Indicators
	keys          [][]string   // of Keys
	organisations [][][]string // the tuples of xushi_indicator_organisation
}

// of gives the names of a plan; nil makes those of one item when asked.
func (n *Names) of(p *board.Plan) *Names {
	if n == nil {
		return nil
	}
	n.once.Do(func() {
		for _, ind := range p.Indicators {
			n.indicators = append(n.indicators, itemLabels(p, ind, nil, -1))
			n.keys = append(n.keys, keyLabels(p, ind))
			n.organisations = append(n.organisations, organisationsOf(ind))
		}
	})
	return n
}

// Indicator gives the values of the labels of Indicators.
func (n *Names) Indicator(ind *board.Indicator) []string {
	return n.of(ind.Plan).indicators[ind.Place()]
}

// row gives the values of the labels of a row of an item.
func (n *Names) row(of Subject, p *board.Plan, ind *board.Indicator, part *plan.Part, own int) []string {
	switch {
	case of == Keys && n != nil:
		return n.keys[ind.Place()]
	case of == Keys:
		return keyLabels(p, ind)
	case n != nil && part == nil && own < 0:
		return n.indicators[ind.Place()]
	}
	return itemLabels(p, ind, part, own)
}

func keyLabels(p *board.Plan, ind *board.Indicator) []string { return []string{ind.ID, p.ID} }

// organisationsOf are the organisations of an indicator in their roles, each once.
func organisationsOf(ind *board.Indicator) [][]string {
	var list [][]string
	add := func(role string, orgs ...*plan.Organisation) {
		for _, o := range orgs {
			fact := []string{o.ID, o.Name, role}
			if !slices.ContainsFunc(list, func(f []string) bool { return slices.Equal(f, fact) }) {
				list = append(list, fact)
			}
		}
	}
	add("lead", ind.Leads...)
	add("co", ind.Cos...)
	if ind.Reporter != nil && ind.Series != nil {
		add("reporter", ind.Reporter)
	}
	if ind.Series != nil && ind.Series.Source != "" {
		if o := ind.Plan.Organisation(ind.Series.Source); o != nil {
			add("source", o)
		}
	}
	return list
}
