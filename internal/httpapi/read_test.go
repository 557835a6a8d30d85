package httpapi_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"xushi/internal/httpapi"
)

// filled is a house with a few months of figures, loaded with the moments at
// which they became known.
func filled(t testing.TB) *house {
	h := open(t)
	h.post("super", "/api/v1/figures", `{"plan":"linhe-2026","rows":[
		{"indicator":"gdp","period":"2026-03","value":4.8,"known_at":"2026-04-18T10:00:00+08:00","status":"P","note":"初步核算数","origin":{"file":"一季度.xlsx","sha256":"ab","sheet":"速报","cell":"C4"}},
		{"indicator":"income","period":"2026-03","value":4.9,"known_at":"2026-04-18T10:00:00+08:00"},
		{"indicator":"investment","period":"2026-01","value":6.00,"known_at":"2026-02-05T10:00:00+08:00"},
		{"indicator":"investment","period":"2026-02","value":11.00,"known_at":"2026-03-05T10:00:00+08:00"},
		{"indicator":"investment","period":"2026-03","value":17.20,"known_at":"2026-04-05T10:00:00+08:00"},
		{"indicator":"investment","period":"2026-04","value":23.90,"known_at":"2026-05-05T10:00:00+08:00"},
		{"indicator":"investment","period":"2026-05","value":28.50},
		{"indicator":"investment","period":"2026-12","value":70,"status":"F","note":"预计"},
		{"indicator":"jobs","part":"dongjie","period":"2026-05","value":0.4},
		{"indicator":"jobs","part":"xijie","period":"2026-05","value":0.5},
		{"indicator":"monthly-starts","period":"1—2月","value":11.5},
		{"indicator":"monthly-starts","period":"2026-03","value":12.5},
		{"indicator":"hazards","period":"2026-05","value":1},
		{"indicator":"air","period":"2025-05","value":40.1},
		{"indicator":"air","period":"2026-05","value":38.2},
		{"series":"linhe/places-all","period":"2026-05","value":400},
		{"series":"linhe/places-public","period":"2026-05","value":310},
		{"indicator":"letters","period":"2026-05","value":45}
	]}`).want(200).has("recorded", "true", "rejected", "0")
	return h
}

func TestIndicator(t *testing.T) {
	h := filled(t)
	golden(t, "indicator.json", h.get("viewer", "/api/v1/indicators/linhe-2026/investment").want(200).body)
	h.get("viewer", "/api/v1/indicators/investment").want(200).has(
		"indicator.judgement.status", "slightly_behind", "indicator.judgement.expected", "30.79", "indicator.judgement.unrounded", "30.791666667",
		"indicator.target.value", "73.9", "indicator.target.document", "临政〔2026〕1号", "indicator.target.step", "0.01", "indicator.target.trajectory.set", "default",
		"indicator.figures.0.value", "28.50", "indicator.figures.0.backfilled", "false", "indicator.forecast.value", "70",
		"indicator.period.zh", "2026年1—5月", "years.0.outlook.periods", "5", "years.0.history.#", "12",
		"years.0.history.3.figure.backfilled", "true", "years.0.history.6.document", "临政〔2026〕9号", "years.0.history.11.expected", "70.5",
		"years.0.history.5.reporting", "not_due", "years.0.history.5.status", "none")
	h.get("viewer", "/api/v1/indicators/gdp").want(200).has(
		"indicator.figures.0.origin.cell", "C4", "indicator.figures.0.note", "初步核算数", "indicator.figures.0.value", "4.8", "indicator.series.basis", "constant")
	h.get("viewer", "/api/v1/indicators/income").want(200).has("indicator.against.indicator", "gdp", "indicator.against.value", "4.8",
		"indicator.against.figure.value", "4.8", "indicator.target.tolerance", "0.5", "indicator.judgement.expected", "4.3", "indicator.judgement.status", "on_track")
	h.get("viewer", "/api/v1/indicators/air").want(200).has("indicator.against.period.code", "2025-05-ytd", "indicator.against.value", "40.1",
		"indicator.judgement.gap", "1.9", "indicator.target.sense", "down")
	h.get("viewer", "/api/v1/indicators/places").want(200).has("indicator.derivation", "ratio", "indicator.judgement.actual", "77.5",
		"indicator.figures.#", "2", "indicator.figures.0.series", "linhe/places-public", "indicator.figures.1.value", "400", "indicator.series.numerator", "linhe/places-public")
	h.get("viewer", "/api/v1/indicators/jobs").want(200).has("indicator.derivation", "parts", "indicator.judgement.actual", "0.9",
		"indicator.parts.0.name", "东街", "indicator.parts.1.figures.0.value", "0.5", "years.#", "3", "years.1.part", "dongjie")
	h.get("viewer", "/api/v1/indicators/monthly-starts").want(200).has("indicator.derivation", "months", "indicator.figures.#", "2",
		"indicator.judgement.actual", "24", "indicator.reporting", "late", "indicator.due_period.code", "2026-04-month", "indicator.missed", "1")
	h.get("viewer", "/api/v1/indicators/schools").want(200).has("indicator.judgement.status", "none", "indicator.target", "")
	h.get("viewer", "/api/v1/indicators/starts").want(200).has("indicator.derivation", "entries", "indicator.judgement.actual", "0", "indicator.checklist.size", "2")
	h.get("viewer", "/api/v1/indicators/nothing").want(404).has("code", "unknown_indicator")
	h.get("viewer", "/api/v1/indicators/nothing/gdp").want(404).has("code", "unknown_plan")
	h.get("viewer", "/api/v1/indicators/linhe-2026/nothing").want(404).has("code", "unknown_indicator")
}

