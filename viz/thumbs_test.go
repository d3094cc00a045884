package viz

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// TestThumbsKeepTheirColours: each tile shows its picture, whatever its size, and
// after JPEG no tile has a part of its neighbours'.
func TestThumbsKeepTheirColours(t *testing.T) {
	var tiles []image.Image
	for i := range 7 { // of 3 columns, the last two places are empty
		tiles = append(tiles, flat(28+18*(i%3), 20+i, GroupColor(i)))
	}
	sheet, err := Thumbs(tiles)
	if err != nil {
		t.Fatal(err)
	}
	if got := sheet.Rect.Size(); got != image.Pt(3*ThumbPx, 3*ThumbPx) || sheet.Tiles[0].Count != 7 {
		t.Fatalf("size %v with %d tiles", got, sheet.Tiles[0].Count)
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, sheet, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	stored, err := jpeg.Decode(&file)
	if err != nil {
		t.Fatal(err)
	}
	const tol = 6 // of 255: flat blocks lose only the rounding of the quantiser and of YCbCr
	for i := range tiles {
		r := sheet.Tiles[0].Tile(i)
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				if got, want := color.NRGBAModel.Convert(sheet.At(x, y)), GroupColor(i); got != want {
					t.Fatalf("picture %d at (%d, %d): %v, want %v", i, x, y, got, want)
				}
				got, want := color.NRGBAModel.Convert(stored.At(x, y)).(color.NRGBA), GroupColor(i)
				for _, d := range []int{int(got.R) - int(want.R), int(got.G) - int(want.G), int(got.B) - int(want.B)} {
					if d < -tol || d > tol {
						t.Fatalf("picture %d at (%d, %d) of the JPEG: %v, want %v", i, x, y, got, want)
					}
				}
			}
		}
	}
	for name, bad := range map[string][]image.Image{"none": nil, "nil": {nil}, "empty": {image.NewGray(image.Rectangle{})}, "many": make([]image.Image, maxScattered+1)} {
		if _, err := Thumbs(bad); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
