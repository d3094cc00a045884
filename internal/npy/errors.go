package npy

import (
	"errors"
	"fmt"
	"strconv"
)

var (
	// ErrCorrupt means that the file is damaged, cut short or no .npy file.
	ErrCorrupt = errors.New("corrupt or cut short, get the file again")
	// ErrTooLarge means that the file asks for more than this package gives.
	ErrTooLarge = errors.New("too large")
	// ErrUnsupported means that the file may well be right, but holds what
	// this package, or the caller, cannot use.
	ErrUnsupported = errors.New("not supported")
)

func corrupt(format string, args ...any) error {
	return fmt.Errorf(format+": %w", append(args, ErrCorrupt)...)
}

func tooLarge(format string, args ...any) error {
	return fmt.Errorf(format+": %w", append(args, ErrTooLarge)...)
}

func unsupported(format string, args ...any) error {
	return fmt.Errorf(format+": %w", append(args, ErrUnsupported)...)
}

// maxQuoted bounds how much of a file's own text an error message repeats.
const maxQuoted = 80

// quote makes text from a file safe to show: on one line and bounded.
func quote(s string) string {
	if len(s) > maxQuoted {
		return strconv.QuoteToASCII(s[:maxQuoted]) + "..."
	}
	return strconv.QuoteToASCII(s)
}
