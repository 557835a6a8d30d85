// Package plan holds what a government promised: plans, sections, tasks,
// organisations, series, indicators with their targets, trajectories, parts and
// checklists, and the differences between two versions of a plan.
//
// The types are plain values; their JSON form is the canonical one that is
// stored and hashed. Reading YAML and telling what is wrong in a file is the
// business of package planfile.
package plan

import (
	"time"

	"github.com/govalues/decimal"

	"xushi/internal/period"
)

// Plan is one document for one year.
type Plan struct {
	ID        string      `json:"id"`                  // stable, such as gulou-2026
	Area      string      `json:"area"`                // whose plan: the name space of series and organisations, such as gulou
	AreaName  string      `json:"area_name"`           // such as 南京市鼓楼区
	Title     string      `json:"title"`               // of the document
	Number    string      `json:"number"`              // document number, such as 鼓政〔2026〕2号
	Issuer    string      `json:"issuer"`              // who issued it
	Date      period.Date `json:"date"`                // when it was issued
	Year      int         `json:"year"`                // the year it plans
	TimeZone  string      `json:"time_zone"`           // IANA name; due times are at the end of a day there
	Holidays  string      `json:"holidays"`            // holiday calendar that due dates roll by, such as cn
	Approval  Approval    `json:"approval"`            // what a figure needs before it is published
	Source    string      `json:"source,omitempty"`    // where the document is published
	Continues string      `json:"continues,omitempty"` // id of last year's plan

	Organisations []Organisation `json:"organisations"`
	Portfolios    []Portfolio    `json:"portfolios,omitempty"`
	Bands         Bands          `json:"bands"` // defaults for all indicators
	Sections      []Section      `json:"sections"`
	Series        []Series       `json:"series"` // every series the plan's indicators read, each once
	Tasks         []Task         `json:"tasks"`
}

// Approval is what a figure needs before it counts as published.
type Approval string

// ApprovalNone publishes a figure as it is posted.
const ApprovalNone Approval = "none"

// OrgKind is what sort of body an organisation is; letters are worded by it.
type OrgKind string

// The kinds of organisation.
const (
	OrgBureau     OrgKind = "bureau"     // department of the government
	OrgCommittee  OrgKind = "committee"  // management committee of a park or quarter
	OrgStreet     OrgKind = "street"     // street office
	OrgParty      OrgKind = "party"      // party body
	OrgVertical   OrgKind = "vertical"   // branch of a higher authority, police included
	OrgMass       OrgKind = "mass"       // mass organisation such as the youth league
	OrgEnterprise OrgKind = "enterprise" // state-owned enterprise
	OrgGroup      OrgKind = "group"      // several organisations under one name, such as 相关街道板块
)

// Organisation answers for tasks, reports figures or releases them.
type Organisation struct {
	ID      string   `json:"id"`   // stable within the area
	Name    string   `json:"name"` // as the document writes it
	Kind    OrgKind  `json:"kind"`
	Former  []Former `json:"former,omitempty"`  // earlier names
	Members []Member `json:"members,omitempty"` // of a group
}

// Former is a name an organisation bore until a date.
type Former struct {
	Name  string      `json:"name"`
	Until period.Date `json:"until"`
}

// Member belongs to a group between two dates; nil is open.
type Member struct {
	Organisation string       `json:"organisation"`
	From         *period.Date `json:"from,omitempty"`
	To           *period.Date `json:"to,omitempty"`
}

// Portfolio is what one vice-head answers for (分管领导).
type Portfolio struct {
	ID            string   `json:"id"`
	Name          string   `json:"name"`
	Organisations []string `json:"organisations"`
}

// Section is a chapter of the document.
type Section struct {
	Number int    `json:"number"`
	Title  string `json:"title"`
	Short  string `json:"short"` // few words, for charts
}

// Task is a numbered clause.
type Task struct {
	Number     int         `json:"number"`
	Section    int         `json:"section"`
	Title      string      `json:"title"`         // few words, for tables
	Text       string      `json:"text"`          // exactly as issued
	Leads      []string    `json:"leads"`         // 主办, organisation ids in the document's order
	Cos        []string    `json:"cos,omitempty"` // 协办
	Events     []TaskEvent `json:"events,omitempty"`
	Indicators []Indicator `json:"indicators"`
}

