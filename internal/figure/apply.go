package figure

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"xushi/internal/plan"
)

// ApplyPlan records a plan's new version and returns the version it replaces
// (nil for the first) and the change (nil where nothing changed: applying the
// same plan again does nothing). The first version counts as known since the
// document's date, later ones since they are recorded. Faults: those of
// plan.CheckUpdate, and of a plan that cannot be compiled.
func (s *Service) ApplyPlan(ctx context.Context, actor string, next *plan.Plan) (old *plan.Plan, change *Change, err error) {
	document, err := json.Marshal(next)
	if err != nil {
		return nil, nil, fmt.Errorf("write the plan's canonical form: %w", err)
	}
	change, err = s.submit(ctx, func(st *stage) (*Change, error) {
		old = st.plan(next.ID)
		version := &PlanVersion{ID: next.ID, Document: document, Plan: next}
		if old == nil {
			zone, err := time.LoadLocation(next.TimeZone)
			if err != nil {
				return nil, fmt.Errorf("time zone of the plan: %w", err)
			}
			version.KnownAt = next.Date.Start(zone).UTC()
		} else {
			before, err := json.Marshal(old)
			if err != nil {
				return nil, fmt.Errorf("write the old plan's canonical form: %w", err)
			}
			if bytes.Equal(before, document) {
				return nil, nil
			}
			if err := plan.CheckUpdate(old, next).Err(); err != nil {
				return nil, err
			}
		}
		if err := st.Compile(version); err != nil {
			return nil, err
		}
		return &Change{Kind: Plans, Actor: actor, Plan: version}, nil
	})
	return old, change, err
}

// plan is a plan's newest version, with what the group adds.
func (s *stage) plan(id string) *plan.Plan {
	for i := len(s.group) - 1; i >= 0; i-- {
		if v := s.group[i].Plan; v != nil && v.ID == id {
			return v.Plan
		}
	}
	return s.Plan(id)
}

// RecordAccess records that a token was made or revoked; detail says which, and
// holds no secret.
func (s *Service) RecordAccess(ctx context.Context, actor string, detail json.RawMessage) (*Change, error) {
	return s.submit(ctx, func(*stage) (*Change, error) {
		return &Change{Kind: Access, Actor: actor, Detail: detail}, nil
	})
}

// Plan is a plan's newest version, nil where there is none.
func (s *Service) Plan(id string) *plan.Plan { return s.picture.Plan(id) }
