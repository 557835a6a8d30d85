package planfile

import (
	"slices"
	"strconv"

	"xushi/internal/fault"
	"xushi/internal/period"
)

// maxDaysOff bounds one stretch of days off; longer ones are a slip of the pen.
const maxDaysOff = 31

// Calendar reads a holiday file such as seeds/holidays/cn.yaml. Its error is a
// fault.List with line and column, among them
//
//	unknown_field      a field that the form does not know
//	missing_field      one that it needs
//	bad_date           a date that is none, or lies outside its year
//	date_order         a stretch that ends before it begins, or never seems to end
//	holiday_twice      a day listed twice
//	holiday_work       a day to be worked that is none of a weekend
//	holiday_conflict   a day listed both as off and as worked
func Calendar(data []byte) (*period.Calendar, error) {
	root, faults := readTree(data)
	if len(faults) > 0 {
		return nil, faults
	}
	r := calendarReader{checker: checker{root: root}, listed: map[period.Date]bool{}}
	id := r.read()
	if len(r.errors) > 0 {
		return nil, inOrder(r.errors)
	}
	calendar, err := period.NewCalendar(id, r.off, r.work)
	if err != nil {
		return nil, fault.List{fault.Of(err, "holiday_conflict")}
	}
	return calendar, nil
}

type calendarReader struct {
	checker
	off, work []period.Date
	listed    map[period.Date]bool // true where worked
}

func (r *calendarReader) read() (id string) {
	r.fields(path{}, []string{"id", "years"}, "name")
	for i := range r.items(path{"years"}) {
		at := path{"years", i}
		r.fields(at, []string{"year", "off"}, "document", "number", "date", "work")
		year, err := strconv.Atoi(r.text(at.to("year")))
		if err != nil {
			r.fail(at.to("year"), "bad_type", "这里应为年份。", "A year is expected here.")
			continue
		}
		for j := range r.items(at.to("off")) {
			here := at.to("off").at(j)
			r.fields(here, []string{"from", "to"}, "name")
			from, ok := r.day(here.to("from"), year)
			to, ok2 := r.day(here.to("to"), year)
			if !ok || !ok2 {
				continue
			}
			if to < from || to > from+maxDaysOff {
				r.fail(here.to("to"), "date_order", "放假应止于%[1]s之后、%[2]d天之内。", "The days off end within %[2]d days from %[1]s.", from, maxDaysOff)
				continue
			}
			for d := from; d <= to; d++ {
				if r.once(here, d, false) {
					r.off = append(r.off, d)
				}
			}
		}
		if r.root.find(at).get("work") == nil {
			continue
		}
		for j := range r.items(at.to("work")) {
			here := at.to("work").at(j)
			d, ok := r.day(here, year)
			if !ok {
				continue
			}
			if w := d.Weekday(); w > 0 && w < 6 {
				r.fail(here, "holiday_work", "%[1]s不是周末，不必列为上班日。", "%[1]s is no weekend day; it is worked anyway.", d)
			}
			if r.once(here, d, true) {
				r.work = append(r.work, d)
			}
		}
	}
	return r.text(path{"id"})
}

// fields refuses unknown fields and asks for missing ones.
func (r *calendarReader) fields(at path, need []string, may ...string) {
	n := r.root.find(at)
	m, ok := n.value.(*mapping)
	if !ok {
		r.fail(at, "bad_type", "这里应为若干“字段: 值”。", "A mapping (field: value) is expected here.")
		return
	}
	known := append(slices.Clone(need), may...)
	for _, k := range m.keys {
		if !slices.Contains(known, k.name) {
			zh, en := suggestion(k.name, known)
			r.failKey(at.to(k.name), "unknown_field", "没有“%[1]s”这个字段"+zh+"。", "There is no field %[1]q"+en+".", clip(k.name))
		}
	}
	for _, field := range need {
		if n.get(field) == nil {
			r.fail(at.to(field), "missing_field", "缺少字段“%[1]s”。", "The field %[1]q is missing.", field)
		}
	}
}

// items gives the elements of a list.
func (r *calendarReader) items(at path) []*node {
	n := r.root
	for _, step := range at {
		switch s := step.(type) {
		case int:
			n = n.item(s)
		case string:
			n = n.get(s)
		}
	}
	if n == nil {
		return nil // missing_field was told
	}
	list, ok := n.value.([]*node)
	if !ok {
		r.fail(at, "bad_type", "这里应为列表。", "A list is expected here.")
	}
	return list
}

func (r *calendarReader) text(at path) string { return r.root.find(at).text() }

// day reads a date of a year.
func (r *calendarReader) day(at path, year int) (period.Date, bool) {
	d, err := period.ParseDate(r.text(at))
	if err != nil || d.Year() != year {
		r.fail(at, "bad_date", "“%[1]s”不是%[2]d年的日期。", "%[1]q is not a date in %[2]d.", clip(r.text(at)), year)
		return 0, false
	}
	return d, true
}

// once tells whether a day was not listed before.
func (r *calendarReader) once(at path, d period.Date, work bool) bool {
	worked, twice := r.listed[d]
	switch {
	case !twice:
		r.listed[d] = work
		return true
	case worked != work:
		r.fail(at, "holiday_conflict", "%[1]s同时列为放假和上班。", "%[1]s is listed both as a day off and as a working day.", d)
	default:
		r.fail(at, "holiday_twice", "%[1]s列了两次。", "%[1]s is listed twice.", d)
	}
	return false
}
