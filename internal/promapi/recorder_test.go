package promapi_test

import (
	"context"
	"encoding/json"

	"xushi/internal/access"
	"xushi/internal/figure"
)

// recorder folds changes of access into a directory, without a database.
type recorder struct{ *access.Directory }

// RecordAccess implements access.Recorder.
func (r recorder) RecordAccess(_ context.Context, actor string, detail json.RawMessage) (*figure.Change, error) {
	c := &figure.Change{Seq: 1, Kind: figure.Access, Actor: actor, Detail: detail}
	r.Fold([]*figure.Change{c})
	return c, nil
}
