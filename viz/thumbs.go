package viz

import (
	"fmt"
	"image"
	"image/draw"

	xdraw "golang.org/x/image/draw"
)

// ThumbPx is the side of the tiles that Thumbs draws. JPEG stores blocks of 16
// pixels a side where colours have half the resolution: tiles of whole blocks do
// not run into each other.
const ThumbPx = 32

// Thumbs draws pictures again as squares of ThumbPx pixels a side, in a grid
// with as many columns as rows or one more: all of many pictures, small. Its
// tiles are in their order.
//
// No pictures, more than 2^17, and one that is nil or empty are errors.
func Thumbs(tiles []image.Image) (*Picture, error) {
	n := len(tiles)
	if n == 0 {
		return nil, fmt.Errorf("viz: thumbs: no pictures, want at least one")
	}
	if err := checkCount("pictures", n, maxScattered); err != nil {
		return nil, fmt.Errorf("viz: thumbs: %w", err)
	}
	columns := DefaultColumns(n)
	places := Tiles{Count: n, W: ThumbPx, H: ThumbPx, DX: ThumbPx, DY: ThumbPx, Columns: columns}
	img := image.NewRGBA(image.Rect(0, 0, columns*ThumbPx, (n+columns-1)/columns*ThumbPx))
	draw.Draw(img, img.Rect, image.NewUniform(paper), image.Point{}, draw.Src)
	for i, t := range tiles {
		if t == nil || t.Bounds().Empty() {
			return nil, fmt.Errorf("viz: thumbs: picture %d is missing or empty", i)
		}
		xdraw.CatmullRom.Scale(img, places.Tile(i), bare(t), t.Bounds(), draw.Over, nil)
	}
	return &Picture{RGBA: img, Tiles: []Tiles{places}}, nil
}
