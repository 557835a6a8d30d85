package judge

import (
	"path/filepath"
	"strings"
	"testing"

	"xushi/internal/plan"
)

// BenchmarkJudge judges the worked rows of each kind, cumulative ones by
// trajectory: one operation is one judgement.
func BenchmarkJudge(b *testing.B) {
	type job struct {
		rule *Rule
		in   Input
	}
	jobs := map[string][]job{}
	var names []string
	for _, row := range readRows(b, filepath.Join("testdata", "judgement.csv")) {
		name := strings.TrimSuffix(row["kind"]+"/"+row["trajectory"], "/flat")
		spec, in := parseRow(b, row)
		rule, err := Compile(spec)
		if err != nil {
			b.Fatal(err)
		}
		if jobs[name] == nil {
			names = append(names, name)
		}
		jobs[name] = append(jobs[name], job{rule, in})
		jobs["all"] = append(jobs["all"], job{rule, in})
	}
	for _, name := range append(names, "all") {
		b.Run(name, func(b *testing.B) {
			list := jobs[name]
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				job := &list[i]
				sink = job.rule.Judge(job.in)
				if i++; i == len(list) {
					i = 0
				}
			}
		})
	}
}

// BenchmarkCompile compiles a cumulative target by shares.
func BenchmarkCompile(b *testing.B) {
	spec := sharesSpec()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile(spec); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOutlook calculates the interval after eleven periods.
func BenchmarkOutlook(b *testing.B) {
	rule, err := Compile(Spec{Year: 2026, Kind: plan.Cumulative, Target: num("73.9"), Deadline: d("2026-12-31")})
	if err != nil {
		b.Fatal(err)
	}
	in := Input{PeriodEnd: d("2026-11-30"), Actual: num("65.2"), History: elevenMonths()}
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := rule.Outlook(in); !ok {
			b.Fatal("no outlook")
		}
	}
}

var sink Judgement
