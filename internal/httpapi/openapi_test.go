package httpapi_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// description is the API's OpenAPI document, by which every answer of every test
// is judged: what is not described, or otherwise than it is described, fails.
type description struct {
	document map[string]any
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema
}

var describe = sync.OnceValue(func() *description { return &description{schemas: map[string]*jsonschema.Schema{}} })

var describing sync.Mutex

// check holds an answer against what the description says of it.
func (h *house) check(method, path string, a answer) {
	h.t.Helper()
	if !strings.HasPrefix(path, "/api/v1/") || a.body == "" {
		return
	}
	describing.Lock()
	defer describing.Unlock()
	d := describe()
	if d.document == nil {
		d.read(h)
	}
	pointer := d.find(method, strings.SplitN(path, "?", 2)[0], a)
	if pointer == "" {
		if a.status != http.StatusNotFound && a.status != http.StatusMethodNotAllowed { // of no route
			h.t.Errorf("%s %s: status %d of type %s is not described", method, path, a.status, a.header.Get("Content-Type"))
		}
		return
	}
	schema := d.schemas[pointer]
	if schema == nil {
		var err error
		if schema, err = d.compiler.Compile("openapi.json#" + pointer); err != nil {
			h.t.Fatal(err)
		}
		d.schemas[pointer] = schema
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(a.body))
	if err == nil {
		err = schema.Validate(value)
	}
	if err != nil {
		h.t.Errorf("%s %s is not what is described: %v\n%s", method, path, err, clip(a.body))
	}
}

func (d *description) read(h *house) {
	h.t.Helper()
	r := h.raw("", http.MethodGet, "/openapi.json", "")
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(r.body))
	if err != nil {
		h.t.Fatal(err)
	}
	d.document = document.(map[string]any)
	d.compiler = jsonschema.NewCompiler()
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	if err := d.compiler.AddResource("openapi.json", document); err != nil {
		h.t.Fatal(err)
	}
}

// find gives the JSON pointer of the schema of an answer.
func (d *description) find(method, path string, a answer) string {
	for template, operations := range d.document["paths"].(map[string]any) {
		if !fits(template, path) {
			continue
		}
		operation, _ := operations.(map[string]any)[strings.ToLower(method)].(map[string]any)
		if operation == nil {
			continue
		}
		status := strconv.Itoa(a.status)
		response, _ := operation["responses"].(map[string]any)[status].(map[string]any)
		content, _ := response["content"].(map[string]any)
		if _, ok := content[a.header.Get("Content-Type")]; ok {
			escape := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D")
			return "/paths/" + escape.Replace(template) + "/" + strings.ToLower(method) + "/responses/" + status +
				"/content/" + escape.Replace(a.header.Get("Content-Type")) + "/schema"
		}
	}
	return ""
}

func fits(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, got, func(w, g string) bool { return w == g || strings.HasPrefix(w, "{") })
}

func TestOpenAPI(t *testing.T) {
	h := open(t)
	a := h.raw("", http.MethodGet, "/openapi.json", "").want(200)
	if got := a.header.Get("Content-Type"); got != "application/openapi+json" {
		t.Errorf("content type %q", got)
	}
	var document struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]map[string]struct {
			OperationID string `json:"operationId"`
			RequestBody *struct {
				Required bool `json:"required"`
				Content  map[string]struct {
					Schema json.RawMessage `json:"schema"`
				} `json:"content"`
			} `json:"requestBody"`
			Responses map[string]struct {
				Content map[string]json.RawMessage `json:"content"`
			} `json:"responses"`
		} `json:"paths"`
		Components struct {
			SecuritySchemes map[string]json.RawMessage `json:"securitySchemes"`
		} `json:"components"`
		Security []map[string][]string `json:"security"`
	}
	if err := json.Unmarshal([]byte(a.body), &document); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(document.OpenAPI, "3.1") || len(document.Security) == 0 || document.Components.SecuritySchemes["bearer"] == nil {
		t.Errorf("version %q, security %v", document.OpenAPI, document.Security)
	}
	var routes []string
	for path, operations := range document.Paths {
		for method, operation := range operations {
			routes = append(routes, strings.ToUpper(method)+" "+path)
			if method == "post" && (operation.RequestBody == nil || !operation.RequestBody.Required || len(operation.RequestBody.Content["application/json"].Schema) == 0) {
				t.Errorf("%s: the body is not described", path)
			}
			good := 0
			for status, response := range operation.Responses {
				if status[0] == '2' {
					good++
				}
				if len(response.Content) == 0 && status != "204" {
					t.Errorf("%s %s: %s has no content", method, path, status)
				}
			}
			if good != 1 {
				t.Errorf("%s %s: %d good answers", method, path, good)
			}
		}
	}
	slices.Sort(routes)
	want := strings.Fields(strings.ReplaceAll(`
		DELETE /api/v1/tokens/{id}
		GET /api/v1/board
		GET /api/v1/figures
		GET /api/v1/indicators
		GET /api/v1/indicators/{id}
		GET /api/v1/indicators/{plan}/{id}
		GET /api/v1/log/head
		GET /api/v1/plans
		GET /api/v1/plans/{plan}
		GET /api/v1/tasks
		GET /api/v1/tasks/{plan}/{number}
		GET /api/v1/tokens
		POST /api/v1/accounts
		POST /api/v1/entries
		POST /api/v1/figures
		POST /api/v1/tokens`, " /", "_/"))
	for i := range want {
		want[i] = strings.Replace(want[i], "_", " ", 1)
	}
	if !slices.Equal(routes, want) {
		t.Errorf("routes %v", routes)
	}
	for _, path := range []string{"/openapi.yaml", "/openapi-3.0.json", "/docs", "/schemas/Problem.json", "/"} {
		h.get("", path).want(404)
	}
}

// Bodies that the tests post fit the description of rows, too.
func TestBodySchema(t *testing.T) {
	h := open(t)
	describing.Lock()
	defer describing.Unlock()
	d := describe()
	if d.document == nil {
		d.read(h)
	}
	schema, err := d.compiler.Compile("openapi.json#/paths/~1api~1v1~1figures/post/requestBody/content/application~1json/schema")
	if err != nil {
		t.Fatal(err)
	}
	for body, fits := range map[string]bool{
		`{"indicator":"gdp","period":"2026-03","value":4.80}`:                           true,
		`{"indicator":"gdp","period":"2026-03","value":"4.80","known_at":null}`:         true,
		`[{"series":"linhe/gdp","period":"一季度","void":true,"reason":"r"}]`:              true,
		`{"period":"2026-03","rows":[{"indicator":"gdp","value":4.80}]}`:                true,
		`{"indicator":"gdp","period":"2026-03","value":true}`:                           false,
		`{"indicator":"gdp","period":"2026-03","valeu":4.8}`:                            false,
		`[{"indicator":"gdp","period":"2026-03","origin":{"file":"a.xlsx","row":"1"}}]`: false,
		`{"rows":7}`: false,
	} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); (err == nil) != fits {
			t.Errorf("%s: %v", body, err)
		}
	}
}
