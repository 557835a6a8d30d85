package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"xushi/internal/fault"
)

// healthCommand asks the server on this machine for /readyz, for containers that
// have no shell and no curl.
type healthCommand struct {
	Listen string        `help:"Address the server listens on. 监听地址" env:"XUSHI_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Wait   time.Duration `help:"How long to go on asking until it is ready, such as 30s. 最多等待多久"`
}

// How long an answer may take, and how often one that waits asks.
const (
	healthTimeout = 3 * time.Second
	healthEvery   = 200 * time.Millisecond
)

// Run prints ready. Faults not_answering and not_ready.
func (c *healthCommand) Run(ctx context.Context, std Streams) error {
	for end := time.Now().Add(c.Wait); ; {
		err := ready(ctx, reachable(c.Listen))
		if err == nil {
			_, err = fmt.Fprintln(std.Out, "ready")
			return err
		}
		if time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(healthEvery):
		}
	}
}

// ready asks once. Faults not_answering and not_ready.
func ready(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	silent := fault.Newf("not_answering", "%[1]s 没有序时服务应答。", "No Xushi answers at %[1]s.", address)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", nil)
	if err != nil {
		return silent
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // and no proxy: it is this machine
	res, err := client.Do(req)
	if err != nil {
		return silent
	}
	defer func() { _ = res.Body.Close() }() // only read from
	var state struct{ Status string }
	if err := json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(&state); err != nil || state.Status == "" {
		return silent
	}
	if res.StatusCode != http.StatusOK {
		return fault.Newf("not_ready", "服务尚未就绪（%[1]s）。", "The server is not ready (%[1]s).", state.Status)
	}
	return nil
}

// reachable is the address under which a listener is found from its own machine.
func reachable(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	switch host {
	case "", "0.0.0.0":
		host = "127.0.0.1"
	case "::":
		host = "::1"
	}
	return net.JoinHostPort(host, port)
}
