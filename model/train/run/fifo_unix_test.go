//go:build unix

package run

import "syscall"

func fifo(path string) error { return syscall.Mkfifo(path, 0o666) }
