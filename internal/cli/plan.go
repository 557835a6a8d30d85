package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"xushi/internal/fault"
	"xushi/internal/plan"
	"xushi/internal/planfile"
	"xushi/seeds"
)

// planCommands handle plan files.
type planCommands struct {
	Check planCheck `cmd:"" help:"Tell what is wrong or doubtful in plan files. 检查计划文件"`
	Diff  planDiff  `cmd:"" help:"Show what applying a plan file would change. 与已应用的计划比较"`
	Apply planApply `cmd:"" help:"Apply a plan file to the database and print what changed. 应用计划文件"`
	Show  planShow  `cmd:"" help:"Print a plan as a table, CSV or JSON. 显示计划"`
}

// PlanStore is where plans are applied.
type PlanStore interface {
	// Current gives the plan's newest version, or ErrNoPlan.
	Current(ctx context.Context, id string) (*plan.Plan, error)
	// Apply records a new version in one transaction and returns the one that it
	// replaces, nil for the first; changed is false where nothing was recorded
	// because the two are equal. What may not be changed without a document is
	// refused with a fault.List.
	Apply(ctx context.Context, actor string, next *plan.Plan) (old *plan.Plan, changed bool, err error)
	Close() error
}

// ErrNoPlan says that a plan was never applied.
var ErrNoPlan = errors.New("the plan was never applied")

// openPlans opens the database that settings name; tests put another store in
// its place. begin makes the database where there is none.
type openPlans func(ctx context.Context, s *databaseSettings, std Streams, begin bool) (PlanStore, error)

// planStore is how the commands open their store.
var planStore openPlans = openCore

// readPlan reads a plan that comes with the program, by its id, or a plan file.
func readPlan(name string) planfile.Report {
	if data, ok := seeds.Plan(name); ok {
		return planfile.Check(name+".yaml", data)
	}
	r := planfile.Load(name)
	if len(r.Errors) == 1 && r.Errors[0].Code == "file_read" && !strings.ContainsAny(name, "./\\") {
		// A bare word was meant as an id.
		f := fault.Newf("unknown_plan", "程序未附带计划“%[1]s”，也没有这个文件；附带的有：%[2]s。",
			"No plan %[1]q comes with the program, and there is no such file; these come with it: %[2]s.", name, strings.Join(seeds.Plans(), ", "))
		r.Errors[0] = f.InFile(name, 0, 0)
	}
	return r
}

// loadPlan reads a plan for use; its error is a fault.List.
func loadPlan(name string) (planfile.Report, error) {
	r := readPlan(name)
	return r, r.Errors.Err()
}

// inPlan gives what is wrong with a plan its place in the file.
func inPlan(r planfile.Report, err error) error {
	list := fault.All(err)
	if len(list) == 0 || len(list) == 1 && list[0].Field == "" {
		return err // it came about while the plan was applied, and is not in the file
	}
	return r.Locate(list)
}

type planCheck struct {
	Files []string `arg:"" name:"file" help:"Plan files, or ids of plans that come with the program. 计划文件"`
}

// Run prints a line for every fault, and what the plan holds where there is none.
// Warnings do not make it fail.
func (c *planCheck) Run(std Streams) error {
	failed := 0
	for _, name := range c.Files {
		r := readPlan(name)
		type line struct {
			severity string
			*fault.Fault
		}
		var lines []line
		for _, f := range r.Errors {
			lines = append(lines, line{"error", f})
		}
		for _, f := range r.Warnings {
			lines = append(lines, line{"warning", f})
		}
		slices.SortStableFunc(lines, func(a, b line) int { return a.Line - b.Line })
		for _, l := range lines {
			if _, err := fmt.Fprintf(std.Out, "%s\n", l.Text(l.severity)); err != nil {
				return err
			}
		}
		if len(r.Errors) > 0 {
			failed++
			continue
		}
		if _, err := fmt.Fprintf(std.Out, "%s: %s\n", name, holds(r)); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fault.Newf("plan_invalid", "%[1]d个计划文件有错误。", "Plan files with errors: %[1]d.", failed)
	}
	return nil
}

