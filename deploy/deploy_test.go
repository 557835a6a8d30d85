// Package deploy_test holds what an operator starts against what the repo has.
package deploy_test

import (
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
)

func TestComposeFileName(t *testing.T) {
	if len(cli.DefaultFileNames) == 0 {
		t.Error("compose-go knows no file names")
	}
}
