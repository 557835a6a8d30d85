// Package require finds the real components that tests need. Where one is missing
// the test is skipped with a line that says so, or fails where the environment
// forbids that: XUSHI_TEST_REQUIRE lists what must not be skipped, or all.
package require

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Env is the environment variable that lists what must not be skipped.
const Env = "XUSHI_TEST_REQUIRE"

// Skip skips a test that needs something the machine lacks, or fails it where
// that thing is required.
func Skip(t testing.TB, name, why string) {
	t.Helper()
	list := strings.FieldsFunc(os.Getenv(Env), func(r rune) bool { return r == ',' || r == ' ' })
	if slices.Contains(list, "all") || slices.Contains(list, name) {
		t.Fatalf("%s is required by %s: %s", name, Env, why)
	}
	t.Skipf("skipped, needs %s: %s", name, why)
}

// Tool gives the path of a program of a Debian package.
func Tool(t testing.TB, program, pkg string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		Skip(t, pkg, "there is no "+program+" in PATH (apt-get install "+pkg+")")
	}
	return path
}
