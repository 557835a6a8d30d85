package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
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
	PWFile string `name:"db-password-file" help:"File that holds the password for the PostgreSQL database. 写有数据库密码的文件" env:"XUSHI_DB_PASSWORD_FILE" placeholder:"FILE"`
	Data   string `help:"Folder for the embedded database and the first token. 数据目录" env:"XUSHI_DATA" default:"data" placeholder:"DIR"`
}

// dsn is the database named by the settings, "" for the default. Faults
// secret_file and password_file.
func (s *settings) dsn() (string, error) {
	dsn := s.DB
	if s.DBFile != "" {
		secret, err := readSecret(s.DBFile)
		if err != nil {
			return "", err
		}
		dsn = secret
	}
	if s.PWFile == "" {
		return dsn, nil
	}
	secret, err := readSecret(s.PWFile)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(dsn)
	if err != nil || u.User.Username() == "" || !strings.HasPrefix(u.Scheme, "postgres") {
		return "", fault.New("password_file", // the name is not shown: it may hold a secret
			"--db-password-file 只用于 PostgreSQL；请写 --db postgres://用户@主机:5432/库名。",
			"--db-password-file is for PostgreSQL; write --db postgres://USER@HOST:5432/DATABASE beside it.")
	}
	u.User = url.UserPassword(u.User.Username(), secret)
	return u.String(), nil
}

// readSecret is what a file holds, without the end of the line.
func readSecret(name string) (string, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return "", fault.Newf("secret_file", "无法读取 %[1]s：%[2]v。", "Cannot read %[1]s: %[2]v.", name, err)
	}
	return strings.TrimSpace(string(b)), nil
}

// serveCommand runs the server.
type serveCommand struct {
	settings
	Listen   string     `help:"Address to listen on. 监听地址" env:"XUSHI_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Plan     []string   `help:"Embedded plan or plan file to apply where it is not there yet. 计划" env:"XUSHI_PLAN" default:"gulou-2026" placeholder:"ID|FILE"`
	Demo     bool       `help:"Serve simulated figures from a database of their own. 演示数据" env:"XUSHI_DEMO"`
	URL      string     `help:"Address under which people reach the server, for links: https://xushi.example. 对外网址" env:"XUSHI_URL" placeholder:"URL"`
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
		Listen: c.Listen, DB: dsn, Data: c.Data, Plans: c.Plan, Demo: c.Demo, URL: c.URL,
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
