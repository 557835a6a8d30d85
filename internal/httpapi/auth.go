package httpapi

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"xushi/internal/access"
	"xushi/internal/board"
	"xushi/internal/fault"
)

// bearer names the security scheme.
const bearer = "bearer"

type tokenKey struct{}

// tokenOf gives the token of an authenticated request.
func tokenOf(ctx context.Context) *access.Token {
	t, _ := ctx.Value(tokenKey{}).(*access.Token)
	return t
}

// authenticate lets only those in who carry a valid token.
func (a *api) authenticate(ctx huma.Context, next func(huma.Context)) {
	token, challenge, refused := a.Gate.Admit(ctx.Context(), ctx.Header("Authorization"))
	if refused != nil {
		ctx.SetHeader("WWW-Authenticate", challenge)
		a.refuse(ctx, refused)
		return
	}
	next(huma.WithValue(ctx, tokenKey{}, token))
}

// refuse answers before any handler is asked.
func (a *api) refuse(ctx huma.Context, f *fault.Fault) {
	p := problemOf(f)
	_ = huma.WriteErr(a.huma, ctx, p.Status, "", p) // the client may be gone
}

// need refuses a token whose role does not include another; what says in both
// languages what it wants to do.
func need(ctx context.Context, role access.Role) error {
	if t := tokenOf(ctx); !t.Covers(role) {
		return fault.Newf("forbidden", "这个令牌（%[1]s）无权这样做；需要 %[2]s。",
			"This token (%[1]s) may not do this; it takes the role %[2]s.", t.Role, role)
	}
	return nil
}

// eyes see what a request's token may see, at one moment: the present, even
// where the past is asked for.
type eyes struct {
	a     *api
	token *access.Token
}

func (a *api) eyes(ctx context.Context) eyes { return eyes{a, tokenOf(ctx)} }

// indicator tells whether the token may see an indicator.
func (e eyes) indicator(ind *board.Indicator) bool {
	return e.token.Sees(e.a.Board.Snapshot(), ind, e.a.Clock())
}

// item is indicator for an item of a snapshot.
func (e eyes) item(it *board.Item) bool { return e.indicator(it.Indicator) }

// series tells whether the token may see the figures of a series: it sees an
// indicator that reads it. Numerators and denominators that an indicator reads
// by themselves go by that one. What no plan reads supervisors see.
func (e eyes) series(key string) bool {
	readers := e.a.Board.Readers(key)
	direct, seen, seenDirect := false, false, false
	for _, ind := range readers {
		sees := e.indicator(ind)
		seen = seen || sees
		if ind.Key == key {
			direct, seenDirect = true, seenDirect || sees
		}
	}
	switch {
	case direct:
		return seenDirect
	case len(readers) > 0:
		return seen
	}
	return e.token.Covers(access.Supervisor)
}
