package dashboard

// indicators is 指标: one indicator in depth.
func indicators() *Dashboard {
	p := within(oneOnly)
	unitName := func(name string) string { return name + "（{{unit}}）" }
	one := func(ref, name, metric string) Target { return instant(ref, p(metric), unitName(name)) }
	along := func(ref, name, metric string) Target { return overTime(ref, points(p(metric)), name) }
	gap := instant("gap", withGapUnit(p("xushi_gap")), "与应达的差额（{{gap_unit}}）")

	d := yearly(uidIndicator, "指标", "一个指标：实际对照序时、推算、各期数据和修订。",
		variables(sectionVariable().many(), taskVariable().many(), indicatorVariable()),
		lay(
			across(4,
				words("指标", "指标名称。", noData, "name", rowsOf("name", "max by (name) ("+p(lightMetric)+" or "+p("xushi_actual")+")"), nil).wide(7),
				stat("灯", "当前的灯，已计入逾期未报。", "不亮灯", instant("light", p(lightMetric), "灯")).unit("none", 0).
					mapped(lightWords(light.word, light.lit)).option("colorMode", "background_solid").option("textMode", "value").wide(4),
				words("状态", "最新一期的状态，用词随指标类型。", "不评价", "word", rowsOf("status", stateWord(p)), nil).wide(5),
				words("报送", "最新应报的一期是否已报。", "不需报送", "state", rowsOf("filing", filingState(p)), filingWords(filing.word)).wide(4),
				words("牵头单位", "对指标负责的单位。", noData, "lead", rowsOf("lead", "max by (lead) ("+p(lightMetric)+" or "+p("xushi_actual")+")"), nil).wide(4),
			),
			across(9,
				stat("最新一期", "最新一期的实际、按序时应达到的、年度目标、差额（正为好；增速和比例的差额为百分点）、上期值和上年同期。", "没有数字",
					one("actual", "实际", "xushi_actual"), one("owed", "当期应达", "xushi_owed"), one("target", "年度目标", "xushi_target"), gap,
					one("previous", "上期值", "xushi_previous"), one("last_year", "上年同期", "xushi_last_year"),
				).plain().listed().colour(colourBlue).wide(8),
				stat("进度", "完成比例＝实际÷目标；序时比＝已完成÷应完成；滞后月数为负即提前。只有累计类（和节点类的滞后月数）才有。", "该类指标没有进度",
					instant("done", p("xushi_attainment_ratio"), "完成比例"),
					instant("pace", p("xushi_pace_ratio"), "序时比"),
					instant("points", p("xushi_gap_points"), "超时间进度（百分点）"),
					instant("lag", p("xushi_lag_months"), "滞后（个月）"),
				).unit("locale", 1).listed().colour(colourBlue).
					answers("done", united("percentunit", 1)...).answers("pace", united("percentunit", 1)...).sparse().wide(8),
				stat("后续", "余下时间每月平均需完成多少（增速类为需达到的增速）；按当前进度推算全年，满四期起有80%区间和完成可能性。该类指标不推算，或数据还不够时没有。", "没有推算",
					one("required", "后续月均需", "xushi_required_per_month"), one("rate", "后续需增长", "xushi_required_rate"),
					one("projection", "推算全年", "xushi_projection"),
					one("low", "区间下限", "xushi_projection_low"), one("high", "区间上限", "xushi_projection_high"),
					instant("probability", p("xushi_target_probability"), "完成可能性"),
				).unit("locale", 2).listed().colour(colourBlue).
					answers("probability", united("percentunit", 0)...).sparse().wide(8),
			),
			across(13, trajectory(along)),
			across(10,
				projection(p, along).sparse().wide(12),
				increments(p).wide(12),
			),
			across(12, periods(p)),
			across(9,
				revisionTable(p).wide(14),
				facts(p).wide(10),
			),
		))
	d.Annotations.List = append(d.Annotations.List, targetChanges(oneOnly), revisions(oneOnly))
	return d
}

