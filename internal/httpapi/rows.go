package httpapi

import (
	"strings"
	"time"
	"unicode/utf8"

	"xushi/internal/access"
	"xushi/internal/fault"
	"xushi/internal/figure"
)

// The members of the rows that may be posted; docs/api.md tells what they mean.

var figureShape = &shape[figure.Input]{
	spoil: func(row *figure.Input, f *fault.Fault) { row.Fault = f },
	fields: []field[figure.Input]{
		text("plan", func(r *figure.Input) *string { return &r.Plan }),
		text("indicator", func(r *figure.Input) *string { return &r.Indicator }),
		text("series", func(r *figure.Input) *string { return &r.Series }),
		text("part", func(r *figure.Input) *string { return &r.Part }),
		text("period", func(r *figure.Input) *string { return &r.Period }),
		{"value",
			func(d *reader, r *figure.Input) *fault.Fault { return d.decimal(&r.Value) },
			func(to, from *figure.Input) { to.Value = from.Value }},
		{"void",
			func(d *reader, r *figure.Input) *fault.Fault { return d.flag(&r.Void) },
			func(to, from *figure.Input) { to.Void = from.Void }},
		text("unit", func(r *figure.Input) *string { return &r.Unit }),
		text("status", func(r *figure.Input) *string { return (*string)(&r.Status) }),
		text("note", func(r *figure.Input) *string { return &r.Note }),
		text("reason", func(r *figure.Input) *string { return &r.Reason }),
		moment("known_at", func(r *figure.Input) **time.Time { return &r.KnownAt }),
		{"origin",
			func(d *reader, r *figure.Input) *fault.Fault { return nested(d, originShape, "origin", &r.Origin) },
			func(to, from *figure.Input) { to.Origin = from.Origin }},
	},
}

var originShape = &shape[figure.Origin]{fields: []field[figure.Origin]{
	text("file", func(o *figure.Origin) *string { return &o.File }),
	text("sha256", func(o *figure.Origin) *string { return &o.Hash }),
	text("sheet", func(o *figure.Origin) *string { return &o.Sheet }),
	text("cell", func(o *figure.Origin) *string { return &o.Cell }),
}}

var entryShape = &shape[figure.EntryInput]{
	spoil: func(row *figure.EntryInput, f *fault.Fault) { row.Fault = f },
	fields: []field[figure.EntryInput]{
		text("plan", func(r *figure.EntryInput) *string { return &r.Plan }),
		text("indicator", func(r *figure.EntryInput) *string { return &r.Indicator }),
		text("entry", func(r *figure.EntryInput) *string { return &r.Entry }),
		text("done", func(r *figure.EntryInput) *string { return &r.Done }),
		text("evidence", func(r *figure.EntryInput) *string { return &r.Evidence }),
		text("note", func(r *figure.EntryInput) *string { return &r.Note }),
		moment("known_at", func(r *figure.EntryInput) **time.Time { return &r.KnownAt }),
	},
}

var accountShape = &shape[figure.AccountInput]{
	spoil: func(row *figure.AccountInput, f *fault.Fault) { row.Fault = f },
	fields: []field[figure.AccountInput]{
		text("plan", func(r *figure.AccountInput) *string { return &r.Plan }),
		text("indicator", func(r *figure.AccountInput) *string { return &r.Indicator }),
		text("period", func(r *figure.AccountInput) *string { return &r.Period }),
		text("text", func(r *figure.AccountInput) *string { return &r.Text }),
		text("light", func(r *figure.AccountInput) *string { return &r.Light }),
		moment("known_at", func(r *figure.AccountInput) **time.Time { return &r.KnownAt }),
	},
}

var tokenShape = &shape[access.Token]{fields: []field[access.Token]{
	text("name", func(t *access.Token) *string { return &t.Name }),
	text("role", func(t *access.Token) *string { return (*string)(&t.Role) }),
	text("organisation", func(t *access.Token) *string { return &t.Organisation }),
	moment("expires", func(t *access.Token) **time.Time { return &t.Expires }),
}}

// The decoder mends bytes that are no UTF-8 without a word; the body must be
// looked at before. A fault text_encoding says where it stops being text.
func checkEncoding(body []byte) *Problem {
	if utf8.Valid(body) {
		return nil
	}
	at := 0
	for at < len(body) {
		c, n := utf8.DecodeRune(body[at:])
		if c == utf8.RuneError && n == 1 {
			break
		}
		at += n
	}
	line, column := newReader(body).position(at)
	offset := int64(at)
	p := problemOf(fault.New("text_encoding", "请求体不是 UTF-8 编码。", "The body is not UTF-8.").InFile("", line, column))
	p.Byte = &offset
	return p
}

// splitList reads a comma list; nothing gives none.
func splitList(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}
