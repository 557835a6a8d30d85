package dashboard

import (
	"strconv"

	"xushi/internal/judge"
	"xushi/internal/plan"
)

// The colours of the lights. They are chosen to be read on a dark and on a
// bright theme, as text and as background.
const (
	colourRed    = "semi-dark-red"
	colourYellow = "dark-yellow"
	colourGreen  = "semi-dark-green"
	colourGrey   = "#8E8E8E"
	colourBlue   = "semi-dark-blue"
	colourPlain  = "text"
)

// light is one of the four lights. Each has a shape of its own, so that colour
// never says something alone.
type light struct {
	ref    string // as a label value and as the name of a query
	value  judge.Light
	symbol string
	name   string
	colour string
}

// lights are all of them, the worst first: that is the order people read in.
var lights = []light{
	{"red", judge.Red, "■", "红灯", colourRed},
	{"yellow", judge.Yellow, "▲", "黄灯", colourYellow},
	{"green", judge.Green, "●", "绿灯", colourGreen},
	{"grey", judge.Grey, "○", "灰灯", colourGrey},
}

func (l light) word() string { return l.symbol + " " + l.name }

func (l light) number() string { return strconv.Itoa(int(l.value)) }

// nothing is the number in tables' light column that says there are no rows:
// orText makes it.
const nothing = "-1"

// lightWords maps the number of a light to its symbol, word and colour.
func lightWords() []Mapping {
	words := map[string]Word{nothing: {Text: " ", Index: len(lights)}}
	for i, l := range lights {
		words[l.number()] = Word{Text: l.word(), Color: l.colour, Index: i}
	}
	return []Mapping{{Type: "value", Options: words}}
}

// statusWording says what the statuses of some kinds are called. A kind that
// does not know a status has no word for it.
type statusWording struct {
	kinds []plan.Kind
	words map[judge.Status]string
	after string // done, but only after the deadline
}

// statusWordings is the table of design/terms.md: a growth rate is never
// "behind the calendar".
var statusWordings = []statusWording{
	{[]plan.Kind{plan.Cumulative}, map[judge.Status]string{
		judge.Done: "已完成", judge.Ahead: "快于序时", judge.OnTrack: "达到序时",
		judge.SlightlyBehind: "略慢于序时", judge.Behind: "滞后", judge.Missed: "逾期未完成",
	}, "逾期完成"},
	{[]plan.Kind{plan.Growth, plan.Level, plan.Sync}, map[judge.Status]string{
		judge.Done: "达到目标", judge.Ahead: "高于目标", judge.OnTrack: "达到目标",
		judge.SlightlyBehind: "略低于目标", judge.Behind: "低于目标", judge.Missed: "未达目标",
	}, "达到目标（逾期）"},
	{[]plan.Kind{plan.Zero}, map[judge.Status]string{
		judge.Done: "已清零", judge.OnTrack: "已清零", judge.Behind: "未清零", judge.Missed: "未清零",
	}, "已清零（逾期）"},
	{[]plan.Kind{plan.Direction}, map[judge.Status]string{
		judge.Done: "同比改善", judge.OnTrack: "同比改善",
		judge.SlightlyBehind: "与上年持平", judge.Behind: "同比变差", judge.Missed: "未改善",
	}, "同比改善（逾期）"},
	{[]plan.Kind{plan.Milestone}, map[judge.Status]string{
		judge.Done: "已完成", judge.Ahead: "提前推进", judge.OnTrack: "节点正常",
		judge.SlightlyBehind: "节点略滞后", judge.Behind: "节点滞后", judge.Missed: "逾期未完成",
	}, "逾期完成"},
}

// standingWords are what the supervision office's lights on standing work say.
var standingWords = map[judge.Light]string{
	judge.Green: "正常推进", judge.Yellow: "需关注", judge.Red: "推进缓慢", judge.Grey: noData,
}

