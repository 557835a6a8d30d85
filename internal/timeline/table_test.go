package timeline_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"xushi/internal/board"
	"xushi/internal/figure"
	"xushi/internal/quantity"
	testworld "xushi/internal/testkit/world"
	"xushi/internal/timeline"
)

var row, known = testworld.Row, testworld.Known

func part(id string) func(*figure.Input) { return func(in *figure.Input) { in.Part = id } }

func reason(why string) func(*figure.Input) { return func(in *figure.Input) { in.Reason = why } }

// void takes a figure back.
func void(in *figure.Input) { in.Void, in.Value, in.Reason = true, "", "误报" }

// said writes samples by the days they stand at, all at 00:00: "02-01 100, 03-01 ended".
func said(t testing.TB, samples []point) string {
	t.Helper()
	var list []string
	for _, p := range samples {
		day, clock, _ := strings.Cut(p.String()[:len(p.String())-len(p.v)-1], " ")
		if clock != "00:00:00.000" {
			t.Fatalf("a sample stands at %v", p)
		}
		v := p.v
		if x, err := strconv.ParseFloat(v, 64); err == nil {
			v = strconv.FormatFloat(x, 'g', 6, 64)
		}
		list = append(list, day+" "+v)
	}
	return strings.Join(list, ", ")
}

