package deploy_test

import (
	"bufio"
	"encoding/json"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// grafanaKey is a setting of Grafana.
type grafanaKey struct{ section, key string }

// env is the variable that overrides the setting.
func (k grafanaKey) env() string {
	clean := strings.NewReplacer(".", "_", "-", "_")
	return strings.ToUpper("GF_" + clean.Replace(k.section) + "_" + clean.Replace(k.key))
}

// grafanaSettings are the settings of the release that docker-compose.yml names.
func grafanaSettings(t *testing.T) []grafanaKey {
	t.Helper()
	b, err := os.ReadFile("testdata/grafana-settings.txt")
	if err != nil {
		t.Fatal(err)
	}
	var list []grafanaKey
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) == 2 && f[0] != "#" {
			list = append(list, grafanaKey{f[0], f[1]})
		}
	}
	release := regexp.MustCompile(`Grafana (\d+\.\d+)\.`).FindSubmatch(b)
	grafana := stack(t, "small").Services["grafana"]
	if release == nil || !strings.Contains(grafana.Image, ":"+string(release[1])+".") {
		t.Errorf("testdata/grafana-settings.txt is of another release than %s: make it anew", grafana.Image)
	}
	return list
}

// grafanaINI is grafana.ini.
func grafanaINI(t *testing.T) map[grafanaKey]string {
	t.Helper()
	ini, section := map[grafanaKey]string{}, "DEFAULT"
	lines := bufio.NewScanner(strings.NewReader(read(t, "grafana", "grafana.ini")))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			section = strings.Trim(line, "[]")
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		k := grafanaKey{section, strings.TrimSpace(key)}
		if _, twice := ini[k]; twice || !ok {
			t.Errorf("grafana.ini: %q", line)
		}
		ini[k] = strings.TrimSpace(value)
	}
	return ini
}

func TestGrafanaINI(t *testing.T) {
	known, ini := grafanaSettings(t), grafanaINI(t)
	for k := range ini {
		if !slices.Contains(known, k) {
			t.Errorf("grafana.ini: [%s] %s is no setting of Grafana", k.section, k.key)
		}
	}
	for k, want := range map[grafanaKey]string{
		{"users", "default_language"}:                "zh-Hans",
		{"auth.anonymous", "enabled"}:                "false",
		{"auth.anonymous", "org_role"}:               "Viewer",
		{"analytics", "reporting_enabled"}:           "false",
		{"analytics", "check_for_updates"}:           "false",
		{"analytics", "check_for_plugin_updates"}:    "false",
		{"news", "news_feed_enabled"}:                "false",
		{"security", "disable_gravatar"}:             "true",
		{"plugins", "plugin_admin_enabled"}:          "false",
		{"plugins", "public_key_retrieval_disabled"}: "true",
		{"plugins", "preinstall_disabled"}:           "true",
		{"snapshots", "external_enabled"}:            "false",
	} {
		if ini[k] != want {
			t.Errorf("grafana.ini: [%s] %s = %s, want %s", k.section, k.key, ini[k], want)
		}
	}
	if csp := ini[grafanaKey{"security", "content_security_policy_template"}]; ini[grafanaKey{"security", "content_security_policy"}] != "true" || strings.Contains(csp, ".com") || strings.Contains(csp, "*") {
		t.Errorf("grafana.ini: browsers may fetch from elsewhere: %s", csp)
	}
	if ini[grafanaKey{"security", "admin_password"}] != "" || ini[grafanaKey{"security", "secret_key"}] != "" {
		t.Error("grafana.ini holds a secret")
	}
	for _, profile := range []string{"small", "full"} {
		for _, s := range stack(t, profile).Services {
			if is(s, "grafana") && *s.Environment["GF_AUTH_ANONYMOUS_ENABLED"] != "false" {
				t.Errorf("%s: dashboards are open by default", s.Name)
			}
		}
	}
}

// TestHome looks that the page everybody starts on is a dashboard of ours.
func TestHome(t *testing.T) {
	home := grafanaINI(t)[grafanaKey{"users", "home_page"}]
	uid, ok := strings.CutPrefix(home, "/d/")
	if !ok {
		t.Fatalf("home page %s is no dashboard", home)
	}
	if all := dashboards(t); all[uid] == nil {
		t.Errorf("there is no dashboard %s, only %v", uid, slices.Sorted(maps.Keys(all)))
	}
}

