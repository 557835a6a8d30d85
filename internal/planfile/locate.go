package planfile

import (
	"strings"

	"xushi/internal/fault"
)

// Locate gives faults about the plan of this file, such as those of
// plan.CheckUpdate, their positions in it. Their fields are paths as
// plan.Difference writes them (tasks/41/indicators/lifts-renewed/target) or as
// Check does (tasks[40].indicators[0].target). What the file leaves out is placed
// at what it would stand in; faults without a field get the file's name alone.
func (r Report) Locate(faults fault.List) fault.List {
	list := make(fault.List, len(faults))
	for i, f := range faults {
		var line, col int
		if r.root != nil && f.Field != "" {
			line, col = r.root.locate(r.root.pathTo(f.Field))
		}
		list[i] = f.InFile(r.name, line, col)
	}
	return list
}

// locate gives the place of a path; of a list, for want of the member that was
// meant, that of its name.
func (n *node) locate(p path) (line, col int) {
	at := n.find(p)
	for len(p) > 0 && n.find(p[:len(p)-1]) == at {
		p = p[:len(p)-1] // the file does not go as far
	}
	if _, list := at.value.([]*node); list && len(p) > 0 {
		return n.findKey(p)
	}
	return at.line, at.col
}

// pathTo turns a written path into one of indexes, as far as the file goes along.
func (n *node) pathTo(written string) path {
	if !strings.Contains(written, "/") {
		return path{}.join(written)
	}
	var p path
	for word := range strings.SplitSeq(written, "/") {
		here := n.find(p)
		if _, list := here.value.([]*node); !list {
			if here.get(word) == nil {
				return p
			}
			p = p.to(word)
			continue
		}
		name, _ := p[len(p)-1].(string)
		i, found := here.member(name, word)
		if found {
			p = p.at(i)
			continue
		}
		if name != "indicators" {
			return p
		}
		moved, found := n.indicator(word) // into another task
		if !found {
			return p
		}
		p = moved
	}
	return p
}

// member gives the index of a list's member by the field that names such members.
func (n *node) member(list, name string) (int, bool) {
	for i, item := range n.items() {
		if item.get(subjects[list].by).text() == name {
			return i, true
		}
	}
	return 0, false
}

// indicator finds an indicator by its id in whatever task it is.
func (n *node) indicator(id string) (path, bool) {
	for i, t := range n.get("tasks").items() {
		if j, found := t.get("indicators").member("indicators", id); found {
			return path{"tasks", i, "indicators", j}, true
		}
	}
	return nil, false
}
