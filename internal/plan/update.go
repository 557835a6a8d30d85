package plan

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/govalues/decimal"

	"xushi/internal/fault"
)

// CheckUpdate tells whether a plan that was applied may be replaced by another
// version. What was promised changes only with a document. Codes:
//
//	plan_id                        the two are not versions of one plan
//	target_change_undocumented     target, deadline, comparator, base, trajectory, kind, yardstick
//	                               or sub-target of an indicator was changed in place; it belongs
//	                               into changes, with document and effective date
//	change_altered                 a change that was applied is altered or gone
//	task_removed                   a task is gone; it is ended by an event
//	indicator_removed_undocumented an indicator is gone without a new task event ended or adjusted
//	entry_change_undocumented      a checklist's thing is gone, or its date or weight changed,
//	                               without such an event
func CheckUpdate(before, after *Plan) fault.List {
	u := update{after: after}
	if before.ID != after.ID || before.Area != after.Area || before.Year != after.Year {
		u.fail("id", "plan_id", "这不是同一计划：%[1]s（%[2]s，%[3]d年）与 %[4]s（%[5]s，%[6]d年）。",
			"These are not versions of one plan: %[1]s (%[2]s, %[3]d) and %[4]s (%[5]s, %[6]d).",
			before.ID, before.Area, before.Year, after.ID, after.Area, after.Year)
		return u.faults
	}
	for i := range before.Tasks {
		u.task(&before.Tasks[i])
	}
	return u.faults
}

type update struct {
	after  *Plan
	faults fault.List
}

func (u *update) fail(place, code, zh, en string, args ...any) {
	u.faults = append(u.faults, fault.New(code, fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)).At(place))
}

func (u *update) task(old *Task) {
	next := u.after.Task(old.Number)
	place := fmt.Sprintf("tasks/%d", old.Number)
	if next == nil {
		u.fail(place, "task_removed", "任务%[1]d不能删去；请在 events 中记 ended 并注明文号。",
			"Task %[1]d cannot be removed; end it by an event ended with its document.", old.Number)
		return
	}
	for i := range old.Indicators {
		was := &old.Indicators[i]
		here := place + "/indicators/" + was.ID
		now, in := u.after.Indicator(was.ID)
		if now == nil {
			if !documented(old, next) {
				u.fail(here, "indicator_removed_undocumented",
					"任务%[1]d删去了指标 %[2]s；请在该任务的 events 中新记一条 adjusted 或 ended，注明文号。",
					"The indicator %[2]s of task %[1]d was removed; give the task a new event adjusted or ended with its document.", old.Number, was.ID)
			}
			continue
		}
		u.promise(here, was, now)
		u.changes(here, was, now)
		u.checklist(here, was, now, documented(old, next) || in != next && documented(old, in))
	}
}

// documented tells whether a task has an event adjusted or ended, with a
// document, that it did not have before.
func documented(old, next *Task) bool {
	return slices.ContainsFunc(next.Events, func(e TaskEvent) bool {
		return (e.Kind == "adjusted" || e.Kind == "ended") && e.Document != "" &&
			!slices.ContainsFunc(old.Events, func(o TaskEvent) bool { return o.Date == e.Date && o.Kind == e.Kind && o.Document == e.Document })
	})
}

// promise holds what was promised at first against what is said now.
func (u *update) promise(place string, was, now *Indicator) {
	for _, f := range [...]struct{ name, old, new string }{
		{"kind", string(was.Kind), string(now.Kind)},
		{"comparator", string(was.Comparator), string(now.Comparator)},
		{"target", number(was.Target), number(now.Target)},
		{"base", number(&was.Base), number(&now.Base)},
		{"unit", was.Unit, now.Unit},
		{"deadline", was.Deadline.String(), now.Deadline.String()},
		{"trajectory", road(was.Trajectory), road(now.Trajectory)},
		{"reference", was.Reference, now.Reference},
		{"tolerance", number(was.Tolerance), number(now.Tolerance)},
		{"sense", was.Sense, now.Sense},
	} {
		u.compare(place, f.name, was.ID, f.old, f.new)
	}
	for i := range was.Parts {
		old := &was.Parts[i]
		here := place + "/parts/" + old.ID
		j := slices.IndexFunc(now.Parts, func(p Part) bool { return p.ID == old.ID })
		if j < 0 {
			if old.Target != nil {
				u.compare(here, "target", was.ID, number(old.Target), "")
			}
			continue
		}
		u.compare(here, "target", was.ID, number(old.Target), number(now.Parts[j].Target))
		u.compare(here, "base", was.ID, number(&old.Base), number(&now.Parts[j].Base))
	}
}

