package figure_test

import (
	"fmt"
	"strings"
	"testing"

	"xushi/internal/fault"
	testworld "xushi/internal/testkit/world"
)

// world is a world with what these tests do to it.
type world struct{ *testworld.World }

func newWorld(t testing.TB) *world { return &world{testworld.New(t)} }

var (
	moment = testworld.Moment
	row    = testworld.Row
	known  = testworld.Known
	head   = testworld.Head
	task   = testworld.Task
)

func code(err error) string {
	if f := fault.As(err); f != nil {
		return f.Code
	}
	return fmt.Sprint(err)
}

// manyCounts is a plan of n counts.
func manyCounts(n int) string {
	var b strings.Builder
	b.WriteString(head("many-2026", "many", 2026))
	for i := range n {
		if i > 0 && i%100 == 0 { // a task has 100 at most
			b.WriteString(task(1 + i/100))
		}
		fmt.Fprintf(&b, "      - {id: count-%d, name: 数 %d, clause: 任务, kind: cumulative, target: 100000, series: {id: count-%d, name: 数 %d, unit: 家}}\n", i, i, i, i)
	}
	return b.String()
}
