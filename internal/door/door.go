// Package door is what the doors share around their routes: an id for each
// request, headers, the log, an answer where a handler panics, and who comes in.
package door

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

	"github.com/gorilla/mux"
)

// Observer is told of every answer; the telemetry keeps counts and durations.
// route is a path with its names in braces, "" where no route fits.
type Observer interface {
	Observe(route, method string, status int, took time.Duration)
}

// handlerTime is how long a request may take, its body included.
const handlerTime = 60 * time.Second

// Exchange is what is known of a request while it is answered.
type Exchange struct {
	ID    string // of the request
	Route string // that fits, with its names in braces; "" for none
	Actor string // whose token it came with
}

type exchangeKey struct{}

// Of gives the facts of a request; outside of one they are empty.
func Of(ctx context.Context) *Exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*Exchange); ok {
		return x
	}
	return &Exchange{}
}

// Frame is what stands around the routes of a door.
type Frame struct {
	Logger   *slog.Logger
	Observer Observer // nil is fine
	Demo     bool     // the figures are simulated; every answer says so
	// Broken answers a request whose handler panicked.
	Broken func(http.ResponseWriter, *http.Request)
}

// Around puts around some routes what all answers share: an id, headers, the log,
// the observer, and an answer where a handler panics.
func (a *Frame) Around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		x := &Exchange{ID: requestID(r)}
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
				a.Logger.Error("request panicked", "request", x.ID, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
				if out.status == 0 {
					a.Broken(out, r)
				}
			}
			took := time.Since(began)
			// The query stays out: names and numbers in it are nobody's business here.
			a.Logger.LogAttrs(r.Context(), level(out.status), "request",
				slog.String("request", x.ID), slog.String("method", r.Method), slog.String("path", r.URL.Path),
				slog.Int("status", out.status), slog.Int64("bytes", out.bytes), slog.Duration("took", took),
				slog.String("actor", x.Actor), slog.String("remote", r.RemoteAddr))
			if a.Observer != nil {
				a.Observer.Observe(x.Route, r.Method, out.status, took)
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
func (a *Frame) headers(h http.Header, x *Exchange) {
	h.Set("X-Request-Id", x.ID)
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

// NoteRoute tells the exchange which route of a router fits.
func NoteRoute(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if route := mux.CurrentRoute(r); route != nil {
			Of(r.Context()).Route, _ = route.GetPathTemplate()
		}
		next.ServeHTTP(w, r)
	})
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
