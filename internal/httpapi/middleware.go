package httpapi

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"runtime/debug"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gorilla/mux"
)

// Observer is told of every answer; the telemetry keeps counts and durations.
// route is a path with its names in braces, "" where no route fits.
type Observer interface {
	Observe(route, method string, status int, took time.Duration)
}

// handlerTime is how long a request may take, its body included.
const handlerTime = 60 * time.Second

// exchange is what is known of a request while it is answered.
type exchange struct {
	id    string
	route string
	actor string
}

type exchangeKey struct{}

// exchangeOf gives the facts of a request; outside of one they are empty.
func exchangeOf(ctx context.Context) *exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return &exchange{}
}

// wrap puts around the routes what all answers share: an id, headers, the log,
// the observer, and an answer where a handler panics.
func (a *api) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		x := &exchange{id: requestID(r)}
		ctx, cancel := context.WithTimeout(context.WithValue(r.Context(), exchangeKey{}, x), handlerTime)
		defer cancel()
		r = r.WithContext(ctx)
		out := &recorder{ResponseWriter: w}
		a.headers(out.Header(), x)
		defer func() {
			if cause := recover(); cause != nil {
				if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(cause)
				}
				a.Logger.Error("request panicked", "request", x.id, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
				if out.status == 0 {
					writeProblem(out, r, internal(x.id))
				}
			}
			took := time.Since(began)
			// The query stays out: names and numbers in it are nobody's business here.
			a.Logger.LogAttrs(r.Context(), level(out.status), "request",
				slog.String("request", x.id), slog.String("method", r.Method), slog.String("path", r.URL.Path),
				slog.Int("status", out.status), slog.Int64("bytes", out.bytes), slog.Duration("took", took),
				slog.String("actor", x.actor), slog.String("remote", r.RemoteAddr))
			if a.Observer != nil {
				a.Observer.Observe(x.route, r.Method, out.status, took)
			}
		}()
		next.ServeHTTP(out, r)
	})
}

func level(status int) slog.Level {
	if status >= http.StatusInternalServerError {
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// headers are on every answer, errors included.
func (a *api) headers(h http.Header, x *exchange) {
	h.Set("X-Request-Id", x.id)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	if a.Demo {
		h.Set("Xushi-Demo", url.PathEscape("演示数据")) // headers are ASCII
	}
}

// goodID is an id that a proxy before us may give a request.
var goodID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

func requestID(r *http.Request) string {
	if id := r.Header.Get("X-Request-Id"); goodID.MatchString(id) {
		return id
	}
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// noteRoute tells the exchange which route fits.
func noteRoute(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if route := mux.CurrentRoute(r); route != nil {
			exchangeOf(r.Context()).route, _ = route.GetPathTemplate()
		}
		next.ServeHTTP(w, r)
	})
}

// takes tells whether the address takes a method.
func (a *api) takes(r *http.Request, method string) bool {
	probe := r.Clone(r.Context())
	probe.Method = method
	var match mux.RouteMatch
	return a.router.Match(probe, &match) && match.MatchErr == nil
}

// nameRequest writes the request's id into problems.
func nameRequest(ctx huma.Context, _ string, v any) (any, error) {
	if p, ok := v.(*Problem); ok {
		p.Instance = "urn:xushi:request:" + exchangeOf(ctx.Context()).id
	}
	return v, nil
}

// recorder remembers status and size of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
