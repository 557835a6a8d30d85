package lang_test

import (
	"testing"

	"xushi/internal/judge"
	"xushi/internal/lang"
	"xushi/internal/plan"
)

// TestState says how indicators of every sort of words stand, late figures
// included.
func TestState(t *testing.T) {
	for _, c := range []struct {
		want   string
		kind   plan.Kind
		status judge.Status
		after  bool // done after the deadline
		light  judge.Light
		filing judge.Reporting
	}{
		{"滞后", plan.Cumulative, judge.Behind, false, judge.Red, judge.Filed},
		{"低于目标", plan.Growth, judge.Behind, false, judge.Red, judge.Filed},
		{"略低于目标", plan.Level, judge.SlightlyBehind, false, judge.Yellow, judge.Filed},
		{"未达目标", plan.Sync, judge.Missed, false, judge.Red, judge.Filed},
		{"未清零", plan.Zero, judge.Behind, false, judge.Red, judge.Filed},
		{"与上年持平", plan.Direction, judge.SlightlyBehind, false, judge.Yellow, judge.Filed},
		{"提前推进", plan.Milestone, judge.Ahead, false, judge.Green, judge.Filed},
		{"已完成", plan.Cumulative, judge.Done, false, judge.Green, judge.Filed},
		{"逾期完成", plan.Cumulative, judge.Done, true, judge.Green, judge.Filed},
		{"逾期未报（上期滞后）", plan.Cumulative, judge.Behind, false, judge.Red, judge.Late},
		{"逾期未报", plan.Growth, judge.Pending, false, judge.Yellow, judge.Late},
		{"未到报送期", plan.Growth, judge.Pending, false, judge.Grey, judge.NotDue},
		{"待上级发布", plan.Growth, judge.Pending, false, judge.Grey, judge.AwaitingRelease},
		{"暂无数据", plan.Growth, judge.Pending, false, judge.Grey, judge.Filed},
		{"需关注", plan.Standing, judge.None, false, judge.Yellow, judge.Filed},
		{"推进缓慢", plan.Standing, judge.None, false, judge.Red, judge.NotDue},
	} {
		j := judge.Judgement{Status: c.status, LateCompletion: c.after}
		if got := lang.State(c.kind, &j, c.light, c.filing); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.kind, c.status, got, c.want)
		}
	}
}
