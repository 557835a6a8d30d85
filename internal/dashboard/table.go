package dashboard

import (
	"slices"
	"strings"
)

// column is one column of a table: the value of a query of its own, or a label
// that comes with one.
type column struct {
	title string
	ref   string // of the query whose value is shown, "rows" is the table's first
	expr  string // that query, where the column brings it
	label string // shown instead of the value
	width int    // in pixels; those without share what is left
	look  []Property
}

// wide sets a column's width; it is never too narrow for the title.
func (c column) wide(w int) column { c.width = w; return c }

// room is what a title needs in one line, beside the arrow of sorting.
func room(title string) int {
	w := 34
	for _, r := range title {
		if r < 0x2000 {
			w += 8
		} else {
			w += 14 // Chinese, and the shapes of lights
		}
	}
	return w
}

// looking adds to a column's looks.
func (c column) looking(p ...Property) column {
	c.look = append(append([]Property{}, c.look...), p...)
	return c
}

// rowsRef is the name of the query that says which rows a table has.
const rowsRef = "rows"

// table shows the rows of a query, with what the columns' queries know of them.
// Rows are brought together by the labels that answers share.
func table(title, description, empty, rows string, columns ...column) *Panel {
	targets := []Target{rowsOf(rowsRef, rows)}
	for _, c := range columns {
		if c.expr != "" {
			targets = append(targets, rowsOf(c.ref, c.expr))
		}
	}
	p := panel("table", title, description, empty, targets...).unit("locale", 2).
		option("showHeader", true).option("cellHeight", "sm").option("frameIndex", 0).option("enablePagination", false).
		custom("align", "auto").custom("inspect", false).custom("filterable", false).
		custom("cellOptions", map[string]any{"type": "auto"})
	shared := !slices.ContainsFunc(columns, func(c column) bool { return c.width == 0 })
	include, index, rename := map[string]bool{}, map[string]int{}, map[string]string{}
	for i, c := range columns {
		field := c.label
		if field == "" {
			field = "Value"
			if len(targets) > 1 {
				field += " #" + c.ref
			}
		}
		include[field], index[field] = true, i
		if field != c.title {
			rename[field] = c.title
		}
		look := []Property{property("noValue", blank)}
		switch w := max(c.width, room(c.title)); {
		case shared: // none takes what is left, so all do
			look = append(look, atLeast(w))
		case c.width > 0:
			look = append(look, property("custom.width", w))
		}
		p.override("byName", c.title, append(look, c.look...)...)
	}
	if len(targets) > 1 {
		p.Transformations = append(p.Transformations, Transformation{"merge", map[string]any{}})
	}
	p.Transformations = append(p.Transformations, Transformation{"organize", map[string]any{
		"includeByName": include, "indexByName": index, "renameByName": rename, "excludeByName": map[string]bool{}}})
	return p
}

// asList shows the table's only row as a list, names at the left.
func (p *Panel) asList() *Panel {
	p.Type, p.FieldConfig.Defaults.Custom = "stat", map[string]any{}
	p.Options = stat("", "", "", p.Targets...).listed().option("text", sizes(14, 16)).Options
	p.Options["reduceOptions"] = wordsOf(".*")
	for i := range p.FieldConfig.Overrides { // of a column's looks a list has only the words
		o := &p.FieldConfig.Overrides[i]
		o.Properties = slices.DeleteFunc(o.Properties, func(l Property) bool { return strings.HasPrefix(l.ID, "custom.") })
	}
	return p
}

// sorted sorts a table: by title, or by -title with the greatest first.
func (p *Panel) sorted(titles ...string) *Panel {
	var by []map[string]any
	for _, t := range titles {
		desc := t[0] == '-'
		if desc {
			t = t[1:]
		}
		by = append(by, map[string]any{"displayName": t, "desc": desc})
	}
	return p.option("sortBy", by)
}

func align(side string) Property { return property("custom.align", side) }

func atLeast(w int) Property { return property("custom.minWidth", w) }

// value is a column with the number of a query of its own.
func value(ref, title, expr string) column {
	return column{title: title, ref: ref, expr: expr, width: 72, look: []Property{align("right")}}
}

// label is a column with a label of the rows.
func label(name, title string, w int) column {
	return column{title: title, label: name, width: w}
}

// labelOf is a column with a label that a query of its own brings.
func labelOf(ref, expr, name, title string, w int) column {
	return column{title: title, ref: ref, expr: expr, label: name, width: w}
}

// worded gives the values of a column words and their colours.
func (c column) worded(m []Mapping) column {
	return c.looking(property("mappings", m), colouredText())
}

func colouredText() Property {
	return property("custom.cellOptions", map[string]any{"type": "color-text"})
}

// hidden keeps a label for links only.
func hidden(name string) column {
	return column{title: name, label: name, look: []Property{property("custom.hideFrom.viz", true)}}
}

// facing is a column of lights: the rows' own value or that of an expression.
func facing(ref, expr string) column {
	return column{title: "灯", ref: ref, expr: expr, width: 80, look: []Property{align("left")}}.worded(lightWords(light.word, light.inked))
}

func linked(title, url string) Property {
	return property("links", []Link{fieldLink(title, url)})
}

// indicatorRows are the rows of a table of indicators, with what they are called.
func indicatorRows(expr string) string {
	return "max by (indicator, name, lead, task, unit) (" + expr + ")"
}

// The columns of tables of indicators.

func nameColumn() column {
	return column{title: "指标", label: "name", look: []Property{atLeast(160),
		linked("指标详情", to(uidIndicator, "&var-indicator=${__data.fields.indicator}"))}}
}

