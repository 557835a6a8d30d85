package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gorilla/mux"
	"github.com/klauspost/compress/gzhttp"

	"xushi/internal/access"
	"xushi/internal/demo"
	"xushi/internal/door"
	"xushi/internal/fault"
	"xushi/internal/httpapi"
	"xushi/internal/metrics"
	"xushi/internal/promapi"
	"xushi/internal/recent"
)

// Config is what a server needs to know.
type Config struct {
	Listen   string   // host:port
	DB       string   // sqlite:PATH or postgres://…; empty: a file in Data
	Data     string   // folder for the embedded database and the first token
	Plans    []string // ids of embedded plans or files, applied where they are not there yet
	Demo     bool     // simulated figures in a database of their own
	URL      string   // where people reach it, for links; empty: Listen
	Version  string
	Terminal bool // Out is a terminal: the first token is shown there only
	Out      io.Writer
	Clock    func() time.Time
	Log      *slog.Logger
	// Ready is called with the address once requests are answered; nil is fine.
	Ready func(net.Addr)
}

// How often a log that others may write to is looked at, and the bounds of a stop.
const (
	followEvery  = 250 * time.Millisecond
	longestSleep = time.Minute // between ticks: a suspended machine or a set clock is noticed by then
	stopWithin   = 15 * time.Second
)

// Database is the database that a configuration names. The folder of the
// embedded one is made where it is not there yet: fault data_folder.
func (c *Config) Database() (string, error) {
	if c.DB != "" {
		return c.DB, nil
	}
	return "sqlite:" + filepath.Join(c.Data, c.file()), c.makeData()
}

// Exists refuses a file of SQLite that is not there: fault no_database.
func (c *Config) Exists() error {
	path, ok := strings.CutPrefix(c.DB, "sqlite:")
	if c.DB != "" && !ok {
		return nil // a server answers for itself
	}
	if c.DB == "" {
		path = filepath.Join(c.Data, c.file())
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return nil // what is there is looked at when it is opened
	}
	return fault.Newf("no_database", "没有数据库 %[1]s；请检查 --db、--data、--demo，或先运行 xushi serve 或 xushi plan apply。",
		"There is no database %[1]s; check --db, --data and --demo, or run xushi serve or xushi plan apply first.", path)
}

// file is the name of the embedded database.
func (c *Config) file() string {
	if c.Demo {
		return "demo.db"
	}
	return "xushi.db"
}

// makeData makes the data folder.
func (c *Config) makeData() error {
	if err := os.MkdirAll(c.Data, 0o750); err != nil {
		return fault.Newf("data_folder", "无法建立数据目录 %[1]s：%[2]v。请换一个可写的目录（--data）。",
			"Cannot make the data folder %[1]s: %[2]v. Name a writable one (--data).", c.Data, cause(err))
	}
	return nil
}

// Serve runs a server until ctx ends, then stops it gracefully.
func Serve(ctx context.Context, cfg Config) error {
	if err := cfg.makeData(); err != nil {
		return err
	}
	dsn, err := cfg.Database()
	if err != nil {
		return err
	}
	address, err := cfg.address()
	if err != nil {
		return err
	}
	// The port comes first: where it is taken nothing else is touched.
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Listen)
	if err != nil {
		return listenFault(cfg.Listen, err)
	}
	defer func() { _ = listener.Close() }() // the server closes it first
	core, err := Open(ctx, dsn, cfg.Clock, cfg.Log)
	if err != nil {
		return err
	}
	defer func() {
		if err := core.Close(); err != nil {
			cfg.Log.Error("close the database", "error", err)
		}
	}()
	self := metrics.NewSelf(cfg.Version)
	core.Service.Observe(self.ObserveChanges)
	core.Service.Tell(self)
	core.Board.Tell(self)
	if err := core.prepare(ctx, &cfg); err != nil {
		return err
	}
	memory := recent.New(self.Write)
	var stopping atomic.Bool
	handler, err := core.routes(&cfg, address, self, memory, &stopping)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       60 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(cfg.Log.Handler(), slog.LevelWarn),
	}
	background, stop := context.WithCancel(ctx)
	defer stop()
	go core.Service.Follow(background, followEvery, func(err error) { cfg.Log.Warn("follow the change log", "error", err) })
	go core.tick(background)
	remember(background, memory, cfg.Log)

	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	cfg.Log.Info("listening", "address", listener.Addr().String(), "demo", cfg.Demo)
	if cfg.Ready != nil {
		cfg.Ready(listener.Addr())
	}
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	cfg.Log.Info("stopping")
	stopping.Store(true)
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	if err := server.Shutdown(bounded); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}

// prepare applies the plans, fills a demonstration and sees to a first token.
func (c *Core) prepare(ctx context.Context, cfg *Config) error {
	if err := c.KeepApart(ctx, cfg.Demo, "system:serve"); err != nil {
		return err
	}
	if err := c.applyPlans(ctx, cfg.Plans); err != nil {
		return err
	}
	if cfg.Demo {
		for _, p := range c.Board.Snapshot().Plans {
			if err := demo.Fill(ctx, c.Service, p.Plan, c.Clock()); err != nil {
				return fmt.Errorf("fill the demonstration: %w", err)
			}
		}
	}
	return c.firstToken(ctx, cfg)
}

// firstToken makes an administrator's token where there is none at all. It is
// shown on a terminal only; otherwise it goes to a file that only the owner can
// read, for a log is no place for a secret.
func (c *Core) firstToken(ctx context.Context, cfg *Config) error {
	if len(c.Directory.List()) > 0 {
		return nil
	}
	_, secret, err := c.Directory.Create(ctx, c.Service, "system:serve", access.Token{Name: "first", Role: access.Administrator}, c.Board)
	if err != nil {
		return err
	}
	if cfg.Terminal {
		_, err = fmt.Fprintf(cfg.Out, "\n首个令牌（管理员，只显示这一次）/ First token (administrator, shown this once):\n\n    %s\n\n", secret)
		return err
	}
	path := filepath.Join(cfg.Data, "first-token")
	if err := writeSecret(path, secret, c.Clock()); err != nil {
		return err
	}
	c.Log.Info("first token written", "file", path)
	return nil
}

