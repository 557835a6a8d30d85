package dashboard

// overview is 驾驶舱: what a leader reads in ten seconds. Its first screen fits a
// wall: lights, time, reporting, the economy, sections and who is behind.
func overview() *Dashboard {
	p := within().of("lead")
	all := within(judged).of("lead")
	behind := within().where(all(lightMetric) + " >= 2")
	late := within().where(all("xushi_reporting", `state="late"`) + " == 1")
	d := yearly(uidOverview, "驾驶舱", "哪些目标落后于序时、落后多少、谁牵头、怎么追：全计划一页看清。",
		variables(portfolioVariable(), organisationVariable().many()),
		lay(
			across(5,
				lamps("亮灯", "参评指标按灯计数，每个指标只计一次，常态推进类不计入；已计入逾期未报。点开看指标清单。",
					func(l light) string { return count(lit(all, l)) }).wide(10).
					link("任务清单", to(uidTasks, "")),
				timeGauge().wide(5),
				filed("报送", "参评指标按报送状态计数。点开看逾期清单。",
					func(f filing) string { return count(all("xushi_reporting", `state="`+f.ref()+`"`) + " == 1") }).wide(9).
					link("报送情况", to(uidReporting, "")),
			),
			across(4, headlines(p).wide(24)),
			across(10,
				sectionTable(all).wide(10),
				behindTable("落后的指标（红灯、黄灯）", "红灯在前，同灯按约滞后月数排序；增速类、达标类没有滞后月数，看与目标的差额（百分点）。",
					"没有落后的指标", behind).wide(14),
			),
			across(8,
				lateTable("参评指标", late).wide(12),
				headlineTable(within(firstChapter, lighted).of("lead")).wide(12),
			),
			heading("计数目标：完成比例对照时间进度"),
			across(18,
				bullets("落后的计数目标", "累计类目标的完成比例（实际÷年度目标），最低的在前；蓝条为时间进度。灯按该指标自己的序时曲线评定，不按时间进度一刀切。",
					"没有落后的计数目标", p, lights[0], lights[1]).wide(12),
				bullets("达到或快于序时的计数目标", "累计类目标的完成比例（实际÷年度目标），最低的在前；蓝条为时间进度。按批次或到期一次完成的目标可低于时间进度而为绿灯。",
					"没有达到序时的计数目标", p, lights[2], lights[3]).wide(12),
			),
			heading("走势（全计划，不随分管领导和单位筛选）"),
			across(9, lightChart("各月末亮灯", "各月末参评指标按灯计数。",
				func(l light) string { return sel("xushi_plan_lights", `light="`+l.ref()+`"`) })),
		))
	d.Annotations.List = append(d.Annotations.List, targetChanges())
	return d
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
// the year's main expected targets: GDP, budget revenue, investment, retail.
func headlines(p picker) *Panel {
	var targets []Target
	for _, l := range lights {
		targets = append(targets, instant(l.ref(), withLight(p, l, "xushi_actual", firstChapter, headline), l.symbol+" {{name}}"))
	}
	return stat("主要经济指标", "第一板块（主要预期目标）中的增速类指标的最新累计增速；颜色和符号为该指标的灯。", noData, targets...).
		unit("percent", 2).option("textMode", "value_and_name").inLights().
		link("指标详情", to(uidIndicator, "&var-indicator=${__field.labels.indicator}"))
}

// headlineTable says of the same rates what the colours mean.
func headlineTable(p picker) *Panel {
	rows := orText(indicatorRows(p(lightMetric)), "name", "没有主要预期目标")
	return table("主要预期目标", "第一板块的全部指标：最新数据与目标，差额为百分点。", "没有主要预期目标", rows,
		facing(rowsRef, ""), nameColumn(), statusColumn(p), actualColumn(p), targetColumn(p), unitColumn(),
		gapColumn(p), gapUnitColumn(), asAtColumn(p), leadColumn(), hidden("indicator"),
	).sorted("-灯")
}

// sectionTable shows the sections with their lights.
func sectionTable(all picker) *Panel {
	rows := "max by (section, short) (" + sel("xushi_section_info") + ")"
	columns := []column{
		label("section", "板块", 64),
		{title: "名称", label: "short", look: []Property{property("custom.minWidth", 160),
			linked("板块详情", to(uidSection, "&var-section=${__data.fields[\"板块\"]}"))}},
	}
	for _, l := range lights {
		columns = append(columns, value(l.ref(), l.word(), "count by (section) ("+lit(all, l)+")").
			looking(width(84), property("custom.align", "center"), coloured(l.colour), colouredText()))
	}
	green := "count by (section) (" + lit(all, lights[2]) + ") / count by (section) (" + all(lightMetric) + ")"
	columns = append(columns, doneColumn("share", "绿灯占比", green).looking(coloured(colourGreen), width(140)))
	return table("各板块亮灯", "各板块参评指标按灯计数，点名称看板块。", noData, rows, columns...).sorted("板块")
}

// behindTable ranks what is behind.
func behindTable(title, description, empty string, p picker) *Panel {
	rows := orText(indicatorRows(p(lightMetric)), "name", empty)
	return table(title, description, empty, rows,
		facing(rowsRef, ""), nameColumn(), statusColumn(p), lagColumn(p), leadColumn(), actualColumn(p), owedColumn(p),
		unitColumn(), gapColumn(p), gapUnitColumn(), requiredColumn(p), hidden("indicator"),
	).sorted("-灯", "-滞后月数").sparse()
}

// lateTable lists the figures that are overdue; whose says of what.
func lateTable(whose string, p picker) *Panel {
	rows := orText(indicatorRows(p("xushi_missed_periods")), "name", "没有逾期未报的数据")
	return table("逾期未报", whose+"中到期而没有数据的，逾期最久的在前；灯已计入逾期（一期黄灯，两期起红灯）。", "没有逾期未报的数据", rows,
		nameColumn(), daysLateColumn(p), value(rowsRef, "逾期期数", "").looking(property("mappings", unsaid())),
		dueColumn(p), facing("light", "max by (indicator) ("+p(lightMetric)+")"),
		statusColumn(p), leadColumn(), taskColumn(), hidden("indicator"),
	).sorted("-已逾期（天）").sparse()
}

// daysLateColumn counts the days since the oldest missing figure was due.
func daysLateColumn(p picker) column {
	return value("days", "已逾期（天）", "ceil(("+present()+" - max by (indicator) ("+p("xushi_next_due_timestamp_seconds")+")) / 86400)").
		looking(united("none", 0)...)
}

// dueColumn shows the day the oldest missing figure is due: the last instant of
// it, for late begins with the first instant after.
func dueColumn(p picker) column {
	return value("due", "应报期限", "1000 * max by (indicator) ("+p("xushi_next_due_timestamp_seconds")+" - 1)").
		looking(property("unit", "time:YYYY-MM-DD"), width(110))
}