// Ids are unique within a plan; across plans one has to say which.
func TestAmbiguous(t *testing.T) {
	h := filled(t)
	h.apply("testdata/second.yaml")
	h.get("viewer", "/api/v1/indicators/gdp").want(409).has("code", "ambiguous_indicator")
	h.get("viewer", "/api/v1/indicators/gdp?plan=linhe-2026").want(200).has("indicator.plan", "linhe-2026")
	h.get("viewer", "/api/v1/indicators/linhe-2026-b/gdp").want(200).has("indicator.judgement.actual", "4.8", "indicator.judgement.status", "ahead")
	h.get("viewer", "/api/v1/indicators/investment").want(200).has("indicator.plan", "linhe-2026")
	h.get("viewer", "/api/v1/figures?indicator=gdp").want(409)
	h.post("fagai", "/api/v1/figures", `{"indicator":"gdp","period":"2026-03","value":5}`).want(422).has("results.0.fault.code", "ambiguous_indicator")
	h.get("viewer", "/api/v1/plans").want(200).has("plans.#", "2", "plans.1.id", "linhe-2026-b")
	h.get("viewer", "/api/v1/board?plan=linhe-2026-b").want(200).has("plans.#", "1", "plans.0.total.judged", "1")
}

func TestReplay(t *testing.T) {
	h := filled(t)
	h.clock.set("2026-06-04T09:00:00+08:00")
	h.post("fagai", "/api/v1/figures", `{"indicator":"investment","period":"2026-05","value":31.00,"reason":"核实"}`).want(200)
	at := func(query string) answer {
		t.Helper()
		return h.get("viewer", "/api/v1/indicators/investment?"+query).want(200)
	}
	at("").has("indicator.judgement.actual", "31", "indicator.judgement.status", "on_track")
	at("as_of=2026-06-03").has("indicator.judgement.actual", "28.5")
	at("as_of=2026-06-04").has("indicator.judgement.actual", "31") // today is not over: now
	at("as_of="+url.QueryEscape("2026-06-03T08:59:59+08:00")).has("indicator.period.code", "2026-04-ytd", "indicator.judgement.actual", "23.9", "indicator.forecast", "")
	at("as_of=2026-04-10").has("indicator.period.code", "2026-03-ytd", "indicator.reporting", "filed")
	at("as_of=2026-02-01").has("indicator.period", "", "indicator.judgement.status", "pending", "indicator.reporting", "not_due")
	at("period=2026-03").has("indicator.judgement.actual", "17.2")
	at("period="+url.QueryEscape("一季度")).has("indicator.judgement.actual", "17.2")
	at("period=2026-Q2&as_of=2026-06-03").has("indicator.judgement.actual", "28.5")
	at("period=2026-03&as_of=2026-03-10").has("indicator.judgement.actual", "11")
	at("view=all").has("indicator.judgement.actual", "31")
	for query, code := range map[string]string{
		"as_of=2027-01-01": "as_of_future", "as_of=soon": "bad_as_of", "period=soon": "period_unreadable", "view=mine": "bad_view",
		"asof=2026-01-01": "unknown_parameter", "as_of=2026-06-03T09:00:00+08:00": "bad_as_of", // the plus is a space
	} {
		h.get("viewer", "/api/v1/indicators/investment?"+query).want(400).has("code", code)
		h.get("viewer", "/api/v1/board?"+query).want(400).has("code", code)
	}
	h.get("viewer", "/api/v1/figures?indicator=investment&period=2026-05&as_of=2026-06-03").want(200).has("figures.#", "1", "figures.0.value", "28.50")
	h.get("viewer", "/api/v1/figures?as_of=2027-06-03").want(400).has("code", "as_of_future")
	h.get("viewer", "/api/v1/figures?view=mine").want(400).has("code", "bad_view", "field", "view")
	h.get("viewer", "/api/v1/indicators?as_of=2026-01-10").want(200).has("total", "0", "indicators", "[]") // before the document
}

