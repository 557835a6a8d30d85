//go:build unix && !linux

package realprom

import "syscall"

func dieWithParent(*syscall.SysProcAttr) {}
