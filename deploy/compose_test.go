// Package deploy_test holds what an operator starts (docker-compose.yml,
// Dockerfile, grafana/, this folder) against what the repository has: a path, port,
// tag, address or setting that is written in two places is the same in both.
package deploy_test

import (
	"bytes"
	"context"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	xushicli "xushi/internal/cli"
)

// profiles are the stacks, with the services of each.
var profiles = map[string][]string{
	"small": {"alertmanager", "grafana", "xushi"},
	"full":  {"alertmanager", "grafana-full", "postgres", "victoriametrics", "xushi-full"},
}

// is tells which of the products a service is: xushi-full is a xushi.
func is(service types.ServiceConfig, product string) bool {
	return service.Name == product || strings.HasPrefix(service.Name, product+"-")
}

// stack loads docker-compose.yml as docker compose does.
func stack(t *testing.T, profile string, env ...string) *types.Project {
	t.Helper()
	opts, err := cli.NewProjectOptions([]string{"../docker-compose.yml"}, cli.WithWorkingDirectory(root(t)), cli.WithEnv(env), cli.WithProfiles([]string{profile}))
	if err != nil {
		t.Fatal(err)
	}
	project, err := opts.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return project
}

// root is the repository's folder.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(append([]string{".."}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// eachService runs a test for every service of every profile.
func eachService(t *testing.T, test func(t *testing.T, project *types.Project, s types.ServiceConfig)) {
	t.Helper()
	for profile := range profiles {
		project := stack(t, profile)
		for name, s := range project.Services {
			t.Run(profile+"/"+name, func(t *testing.T) { test(t, project, s) })
		}
	}
}

func TestProfiles(t *testing.T) {
	for profile, want := range profiles {
		project := stack(t, profile)
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(project.Services))); diff != "" {
			t.Errorf("%s: services (-want +got)\n%s", profile, diff)
		}
	}
	if got := stack(t, "none").Services; len(got) != 0 {
		t.Errorf("without a profile %v start", slices.Sorted(maps.Keys(got)))
	}
}

// TestVariables holds .env.example against docker-compose.yml: the same names
// with the same defaults.
func TestVariables(t *testing.T) {
	example, err := dotenv.Parse(strings.NewReader(read(t, ".env.example")))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := profiles[example["COMPOSE_PROFILES"]]; !ok {
		t.Errorf("COMPOSE_PROFILES=%s is no profile", example["COMPOSE_PROFILES"])
	}
	delete(example, "COMPOSE_PROFILES")
	var model map[string]any
	if err := yaml.Unmarshal([]byte(read(t, "docker-compose.yml")), &model); err != nil {
		t.Fatal(err)
	}
	used := map[string]string{}
	for name, v := range template.ExtractVariables(model, template.DefaultPattern) {
		used[name] = v.DefaultValue
	}
	if diff := cmp.Diff(used, example); diff != "" {
		t.Errorf("docker-compose.yml (-) and .env.example (+) differ:\n%s", diff)
	}
	// A default is written at each place where a variable stands.
	for profile := range profiles {
		var env []string
		for name, value := range example {
			env = append(env, name+"="+value)
		}
		if diff := cmp.Diff(stack(t, profile).Services, stack(t, profile, env...).Services); diff != "" {
			t.Errorf("%s: a default differs from .env.example (-default +example):\n%s", profile, diff)
		}
	}
}

// TestHardened looks that every service is pinned, bounded, without rights, on
// this machine only, and tells whether it is well.
func TestHardened(t *testing.T) {
	pinned := regexp.MustCompile(`:v?\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?$`)
	eachService(t, func(t *testing.T, project *types.Project, s types.ServiceConfig) {
		if !pinned.MatchString(s.Image) && s.Build == nil {
			t.Errorf("image %s has no exact version", s.Image)
		}
		if !s.ReadOnly || !slices.Equal(s.CapDrop, []string{"ALL"}) || len(s.CapAdd) > 0 || s.Privileged || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
			t.Error("not read_only, or with rights it does not need")
		}
		if s.Restart != "unless-stopped" || s.MemLimit == 0 || s.Logging == nil || s.Logging.Options["max-size"] == "" || s.Logging.Options["max-file"] == "" {
			t.Error("no restart policy, or memory or logs without bound")
		}
		if s.HealthCheck == nil || s.HealthCheck.Disable || len(s.HealthCheck.Test) < 2 || s.HealthCheck.Test[0] != "CMD" {
			t.Fatal("no health check that needs no shell")
		}
		for _, arg := range s.HealthCheck.Test {
			if u, err := url.Parse(arg); err == nil && u.Host != "" && (u.Hostname() != "127.0.0.1" || !listens(s, u.Port())) {
				t.Errorf("health check asks %s, where nobody listens", arg)
			}
		}
		for _, p := range s.Ports {
			if p.HostIP != "127.0.0.1" {
				t.Errorf("port %s is open to the network by default", p.Published)
			}
		}
		for name, d := range s.DependsOn {
			if on, ok := project.Services[name]; !ok || d.Condition != types.ServiceConditionHealthy || on.HealthCheck == nil {
				t.Errorf("depends on %s in a way that does not wait until it is well", name)
			}
		}
	})
}

