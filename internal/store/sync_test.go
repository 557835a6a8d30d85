package store_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"xushi/internal/testkit/require"
)

// TestSyncBeforeAcknowledgement watches the system calls of a process that
// posts. Killing a process does not show whether its data reached the disk, for
// the kernel keeps what was only written. So between a write to the write-ahead
// log and the acknowledgement after it there must be a sync of that file.
func TestSyncBeforeAcknowledgement(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		require.Skip(t, "strace", "it is not installed (apt-get install strace)")
	}
	if out, err := exec.Command("strace", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		require.Skip(t, "strace", "the system does not let it trace: "+string(out))
	}
	dsn := freshSQLite(t)
	wal := strings.TrimPrefix(dsn, "sqlite:") + "-wal"
	trace := filepath.Join(t.TempDir(), "trace")

	cmd := poster(t, dsn, "poster", "strace", "-f", "-y", "-o", trace, "-e", "trace=fsync,fdatasync,write,pwrite64")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	watchdog := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer watchdog.Stop()
	lines := bufio.NewScanner(out)
	for range 200 {
		lines.Scan()
	}
	out.Close() // the process ends when it speaks to nobody, and strace after it
	cmd.Wait()

	content, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	if n := checkTrace(t, string(content), wal); n < 200 {
		t.Errorf("only %d acknowledgements were traced", n)
	} else {
		t.Logf("%d acknowledgements, each after a sync", n)
	}
}

// A line is PID CALL(FD<PATH>, …) = RESULT, or its two halves where another
// thread came between.
var (
	traceCall    = regexp.MustCompile(`^(\d+) +(\w+)\(\d+<([^>]*)>(.*)$`)
	traceResumed = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>.*= (\S+)`)
)

// checkTrace counts the acknowledgements and reports those before which the
// write-ahead log was written and not synced.
func checkTrace(t *testing.T, trace, wal string) (acknowledgements int) {
	t.Helper()
	unsynced, syncs := false, 0
	halves := map[string]string{} // by pid, the path of a call that has begun
	ended := func(call, path, result string) {
		if path == wal && (call == "fsync" || call == "fdatasync") {
			if result != "0" {
				t.Errorf("%s of the write-ahead log gave %s", call, result)
			}
			unsynced = false
			syncs++
		}
	}
	for line := range strings.SplitSeq(trace, "\n") {
		if m := traceResumed.FindStringSubmatch(line); m != nil {
			ended(m[2], halves[m[1]], m[3])
			continue
		}
		m := traceCall.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		pid, call, path, rest := m[1], m[2], m[3], m[4]
		switch {
		case path == wal && (call == "write" || call == "pwrite64"):
			unsynced = true
		case strings.HasPrefix(path, "pipe:") && strings.Contains(rest, `"ack `):
			acknowledgements++
			if unsynced || syncs == 0 {
				t.Errorf("acknowledgement %d came before the sync: %s", acknowledgements, line)
			}
			syncs = 0
		}
		if strings.Contains(rest, "<unfinished ...>") {
			halves[pid] = path
		} else {
			ended(call, path, strings.TrimSpace(rest[strings.LastIndex(rest, "=")+1:]))
		}
	}
	return acknowledgements
}

// The check itself must see a missing sync.
func TestSyncCheckSees(t *testing.T) {
	const write, sync, ack = "7 pwrite64(5</d/x-wal>, \"\"..., 9, 0) = 9\n", "7 fdatasync(5</d/x-wal>) = 0\n", "8 write(1<pipe:[3]>, \"ack a/1\\n\", 8) = 8\n"
	for name, test := range map[string]struct {
		trace string
		fails bool
	}{
		"synced":          {write + sync + ack + write + sync + ack, false},
		"in two halves":   {write + "7 fdatasync(5</d/x-wal> <unfinished ...>\n" + "7 <... fdatasync resumed>) = 0\n" + ack, false},
		"not synced":      {write + sync + ack + write + ack, true},
		"synced too late": {write + "7 fdatasync(5</d/x-wal> <unfinished ...>\n" + ack + "7 <... fdatasync resumed>) = 0\n", true},
		"another file":    {write + "7 fdatasync(6</d/x>) = 0\n" + ack, true},
		"sync failed":     {write + "7 fdatasync(5</d/x-wal>) = -1 EIO\n" + ack, true},
		"nothing written": {write + sync + ack + ack, true},
	} {
		probe := &testing.T{}
		checkTrace(probe, test.trace, "/d/x-wal")
		if probe.Failed() != test.fails {
			t.Errorf("%s: failed is %v", name, probe.Failed())
		}
	}
}
