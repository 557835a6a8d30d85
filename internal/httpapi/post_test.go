package httpapi_test

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
)

const figures = "/api/v1/figures"

func TestPostForms(t *testing.T) {
	for _, c := range []struct{ name, body, value string }{
		{"one row", `{"indicator":"investment","period":"2026-05","value":"30.10"}`, "30.10"},
		{"a number keeps its digits", `{"indicator":"investment","period":"2026-05","value":73.90}`, "73.90"},
		{"an array", `[{"indicator":"investment","period":"1—5月","value":30}]`, "30"},
		{"a batch", `{"rows":[{"indicator":"investment","period":"2026-05","value":30}]}`, "30"},
		{"a batch with common members before", `{"plan":"linhe-2026","period":"2026-05","rows":[{"indicator":"investment","value":30}]}`, "30"},
		{"and after, which a row overrides", `{"rows":[{"indicator":"investment","value":30,"unit":"亿元"}],"period":"2026-05","unit":"台"}`, "30"},
		{"another unit", `{"indicator":"investment","period":"2026-05","value":"301000","unit":"万元"}`, "30.1"},
		{"null is left out", `{"indicator":"investment","period":"2026-05","value":30,"note":null,"known_at":null,"part":null,"origin":null}`, "30"},
		{"by series", `{"series":"linhe/investment","period":"2026-05","value":30}`, "30"},
		{"everything", `{"plan":"linhe-2026","indicator":"investment","part":"","period":"2026年5月","value":"30.00","void":false,"unit":"亿元",
			"status":"P","note":"快报","reason":"r","known_at":"2026-06-01T10:00:00+08:00","origin":{"file":"a.xlsx","sha256":"00","sheet":"表1","cell":"C4"}}`, "30.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := open(t)
			h.post("fagai", figures, c.body).want(200).
				has("recorded", "true", "created", "1", "results.0.outcome", "created", "results.0.value", c.value, "results.0.period", "2026-05",
					"results.0.series", "linhe/investment")
			h.get("viewer", "/api/v1/figures?indicator=investment").want(200).has("figures.0.value", c.value, "figures.#", "1")
		})
	}
}

