package figure

import (
	"context"
	"time"

	"xushi/internal/fault"
	"xushi/internal/period"
)

// EntryInput marks one checklist entry done, or, with Done empty, open again.
type EntryInput struct {
	Plan      string     `json:"plan,omitempty"`
	Indicator string     `json:"indicator"`
	Entry     string     `json:"entry"`
	Done      string     `json:"done,omitempty"`     // date, 2026-05-31
	Evidence  string     `json:"evidence,omitempty"` // needed for done: document, photo or file that shows it
	Note      string     `json:"note,omitempty"`
	KnownAt   *time.Time `json:"known_at,omitempty"`

	Fault *fault.Fault `json:"-"` // why it could not be read; such a row is rejected
}

// AccountInput is a written account of a standing task, its light, or both.
type AccountInput struct {
	Plan      string     `json:"plan,omitempty"`
	Indicator string     `json:"indicator"`
	Period    string     `json:"period"`
	Text      string     `json:"text,omitempty"`
	Light     string     `json:"light,omitempty"` // on_track 正常推进, slightly_behind 需关注, behind 推进缓慢
	KnownAt   *time.Time `json:"known_at,omitempty"`

	Fault *fault.Fault `json:"-"` // why it could not be read; such a row is rejected
}

// EventBatch is what one request posts of entries or accounts.
type EventBatch[T any] struct {
	Actor   string
	Rows    []T
	Partial bool
	DryRun  bool
	// Allow refuses a slot that the actor may not post to; nil allows all.
	Allow func(*EntrySlot, T) *fault.Fault
}

// maxText bounds a written account, in characters.
const maxText = 8_000

// PostEntries records what was done of checklists. Faults of rows: as of
// Picture.Entry; bad_date, done_future, done_range, known_at_early, evidence_missing, duplicate_row, texts.
func (s *Service) PostEntries(ctx context.Context, b EventBatch[EntryInput]) (*Report, error) {
	return postEvents(ctx, s, b, s.readEntry,
		func(events []EntryEvent) *Change { return &Change{Kind: Entries, Actor: b.Actor, Entries: events} })
}

// PostAccounts records accounts and lights of standing tasks. Faults of rows: as
// of Picture.Account; period faults, bad_light, account_empty, duplicate_row, texts.
func (s *Service) PostAccounts(ctx context.Context, b EventBatch[AccountInput]) (*Report, error) {
	return postEvents(ctx, s, b, s.readAccount,
		func(events []Account) *Change { return &Change{Kind: Accounts, Actor: b.Actor, Accounts: events} })
}

// postEvents is the common way of entries and accounts: read tells of one row
// what it would add and what becomes of it.
func postEvents[T, E any](ctx context.Context, s *Service, b EventBatch[T],
	read func(Picture, *T, func(*EntrySlot, T) *fault.Fault) (E, string, Result), change func([]E) *Change) (*Report, error) {
	switch {
	case len(b.Rows) == 0:
		return nil, fault.New("empty_batch", "没有数据行。", "There are no rows.")
	case len(b.Rows) > MaxRows:
		return nil, fault.Newf("too_many_rows", "一次最多 %[1]d 行，收到 %[2]d 行；请分批提交。",
			"At most %[1]d rows at a time, got %[2]d; post them in several batches.", MaxRows, len(b.Rows))
	}
	report := &Report{DryRun: b.DryRun}
	decide := func(p Picture) []E {
		report.Results = make([]Result, len(b.Rows))
		seen := make(map[string]int, len(b.Rows))
		var events []E
		for i := range b.Rows {
			event, key, res := read(p, &b.Rows[i], b.Allow)
			if res.Outcome != Rejected {
				if first, ok := seen[key]; ok {
					res.Outcome, res.Fault = Rejected, fault.Newf("duplicate_row", "与第 %[1]d 行重复；请只留一行。",
						"This repeats row %[1]d; keep one.", first)
				}
				seen[key] = i
			}
			res.Row = i
			if res.Outcome == Rejected {
				res.Fault = res.Fault.InRow(i)
			}
			report.Results[i] = res
			if res.Outcome == Created || res.Outcome == Updated {
				events = append(events, event)
			}
		}
		report.count()
		return events
	}
	if b.DryRun {
		decide(s.picture)
		return report, nil
	}
	recorded, err := s.submit(ctx, func(st *stage) (*Change, error) {
		// Earlier posts of the same commit group are not seen here; recording an
		// equal event twice is harmless, for the newest one counts.
		events := decide(st.Picture)
		if len(events) == 0 || (report.Rejected > 0 && !b.Partial) {
			return nil, nil
		}
		return change(events), nil
	})
	if err != nil {
		return nil, err
	}
	if recorded != nil {
		report.Recorded, report.Change = true, recorded.Seq
	}
	return report, nil
}

