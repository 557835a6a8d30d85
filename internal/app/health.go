package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"
)

// healthz says that the process answers.
func healthz(w http.ResponseWriter, _ *http.Request) {
	writeState(w, http.StatusOK, map[string]any{"status": "ok"})
}

// readyz says whether requests can be served: the database answers, the picture
// holds all that is in its log, and the server is not stopping.
func (c *Core) readyz(stopping *atomic.Bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		last, err := c.DB.Last(ctx)
		shown := c.Board.Seq()
		state := map[string]any{"status": "ready", "change_log": last, "shown": shown}
		switch {
		case stopping.Load():
			state["status"] = "stopping"
		case err != nil:
			c.Log.Warn("readiness", "error", err) // the answer shows no internals
			state["status"] = "database unreachable"
		case shown < last:
			state["status"] = fmt.Sprintf("catching up with the change log: %d of %d", shown, last)
		default:
			writeState(w, http.StatusOK, state)
			return
		}
		writeState(w, http.StatusServiceUnavailable, state)
	}
}

func writeState(w http.ResponseWriter, status int, state map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(state) // the client may be gone
}