// of are the samples of an indicator ("id" or "id/part") for a quantity, by what
// else tells its series apart: the period and the quantity's own labels.
func of(t testing.TB, v *timeline.View, name, id string) map[string]string {
	t.Helper()
	if strings.Contains(id, "/") && !strings.HasPrefix(name, "xushi_part_") {
		name = "xushi_part_" + strings.TrimPrefix(name, "xushi_")
	}
	q := named(t, name)
	indicator, part, _ := strings.Cut(id, "/")
	out := map[string]string{}
	names := q.Of.Labels()
	sel := timeline.Selection{Quantity: q, From: start, To: end, Match: func(subject []string) bool {
		at := slices.Index(names, "part")
		return subject[slices.Index(names, "indicator")] == indicator && (part == "" || subject[at] == part)
	}}
	err := v.Range(context.Background(), &sel, func(r *quantity.Row, extra []string, samples []timeline.Sample) error {
		var points []point
		for _, s := range samples {
			points = append(points, point{s.Time, value(s.Value)})
		}
		var key []string
		if at := slices.Index(names, "period"); at >= 0 {
			key = append(key, r.Labels[at])
		}
		out[strings.Join(append(key, extra...), " ")] = said(t, points)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// one are the samples of an indicator for a quantity that has one series.
func one(t testing.TB, v *timeline.View, name, id string) string {
	t.Helper()
	return of(t, v, name, id)[""]
}

// compared is a plan to compare figures on.
const compared = `      - {id: sme, name: 企业, clause: 任务, kind: cumulative, target: 1200, series: {id: sme, name: 企业, unit: 家}}
      - {id: stock, name: 存量, clause: 任务, kind: cumulative, base: 40, target: 100, series: {id: stock, name: 存量, unit: 家}}
      - {id: visitors, name: 游客, clause: 任务, kind: cumulative, target: 120, rhythm: monthly_janfeb, series: {id: visitors, name: 游客, unit: 万人次, span: month}}
      - {id: quarters, name: 分季, clause: 任务, kind: cumulative, target: 400, rhythm: quarterly, series: {id: quarters, name: 分季, unit: 件, span: quarter}}
      - {id: lifts, name: 电梯, clause: 任务, kind: cumulative, base: 10, target: 130, series: {id: lifts, name: 电梯, unit: 部, span: month}}
      - {id: share, name: 占比, clause: 任务, kind: level, target: 80, series: {id: share, name: 占比, unit: "%", step: 0.1}}
      - {id: pm25, name: 浓度, clause: 任务, kind: direction, sense: down, series: {id: pm25, name: 浓度, unit: 微克/立方米}}
      - {id: trade, name: 外贸, clause: 任务, kind: context, series: {id: trade, name: 外贸, unit: 亿元}}
      - {id: school, name: 学校, clause: 任务, kind: milestone, checklist: {entries: [{id: start, name: 开工, planned: 2026-02-15}, {id: use, name: 启用}]}}
      - {id: districts, name: 分片, clause: 任务, kind: cumulative, target: 100, series: {id: districts, name: 分片, unit: 个}, parts: [{id: east, name: 东, target: 60}, {id: west, name: 西, target: 40}], total: sum}
      - {id: water, name: 水质, clause: 任务, kind: level, target: 100, series: {id: water, name: 水质, unit: "%"}, parts: [{id: north, name: 北}, {id: south, name: 南}], total: none}
`

// TestCompared gives what is compared with the period before and with last year,
// worked by hand.
func TestCompared(t *testing.T) {
	w := testworld.New(t)
	w.At("2026-07-15 10:00")
	w.Apply(testworld.Head("c-2026", "c", 2026) + compared)
	w.Post(
		row("sme", "2025-01", "80"), row("sme", "2025-02", "0"), row("sme", "2026-01", "100"), row("sme", "2026-02", "250"), row("sme", "2026-03", "390"), row("sme", "2026-05", "500"),
		row("stock", "2026-01", "45"), row("stock", "2026-02", "55"), row("stock", "2026-03", "50"),
		row("visitors", "2025-02", "16"), row("visitors", "2025-03", "8"), row("visitors", "1—2月", "20"), row("visitors", "2026-03", "10"), row("visitors", "2026-04", "15"),
		row("quarters", "2025-Q1", "60"), row("quarters", "2025-Q2", "60"), row("quarters", "2026-Q1", "90"), row("quarters", "2026-Q2", "100"),
		row("lifts", "2026-01", "10"), row("lifts", "2026-02", "12"),
		row("share", "2025-01", "48"), row("share", "2025-02", "0"), row("share", "2026-01", "50.5"), row("share", "2026-02", "51"), row("share", "2026-03", "52"),
		row("pm25", "2025-01", "30"), row("pm25", "2026-01", "27"),
		row("trade", "2025-02", "-10"), row("trade", "2025-03", "40"), row("trade", "2026-01", "20"), row("trade", "2026-02", "30"), row("trade", "2026-03", "50"),
		row("districts", "2025-01", "4", part("east")), row("districts", "2025-01", "2", part("west")), row("districts", "2025-02", "8", part("east")),
		row("districts", "2026-01", "5", part("east")), row("districts", "2026-01", "3", part("west")), row("districts", "2026-02", "10", part("east")), row("districts", "2026-02", "7", part("west")), row("districts", "2026-03", "12", part("east")),
		row("water", "2025-01", "98", part("north")), row("water", "2026-01", "99", part("north")), row("water", "2026-01", "90", part("south")), row("water", "2026-02", "97.5", part("north")),
	)
	v := view(t, w.Board, quantity.Options{})
	for _, c := range []struct{ name, id, want string }{
		{"xushi_actual", "sme", "02-01 100, 03-01 250, 04-01 390, 06-01 500"},
		{"xushi_previous", "sme", "03-01 100, 04-01 250, 06-01 ended"}, // April is missing
		{"xushi_increment", "sme", "02-01 100, 03-01 150, 04-01 140, 06-01 ended"},
		{"xushi_month_on_month_ratio", "sme", "03-01 0.5, 04-01 -0.0666667, 06-01 ended"},
		{"xushi_last_year", "sme", "02-01 80, 03-01 0, 04-01 ended"},
		{"xushi_year_on_year_ratio", "sme", "02-01 0.25, 03-01 ended"}, // nothing grows from 0
		{"xushi_year_on_year_points", "sme", ""},

		{"xushi_increment", "stock", "02-01 5, 03-01 10, 04-01 -5"}, // from the base
		{"xushi_month_on_month_ratio", "stock", "03-01 1, 04-01 -1.5"},
		{"xushi_last_year", "stock", ""},

		{"xushi_actual", "visitors", "03-01 20, 04-01 30, 05-01 45"},
		{"xushi_previous", "visitors", "04-01 20, 05-01 30"},
		{"xushi_increment", "visitors", "03-01 20, 04-01 10, 05-01 15"},
		{"xushi_month_on_month_ratio", "visitors", "05-01 0.5"}, // March does not compare with two months
		{"xushi_last_year", "visitors", "03-01 16, 04-01 24, 05-01 ended"},
		{"xushi_year_on_year_ratio", "visitors", "03-01 0.25, 04-01 0.25, 05-01 ended"},

		{"xushi_actual", "quarters", "04-01 90, 07-01 190"},
		{"xushi_previous", "quarters", "07-01 90"},
		{"xushi_increment", "quarters", "04-01 90, 07-01 100"},
		{"xushi_month_on_month_ratio", "quarters", "07-01 0.111111"},
		{"xushi_last_year", "quarters", "04-01 60, 07-01 120"},
		{"xushi_year_on_year_ratio", "quarters", "04-01 0.5, 07-01 0.583333"},

		{"xushi_actual", "lifts", "02-01 20, 03-01 32"}, // base 10
		{"xushi_previous", "lifts", "03-01 20"},
		{"xushi_increment", "lifts", "02-01 10, 03-01 12"},
		{"xushi_month_on_month_ratio", "lifts", "03-01 0.2"},

		{"xushi_previous", "share", "03-01 50.5, 04-01 51"},
		{"xushi_increment", "share", ""},
		{"xushi_last_year", "share", "02-01 48, 03-01 0, 04-01 ended"},
		{"xushi_year_on_year_ratio", "share", ""},
		{"xushi_year_on_year_points", "share", "02-01 2.5, 03-01 51, 04-01 ended"},

		{"xushi_last_year", "pm25", "02-01 30"},
		{"xushi_year_on_year_ratio", "pm25", "02-01 -0.1"},
		{"xushi_year_on_year_points", "pm25", ""},

		{"xushi_previous", "trade", "03-01 20, 04-01 30"},
		{"xushi_increment", "trade", ""},
		{"xushi_last_year", "trade", "03-01 -10, 04-01 40"},
		{"xushi_year_on_year_ratio", "trade", "04-01 0.25"},

		{"xushi_previous", "school", ""},
		{"xushi_increment", "school", ""},
		{"xushi_last_year", "school", ""},

		{"xushi_actual", "districts", "02-01 8, 03-01 17"}, // in March the west is missing
		{"xushi_previous", "districts", "03-01 8"},
		{"xushi_increment", "districts", "02-01 8, 03-01 9"},
		{"xushi_month_on_month_ratio", "districts", "03-01 0.125"},
		{"xushi_last_year", "districts", "02-01 6, 03-01 ended"},
		{"xushi_year_on_year_ratio", "districts", "02-01 0.333333, 03-01 ended"},
		{"xushi_increment", "districts/east", "02-01 5, 03-01 5, 04-01 2"},
		{"xushi_month_on_month_ratio", "districts/east", "03-01 0, 04-01 -0.6"},
		{"xushi_month_on_month_ratio", "districts/west", "03-01 0.333333"},
		{"xushi_last_year", "districts/east", "02-01 4, 03-01 8, 04-01 ended"},
		{"xushi_year_on_year_ratio", "districts/east", "02-01 0.25, 03-01 0.25, 04-01 ended"},

		{"xushi_actual", "water", ""},
		{"xushi_previous", "water", ""},
		{"xushi_last_year", "water", ""},
		{"xushi_year_on_year_points", "water", ""},
		{"xushi_previous", "water/north", "03-01 99"},
		{"xushi_year_on_year_points", "water/north", "02-01 1, 03-01 ended"},
		{"xushi_year_on_year_points", "water/south", ""},
	} {
		if got := one(t, v, c.name, c.id); got != c.want {
			t.Errorf("%s of %s: %s\nwant %s", c.name, c.id, got, c.want)
		}
	}
	for _, c := range []struct{ name, id, want string }{
		{"xushi_figure", "visitors", "map[2026-02:03-01 20 2026-03:04-01 30 2026-04:05-01 45]"},
		{"xushi_figure_increment", "visitors", "map[2026-02:03-01 20 2026-03:04-01 10 2026-04:05-01 15]"},
		{"xushi_figure_month_on_month_ratio", "visitors", "map[2026-04:05-01 0.5]"},
		{"xushi_figure_last_year", "quarters", "map[2026-03:04-01 60 2026-06:07-01 120]"},
		{"xushi_figure_year_on_year_ratio", "sme", "map[2026-01:02-01 0.25]"},
		{"xushi_figure_year_on_year_points", "water/north", "map[2026-01:02-01 1]"},
		{"xushi_figure_increment", "districts/west", "map[2026-01:02-01 3 2026-02:03-01 4]"},
		{"xushi_figure", "water", "map[]"},
	} {
		if got := fmt.Sprint(of(t, v, c.name, c.id)); got != c.want {
			t.Errorf("%s of %s: %s\nwant %s", c.name, c.id, got, c.want)
		}
	}
}

// TestRevision posts May's figure in mid-June and corrects it: only 1 June and
// the row of 2026-05 change, and as of before it they are as they were.
func TestRevision(t *testing.T) {
	w := testworld.New(t)
	w.At("2026-06-15 10:00")
	w.Apply(testworld.EveryKind(""))
	w.Post(row("sme", "2026-03", "290"), row("sme", "2026-04", "390", known("2026-05-08 10:00")), row("sme", "2026-05", "480", known("2026-06-08 10:00")))
	book := timeline.NewBook(w.Board)
	before := viewOf(t, book, time.Time{}, quantity.Options{})
	w.At("2026-06-20 10:00")
	w.Post(row("sme", "2026-05", "450", reason("核减")))
	after := viewOf(t, book, time.Time{}, quantity.Options{})
	asOf := viewOf(t, book, moment("2026-06-19 23:59"), quantity.Options{})
	if got := one(t, after, "xushi_actual", "sme"); got != "04-01 290, 05-01 390, 06-01 450" {
		t.Error(got)
	}
	for _, v := range []*timeline.View{before, asOf} {
		if got := one(t, v, "xushi_actual", "sme"); got != "04-01 290, 05-01 390, 06-01 480" {
			t.Error(got)
		}
		if got := of(t, v, "xushi_figure", "sme")["2026-05"]; got != "06-01 480" {
			t.Error(got)
		}
	}
	if got := of(t, after, "xushi_figure", "sme")["2026-05"]; got != "06-01 450" {
		t.Error(got)
	}
	changed := 0
	for _, q := range catalogue {
		was, now := all(t, before, q), all(t, after, q)
		for _, m := range []map[string][]point{was, now} {
			for key := range m {
				if slices.Equal(was[key], now[key]) {
					continue
				}
				changed++
				early := func(list []point) []point {
					return slices.DeleteFunc(slices.Clone(list), func(p point) bool { return p.t >= at("2026-06-01 00:00") })
				}
				if !slices.Equal(early(was[key]), early(now[key])) && !strings.HasPrefix(q.Name, "xushi_knowledge_") {
					t.Errorf("%s %s before 1 June:\n%v\n%v", q.Name, key, was[key], now[key])
				}
				if q.Name == "xushi_expected" || q.Name == "xushi_target" {
					t.Errorf("%s %s has changed", q.Name, key)
				}
			}
		}
	}
	if changed == 0 {
		t.Error("nothing has changed")
	}
}

// TestVoid takes figures back: their samples are gone, what had followed from
// them has ended or was never there.
func TestVoid(t *testing.T) {
	w := testworld.New(t)
	w.At("2026-06-05 10:00")
	w.Apply(testworld.EveryKind(""))
	w.Post(row("sme", "2025-03", "200"), row("sme", "2025-05", "400"), row("sme", "2026-03", "300"), row("sme", "2026-04", "390"), row("sme", "2026-05", "480"))
	book := timeline.NewBook(w.Board)
	wants := func(actual, yoy, figures string) {
		t.Helper()
		v := viewOf(t, book, time.Time{}, quantity.Options{})
		if got := one(t, v, "xushi_actual", "sme"); got != actual {
			t.Errorf("%s, want %s", got, actual)
		}
		if got := one(t, v, "xushi_year_on_year_ratio", "sme"); got != yoy {
			t.Errorf("%s, want %s", got, yoy)
		}
		if got := fmt.Sprint(of(t, v, "xushi_figure", "sme")); got != figures {
			t.Errorf("%s, want %s", got, figures)
		}
	}
	wants("04-01 300, 05-01 390, 06-01 480", "04-01 0.5, 05-01 ended, 06-01 0.2", "map[2026-03:04-01 300 2026-04:05-01 390 2026-05:06-01 480]")
	w.Post(row("sme", "2025-05", "", void))
	wants("04-01 300, 05-01 390, 06-01 480", "04-01 0.5, 05-01 ended", "map[2026-03:04-01 300 2026-04:05-01 390 2026-05:06-01 480]")
	w.Post(row("sme", "2026-04", "", void))
	wants("04-01 300, 06-01 480", "04-01 0.5, 06-01 ended", "map[2026-03:04-01 300 2026-05:06-01 480]")
	w.Post(row("sme", "2026-05", "", void))
	wants("04-01 300", "04-01 0.5", "map[2026-03:04-01 300]")
	w.Post(row("sme", "2026-03", "", void))
	wants("", "", "map[]")
}

// TestTargetChange shows a lowered and then raised target at the months it holds
// for, the road ahead of them included, and its changes at their days.
func TestTargetChange(t *testing.T) {
	w := testworld.New(t)
	w.At("2026-03-05 10:00")
	for _, p := range testworld.EveryKindVersions() {
		w.Apply(p)
	}
	w.Post(row("sme", "2026-02", "300"))
	v := view(t, w.Board, quantity.Options{})
	for _, c := range []struct{ name, want string }{
		{"xushi_target", "02-01 1200, 03-01 1200, 04-01 1200, 05-01 1200, 06-01 1200, 07-01 900, 08-01 900, 09-01 900, 10-01 1500, 11-01 1500, 12-01 1500"},
		{"xushi_expected", "02-01 100, 03-01 200, 04-01 300, 05-01 400, 06-01 500, 07-01 450, 08-01 525, 09-01 600, 10-01 1227, 11-01 1363, 12-01 1500"},
		{"xushi_owed", "03-01 200"},
	} {
		if got := one(t, v, c.name, "sme"); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.name, got, c.want)
		}
	}
	want := map[string]string{"某政〔2026〕9号 1200 企业 900": "06-01 1.78024e+09", "某政〔2026〕12号 900 企业 1500": "09-01 1.78819e+09"}
	if got := of(t, v, "xushi_target_change_timestamp_seconds", "sme"); !maps.Equal(got, want) {
		t.Error(got)
	}
	before := one(t, viewOf(t, timeline.NewBook(w.Board), moment("2026-02-20 10:00"), quantity.Options{}), "xushi_target", "sme")
	if strings.Count(before, " 1200") != 12 || strings.Contains(before, " 900") {
		t.Errorf("as of before the changes were known: %s", before)
	}
}

// TestReporting gives how each period is reported, as a rank.
func TestReporting(t *testing.T) {
	w := testworld.New(t)
	w.At("2026-04-15 10:00")
	w.Apply(testworld.EveryKind(""))
	for _, p := range []string{"2026-01", "2026-02", "2026-03"} {
		w.Post(row("water", p, "100", part("north")))
	}
	w.Post(row("sme", "2026-01", "100"), row("sme", "2026-02", "200"), row("lifts", "2026-01", "120"), row("water", "2026-01", "100", part("south")))
	for _, c := range []struct{ id, want string }{
		{"sme", "map[2026-01:02-01 1 2026-02:03-01 1 2026-03:04-01 4]"},
		{"money", "map[2026-01:02-01 4 2026-02:03-01 4 2026-03:04-01 4]"},
		{"lifts", "map[2026-01:02-01 1 2026-02:03-01 2 2026-03:04-01 2]"}, // done: nothing more is owed
		{"gdp", "map[2026-03:04-01 3]"},                                   // the bureau of statistics has not released it
		{"income", "map[2026-03:04-01 2]"},                                // due on the 25th
		{"school", "map[2026-01:02-01 1 2026-02:03-01 1 2026-03:04-01 1]"},
		{"water/south", "map[2026-01:02-01 1 2026-02:03-01 4 2026-03:04-01 4]"},
		{"water", "map[2026-01:02-01 1 2026-02:03-01 4 2026-03:04-01 4]"}, // as the part that is furthest behind with it
		{"number", "map[]"},
	} {
		if got := fmt.Sprint(of(t, view(t, w.Board, quantity.Options{}), "xushi_figure_reporting", c.id)); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.id, got, c.want)
		}
	}
}