// What is wrong with a row is told in its result; the others are not touched.
func TestPostRejects(t *testing.T) {
	h := open(t)
	for _, c := range []struct{ row, code, field string }{
		{`{"indicator":"nothing","period":"2026-05","value":1}`, "unknown_indicator", "indicator"},
		{`{"plan":"nothing","indicator":"investment","period":"2026-05","value":1}`, "unknown_plan", "plan"},
		{`{"series":"linhe/nothing","period":"2026-05","value":1}`, "unknown_series", "series"},
		{`{"indicator":"jobs","part":"beijie","period":"2026-05","value":1}`, "unknown_part", "part"},
		{`{"period":"2026-05","value":1}`, "indicator_missing", "indicator"},
		{`{"indicator":"jobs","period":"2026-05","value":1}`, "derived", "part"},
		{`{"indicator":"places","period":"2026-05","value":1}`, "derived", ""},
		{`{"indicator":"roads","period":"2026-05","value":1}`, "derived", "indicator"},
		{`{"indicator":"reform","period":"2026-05","value":1}`, "not_numeric", "indicator"},
		{`{"indicator":"investment","period":"5月当月","value":1}`, "period_span", "period"},
		{`{"indicator":"gdp","period":"2026-05","value":1}`, "period_rhythm", "period"},
		{`{"indicator":"investment","period":"soon","value":1}`, "period_unreadable", "period"},
		{`{"indicator":"investment","value":1}`, "period_missing", "period"},
		{`{"indicator":"investment","period":"2026-07","value":1}`, "period_future", "period"},
		{`{"indicator":"investment","period":"2019-07","value":1}`, "period_outside", "period"},
		{`{"indicator":"investment","period":"2026-05","value":1,"unit":"台"}`, "unit_mismatch", "unit"},
		{`{"indicator":"investment","period":"2026-05","value":1.001}`, "precision", "value"},
		{`{"indicator":"investment","period":"2026-05","value":"NaN"}`, "number_form", "value"},
		{`{"indicator":"investment","period":"2026-05","value":"Inf"}`, "number_form", "value"},
		{`{"indicator":"investment","period":"2026-05","value":1e3}`, "number_form", "value"},
		{`{"indicator":"investment","period":"2026-05","value":"1,000"}`, "number_form", "value"},
		{`{"indicator":"investment","period":"2026-05","value":12345678901234567890}`, "number_digits", "value"},
		{`{"indicator":"investment","period":"2026-05","value":""}`, "value_missing", "value"},
		{`{"indicator":"investment","period":"2026-05","value":null}`, "value_missing", "value"},
		{`{"indicator":"investment","period":"2026-05"}`, "value_missing", "value"},
		{`{"indicator":"investment","period":"2026-05","void":true}`, "void_needs_reason", "reason"},
		{`{"indicator":"investment","period":"2026-05","value":1,"status":"X"}`, "bad_status", "status"},
		{`{"indicator":"investment","period":"2026-05","value":1,"known_at":"2027-01-01T00:00:00Z"}`, "known_at_future", "known_at"},
		{`{"indicator":"investment","period":"2026-05","value":1,"known_at":"yesterday"}`, "bad_time", "known_at"},
		{`{"indicator":"investment","period":"2026-05","value":1,"known_at":"2026-05-30T00:00:00Z"}`, "known_at_early", "known_at"},
		{`{"indicator":"investment","period":"2026-05","value":1,"note":"` + strings.Repeat("长", 2001) + `"}`, "text_too_long", "note"},
		{`{"indicator":"investment","period":"2026-05","value":1,"note":"a\u0000b"}`, "text_encoding", "note"},
		{`{"indicator":"investment","period":"2026-05","value":true}`, "wrong_type", "value"},
		{`{"indicator":"investment","period":"2026-05","value":{"a":[1,{"b":2}]}}`, "wrong_type", "value"},
		{`{"indicator":"investment","period":202605,"value":1}`, "wrong_type", "period"},
		{`{"indicator":["investment"],"period":"2026-05","value":1}`, "wrong_type", "indicator"},
		{`{"indicator":"investment","period":"2026-05","value":1,"void":"no"}`, "wrong_type", "void"},
		{`{"indicator":"investment","period":"2026-05","value":1,"origin":"a.xlsx"}`, "wrong_type", "origin"},
		{`{"indicator":"investment","period":"2026-05","value":1,"origin":{"file":3}}`, "wrong_type", "origin.file"},
		{`{"indicator":"investment","period":"2026-05","value":1,"origin":{"row":"3"}}`, "unknown_field", "origin.row"},
		{`{"indicator":"investment","period":"2026-05","value":1,"valeu":[{}]}`, "unknown_field", "valeu"},
		{`{"indicator":"investment","period":"2026-05","value":1,"value":2}`, "duplicate_key", "value"},
		{`"investment"`, "wrong_type", ""},
		{`[1,[2]]`, "wrong_type", ""},
		{`null`, "wrong_type", ""},
		{`{"indicator":"roads","rows":[],"period":"2026-05","value":1}`, "unknown_field", "rows"},
		{`{"indicator":"places-public","period":"2026-05","value":1}`, "unknown_indicator", "indicator"},
		{`{"series":"linhe/places-public","period":"2026-05","value":1}`, "forbidden", ""},
		{`{"indicator":"letters","period":"2026-05","value":1}`, "unknown_indicator", "indicator"},
		{`{"indicator":"letters","period":"2026-05","value":1,"part":"x"}`, "unknown_indicator", "indicator"},
		{`{"series":"linhe/letters","period":"2026-05","value":1}`, "unknown_series", "series"},
	} {
		t.Run(c.code, func(t *testing.T) {
			body := "[" + `{"indicator":"investment","period":"2026-04","value":20}` + ",\n " + c.row + "]"
			got := h.post("fagai", figures, body).want(422).has(
				"code", "rows_rejected", "type", "urn:xushi:error:rows_rejected", "status", "422", "recorded", "false", "rejected", "1",
				"results.0.row", "0", "results.1.row", "1", "results.1.outcome", "rejected", "results.1.fault.row", "1",
				"results.1.fault.code", c.code, "results.1.fault.field", c.field)
			if got.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("content type %q", got.header.Get("Content-Type"))
			}
			if got.at("results.1.fault.message_zh") == "" || got.at("results.1.fault.message_en") == "" {
				t.Error("a sentence is missing")
			}
		})
	}
	if n := h.get("super", figures).want(200).at("figures.#"); n != "0" {
		t.Errorf("%s figures were recorded", n)
	}
}

