package httpapi

import (
	"maps"
	"net/url"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"xushi/internal/fault"
)

// once refuses an address whose parameters cannot be told for certain: Go would
// take the first of several and leave out those that are badly written, and the
// answer would be to another question. Faults repeated_parameter, bad_query.
func (a *api) once(ctx huma.Context, next func(huma.Context)) {
	u := ctx.URL()
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		a.refuse(ctx, fault.New("bad_query", "地址里的参数写法不对：各参数之间用 &，百分号后是两位十六进制数。",
			"The parameters in the address are badly written: put & between them, and two hexadecimal digits after a percent sign."))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if len(query[name]) > 1 {
			short := fault.Clip(name, 60)
			a.refuse(ctx, fault.Newf("repeated_parameter", "参数“%[1]s”写了 %[2]d 次；只能写一次。",
				"Parameter %[1]q is given %[2]d times; give it once.", short, len(query[name])).At(short))
			return
		}
	}
	next(ctx)
}
