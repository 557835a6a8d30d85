package planfile

import (
	"strconv"
	"strings"
)

// path is a place in the file: field names and indexes.
type path []any

// to leads on to a field, at to an element. Both copy: paths are shared.
func (p path) to(field string) path { return append(p[:len(p):len(p)], field) }
func (p path) at(i int) path        { return append(p[:len(p):len(p)], i) }

// join leads on by a written path such as points[2].
func (p path) join(written string) path {
	for _, word := range strings.Split(written, ".") {
		name, rest, _ := strings.Cut(word, "[")
		if name != "" {
			p = p.to(name)
		}
		for rest != "" {
			digits, more, _ := strings.Cut(rest, "]")
			if i, err := strconv.Atoi(digits); err == nil {
				p = p.at(i)
			}
			rest = strings.TrimPrefix(more, "[")
		}
	}
	return p
}

// String gives tasks[3].indicators[0].target.
func (p path) String() string {
	var b strings.Builder
	for _, step := range p {
		switch s := step.(type) {
		case int:
			b.WriteString("[" + strconv.Itoa(s) + "]")
		case string:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s)
		}
	}
	return b.String()
}

// find gives the node at a path, or the nearest one around it where the file
// leaves it out.
func (n *node) find(p path) *node {
	for _, step := range p {
		var next *node
		switch s := step.(type) {
		case int:
			next = n.item(s)
		case string:
			next = n.get(s)
		}
		if next == nil {
			return n
		}
		n = next
	}
	return n
}

// findKey gives the place of the field name that a path ends with.
func (n *node) findKey(p path) (line, col int) {
	around := n.find(p[:len(p)-1])
	if m, ok := around.value.(*mapping); ok {
		for _, k := range m.keys {
			if k.name == p[len(p)-1] {
				return k.line, k.col
			}
		}
	}
	return around.line, around.col
}

// subject names the thing a path lies in as people call it: 任务4指标 gdp-growth.
func (n *node) subject(p path) (zh, en string) {
	for i := 0; i+1 < len(p); i++ {
		list, ok := p[i].(string)
		at, isIndex := p[i+1].(int)
		if !ok || !isIndex {
			continue
		}
		s, ok := subjects[list]
		if !ok {
			continue
		}
		label := n.find(p[:i+2]).get(s.by).text()
		if label == "" {
			zh += "第" + strconv.Itoa(at+1) + "个" + s.zh
			en += s.en + " no. " + strconv.Itoa(at+1) + " "
			continue
		}
		if s.by == "number" {
			zh += s.zh + label
		} else {
			zh += s.zh + " " + clip(label) + " "
		}
		en += s.en + " " + clip(label) + " "
	}
	if zh == "" {
		return "", ""
	}
	return strings.TrimSpace(zh) + "：", strings.TrimSpace(en) + ": "
}

// subjects are the lists whose members have a name of their own.
var subjects = map[string]struct{ by, zh, en string }{
	"organisations": {"id", "单位", "organisation"},
	"portfolios":    {"id", "分管", "portfolio"},
	"sections":      {"number", "章节", "section"},
	"series":        {"id", "序列", "series"},
	"tasks":         {"number", "任务", "task"},
	"indicators":    {"id", "指标", "indicator"},
	"parts":         {"id", "分项", "part"},
	"entries":       {"id", "清单项", "entry"},
	"changes":       {"effective", "调整", "change"},
}
