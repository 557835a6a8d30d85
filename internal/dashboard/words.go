package dashboard

import (
	"strconv"
	"strings"

	"xushi/internal/judge"
	"xushi/internal/lang"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// The colours of the lights. They are chosen to be read on a dark and on a bright
// theme; a yellow for that is too dull for a lamp, which has one of its own.
const (
	colourRed    = "semi-dark-red"
	colourYellow = "#B88600"
	colourGreen  = "semi-dark-green"
	colourLamp   = "#F2CC0C"
	colourGrey   = "#8E8E8E"
	colourBlue   = "semi-dark-blue"
	colourPlain  = "text"
)

// light is one of the four lights. Each has a shape of its own, so that colour
// never says something alone.
type light struct {
	value  judge.Light
	symbol string
	colour string // as text
	lamp   string // as an area
}

// lights are all of them, the worst first: that is the order people read in.
var lights = []light{
	{judge.Red, "■", colourRed, colourRed},
	{judge.Yellow, "▲", colourYellow, colourLamp},
	{judge.Green, "●", colourGreen, colourGreen},
	{judge.Grey, "○", colourGrey, colourGrey},
}

// ref is the light as a label value and as the name of a query.
func (l light) ref() string { return l.value.String() }

func (l light) word() string { return l.symbol + " " + lang.Light(l.value) }

// short is for narrow columns.
func (l light) short() string { return strings.TrimSuffix(l.word(), "灯") }

func (l light) inked() string { return l.colour }

func (l light) lit() string { return l.lamp }

func (l light) number() string { return strconv.Itoa(int(l.value)) }

// Nothing is the number that stands beside words for there being nothing.
const Nothing = "-1"

// lightWords maps the number of a light to what is said of it, and its colour.
func lightWords(say, colour func(light) string) []Mapping {
	words := map[string]Word{Nothing: {Text: " ", Index: len(lights)}}
	for i, l := range lights {
		words[l.number()] = Word{Text: say(l), Color: colour(l), Index: i}
	}
	return []Mapping{{Type: "value", Options: words}}
}

// filing is a state of reporting.
type filing struct {
	state  judge.Reporting
	symbol string
	brief  string // for narrow columns
	colour string
}

// filings are the states of reporting, the worst first.
var filings = []filing{
	{judge.Late, "■", "逾期", colourRed},
	{judge.AwaitingRelease, "◇", "待发", colourBlue},
	{judge.NotDue, "○", "未到", colourGrey},
	{judge.Filed, "●", "已报", colourGreen},
}

// ref is the state as a label value and as the name of a query.
func (f filing) ref() string { return f.state.String() }

func (f filing) word() string { return f.symbol + " " + lang.Reporting(f.state) }

func (f filing) short() string { return f.symbol + " " + f.brief }

// filingWords maps the states of reporting, by name and by number.
func filingWords(say func(filing) string) []Mapping {
	words := map[string]Word{}
	for i, f := range filings {
		words[f.ref()] = Word{Text: say(f), Color: f.colour, Index: 2 * i}
		words[strconv.Itoa(int(f.state))] = Word{Text: say(f), Color: f.colour, Index: 2*i + 1}
	}
	return []Mapping{{Type: "value", Options: words}}
}

// plainWords maps label values to what they are called.
func plainWords[K ~string](say func(K) string, values ...K) []Mapping {
	words := map[string]Word{}
	for i, v := range values {
		words[string(v)] = Word{Text: say(v), Index: i}
	}
	return []Mapping{{Type: "value", Options: words}}
}

// unsaid hides the number that stands for nothing.
func unsaid() []Mapping {
	return plainWords(func(string) string { return " " }, Nothing)
}

// The words of facts about indicators.
var (
	commitmentWords = plainWords(lang.Commitment, plan.Binding, plan.Expected, plan.BestEffort)
	kindWords       = plainWords(lang.Kind, plan.Cumulative, plan.Growth, plan.Level, plan.Zero, plan.Sync,
		plan.Direction, plan.Milestone, plan.Standing, plan.Context)
	comparatorWords  = plainWords(lang.Comparator, plan.AtLeast, plan.MoreThan, plan.AtMost)
	trajectoryWords  = plainWords(lang.Trajectory, "months", "days", "shares", "points", "deadline")
	setWords         = plainWords(lang.TrajectorySet, "default", "proposed", "approved")
	observationWords = plainWords(lang.Observation, "A", "P", "E", "F")
)

// rhythmWords maps the names of rhythms to what they are called.
func rhythmWords() []Mapping {
	words := map[string]Word{}
	for r := period.Monthly; r.Valid(); r++ {
		words[r.String()] = Word{Text: r.Zh(), Index: len(words)}
	}
	return []Mapping{{Type: "value", Options: words}}
}

// noData is what a panel or a cell without numbers says.
const noData = lang.NoData

// blank is what an empty cell says where others in its column have a number.
const blank = "—"
