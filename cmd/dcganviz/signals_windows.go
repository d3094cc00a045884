package main

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// There is nothing beside Ctrl-C and what Go takes for SIGTERM, such as a console that
// closes; and no signal of a write.
var alsoEnding, tolerated []os.Signal

// noReader reports whether an error of a write means a pipe without a reader.
func noReader(err error) bool {
	return errors.Is(err, windows.ERROR_BROKEN_PIPE) || errors.Is(err, windows.ERROR_NO_DATA)
}
