package viz

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"

	xdraw "golang.org/x/image/draw"
)

// AtlasOptions says how Atlas lays pictures out. The zero value is a plane of
// 1120 pixels with tiles of 28.
type AtlasOptions struct {
	// SidePx is the side of the plane, and TilePx the side of a picture on it. Zero:
	// 1120 and 28.
	SidePx, TilePx int
	// Grid puts each picture on the nearest place of a grid, where nothing
	// covers anything.
	Grid bool
	// Frames are the colours of lines around the pictures: none, or one each.
	Frames []color.NRGBA
}

// Atlas draws pictures at their places in a plane, at most one to a cell of a
// grid of their size, and returns which it drew, in order: those are its tiles.
//
// Of pictures whose places are in one cell the one nearest to the cell's middle
// is drawn: there, or with o.Grid in the cell. Pictures keep their proportions
// and are drawn again at the tile's size. No pictures, more than 2^17, another
// number of them than of places, a nil picture, and sizes outside 120 to 8192
// pixels for the plane and 4 to a quarter of that for tiles are errors.
func Atlas(points []XY, tiles []image.Image, o AtlasOptions) (*Picture, []int, error) {
	o.SidePx, o.TilePx = cmp.Or(o.SidePx, 1120), cmp.Or(o.TilePx, 28)
	a := atlas{o: o, points: points, tiles: tiles}
	if err := a.check(); err != nil {
		return nil, nil, fmt.Errorf("viz: atlas: %w", err)
	}
	shown := a.choose()
	img := image.NewRGBA(image.Rect(0, 0, o.SidePx, o.SidePx))
	draw.Draw(img, img.Rect, image.NewUniform(paper), image.Point{}, draw.Src)
	side := o.TilePx // of tiles, whatever the proportions of the pictures on them
	places := Tiles{Count: len(shown), W: side, H: side, At: make([][2]int, len(shown))}
	for k, i := range shown {
		r := a.draw(img, i)
		places.At[k] = [2]int{r.Min.X - (side-r.Dx())/2, r.Min.Y - (side-r.Dy())/2}
	}
	ring(img, img.Rect, 1, rule)
	return &Picture{RGBA: img, Tiles: []Tiles{places}}, shown, nil
}

type atlas struct {
	o      AtlasOptions
	points []XY
	tiles  []image.Image
	fit    planeFit
	cells  int // along a side
	first  int // pixel of the first cell
}

func (a *atlas) check() (err error) {
	o, n := a.o, len(a.points)
	switch {
	case n == 0:
		return fmt.Errorf("no pictures, want at least one")
	case len(a.tiles) != n:
		return fmt.Errorf("%d pictures at %d places", len(a.tiles), n)
	case o.Frames != nil && len(o.Frames) != n:
		return fmt.Errorf("%d frames for %d pictures", len(o.Frames), n)
	case o.SidePx < 120 || o.SidePx > 1<<13:
		return fmt.Errorf("side of %d pixels, want 120 to %d", o.SidePx, 1<<13)
	case o.TilePx < 4 || o.TilePx > o.SidePx/4:
		return fmt.Errorf("tiles of %d pixels, want 4 to %d", o.TilePx, o.SidePx/4)
	}
	if err := checkCount("pictures", n, maxScattered); err != nil {
		return err
	}
	for i, t := range a.tiles {
		if t == nil || t.Bounds().Empty() {
			return fmt.Errorf("picture %d is missing or empty", i)
		}
	}
	a.cells = (o.SidePx - 2) / o.TilePx
	a.first = (o.SidePx - a.cells*o.TilePx) / 2
	a.fit, err = fitPlane(a.points, o.SidePx, o.TilePx/2+2)
	return err
}

// cell is the cell that a place lies in.
func (a *atlas) cell(i int) (column, row int) {
	x, y := a.fit.at(a.points[i])
	in := func(v float64) int {
		return min(max(int(math.Floor((v-float64(a.first))/float64(a.o.TilePx))), 0), a.cells-1)
	}
	return in(x), in(y)
}

// choose gives each cell the picture nearest to its middle.
func (a *atlas) choose() []int {
	owner, far := slices.Repeat([]int{-1}, a.cells*a.cells), make([]float64, a.cells*a.cells)
	for i := range a.points {
		column, row := a.cell(i)
		x, y := a.fit.at(a.points[i])
		cx, cy := a.middle(column), a.middle(row)
		d := float64((x-cx)*(x-cx)) + float64((y-cy)*(y-cy))
		if c := row*a.cells + column; owner[c] < 0 || d < far[c] {
			owner[c], far[c] = i, d
		}
	}
	var shown []int
	for i := range a.points {
		column, row := a.cell(i)
		if owner[row*a.cells+column] == i {
			shown = append(shown, i)
		}
	}
	return shown
}

func (a *atlas) middle(cell int) float64 {
	return float64(a.first) + (float64(cell)+.5)*float64(a.o.TilePx)
}

// draw draws picture i, and returns where.
func (a *atlas) draw(img *image.RGBA, i int) image.Rectangle {
	x, y := a.fit.at(a.points[i])
	if a.o.Grid {
		column, row := a.cell(i)
		x, y = a.middle(column), a.middle(row)
	}
	size := a.tiles[i].Bounds().Size()
	w, h := a.o.TilePx, a.o.TilePx
	if size.X > size.Y {
		h = max(1, w*size.Y/size.X)
	} else {
		w = max(1, h*size.X/size.Y)
	}
	at := image.Pt(int(math.Floor(x-float64(w)/2+.5)), int(math.Floor(y-float64(h)/2+.5)))
	r := image.Rectangle{at, at.Add(image.Pt(w, h))}
	if size == r.Size() {
		draw.Draw(img, r, bare(a.tiles[i]), a.tiles[i].Bounds().Min, draw.Over)
	} else {
		xdraw.CatmullRom.Scale(img, r, bare(a.tiles[i]), a.tiles[i].Bounds(), draw.Over, nil)
	}
	if a.o.Frames != nil {
		ring(img, r, 2, a.o.Frames[i])
	}
	return r
}
