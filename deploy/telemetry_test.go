package deploy_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/goccy/go-yaml"

	"xushi/internal/app"
)

// tool finds a program of a Debian package. Without it the test is skipped, or
// fails where XUSHI_TEST_REQUIRE names the package.
func tool(t *testing.T, program, pkg string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		required := strings.FieldsFunc(os.Getenv("XUSHI_TEST_REQUIRE"), func(r rune) bool { return r == ',' || r == ' ' })
		if slices.Contains(required, "all") || slices.Contains(required, pkg) {
			t.Fatalf("%[2]s is required by XUSHI_TEST_REQUIRE: there is no %[1]s in PATH (apt-get install %[2]s)", program, pkg)
		}
		t.Skipf("skipped, needs %[2]s: there is no %[1]s in PATH (apt-get install %[2]s)", program, pkg)
	}
	return path
}

func TestPromtool(t *testing.T) {
	promtool := tool(t, "promtool", "prometheus")
	if out, err := exec.CommandContext(t.Context(), promtool, "check", "config", "scrape.yml").CombinedOutput(); err != nil {
		t.Errorf("promtool check config: %v\n%s", err, out)
	}
}

func TestAmtool(t *testing.T) {
	amtool := tool(t, "amtool", "prometheus-alertmanager")
	if out, err := exec.CommandContext(t.Context(), amtool, "check-config", "alertmanager.yml").CombinedOutput(); err != nil {
		t.Errorf("amtool check-config: %v\n%s", err, out)
	}
}

// TestScrape looks that what is scraped is in the stack and is answered.
func TestScrape(t *testing.T) {
	var config struct {
		ScrapeConfigs []struct {
			JobName       string                       `yaml:"job_name"`
			MetricsPath   string                       `yaml:"metrics_path"`
			StaticConfigs []struct{ Targets []string } `yaml:"static_configs"`
		} `yaml:"scrape_configs"`
	}
	if err := yaml.Unmarshal([]byte(read(t, "deploy", "scrape.yml")), &config); err != nil {
		t.Fatal(err)
	}
	project, address := stack(t, "full"), serve(t)
	var paths []string
	for _, job := range config.ScrapeConfigs {
		paths = append(paths, job.MetricsPath)
		for _, group := range job.StaticConfigs {
			for _, target := range group.Targets {
				host, port, err := net.SplitHostPort(target)
				if err != nil {
					t.Fatal(err)
				}
				if s, ok := service(project, host); !ok || !is(s, "xushi") || !listens(s, port) {
					t.Errorf("%s: %s is not Xushi", job.JobName, target)
				}
			}
		}
		if status, body := get(t, address+job.MetricsPath); status != http.StatusOK || !strings.Contains(body, "\nxushi_") {
			t.Errorf("%s: %d", job.MetricsPath, status)
		}
	}
	if !slices.Equal(paths, []string{"/metrics", "/metrics/self"}) {
		t.Errorf("scrapes %v", paths)
	}
	vm := project.Services["victoriametrics"]
	if !mounted(vm, root(t)+"/deploy/scrape.yml", "-promscrape.config=") {
		t.Error("VictoriaMetrics does not read deploy/scrape.yml")
	}
	if !mounted(project.Services["alertmanager"], root(t)+"/deploy/alertmanager.yml", "--config.file=") {
		t.Error("Alertmanager does not read deploy/alertmanager.yml")
	}
}

// TestSourcesAnswer looks that the data sources' addresses are routes that want a token.
func TestSourcesAnswer(t *testing.T) {
	address := serve(t)
	for _, d := range provisioning(t, stack(t, "small").Services["grafana"].Environment).Datasources {
		t.Run(d.UID, func(t *testing.T) {
			_, path, _ := strings.Cut(d.URL, ":8080")
			status, _ := get(t, address+path+"/api/v1/query?query=1")
			if status == http.StatusNotFound {
				t.Skipf("skipped: %s is not served yet", path)
			}
			if status != http.StatusUnauthorized {
				t.Errorf("%s without a token: %d", path, status)
			}
		})
	}
}

// mounted tells whether a service has a file mounted where an argument names it.
func mounted(s types.ServiceConfig, source, argument string) bool {
	return slices.ContainsFunc(s.Volumes, func(v types.ServiceVolumeConfig) bool {
		return v.Source == source && slices.Contains(s.Command, argument+v.Target)
	})
}

// serve starts Xushi and gives its address.
func serve(t *testing.T) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ready, done := make(chan net.Addr, 1), make(chan error, 1)
	go func() {
		done <- app.Serve(ctx, app.Config{
			Listen: "127.0.0.1:0", Data: t.TempDir(), Plans: []string{"gulou-2026"}, Version: "test", Out: io.Discard,
			Clock: time.Now, Log: slog.New(slog.DiscardHandler), Ready: func(a net.Addr) { ready <- a },
		})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	select {
	case a := <-ready:
		return fmt.Sprintf("http://%s", a)
	case err := <-done:
		done <- err
		t.Fatal(err)
		return ""
	}
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}
