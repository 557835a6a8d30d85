package cli

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"xushi/dashboards"
	"xushi/grafana"
	"xushi/internal/app"
	"xushi/internal/fault"
)

// grafanaCommand writes what a Grafana that is already installed needs.
type grafanaCommand struct {
	To        string `arg:"" help:"Folder to write to: provisioning/ and dashboards/ are made in it. 写入的目录"`
	URL       string `help:"Where Grafana reaches Xushi. 序时的地址" default:"http://127.0.0.1:8080" placeholder:"URL"`
	TokenFile string `help:"Where Grafana reads a viewer's token from. 令牌文件" default:"/etc/grafana/xushi-token" placeholder:"FILE"`
	Path      string `help:"Where Grafana reads the dashboards from. 看板所在目录" default:"/var/lib/grafana/dashboards/xushi" placeholder:"DIR"`
}

// Run writes the files and names them. Files that are there are replaced. Faults
// bad_url, write_failed.
func (c *grafanaCommand) Run(std Streams) error {
	address, err := app.ReadURL(c.URL)
	if err != nil {
		return err
	}
	fill := strings.NewReplacer(grafana.URL, address, grafana.TokenFile, c.TokenFile, grafana.Dashboards, c.Path)
	for _, part := range []struct {
		files      fs.FS
		from, into string
		fill       *strings.Replacer
	}{
		{grafana.Installed, "installed", "provisioning", fill},
		{dashboards.Files, ".", "dashboards", strings.NewReplacer()},
	} {
		err := fs.WalkDir(part.files, part.from, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := fs.ReadFile(part.files, name)
			if err != nil {
				return err
			}
			rest, err := filepath.Rel(part.from, name)
			if err != nil {
				return err
			}
			path := filepath.Join(c.To, part.into, rest)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(path, []byte(part.fill.Replace(string(text))), 0o644); err != nil {
				return err
			}
			_, err = fmt.Fprintln(std.Out, path)
			return err
		})
		if err != nil {
			return fault.Newf("write_failed", "写不了文件：%[1]v。", "Cannot write: %[1]v.", err)
		}
	}
	return nil
}
