package quantity

import (
	"fmt"
	"strings"
)

// about opens docs/metrics.md.
const about = `# Metrics

<!-- Written by go test ./internal/metrics -update from internal/quantity; edit the words there. -->

What Xushi publishes as numbers. The names are the same as gauges at /metrics, in dashboards and in alerts. Scraping needs
no token and shows what anybody may see: published figures of open indicators whose time has come.

- Names marked † stand only over reference time, in PromQL (docs/promql.md), not among the gauges.
- Expected and target run ahead over reference time, up to the deadline: there ` + "`xushi_owed`" + `, which is what a gauge's
  ` + "`xushi_expected`" + ` is, stands beside ` + "`xushi_actual`" + ` and ` + "`xushi_gap`" + `.
- What is missing has no sample: it is never 0 and never NaN. Every judged indicator has its status and reporting, and its
  target where its kind has a number.
- Samples carry no timestamps; the times of figures and periods are gauges of their own.
- Each indicator counts once in every roll-up, whatever parts it has. Parts are families of their own (` + "`xushi_part_…`" + `), so
  that a sum over indicators never counts twice. An indicator with several leads counts once under each of them: sum over
  organisations only where you want that.
- ` + "`lead`" + ` holds the names of all leads, joined by 、. For a single organisation in any role, join with
  ` + "`xushi_indicator_organisation`" + ` by plan and indicator.
- A milestone's target, actual and expected are percent of the weight of its entries. Standing work has a light that the
  supervision office sets, and no status; numbers given for context have neither.
- An indicator whose parts stand alone (` + "`total: none`" + `) has the status of its worst part and no numbers of its own.

| ask | query |
|---|---|
| targets that are behind or missed, worst first | ` + "`sort_desc(xushi_status_severity >= 6)`" + ` |
| those of one organisation, in any role | ` + "`xushi_status_severity >= 6 and on (plan, indicator) xushi_indicator_organisation{organisation_name=\"区商务局\"}`" + ` |
| how many red lights each lead has | ` + "`xushi_organisation_lights{role=\"lead\", light=\"red\"} > 0`" + ` |
| figures that are late, by days, as gauges | ` + "`(time() - xushi_next_due_timestamp_seconds) / 86400 > 0`" + ` (over reference time see docs/promql.md) |
| share of judged targets on time or better | ` + "`sum by (plan) (xushi_plan_indicators{status=~\"done\\|ahead\\|on_track\"}) / sum by (plan) (xushi_plan_indicators)`" + ` |
`

// Markdown is the part of docs/metrics.md that lists the catalogue.
func Markdown() string {
	var b strings.Builder
	b.WriteString(about)
	catalogue := Catalogue()
	for _, s := range Subjects() {
		fmt.Fprintf(&b, "\n## %s %s\n\nLabels: `%s`.\n\n", s.En(), s.Zh(), strings.Join(s.Labels(), "`, `"))
		b.WriteString("| name | 名称 | unit | labels of its own | meaning | 含义 |\n|---|---|---|---|---|---|\n")
		for _, q := range catalogue {
			if q.Of != s {
				continue
			}
			extra := "–"
			if len(q.Extra) > 0 {
				extra = "`" + strings.Join(q.Extra, "`, `") + "`"
			}
			past := ""
			if q.Past {
				past = " †"
			}
			fmt.Fprintf(&b, "| `%s`%s | %s | %s | %s | %s | %s |\n", q.Name, past, q.Zh, q.Unit, extra, q.Help, q.HelpZh)
		}
	}
	return b.String()
}
