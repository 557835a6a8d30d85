package plan

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/govalues/decimal"

	"xushi/internal/period"
)

// Action is what happened to the place of a Difference.
type Action string

// The actions.
const (
	Added     Action = "added"
	Removed   Action = "removed"
	Changed   Action = "changed"
	Reordered Action = "reordered" // the same members in another order; Old and New list their names
)

// Difference is one place in which two versions of a plan differ.
type Difference struct {
	Place   string `json:"place"` // such as tasks/41/indicators/lifts-renewed/target
	PlaceZh string `json:"place_zh"`
	PlaceEn string `json:"place_en"`
	Action  Action `json:"action"`
	Old     string `json:"old,omitempty"` // "" where there was nothing
	New     string `json:"new,omitempty"`
}

// Zh says the difference in Chinese: 任务41 / 指标 lifts-renewed / 目标值：160 → 150.
func (d Difference) Zh() string {
	return d.say(d.PlaceZh, "：", [3]string{"新增", "删去", "顺序"})
}

// En says the difference in English.
func (d Difference) En() string {
	return d.say(d.PlaceEn, ": ", [3]string{"added", "removed", "order"})
}

func (d Difference) say(place, colon string, words [3]string) string {
	switch d.Action {
	case Added:
		return place + colon + words[0] + " " + d.New
	case Removed:
		return place + colon + words[1] + " " + d.Old
	case Reordered:
		return place + colon + words[2] + " " + d.Old + " → " + d.New
	}
	return place + colon + orNothing(d.Old) + " → " + orNothing(d.New)
}

func orNothing(s string) string {
	if s == "" {
		return "∅"
	}
	return s
}

// Diff lists every place in which two versions of a plan differ, in the order of
// the type's fields. Lists whose members have a name of their own (tasks by
// number, indicators by id, …) are compared member by member. It goes through
// the types by themselves, so that no field can be forgotten.
func Diff(before, after *Plan) []Difference {
	var d differ
	d.value(place{}, reflect.ValueOf(*before), reflect.ValueOf(*after))
	return d.found
}

// place is where the differ is, in three tongues.
type place struct{ path, zh, en string }

func (p place) to(path, zh, en string) place {
	join := func(a, sep, b string) string {
		if a == "" {
			return b
		}
		return a + sep + b
	}
	return place{join(p.path, "/", path), join(p.zh, " / ", zh), join(p.en, " / ", en)}
}

type differ struct{ found []Difference }

func (d *differ) add(p place, action Action, before, after string) {
	d.found = append(d.found, Difference{p.path, p.zh, p.en, action, before, after})
}

// value compares two values of one type.
func (d *differ) value(p place, a, b reflect.Value) {
	if scalar(a.Type()) {
		if x, y := text(a), text(b); x != y {
			d.add(p, Changed, x, y)
		}
		return
	}
	switch a.Kind() {
	case reflect.Pointer:
		switch {
		case a.IsNil() && b.IsNil():
		case a.IsNil():
			d.add(p, Added, "", summary(b.Elem()))
		case b.IsNil():
			d.add(p, Removed, summary(a.Elem()), "")
		default:
			d.value(p, a.Elem(), b.Elem())
		}
	case reflect.Struct:
		for i := range a.NumField() {
			field := a.Type().Field(i)
			name := jsonName(field)
			w := wordsFor(name)
			next := p.to(name, w[0], w[1])
			if field.Type.Kind() == reflect.Slice && keyOf(field.Type.Elem()) != nil {
				next = p // its members are named by what they are
			}
			d.field(next, name, a.Field(i), b.Field(i))
		}
	case reflect.Slice:
		d.list(p, p.path, a, b)
	default:
		panic("plan: no way to compare " + a.Type().String())
	}
}

func (d *differ) field(p place, name string, a, b reflect.Value) {
	if a.Kind() == reflect.Slice && !scalar(a.Type()) {
		d.list(p, name, a, b)
		return
	}
	d.value(p, a, b)
}

