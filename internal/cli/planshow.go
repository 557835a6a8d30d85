package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"xushi/internal/plan"
	"xushi/internal/planfile"
)

type planShow struct {
	Plan   string `arg:"" help:"Id of a plan that comes with the program, such as gulou-2026, or a plan file. 计划"`
	Format string `enum:"table,csv,json" default:"table" help:"table, csv or json. 格式"`
}

// Run prints the plan as the file says it, without a database.
func (c *planShow) Run(std Streams) error {
	r, err := loadPlan(c.Plan)
	if err != nil {
		return err
	}
	p := r.Plan
	switch c.Format {
	case "csv":
		return writeCSV(std.Out, p)
	case "json":
		return writeJSON(std.Out, p)
	}
	return writeTable(std.Out, p)
}

// columns are those of the CSV; programs rely on their names and order.
var columns = []string{"task", "section", "indicator", "name", "kind", "comparator", "target", "unit",
	"deadline", "trajectory", "rhythm", "due", "leads", "cos", "clause"}

// rows gives one row of columns for each indicator, in the document's order.
func rows(p *plan.Plan) [][]string {
	var list [][]string
	for i := range p.Tasks {
		t := &p.Tasks[i]
		for j := range t.Indicators {
			ind := &t.Indicators[j]
			row := []string{strconv.Itoa(t.Number), strconv.Itoa(t.Section), ind.ID, ind.Name, string(ind.Kind),
				string(ind.Comparator), "", ind.Unit, ind.Deadline.String(), "", ind.Rhythm.String(), due(ind.Due),
				names(p, ind.Leads), names(p, ind.Cos), ind.Clause}
			if ind.Target != nil {
				row[6] = ind.Target.String()
			}
			if ind.Trajectory != nil {
				row[9] = ind.Trajectory.Kind
			}
			list = append(list, row)
		}
	}
	return list
}

// names gives organisations as the document writes them.
func names(p *plan.Plan, ids []string) string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = id
		if o := p.Organisation(id); o != nil {
			list[i] = o.Name
		}
	}
	return strings.Join(list, "|")
}

// due gives a due rule in short: 10d, 5wd, dates, and +1m for data that run a
// month behind.
func due(r plan.DueRule) string {
	var s string
	switch {
	case len(r.Dates) > 0:
		s = "dates"
	case r.WorkingDays > 0:
		s = strconv.Itoa(r.WorkingDays) + "wd"
	default:
		s = strconv.Itoa(r.Days) + "d"
	}
	if r.LagMonths > 0 {
		s += "+" + strconv.Itoa(r.LagMonths) + "m"
	}
	return s
}

func writeCSV(out io.Writer, p *plan.Plan) error {
	w := csv.NewWriter(out)
	if err := w.Write(columns); err != nil {
		return err
	}
	return w.WriteAll(rows(p)) // it flushes
}

func writeJSON(out io.Writer, p *plan.Plan) error {
	var b bytes.Buffer
	if err := json.Indent(&b, planfile.Canonical(p), "", "  "); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := out.Write(b.Bytes())
	return err
}

// writeTable prints what fits a terminal; Chinese takes two columns a character.
func writeTable(out io.Writer, p *plan.Plan) error {
	// Quotation marks and dashes take one column in the terminals of today, in
	// Chinese locales too.
	text.OverrideRuneWidthEastAsianWidth(false)
	w := table.NewWriter()
	w.SetStyle(table.StyleLight)
	w.Style().Options.DrawBorder = false
	w.AppendHeader(table.Row{"任务", "指标", "名称", "类型", "目标", "期限", "序时", "报送", "期限规则", "主办"})
	section, sections := "", map[string]string{}
	for _, s := range p.Sections {
		sections[strconv.Itoa(s.Number)] = s.Title
	}
	for _, r := range rows(p) {
		if r[1] != section {
			section = r[1]
			w.AppendSeparator()
			w.AppendRow(table.Row{"", "", section + " " + sections[section]})
			w.AppendSeparator()
		}
		target := strings.Join(strings.Fields(r[5]+" "+r[6]+" "+r[7]), " ")
		if r[6] == "" {
			target = "" // a unit alone says nothing
		}
		w.AppendRow(table.Row{r[0], r[2], r[3], r[4], target, r[8], r[9], r[10], r[11], strings.ReplaceAll(r[12], "|", "、")})
	}
	if _, err := fmt.Fprintf(out, "%s %s（%s）\n\n", p.Title, p.Number, p.ID); err != nil {
		return err
	}
	for line := range strings.Lines(w.Render() + "\n") {
		if _, err := fmt.Fprintln(out, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}