// kinds in the order in which people list them.
var kinds = []plan.Kind{plan.Cumulative, plan.Growth, plan.Level, plan.Zero, plan.Sync, plan.Direction, plan.Milestone, plan.Standing, plan.Context}

// holds says what is in a plan: ok, 87 tasks in 8 sections, 200 indicators (…).
func holds(r planfile.Report) string {
	of, all := map[plan.Kind]int{}, 0
	for _, t := range r.Plan.Tasks {
		for _, i := range t.Indicators {
			of[i.Kind]++
			all++
		}
	}
	var parts []string
	for _, k := range kinds {
		if of[k] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", k, of[k]))
		}
	}
	return fmt.Sprintf("ok: %s, %s in %s, %s (%s), %s",
		r.Plan.ID, count(len(r.Plan.Tasks), "task", "tasks"), count(len(r.Plan.Sections), "section", "sections"),
		count(all, "indicator", "indicators"), strings.Join(parts, ", "), count(len(r.Warnings), "warning", "warnings"))
}

type planDiff struct {
	databaseSettings
	File string `arg:"" help:"Plan file, or id of a plan that comes with the program. 计划文件"`
	With string `help:"Compare with this plan file instead of the database. 与另一文件比较" placeholder:"FILE"`
}

// Run prints the differences and what would keep them from being applied.
func (c *planDiff) Run(ctx context.Context, std Streams) (err error) {
	file, err := loadPlan(c.File)
	if err != nil {
		return err
	}
	var old *plan.Plan
	next := file.Plan
	if c.With != "" {
		with, err := loadPlan(c.With)
		if err != nil {
			return err
		}
		old = with.Plan
	} else {
		store, err := planStore(ctx, &c.databaseSettings, std, false)
		if err != nil {
			return err
		}
		old, err = store.Current(ctx, next.ID)
		if err = errors.Join(err, store.Close()); err != nil && !errors.Is(err, ErrNoPlan) {
			return err
		}
	}
	if err := printChanges(std.Out, old, next); err != nil || old == nil {
		return err
	}
	return inPlan(file, plan.CheckUpdate(old, next).Err())
}

type planApply struct {
	databaseSettings
	File string `arg:"" help:"Plan file, or id of a plan that comes with the program. 计划文件"`
}

// Run applies the plan, all of it or nothing, and prints what changed.
func (c *planApply) Run(ctx context.Context, std Streams) (err error) {
	file, err := loadPlan(c.File)
	if err != nil {
		return err
	}
	next := file.Plan
	store, err := planStore(ctx, &c.databaseSettings, std, true)
	if err != nil {
		return err
	}
	defer func() {
		if e := store.Close(); e != nil && err == nil {
			err = e
		}
	}()
	old, changed, err := store.Apply(ctx, actor(), next)
	if err != nil {
		return inPlan(file, err)
	}
	if !changed {
		old = next
	}
	return printChanges(std.Out, old, next)
}

// printChanges prints the differences between two versions, a line each.
func printChanges(w io.Writer, old, next *plan.Plan) error {
	if old == nil {
		_, err := fmt.Fprintf(w, "%s: new, %s. 新计划，%d项任务。\n", next.ID, count(len(next.Tasks), "task", "tasks"), len(next.Tasks))
		return err
	}
	found := plan.Diff(old, next)
	if len(found) == 0 {
		_, err := fmt.Fprintf(w, "%s: nothing changes. 没有变化。\n", next.ID)
		return err
	}
	for _, d := range found {
		sign := map[plan.Action]string{plan.Added: "+", plan.Removed: "-", plan.Changed: "~", plan.Reordered: "~"}[d.Action]
		if _, err := fmt.Fprintf(w, "%s %s\n", sign, d.Zh()); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%s: %s. %d处变化。\n", next.ID, count(len(found), "change", "changes"), len(found))
	return err
}
