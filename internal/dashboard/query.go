package dashboard

import "strings"

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

// total is a number that has a sample of its own; no sample is zero.
func total(expr string) string { return "sum(" + expr + ") or vector(0)" }

// stateWord is a sample for each indicator with the phrase of how it stands in
// the label word.
func stateWord(p picker) string {
	return "max by (indicator, word) (" + sel("xushi_state_info") + " and on (plan, indicator) " + p(lightMetric) + ")"
}

// filingState is a sample for each indicator with the state of its reporting in
// the label state.
func filingState(p picker) string {
	return "max by (indicator, state) (" + p("xushi_reporting") + " == 1)"
}

// present is the moment that days are counted to: now, or the one that is
// replayed. An instant query is evaluated at the range's end, so time() would be
// the end of the year.
func present() string { return "scalar(" + sel("xushi_knowledge_timestamp_seconds") + ")" }

// orText is expr or, where it is empty, one sample that says so in a label: a
// table that is brought together from several queries does not tell of itself.
func orText(expr, label, text string) string {
	return expr + ` or on () label_replace(vector(` + Nothing + `), "` + label + `", "` + text + `", "", "")`
}

// points is a point for each period, drawn on its last day: a sample is stamped
// at the first instant after its period. What is not yet has no point, which a
// plain selector would draw as a line held into the future.
func points(selector string) string {
	return "last_over_time(" + selector + "[$__interval] offset -1d)"
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