// dashboards are the dashboards by uid.
func dashboards(t *testing.T) map[string]any {
	t.Helper()
	files, err := filepath.Glob("../dashboards/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("there are no dashboards")
	}
	all := map[string]any{}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var d map[string]any
		if err := json.Unmarshal(b, &d); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		uid, _ := d["uid"].(string)
		if uid == "" || all[uid] != nil {
			t.Errorf("%s: no uid of its own", name)
		}
		all[uid] = d
	}
	return all
}

// TestDashboardSources looks that dashboards ask data sources that are provisioned.
func TestDashboardSources(t *testing.T) {
	known := map[string]string{"-- Grafana --": "grafana", "-- Mixed --": "datasource", "-- Dashboard --": "datasource"}
	for _, s := range provisioning(t, stack(t, "small").Services["grafana"].Environment).Datasources {
		known[s.UID] = s.Type
	}
	for uid, d := range dashboards(t) {
		var look func(v any)
		look = func(v any) {
			switch v := v.(type) {
			case map[string]any:
				if source, ok := v["datasource"].(map[string]any); ok {
					id, _ := source["uid"].(string)
					if kind, ok := known[id]; !ok || kind == "prometheus" && source["type"] != kind {
						t.Errorf("%s: data source %v is not provisioned", uid, source)
					}
				} else if name, ok := v["datasource"].(string); ok {
					t.Errorf("%s: data source %q is named without its uid", uid, name)
				}
				for _, inner := range v {
					look(inner)
				}
			case []any:
				for _, inner := range v {
					look(inner)
				}
			}
		}
		look(d)
	}
}

// provisioned is what Grafana reads from its provisioning folder.
type provisioned struct {
	Datasources []datasource
	Providers   []provider
}

type datasource struct {
	Name, UID, Type, Access, URL string
	Editable                     bool
	IsDefault                    bool              `yaml:"isDefault"`
	JSONData                     map[string]any    `yaml:"jsonData"`
	SecureJSONData               map[string]string `yaml:"secureJsonData"`
}

type provider struct {
	OrgID                 int `yaml:"orgId"`
	Name, Type, Folder    string
	FolderUID             string         `yaml:"folderUid"`
	DisableDeletion       bool           `yaml:"disableDeletion"`
	AllowUIUpdates        bool           `yaml:"allowUiUpdates"`
	UpdateIntervalSeconds int            `yaml:"updateIntervalSeconds"`
	Options               map[string]any `yaml:"options"`
}

var variable = regexp.MustCompile(`\$\{(\w+)\}`)

