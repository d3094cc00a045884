package viz

import (
	"crypto/sha256"
	"encoding/hex"
	"image"
	"slices"
)

// A Picture is a drawing that knows where its tiles lie, so that whoever shows
// it can point at one.
type Picture struct {
	*image.RGBA
	// Tiles are its groups of tiles, in the order that they were given in. A sheet
	// has one group, and a filter panel one for each block. An equation has one for
	// each term and then its mean. A stack has the groups of its parts.
	Tiles []Tiles
	// Plots are its plots. A stack has the plots of its parts, in their order.
	Plots []Plot
	// Body is the height of all that lies above the footer; 0 where there is none.
	Body int
}

// A Plot identifies what a plot shows where its data are: axes, legend and labels
// do not count, so that it stays the same when words change.
type Plot struct {
	// W and H are the size of that part in pixels.
	W int `json:"w"`
	H int `json:"h"`
	// SHA256 is the digest, in hex, of its pixels, row by row as R, G, B, A.
	SHA256 string `json:"sha256"`
}

// inside identifies what is drawn in a part of img.
func inside(img *image.RGBA, part image.Rectangle) Plot {
	part = part.Intersect(img.Rect)
	h := sha256.New()
	for y := part.Min.Y; y < part.Max.Y; y++ {
		at := img.PixOffset(part.Min.X, y)
		h.Write(img.Pix[at : at+4*part.Dx()])
	}
	return Plot{part.Dx(), part.Dy(), hex.EncodeToString(h.Sum(nil))}
}

// Tiles are where equal rectangles lie in a picture, in pixels from its upper
// left corner.
type Tiles struct {
	// Count tiles of W x H pixels; those that are missing count too.
	Count int `json:"count"`
	W     int `json:"w"`
	H     int `json:"h"`
	// In a grid, tile i is at (X0 + i%Columns*DX, Y0 + i/Columns*DY).
	X0      int `json:"x0"`
	Y0      int `json:"y0"`
	DX      int `json:"dx,omitempty"`
	DY      int `json:"dy,omitempty"`
	Columns int `json:"columns,omitempty"`
	// At are the corners of tiles that are in no grid, from (X0, Y0); nil for a
	// grid.
	At [][2]int `json:"at,omitempty"`
}

// Tile is where tile i lies, 0 to Count-1.
func (t Tiles) Tile(i int) image.Rectangle {
	at := image.Pt(t.X0, t.Y0)
	if t.At != nil {
		at = at.Add(image.Pt(t.At[i][0], t.At[i][1]))
	} else {
		at = at.Add(image.Pt(i%t.Columns*t.DX, i/t.Columns*t.DY))
	}
	return image.Rectangle{at, at.Add(image.Pt(t.W, t.H))}
}

// moved returns a picture's tiles as they lie when its corner is at p.
func moved(tiles []Tiles, p image.Point) []Tiles {
	out := slices.Clone(tiles)
	for i := range out {
		out[i].X0 += p.X
		out[i].Y0 += p.Y
	}
	return out
}

// bare returns the pixels of a Picture, which image/draw knows how to copy, and
// any other image as it is.
func bare(img image.Image) image.Image {
	if p, ok := img.(*Picture); ok {
		return p.RGBA
	}
	return img
}

// DefaultColumns is how many columns a sheet of n tiles has unless told: the
// smallest whole number whose square is at least n.
func DefaultColumns(n int) int {
	c := 0
	for c*c < n {
		c++
	}
	return c
}
