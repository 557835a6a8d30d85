package planfile

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"xushi/seeds"
)

// Whatever is read, Check comes back with a plan or with faults that say where,
// and a plan survives being written and read again.
func FuzzParse(f *testing.F) {
	good := readTestdata(f, "good.yaml")
	f.Add([]byte(good))
	if data, ok := seeds.Plan("gulou-2026"); ok {
		head, _, _ := bytes.Cut(data, []byte("  - number: 3\n"))
		f.Add(head)
	}
	for i, tt := range bad {
		if i%5 == 0 {
			f.Add([]byte(strings.Replace(good, tt.old, tt.new, 1)))
		}
	}
	for _, s := range []string{"", "a", "- a", "a: [", "a: {b: &c d, e: *c}", "? a\n: b", "a: |\n  b\n", "a: >-\n\n b\n", "'a': \"\\u4e00\"",
		"--- a\n...\n--- b", "a: !!binary x", "<<: *a", "%", "\t", "a:\n- b\n-  - c", "a: 0o17", "a: -.inf", "a: 2026-01-01", "{a: b, c}", "[[[]]]", "a: b: c"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := Check("plan.yaml", data)
		if (r.Plan == nil) == (len(r.Errors) == 0) {
			t.Fatalf("plan %v, %d errors", r.Plan != nil, len(r.Errors))
		}
		for _, fault := range append(r.Errors, r.Warnings...) {
			if fault.Code == "" || fault.Zh == "" || fault.En == "" || fault.File != "plan.yaml" || !utf8.ValidString(fault.Error()) {
				t.Fatalf("incomplete fault %+v", fault)
			}
		}
		if r.Plan == nil {
			return
		}
		doc := Canonical(r.Plan)
		back, err := Decode(doc)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(doc, Canonical(back)) {
			t.Fatal("the canonical form changes when it is read back")
		}
	})
}
