package child

import "syscall"

// dieWithParent ends the server when the test's process does, even where that
// is killed and runs no clean-up.
func dieWithParent(a *syscall.SysProcAttr, s syscall.Signal) { a.Pdeathsig = s }