// list compares two lists member by member.
func (d *differ) list(p place, name string, a, b reflect.Value) {
	key := keyOf(a.Type().Elem())
	if key == nil {
		panic("plan: the members of " + a.Type().String() + " have no name")
	}
	w := wordsFor(name)
	at := func(k string) place { return p.to(name+"/"+k, w[0]+" "+k, w[1]+" "+k) }
	before, after := keys(a, key), keys(b, key)
	for i, k := range before {
		switch j := slices.Index(after, k); j {
		case -1:
			d.add(at(k), Removed, summary(a.Index(i)), "")
		default:
			d.value(at(k), a.Index(i), b.Index(j))
		}
	}
	for j, k := range after {
		if !slices.Contains(before, k) {
			d.add(at(k), Added, "", summary(b.Index(j)))
		}
	}
	kept := func(list, other []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(k string) bool { return !slices.Contains(other, k) })
	}
	if x, y := kept(before, after), kept(after, before); !slices.Equal(x, y) {
		d.add(p.to(name, w[0], w[1]), Reordered, strings.Join(x, "、"), strings.Join(y, "、"))
	}
}

// keys names the members of a list; a name that comes again gets a number.
func keys(list reflect.Value, key func(reflect.Value) string) []string {
	names := make([]string, list.Len())
	for i := range names {
		k := key(list.Index(i))
		names[i] = k
		for n := 2; slices.Contains(names[:i], names[i]); n++ {
			names[i] = k + "#" + strconv.Itoa(n)
		}
	}
	return names
}

// keyOf gives how the members of a list are named; nil for types without a name.
func keyOf(t reflect.Type) func(reflect.Value) string {
	by := func(fields ...string) func(reflect.Value) string {
		return func(v reflect.Value) string {
			parts := make([]string, len(fields))
			for i, f := range fields {
				parts[i] = text(v.FieldByName(f))
			}
			return strings.Join(parts, " ")
		}
	}
	switch t {
	case reflect.TypeFor[Organisation](), reflect.TypeFor[Portfolio](), reflect.TypeFor[Series](),
		reflect.TypeFor[Indicator](), reflect.TypeFor[Part](), reflect.TypeFor[Entry]():
		return by("ID")
	case reflect.TypeFor[Section](), reflect.TypeFor[Task]():
		return by("Number")
	case reflect.TypeFor[Former]():
		return by("Name")
	case reflect.TypeFor[Member]():
		return by("Organisation")
	case reflect.TypeFor[TaskEvent]():
		return by("Date", "Kind")
	case reflect.TypeFor[TargetChange]():
		return by("Effective")
	case reflect.TypeFor[Point]():
		return by("Date")
	case reflect.TypeFor[Band]():
		return by("Status")
	}
	return nil
}

var (
	decimalType = reflect.TypeFor[decimal.Decimal]()
	dateType    = reflect.TypeFor[period.Date]()
	timeType    = reflect.TypeFor[time.Time]()
	rhythmType  = reflect.TypeFor[period.Rhythm]()
)

// scalar tells types whose values are one text: words, numbers, dates, and lists
// and pointers of them.
func scalar(t reflect.Type) bool {
	switch t {
	case decimalType, dateType, timeType, rhythmType:
		return true
	}
	switch t.Kind() {
	case reflect.String, reflect.Int, reflect.Bool:
		return true
	case reflect.Slice, reflect.Pointer:
		return scalar(t.Elem())
	}
	return false
}

// text gives a scalar as people read it. Decimals of one value have one text.
func text(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return ""
		}
		return text(v.Elem())
	case reflect.Slice:
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = text(v.Index(i))
		}
		return strings.Join(parts, "、")
	}
	switch x := v.Interface().(type) {
	case decimal.Decimal:
		return x.Trim(0).String()
	case time.Time:
		return x.UTC().Format(time.RFC3339Nano)
	case fmt.Stringer:
		return x.String()
	}
	return fmt.Sprint(v.Interface())
}

// summary gives what was added or removed on one line: its facts, and how many
// members its lists have. Long texts are left out.
func summary(v reflect.Value) string {
	if scalar(v.Type()) {
		return text(v)
	}
	var parts []string
	for i := range v.NumField() {
		name, f := jsonName(v.Type().Field(i)), v.Field(i)
		switch name {
		case "text", "clause", "reason", "note":
			continue
		}
		if f.IsZero() {
			continue
		}
		switch {
		case scalar(f.Type()):
			parts = append(parts, name+"="+text(f))
		case f.Kind() == reflect.Slice && f.Len() > 0:
			parts = append(parts, name+"="+strconv.Itoa(f.Len()))
		case f.Kind() == reflect.Pointer:
			parts = append(parts, name+"=("+summary(f.Elem())+")")
		case f.Kind() == reflect.Struct:
			parts = append(parts, name+"=("+summary(f)+")")
		}
	}
	return strings.Join(parts, " ")
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}
