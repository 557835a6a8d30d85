package cli

import (
	"context"

	"xushi/internal/app"
	"xushi/internal/fault"
	"xushi/internal/plan"
)

// corePlans is the PlanStore of a database.
type corePlans struct{ *app.Core }

func openCore(ctx context.Context, s *databaseSettings, std Streams, begin bool) (PlanStore, error) {
	if begin {
		core, err := s.openOrMake(ctx, std)
		return corePlans{core}, err
	}
	core, err := s.open(ctx, std)
	if f := fault.As(err); f != nil && f.Code == "no_database" {
		return noPlans{}, nil // nothing was applied yet, and asking must not make a file
	}
	return corePlans{core}, err
}

// noPlans is the PlanStore where there is no database.
type noPlans struct{}

func (noPlans) Current(context.Context, string) (*plan.Plan, error) { return nil, ErrNoPlan }
func (noPlans) Apply(context.Context, string, *plan.Plan) (*plan.Plan, bool, error) {
	return nil, false, ErrNoPlan
}
func (noPlans) Close() error { return nil }

func (c corePlans) Current(_ context.Context, id string) (*plan.Plan, error) {
	if p := c.Service.Plan(id); p != nil {
		return p, nil
	}
	return nil, ErrNoPlan
}

func (c corePlans) Apply(ctx context.Context, actor string, next *plan.Plan) (*plan.Plan, bool, error) {
	old, change, err := c.Service.ApplyPlan(ctx, actor, next)
	return old, change != nil, err
}
