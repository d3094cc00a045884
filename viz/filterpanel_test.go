package viz

import (
	"image"
	"image/color"
	"math"
	"testing"

	"dcganviz/internal/golden"
)

func TestSignedMapIsGreyAtZero(t *testing.T) {
	data := make([]float32, 20*20)
	for i := range 200 {
		data[i] = .001 * float32(1-2*(i%2))
	}
	data[399] = 1e6 // one value of 201: saturates
	img, err := SignedMap(data, 20, 20, 1)
	if err != nil {
		t.Fatal(err)
	}
	grey := img.(*image.Gray)
	for at, want := range map[image.Point]uint8{{X: 0, Y: 0}: 255, {X: 1, Y: 0}: 0, {X: 19, Y: 19}: 255, {X: 5, Y: 15}: 128} {
		if got := grey.GrayAt(at.X, at.Y).Y; got != want {
			t.Errorf("pixel %v is %d, want %d", at, got, want)
		}
	}
	// Half of the largest is halfway between grey and white: (0.5+1)*127.5.
	img, err = SignedMap([]float32{1, .5, -.5, -1, 0, 1}, 1, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := img.(*image.NRGBA).Pix, []uint8{255, 191, 64, 255, 0, 128, 255, 255}; string(got) != string(want) {
		t.Errorf("pixels %v, want %v", got, want)
	}
}

func TestSignedMapIsOddInItsValues(t *testing.T) {
	data, minus := make([]float32, 64), make([]float32, 64)
	for i := range data {
		data[i] = float32(math.Sin(float64(i)))
		minus[i] = -data[i]
	}
	a, err := SignedMap(data, 8, 8, 1)
	if err != nil {
		t.Fatal(err)
	}
	b, err := SignedMap(minus, 8, 8, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range a.(*image.Gray).Pix {
		// Levels are symmetric about 127.5; ties go up.
		if sum := int(v) + int(b.(*image.Gray).Pix[i]); sum != 255 && sum != 256 {
			t.Errorf("pixel %d: levels %d and %d for %v and its negative", i, v, b.(*image.Gray).Pix[i], data[i])
		}
	}
}

func TestSignedMapOfNothing(t *testing.T) {
	for _, v := range []float32{0, float32(math.NaN())} {
		img, err := SignedMap([]float32{v, v, v, v}, 2, 2, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, level := range img.(*image.Gray).Pix {
			if level != 128 {
				t.Errorf("a map of %v has level %d, want 128", v, level)
			}
		}
	}
	if _, err := SignedMap(make([]float32, 5), 2, 2, 1); err == nil {
		t.Error("5 values of 4 are drawn")
	}
}

func TestBoxedFramesTheField(t *testing.T) {
	tile := image.NewGray(image.Rect(3, 4, 11, 12)) // 8x8, black, off the origin
	red := color.RGBA{255, 0, 0, 255}
	out := boxed(tile, image.Rect(2, 0, 8, 5), 32, red).(*image.RGBA)
	// The box is x 8 to 31 and y 0 to 19; two pixels of red, one of paper.
	for at, want := range map[image.Point]color.RGBA{
		{X: 7, Y: 10}: {0, 0, 0, 255}, {X: 8, Y: 10}: red, {X: 9, Y: 10}: red, {X: 10, Y: 10}: {255, 255, 255, 255}, {X: 11, Y: 10}: {0, 0, 0, 255},
		{X: 31, Y: 0}: red, {X: 20, Y: 19}: red, {X: 20, Y: 20}: {0, 0, 0, 255}, {X: 20, Y: 1}: red, {X: 20, Y: 2}: {255, 255, 255, 255},
	} {
		if got := out.RGBAAt(at.X, at.Y); got != want {
			t.Errorf("pixel %v is %v, want %v", at, got, want)
		}
	}
	for _, box := range []image.Rectangle{{}, image.Rect(20, 20, 30, 30)} {
		for i, v := range boxed(tile, box, 16, red).(*image.RGBA).Pix {
			if want := uint8(255 * (i % 4 / 3)); v != want {
				t.Fatalf("box %v: byte %d is %d, want %d", box, i, v, want)
			}
		}
	}
}

func filterBlocks() []FilterBlock {
	var maps, pictures []image.Image
	var boxes []image.Rectangle
	for i := range 6 {
		data := make([]float32, 12*12)
		for k := range data {
			data[k] = float32(math.Sin(float64(k%12*(i%3+1))/2)) * float32(k/12-5)
		}
		m, _ := SignedMap(data, 12, 12, 1)
		maps = append(maps, m)
		pictures = append(pictures, testTiles(6, 12, 12)[i])
		boxes = append(boxes, image.Rect(i, 1, i+6, 8))
	}
	return []FilterBlock{{Caption: "maps", Tiles: maps}, {Caption: "pictures", Tiles: pictures, Boxes: boxes}}
}

func TestFilterPanelGolden(t *testing.T) {
	panel, err := FilterPanel(filterBlocks(), FilterPanelOptions{Columns: 3, TilePx: 24, RowLabels: []string{"unit 0", "unit 7"}})
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, panel)
}

func TestFilterPanelRefuses(t *testing.T) {
	for name, change := range map[string]func(*[]FilterBlock, *FilterPanelOptions){
		"no blocks":     func(b *[]FilterBlock, _ *FilterPanelOptions) { *b = nil },
		"other numbers": func(b *[]FilterBlock, _ *FilterPanelOptions) { (*b)[1].Tiles = (*b)[1].Tiles[:3] },
		"boxes":         func(b *[]FilterBlock, _ *FilterPanelOptions) { (*b)[1].Boxes = (*b)[1].Boxes[:3] },
		"missing tile":  func(b *[]FilterBlock, _ *FilterPanelOptions) { (*b)[0].Tiles[2] = nil },
		"labels":        func(_ *[]FilterBlock, o *FilterPanelOptions) { o.RowLabels = []string{"one"} },
		"tiles":         func(_ *[]FilterBlock, o *FilterPanelOptions) { o.TilePx = 5000 },
		"columns":       func(_ *[]FilterBlock, o *FilterPanelOptions) { o.Columns = -1 },
	} {
		blocks, o := filterBlocks(), FilterPanelOptions{Columns: 3, TilePx: 24}
		change(&blocks, &o)
		if _, err := FilterPanel(blocks, o); err == nil {
			t.Errorf("%s: drawn", name)
		}
	}
}
