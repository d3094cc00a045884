package viz

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"dcganviz/internal/golden"
)

// flatTile is a tile of one colour.
func flatTile(w, h int, c color.NRGBA) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		img.SetNRGBA(i%w, i/w, c)
	}
	return img
}

// someSlides are a row of two tiles of unlike sizes, and a sum whose result is hidden.
func someSlides(hidden bool) []Slide {
	a, b := flatTile(8, 6, Swatch(0)), flatTile(5, 5, Swatch(1))
	return []Slide{
		{Title: "A title", Rows: []SlideRow{{Tiles: []SlideTile{{Image: a, Scale: 8, Name: "one"}, {Image: b, Scale: 4}}, GapPx: 20}}, Caption: "A sentence."},
		{Title: "A sum", Rows: []SlideRow{
			{Label: "above", Tiles: []SlideTile{{Image: a, Scale: 5}, {Image: a, Scale: 5, Sign: "+"}, {Image: a, Scale: 5, Sign: "=", Hidden: hidden}}},
			{Label: "below", Tiles: []SlideTile{{Image: b, Scale: 5, Name: "A"}, {Image: b, Scale: 5, Sign: "+", Name: "B"}, {Image: b, Scale: 5, Sign: "=", Name: "the result", Hidden: hidden}}},
		}, Caption: strings.Repeat("A sentence of several words. ", 6)},
	}
}

// TestSlidesShareOneSize: and what is hidden keeps its place, so that what is shown does
// not move when it appears.
func TestSlidesShareOneSize(t *testing.T) {
	with, err := Slides(someSlides(false))
	if err != nil {
		t.Fatal(err)
	}
	without, err := Slides(someSlides(true))
	if err != nil {
		t.Fatal(err)
	}
	for i := range with {
		if with[i].Rect != with[0].Rect || without[i].Rect != with[0].Rect {
			t.Errorf("slide %d is %v and %v, want %v", i, with[i].Rect, without[i].Rect, with[0].Rect)
		}
	}
	shown, left := with[1].Tiles, without[1].Tiles
	if len(shown) != 6 || len(left) != 4 {
		t.Fatalf("%d and %d tiles, want 6 and 4", len(shown), len(left))
	}
	for i, at := range [][2]int{{0, 0}, {1, 1}, {3, 2}, {4, 3}} {
		if shown[at[0]].Tile(0) != left[at[1]].Tile(0) {
			t.Errorf("tile %d moves from %v to %v", i, left[at[1]].Tile(0), shown[at[0]].Tile(0))
		}
	}
	for _, slide := range with {
		for _, tile := range slide.Tiles {
			r := tile.Tile(0)
			c := slide.At(r.Min.X, r.Min.Y)
			if c != slide.At(r.Max.X-1, r.Max.Y-1) || c == slide.At(r.Min.X-1, r.Min.Y) || c == slide.At(r.Max.X, r.Max.Y-1) {
				t.Errorf("tile %v is not where the picture says", r)
			}
		}
	}
	golden.Check(t, with[1].SubImage(image.Rect(0, 0, 256, 218)))
}

func TestSlidesRefuse(t *testing.T) {
	tile := SlideTile{Image: flatTile(2, 2, ink)}
	for name, slides := range map[string][]Slide{
		"none": nil, "no rows": {{}}, "no tiles": {{Rows: []SlideRow{{}}}},
		"no image":       {{Rows: []SlideRow{{Tiles: []SlideTile{{}}}}}},
		"scale":          {{Rows: []SlideRow{{Tiles: []SlideTile{{Image: tile.Image, Scale: -1}}}}}},
		"too many tiles": {{Rows: []SlideRow{{Tiles: make([]SlideTile, 65)}}}},
		"empty":          {{Rows: []SlideRow{{Tiles: []SlideTile{{Image: image.NewGray(image.Rectangle{})}}}}}},
		"too large":      {{Rows: []SlideRow{{Tiles: []SlideTile{{Image: tile.Image, Scale: 40000}}}}}},
	} {
		if _, err := Slides(slides); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
