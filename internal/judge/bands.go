package judge

import (
	"slices"

	"github.com/govalues/decimal"

	"xushi/internal/exact"
	"xushi/internal/fault"
	"xushi/internal/plan"
)

// DefaultBands gives the bands that hold where neither the indicator nor its
// plan sets others. Those of the gap are for units of % only.
//
//	pace (序时比)       ≥ 1.05 ahead · ≥ 1 on_track · ≥ 0.9 or lag < 1 month slightly_behind · else behind
//	gap (points)       ≥ 0.5 ahead · ≥ 0 on_track · ≥ −1 slightly_behind · else behind
//	age (months)       ≤ 1 slightly_behind · more behind
func DefaultBands() plan.Bands {
	n := func(s string) *decimal.Decimal {
		d := decimal.MustParse(s)
		return &d
	}
	return plan.Bands{
		Pace: []plan.Band{
			{Status: "ahead", From: n("1.05")},
			{Status: "on_track", From: n("1"), Below: n("1.05")},
			{Status: "slightly_behind", From: n("0.9"), Below: n("1"), LagBelow: n("1")},
			{Status: "behind", Below: n("0.9")},
		},
		Gap: []plan.Band{
			{Status: "ahead", From: n("0.5")},
			{Status: "on_track", From: n("0"), Below: n("0.5")},
			{Status: "slightly_behind", From: n("-1"), Below: n("0")},
			{Status: "behind", Below: n("-1")},
		},
		Age: []plan.Band{
			{Status: "slightly_behind", Below: n("1")},
			{Status: "behind", From: n("1")},
		},
	}
}

// bands are compiled: each list best first, covering every value.
type bands struct{ pace, gap, age ladder }

// ladder is one list of bands, best first. A band needs no upper limit, for the
// better one before it has taken those values.
type ladder []rung

type rung struct {
	status   Status
	from     exact.Opt // pace and gap: least value; missing in the last
	lagBelow exact.Opt // pace: the lag below which lower values belong here, too
	upTo     exact.Opt // age: greatest value; missing in the last
}

// status gives the band of a pace at a lag in months.
func (l ladder) status(pace exact.Rat, lag exact.Opt) Status {
	for i := range l {
		b := &l[i]
		if !b.from.OK || !pace.Less(b.from.Value) ||
			b.lagBelow.OK && lag.OK && lag.Value.Less(b.lagBelow.Value) {
			return b.status
		}
	}
	return None // never: the last band has no lower limit
}

// statusOf gives the band of a gap. What is not met is never on track: a target
// of "more than", exactly at its bound, falls into the band below. over is what
// counts for ahead: the gap, or a sync target's distance from its reference.
func (l ladder) statusOf(gap, over exact.Rat, met bool) Status {
	for i := range l {
		b := &l[i]
		value := gap
		switch b.status {
		case Ahead:
			value = exact.Min(gap, over)
			fallthrough
		case OnTrack:
			if !met {
				continue
			}
		}
		if !b.from.OK || !value.Less(b.from.Value) {
			return b.status
		}
	}
	return None // never: the last band has no lower limit and is not on_track
}

// aboveBehind gives the last band that is not behind, of pace or gap; it has a
// lower limit. None where no value is behind.
func (l ladder) aboveBehind() (rung, bool) {
	last := len(l) - 1
	if l[last].status != Behind {
		return rung{}, false
	}
	return l[last-1], true // there is one: on_track begins where the target is met
}

// statusOfAge gives the band of an age in months.
func (l ladder) statusOfAge(age exact.Rat) Status {
	for i := range l {
		if b := &l[i]; !b.upTo.OK || !b.upTo.Value.Less(age) {
			return b.status
		}
	}
	return None // never: the last band has no upper limit
}

// compileBands makes ladders of lists that have passed CheckBands; empty lists
// are the defaults.
func compileBands(b plan.Bands) bands {
	def := DefaultBands()
	pick := func(list, def []plan.Band) ladder {
		if len(list) == 0 {
			list = def
		}
		l := make(ladder, len(list))
		for i, b := range list {
			s, _ := ParseStatus(b.Status)
			l[i] = rung{status: s, from: opt(b.From), lagBelow: opt(b.LagBelow), upTo: opt(b.Below)}
		}
		slices.SortFunc(l, func(a, b rung) int { return int(a.status) - int(b.status) })
		return l
	}
	return bands{pace: pick(b.Pace, def.Pace), gap: pick(b.Gap, def.Gap), age: pick(b.Age, def.Age)}
}

// CheckBands refuses lists of bands that leave a value without a status or give
// it two, and names the values. Empty lists are fine: they are the defaults. The
// bands of a list may be written in any order. Codes:
//
//	bands_status   a status that does not belong into the list, or twice
//	bands_empty    a band without any value
//	bands_hole     values without a status
//	bands_overlap  values with two
//	bands_order    a better status for a worse value
//	bands_met      on_track is missing, or does not begin where the target is met
//	bands_lag      a lag where it has no meaning
func CheckBands(b plan.Bands) fault.List {
	var l fault.List
	l = append(l, paceScale.check(b.Pace)...)
	l = append(l, gapScale.check(b.Gap)...)
	return append(l, ageScale.check(b.Age)...)
}

// scale says what the values of a list of bands are.
type scale struct {
	field    string    // of the indicator or the plan
	zh, en   string    // what is measured
	met      exact.Opt // where on_track begins
	falling  bool      // the greater the worse
	lag      bool      // bands may have a lag
	statuses []Status
}

