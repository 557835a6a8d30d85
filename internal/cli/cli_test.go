package cli

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"xushi/internal/app"
	"xushi/internal/fault"
)

func TestWrongLine(t *testing.T) {
	for _, args := range [][]string{
		{"serve", "--log-level", "loud"}, {"serve", "--nonsense"}, {"serve", "--config", "absent.yaml"}, {"plan"}, {"plan", "show"}, {"frobnicate"},
	} {
		code, out, errs := run(t, args...)
		if code != 2 || out != "" || !strings.HasSuffix(errs, "]\n") || strings.Count(errs, "\n") != 1 {
			t.Errorf("%q: %d %q %q", args, code, out, errs)
		}
	}
	if code, out, errs := run(t, "--version"); code != 0 || out != app.Version()+"\n" || errs != "" {
		t.Errorf("%d %q %q", code, out, errs)
	}
}

func TestReport(t *testing.T) {
	a, b := fault.New("a", "甲。", "A."), fault.New("b", "乙。", "B.").InFile("x.yaml", 3, 4)
	for _, tt := range []struct {
		err  error
		want string
	}{
		{errors.New("disk full"), "xushi: disk full\n"},
		{a, "error: 甲。 A. [a]\n"},
		{fmt.Errorf("open the database: %w", a), "error: 甲。 A. [a] (open the database)\n"},
		{fault.List{a, b}, "error: 甲。 A. [a]\nx.yaml:3:4: error: 乙。 B. [b]\n"},
		{errors.Join(a, errors.New("not flushed")), "error: 甲。 A. [a]\nxushi: not flushed\n"},
	} {
		var w strings.Builder
		if report(&w, tt.err); w.String() != tt.want {
			t.Errorf("%q, want %q", w.String(), tt.want)
		}
	}
}
