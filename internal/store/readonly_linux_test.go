package store

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// asNobody runs a function on a thread whose file accesses are nobody's: root
// may write everything.
func asNobody(t *testing.T, run func()) {
	t.Helper()
	if os.Getuid() == 0 {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := syscall.Setfsuid(65534); err != nil {
			t.Skipf("skipped, needs setfsuid: %v", err)
		}
		defer syscall.Setfsuid(0)
	}
	run()
}

func TestSQLiteReadOnly(t *testing.T) {
	dir, err := os.MkdirTemp("", "xushi-readonly-") // t.TempDir lies in a folder that nobody may enter
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	existing := filepath.Join(dir, "existing.db")
	db, err := Open(t.Context(), "sqlite:"+existing, Options{})
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	locked := filepath.Join(dir, "locked")
	for path, mode := range map[string]os.FileMode{dir: 0o555, existing: 0o444, locked: 0o000} {
		if path == locked {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		defer os.Chmod(path, 0o700)
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	for name, path := range map[string]string{
		"new file":      filepath.Join(dir, "new.db"),
		"existing file": existing,
		"closed folder": filepath.Join(locked, "x.db"),
	} {
		t.Run(name, func(t *testing.T) {
			asNobody(t, func() {
				db, err := Open(t.Context(), "sqlite:"+path, Options{})
				if err == nil {
					db.Close()
					t.Fatal("it was opened")
				}
				wantFault(t, err, "database_readonly", filepath.Dir(path))
			})
		})
	}
}
