package httpapi_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xushi/internal/access"
	"xushi/internal/board"
	"xushi/internal/figure"
	"xushi/internal/httpapi"
)

// A token that another process has just made is good at once.
func TestTokenOfAnotherProcess(t *testing.T) {
	h := open(t, func(d *httpapi.Deps) { d.Gate.Refresh = d.Poster.(*figure.Service).Refresh })
	other := figure.NewService(h.db, board.New(h.clock.Now, nil), h.clock.Now)
	if err := other.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	directory := access.NewDirectory(h.clock.Now)
	for range 3 { // also shortly after another look at the log
		_, secret, err := directory.Create(t.Context(), other, "test", access.Token{Name: "n", Role: access.Viewer}, h.board)
		if err != nil {
			t.Fatal(err)
		}
		h.secrets["new"] = secret
		h.get("new", "/api/v1/board").want(200)
	}
}

// Many who guess share one look at the log in 100 ms; those who are known need none.
func TestGuesses(t *testing.T) {
	var looks atomic.Int64
	h := open(t, func(d *httpapi.Deps) {
		d.Gate.Refresh = func(context.Context) error { looks.Add(1); return errors.New("the database is away") }
	})
	h.get("viewer", "/api/v1/board").want(200)
	if n := looks.Load(); n != 0 {
		t.Errorf("%d looks for a token that is known", n)
	}
	began := time.Now()
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			for range 3 {
				h.raw("", "GET", "/api/v1/board", "", "Authorization", "Bearer xushi_nothing").want(401).has("code", "token_unknown")
			}
		})
	}
	all.Wait()
	if n, most := looks.Load(), int64(time.Since(began)/(100*time.Millisecond))+1; n < 1 || n > most {
		t.Errorf("%d looks, at most %d", n, most)
	}
}
