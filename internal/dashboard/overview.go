package dashboard

// overview is 驾驶舱: what a leader reads in ten seconds. Its first screen fits a
// wall: lights, time, reporting, the economy, sections and who is behind.
func overview() *Dashboard {
	p := within().of("lead")
	all := within(judged).of("lead")
	behind := within().where(all(lightMetric) + " >= 2")
	late := within().where(all("xushi_reporting", `state="late"`) + " == 1")
	return yearly(uidOverview, "驾驶舱", "哪些目标落后于序时、落后多少、谁牵头、怎么追：全计划一页看清。",
		variables(portfolioVariable(), organisationVariable().many()),
		lay(
			across(5,
				lamps("亮灯", "参评指标按灯计数，每个指标只计一次，常态推进类不计入；已计入逾期未报。点开看指标清单。",
					func(l light) string { return count(lit(all, l)) }).wide(10).
					link("任务清单", to(uidTasks, "", "portfolio", "organisation")),
				timeGauge().wide(5),
				filed("报送", "参评指标按报送状态计数。点开看逾期清单。",
					func(f filing) string { return count(all("xushi_reporting", `state="`+f.ref()+`"`) + " == 1") }).wide(9).
					link("报送情况", to(uidReporting, "", "portfolio", "organisation")),
			),
			beside(
				stacked(8, headlines(p).tall(11), sectionTable(all).tall(10)),
				stacked(16,
					behindTable("落后的指标（红灯、黄灯）", "红灯在前，同灯按约滞后月数排序；增速类、达标类没有滞后月数，看实际与应达。",
						"没有落后的指标", behind).tall(12),
					lateTable("参评指标", late).tall(9),
				),
			),
			heading("计数目标：完成比例对照时间进度"),
			across(18,
				bullets("落后的计数目标", "累计类目标的完成比例（实际÷年度目标），最低的在前；蓝条为时间进度（按月）。灯按该指标自己的序时曲线评定，不按时间进度一刀切。",
					"没有落后的计数目标", p, lights[0], lights[1]).wide(12),
				bullets("达到或快于序时的计数目标", "累计类目标的完成比例（实际÷年度目标），最低的在前；蓝条为时间进度（按月）。按批次或到期一次完成的目标可低于时间进度而为绿灯。",
					"没有达到序时的计数目标", p, lights[2], lights[3]).wide(12),
			),
			heading("走势（全计划，不随分管领导和单位筛选）"),
			across(9, lightChart("各月末亮灯", "各月末参评指标按灯计数。",
				func(l light) string { return sel("xushi_plan_lights", `light="`+l.ref()+`"`) })),
		))
}

// timeGauge shows how much of the year is gone.
func timeGauge() *Panel {
	return panel("gauge", "时间进度", "计划年度已过去的比例：按月为已结束的月份÷12（督查口径），按天含当天。", noData,
		instant("months", sel("xushi_year_elapsed_ratio", `basis="months"`), "按月"),
		instant("days", sel("xushi_year_elapsed_ratio", `basis="days"`), "按天"),
	).unit("percentunit", 1).between(0, 1).colour(colourBlue).
		option("reduceOptions", newest()).option("orientation", "auto").option("shape", "gauge").
		option("showThresholdLabels", false).option("showThresholdMarkers", false).option("sizing", "auto").
		option("minVizHeight", 75).option("minVizWidth", 75).option("sparkline", false)
}

