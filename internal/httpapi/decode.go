package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strconv"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"xushi/internal/fault"
	"xushi/internal/figure"
)

// Reading bodies strictly. Numbers keep the digits they were typed with; unknown
// members, wrong types and members that are given twice are refused; what is
// wrong in one row spoils that row alone, and says where it stands. null counts
// as left out.
//
// Faults of a row: wrong_type, unknown_field, duplicate_key, bad_time,
// text_encoding. Faults of the body: body_syntax, body_depth, text_encoding,
// too_many_rows.

// maxDepth is how deep values may nest; rows need three levels.
const maxDepth = 16

// shape says how rows of a type are read, and how they are described.
type shape[T any] struct {
	name   string // in the description
	fields []field[T]
	spoil  func(*T, *fault.Fault) // marks a row that cannot be taken

	// address is where a posted row belongs; false for one that could not be read.
	address func(*T) (figure.Address, bool)
}

// field is a member of a row.
type field[T any] struct {
	name   string
	doc    string
	schema huma.Schema
	read   func(*reader, *T) *fault.Fault
	copy   func(to, from *T) // for rows that leave it to the batch
}

// text reads a string member.
func text[T any](name, doc string, at func(*T) *string) field[T] {
	return field[T]{name, doc, huma.Schema{Type: huma.TypeString, Nullable: true},
		func(r *reader, row *T) *fault.Fault { return r.text(at(row)) },
		func(to, from *T) { *at(to) = *at(from) }}
}

// amount reads a decimal, a number or a string, with its digits as typed.
func amount[T any](name, doc string, at func(*T) *string) field[T] {
	return field[T]{name, doc, huma.Schema{OneOf: []*huma.Schema{
		{Type: huma.TypeNumber}, {Type: huma.TypeString, Nullable: true}}},
		func(r *reader, row *T) *fault.Fault { return r.decimal(at(row)) },
		func(to, from *T) { *at(to) = *at(from) }}
}

// flag reads true or false.
func flag[T any](name, doc string, at func(*T) *bool) field[T] {
	return field[T]{name, doc, huma.Schema{Type: huma.TypeBoolean, Nullable: true},
		func(r *reader, row *T) *fault.Fault { return r.flag(at(row)) },
		func(to, from *T) { *at(to) = *at(from) }}
}

// moment reads a time with its zone, RFC 3339.
func moment[T any](name, doc string, at func(*T) **time.Time) field[T] {
	return field[T]{name, doc, huma.Schema{Type: huma.TypeString, Format: "date-time", Nullable: true},
		func(r *reader, row *T) *fault.Fault { return r.moment(at(row)) },
		func(to, from *T) { *at(to) = *at(from) }}
}

// object reads members of its own.
func object[T, O any](name, doc string, s *shape[O], at func(*T) *O) field[T] {
	return field[T]{name, doc, huma.Schema{OneOf: []*huma.Schema{s.schema(), {Type: "null"}}},
		func(r *reader, row *T) *fault.Fault { return nested(r, s, name, at(row)) },
		func(to, from *T) { *at(to) = *at(from) }}
}

// schema describes a row.
func (s *shape[T]) schema() *huma.Schema {
	out := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, AdditionalProperties: false}
	for i := range s.fields {
		member := s.fields[i].schema
		member.Description = s.fields[i].doc
		out.Properties[s.fields[i].name] = &member
	}
	return out
}

// rowsOf reads one row, an array of rows, or an object with the array "rows" and
// beside it members that hold for every row that does not give its own.
func rowsOf[T any](body []byte, s *shape[T]) ([]T, *Problem) {
	r := newReader(body)
	rows, err := readRows(r, s)
	if err == nil {
		err = r.end()
	}
	if err != nil {
		return nil, r.problem(err)
	}
	return rows, nil
}

// oneOf reads one row; what is wrong in it is the problem.
func oneOf[T any](body []byte, s *shape[T]) (row T, p *Problem) {
	r := newReader(body)
	first, err := r.next()
	if err != nil {
		return row, r.problem(err)
	}
	_, f, err := readRow(r, s, first, &row, nil)
	if err == nil {
		err = r.end()
	}
	switch {
	case err != nil:
		return row, r.problem(err)
	case f != nil:
		return row, problemOf(f)
	}
	return row, nil
}

