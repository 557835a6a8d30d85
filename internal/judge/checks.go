package judge

import (
	"xushi/internal/exact"
	"xushi/internal/fault"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// CheckBands refuses bands that leave a value uncovered or cover one twice.
func CheckBands(b plan.Bands) fault.List { panic("soon") }

// CheckTrajectory refuses trajectories that are not a road to the target.
func CheckTrajectory(t *plan.Trajectory, year int, base, target exact.Rat, step exact.Opt, deadline period.Date) fault.List {
	panic("soon")
}
