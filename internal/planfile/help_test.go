package planfile

import (
	"errors"
	"fmt"
	"strings"

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
