package npy

import "dcganviz/internal/refuse"

// What errors wrap. All come from package refuse.
var (
	ErrCorrupt     = refuse.ErrCorrupt
	ErrTooLarge    = refuse.ErrTooLarge
	ErrUnsupported = refuse.ErrUnsupported
)
