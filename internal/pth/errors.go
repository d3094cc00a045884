package pth

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

var (
	// ErrCorrupt means that the file is damaged, cut short or no checkpoint.
	ErrCorrupt = errors.New("corrupt or cut short, get the file again")
	// ErrTooLarge means that the file asks for more than this package gives.
	ErrTooLarge = errors.New("too large")
	// ErrUnsupported means that the file may well be right, but holds what
	// this package cannot read or convert.
	ErrUnsupported = errors.New("not supported")
	// ErrForeign means that only running code which the file names could open
	// it; the error says which class or function.
	ErrForeign = errors.New("refused, no code is run for a file")
	// ErrAmbiguous means that a file holds several state dicts and none was
	// asked for; the error lists them.
	ErrAmbiguous = errors.New("ambiguous")
	// ErrNoStateDict means that a file holds no state dict, or none at the
	// path asked for; the error lists those that are there.
	ErrNoStateDict = errors.New("no such state dict")
	// ErrNoTensor means that a state dict has no tensor of the name asked for.
	ErrNoTensor = errors.New("no such tensor")
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

func foreign(format string, args ...any) error {
	return fmt.Errorf(format+": %w", append(args, ErrForeign)...)
}

// maxQuoted bounds how much of a file's own text an error message repeats.
const maxQuoted = 80

// quote makes text from a file safe to show: on one line, bounded, and without
// the characters that steer a terminal.
func quote(s string) string {
	if len(s) <= maxQuoted {
		return strconv.Quote(s)
	}
	cut := maxQuoted
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strconv.Quote(s[:cut]) + "..."
}
