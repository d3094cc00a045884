package viz

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"testing"

	"dcganviz/internal/golden"
)

func TestSheetOfThePaperIs640(t *testing.T) {
	tiles := testTiles(100, 64, 64)
	sheet, err := Sheet(tiles, SheetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if sheet.Rect != image.Rect(0, 0, 640, 640) {
		t.Fatalf("bounds %v, want 640x640", sheet.Rect)
	}
	for i, tile := range tiles {
		x, y := i%10*64, i/10*64
		samePixels(t, fmt.Sprint("tile ", i), sheet.SubImage(image.Rect(x, y, x+64, y+64)), tile)
	}
}

func TestSheetPlacesEveryPixel(t *testing.T) {
	for _, c := range []struct {
		n, w, h, columns, scale, gap, border int
		wantW, wantH                         int
	}{
		{1, 1, 1, 0, 0, 0, 0, 1, 1},
		{5, 7, 3, 0, 0, 0, 0, 21, 6}, // 3 columns, as 3*3 >= 5
		{5, 3, 7, 2, 2, 1, 4, 21, 52},
		{4, 2, 5, 4, 3, 5, 0, 39, 15},
		{3, 4, 4, 1, 1, 2, 3, 10, 22},
		{2, 3, 2, 5, 1, 1, 1, 21, 4}, // more columns than tiles
	} {
		background := color.NRGBA{9, 8, 7, 255}
		tiles := testTiles(c.n, c.w, c.h)
		sheet, err := Sheet(tiles, SheetOptions{Columns: c.columns, Scale: c.scale, GapPx: c.gap, BorderPx: c.border, Background: background})
		if err != nil {
			t.Fatal(err)
		}
		if sheet.Rect != image.Rect(0, 0, c.wantW, c.wantH) {
			t.Errorf("%v: size %v", c, sheet.Rect.Size())
			continue
		}
		columns := c.columns
		if columns == 0 {
			columns = int(math.Ceil(math.Sqrt(float64(c.n))))
		}
		scale := max(1, c.scale)
		for y := range c.wantH {
			for x := range c.wantW {
				// Where does this pixel come from?
				want := background
				cx, cy := x-c.border, y-c.border
				pitchX, pitchY := c.w*scale+c.gap, c.h*scale+c.gap
				if cx >= 0 && cy >= 0 && cx/pitchX < columns && cx%pitchX < c.w*scale && cy%pitchY < c.h*scale {
					if i := cy/pitchY*columns + cx/pitchX; i < c.n {
						want = tiles[i].(*image.NRGBA).NRGBAAt(cx%pitchX/scale, cy%pitchY/scale)
					}
				}
				if got := color.NRGBAModel.Convert(sheet.At(x, y)); got != want {
					t.Fatalf("%v: pixel (%d, %d) is %v, want %v", c, x, y, got, want)
				}
			}
		}
	}
}

func TestSheetTakesAnyImage(t *testing.T) {
	// The same opaque grey picture in five forms, one of them moved.
	gray := image.NewGray(image.Rect(0, 0, 4, 3))
	moved := image.NewRGBA(image.Rect(-5, 7, -1, 10))
	deep := image.NewGray16(gray.Rect)
	paletted := image.NewPaletted(gray.Rect, nil)
	for i := range gray.Pix {
		v := uint8(20 * i)
		gray.Pix[i] = v
		moved.SetRGBA(-5+i%4, 7+i/4, color.RGBA{v, v, v, 255})
		deep.SetGray16(i%4, i/4, color.Gray16{uint16(v) * 257})
		paletted.Palette = append(paletted.Palette, color.Gray{v})
		paletted.Pix[i] = uint8(i)
	}
	for _, scale := range []int{1, 3} {
		want, err := Sheet([]image.Image{nrgba(gray)}, SheetOptions{Scale: scale})
		if err != nil {
			t.Fatal(err)
		}
		for _, tile := range []image.Image{gray, moved, deep, paletted} {
			got, err := Sheet([]image.Image{tile}, SheetOptions{Scale: scale})
			if err != nil {
				t.Fatal(err)
			}
			samePixels(t, fmt.Sprintf("%T at scale %d", tile, scale), got, want)
		}
	}
}

func TestSheetLaysAlphaOnTheBackground(t *testing.T) {
	tile := image.NewNRGBA(image.Rect(0, 0, 1, 1))
	tile.SetNRGBA(0, 0, color.NRGBA{255, 0, 0, 102}) // 0.4 of red
	for _, scale := range []int{1, 2} {
		sheet, err := Sheet([]image.Image{tile, nil}, SheetOptions{Scale: scale, Background: color.NRGBA{0, 0, 200, 255}})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := sheet.RGBAAt(0, 0), (color.RGBA{102, 0, 120, 255}); got != want {
			t.Errorf("scale %d: got %v, want %v", scale, got, want)
		}
		if got, want := sheet.RGBAAt(scale, 0), (color.RGBA{0, 0, 200, 255}); got != want {
			t.Errorf("scale %d: an empty place is %v, want %v", scale, got, want)
		}
	}
}

func TestMarkFramesOneTile(t *testing.T) {
	red := color.RGBA{200, 0, 0, 255}
	for _, c := range []struct {
		gap, border, width int
		inset              int // of the frame's outer edge from the tile's
	}{{0, 0, 2, 0}, {0, 5, 2, 0}, {4, 4, 2, -2}, {1, 4, 2, -1}, {4, 0, 2, 0}, {2, 2, 40, -2}} {
		tiles := testTiles(4, 10, 8)
		o := SheetOptions{GapPx: c.gap, BorderPx: c.border}
		plain, err := Sheet(tiles, o)
		if err != nil {
			t.Fatal(err)
		}
		o.Marks = []Mark{{Tile: 3, Color: red, WidthPx: c.width}}
		marked, err := Sheet(tiles, o)
		if err != nil {
			t.Fatal(err)
		}
		at := image.Pt(c.border+10+c.gap, c.border+8+c.gap)
		outer := image.Rectangle{at, at.Add(image.Pt(10, 8))}.Inset(c.inset)
		line := func(p image.Point) bool {
			if !p.In(outer) {
				return false
			}
			d := min(p.X-outer.Min.X, outer.Max.X-1-p.X, p.Y-outer.Min.Y, outer.Max.Y-1-p.Y)
			return d < c.width-1 || c.width < 4 && d < c.width
		}
		for y := range plain.Rect.Dy() {
			for x := range plain.Rect.Dx() {
				want := plain.RGBAAt(x, y)
				if line(image.Pt(x, y)) {
					want = red
				}
				if got := marked.RGBAAt(x, y); got != want {
					t.Fatalf("%v: pixel (%d, %d) is %v, want %v", c, x, y, got, want)
				}
			}
		}
	}
}

func TestTranslucentMarkIsLaidOnce(t *testing.T) {
	tile := &image.RGBA{Pix: make([]uint8, 4*36), Stride: 24, Rect: image.Rect(0, 0, 6, 6)}
	for i := range tile.Pix {
		tile.Pix[i] = 255
	}
	sheet, err := Sheet([]image.Image{tile}, SheetOptions{Marks: []Mark{{Color: color.NRGBA{0, 0, 0, 51}, WidthPx: 2}}})
	if err != nil {
		t.Fatal(err)
	}
	for y := range 6 {
		for x := range 6 {
			want := uint8(204) // 255 less a fifth
			if x >= 2 && x < 4 && y >= 2 && y < 4 {
				want = 255
			}
			if got := sheet.RGBAAt(x, y).R; got != want {
				t.Errorf("pixel (%d, %d) is %d, want %d", x, y, got, want)
			}
		}
	}
}

func TestSheetRefuses(t *testing.T) {
	two := testTiles(2, 4, 4)
	for want, f := range map[string]func() ([]image.Image, SheetOptions){
		"no tile among 0":                   func() ([]image.Image, SheetOptions) { return nil, SheetOptions{} },
		"no tile among 2":                   func() ([]image.Image, SheetOptions) { return make([]image.Image, 2), SheetOptions{} },
		"tile 2 is 4x5, want 4x4 as tile 0": func() ([]image.Image, SheetOptions) { return append(two[:2:2], testTile(0, 4, 5)), SheetOptions{} },
		"tile 0 is 0x4": func() ([]image.Image, SheetOptions) {
			return []image.Image{image.NewGray(image.Rect(0, 0, 0, 4))}, SheetOptions{}
		},
		"columns -1":                       func() ([]image.Image, SheetOptions) { return two, SheetOptions{Columns: -1} },
		"scale 1000000":                    func() ([]image.Image, SheetOptions) { return two, SheetOptions{Scale: 1000000} },
		"want at most 268435456":           func() ([]image.Image, SheetOptions) { return two, SheetOptions{Scale: 65536} },
		"gap -2":                           func() ([]image.Image, SheetOptions) { return two, SheetOptions{GapPx: -2} },
		"border -2":                        func() ([]image.Image, SheetOptions) { return two, SheetOptions{BorderPx: -2} },
		"mark 0 is on tile 2, want 0 to 1": func() ([]image.Image, SheetOptions) { return two, SheetOptions{Marks: []Mark{{Tile: 2}}} },
		"mark 1 is -1 px wide":             func() ([]image.Image, SheetOptions) { return two, SheetOptions{Marks: []Mark{{}, {WidthPx: -1}}} },
		"1 captions, want none or 2":       func() ([]image.Image, SheetOptions) { return two, SheetOptions{Captions: []string{"a"}} },
		"2 row labels, want none or 1":     func() ([]image.Image, SheetOptions) { return two, SheetOptions{RowLabels: []string{"a", "b"}} },
		"3 column labels, want none or 2":  func() ([]image.Image, SheetOptions) { return two, SheetOptions{ColumnLabels: make([]string, 3)} },
		"text of NaN px":                   func() ([]image.Image, SheetOptions) { return two, SheetOptions{TextPx: math.NaN()} },
		"text of 1000 px":                  func() ([]image.Image, SheetOptions) { return two, SheetOptions{TextPx: 1000} },
	} {
		_, err := Sheet(f())
		wantError(t, want, err, want)
	}
}

func TestSheetGolden(t *testing.T) {
	sheet, err := Sheet(testTiles(11, 32, 24), SheetOptions{
		Columns: 4, Scale: 1, GapPx: 3, BorderPx: 6,
		Marks: []Mark{{Tile: 5}, {Tile: 2, Color: Swatch(0), WidthPx: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, sheet)
}

func ExampleSheet() {
	data := make([]float32, 100*64*64*3) // 100 pictures, [N, H, W, C] in [-1, 1]
	tiles, err := Images(data, 100, 64, 64, 3)
	if err != nil {
		fmt.Println(err)
		return
	}
	sheet, err := Sheet(tiles, SheetOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sheet.Bounds().Size())
	// Output: (640,640)
}

func BenchmarkSheet(b *testing.B) {
	tiles := testTiles(1024, 64, 64)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Sheet(tiles, SheetOptions{Columns: 32}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(1024*float64(b.N)/b.Elapsed().Seconds(), "images/s")
}

// TestSmoothTiles: a plain tile stays plain, and between two pixels of a ramp lies what is
// between them, which blocks do not have. Catmull and Rom's cubic is exact for ramps.
func TestSmoothTiles(t *testing.T) {
	ramp := image.NewGray(image.Rect(0, 0, 16, 4))
	for i := range ramp.Pix {
		ramp.Pix[i] = uint8(10 * (i % 16))
	}
	plain := image.NewGray(ramp.Rect)
	for i := range plain.Pix {
		plain.Pix[i] = 77
	}
	sheet, err := Sheet([]image.Image{ramp, plain}, SheetOptions{Columns: 2, Scale: 5, Smooth: true})
	if err != nil {
		t.Fatal(err)
	}
	for x := 15; x < 65; x++ { // two pixels off the edges, beyond which nothing is known
		want := 10 * ((float64(x)+.5)/5 - .5)
		if got := float64(sheet.RGBAAt(x, 9).R); got < want-1 || got > want+1 {
			t.Errorf("at %d: %v, want %.1f", x, got, want)
		}
	}
	for _, at := range []image.Point{{80, 0}, {159, 19}, {120, 7}} {
		if got := sheet.RGBAAt(at.X, at.Y).R; got != 77 {
			t.Errorf("plain tile at %v: %d, want 77", at, got)
		}
	}
}
