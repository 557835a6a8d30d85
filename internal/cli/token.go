package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os/user"
	"text/tabwriter"
	"time"

	"xushi/internal/access"
	"xushi/internal/app"
)

// tokenCommands handle bearer tokens.
type tokenCommands struct {
	Create tokenCreate `cmd:"" help:"Make a token and print its secret, this once. 新建令牌"`
	List   tokenList   `cmd:"" help:"List tokens, without secrets. 列出令牌"`
	Revoke tokenRevoke `cmd:"" help:"End a token for good. 作废令牌"`
}

// databaseSettings find the database that a running server uses.
type databaseSettings struct {
	settings
	Demo bool `help:"The demonstration's database. 演示库" env:"XUSHI_DEMO"`
}

// database is the database that the settings name. The folder of the embedded one
// is made where it is not there yet.
func (s *databaseSettings) database() (string, error) {
	dsn, err := s.dsn()
	if err != nil {
		return "", err
	}
	cfg := app.Config{DB: dsn, Data: s.Data, Demo: s.Demo}
	return cfg.Database()
}

// existing is database for commands that have nothing to do with an empty one:
// a slip of the pen must not make a new file beside the real one. Fault no_database.
func (s *databaseSettings) existing() (string, error) {
	dsn, err := s.dsn()
	if err != nil {
		return "", err
	}
	cfg := app.Config{DB: dsn, Data: s.Data, Demo: s.Demo}
	if err := cfg.Exists(); err != nil {
		return "", err
	}
	return cfg.Database()
}

// open opens a database that is there and folds its log.
func (s *databaseSettings) open(ctx context.Context, std Streams) (*app.Core, error) {
	dsn, err := s.existing()
	if err != nil {
		return nil, err
	}
	return s.fold(ctx, std, dsn)
}

// openOrMake is open for commands that may begin a database.
func (s *databaseSettings) openOrMake(ctx context.Context, std Streams) (*app.Core, error) {
	dsn, err := s.database()
	if err != nil {
		return nil, err
	}
	return s.fold(ctx, std, dsn)
}

func (s *databaseSettings) fold(ctx context.Context, std Streams, dsn string) (*app.Core, error) {
	log := slog.New(slog.NewTextHandler(std.Err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	core, err := app.Open(ctx, dsn, time.Now, log)
	if err != nil {
		return nil, err
	}
	if err := core.KeepApart(ctx, s.Demo, actor()); err != nil {
		return nil, errors.Join(err, core.Close())
	}
	return core, nil
}

// actor is how the change log names whoever runs a command.
func actor() string {
	if u, err := user.Current(); err == nil {
		return "cli:" + u.Username
	}
	return "cli"
}

type tokenCreate struct {
	databaseSettings
	Name         string        `required:"" help:"Whose it is or what it is for. 名称"`
	Role         string        `default:"viewer" help:"viewer, statistician, supervisor or administrator. 角色"`
	Organisation string        `help:"Organisation a statistician posts for, such as gulou/fagai. 单位"`
	Expires      time.Duration `help:"How long it is valid, such as 8760h (default: until revoked). 有效期"`
}

// Run makes the token.
func (c *tokenCreate) Run(ctx context.Context, std Streams) (err error) {
	core, err := c.open(ctx, std)
	if err != nil {
		return err
	}
	defer closing(core, &err)
	t := access.Token{Name: c.Name, Role: access.Role(c.Role), Organisation: c.Organisation}
	if c.Expires != 0 {
		expires := time.Now().Add(c.Expires).UTC().Truncate(time.Second)
		t.Expires = &expires
	}
	made, secret, err := core.Directory.Create(ctx, core.Service, actor(), t, core.Board)
	if err != nil {
		return err
	}
	// The secret alone goes to standard output, so that $(xushi token create …) is the token.
	if _, err := fmt.Fprintf(std.Err, "token %s (%s, %s); shown this once, keep it safe. 只显示这一次，请妥善保管。\n", made.ID, made.Name, made.Role); err != nil {
		return err
	}
	_, err = fmt.Fprintln(std.Out, secret)
	return err
}

type tokenList struct {
	databaseSettings
	JSON bool `help:"Print JSON."`
}

// Run lists the tokens.
func (c *tokenList) Run(ctx context.Context, std Streams) (err error) {
	core, err := c.open(ctx, std)
	if err != nil {
		return err
	}
	defer closing(core, &err)
	tokens := core.Directory.List()
	if c.JSON {
		return json.NewEncoder(std.Out).Encode(tokens)
	}
	w := tabwriter.NewWriter(std.Out, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "ID\tROLE\tORGANISATION\tCREATED\tEXPIRES\tNAME")
	for _, t := range tokens {
		expires := "–"
		if t.Expires != nil {
			expires = t.Expires.Format(time.DateOnly)
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Role, t.Organisation, t.Created.Format(time.DateOnly), expires, t.Name)
	}
	return w.Flush()
}

type tokenRevoke struct {
	databaseSettings
	ID string `arg:"" help:"Id of the token. 编号"`
}

// Run ends the token.
func (c *tokenRevoke) Run(ctx context.Context, std Streams) (err error) {
	core, err := c.open(ctx, std)
	if err != nil {
		return err
	}
	defer closing(core, &err)
	return core.Directory.Revoke(ctx, core.Service, actor(), c.ID)
}

// closing closes the core and keeps the first error.
func closing(core *app.Core, err *error) {
	if e := core.Close(); e != nil && *err == nil {
		*err = e
	}
}
