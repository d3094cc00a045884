package main

import (
	"io"
)

// writeAll returns a function that writes contents, for fileio.WriteFile.
func writeAll(contents []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(contents)
		return err
	}
}
