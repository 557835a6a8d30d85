// Package cli is the command line of xushi: one file for each sub-command.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"

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
	Config kong.ConfigFlag `help:"Settings file: YAML with the flags' names as keys. 设置文件" env:"XUSHI_CONFIG" type:"path" placeholder:"FILE"`

	Serve serveCommand  `cmd:"" help:"Run the server. 启动服务"`
	Plan  planCommands  `cmd:"" help:"Check, compare, apply and show plan files. 计划文件"`
	Token tokenCommands `cmd:"" help:"Make, list and revoke tokens. 令牌"`
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
		kong.Configuration(readConfig),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(Streams{In: in, Out: out, Err: errw}),
	)
	if err != nil {
		panic(err) // the command line's own definition is wrong
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		_, _ = fmt.Fprintln(errw, "xushi:", err)
		return 2
	}
	if err := parsed.Run(); err != nil {
		report(errw, err)
		return 1
	}
	return 0
}

// report writes an error as a person reads it, a fault a line.
func report(w io.Writer, err error) {
	var list fault.List
	if errors.As(err, &list) {
		for _, f := range list {
			_, _ = fmt.Fprintln(w, f)
		}
		return
	}
	_, _ = fmt.Fprintln(w, "xushi:", err)
}
