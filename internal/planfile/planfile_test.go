package planfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"reflect"
	"strings"
	"testing"

	"xushi/internal/plan"
	"xushi/internal/testkit/golden"
	"xushi/seeds"
)

// The one valid baseline: testdata/good.yaml has every kind and every field.
func baseline(t testing.TB) *plan.Plan {
	t.Helper()
	p, faults := Parse("good.yaml", []byte(readTestdata(t, "good.yaml")))
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCanonical(t *testing.T) {
	p := baseline(t)
	doc := Canonical(p)
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, doc, "", "  "); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "good.json", pretty.String()+"\n")

	back, err := Decode(doc)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(p, back) {
		t.Error("what is decoded differs from what was written")
	}
	if !bytes.Equal(doc, Canonical(back)) {
		t.Error("the canonical form of the same plan differs")
	}
	if _, err := Decode([]byte(`{"id":`)); err == nil {
		t.Error("half a document was decoded")
	}
}

// The same plan written in other words has the same canonical form.
func TestCanonicalForms(t *testing.T) {
	text := readTestdata(t, "good.yaml")
	want := Canonical(baseline(t))
	for _, r := range [][2]string{
		{"target: 73.90", "target: 73.9"},
		{"target: 73.90", "target: +73.900"},
		{"base: 0\n", "base: -0.0\n"},
		{"time_zone: Asia/Shanghai\n", ""},
		{"approval: none\n", ""},
		{"leads: [fagai]\n        series: gdp-growth", "leads: [区发改委]\n        series: gdp-growth"},
		{"tolerance: 0.3", "tolerance: 0.30"},
		{"series: {unit: 台}", "series: {id: lifts, name: 电梯更新, unit: 台, span: ytd, step: 1}"},
		{"kind: standing", "kind: standing\n        rhythm: quarterly\n        due: {days: 10}\n        deadline: 2026-12-31\n        cos: []"},
		{"2026-04-20T10:00:00+08:00", "2026-04-20T02:00:00Z"},
		{"size: 2\n          entries", "entries"},
	} {
		if strings.Count(text, r[0]) != 1 {
			t.Fatalf("%q does not stand in the baseline once", r[0])
		}
		p, faults := Parse("good.yaml", []byte(strings.Replace(text, r[0], r[1], 1)))
		if len(faults) > 0 {
			t.Errorf("%q: %v", r[1], faults)
			continue
		}
		if got := Canonical(p); !bytes.Equal(got, want) {
			t.Errorf("%q instead of %q has another canonical form", r[1], r[0])
		}
	}
	// Windows line ends and a byte order mark are no difference either.
	crlf := "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n")
	p, faults := Parse("good.yaml", []byte(crlf))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if !bytes.Equal(Canonical(p), want) {
		t.Error("CRLF makes another canonical form")
	}
}

func TestDecimalsStayExact(t *testing.T) {
	p := baseline(t)
	ind, _ := p.Indicator("investment")
	if got := ind.Target.String(); got != "73.9" {
		t.Errorf("target %s", got)
	}
	text := strings.Replace(readTestdata(t, "good.yaml"), "target: 70.5", "target: 70.4999999999999999", 1)
	text = strings.Replace(text, "name: 完成投资, unit: 亿元", "name: 完成投资, unit: 亿元, step: 0.0000000000000001", 1)
	p, faults := Parse("good.yaml", []byte(text))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	ind, _ = p.Indicator("investment")
	if got := ind.Changes[0].Target.String(); got != "70.4999999999999999" {
		t.Errorf("changed target %s", got)
	}
}

// The plans that come with the program have no errors.
func TestSeeds(t *testing.T) {
	for _, id := range seeds.Plans() {
		data, _ := seeds.Plan(id)
		r := Check(id+".yaml", data)
		if err := r.Errors.Err(); err != nil {
			t.Errorf("%v", err)
			continue
		}
		if r.Plan.ID != id {
			t.Errorf("%s.yaml holds the plan %s", id, r.Plan.ID)
		}
		for _, w := range r.Warnings {
			if w.Code != "bands_default" {
				t.Logf("%v", w)
			}
		}
	}
}

