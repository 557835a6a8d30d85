package lang

import (
	"xushi/internal/figure"
	"xushi/internal/plan"
)

// Kind is what a kind of indicator is called.
func Kind(k plan.Kind) string {
	return map[plan.Kind]string{
		plan.Cumulative: "累计类", plan.Growth: "增速类", plan.Level: "达标类", plan.Zero: "清零类", plan.Sync: "同步类",
		plan.Direction: "同比改善类", plan.Milestone: "节点类", plan.Standing: "常态推进类", plan.Context: "参考数",
	}[k]
}

// Commitment is how firmly a target was promised.
func Commitment(c plan.Commitment) string {
	return map[plan.Commitment]string{plan.Binding: "约束性", plan.Expected: "预期性", plan.BestEffort: "力争"}[c]
}

// Comparator is how an actual value is to compare to its target.
func Comparator(c plan.Comparator) string {
	return map[plan.Comparator]string{plan.AtLeast: "不低于（≥）", plan.MoreThan: "高于（＞）", plan.AtMost: "不高于（≤）"}[c]
}

// Trajectory is what a kind of trajectory is called.
func Trajectory(kind string) string {
	return map[string]string{"months": "按月均衡", "days": "按天均衡", "shares": "按往年节奏", "points": "按批次点位", "deadline": "到期一次"}[kind]
}

// TrajectorySet says who set a trajectory.
func TrajectorySet(set string) string {
	return map[string]string{"default": "按默认序时", "proposed": "牵头单位拟定", "approved": "督查室审定"}[set]
}

// Observation is what sort of number a figure is.
func Observation(s figure.ObsStatus) string {
	return map[figure.ObsStatus]string{figure.Normal: "正式数", figure.Provisional: "快报数", figure.Estimated: "估计数", figure.Forecast: "部门预计"}[s]
}
