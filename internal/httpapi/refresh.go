package httpapi

import (
	"context"
	"sync"
	"time"

	"xushi/internal/access"
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

// find gives the valid token of a secret, nil where there is none. One that
// another process has just made is in the log and may not be in the directory
// yet, so that the log is looked at before anybody is turned away.
func (a *api) find(ctx context.Context, secret string) *access.Token {
	token := a.Directory.Find(secret)
	if token != nil || a.Refresh == nil {
		return token
	}
	a.refresh.look(ctx, a.Refresh)
	return a.Directory.Find(secret)
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