// TaskEvent records that a task was adjusted, suspended, ended or handed over.
type TaskEvent struct {
	Date     period.Date `json:"date"`
	Kind     string      `json:"kind"` // adjusted, suspended, ended, handed_over
	Document string      `json:"document"`
	Note     string      `json:"note,omitempty"`
	To       []string    `json:"to,omitempty"` // new leads, where handed over
}

// Series is what is measured, stable across plans and years.
type Series struct {
	ID       string          `json:"id"` // within the area; other areas' series are written area/id
	Name     string          `json:"name"`
	Unit     string          `json:"unit"`               // 亿元, 家, %, …
	Span     string          `json:"span"`               // what a figure covers: month, quarter, half, year, ytd
	Step     decimal.Decimal `json:"step"`               // reporting precision in units; figures are multiples of it
	Basis    string          `json:"basis,omitempty"`    // of a rate: nominal 名义, constant 不变价, comparable 可比口径
	Reporter string          `json:"reporter,omitempty"` // organisation that posts the figures; default: the indicator's first lead
	Source   string          `json:"source,omitempty"`   // organisation that releases them, where it is another
	Ratio    *Ratio          `json:"ratio,omitempty"`    // computed: numerator over denominator, in %
	Note     string          `json:"note,omitempty"`
}

// Ratio computes a series as 100 × numerator ÷ denominator of two others for
// the same part and period.
type Ratio struct {
	Numerator   string `json:"numerator"`
	Denominator string `json:"denominator"`
}

// Kind is how an indicator is held against its target.
type Kind string

// The kinds of indicator; design/product.md gives the rules of each.
const (
	Cumulative Kind = "cumulative" // a total that grows to the target along a trajectory
	Growth     Kind = "growth"     // a rate, the whole target at every period
	Level      Kind = "level"      // a state to be held or reached
	Zero       Kind = "zero"       // nothing of it at any time
	Sync       Kind = "sync"       // in step with another indicator
	Direction  Kind = "direction"  // better than the same period of last year
	Milestone  Kind = "milestone"  // named things done by their dates
	Standing   Kind = "standing"   // continuing work without number or event
	Context    Kind = "context"    // a number or series that is given, not judged
)

// Commitment is how firmly a target was promised.
type Commitment string

// The commitments.
const (
	Binding    Commitment = "binding"     // 约束性
	Expected   Commitment = "expected"    // 预期性
	BestEffort Commitment = "best_effort" // 力争
)

// Comparator relates an actual value to its target.
type Comparator string

// The comparators; the empty one belongs to kinds without a number.
const (
	AtLeast  Comparator = ">="
	MoreThan Comparator = ">"
	AtMost   Comparator = "<="
)

// Indicator is a target on a series within a task.
type Indicator struct {
	ID         string           `json:"id"` // stable within the plan
	Name       string           `json:"name"`
	Clause     string           `json:"clause"` // the words of the document that set it, exactly
	Kind       Kind             `json:"kind"`
	Comparator Comparator       `json:"comparator,omitempty"`
	Target     *decimal.Decimal `json:"target,omitempty"` // in Unit
	Base       decimal.Decimal  `json:"base"`             // where a cumulative one starts, in Unit
	Unit       string           `json:"unit,omitempty"`   // the series' unit
	Deadline   period.Date      `json:"deadline"`
	Commitment Commitment       `json:"commitment"`
	Leads      []string         `json:"leads"`         // responsible; default: the task's
	Cos        []string         `json:"cos,omitempty"` // supporting; default: the task's
	Series     string           `json:"series,omitempty"`
	Rhythm     period.Rhythm    `json:"rhythm"`
	Due        DueRule          `json:"due"`
	Trajectory *Trajectory      `json:"trajectory,omitempty"` // cumulative only
	Bands      *Bands           `json:"bands,omitempty"`      // where they differ from the plan's
	Changes    []TargetChange   `json:"changes,omitempty"`    // mid-year, by effective date
	Visibility *Visibility      `json:"visibility,omitempty"` // default open

	Reference string            `json:"reference,omitempty"`  // sync: indicator of this plan it keeps step with
	Tolerance *decimal.Decimal  `json:"tolerance,omitempty"`  // sync: percentage points, default 0.5
	Sense     string            `json:"sense,omitempty"`      // direction: up or down is better
	BaseShare []decimal.Decimal `json:"base_share,omitempty"` // growth: last year's cumulative percentages by month, for what the rest of the year must bring

	Parts     []Part     `json:"parts,omitempty"`
	Total     string     `json:"total,omitempty"` // with parts: reported (default), sum or none
	Checklist *Checklist `json:"checklist,omitempty"`

	Reason string `json:"reason,omitempty"` // why it is modelled so
}

