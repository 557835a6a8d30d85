package promapi

import (
	"cmp"
	"errors"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
)

// metadata answers with what the metrics are.
func (a *api) metadata(r *request) (*answer, error) {
	limit, err := count(r, "limit")
	if err != nil {
		return nil, err
	}
	if _, err := count(r, "limit_per_metric"); err != nil { // there is one of each
		return nil, err
	}
	type entry struct {
		Type string `json:"type"`
		Help string `json:"help"`
		Unit string `json:"unit"`
	}
	out, metric := map[string][]entry{}, r.FormValue("metric")
	for _, f := range a.Source.Families() {
		if limit >= 0 && len(out) >= limit {
			break
		}
		if metric == "" || metric == f.Name {
			out[f.Name] = []entry{{f.Type, f.Help, f.Unit}}
		}
	}
	return value(out), nil
}

// count reads a number; -1 where there is none.
func count(r *request, name string) (int, error) {
	s := r.FormValue(name)
	if s == "" {
		return -1, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, badData(name + " must be a number")
	}
	return n, nil
}

// rules answers with the rules that stand: there are none yet. Lists are [], for
// Grafana takes no null.
func (a *api) rules(r *request) (*answer, error) {
	switch r.FormValue("type") {
	case "", "alert", "record":
		return value(map[string]any{"groups": []any{}}), nil
	}
	return nil, badParam("type", errors.New("not supported value "+strconv.Quote(r.FormValue("type"))))
}

// alerts answers with the alerts that stand.
func (a *api) alerts(*request) (*answer, error) { return value(map[string]any{"alerts": []any{}}), nil }

// exemplars answers that there are none.
func (a *api) exemplars(*request) (*answer, error) { return value([]any{}), nil }

// buildInfo tells Grafana which language is spoken here: the version is that of
// the engine. Mimir and its kin would name their features.
func (a *api) buildInfo(*request) (*answer, error) {
	return value(map[string]string{
		"version": engineVersion, "revision": "", "branch": "", "buildUser": "xushi", "buildDate": "", "goVersion": runtime.Version(),
	}), nil
}

// engineVersion is the release of Prometheus that the engine is from: module
// version v0.315.0 is release 3.15.0.
var engineVersion = func() string {
	version := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "github.com/prometheus/prometheus" {
				version = m.Version
			}
		}
	}
	parts := strings.SplitN(strings.TrimPrefix(version, "v0."), ".", 2)
	minor, err := strconv.Atoi(parts[0])
	if err != nil || len(parts) < 2 || minor < 300 {
		return "3.0.0"
	}
	return "3." + strconv.Itoa(minor-300) + "." + cmp.Or(parts[1], "0")
}()