// What is wrong with the whole body is a problem that says where.
func TestPostProblems(t *testing.T) {
	h := open(t)
	row := `{"indicator":"investment","period":"2026-05","value":1}`
	for _, c := range []struct {
		name, body string
		status     int
		code       string
		pairs      []string
	}{
		{"NaN", "[" + row + ",\n{\"indicator\":\"investment\",\"value\":NaN}]", 400, "body_syntax", []string{"line", "2", "column", "35", "byte", "92", "row", "1"}},
		{"Infinity", `{"value":Infinity}`, 400, "body_syntax", []string{"line", "1", "column", "10"}},
		{"cut off", "[" + row, 400, "body_syntax", []string{"line", "1"}},
		{"cut off in a row", `[{"indicator":"inv`, 400, "body_syntax", []string{"row", "0"}},
		{"more behind the end", row + "\n " + row, 400, "body_syntax", []string{"line", "2", "column", "2"}},
		{"a comma too many", "[" + row + ",]", 400, "body_syntax", []string{"byte", "57"}},
		{"a name without quotes", "{value:1}", 400, "body_syntax", []string{"byte", "1"}},
		{"no colon", `{"value" 1}`, 400, "body_syntax", []string{"byte", "9"}},
		{"no comma", `{"value":1 "unit":""}`, 400, "body_syntax", []string{"byte", "11"}},
		{"the wrong bracket", `[{"value":1]`, 400, "body_syntax", []string{"byte", "11"}},
		{"no JSON", "value=1", 400, "body_syntax", []string{"line", "1", "column", "1", "byte", "0"}},
		{"spaces", "  \n ", 400, "body_syntax", nil},
		{"deep", `{"value":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`, 400, "body_depth", nil},
		{"no UTF-8", "{\"note\":\"\n\xff\"}", 400, "text_encoding", []string{"line", "2", "column", "1", "byte", "10"}},
		{"no rows", `[]`, 422, "empty_batch", nil},
		{"no rows in the batch", `{"rows":[]}`, 422, "empty_batch", nil},
		{"rows are no array", `{"rows":{}}`, 422, "wrong_type", []string{"field", "rows"}},
		{"rows twice", `{"rows":[],"rows":[]}`, 422, "duplicate_key", []string{"field", "rows"}},
		{"a wrong common member", `{"rows":[` + row + `],"note":7}`, 422, "wrong_type", []string{"field", "note"}},
		{"a number", `7`, 422, "rows_rejected", []string{"results.0.fault.code", "wrong_type"}},
		{"too many rows", "[" + strings.Repeat("{},", 10_000) + "{}]", 413, "too_many_rows", nil},
		{"too large", `{"note":"` + strings.Repeat("a", 8<<20) + `"}`, 413, "body_too_large", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.post("fagai", figures, c.body).want(c.status).
				has(append([]string{"code", c.code, "type", "urn:xushi:error:" + c.code}, c.pairs...)...)
		})
	}
	h.post("fagai", figures, row, "Content-Type", "text/csv").want(415).has("code", "content_type")
	h.post("fagai", figures, row, "Content-Type", "").want(415).has("code", "content_type")
	h.post("fagai", figures, row, "Content-Type", "application/json; charset=gbk").want(415).has("code", "content_type")
	if a := h.post("fagai", figures, row, "Content-Encoding", "gzip").want(415).has("code", "content_encoding"); !strings.Contains(a.at("detail"), "gzip") {
		t.Errorf("it does not name the encoding: %s", a.body)
	}
	for _, header := range [][]string{{"Content-Encoding", "identity"}, {"Content-Type", "application/json; charset=UTF-8"}} {
		h.post("fagai", figures+"?dry_run=true", row, header...).want(200)
	}
	h.post("fagai", figures+"?dry_run=true&dry_run=false", row).want(400).has("code", "repeated_parameter", "field", "dry_run")
	h.call("fagai", http.MethodPost, figures, "", "Content-Type", "application/json").want(400).has("code", "body_missing")
	h.post("fagai", figures+"?dry_run=perhaps", row).want(400).has("code", "bad_parameter", "field", "dry_run")
	h.post("fagai", figures+"?dry=1", row).want(400).has("code", "unknown_parameter", "field", "dry")
	h.post("fagai", figures, row, "Idempotency-Key", strings.Repeat("k", 201)).want(400).has("code", "bad_parameter")
	h.post("viewer", figures, row).want(403).has("code", "forbidden")
	if n := h.get("super", figures).at("figures.#"); n != "0" {
		t.Errorf("%s figures were recorded", n)
	}
}

