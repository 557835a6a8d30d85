package dashboard

// reporting is 报送: which figures are missing, since when and whose they are.
func reporting() *Dashboard {
	p := within(inSections).of("lead")
	late := within().where(p("xushi_reporting", `state="late"`) + " == 1")
	soon := within().where("(" + p("xushi_next_due_timestamp_seconds") + " - " + present() + " >= 0) < 15 * 86400")
	d := yearly(uidReporting, "报送", "哪些数据该报未报、逾期多久、归谁；近期要报什么。",
		variables(portfolioVariable(), organisationVariable().many(), sectionVariable().many()),
		lay(
			across(5,
				filed("报送状态", "全部要报送的指标（含常态推进类的书面进展和参考数）按报送状态计数。",
					func(f filing) string { return count(p("xushi_reporting", `state="`+f.ref()+`"`) + " == 1") }).wide(14),
				stat("已报率", "到期的指标中已报的比例：已报÷（已报＋逾期未报）。", noData,
					instant("share", "count("+p("xushi_reporting", `state="filed"`)+" == 1) / count("+p("xushi_reporting", `state=~"filed|late"`)+" == 1)", "已报率"),
				).unit("percentunit", 1).colour(colourBlue).wide(5),
				stat("逾期两期以上", "连续两期及以上到期未报的指标数，亮红灯。", noData,
					instant("missed", count(p("xushi_missed_periods")+" >= 2"), "逾期两期以上"),
				).unit("none", 0).colour(colourRed).wide(5),
			),
			across(11,
				lateTable("全部要报送的指标", late).wide(14),
				filingByOrganisation(p).wide(10),
			),
			across(18, matrix("报送矩阵：指标 × 期", "各指标每一期是否已报：● 已报，○ 未到报送期，◇ 待上级发布，■ 逾期未报；空格为该指标没有这一期（例如按季报送）。最左一列为当前的灯。",
				"没有指标", p, "xushi_figure_reporting", filingWords(filing.short))),
			across(10,
				soonTable(soon).wide(12),
				filingChart().wide(12),
			),
		))
	return d
}

// filingByOrganisation shows how the organisations report what they lead.
func filingByOrganisation(p picker) *Panel {
	by := func(of, state string) string {
		return of + " by (organisation, organisation_name) (" + inRole("lead") + " and on (plan, indicator) (" + state + "))"
	}
	number := func(f filing) string {
		return by("count", p("xushi_reporting", `state="`+f.ref()+`"`)+" == 1")
	}
	rows := by("max", p("xushi_reporting"))
	columns := []column{{title: "单位", label: "organisation_name", look: []Property{atLeast(140),
		linked("部门详情", to(uidOrganisation, "&var-organisation=${__data.fields.organisation}"))}}}
	for _, f := range filings {
		columns = append(columns, countColumn(f.ref(), f.word(), number(f), f.colour))
	}
	columns = append(columns, hidden("organisation"))
	return table("按牵头单位", "各单位牵头的要报送的指标按报送状态计数，逾期多的在前；几家共同牵头的，每家各计一次。", noData, rows, columns...).
		sorted("-" + filings[0].word())
}

// soonTable lists what falls due in the next fortnight.
func soonTable(p picker) *Panel {
	rows := orText(indicatorRows(p("xushi_missed_periods")), "name", "两周内没有要报的数据")
	return table("两周内要报的数据", "今后15天内到报送期限的指标。", "两周内没有要报的数据", rows,
		dueColumn(p), nameColumn(), leadColumn(), asAtColumn(p), taskColumn(), hidden("indicator"),
	).sorted("应报期限").sparse()
}

// filingChart draws how many figures were late at the months' ends.
func filingChart() *Panel {
	f := filings[0]
	return monthly("各月末逾期未报的指标", "各月末全计划参评指标中逾期未报的个数（不随筛选）。", noData,
		overTime("late", points(sel("xushi_plan_reporting", `state="`+f.ref()+`"`)), f.word())).
		colour(f.colour).option("stacking", "none")
}