// TargetChange replaces target, deadline or trajectory from a date on.
type TargetChange struct {
	Effective  period.Date      `json:"effective"`
	Document   string           `json:"document"` // number of the document that decided it
	Target     *decimal.Decimal `json:"target,omitempty"`
	Deadline   *period.Date     `json:"deadline,omitempty"`
	Trajectory *Trajectory      `json:"trajectory,omitempty"`
	Note       string           `json:"note,omitempty"`
}

// Visibility says who may see an indicator's figures, and from when.
type Visibility struct {
	Class     string     `json:"class"` // open, internal or restricted
	NotBefore *time.Time `json:"not_before,omitempty"`
}

// DueRule says when the figure of a period is due.
type DueRule = period.DueRule

// Trajectory is the road from base to target within the year.
type Trajectory struct {
	Kind   string            `json:"kind"`             // months, days, shares, points, deadline
	Shares []decimal.Decimal `json:"shares,omitempty"` // 12 cumulative percentages
	Points []Point           `json:"points,omitempty"` // dated amounts, the last is the target at the deadline
	Set    string            `json:"set,omitempty"`    // who set it: default, proposed, approved
	Reason string            `json:"reason,omitempty"`
}

// Point is an amount, base included, owed at the end of a day.
type Point struct {
	Date   period.Date     `json:"date"`
	Amount decimal.Decimal `json:"amount"`
}

// Part is a street, park or organisation inside an indicator.
type Part struct {
	ID           string           `json:"id"`
	Name         string           `json:"name"`
	Organisation string           `json:"organisation,omitempty"`
	Target       *decimal.Decimal `json:"target,omitempty"` // default: the indicator's for rates and levels
	Base         decimal.Decimal  `json:"base"`
}

// Checklist names the things behind a milestone or a count.
type Checklist struct {
	Size    int     `json:"size"` // how many things there are; more than Entries where not all are named yet
	Entries []Entry `json:"entries"`
}

// Complete tells whether every thing is named. The count of a complete list is
// derived from it; until then it is reported.
func (c *Checklist) Complete() bool { return c != nil && len(c.Entries) >= c.Size }

// Entry is a named thing to be done by a date.
type Entry struct {
	ID      string          `json:"id"`
	Name    string          `json:"name"`
	Planned period.Date     `json:"planned"` // default: the indicator's deadline
	Weight  decimal.Decimal `json:"weight"`  // default 1
}

// Bands are the limits between the statuses. Nil members take the plan's, then
// the system's defaults; a band list covers every value without hole or overlap.
type Bands struct {
	Pace []Band `json:"pace,omitempty"` // cumulative: actual − base over expected − base
	Gap  []Band `json:"gap,omitempty"`  // growth, level, sync: percentage points, or the unit of the indicator
	Age  []Band `json:"age,omitempty"`  // milestone: months the oldest open due entry is overdue
}

// Band gives a status to the values from From up to but not including Below;
// nil is unbounded. For Age the limits are exclusive below and inclusive above.
type Band struct {
	Status   string           `json:"status"`
	From     *decimal.Decimal `json:"from,omitempty"`
	Below    *decimal.Decimal `json:"below,omitempty"`
	LagBelow *decimal.Decimal `json:"or_lag_months_below,omitempty"` // Pace: also values below From while the lag is less
}
