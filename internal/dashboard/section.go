package dashboard

// sections is 板块: one chapter of the plan.
func sections() *Dashboard {
	p := within(inSection, lighted)
	all := within(inSection, judged)
	return yearly(uidSection, "板块", "一个板块的亮灯、任务、指标和各期情况。",
		variables(sectionVariable()),
		lay(
			across(5,
				lamps("亮灯", "本板块参评指标按灯计数，每个指标只计一次；已计入逾期未报。",
					func(l light) string { return total(sel("xushi_section_lights", inSection, `light="`+l.ref()+`"`)) }).wide(10),
				timeGauge().wide(5),
				filed("报送", "本板块参评指标按报送状态计数。",
					func(f filing) string {
						return total(sel("xushi_section_reporting", inSection, `state="`+f.ref()+`"`))
					}).wide(9),
			),
			across(11,
				taskTable("任务", "本板块的任务和它们最差的灯，点任务名称看它的指标。", "没有任务",
					sel("xushi_task_light_severity", inSection), p, "section").wide(14),
				bullets("计数目标的完成比例", "累计类目标的完成比例（实际÷年度目标），每种灯中最低的在前；蓝条为时间进度（按月）。",
					"没有计数目标", all, lights...).wide(10),
			),
			across(14, indicatorTable("指标", "本板块的全部指标，差的在前。“—”为该类指标没有这个数。", "没有指标", p)),
			across(14, lightMatrix("没有指标", all)),
			across(9,
				lightChart("各月末亮灯", "各月末本板块参评指标按灯计数。",
					func(l light) string { return sel("xushi_section_lights", inSection, `light="`+l.ref()+`"`) }).wide(16),
				lamps("常态推进类", "常态推进类工作按督查室评定的灯计数，不计入其他统计。",
					func(l light) string { return total(sel("xushi_section_standing", inSection, `light="`+l.ref()+`"`)) }).wide(8),
			),
		))
}
