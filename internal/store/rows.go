package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/govalues/decimal"
	"github.com/jackc/pgx/v5/pgtype"

	"xushi/internal/fault"
	"xushi/internal/figure"
	"xushi/internal/period"
	"xushi/internal/plan"
)

// How the domain's values stand in columns.

var noValue decimal.Decimal

// exact is a figure's value on its way into a column that keeps its digits as
// typed, 1.50 with its zero: a text in SQLite, a numeric in PostgreSQL.
type exact struct{ r *figure.Revision }

// Value implements driver.Valuer.
func (x exact) Value() (driver.Value, error) {
	if x.r.Void {
		return nil, nil
	}
	return x.r.Value.String(), nil
}

// NumericValue implements pgtype.NumericValuer.
func (x exact) NumericValue() (pgtype.Numeric, error) {
	if x.r.Void {
		return pgtype.Numeric{}, nil
	}
	n := new(big.Int).SetUint64(x.r.Value.Coef())
	if x.r.Value.IsNeg() {
		n.Neg(n)
	}
	return pgtype.Numeric{Int: n, Exp: -int32(x.r.Value.Scale()), Valid: true}, nil
}

// yearMonth writes a month as yyyymm, which people can read in a query.
func yearMonth(m period.Month) int64 { return int64(m.Year()*100 + int(m.Of())) }

func readPeriod(end int64, span string) (p period.Period, err error) {
	if month := end % 100; end < 0 || month < 1 || month > 12 {
		return p, fmt.Errorf("%d is not a month of the form yyyymm", end)
	}
	p.End = period.NewMonth(int(end/100), time.Month(end%100))
	if span != "" {
		p.Span, err = period.ParseSpan(span)
	}
	return p, err
}

func readTime(micro int64) time.Time { return time.UnixMicro(micro).UTC() }

func readPlan(v *figure.PlanVersion) (*plan.Plan, error) {
	p := new(plan.Plan)
	if err := json.Unmarshal(v.Document, p); err != nil {
		return nil, fmt.Errorf("document of plan %s: %w", v.ID, err)
	}
	return p, nil
}

// The functions below fill in a row's values in the order of its table's columns.

func changeValues(c *figure.Change, v []any) {
	items := len(c.Figures) + len(c.Entries) + len(c.Accounts)
	if c.Plan != nil {
		items++
	}
	v[0], v[1], v[2], v[3], v[4], v[5], v[6] = c.Seq, c.RecordedAt.UnixMicro(), string(c.Kind), c.Actor,
		string(c.Detail), int64(items), c.Hash[:]
}

func figureValues(r *figure.Revision, series int64, v []any) {
	v[0], v[1], v[2], v[3] = r.Seq, int64(r.Item), series, r.Part
	v[4], v[5], v[6], v[7] = yearMonth(r.Period.End), r.Period.Span.String(), exact{r}, string(r.Status)
	v[8], v[9], v[10] = r.KnownAt.UnixMicro(), r.Note, r.Reason
	v[11], v[12], v[13], v[14] = r.Origin.File, r.Origin.Hash, r.Origin.Sheet, r.Origin.Cell
}

func entryValues(e *figure.EntryEvent, v []any) {
	done := ""
	if e.Done != nil {
		done = e.Done.String()
	}
	v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8] = e.Seq, int64(e.Item), e.Plan, e.Indicator, e.Entry,
		done, e.Evidence, e.Note, e.KnownAt.UnixMicro()
}

func accountValues(a *figure.Account, v []any) {
	v[0], v[1], v[2], v[3] = a.Seq, int64(a.Item), a.Plan, a.Indicator
	v[4], v[5] = yearMonth(a.Period.End), a.Period.Span.String()
	v[6], v[7], v[8] = a.Text, a.Light, a.KnownAt.UnixMicro()
}

func planValues(c *figure.Change, v []any) {
	v[0], v[1], v[2], v[3] = c.Seq, c.Plan.ID, c.Plan.KnownAt.UnixMicro(), string(c.Plan.Document)
}

func receiptValues(c *figure.Change, v []any) {
	r := c.Receipt
	v[0], v[1], v[2], v[3], v[4], v[5] = c.Actor, r.Key, r.Request[:], notNil(r.Answer), c.Seq, c.RecordedAt.UnixMicro()
}

func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// checkChange refuses what could not be read back as it was sealed, the same
// for both databases: PostgreSQL takes no zero byte, SQLite would.
func checkChange(c *figure.Change) error {
	var bad error
	row := -1
	text := func(field, s string) {
		if bad != nil || (utf8.ValidString(s) && strings.IndexByte(s, 0) < 0) {
			return
		}
		f := fault.New("text_invalid",
			"文字不是有效的 UTF-8，或含有零字节；请改正后再报。",
			"The text is not valid UTF-8 or holds a zero byte; mend it and post again.").At(field)
		if row >= 0 {
			f = f.InRow(row)
		}
		bad = f
	}
	span := func(field string, p period.Period) {
		if y := p.End.Year(); bad == nil && (p.End < 0 || y > 9999 || p.Span > period.SpanYTD) {
			bad = fmt.Errorf("%s %d: %v is not a period", field, row, p)
		}
	}
	text("kind", string(c.Kind))
	text("actor", c.Actor)
	text("detail", string(c.Detail))
	for i := range c.Figures {
		r := &c.Figures[i]
		row = i
		text("series", r.Series)
		text("part", r.Part)
		span("figure", r.Period)
		text("status", string(r.Status))
		text("note", r.Note)
		text("reason", r.Reason)
		text("origin.file", r.Origin.File)
		text("origin.sha256", r.Origin.Hash)
		text("origin.sheet", r.Origin.Sheet)
		text("origin.cell", r.Origin.Cell)
	}
	for i := range c.Entries {
		e := &c.Entries[i]
		row = i
		text("plan", e.Plan)
		text("indicator", e.Indicator)
		text("entry", e.Entry)
		text("evidence", e.Evidence)
		text("note", e.Note)
		if e.Done != nil && bad == nil {
			if _, err := period.ParseDate(e.Done.String()); err != nil {
				bad = fmt.Errorf("entry %d: %w", i, err)
			}
		}
	}
	for i := range c.Accounts {
		a := &c.Accounts[i]
		row = i
		text("plan", a.Plan)
		text("indicator", a.Indicator)
		span("account", a.Period)
		text("text", a.Text)
		text("light", a.Light)
	}
	row = -1
	if c.Plan != nil {
		text("plan", c.Plan.ID)
		text("document", string(c.Plan.Document))
	}
	if c.Receipt != nil {
		text("idempotency_key", c.Receipt.Key)
	}
	return bad
}
