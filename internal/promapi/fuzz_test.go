package promapi_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// FuzzQuery sends any text as a query, at a moment and over a stretch, and as a
// selector: the answer is always JSON, and nothing breaks.
func FuzzQuery(f *testing.F) {
	for _, file := range scripts(f) {
		read(f, file, script(f, file), func(q query) []string {
			f.Add(q.expr)
			return nil
		})
	}
	for _, s := range []string{
		"", " ", "#", "\x00", "\xff", "(", ")", "{", "}", "[", "]", `"`, "'", "`", "1e999", "-0x1p-1074", "NaN", "Inf", "=~", "@", "offset", "1d", "[1d]",
		`{__as_of__=""}`, `x{__as_of__="2026-06-31"}`, `x{__as_of__="9999-12-31T23:59:60Z"}`, `x{__as_of__="0000-00-00"}`, `xushi_actual{__as_of__=~".*"}`, `{"__as_of__"="now", plan=""}`,
		`xushi_actual{plan="linhe-2026",__as_of__="2026-02-29"}`, `xushi_actual{plan="xihe-2026",__as_of__="1969-12-31T23:59:59.999999999Z"}`,
		`xushi_actual[292y]`, `xushi_actual offset 292y`, `xushi_actual offset -292y`, `xushi_actual @ -9223372036854775.808`, `xushi_actual @ 9223372036854775`,
		`xushi_figure_revision{revision="x"}`, `xushi_target_change_timestamp_seconds{from=""}[1000d]`, `{__name__="xushi_status",status!~"a|b"}[9d:1d]`,
		`xushi_actual{指标="x"}`, `{"指 标"="x"}`, `{"xushi_actual"}`, `{"xushi_actual","xushi_target"}`, `xushi_actual{__name__="xushi_target"}`,
		`xushi_actual[5m] anchored`, `increase(xushi_actual[31d] smoothed)`, `rate(xushi_actual[1d] anchored)`, `xushi_actual[5m:] smoothed`,
		`histogram_quantile(0.9, xushi_actual)`, `histogram_count(xushi_actual)`, `info(xushi_actual)`, `limitk(1, xushi_actual)`, `sort_by_label(xushi_actual, "plan")`,
		`sum(1, 2)`, `topk(1e300, xushi_actual)`, `topk(-Inf, xushi_actual)`, `count_values("", xushi_actual)`, `count_values("\xff", xushi_actual)`, `label_replace(xushi_actual, "\xff", "$1", "plan", ".*")`,
		`label_replace(xushi_actual, "__as_of__", "x", "plan", ".*")`, `label_join(xushi_actual, "__name__", "", "plan")`, `quantile_over_time(NaN, xushi_actual[1y])`,
		`vector(1) / bool 2`, `1 == 2`, `"a" + 1`, `-"a"`, `absent(absent(x))`, `absent_over_time(x{__as_of__="2026-06-01"}[1d])`, `time() - -time()`,
		`a{b="c",}`, `sum by (,) (x)`, `x offset 1d offset 2d`, `x @ start() @ end()`, `x[1d:1h:1m]`, `x[1d] @ 1 offset 1d`, `x[0d]`, `x[1d:0d]`, `x[-1d]`,
	} {
		f.Add(s)
	}
	h := open(f)
	f.Fuzz(func(t *testing.T, text string) {
		h.TB = t
		// Half a second is enough for what is asked in earnest.
		for path, form := range map[string]url.Values{
			"query":                  form("query", text, "time", "1790000000", "timeout", "500ms"),
			"query_range":            form("query", text, "start", "1780000000", "end", "1790000000", "step", "30d", "timeout", "500ms"),
			"format_query":           form("query", text),
			"series":                 form("match[]", text, "limit", "10"),
			"labels":                 form("match[]", text),
			"label/indicator/values": form("match[]", text),
			"label/" + url.PathEscape(strings.ReplaceAll(text, "/", "")) + "x/values": nil,
		} {
			method := http.MethodPost
			if strings.HasPrefix(path, "label/") {
				method = http.MethodGet
			}
			a := serve(t, h.api, h.request("viewer", method, path, form)) // sees to it that it is JSON
			if a.status == http.StatusInternalServerError {
				t.Errorf("%s: %s", path, a.body)
			}
			if strings.Contains(a.body, "信访") {
				t.Errorf("%s: a viewer sees what is restricted: %s", path, clip(a.body))
			}
		}
		if strings.Contains(h.log.String(), "panicked") || strings.Contains(h.log.String(), "runtime panic") {
			t.Error(h.log.String())
		}
		h.log.Reset()
	})
}