// headlines shows the growth rates of the plan's first section, which is that of
// the year's main expected targets: GDP, budget revenue, investment, retail. The
// rows stand in the plan's order; a transformation makes each a number of its own
// with name and colour.
func headlines(p picker) *Panel {
	bounds := []string{firstChapter, headline}
	joined := func(labels, metric string) string {
		return " * on (plan, indicator) group_left (" + labels + ") " + metric
	}
	spoken := func(label, metric string) string { // numbers as texts, for they have as many decimals as they have
		return joined(label, `count_values by (plan, indicator) ("`+label+`", `+sel(metric, bounds...)+")")
	}
	expr := p("xushi_actual", bounds...) + joined("light, word", sel("xushi_state_info")) +
		joined("comparator", sel("xushi_indicator_info")) + spoken("actual", "xushi_actual") + spoken("target", "xushi_target")
	for _, l := range lights {
		expr = replaced(replaced(expr, "colour", l.colour, "light", l.ref()), "symbol", l.symbol, "light", l.ref())
	}
	for _, c := range [][2]string{{">=", "≥"}, {">", "＞"}, {"<=", "≤"}} {
		expr = replaced(expr, "goal", c[1], "comparator", c[0])
	}
	for _, join := range []string{`"goal", "", "goal", "target", "unit"`, `"title", " ", "symbol", "name", "word", "goal"`, `"actual", "", "actual", "unit"`} {
		expr = "label_join(" + expr + ", " + join + ")"
	}
	s := stat("主要经济指标", "第一板块（主要预期目标）中的增速类指标的最新累计增速；颜色和符号为该指标的灯，名称后为状态和年度目标。", noData,
		rowsOf(rowsRef, "max by (indicator, title, actual, colour) ("+expr+")")).
		unit("string", 0).option("textMode", "value_and_name").option("orientation", "horizontal").option("text", sizes(16, 36)).
		option("reduceOptions", wordsOf(".*")).
		link("指标详情", to(uidIndicator, "&var-indicator=${__field.name}"))
	s.Transformations = []Transformation{{"rowsToFields", map[string]any{"mappings": []map[string]string{
		{"fieldName": "indicator", "handlerKey": "field.name"}, {"fieldName": "actual", "handlerKey": "field.value"},
		{"fieldName": "title", "handlerKey": "displayName"}, {"fieldName": "colour", "handlerKey": "color"}}}}}
	return s
}

// replaced sets a label where another has a value.
func replaced(expr, label, text, where, is string) string {
	return `label_replace(` + expr + `, "` + label + `", "` + text + `", "` + where + `", "` + is + `")`
}

// sectionTable shows the sections with their lights.
func sectionTable(all picker) *Panel {
	rows := "max by (section, short) (" + sel("xushi_section_info") + ")"
	columns := []column{
		label("section", "板块", 62),
		{title: "名称", label: "short", look: []Property{atLeast(80),
			linked("板块详情", to(uidSection, "&var-section=${__data.fields[\"板块\"]}"))}},
	}
	number := func(l light) string { return "count by (section) (" + lit(all, l) + ")" }
	every := "count by (section) (" + all(lightMetric) + ")"
	columns = append(columns, lampColumns(number)...)
	columns = append(columns, doneColumn("share", "绿灯占比", "("+number(lights[2])+" or "+every+" * 0) / "+every).
		wide(120).looking(coloured(colourGreen)))
	return table("各板块亮灯", "各板块参评指标按灯计数，点名称看板块。", noData, rows, columns...).sorted("板块")
}

// behindTable ranks what is behind.
func behindTable(title, description, empty string, p picker) *Panel {
	rows := orText(indicatorRows(p(lightMetric)), "name", empty)
	return table(title, description, empty, rows,
		facing(rowsRef, ""), nameColumn(), statusColumn(p), lagColumn(p), leadColumn(), actualColumn(p), owedColumn(p),
		unitColumn(), hidden("indicator"),
	).sorted("-灯", "-滞后月数").sparse()
}

// lateTable lists the figures that are overdue; whose says of what.
func lateTable(whose string, p picker) *Panel {
	rows := orText(indicatorRows(p("xushi_missed_periods")), "name", "没有逾期未报的数据")
	return table("逾期未报", whose+"中到期而没有数据的，逾期最久的在前；灯已计入逾期（一期黄灯，两期起红灯）。", "没有逾期未报的数据", rows,
		facing("light", "max by (indicator) ("+p(lightMetric)+")"), nameColumn(), daysLateColumn(p),
		value(rowsRef, "逾期期数", "").looking(property("mappings", unsaid())),
		leadColumn(), dueColumn(p), taskColumn(), hidden("indicator"),
	).sorted("-逾期天数").sparse()
}

// daysLateColumn counts the days since the oldest missing figure was due.
func daysLateColumn(p picker) column {
	return value("days", "逾期天数", "ceil(("+present()+" - max by (indicator) ("+p("xushi_next_due_timestamp_seconds")+")) / 86400)").
		looking(united("none", 0)...)
}

// dueColumn shows the day the oldest missing figure is due: the last instant of
// it, for late begins with the first instant after.
func dueColumn(p picker) column {
	return value("due", "应报期限", "1000 * max by (indicator) ("+p("xushi_next_due_timestamp_seconds")+" - 1)").
		wide(100).looking(property("unit", "time:YYYY-MM-DD"))
}
