package figure

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/govalues/decimal"

	"xushi/internal/exact"
	"xushi/internal/fault"
	"xushi/internal/period"
)

// Limits on one post.
const (
	MaxRows = 10_000 // rows in one batch
	maxNote = 2_000  // characters in a note or reason
	maxName = 256    // characters in a file name, sheet or cell
)

// Input is one row as a client posts it.
type Input struct {
	Address
	Period  string     `json:"period"`           // any notation of package period
	Value   string     `json:"value"`            // a decimal as typed
	Void    bool       `json:"void,omitempty"`   // take the figure back; Value is empty and Reason given
	Unit    string     `json:"unit,omitempty"`   // default: the series' unit; a multiple of it is converted
	Status  ObsStatus  `json:"status,omitempty"` // default A
	Note    string     `json:"note,omitempty"`
	Reason  string     `json:"reason,omitempty"`
	KnownAt *time.Time `json:"known_at,omitempty"` // past moment it became known (补录)
	Origin  Origin     `json:"origin,omitzero"`

	Fault *fault.Fault `json:"-"` // why it could not be read; such a row is rejected
}

// Batch is what one request posts.
type Batch struct {
	Actor   string
	Rows    []Input
	Partial bool // record the good rows although others are rejected; default: all or none
	DryRun  bool // say what would happen and record nothing
	Receipt *Receipt
	// Allow refuses a slot that the actor may not post to; nil allows all.
	Allow func(*Slot) *fault.Fault
}

// Outcome is what became of a row.
type Outcome string

// The outcomes.
const (
	Created   Outcome = "created"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged"
	Rejected  Outcome = "rejected"
)

// Result is what became of one row, with the place it went to where that could
// be read.
type Result struct {
	Row     int          `json:"row"` // index in the batch, from 0
	Outcome Outcome      `json:"outcome"`
	Series  string       `json:"series,omitempty"`
	Part    string       `json:"part,omitempty"`
	Period  string       `json:"period,omitempty"`
	Value   string       `json:"value,omitempty"` // as recorded, in the series' unit
	Old     string       `json:"old,omitempty"`   // the value before
	Fault   *fault.Fault `json:"fault,omitempty"` // why it was rejected
}

// Report is the answer to a batch.
type Report struct {
	DryRun    bool     `json:"dry_run"`
	Recorded  bool     `json:"recorded"`         // whether anything was written
	Change    int64    `json:"change,omitempty"` // sequence number in the change log
	Replayed  bool     `json:"replayed"`         // the answer to an earlier request with the same idempotency key
	Created   int      `json:"created"`
	Updated   int      `json:"updated"`
	Unchanged int      `json:"unchanged"`
	Rejected  int      `json:"rejected"`
	Results   []Result `json:"results"`
}

func (r *Report) count() {
	r.Created, r.Updated, r.Unchanged, r.Rejected = 0, 0, 0, 0
	for i := range r.Results {
		switch r.Results[i].Outcome {
		case Created:
			r.Created++
		case Updated:
			r.Updated++
		case Unchanged:
			r.Unchanged++
		case Rejected:
			r.Rejected++
		}
	}
}

// Post records figures. Rows that cannot be taken are rejected in the report,
// each with its reason; unless the batch is partial nothing is recorded then.
// The error is for a batch that could not be looked at as a whole (too_many_rows,
// empty_batch, idempotency_key_reused, text faults of the key) or recorded.
func (s *Service) Post(ctx context.Context, b Batch) (*Report, error) {
	switch {
	case len(b.Rows) == 0:
		return nil, fault.New("empty_batch", "没有数据行。", "There are no rows.")
	case len(b.Rows) > MaxRows:
		return nil, fault.Newf("too_many_rows", "一次最多 %[1]d 行，收到 %[2]d 行；请分批提交。",
			"At most %[1]d rows at a time, got %[2]d; post them in several batches.", MaxRows, len(b.Rows))
	}
	if b.Receipt != nil {
		if f := CheckText("idempotency_key", b.Receipt.Key, maxName); f != nil {
			return nil, f
		}
	}
	plans := s.picture.Plans()
	rows, report := s.read(&b)
	if b.DryRun {
		decide(&stage{Picture: s.picture}, rows, report)
		return report, nil
	}
	var replay *Receipt
	_, err := s.submit(ctx, func(st *stage) (*Change, error) {
		if b.Receipt != nil {
			earlier, err := st.recall(b.Actor, b.Receipt.Key)
			if err != nil {
				return nil, err
			}
			if earlier != nil {
				if f := checkReceipt(earlier, b.Receipt); f != nil {
					return nil, f
				}
				replay = earlier
				return nil, nil
			}
		}
		if st.Plans() != plans { // a plan was applied since the rows were read
			rows, report = s.read(&b)
		}
		revisions := decide(st, rows, report)
		if len(revisions) == 0 || (report.Rejected > 0 && !b.Partial) {
			return nil, nil
		}
		change := &Change{Kind: Figures, Actor: b.Actor, Figures: revisions}
		report.Recorded, report.Change = true, st.next()
		if b.Receipt != nil {
			change.Receipt = b.Receipt
			answer, err := json.Marshal(report)
			if err != nil {
				return nil, fmt.Errorf("keep the answer: %w", err)
			}
			b.Receipt.Answer = answer
		}
		return change, nil
	})
	if err != nil {
		return nil, err
	}
	if replay != nil {
		report = &Report{}
		if err := json.Unmarshal(replay.Answer, report); err != nil {
			return nil, fmt.Errorf("read the kept answer: %w", err)
		}
		report.Replayed = true
		return report, nil
	}
	for _, o := range [...]struct {
		outcome Outcome
		rows    int
	}{{Created, report.Created}, {Updated, report.Updated}, {Unchanged, report.Unchanged}, {Rejected, report.Rejected}} {
		s.telemetry.ObservePost(string(o.outcome), o.rows)
	}
	return report, nil
}

