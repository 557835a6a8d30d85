package deploy_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/goccy/go-yaml"

	"xushi/internal/app"
	"xushi/internal/testkit/require"
)

func TestPromtool(t *testing.T) {
	promtool := require.Tool(t, "promtool", "prometheus")
	if out, err := exec.CommandContext(t.Context(), promtool, "check", "config", "scrape.yml").CombinedOutput(); err != nil {
		t.Errorf("promtool check config: %v\n%s", err, out)
	}
}

func TestAmtool(t *testing.T) {
	amtool := require.Tool(t, "amtool", "prometheus-alertmanager")
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
	project := stack(t, "full")
	address, _ := serve(t)
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

// TestSourcesAnswer asks the data sources' addresses as Grafana's health check
// does: with the token they answer, without it nothing is told.
func TestSourcesAnswer(t *testing.T) {
	address, data := serve(t)
	token, err := os.ReadFile(filepath.Join(data, "first-token"))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range provisioning(t, stack(t, "small").Services["grafana"].Environment).Datasources {
		_, path, _ := strings.Cut(d.URL, ":8080")
		for header, want := range map[string]int{"": http.StatusUnauthorized, "Bearer " + strings.TrimSpace(string(token)): http.StatusOK} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+path+"/api/v1/query", strings.NewReader("query=1%2B1"))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if header != "" {
				req.Header.Set("Authorization", header)
			}
			if status, body := do(t, req); status != want {
				t.Errorf("%s: %d, want %d\n%s", d.UID, status, want, body)
			}
		}
	}
}

// mounted tells whether a service has a file mounted where an argument names it.
func mounted(s types.ServiceConfig, source, argument string) bool {
	return slices.ContainsFunc(s.Volumes, func(v types.ServiceVolumeConfig) bool {
		return v.Source == source && slices.Contains(s.Command, argument+v.Target)
	})
}

// serve starts Xushi and gives its address and data folder.
func serve(t *testing.T) (address, data string) {
	t.Helper()
	data = t.TempDir()
	ctx, stop := context.WithCancel(context.Background())
	ready, done := make(chan net.Addr, 1), make(chan error, 1)
	go func() {
		done <- app.Serve(ctx, app.Config{
			Listen: "127.0.0.1:0", Data: data, Plans: []string{"gulou-2026"}, Version: "test", Out: io.Discard,
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
		return "http://" + a.String(), data
	case err := <-done:
		done <- err
		t.Fatal(err)
		return "", ""
	}
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return do(t, req)
}

func do(t *testing.T, req *http.Request) (status int, body string) {
	t.Helper()
	res, err := http.DefaultClient.Do(req)
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
