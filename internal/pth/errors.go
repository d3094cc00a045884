package pth

import (
	"errors"
	"fmt"

	"dcganviz/internal/refuse"
)

// What errors wrap; the first three come from package refuse.
var (
	ErrCorrupt     = refuse.ErrCorrupt
	ErrTooLarge    = refuse.ErrTooLarge
	ErrUnsupported = refuse.ErrUnsupported
	// ErrForeign means that only running code which the file names could open
	// it; the error says which class or function.
	ErrForeign = errors.New("refused, no code is run for a file")
)

func foreign(format string, args ...any) error {
	return fmt.Errorf(format+": %w", append(args, ErrForeign)...)
}