// Some editors put a byte order mark at the beginning of a file; it is no part of
// the JSON.
func TestByteOrderMark(t *testing.T) {
	h := open(t)
	const mark = "\ufeff"
	row := `{"indicator":"investment","period":"2026-05","value":30.10}`
	h.post("fagai", figures, mark+row).want(200).has("recorded", "true", "results.0.value", "30.10")
	h.post("fagai", figures, mark+`{"value":true}`).want(422).has("results.0.fault.line", "1", "results.0.fault.column", "10")
	h.post("fagai", figures, mark+`{value:1}`).want(400).has("code", "body_syntax", "line", "1", "column", "2", "byte", "4")
	h.post("fagai", figures, mark).want(400).has("code", "body_syntax", "line", "1", "column", "1", "byte", "3")
	h.post("fagai", figures, mark+mark+row).want(400).has("code", "body_syntax", "byte", "3")
}

// A row's fault points at the first character of what is wrong.
func TestPostPlaces(t *testing.T) {
	h := open(t)
	for _, c := range []struct{ row, code, line, column string }{
		{`{"value" : true}`, "wrong_type", "1", "12"},
		{"{\n\"note\":\"长\",  \"period\":\n   202605}", "wrong_type", "3", "4"},
		{"{\"note\":\"长\", \"void\": \"是\"}", "wrong_type", "1", "22"},
		{`{"value":[1,[2]]}`, "wrong_type", "1", "10"},
		{`{"origin":{"file":3}}`, "wrong_type", "1", "19"},
		{`[7]`, "wrong_type", "1", "2"},
		{`{"known_at": "soon"}`, "bad_time", "1", "14"},
		{`{"unit":"", "valeu":1}`, "unknown_field", "1", "13"},
		{`{"unit":"", "unit":""}`, "duplicate_key", "1", "13"},
		{`{"note": "a\ud800b"}`, "text_encoding", "1", "10"},
		{`{"value":"\uDC00\ud800"}`, "text_encoding", "1", "10"},
		{`{"known_at":"\ud83d\u0041"}`, "text_encoding", "1", "13"},
	} {
		h.post("fagai", figures, c.row).want(422).
			has("results.0.fault.code", c.code, "results.0.fault.line", c.line, "results.0.fault.column", c.column)
	}
	h.post("fagai", figures, `{"note":"\ud800","rows":[{}]}`).want(400).has("code", "text_encoding", "field", "note")
	h.post("fagai", figures, `{"indicator":"investment","period":"2026-05","value":1,"note":"\ud83d\ude00 \\ud800"}`).want(200)
	h.get("viewer", figures+"?indicator=investment").has("figures.0.note", `😀 \ud800`)
}

