package deploy_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"go/version"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// instruction is a line of the Dockerfile.
type instruction struct{ name, args string }

func dockerfile(t *testing.T) []instruction {
	t.Helper()
	var list []instruction
	for line := range strings.Lines(strings.ReplaceAll(read(t, "Dockerfile"), "\\\n", " ")) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, args, _ := strings.Cut(line, " ")
		list = append(list, instruction{name, strings.Join(strings.Fields(args), " ")})
	}
	return list
}

// arguments of all instructions of a name.
func arguments(list []instruction, name string) (args []string) {
	for _, i := range list {
		if i.name == name {
			args = append(args, i.args)
		}
	}
	return args
}

// TestDockerfile holds the image against the module and docker-compose.yml.
func TestDockerfile(t *testing.T) {
	file := dockerfile(t)
	args := map[string]string{}
	for _, a := range arguments(file, "ARG") {
		name, value, _ := strings.Cut(a, "=")
		args[name] = value
	}
	for profile := range profiles {
		xushi, _ := service(stack(t, profile), "xushi")
		for name, value := range xushi.Build.Args {
			if args[name] != *value {
				t.Errorf("build argument %s is %q in docker-compose.yml and %q in the Dockerfile", name, *value, args[name])
			}
		}
		if len(xushi.Build.Args) != len(args) {
			t.Errorf("docker-compose.yml gives %d of %d build arguments", len(xushi.Build.Args), len(args))
		}
		data := xushi.Volumes[0].Target
		if !slices.Contains(arguments(file, "VOLUME"), data) || !strings.Contains(strings.Join(arguments(file, "ENV"), " "), "XUSHI_DATA="+data) {
			t.Errorf("the volume is mounted at %s, where the image has none", data)
		}
		port := arguments(file, "EXPOSE")[0]
		if !listens(xushi, port) || !strings.Contains(strings.Join(arguments(file, "ENV"), " "), "XUSHI_LISTEN=:"+port) {
			t.Errorf("the image listens on %s, and that is not published", port)
		}
		if check := arguments(file, "HEALTHCHECK"); !strings.Contains(check[0], `CMD ["`+strings.Join(xushi.HealthCheck.Test[1:], `", "`)+`"]`) {
			t.Errorf("health check of the image: %s", check)
		}
	}
	for _, pair := range strings.Fields(strings.Join(arguments(file, "ENV"), " ")) {
		if name, _, _ := strings.Cut(pair, "="); !slices.Contains(xushiSettings(t), name) {
			t.Errorf("%s is no setting of xushi", name)
		}
	}
	if from := arguments(file, "FROM"); !slices.Equal(from, []string{"${REGISTRY}/library/golang:${GOLANG_TAG} AS build", "scratch"}) {
		t.Errorf("stages %q", from)
	}
	if user := arguments(file, "USER"); !slices.Equal(user, []string{"65532:65532"}) {
		t.Errorf("users %q", user)
	}
	needs := regexp.MustCompile(`(?m)^go (\S+)$`).FindStringSubmatch(read(t, "go.mod"))[1]
	if has, _, _ := strings.Cut(args["GOLANG_TAG"], "-"); version.Compare("go"+has, "go"+needs) < 0 {
		t.Errorf("go.mod wants Go %s, the image has %s", needs, has)
	}
}

// TestBuildLine looks that the version goes into a variable that is there and the
// binary needs nothing of a system.
func TestBuildLine(t *testing.T) {
	line := strings.Join(arguments(dockerfile(t), "RUN"), "\n")
	m := regexp.MustCompile(`-X xushi/(\S+)\.(\w+)=\$\{VERSION\}`).FindStringSubmatch(line)
	if m == nil || !strings.Contains(line, "CGO_ENABLED=0") || !strings.Contains(line, "-trimpath") {
		t.Fatalf("builds with %s", line)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", m[1], "version.go"), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && v.Names[0].Name == m[2] {
			typ, ok := v.Type.(*ast.Ident)
			found = ok && typ.Name == "string" && len(v.Values) == 0
		}
		return true
	})
	if !found {
		t.Errorf("%s has no variable %s that a linker can set", file.Name, m[2])
	}
}

// TestBuildContext looks that .dockerignore lets everything through that the
// program is built from, and no secret.
func TestBuildContext(t *testing.T) {
	var open []string
	lines := strings.Fields(regexp.MustCompile(`(?m)^#.*$`).ReplaceAllString(read(t, ".dockerignore"), ""))
	if lines[0] != "*" {
		t.Fatal("everything is sent but what is listed; list what is sent")
	}
	for _, l := range lines[1:] {
		if name, ok := strings.CutPrefix(l, "!"); ok {
			open = append(open, name)
		} else if l != "**/testdata" && l != "**/*_test.go" {
			t.Errorf("unexpected %s", l)
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=Dir,Module,GoFiles,EmbedFiles", "./cmd/xushi")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	files := 0
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			Dir                 string
			Module              *struct{ Main bool }
			GoFiles, EmbedFiles []string
		}
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if p.Module == nil || !p.Module.Main {
			continue
		}
		for _, name := range append(p.GoFiles, p.EmbedFiles...) {
			path, err := filepath.Rel(root(t), filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			path = filepath.ToSlash(path)
			top, _, _ := strings.Cut(path, "/")
			if files++; !slices.Contains(open, top) || strings.Contains(path, "/testdata/") {
				t.Errorf("%s is needed and not sent to the builder", path)
			}
		}
	}
	if files == 0 {
		t.Error("go list names no files")
	}
	for _, name := range open {
		if name == "secrets" || strings.HasPrefix(name, ".") {
			t.Errorf("%s is sent to the builder", name)
		}
	}
}
