package dashboard

// june is the period that ends the first half.
const june = `period=~".+-06"`

// halfYear is 双过半: time half gone, targets half done.
func halfYear() *Dashboard {
	p := within(inSections).of("lead")
	counted := within(inSections, cumulative).of("lead")
	half := counted("xushi_figure", june) + " / on (plan, indicator) group_left () " + within(inSections, cumulative)("xushi_target")
	done := counted("xushi_attainment_ratio")
	elapsed := sel("xushi_year_elapsed_ratio", `basis="months"`)
	return yearly(uidHalfYear, "双过半", "时间过半、任务过半：时间进度对照目标完成。",
		variables(portfolioVariable(), organisationVariable().many(), sectionVariable().many()),
		lay(
			across(5,
				timeGauge().wide(5),
				stat("现在：任务过半", "累计类目标中，最新完成比例达到50%和未达到50%的个数。", noData,
					instant("half", count(done+" >= 0.5"), "● 已过半"), instant("short", count(done+" < 0.5"), "▲ 未过半"),
				).unit("none", 0).option("textMode", "value_and_name").answers("half", coloured(colourGreen)).answers("short", coloured(colourYellow)).wide(6),
				stat("6月末：任务过半", "累计类目标中，上半年数据达到年度目标50%和未达到50%的个数；按季或按半年报送的也在内。", "上半年数据未到",
					instant("half", "count(("+half+") >= 0.5)", "● 已过半"), instant("short", "count(("+half+") < 0.5)", "▲ 未过半"),
				).unit("none", 0).option("textMode", "value_and_name").answers("half", coloured(colourGreen)).answers("short", coloured(colourYellow)).sparse().wide(6),
				stat("对照时间进度", "累计类目标中，完成比例达到时间进度（按月）和低于时间进度的个数。灯按各指标自己的序时曲线评定，可与此不同。", noData,
					instant("above", "count("+done+" >= on (plan) group_left () "+elapsed+") or vector(0)", "● 达到时间进度"),
					instant("below", "count("+done+" < on (plan) group_left () "+elapsed+") or vector(0)", "▲ 低于时间进度"),
				).unit("none", 0).option("textMode", "value_and_name").answers("above", coloured(colourGreen)).answers("below", coloured(colourYellow)).wide(7),
			),
			across(10,
				headlines(p).wide(8),
				otherTable(within(inSections, `kind!~"cumulative|milestone|standing|context"`).of("lead")).wide(16),
			),
			across(16, halfTable(counted, half)),
			across(17,
				bullets("未达序时的目标", "红灯、黄灯的累计类目标的完成比例，最低的在前；蓝条为时间进度（按月）。", "没有未达序时的目标", counted, lights[0], lights[1]).wide(12),
				bullets("达到序时的目标", "绿灯的累计类目标的完成比例，最低的在前；蓝条为时间进度（按月）。", "没有达到序时的目标", counted, lights[2], lights[3]).wide(12),
			),
		))
}

// otherTable lists what is not shared out over time.
func otherTable(p picker) *Panel {
	const empty = "没有其他类指标"
	return table("增速、达标等其他类指标", "增速类、达标类等不按时间分摊，每期都对照全年目标。", empty, orText(indicatorRows(p(lightMetric)), "name", empty),
		facing(rowsRef, ""), nameColumn(), statusColumn(p), actualColumn(p), targetColumn(p), unitColumn(), asAtColumn(p),
		leadColumn(), hidden("indicator"),
	).sorted("-灯", "截至")
}

// halfTable holds time against what is done.
func halfTable(p picker, half string) *Panel {
	rows := orText(indicatorRows(p(lightMetric)), "name", "没有累计类目标")
	return table("时间进度对照目标完成", "累计类目标：现在的完成比例、应完成比例（当期应达÷年度目标）和6月末的完成比例，低于时间进度最多的在前。", "没有累计类目标", rows,
		facing(rowsRef, ""), nameColumn(), doneColumn("done", "完成比例", "max by (indicator) ("+p("xushi_attainment_ratio")+")"),
		doneColumn("owed_share", "应完成比例", "max by (indicator) ("+p("xushi_owed")+" / on (plan, indicator) group_left () "+within(cumulative)("xushi_target")+")").
			looking(coloured(colourGrey)),
		doneColumn("half", "6月末完成比例", "max by (indicator) ("+half+")"),
		numberColumn(p, "points", "超时间进度（百分点）", "xushi_gap_points").looking(united("locale", 1)...),
		statusColumn(p), lagColumn(p), actualColumn(p), owedColumn(p), targetColumn(p), unitColumn(), leadColumn(), hidden("indicator"),
	).sorted("超时间进度（百分点）")
}