func (s *Service) readEntry(p Picture, in *EntryInput, allow func(*EntrySlot, EntryInput) *fault.Fault) (EntryEvent, string, Result) {
	if in.Fault != nil {
		return EntryEvent{}, "", Result{Outcome: Rejected, Fault: in.Fault}
	}
	known, f := knownAt(in.KnownAt, s.clock())
	if f != nil {
		return EntryEvent{}, "", Result{Outcome: Rejected, Fault: f}
	}
	slot, last, f := p.Entry(in.Plan, in.Indicator, in.Entry, known)
	if f == nil && allow != nil {
		f = allow(slot, *in)
	}
	var event EntryEvent
	if f == nil {
		event, f = s.entryEvent(slot, in, known)
	}
	if f != nil {
		return event, "", Result{Outcome: Rejected, Fault: f}
	}
	res := Result{Outcome: Created, Series: slot.Plan + "/" + slot.Indicator, Part: slot.Entry, Value: in.Done}
	if last != nil && last.Done != nil {
		res.Outcome, res.Old = Updated, last.Done.String()
	}
	switch {
	case event.Done == nil && (last == nil || last.Done == nil),
		event.Done != nil && last != nil && last.Done != nil && *last.Done == *event.Done &&
			last.Evidence == event.Evidence && (event.Note == "" || event.Note == last.Note):
		res.Outcome = Unchanged
	}
	return event, event.Plan + "\x00" + event.Indicator + "\x00" + event.Entry, res
}

func (s *Service) entryEvent(slot *EntrySlot, in *EntryInput, known time.Time) (EntryEvent, *fault.Fault) {
	event := EntryEvent{Plan: slot.Plan, Indicator: slot.Indicator, Entry: slot.Entry, Evidence: in.Evidence, Note: in.Note, KnownAt: known}
	if f := CheckText("note", in.Note, maxNote); f != nil {
		return event, f
	}
	if f := CheckText("evidence", in.Evidence, maxNote); f != nil {
		return event, f
	}
	if in.Done == "" {
		return event, nil
	}
	done, err := period.ParseDate(in.Done)
	if err != nil {
		return event, fault.Newf("bad_date", "%[1]q 不是日期；请写 2026-05-31 这样的形式。",
			"%[1]q is not a date; write it as 2026-05-31.", in.Done).At("done")
	}
	if done > period.DateOf(s.clock(), slot.Zone) {
		return event, fault.Newf("done_future", "完成日期 %[1]s 还没有到。", "The date done, %[1]s, is yet to come.", done).At("done")
	}
	if done.Year() < slot.Year-1 || done.Year() > slot.Year+1 {
		return event, fault.Newf("done_range", "完成日期 %[1]s 与 %[2]d 年的计划对不上；请核对年份。",
			"The date done, %[1]s, does not fit a plan of %[2]d; check the year.", done, slot.Year).At("done")
	}
	if f := knownEarly(event.KnownAt, done, slot.Zone); f != nil {
		return event, f
	}
	if in.Evidence == "" {
		return event, fault.New("evidence_missing", "办结要有依据：请写文件号、照片或材料名称（evidence）。",
			"An entry is done with evidence: name the document, photo or file.").At("evidence")
	}
	event.Done = &done
	return event, nil
}

func (s *Service) readAccount(p Picture, in *AccountInput, allow func(*EntrySlot, AccountInput) *fault.Fault) (Account, string, Result) {
	reject := func(f *fault.Fault) (Account, string, Result) {
		return Account{}, "", Result{Outcome: Rejected, Fault: f}
	}
	if in.Fault != nil {
		return reject(in.Fault)
	}
	slot, _, f := p.Account(in.Plan, in.Indicator, period.Period{}, time.Time{})
	if f != nil {
		return reject(f)
	}
	if allow != nil {
		if f := allow(slot, *in); f != nil {
			return reject(f)
		}
	}
	now := s.clock()
	account := Account{Plan: slot.Plan, Indicator: slot.Indicator, Text: in.Text, Light: in.Light}
	if account.KnownAt, f = knownAt(in.KnownAt, now); f != nil {
		return reject(f)
	}
	if f = CheckText("text", in.Text, maxText); f != nil {
		return reject(f)
	}
	switch in.Light {
	case "", "on_track", "slightly_behind", "behind":
	default:
		return reject(fault.Newf("bad_light", "%[1]q 不是常态推进类的灯；可用 on_track（正常推进）、slightly_behind（需关注）、behind（推进缓慢）。",
			"%[1]q is no light of a standing task; use on_track, slightly_behind or behind.", in.Light).At("light"))
	}
	if in.Text == "" && in.Light == "" {
		return reject(fault.New("account_empty", "请写推进情况（text）或定灯（light）。", "Write an account (text) or set a light.").At("text"))
	}
	place := &Slot{Span: AccountSpan(slot.Rhythm), Rhythms: []period.Rhythm{slot.Rhythm}, Year: slot.Year, First: slot.Year, Last: slot.Year, Zone: slot.Zone}
	if account.Period, f = place.period(in.Period, Normal, now); f != nil {
		return reject(f.At("period"))
	}
	_, last, f := p.Account(slot.Plan, slot.Indicator, account.Period, account.KnownAt)
	if f != nil {
		return reject(f)
	}
	res := Result{Outcome: Created, Series: slot.Plan + "/" + slot.Indicator, Period: account.Period.String()}
	if last != nil {
		res.Outcome = Updated
		if (in.Text == "" || in.Text == last.Text) && (in.Light == "" || in.Light == last.Light) {
			res.Outcome = Unchanged
		}
	}
	return account, slot.Plan + "\x00" + slot.Indicator + "\x00" + account.Period.String(), res
}

// AccountSpan is what an account of a rhythm covers: the second quarter's
// account is about April to June, not about the half year.
func AccountSpan(r period.Rhythm) period.Span {
	switch r {
	case period.Quarterly:
		return period.SpanQuarter
	case period.HalfYearly:
		return period.SpanHalf
	case period.Yearly:
		return period.SpanYear
	default:
		return period.SpanMonth
	}
}
