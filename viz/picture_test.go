package viz

import (
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"testing"
)

// testTile is a small drawing that differs for each i: a gradient with a
// disc. It is whole-number arithmetic, so that it is the same everywhere.
func testTile(i, w, h int) *image.NRGBA {
	tile := image.NewNRGBA(image.Rect(0, 0, w, h))
	base := Swatch(i)
	for y := range h {
		for x := range w {
			c := tint(base, 0.35+0.5*float64(y)/float64(h))
			dx, dy := 2*x-w, 2*y-h
			if r := min(w, h) * (2 + i%3) / 4; dx*dx+dy*dy < r*r {
				c = color.NRGBA{uint8(255 * x / w), uint8(40 * (i % 6)), uint8(255 * y / h), 255}
			}
			tile.SetNRGBA(x, y, c)
		}
	}
	return tile
}

func testTiles(n, w, h int) []image.Image {
	tiles := make([]image.Image, n)
	for i := range tiles {
		tiles[i] = testTile(i, w, h)
	}
	return tiles
}

// noise is a picture without any order.
func noise(seed uint64, w, h int) *image.NRGBA {
	r := rand.New(rand.NewPCG(seed, 0))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(r.Uint32())
	}
	return img
}

// opaque gives img without alpha.
func opaque(img *image.NRGBA) *image.NRGBA {
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 255
	}
	return img
}

// nrgba copies any picture to straight alpha and to the origin.
func nrgba(img image.Image) *image.NRGBA {
	b := img.Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, img, b.Min, draw.Src)
	return out
}

// samePixels fails when two pictures differ, and says where.
func samePixels(t testing.TB, name string, got, want image.Image) {
	t.Helper()
	a, b := nrgba(got), nrgba(want)
	if a.Rect != b.Rect {
		t.Errorf("%s: size %v, want %v", name, a.Rect.Size(), b.Rect.Size())
		return
	}
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			if p, q := a.NRGBAAt(x, y), b.NRGBAAt(x, y); p != q {
				t.Errorf("%s: pixel (%d, %d) is %v, want %v", name, x, y, p, q)
				return
			}
		}
	}
}

// wantError fails unless err says so.
func wantError(t testing.TB, name string, err error, text string) {
	t.Helper()
	if err == nil || !contains(err.Error(), text) {
		t.Errorf("%s: error %v, want one with %q", name, err, text)
	}
}