// TestRevisions gives the revisions of a figure that were known at a moment.
func TestRevisions(t *testing.T) {
	w := testworld.New(t)
	w.At("2026-06-08 10:00")
	w.Apply(testworld.EveryKind(""))
	provisional := func(in *figure.Input) { in.Status = figure.Provisional }
	w.Post(row("sme", "2026-05", "480", provisional), row("sme", "2026-12", "1100", func(in *figure.Input) { in.Status = figure.Forecast }))
	w.At("2026-06-10 09:30")
	w.Post(row("sme", "2026-05", "", void))
	w.At("2026-06-20 15:04")
	w.Post(row("sme", "2026-05", "450", reason("核减")), row("sme", "2026-04", "400", known("2026-05-09 08:00")))
	w.Post(row("districts", "2026-05", "5", part("east")), row("districts", "2026-05", "6", part("west")))
	book := timeline.NewBook(w.Board)
	now := viewOf(t, book, time.Time{}, quantity.Options{})
	for _, c := range []struct{ name, id, want string }{
		{"xushi_figure_revisions", "sme", "map[2026-04:05-01 1 2026-05:06-01 2]"},
		{"xushi_figure_revision", "sme", "map[2026-04 2026-05-09 08:00 A  1:05-01 400 2026-05 2026-06-08 10:00 P  1:06-01 480 2026-05 2026-06-20 15:04 A 核减 2:06-01 450]"},
		{"xushi_figure_revisions", "districts", "map[]"}, // made of several
		{"xushi_figure_revisions", "districts/west", "map[2026-05:06-01 1]"},
	} {
		if got := fmt.Sprint(of(t, now, c.name, c.id)); got != c.want {
			t.Errorf("%s of %s: %s\nwant %s", c.name, c.id, got, c.want)
		}
	}
	then := viewOf(t, book, moment("2026-06-15 00:00"), quantity.Options{})
	if got := fmt.Sprint(of(t, then, "xushi_figure_revision", "sme")); got != "map[2026-04 2026-05-09 08:00 A  1:05-01 400 2026-05 2026-06-08 10:00 P  1:06-01 480]" {
		t.Error(got)
	}
}

