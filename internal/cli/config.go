package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"

	"xushi/internal/fault"
)

// maxConfig bounds a settings file.
const maxConfig = 1 << 20

// configFile resolves flags from a settings file: YAML with the flags' names as
// keys. The command line goes before the environment, that before the file, and
// the file before the defaults.
type configFile struct {
	name    string
	values  map[string]any
	command *kong.Context // that is run
}

// configFlag names a settings file. It is kong.ConfigFlag, but for the sentences
// about files that cannot be read.
type configFlag string

// BeforeResolve reads the file, when the command is known and its flags are not
// yet set. Faults config_file and, from Validate, config_key.
func (configFlag) BeforeResolve(ctx *kong.Context, trace *kong.Path) error {
	name := string(ctx.FlagValue(trace.Flag).(configFlag))
	data, err := readSettings(name)
	if err != nil {
		zh, en := "无法读取设置文件。", "The settings file cannot be read."
		if errors.Is(err, fs.ErrNotExist) {
			zh, en = "没有这个设置文件。", "There is no such settings file."
		}
		return fault.New("config_file", zh, en).InFile(name, 0, 0)
	}
	c := configFile{name: name, command: ctx}
	if len(data) > maxConfig {
		err = fmt.Errorf("more than %d bytes", maxConfig)
	} else {
		err = yaml.Unmarshal(data, &c.values)
	}
	if err != nil {
		return notSettings(name, err)
	}
	ctx.AddResolver(c)
	return nil
}

// readSettings reads no more than is needed to see that a file is too large.
func readSettings(name string) ([]byte, error) {
	f, err := os.Open(kong.ExpandPath(name))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read from
	return io.ReadAll(io.LimitReader(f, maxConfig+1))
}

// notSettings words what the YAML reader says, with the place.
func notSettings(name string, err error) error {
	line, col, says := 0, 0, err.Error()
	var e yaml.Error
	if errors.As(err, &e) {
		if t := e.GetToken(); t != nil && t.Position != nil {
			line, col = t.Position.Line, max(t.Position.Column, 1)
		}
		says = e.GetMessage()
	}
	says, _, _ = strings.Cut(says, "\n")
	return fault.Newf("config_file", "读不懂设置文件（%[1]s）。请写成 YAML，键为选项名，如 listen: 127.0.0.1:8080。",
		"The settings file cannot be read (%[1]s). Write it as YAML with the flags' names as keys, such as listen: 127.0.0.1:8080.", says).InFile(name, line, col)
}

// Validate refuses keys that are no flag of any command: a slip of the pen must
// not leave a server on its defaults. One file may serve several commands; those
// of the command that is run are offered.
func (c configFile) Validate(app *kong.Application) error {
	var known []*kong.Flag
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if f, ok := node.(*kong.Flag); ok {
			known = append(known, f)
		}
		return next(nil)
	})
	all, here := settable(known), settable(c.command.Flags())
	for _, key := range slices.Sorted(maps.Keys(c.values)) {
		if !slices.Contains(all, strings.ReplaceAll(key, "_", "-")) {
			return fault.New("config_key",
				fmt.Sprintf("“%s”不是选项；可用的有：%s。", key, strings.Join(here, "、")),
				fmt.Sprintf("%q is no flag; there are: %s.", key, strings.Join(here, ", "))).InFile(c.name, 0, 0)
		}
	}
	return nil
}

// settable names the flags that a settings file can give.
func settable(flags []*kong.Flag) []string {
	var names []string
	for _, f := range flags {
		switch f.Name {
		case "config", "help", "version":
		default:
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Resolve gives the file's value of a flag that neither the command line nor the
// environment sets.
func (c configFile) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if _, set := os.LookupEnv(env); set {
			return nil, nil //nolint:nilnil // kong's word for "not from here"
		}
	}
	if v, ok := c.values[flag.Name]; ok {
		return v, nil
	}
	return c.values[strings.ReplaceAll(flag.Name, "-", "_")], nil
}
