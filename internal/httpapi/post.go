package httpapi

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"

	"xushi/internal/access"
	"xushi/internal/board"
	"xushi/internal/door"
	"xushi/internal/fault"
	"xushi/internal/figure"
)

// PostParams are the parameters of everything that posts rows.
type PostParams struct {
	DryRun bool `query:"dry_run" doc:"Say what would happen and record nothing"`
	Atomic bool `query:"atomic" default:"true" doc:"All rows or none; false records the good rows and rejects the others"`
}

type postFiguresInput struct {
	PostParams
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"The same request with the same key is recorded once and gets the same answer"`
	JSONBody
}

type postRowsInput struct {
	PostParams
	JSONBody
}

// PostAnswer says what became of the rows. Where all-or-none was asked and rows
// were rejected it is a problem, too (422), and has a problem's members.
type PostAnswer struct {
	Type      string `json:"type,omitempty"`
	Title     string `json:"title,omitempty"`
	Status    int    `json:"status,omitempty"`
	Detail    string `json:"detail,omitempty"`
	Instance  string `json:"instance,omitempty"`
	Code      string `json:"code,omitempty" doc:"rows_rejected"`
	MessageZh string `json:"message_zh,omitempty"`
	MessageEn string `json:"message_en,omitempty"`
	figure.Report
	Demo bool `json:"demo,omitempty" doc:"The figures here are simulated"`
}

type postOutput struct {
	Status      int
	ContentType string `header:"Content-Type" hidden:"true"`
	Body        PostAnswer
}

func (a *api) postFigures(ctx context.Context, in *postFiguresInput) (*postOutput, error) {
	rows, err := readBatch(ctx, a, in.bytes, figureShape)
	if err != nil {
		return nil, err
	}
	token := tokenOf(ctx)
	b := figure.Batch{Actor: token.Actor(), Rows: rows, Partial: !in.Atomic, DryRun: in.DryRun,
		Allow: func(s *figure.Slot) *fault.Fault { return token.MayPost(s.Organisations) }}
	if in.Key != "" && !in.DryRun {
		if f := figure.CheckText("Idempotency-Key", in.Key, 200); f != nil {
			return nil, f
		}
		b.Receipt = &figure.Receipt{Key: in.Key, Request: requestHash("POST /api/v1/figures", in.Atomic, in.bytes)}
	}
	report, err := a.Poster.Post(ctx, b)
	return a.posted(ctx, report, in.PostParams, err)
}

func (a *api) postEntries(ctx context.Context, in *postRowsInput) (*postOutput, error) {
	rows, err := readBatch(ctx, a, in.bytes, entryShape)
	if err != nil {
		return nil, err
	}
	token := tokenOf(ctx)
	report, err := a.Poster.PostEntries(ctx, figure.EventBatch[figure.EntryInput]{
		Actor: token.Actor(), Rows: rows, Partial: !in.Atomic, DryRun: in.DryRun,
		Allow: func(s *figure.EntrySlot, _ figure.EntryInput) *fault.Fault { return token.MayPost(s.Organisations) },
	})
	return a.posted(ctx, report, in.PostParams, err)
}

func (a *api) postAccounts(ctx context.Context, in *postRowsInput) (*postOutput, error) {
	rows, err := readBatch(ctx, a, in.bytes, accountShape)
	if err != nil {
		return nil, err
	}
	token := tokenOf(ctx)
	report, err := a.Poster.PostAccounts(ctx, figure.EventBatch[figure.AccountInput]{
		Actor: token.Actor(), Rows: rows, Partial: !in.Atomic, DryRun: in.DryRun,
		Allow: func(s *figure.EntrySlot, row figure.AccountInput) *fault.Fault {
			if row.Light != "" && !token.Covers(access.Supervisor) {
				return fault.New("forbidden", "灯由督查部门定（supervisor）；请只报书面进展。",
					"Lights are set by the supervision office (role supervisor); post the account alone.").At("light")
			}
			return token.MayPost(s.Organisations)
		},
	})
	return a.posted(ctx, report, in.PostParams, err)
}

// readBatch reads the rows of one who may post at all. What the token may not see
// is answered as what is not there.
func readBatch[T any](ctx context.Context, a *api, body []byte, s *shape[T]) ([]T, error) {
	if err := need(ctx, access.Statistician); err != nil {
		return nil, err
	}
	if p := checkEncoding(body); p != nil {
		return nil, p
	}
	rows, p := rowsOf(body, s)
	if p != nil {
		return nil, p
	}
	see := a.eyes(ctx)
	for i := range rows {
		to, read := s.address(&rows[i])
		if !read {
			continue
		}
		if f := see.hidden(to.Plan, to.Indicator, to.Series); f != nil {
			s.spoil(&rows[i], f)
		}
	}
	return rows, nil
}

// hidden answers for what the token may not see as for what is not there.
func (e eyes) hidden(planID, indicator, series string) *fault.Fault {
	if indicator == "" {
		if series != "" && len(e.a.Board.Readers(series)) > 0 && !e.series(series) {
			return board.UnknownSeries(series)
		}
		return nil
	}
	ind, f := e.a.Board.Find(planID, indicator)
	if f == nil && !e.indicator(ind) {
		return board.UnknownIndicator(ind.ID)
	}
	return nil
}

// requestHash tells requests apart that carry one idempotency key.
func requestHash(route string, atomic bool, body []byte) [sha256.Size]byte {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%s\natomic=%t\n", route, atomic) // a hash never fails
	h.Write(body)
	return [sha256.Size]byte(h.Sum(nil))
}

// posted answers with the report: 200, or 422 where all-or-none was asked and
// rows were rejected.
func (a *api) posted(ctx context.Context, report *figure.Report, params PostParams, err error) (*postOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &postOutput{Status: http.StatusOK, Body: PostAnswer{Report: *report, Demo: a.Demo}}
	if report.Rejected > 0 && params.Atomic {
		were := "rows were"
		if report.Rejected == 1 {
			were = "row was"
		}
		p := problemOf(fault.Newf("rows_rejected", "有 %[1]d 行未被接受，全部未写入；原因见 results。",
			"%[1]d %[2]s rejected, so nothing was recorded; results tells why.", report.Rejected, were))
		out.Status, out.ContentType = p.Status, problemJSON
		out.Body.Type, out.Body.Title, out.Body.Status, out.Body.Detail = p.Type, p.Title, p.Status, p.Detail
		out.Body.Code, out.Body.MessageZh, out.Body.MessageEn = p.Code, p.Zh, p.En
		out.Body.Instance = "urn:xushi:request:" + door.Of(ctx).ID
	}
	return out, nil
}