// The sentences count as people do.
func TestPostSentences(t *testing.T) {
	h := open(t)
	h.post("fagai", figures, `{}`).want(422).has("message_en", "1 row was rejected, so nothing was recorded; results tells why.")
	h.post("fagai", figures, `[{},{}]`).want(422).has("message_en", "2 rows were rejected, so nothing was recorded; results tells why.",
		"message_zh", "有 2 行未被接受，全部未写入；原因见 results。")
	h.post("fagai", figures, `{"valeu":1}`).want(422).has("results.0.fault.message_zh", "没有“valeu”这个字段。")
}

func TestPostPartAndRevision(t *testing.T) {
	h := open(t)
	good, bad := `{"indicator":"investment","period":"2026-05","value":30.1}`, `{"indicator":"investment","period":"2026-13","value":1}`
	h.post("fagai", figures+"?atomic=false", "["+bad+","+good+"]").want(200).
		has("recorded", "true", "created", "1", "rejected", "1", "results.0.outcome", "rejected", "results.1.outcome", "created", "code", "")
	h.post("fagai", figures, good).want(200).has("recorded", "false", "unchanged", "1")
	h.post("fagai", figures, `{"indicator":"investment","period":"2026-05","value":31.5,"reason":"核实"}`).want(200).
		has("updated", "1", "results.0.old", "30.1", "results.0.value", "31.5")
	h.post("fagai", figures, "["+good+","+good+"]").want(422).has("results.1.fault.code", "duplicate_row")
	// The good row of a rejected batch tells what would have become of it.
	h.post("fagai", figures, "["+bad+","+good+"]").want(422).has("recorded", "false", "updated", "1", "results.1.outcome", "updated")
	h.get("viewer", "/api/v1/figures?indicator=investment").want(200).
		has("figures.#", "2", "figures.0.value", "31.5", "figures.0.reason", "核实", "figures.1.value", "30.1")
	h.post("fagai", figures, `{"indicator":"investment","period":"2026-05","void":true,"reason":"误填"}`).want(200).has("updated", "1")
	h.get("viewer", "/api/v1/figures?indicator=investment").has("figures.0.void", "true", "figures.0.value", "")
	h.get("viewer", "/api/v1/indicators/investment").has("indicator.judgement.status", "pending")
}

func TestDryRun(t *testing.T) {
	h := open(t)
	row := `{"indicator":"investment","period":"2026-05","value":30.1}`
	before := h.get("viewer", "/api/v1/log/head").want(200).body
	h.post("fagai", figures+"?dry_run=true", row, "Idempotency-Key", "k").want(200).
		has("dry_run", "true", "recorded", "false", "created", "1", "results.0.value", "30.1")
	h.post("fagai", "/api/v1/entries?dry_run=true", `{"indicator":"starts","entry":"north","done":"2026-05-01","evidence":"e"}`).want(422).
		has("dry_run", "true", "results.0.fault.code", "forbidden")
	h.post("super", "/api/v1/entries?dry_run=true", `{"indicator":"starts","entry":"north","done":"2026-05-01","evidence":"e"}`).want(200).
		has("dry_run", "true", "recorded", "false", "created", "1")
	h.post("super", "/api/v1/accounts?dry_run=true", `{"indicator":"reform","period":"一季度","text":"推进"}`).want(200).
		has("dry_run", "true", "recorded", "false", "created", "1")
	if after := h.get("viewer", "/api/v1/log/head").want(200).body; after != before {
		t.Errorf("the log went from %s to %s", before, after)
	}
	h.post("fagai", figures, row, "Idempotency-Key", "k").want(200).has("recorded", "true", "replayed", "false")
	h.post("fagai", figures+"?dry_run=true", row, "Idempotency-Key", "k").want(200).has("unchanged", "1", "replayed", "false")
}