// TestMounts looks that what is mounted is in the repository and of the right
// kind, and that what a service is told to read or write is mounted.
func TestMounts(t *testing.T) {
	eachService(t, func(t *testing.T, project *types.Project, s types.ServiceConfig) {
		targets := map[string]bool{}
		for _, v := range s.Volumes {
			targets[v.Target] = true
			if v.Type == types.VolumeTypeVolume {
				if _, ok := project.Volumes[v.Source]; !ok || v.ReadOnly {
					t.Errorf("volume %s is not declared or read-only", v.Source)
				}
				continue
			}
			path, err := filepath.Rel(root(t), v.Source)
			if err != nil || !filepath.IsLocal(path) || !v.ReadOnly {
				t.Errorf("%s is outside the repository or may be written to", v.Source)
			}
			info, err := os.Stat(v.Source)
			if err != nil {
				t.Errorf("%s is mounted and not there", path)
			} else if info.IsDir() != (filepath.Ext(v.Target) == "") {
				t.Errorf("%s is mounted as %s: one is a folder and the other is not", path, v.Target)
			}
		}
		for _, arg := range s.Command {
			if _, path, ok := strings.Cut(arg, "=/"); ok && !targets["/"+path] {
				t.Errorf("%s: nothing is mounted there", arg)
			}
		}
	})
	full := stack(t, "full")
	for name := range full.Volumes {
		if !slices.ContainsFunc(slices.Collect(maps.Values(full.Services)), func(s types.ServiceConfig) bool {
			return slices.ContainsFunc(s.Volumes, func(v types.ServiceVolumeConfig) bool { return v.Source == name })
		}) {
			t.Errorf("nobody uses the volume %s", name)
		}
	}
}

// listens tells whether a service listens on a port.
func listens(s types.ServiceConfig, port string) bool {
	if s.Name == "postgres" {
		return port == "5432" // not published
	}
	return slices.ContainsFunc(s.Ports, func(p types.ServicePortConfig) bool { return strconv.Itoa(int(p.Target)) == port })
}

// service is what answers under a name in the network of a project.
func service(project *types.Project, host string) (types.ServiceConfig, bool) {
	for _, s := range project.Services {
		if s.Name == host || s.Networks["default"] != nil && slices.Contains(s.Networks["default"].Aliases, host) {
			return s, true
		}
	}
	return types.ServiceConfig{}, false
}

// TestAddresses looks that every address in the environment is answered.
func TestAddresses(t *testing.T) {
	eachService(t, func(t *testing.T, project *types.Project, s types.ServiceConfig) {
		for name, value := range s.Environment {
			u, err := url.Parse(*value)
			if err != nil || u.Host == "" || name == "GF_SERVER_ROOT_URL" || name == "XUSHI_URL" { // those are the browser's
				continue
			}
			if to, ok := service(project, u.Hostname()); !ok || !listens(to, u.Port()) {
				t.Errorf("%s=%s: nobody listens there", name, *value)
			}
			if _, ok := u.User.Password(); ok {
				t.Errorf("%s holds a password", name)
			}
		}
	})
}

// TestEnvironment looks that every setting is one that its program knows.
func TestEnvironment(t *testing.T) {
	settings, grafana := xushiSettings(t), grafanaSettings(t)
	wanted := provisioningVariables(t)
	eachService(t, func(t *testing.T, _ *types.Project, s types.ServiceConfig) {
		for name, value := range s.Environment {
			known := false
			switch {
			case is(s, "xushi"):
				known = slices.Contains(settings, name) || name == "GOMEMLIMIT" // Go reads that
			case is(s, "grafana"):
				known = slices.Contains(wanted, name) || slices.ContainsFunc(grafana, func(k grafanaKey) bool { return k.env() == name })
			case s.Name == "postgres":
				known = slices.Contains([]string{"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE", "POSTGRES_INITDB_ARGS"}, name)
			}
			if !known {
				t.Errorf("%s is no setting of %s", name, s.Name)
			}
			if value == nil || *value == "" {
				t.Errorf("%s is empty", name)
			}
		}
		if is(s, "grafana") {
			for _, name := range wanted {
				if _, ok := s.Environment[name]; !ok {
					t.Errorf("grafana/provisioning wants %s", name)
				}
			}
		}
	})
}

