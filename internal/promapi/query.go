package promapi

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	jsoniter "github.com/json-iterator/go"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/util/annotations"
	"github.com/prometheus/prometheus/util/jsonutil"
	"github.com/prometheus/prometheus/util/stats"
)

// query answers an expression at a moment.
func (a *api) query(r *request) (*answer, error) {
	at, err := r.time("time", a.Clock())
	if err != nil {
		return nil, err
	}
	return a.run(r, 0, func(ctx context.Context, q storage.Queryable, o promql.QueryOpts, expr string) (promql.Query, error) {
		return a.engine.NewInstantQuery(ctx, q, o, expr, at)
	})
}

// queryRange answers an expression at the steps of a stretch of time.
func (a *api) queryRange(r *request) (*answer, error) {
	start, err := r.time("start", time.Time{})
	if err != nil {
		return nil, err
	}
	end, err := r.time("end", time.Time{})
	if err != nil {
		return nil, err
	}
	if end.Before(start) {
		return nil, badParam("end", errors.New("end timestamp must not be before start time"))
	}
	if r.FormValue("step") == "" {
		return nil, badParam("step", errors.New(`cannot parse "" to a valid duration`))
	}
	step, err := r.duration("step")
	if err != nil {
		return nil, err
	}
	if step < time.Millisecond {
		return nil, badParam("step", errors.New("zero or negative query resolution step widths are not accepted, nor are those below a millisecond. Try a positive integer"))
	}
	if end.Sub(start)/step > maxPoints {
		return nil, badData("exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)")
	}
	return a.run(r, end.Sub(start), func(ctx context.Context, q storage.Queryable, o promql.QueryOpts, expr string) (promql.Query, error) {
		return a.engine.NewRangeQuery(ctx, q, o, expr, start, end, step)
	})
}

// expression reads and parses the query.
func (a *api) expression(r *request) (string, parser.Expr, error) {
	text := r.FormValue("query")
	if len(text) > maxQuery {
		return "", nil, badParam("query", fmt.Errorf("it is longer than %d bytes", maxQuery))
	}
	if manifold(text) {
		return "", nil, badParam("query", fmt.Errorf("it has more than %d words and signs", maxTokens))
	}
	expr, err := a.parser.ParseExpr(text)
	if err != nil {
		return "", nil, badParam("query", err)
	}
	return text, expr, nil
}

// manifold tells whether an expression has too many words and signs: the time to
// parse and run it grows with the square of its depth, and parsing does not stop
// where the client goes.
func manifold(text string) bool {
	l, n := parser.Lex(text), 0
	for item := (parser.Item{}); n <= maxTokens; n++ {
		if l.NextItem(&item); item.Typ == parser.EOF || item.Typ == parser.ERROR {
			return false
		}
	}
	return true
}

// run runs a query over a span of time that prepare makes.
func (a *api) run(r *request, span time.Duration, prepare func(context.Context, storage.Queryable, promql.QueryOpts, string) (promql.Query, error)) (*answer, error) {
	limit, err := r.limit()
	if err != nil {
		return nil, err
	}
	ctx := r.Context()
	lookback, err := r.duration("lookback_delta")
	if err != nil {
		return nil, err
	}
	text, expr, err := a.expression(r)
	if err != nil {
		return nil, err
	}
	if err := check(expr, span); err != nil {
		return nil, badParam("query", err)
	}
	sets := selectors(expr)
	if slices.ContainsFunc(sets, func(set []*labels.Matcher) bool { return !selects(set) }) {
		return nil, badParam("query", fmt.Errorf("vector selector must contain at least one non-empty matcher beside %s", AsOf))
	}
	reader, err := a.reader(r, sets)
	if err != nil {
		return nil, err
	}
	source, err := a.Source.Open(reader)
	if err != nil {
		return nil, err
	}
	wants := r.FormValue("stats")
	q, err := prepare(ctx, source, promql.NewPrometheusQueryOpts(wants == "all", lookback), text)
	if err != nil {
		return nil, badParam("query", err)
	}
	res := q.Exec(ctx)
	if res.Err != nil {
		q.Close()
		return nil, res.Err
	}
	warnings := res.Warnings
	if cut(res, limit) {
		warnings = warnings.Add(errTruncated)
	}
	return &answer{warnings: warnings, query: text, done: q.Close, write: func(s *jsoniter.Stream) {
		s.WriteRaw(`{"resultType":"` + string(res.Value.Type()) + `","result":`)
		writeResult(s, res.Value)
		if wants != "" {
			s.WriteRaw(`,"stats":`)
			s.WriteVal(stats.NewQueryStats(q.Stats()).Builtin())
		}
		s.WriteRaw("}")
	}}, nil
}

var errTruncated = fmt.Errorf("%w: results truncated due to limit", annotations.PromQLWarning)

// cut leaves as many series as are wanted, and tells whether there were more.
func cut(res *promql.Result, limit int) bool {
	if limit == 0 {
		return false
	}
	switch v := res.Value.(type) {
	case promql.Vector:
		if len(v) > limit {
			res.Value = v[:limit]
			return true
		}
	case promql.Matrix:
		if len(v) > limit {
			res.Value = v[:limit]
			return true
		}
	}
	return false
}

// writeResult writes what a query gave, as Prometheus does.
func writeResult(s *jsoniter.Stream, v parser.Value) {
	list := func(n int, write func(i int)) {
		s.WriteArrayStart()
		for i := range n {
			if i > 0 {
				s.WriteMore()
			}
			write(i)
			if s.Buffered() > stream/2 && s.Flush() != nil {
				break // the client has gone
			}
		}
		s.WriteArrayEnd()
	}
	switch v := v.(type) {
	case promql.Vector:
		list(len(v), func(i int) {
			s.WriteRaw(`{"metric":`)
			writeLabels(s, v[i].Metric)
			s.WriteRaw(`,"value":`)
			writePoint(s, v[i].T, v[i].F)
			s.WriteRaw("}")
		})
	case promql.Matrix:
		list(len(v), func(i int) {
			s.WriteRaw(`{"metric":`)
			writeLabels(s, v[i].Metric)
			s.WriteRaw(`,"values":`)
			points := v[i].Floats
			list(len(points), func(k int) { writePoint(s, points[k].T, points[k].F) })
			s.WriteRaw("}")
		})
	case promql.Scalar:
		writePoint(s, v.T, v.V)
	case promql.String:
		s.WriteRaw("[")
		jsonutil.MarshalTimestamp(v.T, s)
		s.WriteRaw(",")
		s.WriteString(v.V)
		s.WriteRaw("]")
	}
}

func writePoint(s *jsoniter.Stream, t int64, f float64) {
	s.WriteRaw("[")
	jsonutil.MarshalTimestamp(t, s)
	s.WriteRaw(",")
	jsonutil.MarshalFloat(f, s)
	s.WriteRaw("]")
}

func writeLabels(s *jsoniter.Stream, l labels.Labels) {
	s.WriteRaw("{")
	more := false
	l.Range(func(l labels.Label) {
		if l.Name == AsOf { // absent() makes labels of matchers
			return
		}
		if more {
			s.WriteMore()
		}
		more = true
		s.WriteString(l.Name)
		s.WriteRaw(":")
		s.WriteString(l.Value)
	})
	s.WriteRaw("}")
}

// format answers with an expression laid out for reading.
func (a *api) format(r *request) (*answer, error) {
	_, expr, err := a.expression(r)
	if err != nil {
		return nil, err
	}
	return value(expr.Pretty(0)), nil
}