// TestKnown gives the days of knowledge, and when what is newest became known:
// that of a month does not hold what was done since.
func TestKnown(t *testing.T) {
	w := testworld.New(t)
	w.At("2026-01-06 10:00")
	w.Apply(kinds("", ""))
	entry := func(id, day string) {
		rep, err := w.Service.PostEntries(context.Background(), figure.EventBatch[figure.EntryInput]{Actor: "test",
			Rows: []figure.EntryInput{{Indicator: "partial", Entry: id, Done: day, Evidence: "照片"}}})
		if err != nil || rep.Rejected > 0 {
			t.Fatal(rep, err)
		}
	}
	w.At("2026-02-08 10:00")
	w.Post(row("partial", "2026-01", "1"))
	w.At("2026-03-31 23:30")
	entry("p1", "2026-03-10")
	w.At("2026-05-08 10:00")
	w.Post(row("partial", "2026-04", "2"))
	w.At("2026-05-20 10:00")
	entry("p2", "2026-05-19")
	book := timeline.NewBook(w.Board)
	v := viewOf(t, book, time.Time{}, quantity.Options{})
	q := named(t, "xushi_figure_known_timestamp_seconds")
	seconds := func(text string) string { return value(float64(at(text)) / 1000) }
	key := "partial|cumulative|区发改委|半清单|kinds-2026|1|1|处{}"
	want := []point{{at("2026-02-01 00:00"), seconds("2026-02-08 10:00")}, {at("2026-05-01 00:00"), seconds("2026-05-20 10:00")}}
	if got := all(t, v, q)[key]; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := newest(t, v, timeline.Selection{Quantity: q, To: at("2026-04-10 00:00")})[key]; got != want[0] {
		t.Errorf("in April %v, want %v", got, want[0])
	}
	days := func(v *timeline.View) (list []string) {
		for key, samples := range all(t, v, named(t, "xushi_knowledge_info")) {
			if _, ok := lastOf(samples, end); ok {
				list = append(list, key)
			}
		}
		slices.Sort(list)
		return list
	}
	if got := fmt.Sprint(days(v)); got != "[kinds-2026{2026-01-05} kinds-2026{2026-02-08} kinds-2026{2026-03-31} kinds-2026{2026-05-08} kinds-2026{2026-05-20} kinds-2026{现在}]" &&
		got != "[kinds-2026{2026-01-06} kinds-2026{2026-02-08} kinds-2026{2026-03-31} kinds-2026{2026-05-08} kinds-2026{2026-05-20} kinds-2026{现在}]" {
		t.Error(got)
	}
	if got := days(viewOf(t, book, moment("2026-02-10 00:00"), quantity.Options{})); len(got) != 3 {
		t.Errorf("in February %v", got)
	}
	hides := quantity.Options{Keep: func(it *board.Item) bool { return it.ID != "partial" }}
	if got := days(viewOf(t, book, time.Time{}, hides)); len(got) != 2 {
		t.Errorf("who does not see the indicator sees %v", got)
	}
}

