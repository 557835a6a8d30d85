package dashboard

// tasks is 任务: all numbered clauses with their lights, and the indicators of
// those that were chosen.
func tasks() *Dashboard {
	p := within(inSections, lighted).of("lead")
	chosen := within(inSections, inTasks, lighted).of("lead")
	rows := func(metric string) string {
		return sel(metric, inSections) + " and on (plan, task) " + p(lightMetric)
	}
	return yearly(uidTasks, "任务", "计划中全部编号任务的灯；选一个任务看它的指标。",
		variables(portfolioVariable(), organisationVariable().many(), sectionVariable().many(), taskVariable().many()),
		lay(
			across(5,
				lamps("任务按最差的灯", "任务按其指标中最差的灯计数；选定的板块、分管领导和单位。",
					func(l light) string {
						return count("(" + rows("xushi_task_light_severity") + ") == " + l.number())
					}).wide(12),
				lamps("参评指标的灯", "这些任务的参评指标按灯计数，常态推进类不计入。",
					func(l light) string { return count(lit(p, l, judged)) }).wide(12),
			),
			across(20, taskTable("任务清单", "每项任务最差的灯和它的指标的灯，差的在前。点任务名称，下表只列它的指标。",
				"没有任务", rows("xushi_task_light_severity"), p, "portfolio", "organisation", "section")),
			across(16, indicatorTable("所选任务的指标", "变量“任务”选定的任务的指标；点指标名称看各期。“—”为该类指标没有这个数。", "所选任务没有指标", chosen)),
		))
}
