package viz

import (
	"fmt"
	"image"
	"image/color"
	"testing"
)

// coloured are n tiles of one colour each, which no other has, and no text.
func coloured(from, n, w, h int) []image.Image {
	var tiles []image.Image
	for i := range n {
		tiles = append(tiles, flat(w, h, tileColor(from+i)))
	}
	return tiles
}

func tileColor(i int) color.NRGBA { return color.NRGBA{200, uint8(10 + 5*i), uint8(250 - 3*i), 255} }

// wantTiles fails unless tile k of all lies where the pixels of its colour are.
func wantTiles(t *testing.T, p *Picture, groups []int) {
	t.Helper()
	if len(p.Tiles) != len(groups) {
		t.Fatalf("%d groups of tiles, want %d", len(p.Tiles), len(groups))
	}
	k := 0
	for g, n := range groups {
		if p.Tiles[g].Count != n {
			t.Errorf("group %d has %d tiles, want %d", g, p.Tiles[g].Count, n)
		}
		for i := range n {
			_, _, want, _ := where(t, p.RGBA, tileColor(k))
			if got := p.Tiles[g].Tile(i); got != want {
				t.Errorf("group %d: tile %d at %v, its pixels at %v", g, i, got, want)
			}
			k++
		}
	}
}

// TestTilesAreWhereTheirPixelsAre: labels, titles, gaps, scales and stacks move
// tiles, and what is told of them moves along.
func TestTilesAreWhereTheirPixelsAre(t *testing.T) {
	bareSheet := func(o SheetOptions) *Picture {
		p, err := Sheet(coloured(0, 7, 6, 4), o)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	labels := func(n int) (all []string) {
		for i := range n {
			all = append(all, fmt.Sprintf("l%d", i))
		}
		return all
	}
	for name, o := range map[string]SheetOptions{
		"plain":    {},
		"scaled":   {Columns: 4, Scale: 3, GapPx: 2, BorderPx: 5},
		"lettered": {Columns: 3, GapPx: 4, Title: "title", Footer: "footer", RowLabels: labels(3), ColumnLabels: labels(3), Captions: labels(7)},
	} {
		t.Run(name, func(t *testing.T) { wantTiles(t, bareSheet(o), []int{7}) })
	}
	t.Run("strip", func(t *testing.T) {
		p, err := Strip(coloured(0, 3, 5, 9), SheetOptions{Scale: 2})
		if err != nil {
			t.Fatal(err)
		}
		wantTiles(t, p, []int{3})
	})
	t.Run("stack of stacks", func(t *testing.T) {
		second, err := Sheet(coloured(7, 4, 5, 5), SheetOptions{Columns: 2, GapPx: 3, BorderPx: 9})
		if err != nil {
			t.Fatal(err)
		}
		row, err := Stack([]Part{{Image: bareSheet(SheetOptions{BorderPx: 11})}, {Image: second}}, StackOptions{Row: true})
		if err != nil {
			t.Fatal(err)
		}
		third, err := Sheet(coloured(11, 2, 8, 3), SheetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		all, err := Stack([]Part{{Image: flat(40, 10, color.Black), Caption: "none"}, {Image: row, Caption: "row"}, {Image: third}}, StackOptions{Title: "title"})
		if err != nil {
			t.Fatal(err)
		}
		wantTiles(t, all, []int{7, 4, 2})
	})
	t.Run("equation", func(t *testing.T) {
		p, err := Equation([]Term{
			{Name: "a", Exemplars: coloured(0, 3, 4, 4), Mean: coloured(3, 1, 4, 4)[0]},
			{Sign: "=", Name: "b", Exemplars: coloured(4, 9, 4, 4), Columns: 3},
			{Sign: "+", Mean: coloured(13, 1, 4, 4)[0]},
		}, EquationOptions{Scale: 3})
		if err != nil {
			t.Fatal(err)
		}
		wantTiles(t, p, []int{3, 1, 9, 1})
	})
	t.Run("filter panel", func(t *testing.T) {
		p, err := FilterPanel([]FilterBlock{{Tiles: coloured(0, 6, 4, 4)}, {Tiles: coloured(6, 6, 8, 8), Caption: "c"}}, FilterPanelOptions{Columns: 3, TilePx: 16, RowLabels: labels(2)})
		if err != nil {
			t.Fatal(err)
		}
		wantTiles(t, p, []int{6, 6})
	})
}

// TestScatterTilesAreOnThePoints: the pixel that is told of a point has its
// colour.
func TestScatterTilesAreOnThePoints(t *testing.T) {
	points := []XY{{0, 0}, {10, 3}, {-4, 8}, {2, -9}}
	p, err := Scatter(points, ScatterOptions{SidePx: 200, Title: "title", Footer: "footer", Values: []float64{1, 2, 3, 4}, ValueName: "v"})
	if err != nil {
		t.Fatal(err)
	}
	colors := ValueColors([]float64{1, 2, 3, 4})
	for i := range points {
		at := p.Tiles[0].Tile(i).Min
		if got := color.NRGBAModel.Convert(p.At(at.X, at.Y)); got != colors[i] {
			t.Errorf("point %d: %v at %v, want %v", i, got, at, colors[i])
		}
	}
}

// A Picture and its pixels are drawn alike, in colour that is translucent too.
func TestPictureIsDrawnAsItsPixels(t *testing.T) {
	p, err := Sheet(coloured(0, 4, 3, 3), SheetOptions{Background: color.NRGBA{10, 200, 90, 77}, GapPx: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, scale := range []int{1, 2} {
		a, err := Sheet([]image.Image{p}, SheetOptions{Scale: scale})
		if err != nil {
			t.Fatal(err)
		}
		b, err := Sheet([]image.Image{p.RGBA}, SheetOptions{Scale: scale})
		if err != nil {
			t.Fatal(err)
		}
		if string(a.Pix) != string(b.Pix) {
			t.Errorf("scale %d: a picture and its pixels are drawn in two ways", scale)
		}
	}
}

func TestDefaultColumns(t *testing.T) {
	for n, want := range map[int]int{0: 0, 1: 1, 2: 2, 4: 2, 5: 3, 100: 10, 101: 11, 16384: 128} {
		if got := DefaultColumns(n); got != want {
			t.Errorf("%d tiles in %d columns, want %d", n, got, want)
		}
	}
}
