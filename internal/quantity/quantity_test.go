package quantity_test

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"xushi/internal/quantity"
	"xushi/internal/quantity/quantitytest"
)

// TestCatalogue holds every quantity to the conventions of the names.
func TestCatalogue(t *testing.T) {
	legal := regexp.MustCompile(`^xushi_[a-z]+(_[a-z]+)*$`)
	label := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	seen := map[string]bool{}
	for _, q := range quantity.Catalogue() {
		if seen[q.Name] || !legal.MatchString(q.Name) {
			t.Errorf("%s: twice, or not a name", q.Name)
		}
		seen[q.Name] = true
		if !strings.HasSuffix(q.Help, ".") || !strings.HasSuffix(q.HelpZh, "。") || q.Zh == "" || q.Unit == "" {
			t.Errorf("%s lacks words", q.Name)
		}
		if strings.ContainsAny(q.Help+q.HelpZh+q.Zh, "|\n%") && !strings.Contains(q.HelpZh, "权重%") {
			t.Errorf("%s: words would break a table or were never filled in", q.Name)
		}
		if !slices.IsSorted(q.Of.Labels()) || !slices.IsSorted(q.Extra) {
			t.Errorf("%s: labels are out of order", q.Name)
		}
		names := map[string]bool{"job": true, "instance": true, "le": true, "quantile": true} // taken by scrapers
		for _, l := range q.Labels() {
			if names[l] || !label.MatchString(l) {
				t.Errorf("%s: label %s is twice, taken or not a name", q.Name, l)
			}
			names[l] = true
		}
	}
}

// TestEach reads every quantity of a plan of every kind: tuples fit their
// labels, no number is infinite, no series comes twice, each family has a sample.
func TestEach(t *testing.T) {
	table := quantity.New(quantitytest.Small(t).Snapshot(), quantity.Options{})
	for _, q := range quantity.Catalogue() {
		series := map[string]bool{}
		for r := range table.Rows(q.Of) {
			if len(r.Labels) != len(q.Of.Labels()) {
				t.Fatalf("%s: %q do not fit %q", q.Name, r.Labels, q.Of.Labels())
			}
			q.Each(r, func(extra []string, v float64) {
				if len(extra) != len(q.Extra) || math.IsNaN(v) || math.IsInf(v, 0) {
					t.Errorf("%s%q: %v", q.Name, extra, v)
				}
				key := strings.Join(slices.Concat(r.Labels, extra), "\x00")
				if series[key] {
					t.Errorf("%s%q%q comes twice", q.Name, r.Labels, extra)
				}
				series[key] = true
			})
		}
		if len(series) == 0 && q.Of != quantity.Parts && q.Of != quantity.PartFigures { // the small plan's parts are of two kinds only
			t.Errorf("%s has no sample of a plan of every kind", q.Name)
		}
	}
}

// TestElapsed gives the elapsed share of 2026 in China at moments of UTC.
func TestElapsed(t *testing.T) {
	l := quantitytest.Small(t)
	for _, c := range []struct {
		now          string
		months, days float64
	}{
		{"2025-12-31T15:59:59Z", 0, 0},
		{"2025-12-31T16:00:00Z", 0, 1. / 365},
		{"2026-01-31T15:59:59Z", 0, 31. / 365},
		{"2026-01-31T16:00:00Z", 1. / 12, 32. / 365},
		{"2026-06-15T02:00:00Z", 5. / 12, 166. / 365},
		{"2026-12-31T15:59:59Z", 11. / 12, 1},
		{"2026-12-31T16:00:00Z", 1, 1},
		{"2027-05-01T00:00:00Z", 1, 1},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		table := quantity.New(l.Snapshot(), quantity.Options{Now: now})
		got := map[string]float64{}
		for _, q := range quantity.Catalogue() {
			if q.Name == "xushi_year_elapsed_ratio" {
				for r := range table.Rows(q.Of) {
					q.Each(r, func(extra []string, v float64) { got[extra[0]] = v })
				}
			}
		}
		if got["months"] != c.months || got["days"] != c.days {
			t.Errorf("%s: %v, want %v and %v", c.now, got, c.months, c.days)
		}
		if until := table.Until(); !until.After(now) || until.Sub(now) > 24*time.Hour {
			t.Errorf("%s: good until %s", c.now, until)
		}
	}
}
