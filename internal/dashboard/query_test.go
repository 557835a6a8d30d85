package dashboard_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"xushi/internal/dashboard"
	"xushi/internal/quantity"
)

// asked is one expression of a dashboard.
type asked struct {
	where string
	uid   string // of the data source
	expr  string
	names string // where labels are named outside of it: legends, formats
}

var (
	labelValues = regexp.MustCompile(`^label_values\((.+), *(\w+)\)$`)
	queryResult = regexp.MustCompile(`^query_result\((.+)\)$`)
	named       = regexp.MustCompile(`{{(\w+)}}`)
	variable    = regexp.MustCompile(`\$\{?(\w+)`)
)

// everything is what dashboards ask: panels, variables and annotations.
func everything(t *testing.T) []asked {
	t.Helper()
	var list []asked
	for _, d := range dashboard.All() {
		for _, v := range d.Templating.List {
			a := asked{where: d.UID + "/$" + v.Name, uid: v.Datasource.UID}
			if m := labelValues.FindStringSubmatch(v.Definition); m != nil {
				a.expr, a.names = m[1], "{{"+m[2]+"}}"
			} else if m := queryResult.FindStringSubmatch(v.Definition); m != nil {
				a.expr = m[1]
			} else {
				t.Fatalf("%s: %s", a.where, v.Definition)
			}
			if v.Query["query"] != v.Definition {
				t.Errorf("%s: asks something else", a.where)
			}
			list = append(list, a)
		}
		for _, n := range d.Annotations.List {
			if n.Target != nil {
				list = append(list, asked{d.UID + "/" + n.Name, n.Datasource.UID, n.Target.Expr, n.TitleFormat + n.TextFormat})
			}
		}
		for _, p := range d.Panels {
			for _, q := range p.Targets {
				list = append(list, asked{d.UID + "/" + p.Title + "/" + q.RefID, q.Datasource.UID, q.Expr, q.LegendFormat})
			}
		}
	}
	return list
}

// published gives the labels of every name on data source xushi.
func published() map[string][]string {
	known := map[string][]string{}
	for _, q := range quantity.Catalogue() {
		known[q.Name] = q.Labels()
	}
	return known
}

// told are the labels of the service's own names, as docs/metrics.md has them.
var told = map[string]string{
	"xushi_build_info": "version goversion", "xushi_http_request_duration_seconds": "route method code quantile",
	"xushi_http_request_duration_seconds_count": "route method code", "xushi_posted_rows_total": "outcome",
	"xushi_commit_duration_seconds": "quantile", "xushi_commit_duration_seconds_sum": "", "xushi_commit_duration_seconds_count": "",
	"xushi_commit_requests_total": "", "xushi_commit_rows_total": "", "xushi_board_fold_duration_seconds": "quantile",
	"xushi_board_judged_indicators_total": "", "xushi_log_head_seq": "", "xushi_log_lag_changes": "", "xushi_log_follow_failures_total": "",
	"xushi_snapshot_seq": "", "xushi_metrics_render_duration_seconds": "quantile",
	"process_start_time_seconds": "", "process_resident_memory_bytes": "", "process_cpu_seconds_total": "", "process_open_fds": "",
	"go_memstats_heap_inuse_bytes": "", "go_goroutines": "",
}

