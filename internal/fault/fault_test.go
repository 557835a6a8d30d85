package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestText(t *testing.T) {
	f := New("too_late", "太晚了。", "It is too late.").At("tasks[3].deadline")
	for _, tt := range []struct {
		fault          *Fault
		severity, want string
	}{
		{f, "", "tasks[3].deadline: 太晚了。 It is too late. [too_late]"},
		{f, "error", "error: tasks[3].deadline: 太晚了。 It is too late. [too_late]"},
		{f.InRow(2), "", "row 2: tasks[3].deadline: 太晚了。 It is too late. [too_late]"},
		{f.InFile("plan.yaml", 12, 9), "warning", "plan.yaml:12:9: warning: 太晚了。 It is too late. [too_late]"},
		{f.InFile("plan.yaml", 12, 0), "", "plan.yaml:12: 太晚了。 It is too late. [too_late]"},
		{f.InFile("plan.yaml", 0, 0), "", "plan.yaml: 太晚了。 It is too late. [too_late]"},
		{New("", "only one", "only one"), "", "only one"},
	} {
		if got := tt.fault.Text(tt.severity); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	if got := f.Error(); got != f.Text("") {
		t.Error(got)
	}
}

func TestAll(t *testing.T) {
	a, b := New("a", "甲。", "A."), New("b", "乙。", "B.")
	for _, tt := range []struct {
		err  error
		want int
	}{
		{nil, 0}, {errors.New("disk full"), 0}, {a, 1}, {fmt.Errorf("open: %w", a), 1},
		{List{a, b}, 2}, {fmt.Errorf("apply: %w", List{a, b}), 2},
	} {
		if got := All(tt.err); len(got) != tt.want {
			t.Errorf("%v: %v", tt.err, got)
		}
	}
}
