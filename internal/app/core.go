// Package app wires the rooms together, starts them and stops them.
package app

import (
	"context"
	"errors"
	"log/slog"
	"time"
	_ "time/tzdata" // plans name their zone, and a small machine may have no zone files

	"xushi/internal/access"
	"xushi/internal/board"
	"xushi/internal/fault"
	"xushi/internal/figure"
	"xushi/internal/plan"
	"xushi/internal/planfile"
	"xushi/internal/store"
	"xushi/seeds"
)

// Core is everything but the doors: the database, the live picture and the
// services. The server and the command line both stand on it.
type Core struct {
	DB        *store.DB
	Board     *board.Board
	Service   *figure.Service
	Directory *access.Directory
	Clock     func() time.Time
	Log       *slog.Logger
}

// Open opens a database and folds its log into the picture.
func Open(ctx context.Context, dsn string, clock func() time.Time, log *slog.Logger) (*Core, error) {
	calendars, err := Calendars()
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, dsn, store.Options{Now: clock})
	if err != nil {
		return nil, err
	}
	c := &Core{DB: db, Clock: clock, Log: log,
		Board:     board.New(clock, calendars),
		Directory: access.NewDirectory(clock),
	}
	c.Service = figure.NewService(db, c.Board, clock)
	c.Service.Observe(c.Directory.Fold)
	if err := c.Service.CatchUp(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return c, nil
}

// Close closes the database.
func (c *Core) Close() error { return c.DB.Close() }

// Calendars reads the holiday calendars that come with the program.
func Calendars() (board.Calendars, error) {
	calendars := board.Calendars{}
	for _, id := range seeds.Calendars() {
		data, _ := seeds.Holidays(id)
		calendar, err := planfile.Calendar(data)
		if err != nil {
			return nil, err
		}
		calendars[id] = calendar
	}
	return calendars, nil
}

// LoadPlan reads a plan that comes with the program, by its id, or a plan file.
func LoadPlan(name string) (*plan.Plan, error) {
	var report planfile.Report
	if data, ok := seeds.Plan(name); ok {
		report = planfile.Check(name+".yaml", data)
	} else {
		report = planfile.Load(name)
	}
	if err := report.Errors.Err(); err != nil {
		return nil, err
	}
	return report.Plan, nil
}

// applyPlans applies plans that are not there yet or changed. A plan that was
// changed in the database since is left alone: the database has the last word,
// and `xushi plan apply` is how a file gets into it.
func (c *Core) applyPlans(ctx context.Context, names []string) error {
	for _, name := range names {
		p, err := LoadPlan(name)
		if err != nil {
			return err
		}
		if c.Service.Plan(p.ID) != nil {
			continue
		}
		if _, _, err := c.Service.ApplyPlan(ctx, "system:serve", p); err != nil {
			return err
		}
		c.Log.Info("plan applied", "plan", p.ID, "tasks", len(p.Tasks))
	}
	return nil
}

// KeepApart sees to it that simulated and real figures never share a database:
// it marks an empty one as a demonstration where one is wanted. Faults
// demo_refused and demo_database.
func (c *Core) KeepApart(ctx context.Context, demo bool, actor string) error {
	switch {
	case demo:
		return c.Service.MarkDemo(ctx, actor)
	case c.Service.Demo():
		return errDemoDatabase()
	}
	return nil
}

// errDemoDatabase is for starting as real what holds simulated figures.
func errDemoDatabase() *fault.Fault {
	return fault.New("demo_database",
		"这个数据库里是演示数据；请带 --demo 启动，或换一个库（--db）。",
		"This database holds simulated figures; start with --demo or name another database (--db).")
}
