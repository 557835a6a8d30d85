package httpapi

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/govalues/decimal"

	"xushi/internal/exact"
	"xushi/internal/figure"
	"xushi/internal/judge"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// The inner rooms know nothing of OpenAPI: what their types look like in JSON is
// told here, by types that stand for them in the description.

type (
	numberSchema    struct{}
	amountSchema    struct{}
	statusSchema    struct{}
	lightSchema     struct{}
	reportingSchema struct{}
	dateSchema      struct{}
	periodSchema    struct{}
	kindSchema      struct{}
	outcomeSchema   struct{}
	obsSchema       struct{}
)

func (numberSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeNumber, Nullable: true,
		Description: "An exact result, rounded to at most 9 decimals; null where there is none, which is never the same as 0."}
}

func (amountSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: `^-?[0-9]+(\.[0-9]+)?$`, Nullable: true,
		Description: "A decimal exactly as it was typed, up to 19 digits.", Examples: []any{"73.90"}}
}

func (statusSchema) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Description: "How the target stands; greater severity comes later in the list, none apart."}
	for _, v := range judge.Statuses() {
		s.Enum = append(s.Enum, v.String())
	}
	return s
}

func (lightSchema) Schema(huma.Registry) *huma.Schema { return words("grey", "green", "yellow", "red") }

func (reportingSchema) Schema(huma.Registry) *huma.Schema {
	return words("", "filed", "not_due", "awaiting_release", "late")
}

func (dateSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date", Nullable: true, Examples: []any{"2026-05-31"}}
}

func (periodSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Description: "End month and span, such as 2026-05-ytd.", Examples: []any{"2026-05-ytd"}}
}

func (kindSchema) Schema(huma.Registry) *huma.Schema {
	return words("cumulative", "growth", "level", "zero", "sync", "direction", "milestone", "standing", "context")
}

func (outcomeSchema) Schema(huma.Registry) *huma.Schema {
	return words(string(figure.Created), string(figure.Updated), string(figure.Unchanged), string(figure.Rejected))
}

func (obsSchema) Schema(huma.Registry) *huma.Schema {
	s := words("A", "P", "E", "F")
	s.Description = "SDMX observation status: A normal, P provisional, E estimated, F the department's own forecast."
	return s
}

func words(list ...string) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, w := range list {
		s.Enum = append(s.Enum, w)
	}
	return s
}

// alias tells huma which types stand for those of the inner rooms.
func alias(r huma.Registry) {
	for _, t := range [...]struct{ inner, outer reflect.Type }{
		{reflect.TypeFor[exact.Opt](), reflect.TypeFor[numberSchema]()},
		{reflect.TypeFor[decimal.Decimal](), reflect.TypeFor[amountSchema]()},
		{reflect.TypeFor[judge.Status](), reflect.TypeFor[statusSchema]()},
		{reflect.TypeFor[judge.Light](), reflect.TypeFor[lightSchema]()},
		{reflect.TypeFor[judge.Reporting](), reflect.TypeFor[reportingSchema]()},
		{reflect.TypeFor[period.Date](), reflect.TypeFor[dateSchema]()},
		{reflect.TypeFor[period.Period](), reflect.TypeFor[periodSchema]()},
		{reflect.TypeFor[plan.Kind](), reflect.TypeFor[kindSchema]()},
		{reflect.TypeFor[figure.Outcome](), reflect.TypeFor[outcomeSchema]()},
		{reflect.TypeFor[figure.ObsStatus](), reflect.TypeFor[obsSchema]()},
	} {
		r.RegisterTypeAlias(t.inner, t.outer)
	}
}
