package board_test

import (
	"testing"

	testworld "xushi/internal/testkit/world"
)

// world is a world with what these tests do to it.
type world struct{ *testworld.World }

func newWorld(t testing.TB) *world { return &world{testworld.New(t)} }

var (
	moment = testworld.Moment
	row    = testworld.Row
	known  = testworld.Known
	head   = testworld.Head

	everyKind = testworld.EveryKind
	versions  = testworld.EveryKindVersions
)
