package planfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"xushi/internal/exact"
	"xushi/internal/fault"
)

// node is one value of the file with its place. Decimals stay the text that was
// typed: they never become floats.
type node struct {
	line, col int
	value     any // string, json.Number, bool, nil, *mapping or []*node
	size      int // nodes in it, aliases counted as often as they are used
}

// mapping keeps the order and the places of its keys.
type mapping struct {
	keys   []key
	values map[string]*node
}

type key struct {
	name      string
	line, col int
}

// get gives a member of a mapping; nil where n is none or has no such member.
func (n *node) get(name string) *node {
	if n == nil {
		return nil
	}
	if m, ok := n.value.(*mapping); ok {
		return m.values[name]
	}
	return nil
}

// item gives an element of a sequence; nil where n is none or is shorter.
func (n *node) item(i int) *node {
	if n == nil {
		return nil
	}
	if s, ok := n.value.([]*node); ok && i >= 0 && i < len(s) {
		return s[i]
	}
	return nil
}

// items gives the elements of a sequence; none where n is another thing or nil.
func (n *node) items() []*node {
	if n == nil {
		return nil
	}
	s, _ := n.value.([]*node)
	return s
}

// text gives a string or the digits of a number; "" for anything else.
func (n *node) text() string {
	if n == nil {
		return ""
	}
	switch v := n.value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// plain gives fresh maps, slices and scalars, as encoding/json would read them
// with numbers kept as text.
func (n *node) plain() any {
	switch v := n.value.(type) {
	case *mapping:
		m := make(map[string]any, len(v.keys))
		for name, child := range v.values {
			m[name] = child.plain()
		}
		return m
	case []*node:
		s := make([]any, len(v))
		for i, child := range v {
			s[i] = child.plain()
		}
		return s
	default:
		return v
	}
}

// readTree reads YAML into nodes. Tags, merge keys, explicit keys and a second
// document are refused: a plan file does with what everybody can read.
func readTree(data []byte) (root *node, faults fault.List) {
	if len(data) > MaxSize {
		return nil, fault.List{fault.Newf("file_size",
			"文件有%[1]d字节，超过上限%[2]d字节。", "The file has %[1]d bytes, more than the limit of %[2]d.", len(data), MaxSize)}
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	if !utf8.ValidString(text) {
		line := 1 + strings.Count(validPart(text), "\n")
		return nil, fault.List{fault.New("file_encoding",
			"文件不是UTF-8编码，请另存为UTF-8。", "The file is not UTF-8; save it as UTF-8.").InFile("", line, 1)}
	}
	if i := strings.IndexFunc(text, forbidden); i >= 0 {
		before := text[:i]
		r, _ := utf8.DecodeRuneInString(text[i:])
		return nil, fault.List{fault.Newf("file_encoding",
			"文件含有不可见的控制字符 U+%04[1]X，请删除。", "The file holds the invisible control character U+%04[1]X; delete it.", r).
			InFile("", 1+strings.Count(before, "\n"), 1+utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]))}
	}
	// The reader is a library that is fed whatever people send; should it
	// stumble, the file is at fault, not the server.
	defer func() {
		if r := recover(); r != nil {
			root, faults = nil, fault.List{fault.New("yaml_syntax",
				"无法读取此YAML文件，请检查缩进、引号和括号。", "The YAML cannot be read; check indentation, quotes and brackets.")}
		}
	}()
	tokens := lexer.Tokenize(text)
	if f := checkShape(tokens); f != nil {
		return nil, fault.List{f}
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, fault.List{syntaxFault(err)}
	}
	var body ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if _, comment := doc.Body.(*ast.CommentGroupNode); comment {
			continue
		}
		if body != nil {
			return nil, fault.List{unsupported(doc.Body.GetToken(), "一个文件里有第二个YAML文档", "a second YAML document in one file")}
		}
		body = doc.Body
	}
	if body == nil {
		return nil, fault.List{fault.New("file_empty", "文件没有内容。", "The file is empty.").InFile("", 1, 1)}
	}
	b := builder{anchors: map[string]*node{}}
	root = b.build(body, 0)
	if len(b.faults) > 0 {
		return nil, b.faults
	}
	return root, nil
}

// forbidden tells characters that no plan holds: controls, and the marks that
// make text run the other way and so show a reader something else.
func forbidden(r rune) bool {
	return r < 0x20 && r != '\n' && r != '\t' && r != '\r' || r >= 0x7f && r < 0xa0 && r != 0x85 ||
		r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff
}

