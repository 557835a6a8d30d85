package cli

import (
	"context"

	"xushi/internal/app"
	"xushi/internal/plan"
)

// corePlans is the PlanStore of a database.
type corePlans struct{ *app.Core }

func openCore(ctx context.Context, s *databaseSettings, std Streams) (PlanStore, error) {
	core, err := s.openOrMake(ctx, std)
	if err != nil {
		return nil, err
	}
	return corePlans{core}, nil
}

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
