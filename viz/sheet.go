package viz

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"github.com/disintegration/imaging"
)

// SheetOptions says how Sheet lays out its tiles. The zero value is a grid
// as square as possible, without gap, border or text.
type SheetOptions struct {
	// Columns is the number of tiles in a row. Zero: DefaultColumns.
	Columns int
	// Scale enlarges each tile by a whole factor, pixel by pixel. Zero: 1.
	Scale int
	// Smooth enlarges by Catmull and Rom's cubic in place of blocks.
	Smooth bool
	// GapPx is the space between tiles, BorderPx the space around the grid.
	// Text needs air: with any of it the border is at least 12.
	GapPx, BorderPx int
	// Background fills what no tile covers. Nil: white.
	Background color.Color
	// Marks are frames around tiles, drawn in order.
	Marks []Mark

	// Title stands above the sheet, Footer (the place for a picture's
	// numbers) below it. Both wrap to the sheet's width.
	Title, Footer string
	// Captions stand below each tile, RowLabels left of each row and
	// ColumnLabels above each column: none, or one for each. A line break
	// starts a new line; what is too wide ends in an ellipsis.
	Captions, RowLabels, ColumnLabels []string
	// TextPx is the size of the text. Zero: 13.
	TextPx float64
}

// A Mark frames one tile of a sheet.
//
// The frame lies in the gap as far as there is one (and a border as wide),
// and otherwise on the edge of the tile. From 4 pixels up the innermost is
// white.
type Mark struct {
	// Tile is the index of the tile, row by row.
	Tile int
	// Color of the frame. Nil: Swatch(1), a red that prints well.
	Color color.Color
	// WidthPx of the frame. Zero: 4.
	WidthPx int
}

// Sheet draws tiles in a grid, row by row.
//
// All tiles must have the same size; a nil tile leaves its place empty, and
// so do missing tiles at the end of the last row. Without text, the sheet is
// exactly the tiles, the gaps and the border: 100 tiles of 64x64 give
// 640x640. Tiles are not modified. Options that do not fit the tiles, no
// tiles, and sheets above 2^28 pixels are errors.
func Sheet(tiles []image.Image, o SheetOptions) (*Picture, error) {
	g, err := newGrid(tiles, o)
	if err != nil {
		return nil, fmt.Errorf("viz: sheet: %w", err)
	}
	t, err := newSheetText(&g, o)
	if err != nil {
		return nil, fmt.Errorf("viz: sheet: %w", err)
	}
	if g.height > maxPixels/g.width {
		return nil, fmt.Errorf("viz: sheet: %dx%d pixels, want at most %d", g.width, g.height, maxPixels)
	}
	sheet := image.NewRGBA(image.Rect(0, 0, g.width, g.height))
	background := cmp.Or(o.Background, color.Color(paper))
	draw.Draw(sheet, sheet.Rect, image.NewUniform(background), image.Point{}, draw.Src)
	for i, tile := range tiles {
		if tile != nil {
			if o.Smooth {
				enlargeSmoothly(sheet, g.cell(i), tile)
				continue
			}
			enlarge(sheet, g.cell(i), tile, g.scale)
		}
	}
	for _, m := range o.Marks {
		g.frame(sheet, m)
	}
	if t != nil {
		t.draw(sheet, &g)
	}
	p := &Picture{RGBA: sheet, Tiles: []Tiles{g.layout()}}
	if t != nil {
		p.Body = t.footerTop
	}
	return p, nil
}

// A grid is the geometry of a sheet, in pixels.
type grid struct {
	tiles          int
	columns, rows  int
	scale          int
	tileW, tileH   int         // a tile as drawn
	pitchX, pitchY int         // from one tile to the next
	origin         image.Point // of the first tile
	gap, border    int
	width, height  int // of the whole sheet
}

// newGrid checks the tiles and options and lays out the grid without text.
func newGrid(tiles []image.Image, o SheetOptions) (grid, error) {
	size, err := tileSize(tiles)
	if err != nil {
		return grid{}, err
	}
	// Each number is bounded by itself, so that no product below overflows.
	for _, v := range []struct {
		name  string
		value int
	}{{"columns", o.Columns}, {"scale", o.Scale}, {"gap", o.GapPx}, {"border", o.BorderPx}, {"tile width", size.X}, {"tile height", size.Y}} {
		if v.value < 0 || v.value > 1<<16 {
			return grid{}, fmt.Errorf("%s %d, want 0 to %d", v.name, v.value, 1<<16)
		}
	}
	if err := checkTextPx(o.TextPx); err != nil {
		return grid{}, err
	}
	g := grid{tiles: len(tiles), scale: max(1, o.Scale), gap: o.GapPx, border: o.BorderPx}
	g.columns = cmp.Or(o.Columns, DefaultColumns(len(tiles)))
	g.rows = (len(tiles) + g.columns - 1) / g.columns
	g.tileW, g.tileH = size.X*g.scale, size.Y*g.scale
	g.pitchX, g.pitchY = g.tileW+g.gap, g.tileH+g.gap
	g.origin = image.Pt(g.border, g.border)
	g.width = g.columns*g.pitchX - g.gap + 2*g.border
	g.height = g.rows*g.pitchY - g.gap + 2*g.border
	for i, m := range o.Marks {
		if m.Tile < 0 || m.Tile >= len(tiles) {
			return grid{}, fmt.Errorf("mark %d is on tile %d, want 0 to %d", i, m.Tile, len(tiles)-1)
		}
		if m.WidthPx < 0 {
			return grid{}, fmt.Errorf("mark %d is %d px wide, want at least 0", i, m.WidthPx)
		}
	}
	return g, nil
}

