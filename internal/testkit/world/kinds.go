package world

import "strings"

// EveryKind is a plan with an indicator of each kind and of each way to get at a
// value. change is put into one of them, such as ", changes: […]"; more are
// indicators beside them.
// change, where given, is a change of the target of sme; more are indicators.
func EveryKind(change string, more ...string) string {
	return Head("kinds-2026", "kinds", 2026) + strings.Replace(`      - {id: sme, name: 企业, clause: 任务, kind: cumulative, target: 1200, series: {id: sme, name: 企业, unit: 家}CHANGE}
      - {id: lifts, name: 电梯, clause: 任务, kind: cumulative, target: 120, series: {id: lifts, name: 电梯, unit: 部, span: month}}
      - {id: visitors, name: 游客, clause: 任务, kind: cumulative, target: 120, rhythm: monthly_janfeb, series: {id: visitors, name: 游客, unit: 万人次, span: month}}
      - {id: quarters, name: 分季, clause: 任务, kind: cumulative, target: 400, rhythm: quarterly, series: {id: quarters, name: 分季, unit: 件, span: quarter}}
      - {id: money, name: 资金, clause: 任务, kind: cumulative, target: 73.9, commitment: best_effort, series: {id: money, name: 资金, unit: 亿元}}
      - {id: income, name: 收入, clause: 任务, kind: sync, reference: gdp, rhythm: quarterly, due: {days: 25}, series: {id: income, name: 收入, unit: "%"}}
      - {id: gdp, name: 产值, clause: 任务, kind: growth, target: 5, rhythm: quarterly, due: {days: 20}, series: {id: gdp, name: 产值, unit: "%", source: tongji}}
      - {id: nursery, name: 覆盖率, clause: 任务, kind: level, target: 80, series: {id: nursery-rate, name: 覆盖率, span: ytd, step: 0.1, ratio: {numerator: covered, denominator: children}}}
      - {id: hazards, name: 隐患, clause: 任务, kind: zero, series: {id: hazards, name: 隐患, unit: 处, span: month}}
      - {id: pm25, name: 浓度, clause: 任务, kind: direction, sense: down, series: {id: pm25, name: 浓度, unit: 微克/立方米}}
      - id: school
        name: 学校
        clause: 任务
        kind: milestone
        deadline: 2026-09-30
        checklist: {entries: [{id: start, name: 开工, planned: 2026-03-15}, {id: roof, name: 封顶, planned: 2026-06-30, weight: 2}, {id: use, name: 启用}]}
      - id: roads
        name: 道路
        clause: 任务
        kind: cumulative
        target: 14
        base: 10
        unit: 条
        checklist: {entries: [{id: r1, name: 一, planned: 2026-03-31}, {id: r2, name: 二, planned: 2026-06-30}, {id: r3, name: 三}, {id: r4, name: 四}]}
      - id: districts
        name: 分片
        clause: 任务
        kind: cumulative
        target: 100
        series: {id: districts, name: 分片, unit: 个}
        parts: [{id: east, name: 东, target: 60}, {id: west, name: 西, target: 40}]
        total: sum
      - id: water
        name: 水质
        clause: 任务
        kind: level
        target: 100
        series: {id: water, name: 水质, unit: "%"}
        parts: [{id: north, name: 北}, {id: south, name: 南}]
        total: none
      - {id: work, name: 常态, kind: standing}
      - {id: number, name: 参考, clause: 任务, kind: context, target: 73, unit: 个}
      - {id: trade, name: 外贸, clause: 任务, kind: context, series: {id: trade, name: 外贸, unit: 亿元}}
`, "CHANGE", change, 1) + strings.Join(more, "") + `series:
  - {id: covered, name: 入托, unit: 人}
  - {id: children, name: 儿童, unit: 人}
`
}

// EveryKindVersions are versions of that plan, as documents change it.
func EveryKindVersions() []string {
	second := `, changes: [{effective: 2026-06-01, document: 某政〔2026〕9号, target: 900}]`
	third := `, changes: [{effective: 2026-06-01, document: 某政〔2026〕9号, target: 900}, {effective: 2026-09-01, document: 某政〔2026〕12号, target: 1500, deadline: 2026-11-30}]`
	return []string{EveryKind(""), EveryKind(second), EveryKind(third, "      - {id: more, name: 新增, clause: 任务, kind: cumulative, target: 10, series: sme}\n")}
}
