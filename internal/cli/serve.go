package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"xushi/internal/app"
	"xushi/internal/fault"
)

// settings are shared by the commands that open a database.
type settings struct {
	DB     string `help:"Database: sqlite:PATH or postgres://… (default: a file in the data folder). 数据库" env:"XUSHI_DB" xor:"db" placeholder:"DSN"`
	DBFile string `name:"db-file" help:"File that holds the database's name, for one with a password. 写有数据库名的文件" env:"XUSHI_DB_FILE" xor:"db" placeholder:"FILE"`
	Data   string `help:"Folder for the embedded database and the first token. 数据目录" env:"XUSHI_DATA" default:"data" placeholder:"DIR"`
}

// dsn is the database named by the settings, "" for the default.
func (s *settings) dsn() (string, error) {
	if s.DBFile == "" {
		return s.DB, nil
	}
	b, err := os.ReadFile(s.DBFile)
	if err != nil {
		return "", fault.Newf("secret_file", "无法读取 %[1]s：%[2]v。", "Cannot read %[1]s: %[2]v.", s.DBFile, err)
	}
	return strings.TrimSpace(string(b)), nil
}

// serveCommand runs the server.
type serveCommand struct {
	settings
	Listen   string     `help:"Address to listen on. 监听地址" env:"XUSHI_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Plan     []string   `help:"Embedded plan or plan file to apply where it is not there yet. 计划" env:"XUSHI_PLAN" default:"gulou-2026" placeholder:"ID|FILE"`
	Demo     bool       `help:"Serve simulated figures from a database of their own. 演示数据" env:"XUSHI_DEMO"`
	LogLevel slog.Level `help:"debug, info, warn or error. 日志级别" env:"XUSHI_LOG_LEVEL" default:"info"`
	LogJSON  bool       `name:"log-json" help:"Write the log as JSON lines." env:"XUSHI_LOG_JSON"`
}

// Run serves until the process is told to stop.
func (c *serveCommand) Run(ctx context.Context, std Streams) error {
	dsn, err := c.dsn()
	if err != nil {
		return err
	}
	var handler slog.Handler = slog.NewTextHandler(std.Err, &slog.HandlerOptions{Level: c.LogLevel})
	if c.LogJSON {
		handler = slog.NewJSONHandler(std.Err, &slog.HandlerOptions{Level: c.LogLevel})
	}
	return app.Serve(ctx, app.Config{
		Listen: c.Listen, DB: dsn, Data: c.Data, Plans: c.Plan, Demo: c.Demo,
		Version: app.Version(), Terminal: isTerminal(std.Out), Out: std.Out, Clock: time.Now, Log: slog.New(handler),
		Ready: func(a net.Addr) {
			if c.Demo {
				_, _ = fmt.Fprintf(std.Out, "序时 演示数据 / Xushi, simulated figures: http://%s/\n", a)
			}
		},
	})
}

// isTerminal tells whether a person reads the stream.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