func (u *update) compare(place, field, id, old, new string) {
	if old == new {
		return
	}
	w := wordsFor(field)
	switch field {
	case "target", "deadline", "trajectory":
		if !strings.Contains(place, "/parts/") {
			u.fail(place+"/"+field, "target_change_undocumented",
				"指标 %[1]s 的%[2]s由 %[4]s 改为 %[5]s：原值须保留，改动写入 changes，注明文号和生效日期。",
				"The %[3]s of the indicator %[1]s went from %[4]s to %[5]s: leave the original as it is and write the change into changes, with document and effective date.",
				id, w[0], w[1], orNothing(old), orNothing(new))
			return
		}
	}
	u.fail(place+"/"+field, "target_change_undocumented",
		"指标 %[1]s 的%[2]s由 %[4]s 改为 %[5]s：年内不能改；如文件另有规定，在任务 events 中注明文号，删去此指标，另设新指标。",
		"The %[3]s of the indicator %[1]s went from %[4]s to %[5]s: it cannot change within the year; where a document says so, end this indicator by a task event with the document and start another.",
		id, w[0], w[1], orNothing(old), orNothing(new))
}

// changes sees to it that documented changes, once applied, stay.
func (u *update) changes(place string, was, now *Indicator) {
	for i := range was.Changes {
		old := &was.Changes[i]
		kept := slices.ContainsFunc(now.Changes, func(c TargetChange) bool {
			return c.Effective == old.Effective && c.Document == old.Document && number(c.Target) == number(old.Target) &&
				reflect.DeepEqual(c.Deadline, old.Deadline) && road(c.Trajectory) == road(old.Trajectory)
		})
		if !kept {
			u.fail(place+"/changes/"+old.Effective.String(), "change_altered",
				"指标 %[1]s 自%[2]s起的调整（%[3]s）已生效，不能改动或删去；再调整请另加一条。",
				"The change of the indicator %[1]s from %[2]s on (%[3]s) was applied and cannot be altered or removed; add another one.",
				was.ID, old.Effective, old.Document)
		}
	}
}

// checklist sees to it that things are exchanged or put off by document only.
func (u *update) checklist(place string, was, now *Indicator, documented bool) {
	if was.Checklist == nil || documented {
		return
	}
	var left []Entry
	if now.Checklist != nil {
		left = now.Checklist.Entries
	}
	for _, old := range was.Checklist.Entries {
		i := slices.IndexFunc(left, func(e Entry) bool { return e.ID == old.ID })
		if i >= 0 && left[i].Planned == old.Planned && left[i].Weight.Equal(old.Weight) {
			continue
		}
		u.fail(place+"/checklist/entries/"+old.ID, "entry_change_undocumented",
			"指标 %[1]s 的清单项 %[2]s 被删去、改期或改权重；请在该任务的 events 中新记一条 adjusted，注明文号。",
			"The checklist entry %[2]s of the indicator %[1]s was removed, or its date or weight changed; give the task a new event adjusted with its document.",
			was.ID, old.ID)
	}
	if now.Checklist != nil && now.Checklist.Size < was.Checklist.Size {
		u.fail(place+"/checklist/size", "entry_change_undocumented",
			"指标 %[1]s 的清单由%[2]d项减为%[3]d项；请在该任务的 events 中新记一条 adjusted，注明文号。",
			"The size of the checklist of the indicator %[1]s went from %[2]d to %[3]d; give the task a new event adjusted with its document.",
			was.ID, was.Checklist.Size, now.Checklist.Size)
	}
}

// number gives a decimal of one value one text; "" for none.
func number(d *decimal.Decimal) string {
	if d == nil {
		return ""
	}
	return d.Trim(0).String()
}

// road gives what a trajectory owes when; who set it, and why, is not part of it.
func road(t *Trajectory) string {
	if t == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString(t.Kind)
	for _, s := range t.Shares {
		b.WriteString(" " + number(&s))
	}
	for _, p := range t.Points {
		b.WriteString(" " + p.Date.String() + "=" + number(&p.Amount))
	}
	return b.String()
}
