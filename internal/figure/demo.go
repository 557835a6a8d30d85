package figure

import (
	"context"

	"xushi/internal/fault"
)

// Demo marks a log, as its very first change, as one that holds simulated
// figures only, so that they can never be taken for real ones or mixed with them.
const Demo Kind = "demo"

// Demo tells whether the log is marked as a demonstration.
func (s *Service) Demo() bool { return s.demo.Load() }

// MarkDemo marks an empty log as a demonstration; one that is marked stays so.
// Fault demo_refused where the log holds anything real.
func (s *Service) MarkDemo(ctx context.Context, actor string) error {
	_, err := s.submit(ctx, func(st *stage) (*Change, error) {
		switch {
		case s.Demo(), st.Seq() == 0 && len(st.group) > 0 && st.group[0].Kind == Demo:
			return nil, nil
		case st.Seq() > 0 || len(st.group) > 0:
			return nil, fault.New("demo_refused",
				"这个数据库里有真实数据，不能用来演示；请换一个库（--db），或不带 --demo 启动。",
				"This database holds real data and cannot be used for a demonstration; name another one (--db) or start without --demo.")
		}
		return &Change{Kind: Demo, Actor: actor}, nil
	})
	return err
}
