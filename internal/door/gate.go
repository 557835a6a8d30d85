package door

import (
	"context"
	"strings"
	"sync"
	"time"

	"xushi/internal/access"
	"xushi/internal/fault"
)

const (
	// refreshPause is the least time between two looks at the log for the sake of
	// tokens that nobody knows: guessing must not keep the database busy.
	refreshPause = 100 * time.Millisecond
	refreshTime  = time.Second // for a look; the database may be slow
)

// refreshing is the one look at the log that requests with unknown tokens share.
type refreshing struct {
	mu    sync.Mutex
	began time.Time // the newest look
}

// Gate lets those in who carry a valid token.
type Gate struct {
	Directory *access.Directory
	// Refresh takes in what other processes have recorded; nil where there are none.
	Refresh func(ctx context.Context) error

	refresh refreshing
}

// bearer is the scheme of an Authorization header that names a token.
const bearer = "bearer"

// Admit gives the valid token of an Authorization header, and notes who it is.
// Faults token_missing, token_unknown: an expired or revoked token is as unknown
// as one that never was. challenge is what a refusal says in WWW-Authenticate.
func (g *Gate) Admit(ctx context.Context, authorization string) (token *access.Token, challenge string, refused *fault.Fault) {
	scheme, secret, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, bearer) || secret == "" {
		return nil, `Bearer realm="xushi"`, fault.New("token_missing", "请带上令牌：Authorization: Bearer <令牌>。",
			"Send a token: Authorization: Bearer TOKEN.")
	}
	if token = g.find(ctx, strings.TrimSpace(secret)); token == nil {
		return nil, `Bearer realm="xushi", error="invalid_token"`,
			fault.New("token_unknown", "令牌无效、已过期或已撤销。", "The token is not valid, has expired or was revoked.")
	}
	Of(ctx).Actor = token.Actor()
	return token, "", nil
}

// find gives the valid token of a secret, nil where there is none. One that
// another process has just made is in the log and may not be in the directory
// yet, so that the log is looked at before anybody is turned away.
func (g *Gate) find(ctx context.Context, secret string) *access.Token {
	token := g.Directory.Find(secret)
	if token != nil || g.Refresh == nil {
		return token
	}
	g.refresh.look(ctx, g.Refresh)
	return g.Directory.Find(secret)
}

// look returns after a look that began later than the call: what was recorded
// before the request came is seen, whoever had the look made.
func (r *refreshing) look(ctx context.Context, refresh func(context.Context) error) {
	asked := time.Now() // durations, not moments: the injected clock does not matter here
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.began.After(asked) {
		return
	}
	time.Sleep(time.Until(r.began.Add(refreshPause)))
	r.began = time.Now()
	// It is made for all who wait, even if this one goes away.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refreshTime)
	defer cancel()
	// Where it fails the token stays unknown; who follows the log tells why.
	_ = refresh(ctx)
}