// statusWords maps what statusWord makes of an indicator's kind and status, such
// as growth/6, to the word of that kind; where a figure is late the word says of
// which period it is, for late neither hides nor resolves what was behind. It has
// no colours: a missed 力争 target is yellow, and the light beside the word knows.
func statusWords() []Mapping {
	words := map[string]Word{}
	add := func(kind plan.Kind, rank int, text string) {
		words[string(kind)+"/"+strconv.Itoa(rank)] = Word{Text: text, Index: len(words)}
		last := "上期" + text
		if text == noData {
			last = "尚无数据"
		}
		words[string(kind)+"/"+strconv.Itoa(rank+overdue)] = Word{Text: "逾期未报（" + last + "）", Index: len(words)}
	}
	for _, w := range statusWordings {
		for _, kind := range w.kinds {
			for _, s := range judge.Statuses() {
				if text, ok := w.words[s]; ok {
					add(kind, s.Severity(), text)
				}
			}
			add(kind, judge.Pending.Severity(), noData)
			add(kind, judge.Done.Severity()+afterDeadline, w.after)
		}
	}
	for _, l := range lights {
		add(plan.Standing, int(l.value), standingWords[l.value])
	}
	return []Mapping{{Type: "value", Options: words}}
}

// filing is a state of reporting.
type filing struct {
	state  judge.Reporting
	symbol string
	name   string
	colour string
}

// filings are the states of reporting, the worst first.
var filings = []filing{
	{judge.Late, "■", "逾期未报", colourRed},
	{judge.AwaitingRelease, "◇", "待上级发布", colourBlue},
	{judge.NotDue, "○", "未到报送期", colourGrey},
	{judge.Filed, "●", "已报", colourGreen},
}

func (f filing) word() string { return f.symbol + " " + f.name }

// filingWords maps the states of reporting, by name and by number, to words.
func filingWords() []Mapping {
	words := map[string]Word{}
	for i, f := range filings {
		words[f.state.String()] = Word{Text: f.word(), Color: f.colour, Index: 2 * i}
		words[strconv.Itoa(int(f.state))] = Word{Text: f.word(), Color: f.colour, Index: 2*i + 1}
	}
	return []Mapping{{Type: "value", Options: words}}
}

// cellWords maps the numbers of a matrix to symbols with one character, for a
// column of a month is narrow.
func cellWords(status bool) []Mapping {
	words := map[string]Word{}
	if status {
		for _, s := range judge.Statuses() {
			l := lights[3]
			switch {
			case s == judge.None:
				continue
			case s >= judge.Behind:
				l = lights[0]
			case s == judge.SlightlyBehind:
				l = lights[1]
			case s < judge.Pending:
				l = lights[2]
			}
			words[strconv.Itoa(s.Severity())] = Word{Text: l.symbol + " " + l.name[:len("红")], Color: l.colour, Index: len(words)}
		}
	} else {
		short := map[judge.Reporting]string{judge.Late: "逾期", judge.AwaitingRelease: "待发", judge.NotDue: "未到", judge.Filed: "已报"}
		for i, f := range filings {
			words[strconv.Itoa(int(f.state))] = Word{Text: f.symbol + " " + short[f.state], Color: f.colour, Index: i}
		}
	}
	return []Mapping{{Type: "value", Options: words}}
}

// plainWords maps label values to words.
func plainWords(pairs ...string) []Mapping {
	words := map[string]Word{}
	for i := 0; i < len(pairs); i += 2 {
		words[pairs[i]] = Word{Text: pairs[i+1], Index: i / 2}
	}
	return []Mapping{{Type: "value", Options: words}}
}

// The words of facts about indicators.
var (
	commitmentWords = plainWords("binding", "约束性", "expected", "预期性", "best_effort", "力争")
	kindWords       = plainWords("cumulative", "累计类", "growth", "增速类", "level", "达标类", "zero", "清零类", "sync", "同步类",
		"direction", "同比改善类", "milestone", "节点类", "standing", "常态推进类", "context", "参考数")
	comparatorWords  = plainWords(">=", "不低于（≥）", ">", "高于（＞）", "<=", "不高于（≤）", "<", "低于（＜）")
	rhythmWords      = plainWords("monthly", "按月", "monthly_janfeb", "按月（1—2月合并）", "quarterly", "按季", "half_yearly", "按半年", "yearly", "按年")
	trajectoryWords  = plainWords("months", "按月均衡", "days", "按天均衡", "shares", "按往年节奏", "points", "按批次点位", "deadline", "到期一次")
	setWords         = plainWords("default", "按默认序时", "proposed", "牵头单位拟定", "approved", "督查室审定")
	observationWords = plainWords("A", "正式数", "P", "快报数", "E", "估计数", "F", "部门预计")
)

// noData is what a panel or a cell without numbers says.
const noData = "暂无数据"

// blank is what an empty cell says where others in its column have a number.
const blank = "—"
