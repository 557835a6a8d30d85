package dashboard_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xushi/internal/dashboard"
)

var update = flag.Bool("update", false, "write dashboards/ anew")

// home is where the files are, seen from this package.
var home = filepath.Join("..", "..", "dashboards")

// TestFiles holds the committed files to what the generator writes, byte by
// byte: so they are formatted as well, and none is left over.
func TestFiles(t *testing.T) {
	var files []string
	for _, d := range dashboard.All() {
		got, err := d.JSON()
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(home, d.File())
		files = append(files, d.File())
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil { //nolint:gosec // Grafana reads it as another user
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s differs; `go test ./internal/dashboard -update` writes it (-file +generator):\n%s", file, diff)
		}
	}
	there, err := os.ReadDir(home)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range there {
		if filepath.Ext(f.Name()) == ".json" && !slices.Contains(files, f.Name()) {
			t.Errorf("%s is nobody's", f.Name())
		}
	}
}

// TestShape holds every dashboard to what Grafana and readers need: ids, the
// grid, titles, words for what is missing, units.
func TestShape(t *testing.T) {
	uids := map[string]bool{}
	for _, d := range dashboard.All() {
		if uids[d.UID] || d.UID == "" || d.Title == "" || d.Description == "" || d.TimeZone != "Asia/Shanghai" || len(d.Tags) == 0 {
			t.Errorf("%s: twice, or something is missing", d.UID)
		}
		uids[d.UID] = true
		text, err := d.JSON()
		if err != nil || strings.Contains(string(text), "__inputs") || strings.Contains(string(text), ": null,") && !strings.Contains(string(text), `"value": null`) {
			t.Errorf("%s: inputs, or a null: %v", d.UID, err)
		}
		checkGrid(t, d)
		ids := map[int]bool{}
		for _, p := range d.Panels {
			where := d.UID + "/" + p.Title
			if ids[p.ID] || p.ID == 0 || p.Title == "" {
				t.Errorf("%s: panel %d is twice or has no title", where, p.ID)
			}
			ids[p.ID] = true
			if p.Type != "row" {
				checkPanel(t, where, p)
			}
		}
	}
}

func checkPanel(t *testing.T, where string, p *dashboard.Panel) {
	t.Helper()
	kinds := []string{"stat", "gauge", "bargauge", "barchart", "table", "timeseries"}
	if !slices.Contains(kinds, p.Type) {
		t.Errorf("%s: type %s", where, p.Type)
	}
	if !strings.HasSuffix(p.Description, "。") {
		t.Errorf("%s: no sentence says what it shows", where)
	}
	f := p.FieldConfig
	if f.Defaults.NoValue == "" {
		t.Errorf("%s: nothing is said where there is nothing", where)
	}
	if f.Defaults.Unit == "" {
		t.Errorf("%s: no unit", where)
	}
	if len(p.Targets) == 0 || p.Datasource == nil {
		t.Errorf("%s: asks nothing", where)
	}
	refs := map[string]bool{}
	for _, q := range p.Targets {
		if refs[q.RefID] || q.Expr == "" || q.Instant == q.Range || q.Datasource.UID != p.Datasource.UID {
			t.Errorf("%s: query %s", where, q.RefID)
		}
		refs[q.RefID] = true
		if q.Range && (p.Interval == "" || q.Datasource.UID == "xushi" && p.Interval != "1d") {
			t.Errorf("%s: query %s is asked along the range without a least interval", where, q.RefID)
		}
	}
	seen := map[string]bool{}
	for _, o := range f.Overrides {
		key := o.Matcher.ID + ":" + o.Matcher.Options.(string)
		if seen[key] || len(o.Properties) == 0 {
			t.Errorf("%s: override of %s is twice or empty", where, key)
		}
		seen[key] = true
		if o.Matcher.ID == "byFrameRefID" && !refs[o.Matcher.Options.(string)] {
			t.Errorf("%s: override of %s, which is not asked", where, key)
		}
	}
}

// checkGrid refuses panels that overlap, stand out of the grid, leave a hole or
// are too small to be read.
func checkGrid(t *testing.T, d *dashboard.Dashboard) {
	t.Helper()
	taken := map[[2]int]string{}
	bottom := 0
	for _, p := range d.Panels {
		g := p.GridPos
		if g.X < 0 || g.X+g.W > 24 || g.W < 1 || g.H < 1 {
			t.Errorf("%s/%s: %+v is out of the grid", d.UID, p.Title, g)
		}
		if p.Type != "row" && (g.W < 4 || g.H < 4) {
			t.Errorf("%s/%s: %+v is too small", d.UID, p.Title, g)
		}
		for x := g.X; x < g.X+g.W; x++ {
			for y := g.Y; y < g.Y+g.H; y++ {
				if other, ok := taken[[2]int{x, y}]; ok {
					t.Fatalf("%s: %s lies on %s", d.UID, p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
		bottom = max(bottom, g.Y+g.H)
	}
	if len(taken) != 24*bottom {
		t.Errorf("%s: holes in the grid", d.UID)
	}
}

// TestTables holds the columns' looks to columns that there are.
func TestTables(t *testing.T) {
	for _, d := range dashboard.All() {
		for _, p := range d.Panels {
			if p.Type != "table" {
				continue
			}
			last := p.Transformations[len(p.Transformations)-1]
			titles := map[string]bool{}
			rename := last.Options["renameByName"].(map[string]string)
			for field := range last.Options["includeByName"].(map[string]bool) {
				title := field
				if r, ok := rename[field]; ok {
					title = r
				}
				if titles[title] {
					t.Errorf("%s/%s: two columns %s", d.UID, p.Title, title)
				}
				titles[title] = true
			}
			for _, o := range p.FieldConfig.Overrides {
				if name := o.Matcher.Options.(string); o.Matcher.ID == "byName" && !titles[name] {
					t.Errorf("%s/%s: looks of a column %s", d.UID, p.Title, name)
				}
			}
			by, _ := p.Options["sortBy"].([]map[string]any)
			for _, s := range by {
				if !titles[s["displayName"].(string)] {
					t.Errorf("%s/%s: sorted by %s", d.UID, p.Title, s["displayName"])
				}
			}
		}
	}
}

// TestWords finds the words of lights, reporting and facts where values are
// mapped; those of statuses come with the data.
func TestWords(t *testing.T) {
	text, err := json.Marshal(dashboard.All())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"3":{"text":"■ 红灯"`, `"3":{"text":"■ 红"`, `"late":{"text":"■ 逾期未报"`, `"4":{"text":"■ 逾期"`,
		`"growth":{"text":"增速类"`, `"best_effort":{"text":"力争"`, `"monthly_janfeb":{"text":"按月（1—2月合并）"`, `"P":{"text":"快报数"`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no mapping %s", want)
		}
	}
	if strings.Contains(string(text), `"text":""`) {
		t.Error("a value is mapped to no word")
	}
}
