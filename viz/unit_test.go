package viz

import (
	"image"
	"image/color"
	"math"
	"testing"

	"dcganviz/internal/golden"
)

// holed is an area of w x h pixels with a hole, that touches the left edge.
func holed(w, h int) []bool {
	area := make([]bool, w*h)
	for y := 1; y < h-1; y++ {
		for x := 0; x < w-1; x++ {
			hole := y > 2 && y < h-3 && x > 2 && x < w-4
			area[y*w+x] = !hole
		}
	}
	return area
}

func TestShowAreaDimsOutside(t *testing.T) {
	img := testTile(2, 9, 7)
	area := holed(9, 7)
	got, err := ShowArea(img, area, AreaOptions{Scale: 3})
	if err != nil {
		t.Fatal(err)
	}
	if got.Rect != image.Rect(0, 0, 27, 21) {
		t.Fatalf("size %v", got.Rect)
	}
	for y := range 21 {
		for x := range 27 {
			c := img.NRGBAAt(x/3, y/3)
			want := color.RGBA{c.R, c.G, c.B, 255}
			if !area[y/3*9+x/3] { // three tenths of it, on a light grey of 225
				mix := func(v uint8) uint8 { return uint8(math.Floor(.3*float64(v) + .7*225 + .5)) }
				want = color.RGBA{mix(c.R), mix(c.G), mix(c.B), 255}
			}
			if got.RGBAAt(x, y) != want {
				t.Fatalf("(%d, %d) is %v, want %v", x, y, got.RGBAAt(x, y), want)
			}
		}
	}
}

// TestShowAreaOutlines compares with the rule: of a pixel of the area, enlarged,
// the two lines next to a pixel outside are drawn, and nothing else.
func TestShowAreaOutlines(t *testing.T) {
	const w, h, scale = 9, 7, 5
	img := testTile(2, w, h)
	area := holed(w, h)
	got, err := ShowArea(img, area, AreaOptions{Scale: scale, Outline: true})
	if err != nil {
		t.Fatal(err)
	}
	in := func(x, y int) bool { return x < 0 || y < 0 || x >= w || y >= h || area[y*w+x] }
	line := color.RGBAModel.Convert(Swatch(4)).(color.RGBA)
	for y := range h * scale {
		for x := range w * scale {
			cx, cy := x/scale, y/scale
			c := img.NRGBAAt(cx, cy)
			want := color.RGBA{c.R, c.G, c.B, 255}
			if area[cy*w+cx] && (!in(cx-1, cy) && x%scale < 2 || !in(cx+1, cy) && x%scale >= scale-2 ||
				!in(cx, cy-1) && y%scale < 2 || !in(cx, cy+1) && y%scale >= scale-2) {
				want = line
			}
			if got.RGBAAt(x, y) != want {
				t.Fatalf("(%d, %d) is %v, want %v", x, y, got.RGBAAt(x, y), want)
			}
		}
	}
}

func TestAmplify(t *testing.T) {
	inf := float32(math.Inf(1))
	got, gain := Amplify([]float32{.1, -.25, 0, inf})
	if gain != 4 || got[0] != .4 || got[1] != -1 || got[2] != 0 || got[3] != inf {
		t.Errorf("%v times %v", got, gain)
	}
	if got, gain := Amplify([]float32{0, 0}); gain != 1 || got[0] != 0 {
		t.Errorf("no change: %v times %v", got, gain)
	}
}

func unitTiles(n, w, h int) []UnitTile {
	tiles := make([]UnitTile, n)
	for i := range tiles {
		tiles[i] = UnitTile{Samples: testTiles(2, w, h), Areas: [][]bool{holed(w, h), make([]bool, w*h)},
			Change: testTile(i+3, w, h), Caption: "unit 7\n0.12"}
	}
	return tiles
}

