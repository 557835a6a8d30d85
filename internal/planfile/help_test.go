package planfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xushi/internal/fault"
)

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
