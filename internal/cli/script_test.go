package cli_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"xushi/internal/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"xushi": func() {
			os.Exit(cli.Main(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
		},
	})
}

// TestScripts runs whole sessions on the command line, a file each.
func TestScripts(t *testing.T) {
	good, err := filepath.Abs("../planfile/testdata/good.yaml")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Setup: func(env *testscript.Env) error {
		env.Setenv("GOOD", good)
		free, err := net.Listen("tcp", "127.0.0.1:0") // a port for scripts that serve
		if err != nil {
			return err
		}
		env.Setenv("FREE", free.Addr().String())
		return free.Close()
	}})
}
