//go:build unix

// Package child runs real servers beside tests and ends them with these.
package child

import (
	"bytes"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// Run starts a server, waits until it is ready, and has stop end it with the
// test. It fails the test where the server ends by itself, is not ready in half a
// minute, or ends with an error.
func Run(t testing.TB, server *exec.Cmd, stop syscall.Signal, ready func() error) {
	t.Helper()
	name := server.Path
	var log bytes.Buffer // read once the server has ended
	server.Stdout, server.Stderr = &log, &log
	if server.SysProcAttr == nil {
		server.SysProcAttr = &syscall.SysProcAttr{}
	}
	dieWithParent(server.SysProcAttr, stop)
	started, ended := make(chan error), make(chan error, 1)
	go func() {
		// Where the server dies with its parent, the parent is this thread.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := server.Start()
		started <- err
		if err == nil {
			ended <- server.Wait()
		}
	}()
	if err := <-started; err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(stop)
		var err error
		select {
		case err = <-ended:
		case <-time.After(10 * time.Second):
			_ = server.Process.Kill()
			err = <-ended
		}
		if err != nil {
			t.Errorf("%s ended: %v\n%s", name, err, log.String())
		}
	})
	for give := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		err := ready()
		if err == nil {
			return
		}
		select {
		case e := <-ended:
			ended <- e
			t.Fatalf("%s ended: %v\n%s", name, e, log.String())
		default:
		}
		if time.Now().After(give) {
			t.Fatalf("%s does not become ready: %v", name, err)
		}
	}
}