func TestIdempotency(t *testing.T) {
	h := open(t)
	row := `{"indicator":"investment","period":"2026-05","value":30.1}`
	other := `{"indicator":"investment","period":"2026-05","value":30.2}`
	first := h.post("fagai", figures, row, "Idempotency-Key", "a b").want(200).has("recorded", "true", "replayed", "false", "created", "1")
	h.post("fagai", figures, other).want(200).has("updated", "1")
	again := h.post("fagai", figures, row, "Idempotency-Key", "a b").want(200).has("replayed", "true", "created", "1", "recorded", "true")
	if first.at("results") != again.at("results") {
		t.Errorf("the answers differ: %s, %s", first.body, again.body)
	}
	h.get("viewer", "/api/v1/figures?indicator=investment").has("figures.#", "2", "figures.0.value", "30.2")
	h.post("fagai", figures, other, "Idempotency-Key", "a b").want(422).has("code", "idempotency_key_reused")
	h.post("fagai", figures+"?atomic=false", row, "Idempotency-Key", "a b").want(422).has("code", "idempotency_key_reused")
	h.post("super", figures, other, "Idempotency-Key", "a b").want(200).has("replayed", "false") // keys belong to a token
}

func TestPostEntries(t *testing.T) {
	h := open(t)
	const entries = "/api/v1/entries"
	h.post("super", entries, `{"plan":"linhe-2026","evidence":"现场照片","rows":[{"indicator":"starts","entry":"north","done":"2026-05-20"},{"indicator":"roads","entry":"jia","done":"2026-05-15","note":"n"}]}`).
		want(200).has("recorded", "true", "created", "2")
	h.get("viewer", "/api/v1/indicators/roads").want(200).
		has("indicator.checklist.entries.0.done", "2026-05-15", "indicator.checklist.entries.0.evidence", "现场照片", "indicator.derivation", "entries",
			"indicator.checklist.entries.1.done", "", "indicator.judgement.status", "on_track", "indicator.judgement.expected", "66.666666667")
	h.post("super", entries, `{"indicator":"roads","entry":"jia"}`).want(200).has("updated", "1")
	h.get("viewer", "/api/v1/indicators/roads").has("indicator.checklist.entries.0.done", "", "indicator.judgement.status", "slightly_behind", "indicator.judgement.lag", "1")
	for _, c := range []struct{ row, code string }{
		{`{"indicator":"roads","entry":"bing","done":"2026-05-15","evidence":"e"}`, "unknown_entry"},
		{`{"indicator":"roads","entry":"jia","done":"2026-05-15"}`, "evidence_missing"},
		{`{"indicator":"roads","entry":"jia","done":"May","evidence":"e"}`, "bad_date"},
		{`{"indicator":"roads","entry":"jia","done":"2026-08-15","evidence":"e"}`, "done_future"},
		{`{"indicator":"roads","entry":"jia","done":"2016-05-15","evidence":"e"}`, "done_range"},
		{`{"indicator":"roads","entry":"jia","done":"2026-05-15","evidence":"e","known_at":"2026-05-01T00:00:00Z"}`, "known_at_early"},
		{`{"indicator":"roads","entry":7}`, "wrong_type"},
		{`{"indicator":"roads","entry":"jia","value":7}`, "unknown_field"},
	} {
		h.post("super", entries, c.row).want(422).has("code", "rows_rejected", "results.0.fault.code", c.code)
	}
	h.post("viewer", entries, `{"indicator":"roads","entry":"jia"}`).want(403)
	h.post("jiaoyu", entries, `{"indicator":"roads","entry":"jia"}`).want(422).has("results.0.fault.code", "forbidden")
	h.post("super", entries, `{"indicator":"roads","entry":"jia"}{}`).want(400).has("code", "body_syntax")
}

