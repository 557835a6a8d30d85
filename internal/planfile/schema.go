package planfile

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"xushi/internal/fault"
	"xushi/seeds"
)

const schemaName = "plan.schema.json"

// schema is the compiled JSON Schema of plan files beside its own text, which
// tells the fields that a place knows.
type schema struct {
	compiled *jsonschema.Schema
	document any
}

// planSchema compiles the embedded schema once.
var planSchema = sync.OnceValue(func() schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(seeds.PlanSchema()))
	if err != nil {
		panic(fmt.Errorf("planfile: %s: %w", schemaName, err)) // embedded and tested
	}
	// Under its own $id the schema would be looked up twice.
	id, _ := doc.(map[string]any)["$id"].(string)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(id, doc); err != nil {
		panic(fmt.Errorf("planfile: %s: %w", schemaName, err))
	}
	s, err := c.Compile(id)
	if err != nil {
		panic(fmt.Errorf("planfile: %s: %w", schemaName, err))
	}
	return schema{s, doc}
})

// validate holds the file against the schema and tells what is wrong in the
// words of a plan author.
func (c *checker) validate(value any) {
	s := planSchema()
	err := s.compiled.Validate(value)
	if err == nil {
		return
	}
	var e *jsonschema.ValidationError
	if !errors.As(err, &e) {
		c.fail(nil, "schema", "文件不合格式。", "The file does not fit the schema.")
		return
	}
	c.explain(s, e)
	slices.SortStableFunc(c.errors, func(a, b *fault.Fault) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
}

// explain walks to the leaves of the schema's error, which say what is wrong.
func (c *checker) explain(s schema, e *jsonschema.ValidationError) {
	if len(e.Causes) > 0 {
		for _, cause := range e.Causes {
			c.explain(s, cause)
		}
		return
	}
	at := c.pathOf(e.InstanceLocation)
	here := c.root.find(at)
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		known := s.properties(e.SchemaURL)
		for _, name := range k.Properties {
			zh, en := suggestion(name, known)
			c.failKey(at.to(name), "unknown_field",
				"没有“%[1]s”这个字段"+zh+"。", "There is no field %[1]q"+en+".", name)
		}
	case *kind.Required:
		for _, name := range k.Missing {
			c.fail(at.to(name), "missing_field", "缺少字段“%[1]s”。", "The field %[1]q is missing.", name)
		}
	case *kind.Type:
		c.typeFault(at, here, k)
	case *kind.Enum:
		want := make([]string, len(k.Want))
		for i, w := range k.Want {
			want[i] = fmt.Sprint(w)
		}
		got := here.text()
		zh, en := suggestion(got, want)
		c.fail(at, "bad_choice", "“%[1]s”不在可选值之中"+zh+"；可选：%[2]s。",
			"%[1]q is not a choice here"+en+"; choose from: %[3]s.",
			clip(got), strings.Join(want, "、"), strings.Join(want, ", "))
	case *kind.Pattern:
		c.patternFault(at, here.text(), k.Want)
	case *kind.Format:
		if k.Want == "date" {
			c.fail(at, "bad_date", "“%[1]s”不是日期，请写如2026-05-31。", "%[1]q is not a date; write it as 2026-05-31.", clip(here.text()))
			return
		}
		c.fail(at, "bad_time", "“%[1]s”不是时刻，请写如2026-04-20T10:00:00+08:00。",
			"%[1]q is not a moment; write it as 2026-04-20T10:00:00+08:00.", clip(here.text()))
	case *kind.MaxLength:
		c.fail(at, "too_long", "文字有%[1]d个字，最多%[2]d个。", "The text has %[1]d characters; the most it may have is %[2]d.", k.Got, k.Want)
	case *kind.MinItems:
		if k.Got == 0 {
			c.fail(at, "too_few", "至少要有%[1]d项，现为空。", "The list is empty; the least it may have is %[1]d.", k.Want)
			return
		}
		c.fail(at, "too_few", "有%[1]d项，至少要有%[2]d项。", "The list has %[1]d of at least %[2]d items.", k.Got, k.Want)
	case *kind.MaxItems:
		c.fail(at, "too_many", "有%[1]d项，最多%[2]d项。", "The list has %[1]d items; the most it may have is %[2]d.", k.Got, k.Want)
	case *kind.MinProperties:
		c.fail(at, "too_few", "没有内容；请填写，或整个删去。", "It is empty; fill it in or leave it out.")
	case *kind.Minimum:
		c.fail(at, "out_of_range", "%[1]s 太小，不能小于%[2]s。", "%[1]s is too small; it must be at least %[2]s.", here.text(), decimalText(k.Want))
	case *kind.ExclusiveMinimum:
		c.fail(at, "out_of_range", "%[1]s 太小，必须大于%[2]s。", "%[1]s is too small; it must be greater than %[2]s.", here.text(), decimalText(k.Want))
	case *kind.Maximum:
		c.fail(at, "out_of_range", "%[1]s 太大，不能大于%[2]s。", "%[1]s is too great; it must be at most %[2]s.", here.text(), decimalText(k.Want))
	default:
		c.fail(at, "schema", "不合格式要求。", "It does not fit the schema.")
	}
}

