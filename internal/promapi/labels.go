package promapi

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/gorilla/mux"
	jsoniter "github.com/json-iterator/go"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/util/annotations"
)

// open gives what a request about labels may see, and the selectors it names.
// start and end are not looked at: labels are those that hold now or will.
func (a *api) open(r *request) (q storage.Querier, sets [][]*labels.Matcher, limit int, err error) {
	if limit, err = r.limit(); err != nil {
		return nil, nil, 0, err
	}
	if sets, err = a.matchers(r); err != nil {
		return nil, nil, 0, err
	}
	reader, err := a.reader(r, sets)
	if err != nil {
		return nil, nil, 0, err
	}
	source, err := a.Source.Open(reader)
	if err != nil {
		return nil, nil, 0, err
	}
	q, err = source.Querier(math.MinInt64, math.MaxInt64)
	return q, sets, limit, err
}

// labelNames answers with the names of labels.
func (a *api) labelNames(r *request) (*answer, error) {
	return a.collect(r, func(q storage.Querier, set []*labels.Matcher) ([]string, error) {
		list, _, err := q.LabelNames(r.Context(), nil, set...)
		return list, err
	})
}

// labelValues answers with the values of a label.
func (a *api) labelValues(r *request) (*answer, error) {
	name := mux.Vars(r.Request)["name"]
	if strings.HasPrefix(name, "U__") {
		name = model.UnescapeName(name, model.ValueEncodingEscaping)
	}
	if !model.UTF8Validation.IsValidLabelName(name) {
		return nil, badData(fmt.Sprintf("invalid label name: %q", name))
	}
	return a.collect(r, func(q storage.Querier, set []*labels.Matcher) ([]string, error) {
		list, _, err := q.LabelValues(r.Context(), name, nil, set...)
		return list, err
	})
}

// collect answers with texts, each once, in order.
func (a *api) collect(r *request, read func(storage.Querier, []*labels.Matcher) ([]string, error)) (*answer, error) {
	q, sets, limit, err := a.open(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = q.Close() }()
	if len(sets) == 0 {
		sets = [][]*labels.Matcher{nil}
	}
	all := map[string]struct{}{}
	for _, set := range sets {
		list, err := read(q, set)
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			all[s] = struct{}{}
		}
	}
	list := slices.AppendSeq([]string{}, maps.Keys(all))
	slices.Sort(list)
	var warnings annotations.Annotations
	if limit > 0 && len(list) > limit {
		list, warnings = list[:limit], warnings.Add(errTruncated)
	}
	out := value(list)
	out.warnings = warnings
	return out, nil
}

// series answers with the labels of series.
func (a *api) series(r *request) (*answer, error) {
	if len(r.Form["match[]"]) == 0 {
		return nil, badData("no match[] parameter provided")
	}
	q, sets, limit, err := a.open(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = q.Close() }()
	hints := &storage.SelectHints{Start: math.MinInt64, End: math.MaxInt64, Func: "series"}
	var list []labels.Labels
	seen := map[string]struct{}{}
	for _, set := range sets {
		found := q.Select(r.Context(), false, hints, set...)
		for found.Next() {
			l := found.At().Labels()
			key := string(l.Bytes(nil))
			if _, twice := seen[key]; !twice {
				seen[key] = struct{}{}
				list = append(list, l)
			}
		}
		if err := found.Err(); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(list, labels.Compare)
	var warnings annotations.Annotations
	if limit > 0 && len(list) > limit {
		list, warnings = list[:limit], warnings.Add(errTruncated)
	}
	return &answer{warnings: warnings, write: func(s *jsoniter.Stream) {
		s.WriteArrayStart()
		for i, l := range list {
			if i > 0 {
				s.WriteMore()
			}
			writeLabels(s, l)
			if s.Buffered() > stream/2 && s.Flush() != nil {
				break // the client has gone
			}
		}
		s.WriteArrayEnd()
	}}, nil
}

// errSeries refuses what would read too much.
var errSeries = errors.New("the query selects too many series; narrow it down, by plan for example")
