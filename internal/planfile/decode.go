package planfile

import (
	"encoding/json"
	"errors"
	"reflect"

	"github.com/govalues/decimal"

	"xushi/internal/plan"
)

// gatherSeries moves the series that indicators define in place to the plan's
// list and leaves their ids behind. One that is defined twice stands in the
// list twice until fillSeries has compared them.
func (c *checker) gatherSeries(doc map[string]any) {
	list, _ := doc["series"].([]any)
	for i := range list {
		c.seriesPaths = append(c.seriesPaths, path{"series", i})
	}
	tasks, _ := doc["tasks"].([]any)
	for i, t := range tasks {
		task, _ := t.(map[string]any)
		indicators, _ := task["indicators"].([]any)
		for j, x := range indicators {
			ind, _ := x.(map[string]any)
			def, inPlace := ind["series"].(map[string]any)
			if !inPlace {
				continue
			}
			for _, field := range [...]string{"id", "name"} {
				if _, given := def[field]; !given {
					def[field] = ind[field]
				}
			}
			list = append(list, def)
			c.seriesPaths = append(c.seriesPaths, path{"tasks", i, "indicators", j, "series"})
			ind["series"] = def["id"]
		}
	}
	doc["series"] = list
}

// decode turns the checked values into the plan's types. Numbers travel as the
// digits that were typed.
func (c *checker) decode(doc map[string]any) {
	text, err := json.Marshal(doc)
	if err == nil {
		c.plan = new(plan.Plan)
		err = json.Unmarshal(text, c.plan)
	}
	if err == nil {
		trimDecimals(reflect.ValueOf(c.plan))
		return
	}
	at := path{}
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		// The schema takes 2026.0 for a whole number, Go does not.
		c.fail(at.join(wrong.Field), "bad_type", "字段 %[1]s 的值 %[2]s 不合适，整数不写小数点。",
			"The value %[2]s does not fit the field %[1]s; write whole numbers without a point.", wrong.Field, wrong.Value)
		return
	}
	c.fail(at, "schema", "文件不合格式（%[1]s）。", "The file does not fit the schema (%[1]s).", err.Error())
}

var decimalType = reflect.TypeFor[decimal.Decimal]()

// trimDecimals gives every decimal below v its shortest form, 73.9 for 73.90, so
// that equal plans have equal bytes. How exactly a thing is counted is told by
// its series' step, not by zeros.
func trimDecimals(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			trimDecimals(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			trimDecimals(v.Index(i))
		}
	case reflect.Struct:
		if v.Type() == decimalType {
			d := v.Interface().(decimal.Decimal).Trim(0)
			if d.IsZero() {
				d = decimal.Decimal{} // no negative zero
			}
			v.Set(reflect.ValueOf(d))
			return
		}
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				trimDecimals(v.Field(i))
			}
		}
	}
}
