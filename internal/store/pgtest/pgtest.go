//go:build unix

// Package pgtest starts a real PostgreSQL server for tests.
package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"xushi/internal/testkit/child"
	"xushi/internal/testkit/require"

	_ "github.com/jackc/pgx/v5/stdlib" // driver pgx
)

// Environment variables.
const (
	// EnvDSN names a server to use instead of starting one; its user must be
	// allowed to make databases.
	EnvDSN = "XUSHI_TEST_POSTGRES"
)

// Server is a running PostgreSQL.
type Server struct {
	admin  *url.URL // database postgres, over the fastest way there is
	tcp    string   // host:port, "" for a server of the environment
	secret string   // password for the way over tcp
}

// Start gives a server that stops when the test ends, or the one of the
// environment. Without PostgreSQL it skips the test. The server syncs as in
// real service.
func Start(t testing.TB) *Server {
	t.Helper()
	if dsn := os.Getenv(EnvDSN); dsn != "" {
		u, err := url.Parse(dsn)
		if err != nil {
			t.Fatalf("%s is not a postgres:// address", EnvDSN)
		}
		return &Server{admin: u}
	}
	bin := findBinaries()
	if bin == "" {
		require.Skip(t, "postgres", "no PostgreSQL in /usr/lib/postgresql/*/bin or PATH (apt-get install postgresql)")
	}
	owner, err := serverUser()
	if err != nil {
		require.Skip(t, "postgres", err.Error())
	}
	// Not t.TempDir: the server's user could not get into it.
	dir, err := os.MkdirTemp("", "xushi-pg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &Server{secret: rand.Text()}
	secretFile := filepath.Join(dir, "secret")
	if err := os.WriteFile(secretFile, []byte(s.secret), 0o600); err != nil {
		t.Fatal(err)
	}
	if owner != nil {
		for _, path := range []string{dir, secretFile} {
			if err := os.Chown(path, int(owner.Uid), int(owner.Gid)); err != nil {
				t.Fatal(err)
			}
		}
	}
	data := filepath.Join(dir, "data")
	initdb := exec.CommandContext(t.Context(), filepath.Join(bin, "initdb"), "-D", data, "-U", "xushi", "-E", "UTF8", "--locale=C.UTF-8",
		"--auth-local=trust", "--auth-host=scram-sha-256", "--pwfile="+secretFile, "--no-sync", "--no-instructions")
	initdb.Dir = dir
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: owner}
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	port := freePort(t)
	s.tcp = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	s.admin = &url.URL{Scheme: "postgres", User: url.User("xushi"), Path: "/postgres",
		RawQuery: url.Values{"host": {dir}, "port": {strconv.Itoa(port)}}.Encode()}
	// Not t.Context: the server outlives it, to the end of the clean-up.
	server := exec.CommandContext(context.Background(), filepath.Join(bin, "postgres"), "-D", data, "-k", dir, "-p", strconv.Itoa(port), "-h", "127.0.0.1")
	server.Dir = dir
	server.SysProcAttr = &syscall.SysProcAttr{Credential: owner}
	db, err := sql.Open("pgx", s.admin.String())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	child.Run(t, server, syscall.SIGINT, func() error { return db.PingContext(t.Context()) }) // SIGINT is a fast shutdown
	return s
}

var databases atomic.Int64

// Database makes an empty database, dropped when the test ends, and gives its address.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("xushi_test_%d_%d", os.Getpid(), databases.Add(1))
	s.Exec(t, "CREATE DATABASE "+name)
	t.Cleanup(func() { s.Exec(t, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	u := *s.admin
	u.Path = "/" + name
	return u.String()
}

// Exec runs a statement as the server's administrator.
func (s *Server) Exec(t testing.TB, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", s.admin.String())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	// Not t.Context: clean-up runs after it has ended.
	if _, err := db.ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// TCP gives the server's host:port and the password of its user xushi, which
// is needed there. It skips the test where the server is the environment's.
func (s *Server) TCP(t testing.TB) (address, password string) {
	t.Helper()
	if s.tcp == "" {
		t.Skipf("skipped, needs a server of its own: %s is set", EnvDSN)
	}
	return s.tcp, s.secret
}

// findBinaries gives the folder of the newest PostgreSQL, "" where there is none.
func findBinaries() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is well-formed
	slices.SortFunc(found, func(a, b string) int {
		version := func(p string) int {
			n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(p))))
			return n
		}
		return version(b) - version(a)
	})
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		return ""
	}
	return filepath.Dir(found[0])
}

// serverUser is whom the server runs as: PostgreSQL refuses to run as root.
// nil is the present user.
func serverUser() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("running as root, and there is no user postgres to run the server as")
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32) // numbers on unix
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return port
}
