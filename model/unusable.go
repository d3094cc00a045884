package model

import (
	"errors"

	"dcganviz/internal/refuse"
)

// ErrUnusable marks errors about numbers of a net from which nothing follows: NaN,
// infinite, or all alike. Another model may help, other settings will not.
var ErrUnusable = errors.New("unusable numbers")

// Unusable returns an error of that message that is ErrUnusable.
func Unusable(format string, args ...any) error { return refuse.Of(ErrUnusable, format, args...) }