// trajectory draws the actual values on the road to the target. The yellow band
// lies between what is owed and the red line below it (above it where less is
// better).
func trajectory(along func(ref, name, metric string) Target) *Panel {
	const red = "红线"
	return chart("实际对照序时", "蓝线为各期实际，虚线为序时应达（一直画到期限），黄带为应达到红线之间：落在带内亮黄灯，越过红线亮红灯。点画在每期的最后一天。", "没有数字",
		along("actual", "实际（{{unit}}）", "xushi_actual"), along("expected", "序时应达", "xushi_expected"),
		along("limit", red, "xushi_behind_limit"), along("target", "目标", "xushi_target"),
	).plain().timed("M月D日").
		answers("actual", coloured(colourBlue), property("custom.lineWidth", 3), property("custom.pointSize", 9)).
		answers("expected", coloured(colourYellow), property("custom.lineStyle", dashed(10, 6)), property("custom.showPoints", "never"),
			property("custom.fillBelowTo", red), property("custom.fillOpacity", 18)).
		answers("limit", coloured(colourRed), property("custom.lineWidth", 1), property("custom.showPoints", "never")).
		answers("target", coloured(colourGreen), property("custom.lineStyle", dashed(2, 6)), property("custom.showPoints", "never"))
}

func dashed(on, off int) map[string]any {
	return map[string]any{"fill": "dash", "dash": []int{on, off}}
}

// projection draws how the outlook for the deadline changed period by period.
func projection(p picker, along func(ref, name, metric string) Target) *Panel {
	const low = "区间下限"
	return chart("按当前进度推算全年", "各期末按当时进度推算到期限的值，与目标比；满四期起有80%区间。只有累计类才有，序时满四分之一起推算。", "没有推算",
		along("projection", "推算全年（{{unit}}）", "xushi_projection"), along("high", "区间上限", "xushi_projection_high"),
		along("low", low, "xushi_projection_low"),
		overTime("target", points(p("xushi_target"))+" and on (plan, indicator) "+p("xushi_projection")+" offset -1d", "目标"), // from the first outlook on,
	).plain().timed("M月D日").
		answers("projection", coloured(colourBlue), property("custom.lineWidth", 3)).
		answers("high", coloured(colourBlue), property("custom.lineWidth", 1), property("custom.showPoints", "never"),
			property("custom.fillBelowTo", low), property("custom.fillOpacity", 15)).
		answers("low", coloured(colourBlue), property("custom.lineWidth", 1), property("custom.showPoints", "never")).
		answers("target", coloured(colourGreen), property("custom.lineStyle", dashed(2, 6)), property("custom.showPoints", "never"))
}

// byPeriod is a metric of the indicator's periods, one sample each.
func byPeriod(p picker, metric string) string {
	return "max by (period, period_name) (" + p(metric) + ")"
}

// increments draws what each month or quarter brought, beside the running total
// and last year's.
func increments(p picker) *Panel {
	chart := panel("barchart", "各期累计值与上年同期", "各期的累计值（或当期的率）与上年同期相比。", noData,
		rowsOf("figure", byPeriod(p, "xushi_figure")), rowsOf("last_year", byPeriod(p, "xushi_figure_last_year"))).plain().
		option("xField", "period_name").option("orientation", "vertical").option("showValue", "auto").option("stacking", "none").option("text", sizes(14, 12)).
		option("barWidth", 0.9).option("groupWidth", 0.75).option("barRadius", 0).option("fullHighlight", false).
		option("xTickLabelRotation", 0).option("xTickLabelSpacing", 60).
		option("legend", legend(true)).option("tooltip", tooltip()).custom("fillOpacity", 85).custom("lineWidth", 0).custom("axisSoftMax", 1).
		override("byName", "period_name", property("noValue", " ")). // what stands where the axis skips a name
		override("byName", "本年", coloured(colourBlue)).
		override("byName", "上年同期", coloured(colourGrey))
	chart.Transformations = []Transformation{
		{"merge", map[string]any{}},
		{"sortBy", map[string]any{"fields": map[string]any{}, "sort": []map[string]any{{"field": "period"}}}},
		{"organize", map[string]any{
			"includeByName": map[string]bool{"period_name": true, "Value #figure": true, "Value #last_year": true},
			"indexByName":   map[string]int{"period_name": 0, "Value #figure": 1, "Value #last_year": 2},
			"renameByName":  map[string]string{"Value #figure": "本年", "Value #last_year": "上年同期"},
			"excludeByName": map[string]bool{},
		}},
	}
	return chart
}

