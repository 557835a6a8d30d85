// Package world is a whole Xushi for tests: a service on a real database with a
// board over it, a clock that the test sets, and plans written in a few lines.
package world

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"xushi/internal/board"
	"xushi/internal/figure"
	"xushi/internal/plan"
	"xushi/internal/planfile"
	"xushi/internal/store"
)

// World is a service on a real database with a board over it, and a clock that a
// test sets.
type World struct {
	testing.TB
	Clock   func() time.Time
	Path    string
	Log     *store.DB
	Board   *board.Board
	Service *figure.Service
}

// New makes a world on the morning of 22 November 2026.
func New(t testing.TB) *World {
	t.Helper()
	w := &World{TB: t, Path: filepath.Join(t.TempDir(), "x.db")}
	w.At("2026-11-22 09:00")
	w.Open()
	return w
}

// Open opens the database, as another server does.
func (w *World) Open() {
	w.Helper()
	now := func() time.Time { return w.Clock() }
	log, err := store.Open(context.Background(), "sqlite:"+w.Path, store.Options{Now: now})
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { log.Close() })
	w.Log = log
	w.Board = board.New(now, nil)
	w.Service = figure.NewService(log, w.Board, now)
}

var shanghai = func() *time.Location {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err)
	}
	return zone
}()

// Moment reads 2026-11-22 09:00 in Shanghai.
func Moment(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, shanghai)
	if err != nil {
		panic(err)
	}
	return t
}

// At sets the clock, to a time such as 2026-11-22 09:00 in Shanghai.
func (w *World) At(text string) {
	t := Moment(text)
	w.Clock = func() time.Time { return t }
}

// Parse reads a plan that must be right.
func (w *World) Parse(text string) *plan.Plan {
	w.Helper()
	r := planfile.Check("plan.yaml", []byte(text))
	if err := r.Errors.Err(); err != nil {
		w.Fatal(err)
	}
	return r.Plan
}

// Apply applies a plan that must be right.
func (w *World) Apply(text string) {
	w.Helper()
	if _, _, err := w.Service.ApplyPlan(context.Background(), "test", w.Parse(text)); err != nil {
		w.Fatal(err)
	}
}

// Post posts rows and wants them all taken.
func (w *World) Post(rows ...figure.Input) *figure.Report {
	w.Helper()
	r, err := w.Service.Post(context.Background(), figure.Batch{Actor: "test", Rows: rows})
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

// Row is a figure of an indicator; more are unit, status and so on.
func Row(indicator, period, value string, more ...func(*figure.Input)) figure.Input {
	in := figure.Input{Address: figure.Address{Indicator: indicator}, Period: period, Value: value}
	for _, m := range more {
		m(&in)
	}
	return in
}

// Known sets when a row became known.
func Known(text string) func(*figure.Input) {
	return func(in *figure.Input) { t := Moment(text); in.KnownAt = &t }
}

// Head is a plan's beginning, up to the indicators of its one task.
func Head(id, area string, year int) string {
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
`, id, area, year, year) + Task(1)
}

// Task is a task's beginning, up to its indicators.
func Task(number int) string {
	return fmt.Sprintf(`  - number: %d
    section: 1
    title: 任务
    text: 任务
    leads: [fagai]
    indicators:
`, number)
}
