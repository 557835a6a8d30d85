package judge

import (
	"fmt"
)

// Status is how a target stands at a period's end. Statuses are ordered by
// severity: a greater one is worse. The zero value is None.
type Status uint8

// The statuses, the worse the greater. Pending stands between good and bad
// news, for unknown is neither.
const (
	None           Status = iota // not judged: context, or nothing known at all
	Done                         // target met: cumulative and milestone at any time, others once reached
	Ahead                        // clearly better than expected
	OnTrack                      // as expected
	Pending                      // unknown: no figure, or nothing to hold it against
	SlightlyBehind               // yellow
	Behind                       // red
	Missed                       // reached and not met
)

var statusNames = [...]string{"none", "done", "ahead", "on_track", "pending", "slightly_behind", "behind", "missed"}

// Statuses lists all statuses, best first.
func Statuses() []Status {
	return []Status{None, Done, Ahead, OnTrack, Pending, SlightlyBehind, Behind, Missed}
}

// String gives the name that JSON, labels and plan files use, such as on_track.
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return fmt.Sprintf("status(%d)", uint8(s))
}

// Severity is the status's place among the statuses, 0 for None to 7 for
// Missed; lists are sorted worst first by it.
func (s Status) Severity() int { return int(s) }

// ParseStatus reads a name that String gives.
func ParseStatus(name string) (Status, error) {
	for i, n := range statusNames {
		if n == name {
			return Status(i), nil
		}
	}
	return None, fmt.Errorf("%q is not a status", name)
}

// MarshalText gives the name.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name.
func (s *Status) UnmarshalText(b []byte) (err error) { *s, err = ParseStatus(string(b)); return err }