// xushiSettings are the environment's names that xushi serve reads.
func xushiSettings(t *testing.T) []string {
	t.Helper()
	var out bytes.Buffer
	if code := xushicli.Main(context.Background(), []string{"serve", "--help"}, nil, &out, &out); code != 0 {
		t.Fatalf("serve --help: %d %s", code, out.String())
	}
	names := regexp.MustCompile(`\$(XUSHI_[A-Z_]+)\)`).FindAllStringSubmatch(out.String(), -1)
	list := make([]string, len(names))
	for i, m := range names {
		list[i] = m[1]
	}
	if !slices.Contains(list, "XUSHI_LISTEN") {
		t.Fatalf("serve --help names no settings:\n%s", out.String())
	}
	return list
}

// TestDatabase looks that Xushi logs in as PostgreSQL's image is told to.
func TestDatabase(t *testing.T) {
	project := stack(t, "full")
	xushi, postgres := project.Services["xushi-full"], project.Services["postgres"]
	config, err := pgx.ParseConfig(*xushi.Environment["XUSHI_DB"])
	if err != nil {
		t.Fatal(err)
	}
	if config.User != *postgres.Environment["POSTGRES_USER"] || config.Database != *postgres.Environment["POSTGRES_DB"] {
		t.Errorf("xushi logs in as %s to %s", config.User, config.Database)
	}
	if *xushi.Environment["XUSHI_DB_PASSWORD_FILE"] != *postgres.Environment["POSTGRES_PASSWORD_FILE"] {
		t.Error("two passwords")
	}
	for _, s := range stack(t, "small").Services {
		if s.Environment["XUSHI_DB"] != nil {
			t.Error("the small stack has a database server")
		}
	}
}

// TestSecrets looks that secrets come from files, that these are given to who
// reads them and to nobody else, and are kept out of Git and the image.
func TestSecrets(t *testing.T) {
	secretFile := regexp.MustCompile(`/run/secrets/([a-z-]+)`)
	eachService(t, func(t *testing.T, project *types.Project, s types.ServiceConfig) {
		var reads []string
		for name, value := range s.Environment {
			m := secretFile.FindStringSubmatch(*value)
			if m != nil {
				reads = append(reads, m[1])
			} else if regexp.MustCompile(`PASSWORD|SECRET|TOKEN`).MatchString(name) && *value != "none" {
				t.Errorf("%s is a secret in the environment", name)
			}
		}
		var given []string
		for _, g := range s.Secrets {
			given = append(given, g.Source)
			if project.Secrets[g.Source].File != filepath.Join(root(t), "secrets", g.Source) {
				t.Errorf("%s comes from %s", g.Source, project.Secrets[g.Source].File)
			}
		}
		slices.Sort(reads)
		reads = slices.Compact(reads)
		slices.Sort(given)
		if !slices.Equal(reads, given) {
			t.Errorf("reads %v, is given %v", reads, given)
		}
	})
	if !strings.Contains("\n"+read(t, ".gitignore"), "\n/secrets/\n") || !strings.Contains(read(t, ".gitignore"), "\n/.env\n") {
		t.Error("secrets may be committed")
	}
}

// TestMakeSecrets runs the script that makes the secrets, twice.
func TestMakeSecrets(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("skipped, needs sh")
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "deploy"), 0o750); err != nil {
		t.Fatal(err)
	}
	for _, mounted := range []string{"grafana", "dashboards"} {
		if err := os.MkdirAll(filepath.Join(dir, mounted), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	script := filepath.Join(dir, "deploy", "secrets.sh")
	if err := os.WriteFile(script, []byte(read(t, "deploy", "secrets.sh")), 0o600); err != nil {
		t.Fatal(err)
	}
	made := func() map[string]string {
		cmd := exec.CommandContext(t.Context(), sh, "-c", "umask 077; exec sh deploy/secrets.sh")
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "viewer-token") {
			t.Fatalf("%v\n%s", err, out)
		}
		files := map[string]string{}
		entries, err := os.ReadDir(filepath.Join(dir, "secrets"))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			b, err := os.ReadFile(filepath.Join(dir, "secrets", e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			files[e.Name()] = string(b)
			if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o644 {
				t.Errorf("%s: %v, containers of another user cannot read it", e.Name(), info.Mode())
			}
		}
		return files
	}
	first := made()
	if info, err := os.Stat(filepath.Join(dir, "secrets")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is open: %v %v", info.Mode(), err)
	}
	seen := map[string]bool{}
	for name, secret := range first {
		if name == "viewer-token" && secret == "" { // Xushi makes it
			continue
		}
		if !regexp.MustCompile(`^[0-9a-f]{48}$`).MatchString(secret) || seen[secret] {
			t.Errorf("%s is %q", name, secret)
		}
		seen[secret] = true
	}
	want := slices.Sorted(maps.Keys(stack(t, "full").Secrets))
	got := slices.Sorted(maps.Keys(first))
	if !slices.Equal(want, got) {
		t.Errorf("makes %v of %v", got, want)
	}
	if diff := cmp.Diff(first, made()); diff != "" {
		t.Errorf("a second run changes what is there:\n%s", diff)
	}
}
