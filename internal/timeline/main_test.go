package timeline_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain has the random years be few: each looks at everything. The command
// line has the last word: -rapid.checks=1000.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "30"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
