// Package httpapi is the JSON API: figures, checklist entries and accounts in;
// plans, tasks, indicators with all that a judgement rests on, revisions and the
// board out. Every route stands in routes.go, and every error leaves through
// errors.go. docs/api.md is its manual.
package httpapi

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humamux"
	"github.com/gorilla/mux"

	"xushi/internal/access"
	"xushi/internal/board"
	"xushi/internal/door"
	"xushi/internal/figure"
)

// Poster takes in what is posted; figure.Service is one.
type Poster interface {
	Post(ctx context.Context, b figure.Batch) (*figure.Report, error)
	PostEntries(ctx context.Context, b figure.EventBatch[figure.EntryInput]) (*figure.Report, error)
	PostAccounts(ctx context.Context, b figure.EventBatch[figure.AccountInput]) (*figure.Report, error)
	access.Recorder
}

// Archive reads the change log itself; the store is one.
type Archive interface {
	// Revisions reads a page of figures with their earlier values; next is the
	// cursor of the page that follows, "" after the last.
	Revisions(ctx context.Context, f figure.RevisionFilter) (page []figure.Revision, next string, err error)
	// Head gives the newest change's sequence number and hash, zeros for an empty log.
	Head(ctx context.Context) (seq int64, hash [sha256.Size]byte, err error)
}

// Deps are what the API works with. All are needed, Observer apart.
type Deps struct {
	Poster    Poster
	Board     *board.Board
	Directory *access.Directory
	Archive   Archive
	Gate      *door.Gate
	Clock     func() time.Time
	Logger    *slog.Logger
	Version   string // of the program, for the API's description
	Demo      bool   // the figures are simulated; every answer says so
	Observer  door.Observer
}

// api holds what the handlers share.
type api struct {
	Deps
	router *mux.Router
	huma   huma.API
}

// New gives the handler of /api/v1/… and /openapi.json.
func New(d Deps) (http.Handler, error) {
	a := &api{Deps: d, router: mux.NewRouter()}
	a.router.NotFoundHandler = http.HandlerFunc(a.notFound)
	a.router.MethodNotAllowedHandler = http.HandlerFunc(a.methodNotAllowed)
	a.router.Use(door.NoteRoute)
	a.huma = humamux.New(a.router, a.config())
	a.huma.UseMiddleware(a.authenticate, a.once)
	a.routes()
	if err := a.describe(); err != nil {
		return nil, err
	}
	frame := door.Frame{Logger: a.Logger, Observer: a.Observer, Demo: a.Demo,
		Broken: func(w http.ResponseWriter, r *http.Request) { writeProblem(w, r, internal(door.Of(r.Context()).ID)) }}
	return frame.Around(a.router), nil
}

// config describes the API and switches off what of huma would reach outside
// (its documentation page loads scripts from elsewhere) or answer in another form.
func (a *api) config() huma.Config {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	alias(registry)
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:       "Xushi 序时",
				Version:     a.Version,
				Description: "Annual targets against where they should be today. 年度目标与序时进度。",
			},
			Components: &huma.Components{
				Schemas: registry,
				SecuritySchemes: map[string]*huma.SecurityScheme{
					bearer: {Type: "http", Scheme: "bearer", Description: "A token made by xushi token create or POST /api/v1/tokens."},
				},
			},
			Security: []map[string][]string{{bearer: {}}},
		},
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{nameRequest},
	}
}

// describe serves the API's description, which is the same from start to end.
func (a *api) describe() error {
	document, err := json.Marshal(a.huma.OpenAPI())
	if err != nil {
		return fmt.Errorf("describe the API: %w", err)
	}
	a.router.Path("/openapi.json").Methods(http.MethodGet).HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/openapi+json")
		_, _ = w.Write(document)
	})
	return nil
}