// row is an input that was read: its place and its revision to be, or its fault.
type row struct {
	revision Revision
	fault    *fault.Fault
}

// read turns inputs into revisions-to-be, without regard to what is there.
func (s *Service) read(b *Batch) ([]row, *Report) {
	now := s.clock()
	rows := make([]row, len(b.Rows))
	report := &Report{DryRun: b.DryRun, Results: make([]Result, len(b.Rows))}
	seen := make(map[Place]int, len(b.Rows))
	for i := range b.Rows {
		r := &rows[i]
		r.fault = s.readRow(&b.Rows[i], b.Allow, now, &r.revision)
		if r.fault == nil {
			if first, ok := seen[r.revision.Place()]; ok {
				r.fault = fault.Newf("duplicate_row", "与第 %[1]d 行是同一个数（同一序列、分项、时期）；请只留一行。",
					"This is the same figure as row %[1]d (same series, part and period); keep one.", first)
			} else {
				seen[r.revision.Place()] = i
			}
		}
		if r.fault != nil {
			r.fault = r.fault.InRow(i)
		}
	}
	return rows, report
}

func (s *Service) readRow(in *Input, allow func(*Slot) *fault.Fault, now time.Time, out *Revision) *fault.Fault {
	if in.Fault != nil {
		return in.Fault
	}
	slot, f := s.picture.Slot(in.Address)
	if f != nil {
		return f
	}
	out.Series, out.Part = slot.Series, slot.Part
	if allow != nil {
		if f := allow(slot); f != nil {
			return f
		}
	}
	if f := checkTexts(in); f != nil {
		return f
	}
	switch in.Status {
	case "":
		out.Status = Normal
	case Normal, Provisional, Estimated, Forecast:
		out.Status = in.Status
	default:
		return fault.Newf("bad_status", "观测状态 %[1]q 不认识；可用 A（正常）、P（快报）、E（估计）、F（全年预计）。",
			"Observation status %[1]q is unknown; use A (normal), P (provisional), E (estimated) or F (forecast of the year's end).", string(in.Status)).At("status")
	}
	if out.Period, f = slot.period(in.Period, out.Status, now); f != nil {
		return f.At("period")
	}
	if out.KnownAt, f = knownAt(in.KnownAt, now); f == nil && out.Status != Forecast {
		f = knownEarly(out.KnownAt, out.Period.Last(), slot.Zone)
	}
	if f != nil {
		return f
	}
	out.Note, out.Reason, out.Origin = in.Note, in.Reason, in.Origin
	if in.Void {
		if in.Reason == "" || in.Value != "" {
			return fault.New("void_needs_reason", "撤销一个数要写明原因（reason），并且不带 value。",
				"Taking a figure back needs a reason and no value.").At("reason")
		}
		out.Void = true
		return nil
	}
	if out.Value, f = slot.value(in.Value, in.Unit); f != nil {
		return f
	}
	return nil
}

func checkTexts(in *Input) *fault.Fault {
	for _, t := range [...]struct {
		field, text string
		most        int
	}{
		{"note", in.Note, maxNote}, {"reason", in.Reason, maxNote},
		{"origin.file", in.Origin.File, maxName}, {"origin.sha256", in.Origin.Hash, maxName},
		{"origin.sheet", in.Origin.Sheet, maxName}, {"origin.cell", in.Origin.Cell, maxName},
	} {
		if f := CheckText(t.field, t.text, t.most); f != nil {
			return f
		}
	}
	return nil
}

// CheckText refuses a text that is too long, not UTF-8, or holds the NUL
// character, which PostgreSQL cannot store (faults text_too_long, text_encoding).
func CheckText(field, text string, most int) *fault.Fault {
	if len(text) > most && utf8.RuneCountInString(text) > most {
		return fault.Newf("text_too_long", "文字太长：最多 %[1]d 个字。", "The text is too long: at most %[1]d characters.", most).At(field)
	}
	if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
		return fault.New("text_encoding", "文字必须是 UTF-8，且不含空字符。", "The text must be UTF-8 without NUL characters.").At(field)
	}
	return nil
}

