// Package cli is the command line of xushi: one file for each sub-command.
package cli

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"xushi/internal/app"
	"xushi/internal/fault"
)

// Streams are the standard streams of a command.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// commands is the whole command line.
type commands struct {
	Config  configFlag       `help:"Settings file: YAML with the flags' names as keys. 设置文件" env:"XUSHI_CONFIG" placeholder:"FILE"`
	Version kong.VersionFlag `help:"Print the program's version. 版本"`

	Serve   serveCommand   `cmd:"" help:"Run the server. 启动服务"`
	Plan    planCommands   `cmd:"" help:"Check, compare, apply and show plan files. 计划文件"`
	Audit   auditCommands  `cmd:"" help:"Check the change log. 核验变更记录"`
	Token   tokenCommands  `cmd:"" help:"Make, list and revoke tokens. 令牌"`
	Grafana grafanaCommand `cmd:"" help:"Write provisioning files and dashboards for an installed Grafana. 生成 Grafana 配置"`
	Health  healthCommand  `cmd:"" help:"Ask a running server whether it is ready. 查询服务是否就绪"`
}

// errExit ends kong's parsing where it would end the process.
type errExit int

func (e errExit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// Main runs one command and returns the exit code: 0 success, 1 a fault in what
// was asked or given, 2 a wrong command line.
func Main(ctx context.Context, args []string, in io.Reader, out, errw io.Writer) (code int) {
	defer func() {
		if r := recover(); r != nil {
			exit, ok := r.(errExit)
			if !ok {
				panic(r)
			}
			code = int(exit)
		}
	}()
	var c commands
	parser, err := kong.New(&c,
		kong.Name("xushi"),
		kong.Description("Xushi 序时: annual targets against where they should be today."),
		kong.Writers(out, errw),
		kong.Exit(func(code int) { panic(errExit(code)) }),
		kong.Vars{"version": app.Version()},
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(Streams{In: in, Out: out, Err: errw}),
	)
	if err != nil {
		panic(err) // the command line's own definition is wrong
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		report(errw, wrongLine(err))
		return 2
	}
	if err := parsed.Run(); err != nil {
		report(errw, err)
		return 1
	}
	return 0
}

// wrongLine makes a fault of what the parser says: bad_flag, or those of the
// settings file.
func wrongLine(err error) error {
	if len(fault.All(err)) > 0 {
		return err
	}
	return fault.Newf("bad_flag", "命令行有误：%[1]v。用 --help 查看用法。",
		"The command line is wrong: %[1]v. See --help.", err)
}

// report writes an error as a person reads it, a fault a line in the form of
// plan check. What was being done when it came about follows in brackets.
func report(w io.Writer, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			report(w, e)
		}
		return
	}
	list := fault.All(err)
	if len(list) == 0 {
		_, _ = fmt.Fprintln(w, "xushi:", err)
		return
	}
	doing, wrapped := strings.CutSuffix(err.Error(), ": "+list.Error())
	for _, f := range list {
		line := f.Text("error")
		if wrapped {
			line += " (" + doing + ")"
		}
		_, _ = fmt.Fprintln(w, line)
	}
}

// count words how many of something there are.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
