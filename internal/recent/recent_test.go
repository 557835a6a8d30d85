package recent_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"xushi/internal/recent"
	"xushi/internal/timeline"
)

// dump writes what is remembered between two moments, in order.
func dump(t *testing.T, m *recent.Memory, from, to int64) string {
	t.Helper()
	var lines []string
	err := m.Each(from, to, func(*recent.Series) bool { return true }, func(s *recent.Series, samples []timeline.Sample) error {
		line := s.Name
		for _, l := range s.Labels {
			line += fmt.Sprintf(" %s=%s", l.Name, l.Value)
		}
		for _, x := range samples {
			line += fmt.Sprintf(" %d:%g", x.Time/1000, x.Value)
		}
		lines = append(lines, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// TestMemory remembers series that come and go for six hours.
func TestMemory(t *testing.T) {
	text := ""
	m := recent.New(func(w io.Writer) { _, _ = io.WriteString(w, text) })
	record := func(at int64, exposition string) {
		t.Helper()
		text = exposition
		if err := m.Record(time.Unix(at, 0)); err != nil {
			t.Fatal(err)
		}
	}
	record(1000, "up 1\nreq{route=\"/a\",code=\"200\"} 3\n")
	record(1015, "up 1\nreq{code=\"200\",route=\"/a\"} 4\nreq{code=\"500\",route=\"/\\\"b\"} 1\n")
	want := "req code=200 route=/a 1000:3 1015:4\nreq code=500 route=/\"b 1015:1\nup 1000:1 1015:1"
	if got := dump(t, m, math.MinInt64, math.MaxInt64); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := dump(t, m, 1_001_000, 1_014_999); got != "" {
		t.Errorf("between two samples: %s", got)
	}
	if got := dump(t, m, 1_000_000, 1_000_000); got != "req code=200 route=/a 1000:3\nup 1000:1" {
		t.Errorf("at one moment: %s", got)
	}
	record(1000+6*3600+1, "up 0\n")
	if got := dump(t, m, math.MinInt64, math.MaxInt64); got != "req code=200 route=/a 1015:4\nreq code=500 route=/\"b 1015:1\nup 1015:1 22601:0" {
		t.Errorf("after six hours: %s", got)
	}
	record(1000+12*3600, "up 0\n")
	if got := dump(t, m, math.MinInt64, math.MaxInt64); got != "up 22601:0 44200:0" {
		t.Errorf("what is gone is kept: %s", got)
	}
	text = "not an exposition {\n"
	if err := m.Record(time.Unix(50_000, 0)); err == nil {
		t.Error("nonsense is taken")
	}
	stop := errors.New("stop")
	if err := m.Each(0, math.MaxInt64, func(*recent.Series) bool { return true }, func(*recent.Series, []timeline.Sample) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("it went on: %v", err)
	}
}

// TestBound leaves out series beyond a number.
func TestBound(t *testing.T) {
	m := recent.New(func(w io.Writer) {
		for i := range 6000 {
			_, _ = fmt.Fprintf(w, "x{i=\"%d\"} 1\n", i)
		}
	})
	if err := m.Record(time.Unix(1000, 0)); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(dump(t, m, 0, math.MaxInt64), "\n") + 1; n != 5000 {
		t.Errorf("%d series", n)
	}
}
