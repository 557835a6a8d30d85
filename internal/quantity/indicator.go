package quantity

import (
	"fmt"
	"slices"
	"time"

	"xushi/internal/exact"
	"xushi/internal/figure"
	"xushi/internal/judge"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// reading is a quantity of an indicator as a whole or, under a name of its own,
// of one of its parts. Parts are families apart, for a label on the same ones
// would make every sum count twice.
type reading struct {
	name, zh, help, helpZh string
	unit                   Unit
	extra                  []string
	variants               func(*Row) [][]string
	value                  func(*Row, []string) (float64, bool)
	wholeOnly              bool // parts have none
	cadence                Cadence
	past                   bool   // not a gauge
	figure                 string // name of its twin that has a series for each period; "" for none
}

// readings is the table of what is published of indicators and parts.
var readings = []reading{
	{name: "target", zh: "目标值", unit: Own, value: target, cadence: Owed,
		help: "Target in force at the judged period's end; of sync and direction the figure it is held against.", helpZh: "当期适用的目标值；节点类为100（权重%），清零类为0，同步类、同比改善类为所对照的数。"},
	{name: "actual", zh: "实际值", unit: Own, value: number(func(j *judge.Judgement) exact.Opt { return j.Actual }), figure: "figure",
		help: "Newest figure; of milestones the weight of what is done.", helpZh: "最新一期数据；节点类为已完成事项的权重。"},
	{name: "expected", zh: "序时应达", unit: Own, value: number(func(j *judge.Judgement) exact.Opt { return j.Expected }), cadence: Owed, figure: "figure_expected",
		help: "What is owed by the judged period's end, rounded down to what can be reported.", helpZh: "按序时到期末应达到的值，向下取整到填报精度。"},
	{name: "gap", zh: "与序时差额", unit: Own, value: number(func(j *judge.Judgement) exact.Opt { return j.Gap }), figure: "figure_gap",
		help: "Actual against expected, positive is good whichever way is better.", helpZh: "实际与应达之差，正为好；越低越好的指标已反号。"},
	{name: "gap_points", zh: "超序时百分点", unit: Points, value: number(func(j *judge.Judgement) exact.Opt { return j.GapPP }),
		help: "Distance from the unrounded trajectory in percent of the way from base to target (cumulative only).", helpZh: "累计类：快于（正）或低于（负）时间进度的百分点。"},
	{name: "attainment_ratio", zh: "完成比例", unit: Ratio, value: number(func(j *judge.Judgement) exact.Opt { return j.Attainment }),
		help: "Actual over target (cumulative only).", helpZh: "累计类：实际值与目标值之比。"},
	{name: "pace_ratio", zh: "序时比", unit: Ratio, value: number(func(j *judge.Judgement) exact.Opt { return j.Pace }),
		help: "What was gained over what was owed so far (cumulative only; none while nothing is owed).", helpZh: "累计类：已完成与应完成之比；尚无应完成时没有。"},
	{name: "lag_months", zh: "滞后月数", unit: Months, value: number(func(j *judge.Judgement) exact.Opt { return j.Lag }),
		help: "Months behind the trajectory, negative is ahead; of milestones the age of the oldest open due entry.", helpZh: "约滞后几个月，负为提前；节点类为最早逾期事项的逾期月数。"},
	{name: "required_per_month", zh: "后续月均需完成", unit: Own, value: required(false),
		help: "What each remaining month must bring to reach the target (cumulative only).", helpZh: "累计类：到期限前每月平均还需完成多少。"},
	{name: "required_rate", zh: "后续需增长", unit: Own, value: required(true),
		help: "Growth that the rest of the year needs to reach the target (growth only).", helpZh: "增速类：余下时间需要达到的增速。"},
	{name: "projection", zh: "按当前进度推算全年", unit: Own, value: number(func(j *judge.Judgement) exact.Opt { return j.Projection }),
		help: "Value at the deadline if the rest goes as the year so far (cumulative only, from a quarter of the way on).", helpZh: "累计类：按当前进度推算到期限的值；序时不足四分之一时没有。"},
	{name: "status", zh: "状态", unit: Flag, extra: []string{"status"}, variants: statuses, value: status,
		help: "State set: 1 for the status that holds, 0 for the others that the kind knows.", helpZh: "状态集：当前状态为1，该类指标的其他状态为0。"},
	{name: "status_severity", zh: "状态严重度", unit: Rank, value: severity, figure: "figure_status_severity",
		help: "Status as a rank: 1 done, 2 ahead, 3 on track, 4 pending, 5 slightly behind, 6 behind, 7 missed.", helpZh: "状态的序号，越大越差：1完成，2快于，3达到，4暂无数据，5略慢，6滞后，7未完成。"},
	{name: "light_severity", zh: "灯", unit: Rank, value: light, cadence: ByCalendar,
		help: "Light as a rank: 0 grey (unknown), 1 green, 2 yellow, 3 red; late figures count in.", helpZh: "灯的序号：0灰，1绿，2黄，3红；已计入逾期未报。"},
	{name: "reporting", zh: "报送状态", unit: Flag, extra: []string{"state"}, variants: reportingStates, value: reporting, cadence: ByCalendar,
		help: "State set of reporting: filed, not_due, awaiting_release (the source has not released it) or late.", helpZh: "报送状态集：filed已报，not_due未到报送期，awaiting_release待上级发布，late逾期未报。"},
	{name: "missed_periods", zh: "逾期未报期数", unit: Count, value: missed, cadence: ByCalendar,
		help: "Due periods since the newest figure.", helpZh: "最新数据之后已到期而没有数据的期数。"},
	{name: "figure_known_timestamp_seconds", zh: "最近数据的获知时间", unit: Seconds, value: known,
		help: "When the newest figure, account or checklist event became known.", helpZh: "最新数据（或书面进展、清单办结）的获知时间。"},
	{name: "figure_period_end_timestamp_seconds", zh: "最近数据的期末", unit: Seconds, value: periodEnd,
		help: "First instant after the period that is judged.", helpZh: "所评价的那一期结束的时刻（次日零时）。"},
	{name: "next_due_timestamp_seconds", zh: "下次报送期限", unit: Seconds, value: due, cadence: ByCalendar,
		help: "When the oldest missing figure is due; in the past where it is late.", helpZh: "最早一期未报数据的报送期限；已逾期的在过去。"},
	{name: "late_completion", zh: "逾期完成", unit: Flag, value: lateCompletion,
		help: "1 where a target that is done was met only after its deadline.", helpZh: "已完成的目标中，期限之后才完成的为1。"},
	{name: "lowered", zh: "调低后完成", unit: Flag, value: lowered,
		help: "1 where the target is met, but would not be under the original one; only where a changed target is in force.", helpZh: "目标调整后：按调整后完成而按原目标未完成的为1。"},
	{name: "checklist_entries", zh: "清单事项数", unit: Count, cadence: Monthly, value: entries, wholeOnly: true,
		help: "Things on the checklist, those not named yet included.", helpZh: "清单事项总数，含尚未列名的。"},
	{name: "checklist_entries_done", zh: "清单已办结数", unit: Count, cadence: Monthly, value: entriesDone, wholeOnly: true,
		help: "Things on the checklist that are done.", helpZh: "清单中已办结的事项数。"},

	{name: "owed", zh: "当期应达", unit: Own, value: number(func(j *judge.Judgement) exact.Opt { return j.Expected }),
		help: "What was owed by the period of the newest figure; unlike xushi_expected it never runs ahead of it in PromQL.", helpZh: "所评价的那一期应达到的值；与xushi_expected不同，在PromQL里不超前于最新数据。"},
	{name: "behind_limit", zh: "红线", unit: Own, value: behindLimit, cadence: Owed, past: true,
		help: "Value at which a light turns red: between it and what is expected is yellow (cumulative, growth, level).", helpZh: "滞后（红灯）的界线，与应达值之间为黄灯；累计类、增速类、达标类。"},
	{name: "projection_low", zh: "推算下限", unit: Own, value: outlook(func(o *judge.Outlook) float64 { return o.Low }), past: true,
		help: "Lower end of the projection's 80 percent interval (cumulative only, from four periods on).", helpZh: "累计类：按当前进度推算的八成区间下限，满四期才有。"},
	{name: "projection_high", zh: "推算上限", unit: Own, value: outlook(func(o *judge.Outlook) float64 { return o.High }), past: true,
		help: "Upper end of the projection's 80 percent interval.", helpZh: "累计类：按当前进度推算的八成区间上限。"},
	{name: "target_probability", zh: "完成可能性", unit: Ratio, value: outlook(func(o *judge.Outlook) float64 { return o.Probability }), past: true,
		help: "Probability of reaching the target, as the periods so far scatter; for specialists.", helpZh: "累计类：按已有各期波动估计的完成可能性，供专业人员参考。"},
	{name: "previous", zh: "上期值", unit: Own, value: previous, past: true,
		help: "Value of the own period before, of the same year.", helpZh: "同年上一期的值。"},
	{name: "increment", zh: "当期值", unit: Own, value: increment, past: true, figure: "figure_increment",
		help: "What the period itself brought, such as the month's value of a cumulative figure (cumulative only).", helpZh: "累计类：本期新增，按月填报的即当月值。"},
	{name: "month_on_month_ratio", zh: "环比", unit: Ratio, value: onPrevious, past: true, figure: "figure_month_on_month_ratio",
		help: "Change of what the period brought against the period before, where both are of the same length (cumulative only).", helpZh: "累计类：当期值比上期当期值的增减；两期月数相同才有。"},
	{name: "last_year", zh: "上年同期", unit: Own, value: lastYear, past: true, figure: "figure_last_year",
		help: "Value for the same period of last year.", helpZh: "上年同期的值。"},
	{name: "year_on_year_ratio", zh: "同比", unit: Ratio, value: onLastYear(false), past: true, figure: "figure_year_on_year_ratio",
		help: "Change against the same period of last year; rates have it in points.", helpZh: "比上年同期的增减；比率类指标按百分点另列。"},
	{name: "year_on_year_points", zh: "同比百分点", unit: Points, value: onLastYear(true), past: true, figure: "figure_year_on_year_points",
		help: "Change of a rate against the same period of last year, in percentage points.", helpZh: "比率类指标比上年同期增减的百分点。"},
}

// indicators are the quantities of indicators as a whole.
func indicators() []*Quantity {
	list := make([]*Quantity, 0, len(readings))
	for _, d := range readings {
		list = append(list, d.quantity(Indicators, "xushi_", d.help, d.helpZh))
	}
	return list
}

// parts are the quantities of the parts of indicators.
func parts() []*Quantity {
	var list []*Quantity
	for _, d := range readings {
		if !d.wholeOnly {
			list = append(list, d.quantity(Parts, "xushi_part_", "Part of an indicator: "+d.help, "分项："+d.helpZh))
		}
	}
	return list
}

func (d *reading) quantity(of Subject, prefix, help, helpZh string) *Quantity {
	return &Quantity{Name: prefix + d.name, Zh: d.zh, Help: help, HelpZh: helpZh, Unit: d.unit,
		Of: of, Extra: d.extra, variants: d.variants, value: d.value, Cadence: d.cadence, Past: d.past}
}

// PartsOnly tells that a row is the total of an indicator that has parts only.
// Its state is that of the worst part, whose numbers are not the whole's.
func (r *Row) PartsOnly() bool {
	return r.State.Part == nil && r.Item.Total == "none" && len(r.Item.Parts) > 0
}

// changed is the newest change of the target, of those asked for, that is in
// force at the judged period's end; nil where there is none.
func (r *Row) changed(what func(*plan.TargetChange) bool) *plan.TargetChange {
	var newest *plan.TargetChange
	for i := range r.Item.Changes {
		c := &r.Item.Changes[i]
		if what(c) && c.Effective <= r.State.Period.Last() && (newest == nil || c.Effective > newest.Effective) {
			newest = c
		}
	}
	return newest
}

func opt(o exact.Opt) (float64, bool) { return o.Value.Float64(), o.OK }

// number reads a quantity of the judgement.
func number(of func(*judge.Judgement) exact.Opt) func(*Row, []string) (float64, bool) {
	return func(r *Row, _ []string) (float64, bool) {
		if r.PartsOnly() {
			return 0, false
		}
		return opt(of(&r.State.Judgement))
	}
}

// required tells the rate that a growth target needs from the amounts of others.
func required(growth bool) func(*Row, []string) (float64, bool) {
	read := number(func(j *judge.Judgement) exact.Opt { return j.Required })
	return func(r *Row, v []string) (float64, bool) {
		if (r.Item.Kind == plan.Growth) != growth {
			return 0, false
		}
		return read(r, v)
	}
}

func target(r *Row, _ []string) (float64, bool) {
	if r.State.Rule != nil && !r.PartsOnly() {
		if t := r.State.Rule.Target(); t.OK {
			return opt(t)
		}
		return opt(r.State.Judgement.Expected) // sync and direction: what the figure is held against
	}
	ind := r.Item.Indicator.Indicator
	if ind.Target == nil || r.State.Part != nil {
		return 0, false
	}
	// A number given for context, or a whole whose parts are judged.
	t := ind.Target
	if c := r.changed(func(c *plan.TargetChange) bool { return c.Target != nil }); c != nil {
		t = c.Target
	}
	return exact.FromDecimal(*t).Float64(), true
}

// anyStatus are the statuses of judged targets, the best first.
var anyStatus = []judge.Status{judge.Done, judge.Ahead, judge.OnTrack, judge.Pending, judge.SlightlyBehind, judge.Behind, judge.Missed}

// The statuses that the kinds know, as label values.
var (
	mostStatuses      = values(anyStatus)
	zeroStatuses      = values([]judge.Status{judge.Done, judge.OnTrack, judge.Pending, judge.Behind, judge.Missed})
	directionStatuses = values([]judge.Status{judge.Done, judge.OnTrack, judge.Pending, judge.SlightlyBehind, judge.Behind, judge.Missed})
)

// labelled is a state that has a name for labels.
type labelled interface {
	comparable
	fmt.Stringer
}

// values are states as the values of one label, in order of the alphabet: that
// is the order an exposition has them in, and sorting what is in order is cheap.
func values[K labelled](states []K) [][]string {
	out := make([][]string, len(states))
	for i, s := range states {
		out[i] = []string{s.String()}
	}
	slices.SortFunc(out, slices.Compare[[]string])
	return out
}

// statuses are those that a row may have; none where nothing is judged.
func statuses(r *Row) [][]string {
	switch {
	case r.State.Judgement.Status == judge.None:
		return nil
	case r.Item.Kind == plan.Zero:
		return zeroStatuses
	case r.Item.Kind == plan.Direction:
		return directionStatuses
	}
	return mostStatuses
}

func status(r *Row, v []string) (float64, bool) {
	return flag(r.State.Judgement.Status.String() == v[0]), true
}

func severity(r *Row, _ []string) (float64, bool) {
	s := r.State.Judgement.Status
	return float64(s.Severity()), s != judge.None
}

// light is that of judged targets and of standing work.
func light(r *Row, _ []string) (float64, bool) {
	return float64(r.State.Light), r.State.Judgement.Status != judge.None || r.Item.Kind == plan.Standing
}

// anyReporting are the reporting states.
var anyReporting = []judge.Reporting{judge.Filed, judge.NotDue, judge.AwaitingRelease, judge.Late}

// The reporting states, as label values.
var (
	ownReporting      = values([]judge.Reporting{judge.Filed, judge.NotDue, judge.Late})
	releasedReporting = values(anyReporting)
)

// reportingStates are those that a row may have; only figures that another
// office releases can be awaited.
func reportingStates(r *Row) [][]string {
	switch {
	case r.State.Reporting == 0: // a number that is given once
		return nil
	case r.Item.Series != nil && r.Item.Series.Source != "":
		return releasedReporting
	}
	return ownReporting
}

func reporting(r *Row, v []string) (float64, bool) {
	return flag(r.State.Reporting.String() == v[0]), true
}

func missed(r *Row, _ []string) (float64, bool) {
	return float64(r.State.Missed), r.State.Reporting != 0
}

// seconds is a moment as Prometheus has it; none for the zero moment.
func seconds(t time.Time) (float64, bool) {
	return float64(t.UnixMilli()) / 1000, !t.IsZero()
}

func known(r *Row, _ []string) (float64, bool) {
	newest := r.State.Known
	if r.State.Part == nil {
		for i := range r.Item.Entries {
			if e := r.Item.Entries[i].Event; e != nil && r.within(e, r.State.Period.Last()) && e.KnownAt.After(newest) {
				newest = e.KnownAt
			}
		}
	}
	return seconds(newest)
}

func periodEnd(r *Row, _ []string) (float64, bool) {
	if !r.State.Period.Valid() {
		return 0, false
	}
	return seconds(r.State.Period.Last().End(r.Plan.Zone))
}

func due(r *Row, _ []string) (float64, bool) { return seconds(r.State.DueAt) }

func lateCompletion(r *Row, _ []string) (float64, bool) {
	j := &r.State.Judgement
	return flag(j.LateCompletion), j.Status == judge.Done
}

func lowered(r *Row, _ []string) (float64, bool) {
	original := r.State.Original
	if original == nil {
		return 0, false
	}
	return flag(r.State.Judgement.Met && !original.Met), true
}

// within tells whether what an event says was so by a date, where a month is
// looked at; now, everything is.
func (r *Row) within(e *figure.EntryEvent, by period.Date) bool {
	return r.table.snapshot.UpTo() == 0 || e.Done != nil && *e.Done <= by
}

// entries and entriesDone are given where the value follows from them. A count
// that is reported although some of its things are named would contradict them.
func entries(r *Row, _ []string) (float64, bool) {
	if !r.Item.FromEvents() {
		return 0, false
	}
	return float64(max(r.Item.Checklist.Size, len(r.Item.Checklist.Entries))), true
}

func entriesDone(r *Row, _ []string) (float64, bool) {
	done := 0
	for i := range r.Item.Entries {
		if e := &r.Item.Entries[i]; e.Done() && r.within(e.Event, r.table.snapshot.UpTo().Last()) {
			done++
		}
	}
	return float64(done), r.Item.FromEvents()
}
