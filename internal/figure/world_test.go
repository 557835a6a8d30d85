package figure_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xushi/internal/board"
	"xushi/internal/fault"
	"xushi/internal/figure"
	"xushi/internal/plan"
	"xushi/internal/planfile"
	"xushi/internal/store"
)

// world is a service on a real database with a board over it, and a clock that
// a test sets.
type world struct {
	testing.TB
	clock   func() time.Time
	path    string
	log     *store.DB
	board   *board.Board
	service *figure.Service
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{TB: t, path: filepath.Join(t.TempDir(), "x.db")}
	w.at("2026-11-22 09:00")
	w.open()
	return w
}

// open opens the database, as another server does.
func (w *world) open() {
	w.Helper()
	now := func() time.Time { return w.clock() }
	log, err := store.Open(context.Background(), "sqlite:"+w.path, store.Options{Now: now})
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { log.Close() })
	w.log = log
	w.board = board.New(now, nil)
	w.service = figure.NewService(log, w.board, now)
}

var shanghai = func() *time.Location {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err)
	}
	return zone
}()

// moment reads 2026-11-22 09:00 in Shanghai.
func moment(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, shanghai)
	if err != nil {
		panic(err)
	}
	return t
}

func (w *world) at(text string) {
	t := moment(text)
	w.clock = func() time.Time { return t }
}

func (w *world) parse(text string) *plan.Plan {
	w.Helper()
	r := planfile.Check("plan.yaml", []byte(text))
	if err := r.Errors.Err(); err != nil {
		w.Fatal(err)
	}
	return r.Plan
}

func (w *world) apply(text string) {
	w.Helper()
	if _, _, err := w.service.ApplyPlan(context.Background(), "test", w.parse(text)); err != nil {
		w.Fatal(err)
	}
}

// post posts rows and wants them all taken.
func (w *world) post(rows ...figure.Input) *figure.Report {
	w.Helper()
	r, err := w.service.Post(context.Background(), figure.Batch{Actor: "test", Rows: rows})
	if err != nil {
		w.Fatal(err)
	}
	for _, res := range r.Results {
		if res.Fault != nil {
			w.Fatal(res.Fault)
		}
	}
	return r
}

// row is a figure of an indicator; more are unit, status and so on.
func row(indicator, period, value string, more ...func(*figure.Input)) figure.Input {
	in := figure.Input{Address: figure.Address{Indicator: indicator}, Period: period, Value: value}
	for _, m := range more {
		m(&in)
	}
	return in
}

func known(text string) func(*figure.Input) {
	return func(in *figure.Input) { t := moment(text); in.KnownAt = &t }
}

func code(err error) string {
	if f := fault.As(err); f != nil {
		return f.Code
	}
	return fmt.Sprint(err)
}

// manyCounts is a plan of n counts.
func manyCounts(n int) string {
	var b strings.Builder
	b.WriteString(head("many-2026", "many", 2026))
	for i := range n {
		if i > 0 && i%100 == 0 { // a task has 100 at most
			b.WriteString(task(1 + i/100))
		}
		fmt.Fprintf(&b, "      - {id: count-%d, name: 数 %d, clause: 任务, kind: cumulative, target: 100000, series: {id: count-%d, name: 数 %d, unit: 家}}\n", i, i, i, i)
	}
	return b.String()
}

// head is a plan's beginning, up to the indicators of its one task.
func head(id, area string, year int) string {
	return fmt.Sprintf(`id: %s
area: %s
area_name: 某区
title: 工作目标
number: 某政〔%d〕2号
issuer: 某区人民政府
date: %d-01-05
year: %[3]d
organisations:
  - {id: fagai, name: 区发改委, kind: bureau}
  - {id: tongji, name: 区统计局, kind: bureau}
sections:
  - {number: 1, title: 一}
tasks:
`, id, area, year, year) + task(1)
}

// task is a task's beginning, up to its indicators.
func task(number int) string {
	return fmt.Sprintf(`  - number: %d
    section: 1
    title: 任务
    text: 任务
    leads: [fagai]
    indicators:
`, number)
}
