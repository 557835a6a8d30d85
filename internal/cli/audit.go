package cli

import (
	"context"
	"fmt"
	"time"

	"xushi/internal/app"
)

// auditCommands look at the change log.
type auditCommands struct {
	Verify auditVerify `cmd:"" help:"Check the change log's hash chain from end to end. 核验变更记录"`
}

type auditVerify struct{ databaseSettings }

// Run prints the log's head, or names the first change that does not fit.
func (c *auditVerify) Run(ctx context.Context, std Streams) error {
	dsn, err := c.existing()
	if err != nil {
		return err
	}
	seq, head, err := app.Verify(ctx, dsn, time.Now)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.Out, "ok: %s, head %x\n变更记录完整：%d 条。把条数和摘要另记一处，日后可证明此前未被改动。\n", count(int(seq), "change", "changes"), head, seq)
	return err
}
