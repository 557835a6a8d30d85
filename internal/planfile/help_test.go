package planfile

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xushi/internal/fault"
)

var update = flag.Bool("update", false, "write the golden files anew")

// lines gives ":line: code" of each fault of an error.
func lines(err error) string {
	var list fault.List
	if !errors.As(err, &list) {
		return err.Error()
	}
	var b strings.Builder
	for _, f := range list {
		fmt.Fprintf(&b, ":%d: %s\n", f.Line, f.Code)
	}
	return b.String()
}

// golden compares with a file of testdata; `go test -update` writes it anew.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

func readTestdata(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// codes gives the codes of faults.
func codes(l fault.List) string {
	all := make([]string, len(l))
	for i, f := range l {
		all[i] = f.Code
	}
	return strings.Join(all, " ")
}