// TestParts gives what is said of parts and of a whole that has nothing but parts:
// its worst, month by month, whichever part has reported.
func TestParts(t *testing.T) {
	w := testworld.New(t)
	w.At("2026-04-15 10:00")
	w.Apply(testworld.EveryKind(""))
	w.Post(row("water", "2026-01", "100", part("north")), row("water", "2026-01", "90", part("south")), row("water", "2026-02", "100", part("north")), row("water", "2026-03", "100", part("south")),
		row("districts", "2026-01", "5", part("east")), row("districts", "2026-02", "9", part("east")), row("districts", "2026-03", "15", part("east")), row("districts", "2026-03", "8", part("west")), row("districts", "2026-02", "6", part("west")))
	v := view(t, w.Board, quantity.Options{})
	for _, c := range []struct{ name, id, want string }{
		{"xushi_status_severity", "water", "01-01 4, 02-01 6, 03-01 6, 04-01 3"},
		{"xushi_status_severity", "water/south", "01-01 4, 02-01 6, 04-01 3"},
		{"xushi_missed_periods", "water", "01-01 0, 02-01 0, 03-01 1, 04-01 1"},
		{"xushi_actual", "districts", "03-01 15, 04-01 23"},
		{"xushi_expected", "districts", "02-01 8, 03-01 16, 04-01 25, 05-01 33, 06-01 41, 07-01 50, 08-01 58, 09-01 66, 10-01 75, 11-01 83, 12-01 91, 01-01 100"},
		{"xushi_expected", "districts/east", "02-01 5, 03-01 10, 04-01 15, 05-01 20, 06-01 25, 07-01 30, 08-01 35, 09-01 40, 10-01 45, 11-01 50, 12-01 55, 01-01 60"},
		{"xushi_expected", "districts/west", "02-01 3, 03-01 6, 04-01 10, 05-01 13, 06-01 16, 07-01 20, 08-01 23, 09-01 26, 10-01 30, 11-01 33, 12-01 36, 01-01 40"},
		{"xushi_owed", "districts/west", "03-01 6, 04-01 10"},
	} {
		if got := one(t, v, c.name, c.id); got != c.want {
			t.Errorf("%s of %s: %s\nwant %s", c.name, c.id, got, c.want)
		}
	}
}