// What stands is what became known last, not what was recorded last.
func TestCurrent(t *testing.T) {
	h := open(t)
	h.clock.set("2026-06-04T09:00:00+08:00")
	h.post("fagai", figures, `{"indicator":"investment","period":"2026-05","value":61}`).want(200)
	h.clock.set("2026-06-05T09:00:00+08:00")
	h.post("fagai", figures, `{"indicator":"investment","period":"2026-05","value":59,"known_at":"2026-06-02T10:00:00+08:00"}`).want(200).has("created", "1")
	h.post("fagai", figures, `{"indicator":"investment","period":"2026-12","value":99,"status":"F"}`).want(200)
	const list = figures + "?indicator=investment&order=place"
	for _, view := range []string{"", "&view=published", "&view=all"} {
		h.get("viewer", list+view).want(200).has("figures.#", "3", "figures.0.value", "61", "figures.0.current", "true",
			"figures.1.value", "59", "figures.1.current", "false", "figures.2.value", "99", "figures.2.current", "true")
	}
	h.get("viewer", "/api/v1/indicators/investment").has("indicator.judgement.actual", "61")
	h.get("viewer", list+"&as_of=2026-06-03").want(200).has("figures.#", "1", "figures.0.value", "59", "figures.0.current", "true")
	h.post("fagai", figures, `{"indicator":"investment","period":"2026-05","void":true,"reason":"误填"}`).want(200)
	h.get("viewer", figures+"?indicator=investment&period=2026-05").want(200).
		has("figures.0.void", "true", "figures.0.current", "true", "figures.1.current", "false", "figures.2.current", "false")
}

func ids(a answer, list string) string {
	var out []string
	for i := 0; ; i++ {
		id := a.at(list + "." + jsonText(i) + ".id")
		if id == "" {
			return strings.Join(out, " ")
		}
		out = append(out, id)
	}
}

