package refuse

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

var (
	// ErrCorrupt means that the file is damaged, cut short or of another
	// format: getting or writing it again may help.
	ErrCorrupt = errors.New("corrupt or cut short, get the file again")
	// ErrTooLarge means that the file asks for more than its reader gives.
	ErrTooLarge = errors.New("too large")
	// ErrUnsupported means that the file may well be right, but holds what
	// its reader, or the caller, cannot use.
	ErrUnsupported = errors.New("not supported")
)

// Corrupt returns an error that wraps ErrCorrupt.
func Corrupt(format string, args ...any) error {
	return fmt.Errorf(format+": %w", append(args, ErrCorrupt)...)
}

// TooLarge returns an error that wraps ErrTooLarge.
func TooLarge(format string, args ...any) error {
	return fmt.Errorf(format+": %w", append(args, ErrTooLarge)...)
}

// Unsupported returns an error that wraps ErrUnsupported.
func Unsupported(format string, args ...any) error {
	return fmt.Errorf(format+": %w", append(args, ErrUnsupported)...)
}

// WithKind returns an error that wraps why and kind, and says what why says.
func WithKind(why, kind error) error { return &refusal{why, kind} }

// Of is WithKind for an error of that format.
func Of(kind error, format string, args ...any) error {
	return WithKind(fmt.Errorf(format, args...), kind)
}

type refusal struct{ why, kind error }

func (r *refusal) Error() string   { return r.why.Error() }
func (r *refusal) Unwrap() []error { return []error{r.why, r.kind} }

// maxQuoted bounds how much of a file's own text an error message repeats.
const maxQuoted = 80

// Quote makes text from a file safe to show: on one line, bounded, and without
// the characters that steer a terminal.
func Quote(s string) string {
	if len(s) <= maxQuoted {
		return strconv.Quote(s)
	}
	cut := maxQuoted
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strconv.Quote(s[:cut]) + "..."
}
