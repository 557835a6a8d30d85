package dashboard

// variables are those of a dashboard between the ones that all have.
func variables(list ...Variable) []Variable {
	list = append([]Variable{planVariable()}, list...)
	return append(list, asOfVariable(), serviceVariable())
}

// query makes a variable whose values are found by PromQL.
func query(name, label, description, expr, regex string) Variable {
	return Variable{
		Name: name, Label: label, Description: description, Type: "query", Datasource: xushi,
		Definition: expr,
		Query:      map[string]any{"query": expr, "refId": "xushi-" + name, "qryType": queryType(expr)},
		Regex:      regex,
		Refresh:    2,
		Sort:       7, // natural, ascending
		Current:    map[string]any{},
		Options:    []any{},
	}
}

// queryType is Grafana's number for the two forms of queries that are used.
func queryType(expr string) int {
	if expr[:len("label_values")] == "label_values" {
		return 1
	}
	return 3 // query_result
}

// many lets the reader choose several values, all of them at first.
func (v Variable) many() Variable {
	v.Multi, v.IncludeAll = true, true
	v.Current = map[string]any{"selected": true, "text": []string{"All"}, "value": []string{"$__all"}}
	return v
}

// valueAndText takes two neighbouring labels of a result as value and text.
func valueAndText(value, text string) string {
	return `/[{,]` + value + `="(?<value>[^"]*)".*[{,]` + text + `="(?<text>[^"]*)"/`
}

// planVariable and asOfVariable choose what __as_of__ is read by, so they do not
// carry it. The plan of the range's year comes first, so that a new year opens on
// its own plan; two days before the range's end are in that year. Before the
// place stands whether the figures are simulated.
func planVariable() Variable {
	v := query("plan", "计划", "哪一级、哪一年的目标任务",
		`query_result(sort(abs(label_join(xushi_plan_year * on (plan) group_left (area_name, demo, year) xushi_plan_info, "text", " ", "demo", "area_name", "year") - scalar(year(vector(time() - 2 * 86400))))))`,
		valueAndText("plan", "text"))
	v.Sort = 0 // as they come
	return v
}

func asOfVariable() Variable {
	v := query("as_of", "获知时间", "现在，或回放到某一天当时所知的情况",
		`label_values(xushi_knowledge_info{plan="$plan"}, day)`, "")
	v.Sort = 2 // descending, by code point: 现在 stands before all days
	v.Current = map[string]any{"selected": true, "text": "现在", "value": "现在"}
	return v
}

func serviceVariable() Variable {
	v := query("service", "序时", "序时自己的页面的地址", `label_values(xushi_service_info, url)`, "")
	v.Hide = 2
	return v
}

func portfolioVariable() Variable {
	return query("portfolio", "分管领导", "只看某位领导分管的单位",
		`query_result(max by (portfolio, portfolio_title) (`+sel("xushi_organisation_info")+`))`,
		valueAndText("portfolio", "portfolio_title")).many()
}

// organisationVariable has the organisations with the most red lights first, then
// those with yellow ones.
func organisationVariable() Variable {
	led := func(l light) string {
		return "sum by (organisation, organisation_name) (" + sel("xushi_organisation_lights", `role="lead"`, `light="`+l.ref()+`"`) + ")"
	}
	chosen := sel("xushi_organisation_info", `portfolio=~"$portfolio"`)
	v := query("organisation", "单位", "只看由所选单位牵头的指标；红灯多的在前",
		`query_result(sort_desc((1000 * `+led(lights[0])+` + `+led(lights[1])+`) and on (organisation) `+chosen+
			` or max by (organisation, organisation_name) (`+chosen+` - 1)))`,
		valueAndText("organisation", "organisation_name"))
	v.Sort = 0 // as the query has them
	return v
}

func sectionVariable() Variable {
	return query("section", "板块", "计划的章节",
		`query_result(label_join(max by (section, short) (`+sel("xushi_section_info")+`), "text", " ", "section", "short"))`,
		valueAndText("section", "text"))
}

func taskVariable() Variable {
	return query("task", "任务", "计划中编号的任务",
		`query_result(label_join(max by (task, title) (`+sel("xushi_task_indicators", inSections, `status="done"`)+`), "text", " ", "task", "title"))`,
		valueAndText("task", "text"))
}

// indicatorVariable has what is furthest behind first: by its light, then by the
// months it lags.
func indicatorVariable() Variable {
	light, lag := sel(lightMetric, inSections, inTasks), sel("xushi_lag_months", inSections, inTasks)
	v := query("indicator", "指标", "看哪一个指标；名称前为任务编号，落后的在前",
		`query_result(sort_desc(label_join(max by (indicator, name, task) (100 * `+light+` + (`+lag+` or 0 * `+light+`) or 0 * `+sel("xushi_actual", inSections, inTasks)+`), "text", " ", "task", "name")))`,
		valueAndText("indicator", "text"))
	v.Sort = 0 // as they come
	return v
}

// builtIn is Grafana's own annotation query; without it Grafana adds it anew.
func builtIn() Annotation {
	return Annotation{Name: "Annotations & Alerts", Datasource: &Datasource{Type: "grafana", UID: "-- Grafana --"},
		Enable: true, Hide: true, IconColor: "rgba(0, 211, 255, 1)", BuiltIn: 1, Type: "dashboard"}
}

// moments marks the moments, in seconds, that an expression gives as values.
func moments(name, colour, expr, title, text string) Annotation {
	t := overTime("Anno", "1000 * ("+expr+")", "") // annotations count milliseconds
	return Annotation{Name: name, Datasource: xushi, Enable: true, IconColor: colour, Target: &t,
		TitleFormat: title, TextFormat: text, UseValueForTime: true}
}

// targetChanges marks documented changes of targets.
func targetChanges(matchers ...string) Annotation {
	return moments("目标调整", "purple", sel("xushi_target_change_timestamp_seconds", matchers...),
		"目标调整：{{name}}", "由 {{from}} 调整为 {{to}}（{{document}}）")
}

// revisions marks the periods whose figures were revised, where points draws
// them: on the last day.
func revisions(matchers ...string) Annotation {
	return moments("数据修订", "orange",
		"timestamp("+sel("xushi_figure_revision", append(matchers, `revision!="1"`)...)+") - 86400",
		"数据修订：{{period_name}}", "第{{revision}}版，{{known}} 获知：{{reason}}")
}
