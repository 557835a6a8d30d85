package dashboard

// organisations is 部门: what one organisation answers for.
func organisations() *Dashboard {
	leads, supports := within(lighted).of("lead"), within(lighted).of("co")
	own := []string{`organisation="$organisation"`, `role="lead"`}
	roll := func(metric string, more ...string) string {
		return sel(metric, append(append([]string{}, own...), more...)...)
	}
	late := within().where(leads("xushi_reporting", `state="late"`) + " == 1")
	return yearly(uidOrganisation, "部门", "一个单位牵头和协办的指标、报送和走势。",
		variables(portfolioVariable(), organisationVariable()),
		lay(
			across(5,
				lamps("牵头指标的灯", "本单位牵头的参评指标按灯计数；几家共同牵头的，每家各计一次。",
					func(l light) string { return total(roll("xushi_organisation_lights", `light="`+l.ref()+`"`)) }).wide(10),
				timeGauge().wide(5),
				filed("报送", "本单位牵头的参评指标按报送状态计数。",
					func(f filing) string {
						return total(roll("xushi_organisation_reporting", `state="`+f.ref()+`"`))
					}).wide(9),
			),
			across(12, indicatorTable("牵头的指标", "本单位牵头的全部指标，差的在前。“—”为该类指标没有这个数。", "没有牵头的指标", leads)),
			across(9,
				lateTable("本单位牵头的指标（含常态推进类）", late).wide(14),
				bullets("计数目标的完成比例", "本单位牵头的累计类目标的完成比例（实际÷年度目标）；蓝条为时间进度（按月）。", "没有计数目标", leads, lights...).wide(10),
			),
			across(12, lightMatrix("没有牵头的指标", within(judged).of("lead"))),
			across(10,
				lightChart("各月末亮灯", "各月末本单位牵头的参评指标按灯计数。",
					func(l light) string { return roll("xushi_organisation_lights", `light="`+l.ref()+`"`) }).wide(9),
				behindTable("协办的指标", "本单位协办的全部指标，差的在前。", "没有协办的指标", supports).wide(15),
			),
		))
}
