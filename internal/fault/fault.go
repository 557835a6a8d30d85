// Package fault is the one form in which Xushi says that something is wrong
// with what it was given: a stable code for programs, a sentence in Chinese and
// in English for people, and the place (file, line, row, cell, field).
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Fault is an error about input. It says what is wrong and what to do about
// it. Codes are snake_case, never change once published, and are listed in
// docs/api.md. Anything that is not a Fault is an internal error, and its text
// is not shown to a client.
type Fault struct {
	Code string `json:"code"`       // stable name of the kind of error, such as period_span
	Zh   string `json:"message_zh"` // sentence in Chinese
	En   string `json:"message_en"` // sentence in English
	Place
}

// Place tells where the fault is; empty members do not apply.
type Place struct {
	File  string `json:"file,omitempty"`
	Line  int    `json:"line,omitempty"`   // from 1
	Col   int    `json:"column,omitempty"` // from 1
	Row   *int   `json:"row,omitempty"`    // index of the row in a batch, from 0
	Sheet string `json:"sheet,omitempty"`
	Cell  string `json:"cell,omitempty"`
	Field string `json:"field,omitempty"` // name or path of the field, such as value or tasks[3].text
}

// New makes a fault. zh and en are complete sentences.
func New(code, zh, en string) *Fault { return &Fault{Code: code, Zh: zh, En: en} }

// Newf makes a fault whose two sentences share the same arguments; use indexed
// verbs (%[1]s) where the languages order them differently.
func Newf(code, zh, en string, args ...any) *Fault {
	return &Fault{Code: code, Zh: fmt.Sprintf(zh, args...), En: fmt.Sprintf(en, args...)}
}

// At returns a copy of f that names the field.
func (f Fault) At(field string) *Fault { f.Field = field; return &f }

// InFile returns a copy of f that names a file and the position in it.
func (f Fault) InFile(file string, line, col int) *Fault {
	f.File, f.Line, f.Col = file, line, col
	return &f
}

// InRow returns a copy of f that names the row of a batch, from 0.
func (f Fault) InRow(row int) *Fault { f.Row = &row; return &f }

// Error gives the place, the sentence in Chinese and in English, and the code on
// one line.
func (f *Fault) Error() string { return f.Text("") }

// Text is Error with a severity, such as warning, behind the position, as editors
// and people read it: plan.yaml:12:9: warning: 中文。 English. [code]. The field is
// named only where there is no file to look into.
func (f *Fault) Text(severity string) string {
	var b strings.Builder
	if f.File != "" {
		b.WriteString(f.File)
		if f.Line > 0 {
			fmt.Fprintf(&b, ":%d", f.Line)
			if f.Col > 0 {
				fmt.Fprintf(&b, ":%d", f.Col)
			}
		}
		b.WriteString(": ")
	}
	if severity != "" {
		b.WriteString(severity + ": ")
	}
	if f.Row != nil {
		fmt.Fprintf(&b, "row %d: ", *f.Row)
	}
	if f.Field != "" && f.File == "" {
		b.WriteString(f.Field + ": ")
	}
	if f.Zh != "" && f.Zh != f.En {
		b.WriteString(f.Zh + " ")
	}
	b.WriteString(f.En)
	if f.Code != "" {
		b.WriteString(" [" + f.Code + "]")
	}
	return b.String()
}

// As returns the fault in err's chain, or nil where there is none.
func As(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// Of returns the fault in err's chain, or makes one of its text under a code:
// for errors that are about input although their package knows no faults.
func Of(err error, code string) *Fault {
	if f := As(err); f != nil {
		return f
	}
	return New(code, err.Error(), err.Error())
}

// List is several faults, in the order they were found.
type List []*Fault

// Error gives one fault a line.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, f := range l {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// All returns the faults in err's chain, a List or one; nil where there is none.
func All(err error) List {
	var list List
	if errors.As(err, &list) {
		return list
	}
	if f := As(err); f != nil {
		return List{f}
	}
	return nil
}

// Err returns l as an error, or nil where it is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}