// TestEntries counts what is done of a checklist by the days it was done, whenever
// that became known, and what will be due.
func TestEntries(t *testing.T) {
	w := testworld.New(t)
	w.At("2026-01-06 10:00")
	w.Apply(testworld.EveryKind(""))
	w.At("2026-05-20 10:00")
	for _, e := range []string{"roads/r1 2026-02-10", "roads/r2 2026-03-31", "school/start 2026-04-01", "school/roof 2026-05-19"} {
		id, day, _ := strings.Cut(e, " ")
		indicator, entry, _ := strings.Cut(id, "/")
		rep, err := w.Service.PostEntries(context.Background(), figure.EventBatch[figure.EntryInput]{Actor: "test", Rows: []figure.EntryInput{{Indicator: indicator, Entry: entry, Done: day, Evidence: "照片"}}})
		if err != nil || rep.Rejected > 0 {
			t.Fatal(rep, err)
		}
	}
	v := view(t, w.Board, quantity.Options{})
	for _, c := range []struct{ name, id, want string }{
		{"xushi_checklist_entries", "roads", "01-01 4, 02-01 4, 03-01 4, 04-01 4, 05-01 4"},
		{"xushi_checklist_entries_done", "roads", "01-01 0, 02-01 0, 03-01 1, 04-01 2, 05-01 2"},
		{"xushi_actual", "roads", "02-01 10, 03-01 11, 04-01 12, 05-01 12"},                       // base 10
		{"xushi_checklist_entries_done", "school", "01-01 0, 02-01 0, 03-01 0, 04-01 0, 05-01 2"}, // now counts what was done in May
		{"xushi_actual", "school", "02-01 0, 03-01 0, 04-01 0, 05-01 25"},
		{"xushi_expected", "school", "02-01 0, 03-01 0, 04-01 25, 05-01 25, 06-01 25, 07-01 75, 08-01 75, 09-01 75, 10-01 100"},
		{"xushi_target", "school", "02-01 100, 03-01 100, 04-01 100, 05-01 100, 06-01 100, 07-01 100, 08-01 100, 09-01 100, 10-01 100"},
	} {
		if got := one(t, v, c.name, c.id); got != c.want {
			t.Errorf("%s of %s: %s\nwant %s", c.name, c.id, got, c.want)
		}
	}
}

