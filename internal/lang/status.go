// Package lang is how things are said in Chinese, and in English where pages
// have it: the words of the field for statuses, lights, reporting and facts. Each word
// stands here once; published quantities, dashboards, pages and alerts take them
// from here.
package lang

import (
	"xushi/internal/judge"
	"xushi/internal/plan"
)

// NoData is what is said where nothing is known yet.
const NoData = "暂无数据"

// wording says what the statuses of some kinds are called. A kind that does not
// know a status has no word for it.
type wording struct {
	words map[judge.Status]string
	after string // done, but only after the deadline
}

// wordings are the words by kind: a growth rate is never behind the calendar, it
// is below its target.
var wordings = func() map[plan.Kind]wording {
	cumulative := wording{map[judge.Status]string{
		judge.Done: "已完成", judge.Ahead: "快于序时", judge.OnTrack: "达到序时",
		judge.SlightlyBehind: "略慢于序时", judge.Behind: "滞后", judge.Missed: "逾期未完成",
	}, "逾期完成"}
	rate := wording{map[judge.Status]string{
		judge.Done: "达到目标", judge.Ahead: "高于目标", judge.OnTrack: "达到目标",
		judge.SlightlyBehind: "略低于目标", judge.Behind: "低于目标", judge.Missed: "未达目标",
	}, "达到目标（逾期）"}
	zero := wording{map[judge.Status]string{
		judge.Done: "已清零", judge.OnTrack: "已清零", judge.Behind: "未清零", judge.Missed: "未清零",
	}, "已清零（逾期）"}
	direction := wording{map[judge.Status]string{
		judge.Done: "同比改善", judge.OnTrack: "同比改善",
		judge.SlightlyBehind: "与上年持平", judge.Behind: "同比变差", judge.Missed: "未改善",
	}, "同比改善（逾期）"}
	milestone := wording{map[judge.Status]string{
		judge.Done: "已完成", judge.Ahead: "提前推进", judge.OnTrack: "节点正常",
		judge.SlightlyBehind: "节点略滞后", judge.Behind: "节点滞后", judge.Missed: "逾期未完成",
	}, "逾期完成"}
	return map[plan.Kind]wording{
		plan.Cumulative: cumulative, plan.Growth: rate, plan.Level: rate, plan.Sync: rate,
		plan.Zero: zero, plan.Direction: direction, plan.Milestone: milestone,
	}
}()

// Status is what a status of an indicator of a kind is called. late says that a
// target which is done was met only after its deadline.
func Status(kind plan.Kind, s judge.Status, late bool) string {
	w := wordings[kind]
	switch {
	case s == judge.Pending:
		return NoData
	case s == judge.Done && late:
		return w.after
	}
	return w.words[s]
}

// Light is what a light is called.
func Light(l judge.Light) string {
	return [...]string{judge.Grey: "灰灯", judge.Green: "绿灯", judge.Yellow: "黄灯", judge.Red: "红灯"}[l]
}

// Standing is what the light that the supervision office sets says of continuing
// work.
func Standing(l judge.Light) string {
	return [...]string{judge.Grey: NoData, judge.Green: "正常推进", judge.Yellow: "需关注", judge.Red: "推进缓慢"}[l]
}

// Reporting is what a state of reporting is called.
func Reporting(r judge.Reporting) string {
	return map[judge.Reporting]string{judge.Filed: "已报", judge.NotDue: "未到报送期",
		judge.AwaitingRelease: "待上级发布", judge.Late: "逾期未报"}[r]
}

// State is how an indicator stands in one phrase: the word of its status, or
// why there is none. Late figures neither hide nor resolve what was said of the
// period before.
func State(kind plan.Kind, j *judge.Judgement, light judge.Light, r judge.Reporting) string {
	word := Status(kind, j.Status, j.LateCompletion)
	if kind == plan.Standing {
		word = Standing(light)
	}
	switch {
	case r == judge.Late && (word == NoData || kind == plan.Standing): // its light has already been dimmed
		return Reporting(r)
	case r == judge.Late:
		return Reporting(r) + "（上期" + word + "）"
	case word == NoData && r != judge.Filed && r != 0:
		return Reporting(r)
	}
	return word
}