// TestUnitSheetIsItsParts finds each part of a sheet in its place.
func TestUnitSheetIsItsParts(t *testing.T) {
	const w, h = 20, 16
	tiles := unitTiles(3, w, h)
	for i := range tiles {
		tiles[i].Caption = ""
	}
	got, err := UnitSheet(tiles, SheetOptions{Columns: 2, GapPx: 4, TextPx: 12})
	if err != nil {
		t.Fatal(err)
	}
	strip := 3*w + unitGapPx
	for i, u := range tiles {
		b := got.Bounds()
		// Without text there is no border: strips stand gaps apart.
		left, top := i%2*(strip+4), i/2*(h+4)
		if b.Dx() != 2*strip+4 || b.Dy() != 2*h+4 {
			t.Fatalf("size %v", b.Size())
		}
		dimmed, err := ShowArea(u.Samples[0], u.Areas[0], AreaOptions{})
		if err != nil {
			t.Fatal(err)
		}
		samePixels(t, "first sample", got.SubImage(image.Rect(left, top, left+w, top+h)), dimmed)
		at := left + 2*w + unitGapPx
		samePixels(t, "change", got.SubImage(image.Rect(at, top, at+w, top+h)), u.Change)
	}
}

func TestUnitSheetGolden(t *testing.T) {
	got, err := UnitSheet(unitTiles(3, 24, 20), SheetOptions{Columns: 2, GapPx: 10, Title: "Units", Footer: "Areas stand out."})
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, got)
}

func unitCard() *UnitCard {
	const w, h = 60, 20
	return &UnitCard{
		Drawn: testTiles(1, w, h), Held: testTiles(1, w, h), Changes: testTiles(1, w, h), Areas: [][]bool{holed(w, h)},
		Labels: []string{"sample 3\n1.25"}, HeldAt: "held at\n0", ChangeGain: 2.5,
		Title: "Unit 7", Footer: "Numbers.",
	}
}

// TestUnitCardGolden is of a card without a histogram, which a CurvePlot's own
// golden shows.
func TestUnitCardGolden(t *testing.T) {
	got, err := unitCard().Draw()
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, got)
}

// TestUnitCardHistogram finds the bars' heights in the plot: the area's colour
// lies from the threshold on, and a card with a histogram is larger.
func TestUnitCardHistogram(t *testing.T) {
	plain, err := unitCard().Draw()
	if err != nil {
		t.Fatal(err)
	}
	c := unitCard()
	c.Shares, c.Lo, c.Hi, c.Threshold, c.HistogramCaption = []float64{.1, .3, .2, .1}, 0, 2, 1, "Others are zero."
	got, err := c.Draw()
	if err != nil {
		t.Fatal(err)
	}
	if got.Rect.Dy() < plain.Rect.Dy()+200 {
		t.Errorf("%d rows with a histogram, %d without", got.Rect.Dy(), plain.Rect.Dy())
	}
	c.Lo, c.Hi = 1, 1
	_, err = c.Draw()
	wantError(t, "no range", err, "histogram from 1 to 1")
}

func TestUnitPicturesRefuse(t *testing.T) {
	img := testTile(0, 4, 4)
	_, err := ShowArea(img, make([]bool, 15), AreaOptions{})
	wantError(t, "area", err, "want 16")
	_, err = ShowArea(nil, nil, AreaOptions{})
	wantError(t, "nothing", err, "no picture")
	_, err = ShowArea(img, make([]bool, 16), AreaOptions{Scale: 1 << 40})
	wantError(t, "scale", err, "scale 1099511627776")
	_, err = UnitSheet(nil, SheetOptions{})
	wantError(t, "no units", err, "sheet")
	tiles := unitTiles(2, 8, 8)
	tiles[1].Areas = tiles[1].Areas[:1]
	_, err = UnitSheet(tiles, SheetOptions{})
	wantError(t, "an area less", err, "unit 1 of the sheet")
	tiles = unitTiles(2, 8, 8)
	tiles[0].Change = testTile(0, 9, 8)
	_, err = UnitSheet(tiles, SheetOptions{})
	wantError(t, "change of another size", err, "want (9,8)")
	c := unitCard()
	c.Labels = nil
	_, err = c.Draw()
	wantError(t, "card without labels", err, "0 labels")
	c = unitCard()
	c.Held[0] = nil
	_, err = c.Draw()
	wantError(t, "card without a picture", err, "missing")
}