func readRows[T any](r *reader, s *shape[T]) ([]T, error) {
	first, err := r.next()
	if err != nil {
		return nil, err
	}
	if first == json.Delim('[') {
		rows, _, err := readArray(r, s)
		return rows, err
	}
	var (
		common T
		batch  bool
		rows   []T
		given  []uint64
	)
	own, f, err := readRow(r, s, first, &common, func() error {
		batch = true
		open, err := r.next()
		if err != nil {
			return err
		}
		if open != json.Delim('[') {
			return r.wrong("一个数组", "an array").At("rows")
		}
		rows, given, err = readArray(r, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !batch {
		if f != nil {
			s.spoil(&common, f)
		}
		return []T{common}, nil
	}
	if f != nil { // it would hold for every row
		return nil, f
	}
	for i := range rows {
		for k := range s.fields {
			if own&^given[i]&(1<<k) != 0 {
				s.fields[k].copy(&rows[i], &common)
			}
		}
	}
	return rows, nil
}

// readArray reads the rows of an array that has begun, and which members each gives.
func readArray[T any](r *reader, s *shape[T]) (rows []T, given []uint64, err error) {
	for r.more() {
		if len(rows) == figure.MaxRows {
			return nil, nil, fault.Newf("too_many_rows", "一次最多 %[1]d 行；请分批提交。",
				"At most %[1]d rows at a time; post them in several batches.", figure.MaxRows)
		}
		first, err := r.next()
		if err != nil {
			return nil, nil, err
		}
		var row T
		has, f, err := readRow(r, s, first, &row, nil)
		if err != nil {
			if bad := fault.As(err); bad != nil && bad.Row == nil {
				return nil, nil, bad.InRow(len(rows))
			}
			r.row = len(rows)
			return nil, nil, err
		}
		if f != nil {
			s.spoil(&row, f)
		}
		rows, given = append(rows, row), append(given, has)
	}
	_, err = r.next() // the closing bracket
	return rows, given, err
}

// readRow reads an object whose first token is given; fault is the first thing
// wrong with it. A member "rows" is handed to nested, where there is one.
func readRow[T any](r *reader, s *shape[T], first json.Token, row *T, nested func() error) (given uint64, bad *fault.Fault, err error) {
	if first != json.Delim('{') {
		f := r.wrong("一个对象", "an object")
		return 0, f, r.skip(first)
	}
	note := func(f *fault.Fault) {
		if bad == nil && f != nil {
			bad = f
		}
	}
	batch := false
	for r.more() {
		name, err := r.name()
		if err != nil {
			return 0, nil, err
		}
		if name == "rows" && nested != nil {
			if batch {
				return 0, nil, r.twice(name)
			}
			batch = true
			if err := nested(); err != nil {
				return 0, nil, err
			}
			continue
		}
		k := 0
		for k < len(s.fields) && s.fields[k].name != name {
			k++
		}
		switch {
		case k == len(s.fields):
			note(r.at(fault.Newf("unknown_field", "没有“%[1]s”这个字段。", "There is no field %[1]q.", fault.Clip(name, 60))).At(fault.Clip(name, 60)))
		case given&(1<<k) != 0:
			note(r.twice(name))
		default:
			f := s.fields[k].read(r, row)
			if r.err != nil {
				return 0, nil, r.err
			}
			if f != nil {
				if f.Field == "" {
					f = f.At(name)
				}
				note(f)
			}
			if !r.null {
				given |= 1 << k
			}
			continue
		}
		value, err := r.next()
		if err == nil {
			err = r.skip(value)
		}
		if err != nil {
			return 0, nil, err
		}
	}
	_, err = r.next() // the closing brace
	return given, bad, err
}

// reader walks through the tokens of a body.
type reader struct {
	body  []byte
	mark  int // length of the byte order mark that the body begins with
	json  *json.Decoder
	start int   // where the token that was read last begins
	lines []int // where the lines begin, found when first asked for
	depth int
	row   int   // where reading stopped; −1 outside of rows
	err   error // of the body, met while a field was read
	null  bool  // the field that was read last was null
}

// A body may begin with a byte order mark, as some editors write it; a parser may
// pass over it (RFC 8259, section 8.1).
const byteOrderMark = "\ufeff"

func newReader(body []byte) *reader {
	r := &reader{body: body, row: -1}
	if bytes.HasPrefix(body, []byte(byteOrderMark)) {
		r.mark = len(byteOrderMark)
	}
	r.json = json.NewDecoder(bytes.NewReader(body[r.mark:]))
	r.json.UseNumber()
	return r
}

// offset is the end of the token that was read last, in bytes of the body.
func (r *reader) offset() int { return r.mark + int(r.json.InputOffset()) }

var errDepth = errors.New("nested too deep")

// next gives the next token and minds the depth.
func (r *reader) next() (json.Token, error) {
	// The decoder tells where a token ends; it begins behind the white space, the
	// comma or colon that follow the one before.
	rest := r.body[r.offset():]
	r.start = len(r.body) - len(bytes.TrimLeft(rest, " \t\r\n,:"))
	t, err := r.json.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('{'), json.Delim('['):
		if r.depth++; r.depth > maxDepth {
			return nil, errDepth
		}
	case json.Delim('}'), json.Delim(']'):
		r.depth--
	}
	return t, nil
}

func (r *reader) more() bool { return r.json.More() }

// name reads the name of a member.
func (r *reader) name() (string, error) {
	t, err := r.next()
	name, _ := t.(string) // the decoder gives nothing else here
	return name, err
}

// skip passes over the rest of a value that has begun.
func (r *reader) skip(first json.Token) error {
	if first != json.Delim('{') && first != json.Delim('[') {
		return nil
	}
	for outside := r.depth - 1; r.depth > outside; {
		if _, err := r.next(); err != nil {
			return err
		}
	}
	return nil
}

var errMore = errors.New("there is more after the end")

// end sees to it that nothing follows.
func (r *reader) end() error {
	if r.stopped() < len(r.body) {
		return errMore
	}
	return nil
}

// stopped is where reading came to, white space passed over.
func (r *reader) stopped() int {
	return len(r.body) - len(bytes.TrimLeft(r.body[r.offset():], " \t\r\n"))
}

// broken is where the JSON goes wrong. The decoder's own offset leaves out
// brackets and commas; a second one tells how far the value was still right.
func (r *reader) broken() int {
	offset := r.stopped()
	var value json.RawMessage
	var syntax *json.SyntaxError
	if errors.As(json.NewDecoder(bytes.NewReader(r.body[offset:])).Decode(&value), &syntax) {
		offset += int(syntax.Offset) - 1
	}
	return min(offset, len(r.body))
}

// value reads the value of a field: a string, a number, a bool, nil, or a
// bracket that opens. It is false where the body itself is broken.
func (r *reader) value() (json.Token, bool) {
	t, err := r.next()
	r.err, r.null = err, t == nil
	return t, err == nil
}

// refuse passes over a value of the wrong type.
func (r *reader) refuse(t json.Token, zh, en string) *fault.Fault {
	f := r.wrong(zh, en)
	r.err = r.skip(t)
	return f
}

func (r *reader) text(to *string) *fault.Fault {
	t, ok := r.value()
	switch v := t.(type) {
	case nil:
	case string:
		*to = v
		return r.whole()
	default:
		if ok {
			return r.refuse(t, "字符串", "a string")
		}
	}
	return nil
}

// whole refuses the string just read where it has half of a surrogate pair, for
// which the decoder puts another character without a word.
func (r *reader) whole() *fault.Fault {
	if !halfPair(r.body[r.start:r.offset()]) {
		return nil
	}
	return r.at(fault.New("text_encoding", `文字里有半个代理对（如 \ud800），不成一个字符。`,
		`The text has half of a surrogate pair, such as \ud800, which is no character.`))
}

// halfPair tells whether a string, as JSON writes it, has half of a surrogate pair.
func halfPair(text []byte) bool {
	for {
		i := bytes.IndexByte(text, '\\')
		if i < 0 {
			return false
		}
		text = text[i:]
		first, ok := unit(text)
		if !ok {
			text = text[2:]
			continue
		}
		text = text[6:]
		if !utf16.IsSurrogate(first) {
			continue
		}
		second, _ := unit(text)
		if utf16.DecodeRune(first, second) == utf8.RuneError {
			return true
		}
		text = text[6:]
	}
}

// unit reads an escape of the form \u0000 at the start of a text.
func unit(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}

// decimal reads a number, or a string that holds one, with the digits as typed.
func (r *reader) decimal(to *string) *fault.Fault {
	t, ok := r.value()
	switch v := t.(type) {
	case nil:
	case string:
		*to = v
		return r.whole()
	case json.Number:
		*to = v.String()
	default:
		if ok {
			return r.refuse(t, "数或字符串", "a number or a string")
		}
	}
	return nil
}

func (r *reader) flag(to *bool) *fault.Fault {
	t, ok := r.value()
	switch v := t.(type) {
	case nil:
	case bool:
		*to = v
	default:
		if ok {
			return r.refuse(t, "true 或 false", "true or false")
		}
	}
	return nil
}

func (r *reader) moment(to **time.Time) *fault.Fault {
	var s string
	if f := r.text(&s); f != nil || s == "" {
		return f
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return r.at(fault.Newf("bad_time", "“%[1]s”不是带时区的时刻；请写 2026-06-05T17:30:00+08:00 这样的形式。",
			"%[1]q is not a moment with its zone; write it as 2026-06-05T17:30:00+08:00.", fault.Clip(s, 60)))
	}
	*to = &t
	return nil
}

// nested reads an object by a shape of its own.
func nested[T any](r *reader, s *shape[T], name string, to *T) *fault.Fault {
	t, ok := r.value()
	if t == nil || !ok {
		return nil
	}
	_, f, err := readRow(r, s, t, to, nil)
	r.err, r.null = err, false
	if f != nil && f.Field != "" {
		f = f.At(name + "." + f.Field)
	}
	return f
}

// wrong says that the value just read is of a wrong type.
func (r *reader) wrong(zh, en string) *fault.Fault {
	return r.at(fault.Newf("wrong_type", "这里应是%[1]s。", "This must be %[2]s.", zh, en))
}

func (r *reader) twice(name string) *fault.Fault {
	return r.at(fault.Newf("duplicate_key", "“%[1]s”写了两次。", "%[1]q is given twice.", fault.Clip(name, 60))).At(fault.Clip(name, 60))
}

// at notes the place: where what was read last begins.
func (r *reader) at(f *fault.Fault) *fault.Fault {
	line, column := r.position(r.start)
	return f.InFile("", line, column)
}

// position counts lines, and characters in the line, from 1.
func (r *reader) position(offset int) (line, column int) {
	if r.lines == nil {
		r.lines = []int{r.mark}
		for i, c := range r.body {
			if c == '\n' {
				r.lines = append(r.lines, i+1)
			}
		}
	}
	offset = max(r.mark, min(offset, len(r.body)))
	line = sort.SearchInts(r.lines, offset+1)
	return line, utf8.RuneCount(r.body[r.lines[line-1]:offset]) + 1
}

// problem words what is wrong with the body as a whole.
func (r *reader) problem(err error) *Problem {
	if f := fault.As(err); f != nil {
		return problemOf(f)
	}
	offset := int64(len(r.body))
	if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		offset = int64(r.broken())
	}
	line, column := r.position(int(offset))
	var f *fault.Fault
	switch {
	case errors.Is(err, errDepth):
		f = fault.Newf("body_depth", "请求体嵌套太深：最多 %[1]d 层。", "The body nests too deep: at most %[1]d levels.", maxDepth)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		f = fault.New("body_syntax", "JSON 没有写完。", "The JSON ends too early.")
	default:
		f = fault.New("body_syntax",
			fmt.Sprintf("第 %d 行第 %d 列起不是合法的 JSON（例如 NaN、多余的逗号或内容）。", line, column),
			fmt.Sprintf("From line %d, column %d on this is not JSON (NaN, a comma or text too many): %s.", line, column, err))
	}
	f = f.InFile("", line, column)
	if r.row >= 0 {
		f = f.InRow(r.row)
	}
	p := problemOf(f)
	p.Byte = &offset
	return p
}