var (
	paceScale = scale{field: "bands.pace", zh: "序时比", en: "pace", met: exact.Some(exact.FromInt(1)), lag: true,
		statuses: []Status{Ahead, OnTrack, SlightlyBehind, Behind}}
	gapScale = scale{field: "bands.gap", zh: "差距", en: "gap", met: exact.Some(exact.Rat{}),
		statuses: []Status{Ahead, OnTrack, SlightlyBehind, Behind}}
	ageScale = scale{field: "bands.age", zh: "逾期月数", en: "age", falling: true,
		statuses: []Status{SlightlyBehind, Behind}}
)

// limits is a band to be checked, with its place in the file.
type limits struct {
	field       string
	status      Status
	from, below exact.Opt
}

// check gives the faults of one list, hole and overlap by rising values.
func (c *scale) check(list []plan.Band) fault.List {
	if len(list) == 0 {
		return nil
	}
	rows, l := c.read(list)
	if len(l) > 0 {
		return l // bands that make no sense would only be misread
	}
	slices.SortStableFunc(rows, func(a, b limits) int {
		switch {
		case a.from.OK && b.from.OK:
			return a.from.Value.Cmp(b.from.Value)
		case a.from.OK:
			return 1
		case b.from.OK:
			return -1
		}
		return 0
	})
	if from := rows[0].from; from.OK {
		zh, en := "小于"+from.String(), "below "+from.String()
		if c.falling { // limits are exclusive below and inclusive above
			zh, en = "不超过"+from.String(), "up to "+from.String()
		}
		l = append(l, c.hole(zh, en))
	}
	for i := 1; i < len(rows); i++ {
		low, high := rows[i-1], rows[i]
		switch {
		case !low.below.OK || !high.from.OK || high.from.Value.Less(low.below.Value):
			return append(l, c.overlap(low, high)) // what follows would only be misread
		case low.below.Value.Less(high.from.Value):
			l = append(l, c.hole(
				"从"+low.below.String()+"到"+high.from.String(),
				"from "+low.below.String()+" to "+high.from.String()))
		}
		if better := low.status > high.status; better == c.falling {
			l = append(l, fault.Newf("bands_order",
				"档位顺序有误：%[1]s较大的一档为%[2]s，较小的一档为%[3]s。",
				"Bands are out of order: the greater %[4]s has %[2]s, the smaller one %[3]s.",
				c.zh, high.status, low.status, c.en).At(high.field))
		}
	}
	if below := rows[len(rows)-1].below; below.OK {
		zh, en := "大于等于"+below.String(), "from "+below.String()+" on"
		if c.falling {
			zh, en = "大于"+below.String(), "above "+below.String()
		}
		l = append(l, c.hole(zh, en))
	}
	if c.met.OK && !slices.ContainsFunc(rows, func(r limits) bool {
		return r.status == OnTrack && r.from.OK && r.from.Equal(c.met)
	}) {
		l = append(l, fault.Newf("bands_met",
			"on_track档必须从达标处（%[1]s为%[2]s）开始。",
			"The band on_track must begin where the target is met, at a %[3]s of %[2]s.",
			c.zh, c.met.String(), c.en).At(c.field))
	}
	return l
}

// read reads the bands and refuses those that make no sense by themselves.
func (c *scale) read(list []plan.Band) (rows []limits, l fault.List) {
	for i, b := range list {
		s, err := ParseStatus(b.Status)
		row := limits{field: c.field + index(i), status: s, from: opt(b.From), below: opt(b.Below)}
		twice := slices.ContainsFunc(rows, func(r limits) bool { return r.status == s })
		switch {
		case err != nil || !slices.Contains(c.statuses, s):
			l = append(l, fault.Newf("bands_status", "%[1]s档位中不能有“%[2]s”。",
				"Bands of %[3]s cannot have the status %[2]q.", c.zh, b.Status, c.en).At(row.field))
			continue
		case twice:
			l = append(l, fault.Newf("bands_status", "%[1]s档位中“%[2]s”重复。",
				"Bands of %[3]s have the status %[2]q twice.", c.zh, b.Status, c.en).At(row.field))
		case row.from.OK && row.below.OK && !row.from.Value.Less(row.below.Value):
			l = append(l, fault.Newf("bands_empty", "此档为空：下限%[1]s不小于上限%[2]s。",
				"The band is empty: its limit from %[1]s is not less than below %[2]s.",
				row.from, row.below).At(row.field))
		case b.LagBelow != nil && (!c.lag || s == Ahead || s == OnTrack):
			l = append(l, fault.New("bands_lag", "只有序时比的略慢、滞后两档可以设滞后月数。",
				"Only the bands slightly_behind and behind of pace can have or_lag_months_below.").At(row.field))
		}
		rows = append(rows, row)
	}
	return rows, l
}

func (c *scale) hole(zh, en string) *fault.Fault {
	return fault.Newf("bands_hole", "%[1]s%[2]s时没有档位。",
		"No band covers a %[3]s %[4]s.", c.zh, zh, c.en, en).At(c.field)
}

func (c *scale) overlap(low, high limits) *fault.Fault {
	from, to := "−∞", "∞"
	if high.from.OK {
		from = high.from.String()
	}
	if low.below.OK {
		to = low.below.String()
	}
	return fault.Newf("bands_overlap", "%[1]s从%[2]s到%[3]s同时属于%[4]s和%[5]s两档。",
		"A %[6]s from %[2]s to %[3]s is in two bands, %[4]s and %[5]s.",
		c.zh, from, to, low.status, high.status, c.en).At(high.field)
}

func opt(d *decimal.Decimal) exact.Opt {
	if d == nil {
		return exact.Opt{}
	}
	return exact.Some(exact.FromDecimal(*d))
}