// typeFault says that a value is of the wrong sort, and how to mend it.
func (c *checker) typeFault(at path, here *node, k *kind.Type) {
	want := k.Want[len(k.Want)-1]
	switch {
	case k.Got == "null":
		c.fail(at, "empty_value", "没有填写内容；请填写，或删去这个字段。", "It has no value; fill it in or leave the field out.")
	case want == "string" && (k.Got == "number" || k.Got == "integer" || k.Got == "boolean"):
		c.fail(at, "bad_type", "这里应为文字，请给它加引号。", "Text is expected here; put it in quotes.")
	case (want == "number" || want == "integer") && k.Got == "string":
		c.fail(at, "bad_type", "这里应为数值，“%[1]s”是文字；数值只写数字和小数点，不加引号、单位、千分位或指数。",
			"A number is expected here, %[1]q is text; write digits and a point only, without quotes, units, separators or exponents.", clip(here.text()))
	case want == "integer" && k.Got == "number":
		c.fail(at, "bad_type", "这里应为整数。", "A whole number is expected here.")
	default:
		zh, en := sortOf(want)
		gotZh, gotEn := sortOf(k.Got)
		c.fail(at, "bad_type", "这里应为"+zh+"，现为"+gotZh+"。", "Here "+en+" is expected, not "+gotEn+".")
	}
}

// sortOf names a JSON type as it looks in YAML.
func sortOf(t string) (zh, en string) {
	switch t {
	case "object":
		return "若干“字段: 值”", "a mapping (field: value)"
	case "array":
		return "列表（每项以“- ”开头，或写在[ ]内）", "a list (items after \"- \" or in [ ])"
	case "number", "integer":
		return "数值", "a number"
	case "string":
		return "文字", "text"
	case "boolean":
		return "true/false", "true/false"
	}
	return "空值", "nothing"
}

// patternFault words the few patterns of the schema.
func (c *checker) patternFault(at path, got, pattern string) {
	switch {
	case strings.Contains(pattern, "a-z0-9"):
		c.fail(at, "bad_id", "“%[1]s”不能作编号：只用小写字母、数字，以单个连字符相连，如 lifts-renewed。",
			"%[1]q cannot be an id: use lower-case letters and digits joined by single hyphens, such as lifts-renewed.", clip(got))
	case strings.HasPrefix(pattern, "^[A-Za-z]"):
		c.fail(at, "bad_time_zone", "“%[1]s”不是时区名，如 Asia/Shanghai。", "%[1]q is not the name of a time zone such as Asia/Shanghai.", clip(got))
	case strings.TrimSpace(got) == "":
		c.fail(at, "empty_value", "没有填写内容；请填写，或删去这个字段。", "It has no value; fill it in or leave the field out.")
	case strings.TrimSpace(got) != got:
		c.fail(at, "text_space", "文字前后有空格或换行，请删去。", "The text begins or ends with a space or line break; delete it.")
	default:
		c.fail(at, "text_space", "这里的文字只能写在一行内。", "The text must be on one line here.")
	}
}

// pathOf turns the schema's way of naming a place into a path.
func (c *checker) pathOf(location []string) path {
	var p path
	n := c.root
	for _, word := range location {
		if _, list := n.value.([]*node); list {
			var i int
			if _, err := fmt.Sscanf(word, "%d", &i); err == nil {
				p, n = p.at(i), n.item(i)
				continue
			}
		}
		p, n = p.to(word), n.get(word)
		if n == nil {
			break
		}
	}
	return p
}

// properties lists the fields that a place of the schema knows.
func (s schema) properties(url string) []string {
	_, pointer, _ := strings.Cut(url, "#")
	here := s.document
	for _, word := range strings.Split(strings.Trim(pointer, "/"), "/") {
		if word == "" {
			continue
		}
		switch h := here.(type) {
		case map[string]any:
			here = h[word]
		default:
			return nil
		}
	}
	m, _ := here.(map[string]any)
	fields, _ := m["properties"].(map[string]any)
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func decimalText(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	return strings.TrimRight(r.FloatString(6), "0")
}

// clip keeps a message short, whatever was typed.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
