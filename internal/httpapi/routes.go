package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xushi/internal/figure"
)

// routes is every address of the API. /openapi.json (see describe) is the only
// one that needs no token.
func (a *api) routes() {
	post(a, "/api/v1/figures", "post-figures", "Post figures", a.postFigures, batch(figureShape))
	post(a, "/api/v1/entries", "post-entries", "Mark checklist entries done or open again", a.postEntries, batch(entryShape))
	post(a, "/api/v1/accounts", "post-accounts", "Post written accounts and lights of standing work", a.postAccounts, batch(accountShape))

	get(a, "/api/v1/plans", "list-plans", "List the plans", a.listPlans)
	get(a, "/api/v1/plans/{plan}", "get-plan", "Get a whole plan", a.getPlan)
	get(a, "/api/v1/tasks", "list-tasks", "List the tasks with their lights", a.listTasks)
	get(a, "/api/v1/tasks/{plan}/{number}", "get-task", "Get a task", a.getTask)
	get(a, "/api/v1/indicators", "list-indicators", "List the indicators with their judgements and all inputs", a.listIndicators)
	get(a, "/api/v1/indicators/{id}", "find-indicator", "Get an indicator by an id that only one plan has", a.findIndicator)
	get(a, "/api/v1/indicators/{plan}/{id}", "get-indicator", "Get an indicator with its outlook and history", a.getIndicator)
	get(a, "/api/v1/figures", "list-figures", "List figures with their revisions", a.listFigures)
	get(a, "/api/v1/board", "get-board", "Count, and tell what is behind and what is late", a.getBoard)

	get(a, "/api/v1/tokens", "list-tokens", "List the tokens", a.listTokens)
	post(a, "/api/v1/tokens", "create-token", "Make a token", a.createToken, single(tokenShape))
	del(a, "/api/v1/tokens/{id}", "revoke-token", "Revoke a token", a.revokeToken)
	get(a, "/api/v1/log/head", "get-log-head", "Newest change of the log and its hash", a.logHead)
}

func get[I, O any](a *api, path, id, summary string, fn func(context.Context, *I) (*O, error)) {
	register(a, huma.Operation{Method: http.MethodGet, Path: path, OperationID: id, Summary: summary,
		Errors: []int{400, 401, 403, 404, 409, 500, 503}}, fn)
}

func del[I, O any](a *api, path, id, summary string, fn func(context.Context, *I) (*O, error)) {
	register(a, huma.Operation{Method: http.MethodDelete, Path: path, OperationID: id, Summary: summary,
		DefaultStatus: http.StatusNoContent, Errors: []int{400, 401, 403, 404, 500, 503}}, fn)
}

// post registers an operation that takes a body.
func post[I, O any](a *api, path, id, summary string, fn func(context.Context, *I) (*O, error), schema func(huma.Registry) *huma.Schema) {
	op := huma.Operation{Method: http.MethodPost, Path: path, OperationID: id, Summary: summary,
		Errors: []int{400, 401, 403, 408, 409, 413, 415, 422, 500, 503}}
	if id == "create-token" {
		op.DefaultStatus = http.StatusCreated
	}
	register(a, op, fn)
	// The body is described after the operation was registered, for huma would
	// read and judge it otherwise.
	described := a.huma.OpenAPI().Paths[path].Post
	described.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/json": {Schema: schema(a.huma.OpenAPI().Components.Schemas)},
	}}
	if id != "create-token" { // all or none: what was rejected is told beside the problem
		problem := described.Responses["422"].Content[problemJSON]
		problem.Schema = &huma.Schema{AnyOf: []*huma.Schema{described.Responses["200"].Content["application/json"].Schema, problem.Schema}}
	}
}

// register has every error leave through problem.
func register[I, O any](a *api, op huma.Operation, fn func(context.Context, *I) (*O, error)) {
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := fn(ctx, in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
}

// single describes a body that is one row.
func single[T any](s *shape[T]) func(huma.Registry) *huma.Schema {
	return func(r huma.Registry) *huma.Schema {
		r.Map()[s.name] = s.schema()
		return &huma.Schema{Ref: "#/components/schemas/" + s.name}
	}
}

// batch describes a body that is one row, an array of rows, or an object with
// rows and what they share.
func batch[T any](s *shape[T]) func(huma.Registry) *huma.Schema {
	return func(r huma.Registry) *huma.Schema {
		most := figure.MaxRows
		row := single(s)(r)
		rows := &huma.Schema{Type: huma.TypeArray, Items: row, MaxItems: &most}
		object := s.schema()
		object.Properties["rows"] = rows
		object.Required = []string{"rows"}
		object.Description = "The members beside rows hold for every row that does not give its own."
		return &huma.Schema{OneOf: []*huma.Schema{row, rows, object}}
	}
}