// periods lists every period with what is compared with it.
func periods(p picker) *Panel {
	by := func(ref, title, metric string) column { return value(ref, title, byPeriod(p, metric)) }
	ratio := func(ref, title, metric string) column {
		return by(ref, title, metric).looking(united("percentunit", 1)...)
	}
	filed := value("filing", "报送", byPeriod(p, "xushi_figure_reporting"))
	filed.width, filed.look = 110, []Property{align("left")}
	rows := "max by (period, period_name, unit) (" + p("xushi_figure_reporting") + " or " + p("xushi_figure") + ")"
	return table("各期数据", "已开始的每一期：报送、灯、累计值、应达、当月（当季）值、环比、上年同期和同比。增速和比例的差额、同比为百分点。", "还没有任何一期", rows,
		label("period_name", "期间", 90), label("period", "截至月", 80), filed.worded(filingWords(filing.word)),
		facing("light", byPeriod(p, "xushi_figure_light_severity")),
		by("figure", "累计值", "xushi_figure"), by("expected", "序时应达", "xushi_figure_expected"), by("gap", "差额", "xushi_figure_gap"),
		by("increment", "当期值", "xushi_figure_increment"),
		ratio("month", "环比", "xushi_figure_month_on_month_ratio"),
		by("last_year", "上年同期", "xushi_figure_last_year"),
		ratio("year", "同比", "xushi_figure_year_on_year_ratio"),
		by("year_points", "同比（百分点）", "xushi_figure_year_on_year_points"),
		by("revisions", "版本数", "xushi_figure_revisions"), unitColumn(),
	).plain().sorted("-截至月")
}

// revisionTable lists every value that was ever known of every period.
func revisionTable(p picker) *Panel {
	rows := "max by (period, period_name, revision, known, observation, reason, unit) (" +
		replaced(p("xushi_figure_revision"), "reason", blank, "reason", "") + ")" // a column is there only where its label is
	return table("数据版本", "每期数据的每一版：第1版为首次报送，其后为修订；旧版从不覆盖。", "没有填报的数字", rows,
		label("period_name", "期间", 90), label("period", "截至月", 80), label("revision", "版次", 62),
		value(rowsRef, "数值", ""), unitColumn(),
		label("known", "获知时间", 136),
		label("observation", "性质", 90).looking(property("mappings", observationWords)),
		column{title: "修订说明", label: "reason", look: []Property{atLeast(160)}},
	).plain().sorted("-截至月", "-版次")
}

// facts lists what else is known of the indicator.
func facts(p picker) *Panel {
	kind := "count by (plan, indicator, kind) (" + p(lightMetric) + " or " + p("xushi_actual") + ")"
	rows := "max by (commitment, comparator, deadline, kind, reporter, rhythm, trajectory, trajectory_set) (" +
		p("xushi_indicator_info") + " * on (plan, indicator) group_left (kind) (" + kind + "))"
	fact := func(name, title string, w int, m []Mapping) column {
		return label(name, title, w).looking(property("mappings", m))
	}
	return table("指标属性", "目标的性质、期限、报送频率和序时的定法。", noData, rows,
		fact("kind", "类型", 100, kindWords), fact("commitment", "性质", 84, commitmentWords), fact("comparator", "要求", 120, comparatorWords),
		label("deadline", "期限", 110), label("reporter", "填报单位", 130), fact("rhythm", "报送频率", 140, rhythmWords()),
		fact("trajectory", "序时方式", 110, trajectoryWords), fact("trajectory_set", "序时确定", 120, setWords)).asList()
}