// tileSize is the size that all tiles share.
func tileSize(tiles []image.Image) (image.Point, error) {
	first := -1
	var size image.Point
	for i, tile := range tiles {
		if tile == nil {
			continue
		}
		s := tile.Bounds().Size()
		if first < 0 {
			first, size = i, s
		}
		if s.X < 1 || s.Y < 1 {
			return size, fmt.Errorf("tile %d is %dx%d, want at least 1x1", i, s.X, s.Y)
		}
		if s != size {
			return size, fmt.Errorf("tile %d is %dx%d, want %dx%d as tile %d", i, s.X, s.Y, size.X, size.Y, first)
		}
	}
	if first < 0 {
		return size, fmt.Errorf("no tile among %d, want at least one", len(tiles))
	}
	return size, nil
}

// layout is the grid as others see it.
func (g *grid) layout() Tiles {
	return Tiles{Count: g.tiles, W: g.tileW, H: g.tileH, X0: g.origin.X, Y0: g.origin.Y, DX: g.pitchX, DY: g.pitchY, Columns: g.columns}
}

// cell is where tile i is drawn.
func (g *grid) cell(i int) image.Rectangle {
	at := g.origin.Add(image.Pt(i%g.columns*g.pitchX, i/g.columns*g.pitchY))
	return image.Rectangle{at, at.Add(image.Pt(g.tileW, g.tileH))}
}

// frame draws a mark.
func (g *grid) frame(sheet *image.RGBA, m Mark) {
	width, c := cmp.Or(m.WidthPx, 4), cmp.Or(m.Color, color.Color(Swatch(1)))
	outer := g.cell(m.Tile).Inset(-min(width, g.gap, g.border))
	if width >= 4 {
		// One line of paper inside the colour, so that the frame stands out
		// from a tile of its own colour.
		ring(sheet, outer.Inset(width-1), 1, paper)
		width--
	}
	ring(sheet, outer, width, c)
}

// ring draws the edge of r, width pixels wide, inward.
func ring(dst *image.RGBA, r image.Rectangle, width int, c color.Color) {
	src := image.NewUniform(c)
	width = min(width, (min(r.Dx(), r.Dy())+1)/2)
	inner := r.Inset(width)
	if inner.Empty() {
		draw.Draw(dst, r, src, image.Point{}, draw.Over)
		return
	}
	// Top and bottom take the corners, the sides what is left between them,
	// so that a translucent colour is laid on each pixel once.
	for _, side := range []image.Rectangle{
		{r.Min, image.Pt(r.Max.X, inner.Min.Y)},
		{image.Pt(r.Min.X, inner.Max.Y), r.Max},
		{image.Pt(r.Min.X, inner.Min.Y), image.Pt(inner.Min.X, inner.Max.Y)},
		{image.Pt(inner.Max.X, inner.Min.Y), image.Pt(r.Max.X, inner.Max.Y)},
	} {
		draw.Draw(dst, side, src, image.Point{}, draw.Over)
	}
}

// enlarge draws src over dst at r, each pixel as scale x scale pixels.
func enlarge(dst *image.RGBA, r image.Rectangle, src image.Image, scale int) {
	src = bare(src)
	if n, ok := src.(*image.NRGBA); ok && n.Opaque() {
		// The same bytes as premultiplied colour, which are drawn faster.
		src = &image.RGBA{Pix: n.Pix, Stride: n.Stride, Rect: n.Rect}
	}
	from := src.Bounds().Min
	if scale == 1 {
		op := draw.Over
		if m, ok := src.(*image.RGBA); ok && m.Opaque() {
			op = draw.Src // copies rows
		}
		draw.Draw(dst, r, src, from, op)
		return
	}
	// What lies below is one colour, so blending may come before enlarging.
	small := image.NewRGBA(image.Rect(0, 0, r.Dx()/scale, r.Dy()/scale))
	draw.Draw(small, small.Rect, image.NewUniform(dst.RGBAAt(r.Min.X, r.Min.Y)), image.Point{}, draw.Src)
	draw.Draw(small, small.Rect, src, from, draw.Over)
	for y := range small.Rect.Dy() {
		line := dst.Pix[dst.PixOffset(r.Min.X, r.Min.Y+y*scale):][:4*r.Dx()]
		for x := range small.Rect.Dx() {
			for k := range scale {
				copy(line[4*(x*scale+k):], small.Pix[y*small.Stride+4*x:][:4])
			}
		}
		for k := 1; k < scale; k++ {
			copy(dst.Pix[dst.PixOffset(r.Min.X, r.Min.Y+y*scale+k):], line)
		}
	}
}

// enlargeSmoothly draws src over dst at r, with pixels between those of src. What lies
// beyond an edge is as the edge.
func enlargeSmoothly(dst *image.RGBA, r image.Rectangle, src image.Image) {
	draw.Draw(dst, r, imaging.Resize(bare(src), r.Dx(), r.Dy(), imaging.CatmullRom), image.Point{}, draw.Over)
}