func TestFilters(t *testing.T) {
	h := filled(t)
	for query, want := range map[string]string{
		"plan=linhe-2026&section=2":                "starts roads hazards air places schools reform",
		"task=1":                                   "gdp income investment jobs monthly-starts",
		"organisation=fangchan":                    "starts roads hazards air",
		"organisation=linhe/fangchan":              "starts roads hazards air",
		"organisation=dongjie":                     "gdp income investment jobs monthly-starts",
		"organisation=dongjie&role=lead":           "",
		"organisation=dongjie&role=co&kind=sync":   "income",
		"portfolio=vice-b":                         "starts roads hazards air",
		"kind=growth,level":                        "gdp places",
		"status=behind,missed":                     "hazards places",
		"light=grey":                               "schools",
		"reporting=late":                           "monthly-starts starts roads reform",
		"reporting=filed&kind=cumulative":          "investment jobs",
		"q=" + url.QueryEscape("普惠"):               "places",
		"q=PM":                                     "",
		"q=" + url.QueryEscape("区教育局"):             "places schools reform",
		"sort=worst&limit=3":                       "hazards places roads",
		"status=behind&sort=worst&plan=linhe-2026": "hazards places",
	} {
		t.Run(query, func(t *testing.T) {
			got := h.get("viewer", "/api/v1/indicators?"+query).want(200)
			if ids := ids(got, "indicators"); ids != want {
				t.Errorf("%s gives %q, want %q", query, ids, want)
			}
		})
	}
	for query, code := range map[string]string{
		"status=fine": "bad_parameter", "light=blue": "bad_parameter", "kind=sum": "bad_parameter", "reporting=no": "bad_parameter",
		"role=boss": "bad_parameter", "limit=0": "bad_parameter", "limit=x": "bad_parameter", "limit=501": "bad_parameter", "sort=best": "bad_parameter",
		"organisation=nobody": "unknown_organisation", "organisation=gulou/fagai": "unknown_organisation", "portfolio=nobody": "unknown_portfolio",
		"cursor=x": "cursor_invalid", "page=2": "unknown_parameter",
		"kind=level&kind=zero": "repeated_parameter", "page=1&page=2": "repeated_parameter", "kind=level;kind=zero": "bad_query", "q=%zz": "bad_query",
	} {
		p := h.get("viewer", "/api/v1/indicators?"+query).want(400).has("code", code)
		if p.at("message_zh") == "" || p.at("instance") == "" {
			t.Errorf("%s: %s", query, p.body)
		}
	}
	h.get("viewer", "/api/v1/indicators?limit=x&sort=y").want(400).has("errors.#", "2")
	h.get("viewer", "/api/v1/indicators?plan=nothing").want(404).has("code", "unknown_plan")
}

func TestPaging(t *testing.T) {
	h := filled(t)
	for _, list := range []struct{ path, member string }{
		{"/api/v1/indicators?sort=worst&", "indicators"}, {"/api/v1/indicators?", "indicators"}, {"/api/v1/tasks?", "tasks"},
	} {
		all := h.get("super", list.path+"limit=500").want(200)
		names := func(a answer) (out []string) {
			for i := 0; ; i++ {
				name := a.at(list.member + "." + jsonText(i) + ".id")
				if name == "" {
					name = a.at(list.member + "." + jsonText(i) + ".number")
				}
				if name == "" {
					return out
				}
				out = append(out, name)
			}
		}
		var pages []string
		for cursor := ""; ; {
			page := h.get("super", list.path+"limit=2&cursor="+cursor).want(200).has("total", all.at("total"))
			pages = append(pages, names(page)...)
			if cursor = page.at("next"); cursor == "" {
				break
			}
		}
		if !slices.Equal(pages, names(all)) {
			t.Errorf("%s: pages %v, all %v", list.path, pages, names(all))
		}
	}
	first := h.get("super", "/api/v1/figures?limit=10&order=place").want(200).has("figures.#", "10")
	h.get("super", "/api/v1/figures?limit=10&order=place&cursor="+first.at("next")).want(200).has("figures.#", "8", "next", "")
	h.get("super", "/api/v1/figures?cursor=nonsense").want(400).has("code", "cursor_invalid")
}

func TestTasksAndPlans(t *testing.T) {
	h := filled(t)
	h.get("viewer", "/api/v1/tasks").want(200).has("total", "3", "tasks.0.number", "1", "tasks.0.leads.0.name", "区发改委", "tasks.0.cos.0.id", "dongjie",
		"tasks.0.section.title", "主要预期目标", "tasks.0.indicators.#", "5", "tasks.1.lights.red", "2", "tasks.1.light", "red")
	h.get("viewer", "/api/v1/tasks?section=2&organisation=jiaoyu&q="+url.QueryEscape("托育")).want(200).has("total", "1", "tasks.0.number", "3")
	h.get("viewer", "/api/v1/tasks?portfolio=vice-a").want(200).has("total", "1")
	h.get("viewer", "/api/v1/tasks/linhe-2026/2").want(200).has("task.text", "上半年2个项目开工,建成甲路、乙路,隐患动态清零,空气质量持续改善。", "task.indicators.2.status", "behind")
	h.get("viewer", "/api/v1/tasks/linhe-2026/9").want(404).has("code", "unknown_task")
	h.get("viewer", "/api/v1/tasks/nothing/1").want(404).has("code", "unknown_plan")
	h.get("viewer", "/api/v1/tasks/linhe-2026/one").want(400).has("code", "bad_parameter")
	h.get("viewer", "/api/v1/plans").want(200).has("plans.0.id", "linhe-2026", "plans.0.tasks", "3", "plans.0.year", "2026", "plans.0.indicators", "12")
	h.get("viewer", "/api/v1/plans/linhe-2026").want(200).has("plan.tasks.0.indicators.2.target", "73.9", "plan.organisations.0.id", "fagai",
		"plan.tasks.0.text", "地区生产总值增长5%以上,居民收入增速与经济增长同步,完成投资73.9亿元,新增就业2.1万人。")
	h.get("viewer", "/api/v1/plans/nothing").want(404).has("code", "unknown_plan")
}