func leadColumn() column {
	return column{title: "牵头单位", label: "lead", look: []Property{atLeast(110)}}
}

func taskColumn() column { return label("task", "任务", 62) }

func unitColumn() column { return label("unit", "单位", 92) }

func statusColumn(p picker) column {
	return labelOf("status", stateWord(p), "word", "状态", 198)
}

func filingColumn(p picker) column {
	return labelOf("filing", filingState(p), "state", "报送", 120).worded(filingWords(filing.word))
}

// numberColumn shows a metric of indicators.
func numberColumn(p picker, ref, title, metric string) column {
	return value(ref, title, "max by (indicator) ("+p(metric)+")")
}

func targetColumn(p picker) column { return numberColumn(p, "target", "年度目标", "xushi_target") }
func owedColumn(p picker) column   { return numberColumn(p, "owed", "当期应达", "xushi_owed") }
func actualColumn(p picker) column { return numberColumn(p, "actual", "实际", "xushi_actual") }
func gapColumn(p picker) column    { return numberColumn(p, "gap", "差额", "xushi_gap") }
func requiredColumn(p picker) column {
	return numberColumn(p, "required", "后续月均需", "xushi_required_per_month").looking(united("locale", 2)...)
}

func lagColumn(p picker) column {
	return numberColumn(p, "lag", "滞后月数", "xushi_lag_months").looking(united("locale", 1)...)
}

// countColumn shows how many there are of something that has a colour.
func countColumn(ref, title, expr, colour string) column {
	none := Mapping{Type: "special", Options: Special{Match: "null", Result: Word{Text: blank, Color: colourGrey}}}
	return value(ref, title, expr).looking(align("center"), coloured(colour), colouredText(), property("mappings", []Mapping{none}))
}

// lampColumns count the lights.
func lampColumns(number func(light) string) (columns []column) {
	for _, l := range lights {
		columns = append(columns, countColumn(l.ref(), l.word(), number(l), l.colour))
	}
	return columns
}

// doneColumn draws the share done as a bar, where every row has one.
func doneColumn(ref, title, expr string) column {
	return value(ref, title, expr).wide(160).looking(append(united("percentunit", 1), property("min", 0), property("max", 1),
		coloured(colourBlue),
		property("custom.cellOptions", map[string]any{"type": "gauge", "mode": "basic", "valueDisplayMode": "text"}))...)
}

func attainmentColumn(p picker) column {
	return numberColumn(p, "done", "完成比例", "xushi_attainment_ratio").looking(united("percentunit", 1)...)
}

// asAtColumn shows the month that the newest figure runs to: the last instant
// before its period's end.
func asAtColumn(p picker) column {
	return value("as_at", "截至", "1000 * max by (indicator) ("+p("xushi_figure_period_end_timestamp_seconds")+" - 1)").
		wide(100).looking(property("unit", "time:YYYY年M月"))
}

// indicatorTable shows indicators with everything that is asked of them.
func indicatorTable(title, description, empty string, p picker) *Panel {
	rows := orText(indicatorRows(p(lightMetric)), "name", empty)
	return table(title, description, empty, rows,
		facing(rowsRef, ""), nameColumn(), statusColumn(p), actualColumn(p), owedColumn(p), targetColumn(p), unitColumn(),
		gapColumn(p), lagColumn(p), attainmentColumn(p), requiredColumn(p), filingColumn(p), asAtColumn(p),
		taskColumn(), leadColumn(), hidden("indicator"),
	).sorted("-灯", "-滞后月数", "任务")
}

// months are the ends of months that a matrix has columns for.
var months = [...]string{"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"}

// matrix shows a metric of periods, indicator by month. A column is a query of
// its own, so that the year has its twelve months from January on.
func matrix(title, description, empty string, p picker, metric string, mappings []Mapping) *Panel {
	columns := []column{facing("light", "max by (indicator) ("+p(lightMetric)+")"), nameColumn()}
	for i, m := range months {
		c := value("m"+m, monthNames[i], "max by (indicator) ("+p(metric, `period=~".+-`+m+`"`)+")")
		c.look = []Property{align("center")}
		columns = append(columns, c.worded(mappings))
	}
	columns = append(columns, taskColumn(), leadColumn(), hidden("indicator"))
	rows := orText(indicatorRows(p(lightMetric)+" or "+p("xushi_missed_periods")), "name", empty) // context has no light
	return table(title, description, empty, rows, columns...).sorted("-灯", "任务")
}

// lightMatrix shows the lights of the periods.
func lightMatrix(empty string, p picker) *Panel {
	return matrix("各期亮灯", "各指标各期的灯，已计入该期逾期未报；空格为该期没有数据。最左一列为当前的灯。", empty, p, "xushi_figure_light_severity", lightWords(light.short, light.inked))
}

var monthNames = [...]string{"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"}

// taskTable shows tasks with their worst light and how their indicators stand;
// their link keeps the variables that are told.
func taskTable(title, description, empty string, tasks string, bounds picker, kept ...string) *Panel {
	rows := orText("max by (task, title, lead) ("+tasks+")", "title", empty)
	columns := []column{
		facing(rowsRef, ""),
		taskColumn(),
		{title: "任务名称", label: "title", look: []Property{atLeast(200),
			linked("任务的指标", to(uidTasks, "&var-task=${__data.fields[\"任务\"]}", kept...))}},
	}
	columns = append(columns, lampColumns(func(l light) string { return "count by (task) (" + lit(bounds, l) + ")" })...)
	columns = append(columns, leadColumn())
	return table(title, description, empty, rows, columns...).sorted("-灯", "任务")
}
