// Package promapi serves Prometheus's HTTP query API, so that a stock Grafana with
// its stock Prometheus data source shows Xushi's figures: the upstream PromQL
// engine over the quantities of package timeline, where a sample stands at the
// end of the period it is about. docs/promql.md is its manual.
//
// Each sample holds until the next: the engine looks back for years, because a
// monthly figure is the newest there is for a month and a half.
package promapi

import (
	"log/slog"
	"net/http"
	"runtime"
	"time"

	"github.com/gorilla/mux"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"

	"xushi/internal/access"
	"xushi/internal/door"
)

// Limits of what comes in and of what a query may use.
const (
	maxBody    = 1 << 20          // bytes of a request
	maxQuery   = 100 << 10        // bytes of one expression: a list of chosen organisations may be long
	maxPoints  = 11_000           // of a series, as in Prometheus
	maxSamples = 5_000_000        // in memory for one query, 16 bytes each
	maxSeries  = 500_000          // read by one selector
	maxTime    = 30 * time.Second // for a query, its wait included
	maxSend    = 10 * time.Second // for an answer to reach the client
	lookBack   = 20 * 365 * 24 * time.Hour
)

// Source is what queries are answered from.
type Source interface {
	// Open gives what a reader may see, as it was known at a moment.
	Open(Reader) (storage.Queryable, error)
	// Moment reads a moment of knowledge (see asOf) that is not the present, for
	// a plan or for all (""). Faults bad_as_of, as_of_future.
	Moment(text, plan string) (time.Time, error)
	// Families describe the metrics there are, by name.
	Families() []Family
}

// Reader is who asks, and for what.
type Reader struct {
	Token *access.Token
	AsOf  time.Time // zero is now
	Plan  string    // the one plan that is asked for, "" for any
}

// Family describes a metric.
type Family struct{ Name, Type, Help, Unit string }

// Deps are what the API works with. All are needed, Observer and Turns apart.
type Deps struct {
	Source   Source
	LookBack time.Duration // how long a sample holds; zero is for years
	Gate     *door.Gate
	Turns    Turns // nil for its own
	Clock    func() time.Time
	Logger   *slog.Logger
	Observer door.Observer
	Demo     bool
}

// api holds what the handlers share.
type api struct {
	Deps
	parser parser.Parser
	engine *promql.Engine
}

// New gives the handler of prefix/api/v1/….
func New(prefix string, d Deps) http.Handler {
	if d.LookBack == 0 {
		d.LookBack = lookBack
	}
	// Beyond what is stock, windows may be anchored: increase(x[31d] anchored) of
	// monthly points is exact, where the stock one extrapolates.
	p := parser.NewParser(parser.Options{EnableExtendedRangeSelectors: true})
	if d.Turns == nil {
		d.Turns = NewTurns()
	}
	a := &api{Deps: d, parser: p, engine: promql.NewEngine(promql.EngineOpts{
		Logger: d.Logger, MaxSamples: maxSamples, Timeout: maxTime, LookbackDelta: d.LookBack,
		NoStepSubqueryIntervalFn: func(int64) int64 { return noStep.Milliseconds() },
		EnableAtModifier:         true, EnableNegativeOffset: true, Parser: p,
	})}
	r := mux.NewRouter().SkipClean(true) // what is no address is answered as Prometheus would
	r.NotFoundHandler = a.handle(notFound)
	r.Use(door.NoteRoute)
	for path, route := range map[string]struct {
		methods []string
		handler http.Handler
	}{
		"query":               {getOrPost, a.inTurn(a.query)},
		"query_range":         {getOrPost, a.inTurn(a.queryRange)},
		"query_exemplars":     {getOrPost, a.handle(a.exemplars)},
		"format_query":        {getOrPost, a.handle(a.format)},
		"labels":              {getOrPost, a.inTurn(a.labelNames)},
		"label/{name}/values": {getOnly, a.inTurn(a.labelValues)},
		"series":              {getOrPost, a.inTurn(a.series)},
		"metadata":            {getOnly, a.handle(a.metadata)},
		"rules":               {getOnly, a.handle(a.rules)},
		"alerts":              {getOnly, a.handle(a.alerts)},
		"status/buildinfo":    {getOnly, a.handle(a.buildInfo)},
	} {
		path = prefix + "/api/v1/" + path
		r.Path(path).Methods(route.methods...).Handler(route.handler)
		r.Path(path).Handler(a.handle(methodNotAllowed(route.methods)))
	}
	frame := door.Frame{Logger: d.Logger, Observer: d.Observer, Demo: d.Demo, Broken: broken}
	return frame.Around(r)
}

var getOnly, getOrPost = []string{http.MethodGet}, []string{http.MethodGet, http.MethodPost}

// Turns are the places of requests that read figures. One keeps its place until
// its answer is sent, for until then it is in memory; others wait.
type Turns chan struct{}

// NewTurns makes as many places as there are cores, eight at most: a query may
// hold some hundred megabytes.
func NewTurns() Turns { return make(Turns, max(2, min(runtime.GOMAXPROCS(0), 8))) }