func TestBoard(t *testing.T) {
	h := filled(t)
	h.get("viewer", "/api/v1/board").want(200).has(
		"plans.0.id", "linhe-2026", "plans.0.year", "2026", "plans.0.gauge.date", "2026-06-03", "plans.0.gauge.day", "154", "plans.0.gauge.days", "365",
		"plans.0.gauge.share", "0.421917808", "plans.0.gauge.share_by_months", "0.416666667", "plans.0.total.judged", "10", "plans.0.total.context", "1", "plans.0.total.standing.yellow", "1",
		"plans.0.sections.0.judged", "5", "plans.0.organisations.0.id", "fagai", "plans.0.organisations.0.judged", "5",
		"plans.0.portfolios.1.id", "vice-b", "plans.0.portfolios.1.judged", "4",
		"behind.0.id", "hazards", "behind.0.leads.0.name", "区房产局", "late_total", "4", "late.0.id", "starts", "late.1.id", "reform", "late.2.id", "monthly-starts", "late.2.due_at", "2026-05-12T00:00:00+08:00")
	h.get("viewer", "/api/v1/board?limit=0").want(200).has("behind", "[]", "late", "[]", "late_total", "4")
	h.get("viewer", "/api/v1/board?as_of=2026-02-08").want(200).has("plans.0.gauge.day", "39", "late_total", "0", "plans.0.total.status.pending", "7")
	h.get("viewer", "/api/v1/board?plan=nothing").want(404)
}

// What a token may not see it meets nowhere: not on a route, not in a count, not
// in what is said of a row.
func TestVisibility(t *testing.T) {
	h := filled(t)
	for _, token := range []string{"viewer", "fagai"} {
		for _, path := range []string{"/api/v1/indicators?limit=500", "/api/v1/tasks", "/api/v1/tasks/linhe-2026/3", "/api/v1/board", "/api/v1/plans",
			"/api/v1/plans/linhe-2026", "/api/v1/figures", "/api/v1/figures?plan=linhe-2026", "/api/v1/figures?order=place", "/api/v1/indicators?q=letters", "/api/v1/indicators?task=3"} {
			if a := h.get(token, path).want(200); strings.Contains(a.body, "letters") || strings.Contains(a.body, "信访件") {
				t.Errorf("%s of %s shows it: %s", path, token, clip(a.body))
			}
		}
		for _, path := range []string{"/api/v1/indicators/letters", "/api/v1/indicators/linhe-2026/letters", "/api/v1/indicators/letters?plan=linhe-2026",
			"/api/v1/figures?indicator=letters", "/api/v1/figures?indicator=letters&plan=linhe-2026"} {
			hidden, none := h.get(token, path).want(404), h.get(token, strings.Replace(path, "letters", "nothing", 1)).want(404)
			if same(hidden.body) != strings.ReplaceAll(same(none.body), "nothing", "letters") {
				t.Errorf("%s differs from what is not there: %s, %s", path, hidden.body, none.body)
			}
		}
		h.get(token, "/api/v1/figures?series=linhe/letters").want(404).has("code", "unknown_series")
		h.get(token, "/api/v1/board").has("plans.0.total.judged", "10")
	}
	for _, token := range []string{"super", "jiaoyu", "admin"} {
		h.get(token, "/api/v1/indicators/letters").want(200).has("indicator.judgement.actual", "45")
		h.get(token, "/api/v1/figures?series=linhe/letters").want(200).has("figures.#", "1")
		h.get(token, "/api/v1/board").has("plans.0.total.judged", "11")
		h.get(token, "/api/v1/tasks/linhe-2026/3").has("task.indicators.3.id", "letters")
		h.get(token, "/api/v1/plans/linhe-2026").has("plan.tasks.2.indicators.3.id", "letters")
	}
}

