package viz

import (
	"image"
	"image/color"
	"slices"
	"testing"

	"dcganviz/internal/golden"
)

// TestAtlasPlaces: with a side of 202 and tiles of 20 there are 10x10 cells from
// pixel 1 on, and places from 0 to 178 lie on pixels 12 to 190.
func TestAtlasPlaces(t *testing.T) {
	points := []XY{{0, 178}, {178, 0}, {99, 99}, {100, 99}, {99, 97}}
	tiles := make([]image.Image, len(points))
	for i := range tiles {
		tiles[i] = flat(20, 20, GroupColor(i))
	}
	for _, grid := range []bool{false, true} {
		img, shown, err := Atlas(points, tiles, AtlasOptions{SidePx: 202, TilePx: 20, Grid: grid})
		if err != nil {
			t.Fatal(err)
		}
		// 2, 3 and 4 lie in the cell from 101 to 121, about its middle (111, 91+-10).
		if !slices.Equal(shown[:2], []int{0, 1}) || len(shown) != 3 {
			t.Fatalf("grid %v: shown %v, want 0, 1 and one of the others", grid, shown)
		}
		for i, want := range map[int]image.Rectangle{
			0: image.Rect(2, 2, 22, 22), 1: image.Rect(180, 180, 200, 200),
		} {
			if grid {
				want = map[int]image.Rectangle{0: image.Rect(1, 1, 21, 21), 1: image.Rect(181, 181, 201, 201)}[i]
			}
			_, _, got, _ := where(t, img.RGBA, GroupColor(i))
			if told := img.Tiles[0].Tile(i); got != want || told != want {
				t.Errorf("grid %v: picture %d lies at %v, and %v by its tiles, want %v", grid, i, got, told, want)
			}
		}
	}
}

// The picture nearest to a cell's middle is drawn, of equally near ones the first.
func TestAtlasShowsTheNearest(t *testing.T) {
	a := atlas{o: AtlasOptions{SidePx: 202, TilePx: 20}, points: []XY{{0, 0}, {178, 178}, {93, 92}, {94, 94}, {95, 92}, {94, 94}},
		tiles: slices.Repeat([]image.Image{flat(20, 20, color.Black)}, 6)}
	if err := a.check(); err != nil {
		t.Fatal(err)
	}
	best, least := -1, 0.
	for i := 2; i < 6; i++ {
		column, row := a.cell(i)
		x, y := a.fit.at(a.points[i])
		d := (x-a.middle(column))*(x-a.middle(column)) + (y-a.middle(row))*(y-a.middle(row))
		if c, r := a.cell(2); c != column || r != row {
			t.Fatalf("points 2 and %d are in two cells", i)
		}
		if best < 0 || d < least {
			best, least = i, d
		}
	}
	if got := a.choose(); !slices.Equal(got, []int{0, 1, best}) {
		t.Errorf("shown %v, want 0, 1 and %d", got, best)
	}
}

func TestAtlas(t *testing.T) {
	points, groups := spiral(150)
	var tiles []image.Image
	var frames []color.NRGBA
	for i := range points {
		img := image.NewGray(image.Rect(0, 0, 32, 24))
		for j := range img.Pix {
			img.Pix[j] = uint8(40 + i + 3*(j%32))
		}
		tiles, frames = append(tiles, img), append(frames, GroupColor(groups[i]+1))
	}
	img, _, err := Atlas(points, tiles, AtlasOptions{SidePx: 250, TilePx: 16, Grid: true, Frames: frames})
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, img)
}

func TestAtlasRefuses(t *testing.T) {
	one := []image.Image{flat(4, 4, color.Black)}
	for name, c := range map[string]struct {
		points []XY
		tiles  []image.Image
		o      AtlasOptions
	}{
		"none":       {nil, nil, AtlasOptions{}},
		"two places": {[]XY{{}, {}}, one, AtlasOptions{}},
		"nil":        {[]XY{{}}, []image.Image{nil}, AtlasOptions{}},
		"empty":      {[]XY{{}}, []image.Image{image.NewGray(image.Rectangle{})}, AtlasOptions{}},
		"side":       {[]XY{{}}, one, AtlasOptions{SidePx: 50}},
		"tile":       {[]XY{{}}, one, AtlasOptions{SidePx: 200, TilePx: 51}},
		"frames":     {[]XY{{}}, one, AtlasOptions{Frames: make([]color.NRGBA, 2)}},
	} {
		if _, _, err := Atlas(c.points, c.tiles, c.o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
