//go:build unix

package main

import (
	"errors"
	"os"
	"syscall"
)

// alsoEnding end the program as Ctrl-C does: a terminal that closes, and a limit of
// processor time. They may come several times.
var alsoEnding = []os.Signal{syscall.SIGHUP, syscall.SIGXCPU}

// tolerated become errors of a write: nobody reads the pipe any more.
var tolerated = []os.Signal{syscall.SIGPIPE}

// noReader reports whether an error of a write means a pipe without a reader.
func noReader(err error) bool { return errors.Is(err, syscall.EPIPE) }