// same leaves the id of the request out.
func same(body string) string {
	before, rest, _ := strings.Cut(body, "urn:xushi:request:")
	return before + rest[16:]
}

// Before its time an indicator is for the insiders; whoever keeps step with it
// would show it.
func TestNotBefore(t *testing.T) {
	h := open(t)
	h.apply("testdata/third.yaml")
	h.post("super", "/api/v1/figures", `[{"plan":"linhe-2026-c","indicator":"gdp","period":"2026-03","value":5},{"plan":"linhe-2026-c","indicator":"income","period":"2026-03","value":5.5}]`).want(200)
	h.get("viewer", "/api/v1/indicators?plan=linhe-2026-c").want(200).has("total", "0")
	h.get("fagai", "/api/v1/indicators?plan=linhe-2026-c").want(200).has("total", "2")
	h.clock.set("2026-07-01T00:00:00+08:00")
	h.get("viewer", "/api/v1/indicators?plan=linhe-2026-c").want(200).has("total", "2")
}

func TestAuthentication(t *testing.T) {
	h := open(t)
	h.get("", "/api/v1/board").want(401).has("code", "token_missing")
	for _, header := range []string{"Bearer", "Bearer ", "Basic YTpi", "Token x", h.secrets["viewer"]} {
		if a := h.call("", "GET", "/api/v1/board", "", "Authorization", header).want(401).has("code", "token_missing"); a.header.Get("WWW-Authenticate") == "" {
			t.Error("no challenge")
		}
	}
	for _, secret := range []string{"xushi_nothing", h.secrets["viewer"] + "x", "令牌"} {
		a := h.call("", "GET", "/api/v1/board", "", "Authorization", "Bearer "+secret).want(401).has("code", "token_unknown")
		if got := a.header.Get("WWW-Authenticate"); got != `Bearer realm="xushi", error="invalid_token"` {
			t.Errorf("challenge %q", got)
		}
	}
	h.call("", "GET", "/api/v1/board", "", "Authorization", "bearer  "+h.secrets["viewer"]).want(200)
	if strings.Contains(h.log.String(), h.secrets["viewer"]) || strings.Contains(h.log.String(), "xushi_") {
		t.Error("the log shows a secret")
	}
}

func TestTokens(t *testing.T) {
	h := open(t)
	const tokens = "/api/v1/tokens"
	for _, token := range []string{"super", "fagai", "viewer"} {
		h.get(token, tokens).want(403).has("code", "forbidden")
		h.post(token, tokens, `{"name":"x","role":"viewer"}`).want(403)
		h.call(token, http.MethodDelete, tokens+"/t0", "").want(403)
	}
	list := h.get("admin", tokens).want(200).has("tokens.#", "5", "tokens.0.hash", "", "tokens.0.secret", "")
	if strings.Contains(list.body, "hash") {
		t.Error("the list shows hashes")
	}
	made := h.post("admin", tokens, `{"name":"报表","role":"statistician","organisation":"linhe/fagai","expires":"2026-06-10T00:00:00+08:00"}`).want(201).
		has("token.name", "报表", "token.role", "statistician")
	h.secrets["new"] = made.at("secret")
	h.get("new", "/api/v1/board").want(200)
	h.call("admin", http.MethodDelete, tokens+"/"+made.at("token.id"), "").want(204)
	h.get("new", "/api/v1/board").want(401).has("code", "token_unknown")
	h.call("admin", http.MethodDelete, tokens+"/"+made.at("token.id"), "").want(404).has("code", "unknown_token")
	for body, code := range map[string]string{
		`{"name":"x","role":"king"}`: "bad_role", `{"role":"viewer"}`: "token_name", `{"name":"x","role":"statistician"}`: "token_organisation",
		`{"name":"x","role":"statistician","organisation":"linhe/nobody"}`: "unknown_organisation", `{"name":"x\udc00","role":"viewer"}`: "text_encoding",
		`{"name":"x","role":"viewer","expires":"2020-01-01T00:00:00Z"}`: "token_expired", `{"name":"x","role":"viewer","hash":"00"}`: "unknown_field",
		`{"name":7,"role":"viewer"}`: "wrong_type", `[]`: "wrong_type", `{"name":"x","role":"viewer","expires":"2027"}`: "bad_time",
	} {
		if a := h.post("admin", tokens, body); a.at("code") != code || a.status < 400 || a.status >= 500 {
			t.Errorf("%s gives %d %s, want %s", body, a.status, a.body, code)
		}
	}
	expiring := h.post("admin", tokens, `{"name":"x","role":"viewer","expires":"2026-06-10T00:00:00+08:00"}`).want(201)
	h.secrets["expiring"] = expiring.at("secret")
	h.get("expiring", "/api/v1/board").want(200)
	h.clock.set("2026-06-10T00:00:00+08:00")
	h.get("expiring", "/api/v1/board").want(401)
	h.get("viewer", "/api/v1/log/head").want(200).has("seq", "9")
}