// TestTasks gives the worst status and light of each task, by months.
func TestTasks(t *testing.T) {
	w := testworld.New(t)
	w.At("2026-01-06 10:00")
	w.Apply(testworld.Head("t-2026", "t", 2026) + `      - {id: sme, name: 企业, clause: 任务, kind: cumulative, target: 1200, series: {id: sme, name: 企业, unit: 家}}
      - {id: stock, name: 存量, clause: 任务, kind: cumulative, target: 100, commitment: best_effort, series: {id: stock, name: 存量, unit: 家}}
` + testworld.Task(2) + `      - {id: work, name: 常态, kind: standing}
` + testworld.Task(3) + `      - {id: number, name: 参考, clause: 任务, kind: context, target: 73, unit: 个}
`)
	w.At("2026-04-08 10:00")
	w.Post(row("sme", "2026-01", "100"), row("sme", "2026-02", "90"), row("sme", "2026-03", "300"), row("stock", "2026-01", "9"), row("stock", "2026-02", "100"))
	if _, err := w.Service.PostAccounts(context.Background(), figure.EventBatch[figure.AccountInput]{Actor: "test", Rows: []figure.AccountInput{{Indicator: "work", Period: "2026-Q1", Text: "推进中", Light: "behind"}}}); err != nil {
		t.Fatal(err)
	}
	v := view(t, w.Board, quantity.Options{})
	for _, c := range []struct {
		name, task string
		want       string
	}{
		{"xushi_task_status_severity", "1", "01-01 4, 02-01 3, 03-01 6, 04-01 3"},
		{"xushi_task_light_severity", "1", "01-01 0, 02-01 1, 03-01 3, 04-01 1"},
		{"xushi_task_status_severity", "2", ""},
		{"xushi_task_light_severity", "2", "01-01 0, 02-01 0, 03-01 0, 04-01 3"},
		{"xushi_task_status_severity", "3", ""},
		{"xushi_task_light_severity", "3", ""},
	} {
		got := ""
		for key, samples := range all(t, v, named(t, c.name)) {
			if strings.Split(key, "|")[3] == c.task {
				got = said(t, samples)
			}
		}
		if got != c.want {
			t.Errorf("%s of %s: %s\nwant %s", c.name, c.task, got, c.want)
		}
	}
}