// provisioningVariables are the variables of grafana/provisioning.
func provisioningVariables(t *testing.T) []string {
	t.Helper()
	set := map[string]bool{}
	for _, kind := range []string{"datasources", "dashboards"} {
		text := regexp.MustCompile(`(?m)^ *#.*$`).ReplaceAllString(read(t, "grafana", "provisioning", kind, "xushi.yaml"), "")
		for _, m := range variable.FindAllStringSubmatch(text, -1) {
			set[m[1]] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// provisioning reads grafana/provisioning in an environment. As in Grafana, a
// variable is filled in before $__file{…} is read, so that it may hold one; the
// files themselves are not read here.
func provisioning(t *testing.T, env types.MappingWithEquals) provisioned {
	t.Helper()
	return provisionedFrom(t, "provisioning", func(name string) string {
		if env[name] == nil {
			t.Errorf("%s is not set", name)
			return ""
		}
		return *env[name]
	})
}

func provisionedFrom(t *testing.T, folder string, value func(name string) string) provisioned {
	t.Helper()
	var p provisioned
	for _, kind := range []string{"datasources", "dashboards"} {
		text := variable.ReplaceAllStringFunc(read(t, "grafana", folder, kind, "xushi.yaml"), func(v string) string {
			return value(variable.FindStringSubmatch(v)[1])
		})
		var doc struct {
			APIVersion  int `yaml:"apiVersion"`
			Datasources []datasource
			Providers   []provider
		}
		if err := yaml.UnmarshalWithOptions([]byte(text), &doc, yaml.Strict()); err != nil {
			t.Fatalf("grafana/%s/%s: %v", folder, kind, err)
		}
		if doc.APIVersion != 1 {
			t.Errorf("grafana/%s/%s: apiVersion %d", folder, kind, doc.APIVersion)
		}
		p.Datasources = append(p.Datasources, doc.Datasources...)
		p.Providers = append(p.Providers, doc.Providers...)
	}
	return p
}

// TestProvisioning looks at what Grafana gets in each profile.
func TestProvisioning(t *testing.T) {
	for profile, self := range map[string]string{"small": "/prometheus/self", "full": ""} {
		project := stack(t, profile)
		for _, s := range project.Services {
			if !is(s, "grafana") {
				continue
			}
			p := provisioning(t, s.Environment)
			if len(p.Datasources) != 2 || len(p.Providers) != 1 {
				t.Fatalf("%s: %d data sources, %d providers", profile, len(p.Datasources), len(p.Providers))
			}
			for i, want := range []struct {
				uid, interval, product, path string
			}{
				{"xushi", "1d", "xushi", "/prometheus"},
				{"xushi-self", "15s", map[string]string{"small": "xushi", "full": "victoriametrics"}[profile], self},
			} {
				d := p.Datasources[i]
				if d.UID != want.uid || d.Type != "prometheus" || d.Access != "proxy" || d.Editable || d.IsDefault != (i == 0) ||
					d.JSONData["timeInterval"] != want.interval || d.JSONData["httpMethod"] != "POST" {
					t.Errorf("%s: data source %+v", profile, d)
				}
				token := "$__file{/run/secrets/viewer-token}"
				if want.product != "xushi" {
					token = "none" // Xushi's token is nobody else's business
				}
				if d.JSONData["httpHeaderName1"] != "Authorization" || d.SecureJSONData["httpHeaderValue1"] != "Bearer "+token {
					t.Errorf("%s: data source %s has no token of its own", profile, d.UID)
				}
				u, err := url.Parse(d.URL)
				if err != nil {
					t.Fatal(err)
				}
				if to, ok := service(project, u.Hostname()); !ok || !is(to, want.product) || !listens(to, u.Port()) || u.Path != want.path {
					t.Errorf("%s: %s asks %s", profile, d.UID, d.URL)
				}
			}
			path, _ := p.Providers[0].Options["path"].(string)
			if !slices.ContainsFunc(s.Volumes, func(v types.ServiceVolumeConfig) bool {
				return v.Target == path && v.Source == filepath.Join(root(t), "dashboards")
			}) {
				t.Errorf("%s: dashboards are not at %s", profile, path)
			}
			for _, kind := range []string{"datasources", "dashboards"} {
				if !slices.ContainsFunc(s.Volumes, func(v types.ServiceVolumeConfig) bool {
					return v.Target == "/etc/grafana/provisioning/"+kind && v.Source == filepath.Join(root(t), "grafana", "provisioning", kind)
				}) {
					t.Errorf("%s: %s are not provisioned", profile, kind)
				}
			}
		}
	}
}

// TestInstalled holds the files for a Grafana already installed against those of
// the stack: they differ in what the variables hold and in the default source.
func TestInstalled(t *testing.T) {
	want := provisioning(t, types.NewMappingWithEquals([]string{
		"XUSHI_PROMQL_URL=http://127.0.0.1:8080/prometheus",
		"XUSHI_SELF_URL=http://127.0.0.1:8080/prometheus/self",
		"XUSHI_VIEWER_TOKEN=$__file{/etc/grafana/xushi-token}",
		"XUSHI_SELF_TOKEN=$__file{/etc/grafana/xushi-token}",
		"XUSHI_DASHBOARDS=/var/lib/grafana/dashboards/xushi",
	}))
	want.Datasources[0].IsDefault = false // that Grafana has one
	got := provisionedFrom(t, "installed", func(name string) string {
		t.Errorf("%s wants a variable", name)
		return ""
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("grafana/installed differs from grafana/provisioning:\n%s", diff)
	}
}