type seen struct {
	route  string
	status int
}

type observer struct{ list []seen }

func (o *observer) Observe(route, _ string, status int, _ time.Duration) {
	o.list = append(o.list, seen{route, status})
}

func TestAround(t *testing.T) {
	o := &observer{}
	h := open(t, func(d *httpapi.Deps) { d.Observer, d.Demo = o, true })
	a := h.call("viewer", "GET", "/api/v1/plans/linhe-2026", "", "X-Request-Id", "proxy-1").want(200).has("demo", "true")
	for name, want := range map[string]string{
		"X-Request-Id": "proxy-1", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Type": "application/json",
		"Xushi-Demo": url.PathEscape("演示数据"),
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	h.get("viewer", "/api/v1/board").has("demo", "true")
	h.get("viewer", "/api/v1/figures").has("demo", "true")
	bad := h.call("viewer", "GET", "/nowhere", "", "X-Request-Id", "bad id\t").want(404).has("code", "not_found")
	if id := bad.header.Get("X-Request-Id"); len(id) != 16 || bad.at("instance") != "urn:xushi:request:"+id {
		t.Errorf("id %q, instance %q", id, bad.at("instance"))
	}
	if bad.header.Get("Xushi-Demo") == "" || bad.header.Get("Content-Type") != "application/problem+json" {
		t.Error("an error lacks a header")
	}
	a = h.call("viewer", "PATCH", "/api/v1/figures", "").want(405).has("code", "method_not_allowed")
	if allow := a.header.Get("Allow"); allow != "GET, POST" {
		t.Errorf("Allow is %q", allow)
	}
	h.get("viewer", "/api/v1/indicators/nothing").want(404)
	want := []seen{{"/api/v1/plans/{plan}", 200}, {"/api/v1/board", 200}, {"/api/v1/figures", 200}, {"", 404}, {"", 405}, {"/api/v1/indicators/{id}", 404}}
	if !slices.Equal(o.list, want) {
		t.Errorf("observed %v", o.list)
	}
	for _, want := range []string{"request=proxy-1", "path=/api/v1/plans/linhe-2026", "status=405", "actor=token:"} {
		if !strings.Contains(h.log.String(), want) {
			t.Errorf("the log lacks %s: %s", want, h.log.String())
		}
	}
}

// What breaks inside is logged and not told.
func TestInternal(t *testing.T) {
	h := open(t, func(d *httpapi.Deps) { d.Archive = nil }) // a panic
	a := h.get("viewer", "/api/v1/log/head").want(500).has("code", "internal")
	if strings.Contains(a.body, "nil pointer") || strings.Contains(a.body, "goroutine") {
		t.Errorf("it shows %s", a.body)
	}
	if !strings.Contains(h.log.String(), "request panicked") || !strings.Contains(h.log.String(), a.header.Get("X-Request-Id")) {
		t.Errorf("the log has %s", h.log.String())
	}
	h = open(t)
	_ = h.db.Close()
	a = h.get("viewer", "/api/v1/log/head")
	if a.status < 500 || strings.Contains(a.body, "closed") || strings.Contains(a.body, ".db") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if !strings.Contains(h.log.String(), "request failed") {
		t.Errorf("the log has %s", h.log.String())
	}
}