// TestSelection asks for a plan, some subjects and some tuples alone.
func TestSelection(t *testing.T) {
	w := testworld.New(t)
	w.At("2026-06-15 10:00")
	w.Apply(testworld.EveryKind(""))
	w.Apply(testworld.Head("other-2026", "kinds", 2026) + "      - {id: firms, name: 企业, clause: 任务, kind: cumulative, target: 100, series: {id: sme, name: 企业, unit: 家}}\n")
	w.Post(row("sme", "2026-04", "390"), row("sme", "2026-05", "480"), row("districts", "2026-05", "5", part("east")))
	v := view(t, w.Board, quantity.Options{})
	if v.Plans() != 2 {
		t.Errorf("%d plans", v.Plans())
	}
	for _, q := range catalogue {
		full := all(t, v, q)
		at := slices.Index(q.Of.Labels(), "plan")
		for _, id := range []string{"kinds-2026", "other-2026", "no-2026"} {
			want := maps.Clone(full)
			maps.DeleteFunc(want, func(key string, _ []point) bool {
				return strings.Split(strings.Split(key, "{")[0], "|")[at] != id
			})
			if got := ranged(t, v, timeline.Selection{Quantity: q, Plan: id, From: start, To: end}); !maps.EqualFunc(got, want, slices.Equal) {
				t.Errorf("%s of %s: %v\nwant %v", q.Name, id, got, want)
			}
		}
		if at := slices.Index(q.Of.Labels(), "indicator"); at >= 0 { // asked for by the labels of indicators
			want := maps.Clone(full)
			maps.DeleteFunc(want, func(key string, _ []point) bool {
				return strings.Split(strings.Split(key, "{")[0], "|")[at] != "districts"
			})
			one := func(indicator []string) bool {
				return indicator[slices.Index(quantity.Indicators.Labels(), "indicator")] == "districts"
			}
			if got := ranged(t, v, timeline.Selection{Quantity: q, From: start, To: end, Item: one}); !maps.EqualFunc(got, want, slices.Equal) {
				t.Errorf("%s of districts: %v\nwant %v", q.Name, got, want)
			}
		}
		for key, samples := range full {
			sel := timeline.Selection{Quantity: q, From: start, To: end,
				Match: func(subject []string) bool { return strings.HasPrefix(key, strings.Join(subject, "|")+"{") },
				Extra: func(extra []string) bool { return strings.HasSuffix(key, "{"+strings.Join(extra, "|")+"}") }}
			if got := ranged(t, v, sel); len(got) != 1 || !slices.Equal(got[key], samples) {
				t.Errorf("%s %s alone: %v\nwant %v", q.Name, key, got, samples)
			}
			if p, ok := lastOf(samples, end); ok {
				if got := newest(t, v, timeline.Selection{Quantity: q, To: end, Match: sel.Match, Extra: sel.Extra}); len(got) != 1 || got[key] != p {
					t.Errorf("%s %s alone: %v\nwant %v", q.Name, key, got, p)
				}
			}
			break // any will do
		}
	}
}

// TestStops ends a search when its reader has gone or has had enough.
func TestStops(t *testing.T) {
	w := testworld.New(t)
	w.At("2026-06-15 10:00")
	w.Apply(testworld.EveryKind(""))
	w.Post(row("sme", "2026-05", "480"), row("districts", "2026-05", "5", part("east")), row("districts", "2026-05", "5", part("west")))
	v := view(t, w.Board, quantity.Options{})
	gone, leave := context.WithCancel(context.Background())
	leave()
	enough := errors.New("enough")
	for _, q := range catalogue {
		sel := timeline.Selection{Quantity: q, From: start, To: end}
		if err := v.Range(gone, &sel, func(*quantity.Row, []string, []timeline.Sample) error { t.Errorf("%s goes on", q.Name); return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", q.Name, err)
		}
		for _, search := range []func(context.Context, *timeline.Selection, timeline.Found) error{v.Range, v.Latest} {
			n := 0
			err := search(context.Background(), &sel, func(*quantity.Row, []string, []timeline.Sample) error { n++; return enough })
			if n > 1 || n == 1 && !errors.Is(err, enough) {
				t.Errorf("%s was told of %d series: %v", q.Name, n, err)
			}
		}
	}
	if _, err := timeline.NewBook(w.Board).View(moment("2026-06-15 10:01"), "", quantity.Options{}); err == nil {
		t.Error("the future is known")
	}
	if _, err := timeline.NewBook(w.Board).View(moment("2026-06-10 10:00"), "no-2026", quantity.Options{}); err == nil {
		t.Error("a plan that there is not")
	}
}

// TestElapsed gives a sample for each day up to today.
func TestElapsed(t *testing.T) {
	w := testworld.New(t)
	w.At("2025-12-30 10:00")
	w.Apply(testworld.EveryKind(""))
	q := named(t, "xushi_year_elapsed_ratio")
	book := timeline.NewBook(w.Board)
	for _, c := range []struct {
		now        string
		days       int
		by, months string
	}{
		{"2025-12-31 23:59", 0, "", ""},
		{"2026-01-01 00:00", 1, value(1. / 365), "0"},
		{"2026-02-01 12:00", 32, value(32. / 365), value(1. / 12)},
		{"2026-12-31 23:59", 365, "1", value(11. / 12)},
		{"2027-03-05 12:00", 366, "1", "1"},
	} {
		w.At(c.now)
		w.Board.Tick()
		series := all(t, viewOf(t, book, time.Time{}, quantity.Options{}), q)
		days, months := series["kinds-2026{days}"], series["kinds-2026{months}"]
		if len(days) != c.days || len(months) != c.days {
			t.Errorf("%s: %d and %d samples", c.now, len(days), len(months))
			continue
		}
		if c.days > 0 && (days[c.days-1].v != c.by || months[c.days-1].v != c.months || days[0].t != at("2026-01-01 00:00")) {
			t.Errorf("%s: %v %v", c.now, days[c.days-1], months[c.days-1])
		}
	}
}
