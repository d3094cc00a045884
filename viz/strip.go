package viz

import "image"

// Strip draws tiles in one row, as Sheet does with as many columns as there
// are tiles; o.Columns is not used. Errors are those of Sheet.
func Strip(tiles []image.Image, o SheetOptions) (*Picture, error) {
	o.Columns = len(tiles)
	return Sheet(tiles, o)
}
