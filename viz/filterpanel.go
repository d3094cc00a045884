package viz

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"

	"golang.org/x/image/draw"
)

// mapQuantile of a map's magnitudes is where SignedMap saturates, so that a
// single pixel does not make all others grey.
const mapQuantile = .995

// SignedMap draws a map of signed values, [H, W, C] with C 1 or 3, as a picture
// as ToImage gives it: zero is grey (level 128), and black and white are the
// magnitude that all but one in 200 of the values other than zero lie below.
// Each map has its own scale; one that is all zero is grey. Its errors are those
// of ToImage.
func SignedMap(data []float32, h, w, c int) (image.Image, error) {
	var sizes []float64
	for _, v := range data {
		if v != 0 && finite(float64(v)) {
			sizes = append(sizes, math.Abs(float64(v)))
		}
	}
	limit := 1.0
	if len(sizes) > 0 {
		slices.Sort(sizes)
		limit = sizes[int(mapQuantile*float64(len(sizes)-1))]
	}
	scaled := make([]float32, len(data))
	for i, v := range data {
		scaled[i] = float32(float64(v) / limit)
	}
	return ToImage(scaled, h, w, c)
}

// A FilterBlock is a block of a filter panel: as many rows as there are units.
type FilterBlock struct {
	// Caption stands below the block.
	Caption string
	// Tiles are the block's, row by row.
	Tiles []image.Image
	// Boxes are framed, one in each tile, in pixels of the tile; nil, or one
	// that is empty, for none.
	Boxes []image.Rectangle
}

// FilterPanelOptions say how FilterPanel lays out its blocks.
type FilterPanelOptions struct {
	// Columns is how many tiles a row of a block has. Zero: 5.
	Columns int
	// TilePx is the side of a tile as drawn, at most 1024: pixels are enlarged
	// without smoothing. Zero: 128.
	TilePx int
	// RowLabels stand left of the rows, one each; nil for none.
	RowLabels []string
	// BoxColor is the colour of the frames. Nil: Swatch(1).
	BoxColor color.Color
}

// boxPx is the width of a frame, without the line of paper inside it.
const boxPx = 2

// FilterPanel draws blocks of tiles side by side, their rows in line: a row for
// each unit, a column for each image. Tiles may have any size and are drawn as
// squares. No block, blocks of different numbers of tiles, a tile that is
// missing, and a number of boxes or labels that does not fit are errors.
func FilterPanel(blocks []FilterBlock, o FilterPanelOptions) (*Picture, error) {
	o.Columns, o.TilePx = cmp.Or(o.Columns, 5), cmp.Or(o.TilePx, 128)
	if o.Columns < 0 || o.TilePx < 1 || o.TilePx > 1024 || len(blocks) == 0 {
		return nil, fmt.Errorf("viz: filter panel: %d blocks of %d columns of %d px, want one or more, and 1 to 1024 px", len(blocks), o.Columns, o.TilePx)
	}
	c := cmp.Or(o.BoxColor, color.Color(Swatch(1)))
	var parts []Part
	for i, b := range blocks {
		if len(b.Tiles) != len(blocks[0].Tiles) || b.Boxes != nil && len(b.Boxes) != len(b.Tiles) {
			return nil, fmt.Errorf("viz: filter panel: block %d has %d tiles and %d boxes, want %d tiles as the first, and a box for each or none", i, len(b.Tiles), len(b.Boxes), len(blocks[0].Tiles))
		}
		tiles := make([]image.Image, len(b.Tiles))
		for k, t := range b.Tiles {
			if t == nil || t.Bounds().Empty() {
				return nil, fmt.Errorf("viz: filter panel: block %d: tile %d is missing", i, k)
			}
			var box image.Rectangle
			if b.Boxes != nil {
				box = b.Boxes[k]
			}
			tiles[k] = boxed(t, box, o.TilePx, c)
		}
		so := SheetOptions{Columns: o.Columns, GapPx: 2}
		if i == 0 {
			so.RowLabels = o.RowLabels
		}
		sheet, err := Sheet(tiles, so)
		if err != nil {
			return nil, fmt.Errorf("viz: filter panel: block %d: %w", i, err)
		}
		parts = append(parts, Part{Image: sheet, Caption: b.Caption})
	}
	return Stack(parts, StackOptions{Row: true})
}

// boxed returns a tile as a square of sidePx with a frame around a box in it.
// The frame lies inside the tile, its outer edge on the box where there is room.
func boxed(tile image.Image, box image.Rectangle, sidePx int, c color.Color) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, sidePx, sidePx))
	b := tile.Bounds()
	draw.NearestNeighbor.Scale(out, out.Rect, bare(tile), b, draw.Src, nil)
	box = box.Intersect(image.Rect(0, 0, b.Dx(), b.Dy()))
	if box.Empty() {
		return out
	}
	frame := image.Rect(box.Min.X*sidePx/b.Dx(), box.Min.Y*sidePx/b.Dy(), box.Max.X*sidePx/b.Dx(), box.Max.Y*sidePx/b.Dy())
	if min(frame.Dx(), frame.Dy()) > 4*boxPx {
		ring(out, frame.Inset(boxPx), 1, paper)
	}
	ring(out, frame, boxPx, c)
	return out
}
