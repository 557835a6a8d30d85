package cli

import (
	"fmt"
	"io"
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
type configFile struct{ values map[string]any }

// readConfig is a kong.ConfigurationLoader. Faults config_file and config_key.
func readConfig(r io.Reader) (kong.Resolver, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxConfig+1))
	if err == nil && len(data) > maxConfig {
		err = fmt.Errorf("more than %d bytes", maxConfig)
	}
	c := configFile{}
	if err == nil {
		err = yaml.Unmarshal(data, &c.values)
	}
	if err != nil {
		return nil, fault.Newf("config_file", "读不懂设置文件：%[1]v。请写成 YAML，键为选项名，如 listen: 127.0.0.1:8080。",
			"The settings file cannot be read: %[1]v. Write it as YAML with the flags' names as keys, such as listen: 127.0.0.1:8080.", err)
	}
	return c, nil
}

// Validate refuses keys that are no flag of any command: a slip of the pen must
// not leave a server on its defaults.
func (c configFile) Validate(app *kong.Application) error {
	var known []string
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if f, ok := node.(*kong.Flag); ok && f.Name != "config" && f.Name != "help" {
			known = append(known, f.Name)
		}
		return next(nil)
	})
	slices.Sort(known)
	known = slices.Compact(known)
	for key := range c.values {
		if !slices.Contains(known, strings.ReplaceAll(key, "_", "-")) {
			return fault.Newf("config_key", "设置文件里的 %[1]q 不是选项；可用的有：%[2]s。",
				"%[1]q in the settings file is no flag; there are: %[2]s.", key, strings.Join(known, ", "))
		}
	}
	return nil
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
