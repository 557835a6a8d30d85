package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"xushi/internal/door"
	"xushi/internal/fault"
)

// Problem is the one form of every error (RFC 9457), with the sentence in
// Chinese beside the English one.
type Problem struct {
	Type     string `json:"type" doc:"urn:xushi:error: and the code" example:"urn:xushi:error:unknown_indicator"`
	Title    string `json:"title" doc:"What the status means" example:"Not Found"`
	Status   int    `json:"status" example:"404"`
	Detail   string `json:"detail" doc:"The sentence in English, the same as message_en"`
	Instance string `json:"instance,omitempty" doc:"urn:xushi:request: and the id of the request, which the server's log carries"`
	fault.Fault
	Byte   *int64       `json:"byte,omitempty" doc:"Where in the body reading stopped, in bytes from 0"`
	Errors []*Violation `json:"errors,omitempty" doc:"All that is wrong, where it is more than one thing"`
}

// Violation is one of several things that are wrong.
type Violation = fault.Fault

// Error gives the English sentence.
func (p *Problem) Error() string { return p.Detail }

// GetStatus gives the HTTP status; huma asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType turns JSON into problem+json; huma asks for it.
func (p *Problem) ContentType(string) string { return problemJSON }

const problemJSON = "application/problem+json"

// statuses maps codes to HTTP statuses, for faults of a whole request. Those
// that are not listed are 400: faults are about input.
var statuses = map[string]int{
	"token_missing":       http.StatusUnauthorized,
	"token_unknown":       http.StatusUnauthorized,
	"forbidden":           http.StatusForbidden,
	"not_found":           http.StatusNotFound,
	"method_not_allowed":  http.StatusMethodNotAllowed,
	"body_timeout":        http.StatusRequestTimeout,
	"body_too_large":      http.StatusRequestEntityTooLarge,
	"too_many_rows":       http.StatusRequestEntityTooLarge,
	"content_type":        http.StatusUnsupportedMediaType,
	"content_encoding":    http.StatusUnsupportedMediaType,
	"ambiguous_indicator": http.StatusConflict,

	"unknown_plan":      http.StatusNotFound,
	"unknown_task":      http.StatusNotFound,
	"unknown_indicator": http.StatusNotFound,
	"unknown_series":    http.StatusNotFound,
	"unknown_token":     http.StatusNotFound,

	"rows_rejected":          http.StatusUnprocessableEntity,
	"empty_batch":            http.StatusUnprocessableEntity,
	"idempotency_key_reused": http.StatusUnprocessableEntity,
	"idempotency_key_taken":  http.StatusConflict,
	"wrong_type":             http.StatusUnprocessableEntity,
	"unknown_field":          http.StatusUnprocessableEntity,
	"duplicate_key":          http.StatusUnprocessableEntity,
	"text_invalid":           http.StatusUnprocessableEntity,
	"bad_role":               http.StatusUnprocessableEntity,
	"token_name":             http.StatusUnprocessableEntity,
	"token_organisation":     http.StatusUnprocessableEntity,
	"token_expired":          http.StatusUnprocessableEntity,

	"internal":    http.StatusInternalServerError,
	"unavailable": http.StatusServiceUnavailable,
}

// problemOf words a fault of a whole request.
func problemOf(f *fault.Fault) *Problem {
	status, ok := statuses[f.Code]
	if !ok {
		status = http.StatusBadRequest
	}
	return &Problem{
		Type: "urn:xushi:error:" + f.Code, Title: http.StatusText(status), Status: status,
		Detail: f.En, Fault: *f,
	}
}

// problem turns any error into the one that a client may see. What is not about
// the request is logged and told by the request's id alone.
func (a *api) problem(ctx context.Context, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	if f := fault.As(err); f != nil && !inside(f.Code) {
		return problemOf(f)
	}
	id := door.Of(ctx).ID
	switch {
	case errors.Is(err, context.Canceled):
		// Nobody reads the answer.
	default:
		a.Logger.ErrorContext(ctx, "request failed", "request", id, "error", err)
	}
	if f := fault.As(err); f != nil || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return problemOf(fault.Newf("unavailable", "服务暂时不可用，请稍后再试（请求编号 %[1]s）。",
			"The service cannot answer at the moment; try again later (request %[1]s).", id))
	}
	return internal(id)
}

func internal(id string) *Problem {
	return problemOf(fault.Newf("internal", "服务器内部错误；请把请求编号 %[1]s 告诉管理员。",
		"Something went wrong inside; tell the administrator the number of the request, %[1]s.", id))
}

// inside tells whether a fault is for the operator and not for a client: its
// sentence may name files and hosts.
func inside(code string) bool {
	return strings.HasPrefix(code, "database_") || code == "chain_broken" || code == "log_behind" || code == "schema_newer"
}

// writeProblem answers where no handler of huma is at work.
func writeProblem(w http.ResponseWriter, r *http.Request, p *Problem) {
	p.Instance = "urn:xushi:request:" + door.Of(r.Context()).ID
	w.Header().Set("Content-Type", problemJSON)
	w.WriteHeader(p.Status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(p) // the client may be gone
}

func (a *api) notFound(w http.ResponseWriter, r *http.Request) {
	writeProblem(w, r, problemOf(fault.New("not_found", "没有这个地址；全部地址见 /openapi.json。",
		"There is no such address; /openapi.json lists them all.")))
}

func (a *api) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		if a.takes(r, method) {
			allowed = append(allowed, method)
		}
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	writeProblem(w, r, problemOf(fault.Newf("method_not_allowed", "这个地址不支持 %[1]s；可用 %[2]s。",
		"This address does not take %[1]s; use %[2]s.", fault.Clip(r.Method, 20), strings.Join(allowed, ", "))))
}

// huma makes its own errors through a variable of its package. They are only
// those about parameters: bodies are read in body.go.
func init() {
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		var faults []*Violation
		for _, err := range errs {
			var p *Problem
			if errors.As(err, &p) {
				return p
			}
			if detail, ok := err.(huma.ErrorDetailer); ok {
				faults = append(faults, parameterFault(detail.ErrorDetail()))
			}
		}
		if status < http.StatusInternalServerError && len(faults) > 0 {
			p := problemOf(faults[0])
			if len(faults) > 1 {
				p.Errors = faults
			}
			return p
		}
		return internal("")
	}
}

// parameterFault words what huma says of a parameter.
func parameterFault(d *huma.ErrorDetail) *fault.Fault {
	_, name, _ := strings.Cut(d.Location, ".")
	name = fault.Clip(name, 60)
	if d.Message == "unknown query parameter" {
		return fault.Newf("unknown_parameter", "没有参数“%[1]s”。", "There is no parameter %[1]q.", name).At(name)
	}
	zh := d.Message
	for _, t := range [...]struct{ prefix, zh string }{
		{"invalid integer", "应是整数"},
		{"invalid boolean", "应是 true 或 false"},
		{"expected value to be one of", "应是以下之一："},
		{"expected number >=", "应不小于"},
		{"expected number <=", "应不大于"},
		{"expected length >=", "长度应不小于"},
		{"expected length <=", "长度应不超过"},
	} {
		if rest, ok := strings.CutPrefix(d.Message, t.prefix); ok {
			zh = t.zh + rest
		}
	}
	value := fault.Clip(fmt.Sprint(d.Value), 60)
	return fault.New("bad_parameter",
		fmt.Sprintf("参数 %s 的值“%s”不可用：%s。", name, value, zh),
		fmt.Sprintf("Parameter %s cannot be %q: %s.", name, value, d.Message)).At(name)
}
