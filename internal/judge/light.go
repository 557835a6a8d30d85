package judge

import "xushi/internal/plan"

// Light is what a wall shows of a target: 绿灯, 黄灯, 红灯, 灰灯. The zero value is
// Grey. A greater light is worse, Grey apart.
type Light uint8

// The lights.
const (
	Grey   Light = iota // unknown or not judged; never green
	Green               // done, ahead, on track
	Yellow              // slightly behind; late once; 力争 missed
	Red                 // behind, missed; late from the second period on
)

var lightNames = [...]string{"grey", "green", "yellow", "red"}

// String gives the name that JSON and labels use.
func (l Light) String() string {
	if int(l) < len(lightNames) {
		return lightNames[l]
	}
	return lightNames[Grey]
}

// MarshalText gives the name.
func (l Light) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Reporting is the second light: whether the figure that is due is there. It
// stands beside the status, and neither hides the other.
type Reporting uint8

// The reporting states. Two of them are pending, with the reason.
const (
	Filed           Reporting = iota + 1 // 已报
	NotDue                               // pending: 未到报送期
	AwaitingRelease                      // pending: 待上级发布, the source has not released the figure
	Late                                 // 逾期未报
)

var reportingNames = [...]string{"", "filed", "not_due", "awaiting_release", "late"}

// String gives the state with its reason: filed, not_due, awaiting_release or late.
func (r Reporting) String() string {
	if int(r) < len(reportingNames) {
		return reportingNames[r]
	}
	return ""
}

// State gives the state alone: filed, pending or late.
func (r Reporting) State() string {
	if r == NotDue || r == AwaitingRelease {
		return "pending"
	}
	return r.String()
}

// MarshalText gives the state with its reason.
func (r Reporting) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// LightOf gives the performance light of a target whose last judgement is s.
// missedPeriods counts the due periods without a figure, the newest included.
//
//   - A missed 力争 (best effort) target is yellow, not red.
//   - A late target's light is the worse of its last judgement's and yellow, and
//     red from the second missed period on. Late never resolves behind and never
//     hides it.
//   - Unknown is never green. None is grey whatever is late: it is not judged.
//
// For standing work s is the light that the supervision office set, by the words
// of ParseSet, and Pending before it did.
func LightOf(s Status, bestEffort bool, r Reporting, missedPeriods int) Light {
	light := Grey
	switch s {
	case None:
		return Grey
	case Done, Ahead, OnTrack:
		light = Green
	case SlightlyBehind:
		light = Yellow
	case Behind:
		light = Red
	case Missed:
		light = Red
		if bestEffort {
			light = Yellow
		}
	}
	if r != Late {
		return light
	}
	if missedPeriods >= 2 {
		return Red
	}
	return max(light, Yellow)
}

// Closed tells whether nothing more is owed under a status: a cumulative or
// milestone target that is done needs no further figures, unless a revision
// reopens it.
func Closed(kind plan.Kind, s Status) bool {
	return s == Done && (kind == plan.Cumulative || kind == plan.Milestone)
}

// ParseSet reads the word by which the supervision office sets the light of
// standing work: 正常推进, 需关注, 推进缓慢, or the status it stands for.
func ParseSet(word string) (Status, bool) {
	switch word {
	case "正常推进", "on_track":
		return OnTrack, true
	case "需关注", "slightly_behind":
		return SlightlyBehind, true
	case "推进缓慢", "behind":
		return Behind, true
	}
	return None, false
}