func TestPostAccounts(t *testing.T) {
	h := open(t)
	const accounts = "/api/v1/accounts"
	h.post("jiaoyu", accounts, `{"indicator":"reform","period":"一季度","text":"召开推进会。"}`).want(200).has("created", "1", "recorded", "true")
	h.post("jiaoyu", accounts, `{"indicator":"reform","period":"一季度","light":"on_track"}`).want(422).
		has("results.0.fault.code", "forbidden", "results.0.fault.field", "light")
	h.post("super", accounts, `{"indicator":"reform","period":"一季度","light":"slightly_behind"}`).want(200)
	h.get("viewer", "/api/v1/indicators/reform").want(200).
		has("indicator.account.text", "召开推进会。", "indicator.set.light", "slightly_behind", "indicator.light", "yellow", "years.0.history", "[]")
	for _, c := range []struct{ row, code string }{
		{`{"indicator":"gdp","period":"一季度","text":"t"}`, "not_standing"},
		{`{"indicator":"reform","period":"一季度"}`, "account_empty"},
		{`{"indicator":"reform","period":"一季度","light":"red"}`, "bad_light"},
		{`{"indicator":"reform","period":"四季度","text":"t"}`, "period_future"},
		{`{"indicator":"reform","period":"一季度","text":["t"]}`, "wrong_type"},
	} {
		h.post("super", accounts, c.row).want(422).has("results.0.fault.code", c.code)
	}
}

// The manual's examples work on the plan that comes with the program.
func TestManual(t *testing.T) {
	h := open(t)
	h.clock.set("2026-06-08T09:00:00+08:00")
	h.apply("../../seeds/gulou-2026.yaml")
	manual, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	posts := regexp.MustCompile(`(?s)\$XUSHI(/api/v1/\w+) (?:\\\n +)?-d '([^']+)'`).FindAllStringSubmatch(string(manual), -1)
	reads := regexp.MustCompile(`\$XUSHI(/api/v1/\S+)((?: -d \S+)*)\n`).FindAllStringSubmatch(string(manual), -1)
	if len(posts) != 3 || len(reads) < 4 {
		t.Fatalf("%d posts and %d reads", len(posts), len(reads))
	}
	for _, m := range posts {
		h.post("super", m[1]+"?dry_run=true", m[2]).want(200).has("rejected", "0")
	}
	for _, m := range reads {
		if !strings.Contains(m[2], "'") {
			h.get("super", m[1]+"?"+strings.Join(strings.Split(m[2], " -d ")[1:], "&")).want(200)
		}
	}
}

// Many posts at once are each answered for themselves.
func TestPostAtOnce(t *testing.T) {
	h := open(t)
	var all sync.WaitGroup
	for i := range 24 {
		all.Go(func() {
			row := fmt.Sprintf(`{"indicator":"investment","period":"2026-%02d","value":%d.%02d}`, i%5+1, i, i)
			h.post("fagai", figures, row, "Idempotency-Key", fmt.Sprint(i)).want(200).has("recorded", "true", "results.0.value", fmt.Sprintf("%d.%02d", i, i))
			h.get("viewer", "/api/v1/board").want(200)
		})
	}
	all.Wait()
	h.get("viewer", "/api/v1/figures?indicator=investment").want(200).has("figures.#", "24")
}

// A batch of the greatest size goes through in one request.
func TestPostMany(t *testing.T) {
	h := open(t)
	var b strings.Builder
	b.WriteString(`{"indicator":"nothing","period":"2026-05","rows":[`)
	for i := range 10_000 {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, `{"value":"%d.%02d"}`, i, i%100)
	}
	b.WriteString("]}")
	h.post("fagai", figures, b.String()).want(422).has("rejected", "10000", "results.9999.fault.code", "unknown_indicator")
}
