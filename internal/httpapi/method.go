package httpapi

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gorilla/mux"

	"xushi/internal/door"
)

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
		p.Instance = "urn:xushi:request:" + door.Of(ctx.Context()).ID
	}
	return v, nil
}