func TestGulou(t *testing.T) {
	data, ok := seeds.Plan("gulou-2026")
	if !ok {
		t.Fatal("the plan does not come with the program")
	}
	p, faults := Parse("gulou-2026.yaml", data)
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	if len(p.Tasks) != 87 || len(p.Sections) != 8 {
		t.Errorf("%d tasks in %d sections, want 87 in 8", len(p.Tasks), len(p.Sections))
	}
}

func TestLoad(t *testing.T) {
	if r := Load("testdata/good.yaml"); r.Plan == nil || len(r.Errors) > 0 {
		t.Errorf("good.yaml: %v", r.Errors)
	}
	r := Load("testdata/absent.yaml")
	if r.Plan != nil || len(r.Errors) != 1 || r.Errors[0].Code != "file_read" || r.Errors[0].File != "testdata/absent.yaml" {
		t.Errorf("an absent file gave %v", r.Errors)
	}
	if err := r.Errors.Err(); errors.Is(err, fs.ErrNotExist) {
		t.Error("the fault is not meant to be matched by its cause")
	}
}

// The schema and the types name the same fields, so that neither has one that
// the other does not know.
func TestSchemaFields(t *testing.T) {
	doc := planSchema().document.(map[string]any)
	defs := doc["$defs"].(map[string]any)
	at := func(names ...string) map[string]any {
		here := defs
		for _, n := range names {
			here = here[n].(map[string]any)
		}
		return here
	}
	for _, tt := range []struct {
		schema map[string]any
		typ    reflect.Type
	}{
		{doc, reflect.TypeFor[plan.Plan]()},
		{at("organisation"), reflect.TypeFor[plan.Organisation]()},
		{at("organisation", "properties", "former", "items"), reflect.TypeFor[plan.Former]()},
		{at("organisation", "properties", "members", "items"), reflect.TypeFor[plan.Member]()},
		{at("portfolio"), reflect.TypeFor[plan.Portfolio]()},
		{at("section"), reflect.TypeFor[plan.Section]()},
		{at("dueRule"), reflect.TypeFor[plan.DueRule]()},
		{at("trajectory"), reflect.TypeFor[plan.Trajectory]()},
		{at("trajectory", "properties", "points", "items"), reflect.TypeFor[plan.Point]()},
		{at("band"), reflect.TypeFor[plan.Band]()},
		{at("bands"), reflect.TypeFor[plan.Bands]()},
		{at("series"), reflect.TypeFor[plan.Series]()},
		{at("seriesInPlace"), reflect.TypeFor[plan.Series]()},
		{at("seriesFields"), reflect.TypeFor[plan.Series]()},
		{at("seriesFields", "properties", "ratio"), reflect.TypeFor[plan.Ratio]()},
		{at("task"), reflect.TypeFor[plan.Task]()},
		{at("taskEvent"), reflect.TypeFor[plan.TaskEvent]()},
		{at("indicator"), reflect.TypeFor[plan.Indicator]()},
		{at("indicator", "properties", "visibility"), reflect.TypeFor[plan.Visibility]()},
		{at("targetChange"), reflect.TypeFor[plan.TargetChange]()},
		{at("part"), reflect.TypeFor[plan.Part]()},
		{at("checklist"), reflect.TypeFor[plan.Checklist]()},
		{at("entry"), reflect.TypeFor[plan.Entry]()},
	} {
		properties := maps.Clone(tt.schema["properties"].(map[string]any))
		if tt.schema["additionalProperties"] != false && tt.schema["type"] != nil {
			t.Errorf("%v: additionalProperties are not refused", tt.typ)
		}
		for i := range tt.typ.NumField() {
			name, _, _ := strings.Cut(tt.typ.Field(i).Tag.Get("json"), ",")
			if _, ok := properties[name]; !ok {
				t.Errorf("%v.%s is missing in the schema", tt.typ, name)
			}
			delete(properties, name)
		}
		for name := range properties {
			t.Errorf("the schema's field %s is missing in %v", name, tt.typ)
		}
	}
}