// writeSecret writes a file that only its owner can read. A file that is there
// already is moved aside: it may be the only copy of another database's token.
func writeSecret(path, secret string, now time.Time) error {
	aside := path + now.Format("-20060102T150405.000")
	if err := os.Rename(path, aside); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("move %s aside: %w", path, err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the first token: %w", err)
	}
	if _, err := f.WriteString(secret + "\n"); err != nil {
		return errors.Join(fmt.Errorf("write the first token: %w", err), f.Close())
	}
	return f.Close()
}

// remember takes samples of the service's own telemetry, the first one at once.
func remember(ctx context.Context, memory *recent.Memory, log *slog.Logger) {
	record := func() {
		if err := memory.Record(time.Now()); err != nil {
			log.Warn("remember the telemetry", "error", err)
		}
	}
	record()
	go func() {
		next := time.NewTicker(recent.Every)
		defer next.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-next.C:
				record()
			}
		}
	}()
}

// meanings tell of the telemetry what metrics does.
func meanings() []promapi.Family {
	var list []promapi.Family
	for _, m := range metrics.Meanings() {
		list = append(list, promapi.Family{Name: m.Name, Type: m.Type, Help: m.Help})
	}
	return list
}

// tick re-judges what the passing of time changes.
func (c *Core) tick(ctx context.Context) {
	for {
		sleep := longestSleep
		if next := c.Board.Tick(); !next.IsZero() {
			sleep = min(sleep, max(next.Sub(c.Clock()), 0)+time.Millisecond)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(sleep):
		}
	}
}

// PromQL is where Prometheus's query API is: what a Grafana data source points to.
const PromQL = "/prometheus"

// routes puts the doors together.
func (c *Core) routes(cfg *Config, address string, self *metrics.Self, memory *recent.Memory, stopping *atomic.Bool) (http.Handler, error) {
	gate := &door.Gate{Directory: c.Directory, Refresh: c.Service.Refresh}
	api, err := httpapi.New(httpapi.Deps{
		Poster: c.Service, Board: c.Board, Directory: c.Directory, Archive: c.DB,
		Clock: c.Clock, Logger: cfg.Log, Version: cfg.Version, Demo: cfg.Demo, Observer: self,
		Gate: gate,
	})
	if err != nil {
		return nil, err
	}
	turns := promapi.NewTurns() // of both
	prometheus := promapi.New(PromQL, promapi.Deps{
		Source: promapi.NewReference(promapi.ReferenceConfig{Board: c.Board, Clock: c.Clock, Demo: cfg.Demo, URL: address}),
		Gate:   gate, Turns: turns, Clock: c.Clock, Logger: cfg.Log, Observer: self, Demo: cfg.Demo,
	})
	telemetry := promapi.New(PromQL+"/self", promapi.Deps{
		Source:   &promapi.Telemetry{Memory: memory, Meanings: meanings()},
		LookBack: 5 * time.Minute,
		Gate:     gate, Turns: turns, Clock: time.Now, Logger: cfg.Log, Observer: self, Demo: cfg.Demo,
	})
	gauges := metrics.NewHandler(c.Board, cfg.Demo)
	gauges.Rendered = self.ObserveRender
	self.Watch(c.Board)

	r := mux.NewRouter()
	for path, h := range map[string]http.Handler{
		"/":             index(cfg.Demo, cfg.Version),
		"/healthz":      http.HandlerFunc(healthz),
		"/readyz":       c.readyz(stopping),
		"/metrics":      gauges,
		"/metrics/self": self,
	} {
		r.Handle(path, readOnly(h))
	}
	r.PathPrefix(PromQL + "/self/").Handler(gzhttp.GzipHandler(headAsGet(telemetry)))
	r.PathPrefix(PromQL + "/").Handler(gzhttp.GzipHandler(headAsGet(prometheus)))
	r.PathPrefix("/").Handler(gzhttp.GzipHandler(headAsGet(api))) // the gauges keep their compressed form themselves
	return r, nil
}

// readOnly answers GET and HEAD only.
func readOnly(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "只能 GET 或 HEAD。 Only GET and HEAD.", http.StatusMethodNotAllowed)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// headAsGet has a HEAD answered like the GET; the server leaves the body out.
func headAsGet(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			r = r.Clone(r.Context())
			r.Method = http.MethodGet
		}
		h.ServeHTTP(w, r)
	})
}

func listenFault(address string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fault.Newf("port_in_use", "地址 %[1]s 已被占用；请停掉占用它的程序，或换一个（--listen）。",
			"Address %[1]s is in use; stop the program that uses it or choose another (--listen).", address)
	case errors.Is(err, syscall.EACCES):
		return fault.Newf("port_forbidden", "没有权限使用地址 %[1]s；1024 以下的端口需要权限，请换一个（--listen）。",
			"Address %[1]s may not be used; ports below 1024 need a privilege, choose another (--listen).", address)
	}
	return fault.Newf("listen", "无法在 %[1]s 上监听：%[2]v。请检查 --listen，形如 127.0.0.1:8080。",
		"Cannot listen on %[1]s: %[2]v. Check --listen; write it as 127.0.0.1:8080.", address, cause(err))
}

// cause is the innermost error, without the operation and path that the
// sentence around it already names.
func cause(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return strings.TrimSpace(err.Error())
		}
		err = inner
	}
}
