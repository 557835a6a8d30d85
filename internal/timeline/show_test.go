package timeline_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"xushi/internal/quantity"
	testworld "xushi/internal/testkit/world"
	"xushi/internal/timeline"
)

var moment = testworld.Moment

// at is a moment in Shanghai in milliseconds.
func at(text string) int64 { return moment(text).UnixMilli() }

// The ends of time.
const (
	start int64 = math.MinInt64
	end   int64 = math.MaxInt64
)

// catalogue are the quantities by name.
var catalogue = func() map[string]*quantity.Quantity {
	m := map[string]*quantity.Quantity{}
	for _, q := range quantity.Catalogue() {
		m[q.Name] = q
	}
	return m
}()

func named(t testing.TB, name string) *quantity.Quantity {
	t.Helper()
	q := catalogue[name]
	if q == nil {
		t.Fatalf("there is no quantity %s", name)
	}
	return q
}

// labels tell a series of a quantity from the others.
func labels(r *quantity.Row, extra []string) string {
	return strings.Join(r.Labels, "|") + "{" + strings.Join(extra, "|") + "}"
}

// value is a number so that it can be compared: Ended is none like others.
func value(v float64) string {
	switch {
	case math.Float64bits(v) == math.Float64bits(timeline.Ended):
		return "ended"
	case math.IsNaN(v) || math.IsInf(v, 0):
		panic(fmt.Sprint("a sample is ", v))
	}
	return fmt.Sprint(v)
}

// point is a sample so that it can be compared.
type point struct {
	t int64
	v string
}

func (p point) String() string {
	return time.UnixMilli(p.t).In(moment("2026-01-01 00:00").Location()).Format("01-02 15:04:05.000") + " " + p.v
}

// ranged are the samples of a selection, by series.
func ranged(t testing.TB, v *timeline.View, sel timeline.Selection) map[string][]point {
	t.Helper()
	out := map[string][]point{}
	err := v.Range(context.Background(), &sel, func(r *quantity.Row, extra []string, samples []timeline.Sample) error {
		key := labels(r, extra)
		if out[key] != nil || len(samples) == 0 {
			t.Fatalf("%s%s comes twice, or without samples", sel.Quantity.Name, key)
		}
		for _, s := range samples {
			out[key] = append(out[key], point{s.Time, value(s.Value)})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// newest is the newest sample of each series of a selection, those that have
// ended left out.
func newest(t testing.TB, v *timeline.View, sel timeline.Selection) map[string]point {
	t.Helper()
	out := map[string]point{}
	err := v.Latest(context.Background(), &sel, func(r *quantity.Row, extra []string, samples []timeline.Sample) error {
		key := labels(r, extra)
		if _, twice := out[key]; twice || len(samples) != 1 {
			t.Fatalf("%s%s comes twice, or with %d samples", sel.Quantity.Name, key, len(samples))
		}
		if p := (point{samples[0].Time, value(samples[0].Value)}); p.v != "ended" {
			out[key] = p
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// all are all samples of a quantity.
func all(t testing.TB, v *timeline.View, q *quantity.Quantity) map[string][]point {
	t.Helper()
	return ranged(t, v, timeline.Selection{Quantity: q, From: start, To: end})
}

// lastOf reads the newest of some samples at a moment, false where there is none
// or the series has ended.
func lastOf(samples []point, to int64) (point, bool) {
	for i := len(samples) - 1; i >= 0; i-- {
		if samples[i].t <= to {
			return samples[i], samples[i].v != "ended"
		}
	}
	return point{}, false
}

// dump writes every sample of every quantity, a line for each series.
func dump(t testing.TB, v *timeline.View) string {
	t.Helper()
	var b strings.Builder
	for _, q := range quantity.Catalogue() {
		series := all(t, v, q)
		for _, key := range slices.Sorted(maps.Keys(series)) {
			fmt.Fprintf(&b, "%s %s %v\n", q.Name, key, series[key])
		}
	}
	return b.String()
}

// differ gives the first lines in which two texts part, "" where they do not.
func differ(want, got string) string {
	if want == got {
		return ""
	}
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	return fmt.Sprintf("-- %s\n-- %s", strings.Join(a[i:min(i+2, len(a))], "\n   "), strings.Join(b[i:min(i+2, len(b))], "\n   "))
}

// view is the picture of a board as of now, by a book that has seen nothing yet.
func view(t testing.TB, b timeline.Board, o quantity.Options) *timeline.View {
	t.Helper()
	return viewOf(t, timeline.NewBook(b), time.Time{}, o)
}

func viewOf(t testing.TB, book *timeline.Book, asOf time.Time, o quantity.Options) *timeline.View {
	t.Helper()
	v, err := book.View(asOf, "", o)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
