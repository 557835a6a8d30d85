package planfile

import (
	"fmt"
	"slices"

	"xushi/internal/fault"
	"xushi/internal/plan"
)

// checker goes through one file and gathers what is wrong in it.
type checker struct {
	root     *node
	plan     *plan.Plan
	errors   fault.List
	warnings fault.List

	organisations map[string]*plan.Organisation // by id
	names         map[string]string             // name of an organisation to its id
	series        map[string]*plan.Series
	seriesAt      map[string]path // where a series was defined first
	seriesPaths   []path          // of plan.Series as gathered
	indicators    map[string]indicatorAt
	used          map[string]bool // series that an indicator or a ratio reads
	badBands      bool            // the plan's own bands are wrong: nothing can be compiled with them
}

type indicatorAt struct {
	*plan.Indicator
	task *plan.Task
	at   path
}

// read makes a plan of a file's tree: schema, defaults, then every check that a
// schema cannot express.
func read(root *node) (*plan.Plan, fault.List, fault.List) {
	c := &checker{root: root}
	value := root.plain()
	c.validate(value)
	if len(c.errors) > 0 {
		return nil, c.errors, nil
	}
	doc := value.(map[string]any) // the schema has seen to it
	if c.gatherSeries(doc); len(c.errors) > 0 {
		return nil, c.errors, nil
	}
	if c.decode(doc); len(c.errors) > 0 {
		return nil, c.errors, nil
	}
	c.fillPlan()
	c.checkPlan()
	for i := range c.plan.Tasks {
		c.checkTask(i)
	}
	c.checkReferences()
	c.checkSeriesUse()
	if len(c.errors) > 0 {
		c.plan = nil
	} else {
		slices.SortFunc(c.plan.Series, bySeriesID)
	}
	return c.plan, inOrder(c.errors), inOrder(c.warnings)
}

// inOrder sorts by place in the file and drops what was said twice.
func inOrder(l fault.List) fault.List {
	slices.SortStableFunc(l, func(a, b *fault.Fault) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	return slices.CompactFunc(l, func(a, b *fault.Fault) bool {
		return a.Place == b.Place && a.Code == b.Code && a.En == b.En
	})
}

// fail tells an error at a place. zh and en share args, as fault.Newf has them.
func (c *checker) fail(at path, code, zh, en string, args ...any) {
	n := c.root.find(at)
	c.add(&c.errors, at, code, n.line, n.col, zh, en, args)
}

// failKey tells an error about a field's name.
func (c *checker) failKey(at path, code, zh, en string, args ...any) {
	line, col := c.root.findKey(at)
	c.add(&c.errors, at, code, line, col, zh, en, args)
}

// warn tells a doubt that does not keep the plan from being applied.
func (c *checker) warn(at path, code, zh, en string, args ...any) {
	n := c.root.find(at)
	c.add(&c.warnings, at, code, n.line, n.col, zh, en, args)
}

func (c *checker) add(to *fault.List, at path, code string, line, col int, zh, en string, args []any) {
	if len(*to) >= maxFaults {
		return
	}
	who, whoEn := c.root.subject(at)
	f := fault.New(code, who+fmt.Sprintf(zh, args...), whoEn+fmt.Sprintf(en, args...)).InFile("", line, col)
	*to = append(*to, f.At(at.String()))
}

// take adds faults that another package found below a place.
func (c *checker) take(at path, l fault.List) {
	for _, f := range l {
		c.fail(at.join(f.Field), f.Code, "%[1]s", "%[2]s", f.Zh, f.En)
	}
}
