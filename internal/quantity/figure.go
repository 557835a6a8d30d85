package quantity

import (
	"slices"
	"strconv"

	"xushi/internal/figure"
	"xushi/internal/judge"
)

// figures are the quantities that have a series for each period, so that a table
// or a bar chart can show the periods side by side. They are read at an own
// period and stand only over reference time.
func figures() []*Quantity {
	var list []*Quantity
	for _, s := range []struct {
		of               Subject
		prefix, help, zh string
	}{
		{Figures, "xushi_", "By period: ", "按期："},
		{PartFigures, "xushi_part_", "Part of an indicator, by period: ", "分项按期："},
	} {
		for _, d := range readings {
			if d.figure != "" {
				d.name = d.figure
				d.value = atOwn(d.value)
				list = append(list, d.byPeriod(s.of, s.prefix, s.help+d.help, s.zh+d.helpZh))
			}
		}
		for _, d := range ofFigures {
			list = append(list, d.byPeriod(s.of, s.prefix, s.help+d.help, s.zh+d.helpZh))
		}
	}
	return list
}

func (d *reading) byPeriod(of Subject, prefix, help, helpZh string) *Quantity {
	q := d.quantity(of, prefix, help, helpZh)
	q.Cadence, q.Past = ByCalendar, true
	return q
}

// ofFigures are what is only given by period.
var ofFigures = []reading{
	{name: "figure_reporting", zh: "报送", unit: Rank, value: periodReporting,
		help: "How the period is reported, as a rank: 1 filed, 2 not due, 3 awaiting release, 4 late.", helpZh: "该期的报送状态：1已报，2未到报送期，3待上级发布，4逾期未报。"},
	{name: "figure_light_severity", zh: "灯", unit: Rank, value: light,
		help: "Light at the period as a rank: 0 grey, 1 green, 2 yellow, 3 red; late figures count in.", helpZh: "该期的灯：0灰，1绿，2黄，3红；已计入逾期未报。"},
	{name: "figure_revisions", zh: "数据版本数", unit: Count, value: revisions,
		help: "How many revisions of the figure are known.", helpZh: "该期数据已有几个版本。"},
	{name: "figure_revision", zh: "数据版本", unit: Own, extra: []string{"known", "observation", "reason", "revision"},
		variants: revisionFacts, value: revision,
		help: "A revision of the figure; observation is A final, P preliminary or E estimated, known the moment in the plan's zone.", helpZh: "该期数据的一个版本；observation：A正式、P初步、E估计，known为获知时刻，reason为修订说明。"},
}

// judgedAt tells that a row's own period is the one that is judged.
func (r *Row) judgedAt() bool { return r.State.Period == r.Own().Period }

// atOwn reads a value only where it is that of the row's own period.
func atOwn(value func(*Row, []string) (float64, bool)) func(*Row, []string) (float64, bool) {
	return func(r *Row, v []string) (float64, bool) {
		if !r.judgedAt() {
			return 0, false
		}
		return value(r, v)
	}
}

func periodReporting(r *Row, _ []string) (float64, bool) {
	if r.State.Reporting == 0 {
		return 0, false
	}
	if !r.PartsOnly() {
		return float64(r.table.snapshot.Filed(r.Item, r.State, r.own)), true
	}
	worst := judge.Filed
	for i := range r.Item.Parts {
		worst = max(worst, r.table.snapshot.Filed(r.Item, &r.Item.Parts[i], r.own))
	}
	return float64(worst), true
}

// revisions are those of the row's figure that stand for a value, oldest first.
func (r *Row) revisions() []*figure.Revision {
	list := r.table.snapshot.Revisions(r.Item, r.Part(), r.Own().Period)
	return slices.DeleteFunc(slices.Clone(list), func(v *figure.Revision) bool { return v.Void })
}

func revisions(r *Row, _ []string) (float64, bool) {
	n := len(r.revisions())
	return float64(n), n > 0
}

func revisionFacts(r *Row) [][]string {
	var list [][]string
	for i, v := range r.revisions() {
		list = append(list, []string{v.KnownAt.In(r.Plan.Zone).Format("2006-01-02 15:04"), string(v.Status), v.Reason, strconv.Itoa(i + 1)})
	}
	return list
}

func revision(r *Row, v []string) (float64, bool) {
	i, err := strconv.Atoi(v[3])
	if err != nil {
		return 0, false
	}
	list := r.revisions()
	if i < 1 || i > len(list) {
		return 0, false
	}
	return list[i-1].Value.Float64()
}