// TestQueries parses every expression with the upstream parser and holds every
// name, label and variable in it to what there is.
func TestQueries(t *testing.T) {
	known := map[string]map[string][]string{"xushi": published(), "xushi-self": {}}
	for name, labels := range told {
		known["xushi-self"][name] = append(strings.Fields(labels), "job", "instance")
	}
	parse := parser.NewParser(parser.Options{})
	for _, a := range everything(t) {
		filled := strings.NewReplacer("$__interval", "1d", "$__rate_interval", "1m").Replace(a.expr)
		expr, err := parse.ParseExpr(filled)
		if err != nil {
			t.Errorf("%s: %s: %v", a.where, a.expr, err)
			continue
		}
		if a.uid == "xushi" && strings.Contains(a.expr, "rate(") || strings.Contains(a.expr, "[1m]") {
			t.Errorf("%s: a rate of what is reported", a.where)
		}
		here := map[string]bool{} // labels there are: of the metrics and those made on the way
		var wanted []string
		parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
			switch n := node.(type) {
			case *parser.VectorSelector:
				checkSelector(t, a, n, known[a.uid], here)
			case *parser.AggregateExpr:
				wanted = append(wanted, n.Grouping...)
				if n.Op == parser.COUNT_VALUES {
					here[text(n.Param)] = true
				}
			case *parser.BinaryExpr:
				if n.VectorMatching != nil {
					wanted = append(append(wanted, n.VectorMatching.MatchingLabels...), n.VectorMatching.Include...)
				}
			case *parser.Call:
				switch n.Func.Name {
				case "label_replace":
					here[text(n.Args[1])] = true
					if from := text(n.Args[3]); from != "" {
						wanted = append(wanted, from)
					}
				case "label_join":
					here[text(n.Args[1])] = true
					for _, l := range n.Args[3:] {
						wanted = append(wanted, text(l))
					}
				}
			}
			return nil
		})
		for _, m := range named.FindAllStringSubmatch(a.names, -1) {
			wanted = append(wanted, m[1])
		}
		for _, l := range wanted {
			if !here[l] {
				t.Errorf("%s: no label %s in %s (%q)", a.where, l, a.expr, slices.Sorted(maps.Keys(here)))
			}
		}
	}
}

func text(e parser.Expr) string {
	s, _ := e.(*parser.StringLiteral)
	if s == nil {
		return ""
	}
	return s.Val
}

// checkSelector holds a selector to the names and labels there are, and to the
// two matchers that every one has: the plan and the moment of knowledge.
func checkSelector(t *testing.T, a asked, n *parser.VectorSelector, known map[string][]string, here map[string]bool) {
	t.Helper()
	has, ok := known[n.Name]
	if !ok {
		t.Errorf("%s: no name %s", a.where, n.Name)
	}
	for _, l := range has {
		here[l] = true
	}
	asOf, plan := false, false
	for _, m := range n.LabelMatchers {
		switch m.Name {
		case model.MetricNameLabel:
		case "__as_of__":
			asOf = m.Value == "$as_of" && m.Type == labels.MatchEqual
		default:
			plan = plan || m.Name == "plan" && m.Value == "$plan"
			if !slices.Contains(has, m.Name) {
				t.Errorf("%s: %s has no label %s", a.where, n.Name, m.Name)
			}
		}
	}
	// What chooses the plan, the moment or the way out cannot depend on them.
	free := []string{"xushi_plan_info", "xushi_plan_year", "xushi_knowledge_info", "xushi_service_info"}
	if a.uid == "xushi" && !slices.Contains(free, n.Name) && (!asOf || !plan) {
		t.Errorf("%s: %s is not bound to the plan and the moment of knowledge", a.where, n)
	}
}

// TestVariables finds every variable that is used among the dashboard's own,
// behind those that it depends on.
func TestVariables(t *testing.T) {
	for _, d := range dashboard.All() {
		have := map[string]bool{}
		for _, v := range d.Templating.List {
			for _, m := range variable.FindAllStringSubmatch(v.Definition, -1) {
				if m[1] != "as_of" && !have[m[1]] {
					t.Errorf("%s: $%s needs $%s, which comes later or not at all", d.UID, v.Name, m[1])
				}
			}
			if have[v.Name] || v.Label == "" {
				t.Errorf("%s: $%s is twice or has no label", d.UID, v.Name)
			}
			have[v.Name] = true
		}
		text, err := d.JSON()
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range variable.FindAllStringSubmatch(string(text), -1) {
			if !have[m[1]] && !strings.HasPrefix(m[1], "__") && m[1] != "1" {
				t.Errorf("%s: no variable $%s", d.UID, m[1])
			}
		}
	}
}
