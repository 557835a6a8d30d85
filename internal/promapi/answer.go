package promapi

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	jsoniter "github.com/json-iterator/go"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/util/annotations"

	"xushi/internal/access"
	"xushi/internal/door"
	"xushi/internal/fault"
)

// problem is an error as Prometheus gives it.
type problem struct {
	status int
	kind   string // errorType
	text   string
	allow  string // methods that the address takes, where it does not take this one
}

// Error implements error.
func (p *problem) Error() string { return p.text }

func badData(text string) *problem {
	return &problem{status: http.StatusBadRequest, kind: "bad_data", text: text}
}

func badParam(name string, err error) *problem {
	return badData("invalid parameter \"" + name + "\": " + err.Error())
}

// statusGone is what Prometheus answers to a client that has gone.
const statusGone = 499

// problemOf turns an error of the engine, or a fault, into one of Prometheus's.
func problemOf(err error) *problem {
	var (
		p        *problem
		canceled promql.ErrQueryCanceled
		late     promql.ErrQueryTimeout
		storage  promql.ErrStorage
		tooLarge *http.MaxBytesError
	)
	switch f := fault.As(err); {
	case errors.As(err, &p):
		return p
	case errors.As(err, &canceled), errors.Is(err, context.Canceled):
		return &problem{status: statusGone, kind: "canceled", text: err.Error()}
	case errors.As(err, &late), errors.Is(err, context.DeadlineExceeded):
		return &problem{status: http.StatusServiceUnavailable, kind: "timeout", text: err.Error()}
	case f != nil:
		return badData(f.Code + ": " + f.Zh + " " + f.En)
	case errors.As(err, &storage):
		return &problem{status: http.StatusInternalServerError, kind: "internal", text: err.Error()}
	case errors.As(err, &tooLarge):
		return &problem{status: http.StatusRequestEntityTooLarge, kind: "bad_data", text: err.Error()}
	}
	return &problem{status: http.StatusUnprocessableEntity, kind: "execution", text: err.Error()}
}

// answer is what a handler gives: data, written by write, or an error.
type answer struct {
	write    func(*jsoniter.Stream) // of the data
	warnings annotations.Annotations
	query    string // that the warnings point into
	done     func() // called once all is written; nil is fine
}

// request is a request with its form read and its token checked.
type request struct {
	*http.Request
	token *access.Token
}

type handler func(*request) (*answer, error)

// handle puts around a handler what all share.
func (a *api) handle(h handler) http.Handler {
	return a.admit(func(w http.ResponseWriter, r *request) {
		out, err := h(r)
		if err != nil {
			fail(w, problemOf(err))
			return
		}
		out.send(w)
	})
}

// inTurn is handle for what reads figures: it waits for a place and keeps it until
// the answer is sent. The request's timeout counts from before the wait.
func (a *api) inTurn(h handler) http.Handler {
	return a.admit(func(w http.ResponseWriter, r *request) {
		timeout, err := r.duration("timeout")
		if err != nil {
			fail(w, problemOf(err))
			return
		}
		if timeout <= 0 || timeout > maxTime {
			timeout = maxTime
		}
		ctx, stop := context.WithTimeout(r.Context(), timeout)
		defer stop()
		select {
		case a.Turns <- struct{}{}:
			defer func() { <-a.Turns }()
		case <-ctx.Done():
			fail(w, problemOf(ctx.Err()))
			return
		}
		out, err := h(&request{r.WithContext(ctx), r.token})
		if err != nil {
			fail(w, problemOf(err))
			return
		}
		// A client that does not read must not keep the place.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(maxSend)) // tests write into memory
		out.send(w)
	})
}

// admit lets requests in that carry a token, with their form read.
func (a *api) admit(h func(http.ResponseWriter, *request)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, challenge, refused := a.Gate.Admit(r.Context(), r.Header.Get("Authorization"))
		if refused != nil {
			w.Header().Set("WWW-Authenticate", challenge)
			fail(w, &problem{status: http.StatusUnauthorized, kind: "unauthorized", text: refused.Code + ": " + refused.Zh + " " + refused.En})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		if err := r.ParseForm(); err != nil {
			p := problemOf(err)
			if p.kind == "execution" {
				p = badData("error parsing form values: " + err.Error())
			}
			fail(w, p)
			return
		}
		h(w, &request{r, token})
	})
}

// stream is how much of an answer is gathered before it is written.
const stream = 64 << 10

// send writes an answer, a piece at a time.
func (out *answer) send(w http.ResponseWriter) {
	if out.done != nil {
		defer out.done()
	}
	w.Header().Set("Content-Type", "application/json")
	s := jsoniter.NewStream(jsoniter.ConfigDefault, w, stream)
	s.WriteRaw(`{"status":"success","data":`)
	out.write(s)
	warnings, infos := out.warnings.AsStrings(out.query, 10, 10)
	for _, list := range []struct {
		name  string
		texts []string
	}{{"warnings", warnings}, {"infos", infos}} {
		if len(list.texts) > 0 {
			slices.Sort(list.texts)
			s.WriteRaw(`,"` + list.name + `":`)
			s.WriteVal(list.texts)
		}
	}
	s.WriteRaw("}")
	_ = s.Flush() // the client may be gone
}

// fail writes an error.
func fail(w http.ResponseWriter, p *problem) {
	w.Header().Set("Content-Type", "application/json")
	if p.allow != "" {
		w.Header().Set("Allow", p.allow)
	}
	w.WriteHeader(p.status)
	s := jsoniter.NewStream(jsoniter.ConfigDefault, w, 1<<10)
	s.WriteVal(struct {
		Status    string `json:"status"`
		ErrorType string `json:"errorType"`
		Error     string `json:"error"`
	}{"error", p.kind, p.text})
	_ = s.Flush() // the client may be gone
}

// value answers with anything that encoding/json can write.
func value(v any) *answer { return &answer{write: func(s *jsoniter.Stream) { s.WriteVal(v) }} }

func notFound(*request) (*answer, error) {
	return nil, &problem{status: http.StatusNotFound, kind: "not_found", text: "没有这个地址；见 docs/promql.md。 There is no such address; see docs/promql.md."}
}

// methodNotAllowed answers at an address that takes other methods.
func methodNotAllowed(methods []string) handler {
	return func(*request) (*answer, error) {
		allow := strings.Join(methods, ", ")
		return nil, &problem{status: http.StatusMethodNotAllowed, kind: "bad_data", allow: allow,
			text: "方法不对：只能用 " + allow + "。 Wrong method: use " + allow + "."}
	}
}

// broken answers where a handler panicked; the log has the cause.
func broken(w http.ResponseWriter, r *http.Request) {
	fail(w, &problem{status: http.StatusInternalServerError, kind: "internal", text: "出错了，编号 " + door.Of(r.Context()).ID + "，日志里有原因。 Something broke; the log tells what, under that id."})
}