// knownAt reads a moment in the past; zero means when it is recorded.
func knownAt(t *time.Time, now time.Time) (time.Time, *fault.Fault) {
	if t == nil {
		return time.Time{}, nil
	}
	if t.After(now) || t.Year() < 1900 {
		return time.Time{}, fault.New("known_at_future", "known_at 必须是过去的时刻。", "known_at must be a moment in the past.").At("known_at")
	}
	return t.UTC().Truncate(time.Microsecond), nil
}

// knownEarly refuses a moment at which nothing could be known of a time yet: fault
// known_at_early. last is its last day; the zero moment is now.
func knownEarly(t time.Time, last period.Date, zone *time.Location) *fault.Fault {
	if t.IsZero() || !t.Before(last.Start(zone)) {
		return nil
	}
	return fault.Newf("known_at_early", "known_at 早于 %[1]s，那时还不可能知道这个数。",
		"known_at is before %[1]s; this could not be known then.", last).At("known_at")
}

// period reads the notation of a period of the slot and holds it against the
// calendar: faults period_missing, period_unreadable, period_span, period_rhythm,
// period_outside, period_future.
func (s *Slot) period(text string, status ObsStatus, now time.Time) (period.Period, *fault.Fault) {
	if text == "" || len(s.Rhythms) == 0 {
		return period.Period{}, fault.New("period_missing", "没有写时期（period），例如 2026-05。", "The period is missing; write for example 2026-05.")
	}
	var (
		p   period.Period
		err error
	)
	for _, rhythm := range s.Rhythms { // several where indicators of different rhythms read the series
		if p, err = rhythm.Parse(text, s.Span, s.Year); err == nil {
			break
		}
	}
	if err != nil {
		return p, fault.Of(err, "period_unreadable")
	}
	if year := p.End.Year(); year < s.First || year > s.Last {
		return p, fault.Newf("period_outside", "时期 %[1]s 不在可填报的年份 %[2]d—%[3]d 之内。",
			"Period %[1]s lies outside the years %[2]d to %[3]d that can be posted to.", p, s.First, s.Last)
	}
	if status != Forecast && p.Last() > period.DateOf(now, s.Zone) {
		if s.Definition == nil { // a written account
			return p, fault.Newf("period_future", "时期 %[1]s 要到 %[2]s 才结束，还不能报送。",
				"Period %[1]s ends on %[2]s and cannot be reported yet.", p, p.Last())
		}
		return p, fault.Newf("period_future", "时期 %[1]s 要到 %[2]s 才结束，还不能填报；预计数请用状态 F。",
			"Period %[1]s ends on %[2]s and cannot be reported yet; use status F for a forecast.", p, p.Last())
	}
	return p, nil
}

// value reads a decimal of the slot's unit and precision: faults value_missing,
// value_unreadable, value_digits, unit_mismatch, precision.
func (s *Slot) value(text, unit string) (decimal.Decimal, *fault.Fault) {
	if text == "" {
		return decimal.Decimal{}, fault.New("value_missing", "没有写数值；没有发生请写 0。", "The value is missing; write 0 where nothing happened.").At("value")
	}
	v, err := exact.ParseDecimal(text)
	if err != nil {
		return v, fault.Of(err, "number_form").At("value")
	}
	if unit != "" && unit != s.Definition.Unit {
		var f *fault.Fault
		if v, f = convert(v, unit, s.Definition.Unit); f != nil {
			return v, f.At("unit")
		}
	}
	if s.Step.Sign() > 0 && !exact.FromDecimal(v).IsMultiple(s.Step) {
		return v, fault.Newf("precision", "%[1]s %[2]s 比这个序列的精度更细：只收 %[3]s 的整数倍。",
			"%[1]s %[2]s is finer than the series' precision: it takes multiples of %[3]s.", v, s.Definition.Unit, s.Definition.Step).At("value")
	}
	return v, nil
}

// decide holds the rows against what is there at their moment of knowledge,
// fills in the report, and returns the revisions that would be recorded.
func decide(st *stage, rows []row, report *Report) []Revision {
	revisions := make([]Revision, 0, len(rows))
	for i := range rows {
		r, res := &rows[i], &report.Results[i]
		*res = Result{Row: i, Series: r.revision.Series, Part: r.revision.Part}
		if r.fault != nil {
			res.Outcome, res.Fault = Rejected, r.fault
			continue
		}
		res.Period = r.revision.Period.String()
		res.Value = r.revision.valueText()
		head := st.head(r.revision.Place(), r.revision.KnownAt)
		switch {
		case head == nil || head.Void:
			if r.revision.Void {
				res.Outcome = Unchanged
				continue
			}
			res.Outcome = Created
		case same(head, &r.revision):
			res.Outcome, res.Old = Unchanged, head.valueText()
			continue
		default:
			res.Outcome, res.Old = Updated, head.valueText()
		}
		revisions = append(revisions, r.revision)
	}
	report.count()
	return revisions
}

// same tells whether posting next over head would change nothing that counts.
func same(head, next *Revision) bool {
	return head.Void == next.Void && head.Status == next.Status &&
		(next.Void || head.Value.Cmp(next.Value) == 0) &&
		(next.Note == "" || next.Note == head.Note)
}
