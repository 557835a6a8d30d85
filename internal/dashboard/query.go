package dashboard

import (
	"fmt"
	"strings"
)

// sel selects a metric of the chosen plan, as it was known at the chosen moment.
// Every selector on data source xushi goes through here, for all of a query have
// to agree on that moment.
func sel(metric string, matchers ...string) string {
	all := append([]string{`plan="$plan"`}, matchers...)
	all = append(all, `__as_of__="$as_of"`)
	return metric + "{" + strings.Join(all, ",") + "}"
}

// picker selects a metric of indicators within some bounds.
type picker func(metric string, matchers ...string) string

// within picks the indicators that have the given labels.
func within(bounds ...string) picker {
	return func(metric string, matchers ...string) string {
		return sel(metric, append(append([]string{}, bounds...), matchers...)...)
	}
}

// of narrows to the indicators that the chosen organisations have in a role.
func (p picker) of(role string) picker {
	return func(metric string, matchers ...string) string {
		return "(" + p(metric, matchers...) + " and on (plan, indicator) " + inRole(role) + ")"
	}
}

// where narrows to the indicators that an expression has samples of.
func (p picker) where(expr string) picker {
	return func(metric string, matchers ...string) string {
		return "(" + p(metric, matchers...) + " and on (plan, indicator) (" + expr + "))"
	}
}

// inRole is a sample for each indicator of the chosen organisations.
func inRole(role string) string {
	return sel("xushi_indicator_organisation", `role="`+role+`"`, `organisation=~"$organisation"`)
}

// The bounds that several dashboards share.
const (
	judged       = `kind!~"context|standing"` // what counts in completion rates
	lighted      = `kind!="context"`          // what has a light, standing work included
	cumulative   = `kind="cumulative"`
	inSection    = `section="$section"`
	inSections   = `section=~"$section"`
	inTasks      = `task=~"$task"`
	oneOnly      = `indicator="$indicator"`
	firstChapter = `section="1"` // 主要预期目标 is the first of every plan
	headline     = `kind="growth",unit="%"`
	severity     = "xushi_status_severity"
	lightMetric  = "xushi_light_severity"
)

// lit is what has the given light.
func lit(p picker, l light, matchers ...string) string {
	return p(lightMetric, matchers...) + " == " + l.number()
}

// withLight picks a metric of what has the given light.
func withLight(p picker, l light, metric string, matchers ...string) string {
	return p(metric, matchers...) + " and on (plan, indicator) (" + sel(lightMetric) + " == " + l.number() + ")"
}

// count counts samples; no sample is zero.
func count(expr string) string { return "count(" + expr + ") or vector(0)" }

// What statusWord adds to the rank of a status where there is more to say.
const (
	overdue       = 10 // a figure is late, so the status is that of an earlier period
	afterDeadline = 20 // done, but only after the deadline
)

// statusWord is a sample for each indicator with the label status_word, which
// statusWords makes words of: its kind and the rank of its status, such as
// growth/6. Standing work has the number of its light there.
func statusWord(p picker) string {
	rank := p(severity) + " or " + p(lightMetric, `kind="standing"`)
	more := func(n int, expr string) string {
		return fmt.Sprintf(" + on (plan, indicator) group_left () (%d * %s or on (plan, indicator) 0 * %s)", n, expr, sel(lightMetric))
	}
	return ranked(`count_values by (indicator, kind) ("rank", (` + rank + ")" +
		more(overdue, sel("xushi_reporting", `state="late"`)) + more(afterDeadline, sel("xushi_late_completion")) + ")")
}

// plainStatusWord is statusWord without regard to what is late.
func plainStatusWord(p picker) string {
	return ranked(`count_values by (indicator, kind) ("rank", ` + p(severity) + " or " + p(lightMetric, `kind="standing"`) + ")")
}

// ranked joins the labels kind and rank to status_word.
func ranked(expr string) string {
	return "label_join(" + expr + `, "status_word", "/", "kind", "rank")`
}

// filingState is a sample for each indicator with the state of its reporting in
// the label state.
func filingState(p picker) string {
	return "max by (indicator, state) (" + p("xushi_reporting") + " == 1)"
}

// today is the newest day that the calendar of the plan has reached. An instant
// query is evaluated at the range's end, so time() would be the end of the year.
func today() string {
	return "scalar(timestamp(" + sel("xushi_year_elapsed_ratio", `basis="days"`) + "))"
}

// orText is expr or, where it is empty, one sample that says so in a label.
func orText(expr, label, text string) string {
	return expr + ` or on () label_replace(vector(` + nothing + `), "` + label + `", "` + text + `", "", "")`
}

// points is a point for each period, drawn on its last day: a sample is stamped
// at the first instant after its period. What is not yet has no point, which a
// plain selector would draw as a line held into the future.
func points(selector string) string {
	return "last_over_time(" + selector + "[$__interval] offset -1d)"
}

// clause shortens a section's title to what stands before its first comma.
func clause(expr string) string {
	return `label_replace(` + expr + `, "short", "$1", "title", "([^,，]*).*")`
}

// withGapUnit adds the unit that differences are in: those of rates are
// percentage points.
func withGapUnit(expr string) string {
	return `label_replace(label_replace(` + expr + `, "gap_unit", "$1", "unit", "(.*)"), "gap_unit", "百分点", "unit", "%")`
}

// The data sources' uids; provisioning gives them.
var (
	xushi = &Datasource{Type: "prometheus", UID: "xushi"}
	self  = &Datasource{Type: "prometheus", UID: "xushi-self"}
)

// instant asks for numbers at the end of the range.
func instant(ref, expr, legend string) Target {
	return Target{RefID: ref, Datasource: xushi, Expr: expr, LegendFormat: legend, Format: "time_series", Instant: true, EditorMode: "code"}
}

// rowsOf asks for the rows of a table at the end of the range.
func rowsOf(ref, expr string) Target {
	t := instant(ref, expr, "")
	t.Format = "table"
	return t
}

// overTime asks for numbers along the range, one for each day at most.
func overTime(ref, expr, legend string) Target {
	return Target{RefID: ref, Datasource: xushi, Expr: expr, LegendFormat: legend, Format: "time_series", Range: true, Interval: "1d", EditorMode: "code"}
}