// validPart is what comes before the first byte that is not UTF-8.
func validPart(s string) string {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return s[:i]
			}
		}
	}
	return s
}

// Limits of the shape. The parser calls itself for every level and compares
// every key with those before it, so both are bounded before it runs.
const (
	maxTokens = 400_000
	maxDepth  = 40
	maxKeys   = 200
	maxNodes  = 400_000 // after aliases are put in
)

// checkShape refuses what would make the parser or its reader run away, from
// the flat tokens.
func checkShape(tokens token.Tokens) *fault.Fault {
	if len(tokens) > maxTokens {
		return fault.Newf("yaml_limits", "文件过大：超过%d个语法单元。", "The file is too large: more than %d tokens.", maxTokens)
	}
	// level of a block: its column, a sequence counting as deeper than a
	// mapping of the same column, as in "key:\n- item".
	type block struct{ level, keys int }
	var blocks []block
	var flows []int // keys in each open bracket
	for i, t := range tokens {
		line, col := t.Position.Line, t.Position.Column
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			flows = append(flows, 0)
		case token.MappingEndType, token.SequenceEndType:
			if len(flows) > 0 {
				flows = flows[:len(flows)-1]
			}
		case token.TagType:
			return unsupported(t, "标签（!）", "a tag (!)")
		case token.MergeKeyType:
			return unsupported(t, "合并键（<<）", "a merge key (<<)")
		case token.MappingKeyType:
			return unsupported(t, "显式键（?）", "an explicit key (?)")
		case token.DirectiveType:
			if col > 1 {
				break // a % that an open quote let out: the parser will say so
			}
			return unsupported(t, "指令（%）", "a directive (%)")
		case token.MappingValueType, token.SequenceEntryType:
			sequence := t.Type == token.SequenceEntryType
			if n := len(flows); n > 0 {
				if flows[n-1]++; !sequence && flows[n-1] > maxKeys {
					return tooMany(line, col)
				}
				break
			}
			level := 2 * col
			if sequence {
				level++
			} else if i > 0 {
				level = 2 * tokens[i-1].Position.Column
			}
			for len(blocks) > 0 && blocks[len(blocks)-1].level > level {
				blocks = blocks[:len(blocks)-1]
			}
			if n := len(blocks); n > 0 && blocks[n-1].level == level {
				if blocks[n-1].keys++; !sequence && blocks[n-1].keys > maxKeys {
					return tooMany(line, col)
				}
			} else {
				blocks = append(blocks, block{level, 1})
			}
		}
		if len(flows)+len(blocks) > maxDepth {
			return fault.Newf("yaml_limits", "嵌套超过%d层。", "The nesting is deeper than %d levels.", maxDepth).InFile("", line, col)
		}
	}
	return nil
}

func tooMany(line, col int) *fault.Fault {
	return fault.Newf("yaml_limits", "一个映射的键超过%d个。", "A mapping has more than %d keys.", maxKeys).InFile("", line, col)
}

func unsupported(t *token.Token, zh, en string) *fault.Fault {
	return fault.New("yaml_unsupported", "计划文件不支持"+zh+"。", "Plan files do not support "+en+".").
		InFile("", t.Position.Line, t.Position.Column)
}

// syntaxFault words the parser's error.
func syntaxFault(err error) *fault.Fault {
	var e yaml.Error
	if !errors.As(err, &e) {
		return fault.New("yaml_syntax", "无法读取此YAML文件。", "The YAML cannot be read: "+firstLine(err.Error())+".")
	}
	line, col := 1, 1
	if t := e.GetToken(); t != nil && t.Position != nil {
		line, col = t.Position.Line, max(t.Position.Column, 1)
	}
	msg := firstLine(e.GetMessage())
	if strings.HasPrefix(msg, "mapping key") && strings.Contains(msg, "already defined") {
		return duplicateKey(e.GetToken().Value, line, col)
	}
	return fault.Newf("yaml_syntax",
		"YAML语法有误，请检查此处的缩进、引号和括号（%s）。",
		"The YAML is malformed; check indentation, quotes and brackets here (%s).", msg).InFile("", line, col)
}

