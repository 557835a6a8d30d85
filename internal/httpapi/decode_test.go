package httpapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"xushi/internal/figure"
)

// FuzzRows holds the strict reader against the plain one: what it takes is JSON,
// its rows say the same, its digits are those that were typed, and what it
// refuses it refuses at a place within the body.
func FuzzRows(f *testing.F) {
	for _, seed := range []string{
		`{"indicator":"gdp","period":"2026-03","value":4.80}`,
		`[{"series":"gulou/gdp","value":"73.90","part":"","void":false,"status":"P"}, {"void":true,"reason":"误填"}]`,
		`{"plan":"p","rows":[{"value":-0.10,"origin":{"file":"a.xlsx","cell":"C4"}},{"value":1e3}],"period":"一季度"}`,
		`{"value":NaN}`, `[{"value":1,"value":2}]`, `[{"known_at":"2026-01-01T00:00:00+08:00"}]`, `{"a":{"b":[1,{"c":null}]}}`,
		`[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]`, `{"rows":[]} {}`, "\xef\xbb\xbf[]", `{"note":"\ud800"}`, `{"note":"\ud83d\ude00\\ud800"}`, `{"note":"\udc00\ud800\u0041"}`, `{"rows":7}`, `[1,"a",null,true]`, ``, `{"value":1`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if p := checkEncoding(body); p != nil {
			if utf8.Valid(body) || int(*p.Byte) >= len(body) {
				t.Fatalf("%q: %v", body, p)
			}
			return
		}
		rows, p := rowsOf(body, figureShape)
		if p != nil {
			if p.Status < 400 || p.Status > 499 || p.Zh == "" || p.En == "" || p.Line > bytes.Count(body, []byte("\n"))+1 ||
				p.Byte != nil && (*p.Byte < 0 || *p.Byte > int64(len(body))) {
				t.Fatalf("%q: %+v", body, p)
			}
			if p.Code == "body_syntax" && json.Valid(bytes.TrimPrefix(body, []byte(byteOrderMark))) {
				t.Fatalf("%q is JSON", body)
			}
			return
		}
		body = bytes.TrimPrefix(body, []byte(byteOrderMark))
		if !json.Valid(body) || len(rows) > figure.MaxRows {
			t.Fatalf("%q was taken", body)
		}
		for i := range rows {
			if rows[i].Fault != nil && (rows[i].Fault.Line < 1 || rows[i].Fault.Col < 1) {
				t.Fatalf("%q: row %d: no place in %+v", body, i, rows[i].Fault)
			}
		}
		compare(t, body, rows)
	})
}

// compare reads the body loosely and looks whether the rows say the same.
func compare(t *testing.T, body []byte, rows []figure.Input) {
	var plain any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&plain); err != nil {
		t.Fatal(err)
	}
	list := []any{plain}
	common := map[string]any{}
	switch v := plain.(type) {
	case []any:
		list = v
	case map[string]any:
		if batch, ok := v["rows"].([]any); ok {
			list, common = batch, v
		}
	}
	if len(list) != len(rows) {
		t.Fatalf("%q: %d rows, want %d", body, len(rows), len(list))
	}
	for i, v := range list {
		if rows[i].Fault != nil {
			continue
		}
		row := v.(map[string]any)
		for name, got := range map[string]string{"value": rows[i].Value, "period": rows[i].Period, "note": rows[i].Note, "indicator": rows[i].Indicator} {
			want := row[name]
			if want == nil {
				want = common[name]
			}
			if want == nil {
				want = ""
			}
			if got != fmt.Sprint(want) {
				t.Fatalf("%q: row %d: %s is %q, want %v", body, i, name, got, want)
			}
		}
	}
}

func BenchmarkRows(b *testing.B) {
	row := `{"plan":"gulou-2026","indicator":"investment","part":"","period":"2026-05","value":73.90,"note":"快报"}`
	body := []byte("[" + strings.Repeat(row+",\n", figure.MaxRows-1) + row + "]")
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, p := rowsOf(body, figureShape); p != nil {
			b.Fatal(p)
		}
	}
}
