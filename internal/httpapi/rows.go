package httpapi

import (
	"strings"
	"time"
	"unicode/utf8"

	"xushi/internal/access"
	"xushi/internal/fault"
	"xushi/internal/figure"
)

// The members of what may be posted.

var figureShape = &shape[figure.Input]{
	name:    "FigureRow",
	spoil:   func(row *figure.Input, f *fault.Fault) { row.Fault = f },
	address: func(row *figure.Input) (figure.Address, bool) { return row.Address, row.Fault == nil },
	fields: []field[figure.Input]{
		text("plan", "Id of the plan; may be left out where only one plan has the indicator", func(r *figure.Input) *string { return &r.Plan }),
		text("indicator", "Id of the indicator, or plan/id", func(r *figure.Input) *string { return &r.Indicator }),
		text("series", "area/id, instead of an indicator", func(r *figure.Input) *string { return &r.Series }),
		text("part", "Id of the part; empty for the total", func(r *figure.Input) *string { return &r.Part }),
		text("period", "2026-05, 2026年5月, 1—5月, 2026-Q1, 一季度, 上半年, 全年", func(r *figure.Input) *string { return &r.Period }),
		amount("value", "Taken exactly as typed; up to 19 digits, no exponent, no thousands separators", func(r *figure.Input) *string { return &r.Value }),
		flag("void", "Take the figure back; with a reason and without a value", func(r *figure.Input) *bool { return &r.Void }),
		text("unit", "Default: the series' unit; a multiple of it such as 万元 for 亿元 is converted exactly", func(r *figure.Input) *string { return &r.Unit }),
		text("status", "A normal (default), P provisional, E estimated, F forecast of the year's end", func(r *figure.Input) *string { return (*string)(&r.Status) }),
		text("note", "Up to 2,000 characters", func(r *figure.Input) *string { return &r.Note }),
		text("reason", "Why it changed; up to 2,000 characters", func(r *figure.Input) *string { return &r.Reason }),
		moment("known_at", "When it became known, where that was in the past (补录)", func(r *figure.Input) **time.Time { return &r.KnownAt }),
		object("origin", "Where it was read from", originShape, func(r *figure.Input) *figure.Origin { return &r.Origin }),
	},
}

var originShape = &shape[figure.Origin]{fields: []field[figure.Origin]{
	text("file", "Name of the file", func(o *figure.Origin) *string { return &o.File }),
	text("sha256", "Its hash", func(o *figure.Origin) *string { return &o.Hash }),
	text("sheet", "Name of the sheet", func(o *figure.Origin) *string { return &o.Sheet }),
	text("cell", "Such as C4", func(o *figure.Origin) *string { return &o.Cell }),
}}

var entryShape = &shape[figure.EntryInput]{
	name:  "EntryRow",
	spoil: func(row *figure.EntryInput, f *fault.Fault) { row.Fault = f },
	address: func(row *figure.EntryInput) (figure.Address, bool) {
		return figure.Address{Plan: row.Plan, Indicator: row.Indicator}, row.Fault == nil
	},
	fields: []field[figure.EntryInput]{
		text("plan", "Id of the plan; may be left out where only one plan has the indicator", func(r *figure.EntryInput) *string { return &r.Plan }),
		text("indicator", "Id of the indicator, or plan/id", func(r *figure.EntryInput) *string { return &r.Indicator }),
		text("entry", "Id of the entry", func(r *figure.EntryInput) *string { return &r.Entry }),
		text("done", "Date, such as 2026-05-31; left out: open again", func(r *figure.EntryInput) *string { return &r.Done }),
		text("evidence", "Document, photo or file that shows it; needed for done", func(r *figure.EntryInput) *string { return &r.Evidence }),
		text("note", "Up to 2,000 characters", func(r *figure.EntryInput) *string { return &r.Note }),
		moment("known_at", "When it became known, where that was in the past (补录)", func(r *figure.EntryInput) **time.Time { return &r.KnownAt }),
	},
}

var accountShape = &shape[figure.AccountInput]{
	name:  "AccountRow",
	spoil: func(row *figure.AccountInput, f *fault.Fault) { row.Fault = f },
	address: func(row *figure.AccountInput) (figure.Address, bool) {
		return figure.Address{Plan: row.Plan, Indicator: row.Indicator}, row.Fault == nil
	},
	fields: []field[figure.AccountInput]{
		text("plan", "Id of the plan; may be left out where only one plan has the indicator", func(r *figure.AccountInput) *string { return &r.Plan }),
		text("indicator", "Id of the indicator, or plan/id", func(r *figure.AccountInput) *string { return &r.Indicator }),
		text("period", "Such as 一季度 or 2026-Q1", func(r *figure.AccountInput) *string { return &r.Period }),
		text("text", "The account, up to 8,000 characters", func(r *figure.AccountInput) *string { return &r.Text }),
		text("light", "on_track 正常推进, slightly_behind 需关注, behind 推进缓慢; set by supervisors", func(r *figure.AccountInput) *string { return &r.Light }),
		moment("known_at", "When it became known, where that was in the past (补录)", func(r *figure.AccountInput) **time.Time { return &r.KnownAt }),
	},
}

var tokenShape = &shape[access.Token]{
	name: "TokenRequest",
	fields: []field[access.Token]{
		text("name", "Whose it is or what for, up to 100 characters", func(t *access.Token) *string { return &t.Name }),
		text("role", "viewer, statistician, supervisor or administrator", func(t *access.Token) *string { return (*string)(&t.Role) }),
		text("organisation", "area/id that a statistician posts for", func(t *access.Token) *string { return &t.Organisation }),
		moment("expires", "When it ends by itself", func(t *access.Token) **time.Time { return &t.Expires }),
	},
}

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