func duplicateKey(name string, line, col int) *fault.Fault {
	return fault.Newf("duplicate_key", "“%[1]s”写了两次。", "%[1]q is written twice.", name).InFile("", line, col)
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// builder turns the parser's tree into nodes.
type builder struct {
	anchors map[string]*node
	faults  fault.List
}

func (b *builder) fail(f *fault.Fault) *node {
	if len(b.faults) < maxFaults {
		b.faults = append(b.faults, f)
	}
	return &node{}
}

func (b *builder) build(n ast.Node, depth int) *node {
	t := n.GetToken()
	out := &node{line: t.Position.Line, col: max(t.Position.Column, 1), size: 1}
	// The parser is bounded by checkShape; this bounds what aliases add.
	if depth > 4*maxDepth {
		return b.fail(fault.Newf("yaml_limits", "嵌套超过%d层。", "The nesting is deeper than %d levels.", maxDepth).InFile("", out.line, out.col))
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		m := &mapping{values: make(map[string]*node, len(n.Values))}
		out.value = m
		for _, pair := range n.Values {
			b.pair(m, out, pair, depth)
		}
		if len(m.keys) > 0 {
			out.line, out.col = m.keys[0].line, m.keys[0].col
		}
	case *ast.MappingValueNode:
		m := &mapping{values: make(map[string]*node, 1)}
		out.value = m
		b.pair(m, out, n, depth)
		if len(m.keys) > 0 {
			out.line, out.col = m.keys[0].line, m.keys[0].col
		}
	case *ast.SequenceNode:
		items := make([]*node, 0, len(n.Values))
		for _, v := range n.Values {
			child := b.build(v, depth+1)
			items = append(items, child)
			out.size += child.size
		}
		out.value = items
	case *ast.StringNode:
		out.value = n.Value
	case *ast.LiteralNode:
		out.value = n.Value.Value
	case *ast.BoolNode:
		out.value = n.Value
	case *ast.NullNode:
		out.value = nil
	case *ast.IntegerNode, *ast.FloatNode:
		d, err := exact.ParseDecimal(t.Value)
		if err != nil {
			return b.fail(fault.Of(err, "number_form").InFile("", out.line, out.col))
		}
		if v := strings.TrimLeft(t.Value, "+-"); len(v) > 1 && v[0] == '0' && v[1] != '.' {
			return b.fail(fault.Newf("number_form", "数值“%[1]s”不能以0开头；若是编号请加引号。",
				"The number %[1]q must not begin with 0; quote it if it is a name.", t.Value).InFile("", out.line, out.col))
		}
		out.value = json.Number(d.String())
	case *ast.InfinityNode, *ast.NanNode:
		return b.fail(fault.Newf("number_form", "“%[1]s”不是数值。", "%[1]q is not a number.", t.Value).InFile("", out.line, out.col))
	case *ast.AnchorNode:
		child := b.build(n.Value, depth+1)
		b.anchors[n.Name.GetToken().Value] = child
		return child
	case *ast.AliasNode:
		name := n.Value.GetToken().Value
		child, ok := b.anchors[name]
		if !ok {
			return b.fail(fault.Newf("yaml_alias", "别名 *%[1]s 没有对应的锚点 &%[1]s。",
				"The alias *%[1]s has no anchor &%[1]s before it.", name).InFile("", out.line, out.col))
		}
		return child
	default:
		return b.fail(unsupported(t, fmt.Sprintf("此处的写法（%s）", n.Type()), fmt.Sprintf("this construct (%s)", n.Type())))
	}
	if out.size > maxNodes {
		// Aliases of aliases grow without bound (the "billion laughs").
		return b.fail(fault.Newf("yaml_limits", "别名展开后超过%d个值。", "The aliases expand to more than %d values.", maxNodes).InFile("", out.line, out.col))
	}
	return out
}

func (b *builder) pair(m *mapping, out *node, pair *ast.MappingValueNode, depth int) {
	var k ast.Node = pair.Key
	t := k.GetToken()
	line, col := t.Position.Line, max(t.Position.Column, 1)
	s, ok := k.(*ast.StringNode)
	if !ok {
		b.fail(fault.Newf("yaml_unsupported", "字段名“%[1]s”应为文字。", "The field name %[1]q must be text.", t.Value).InFile("", line, col))
		return
	}
	if _, twice := m.values[s.Value]; twice {
		b.fail(duplicateKey(s.Value, line, col))
		return
	}
	child := b.build(pair.Value, depth+1)
	if child.line == 0 || child.value == nil {
		// An omitted value has no place of its own.
		child.line, child.col = line, col
	}
	m.keys = append(m.keys, key{s.Value, line, col})
	m.values[s.Value] = child
	out.size += child.size
}
