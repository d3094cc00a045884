package viz

import (
	"fmt"
	"image"
	"math"
	"strings"
	"testing"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

func TestTo8Bit(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	below := math.Nextafter32(-1, 0)
	for _, c := range []struct {
		v    float32
		want uint8
	}{
		{-1, 0}, {1, 255}, {0, 128}, {below, 0}, {math.Nextafter32(1, 0), 255},
		{-2, 0}, {2, 255}, {-inf, 0}, {inf, 255}, {math.MaxFloat32, 255}, {-math.MaxFloat32, 0},
		{nan, 128}, {-nan, 128}, {float32(math.Copysign(0, -1)), 128},
		{0.5, 191}, // 1.5 * 127.5 = 191.25
		{-0.5, 64}, // 0.5 * 127.5 = 63.75
	} {
		if got := To8Bit(c.v); got != c.want {
			t.Errorf("To8Bit(%v) = %d, want %d", c.v, got, c.want)
		}
	}
}

// From8Bit is the inverse of To8Bit: 0 gives -1, 255 gives 1, and
// To8Bit(From8Bit(b)) is b.
func From8Bit(b uint8) float32 {
	return float32(b)/127.5 - 1
}

func TestFrom8BitIsTheInverse(t *testing.T) {
	if From8Bit(0) != -1 || From8Bit(255) != 1 {
		t.Errorf("ends are %v and %v, want -1 and 1", From8Bit(0), From8Bit(255))
	}
	for b := range 256 {
		if got := To8Bit(From8Bit(uint8(b))); int(got) != b {
			t.Errorf("To8Bit(From8Bit(%d)) = %d", b, got)
		}
	}
}

func TestTo8BitIsTheNearestLevel(t *testing.T) {
	for i := range 20001 {
		v := float32(i-10000) / 10000
		got := float64(To8Bit(v))
		exact := (float64(v) + 1) * 127.5
		// Half a level, and one rounding of a float32 near 255.
		if d := math.Abs(got - exact); !(d <= 0.5+1.0/(1<<16)) {
			t.Fatalf("To8Bit(%v) = %v, want the nearest to %v", v, got, exact)
		}
	}
}

func TestImagesKeepAxesApart(t *testing.T) {
	const n, h, w = 3, 2, 5
	for _, c := range []int{1, 3} {
		data := make([]float32, n*h*w*c)
		for i := range data {
			data[i] = From8Bit(uint8(i))
		}
		images, err := Images(data, n, h, w, c)
		if err != nil {
			t.Fatal(err)
		}
		for i, img := range images {
			if img.Bounds() != image.Rect(0, 0, w, h) {
				t.Fatalf("bounds %v, want %dx%d", img.Bounds(), w, h)
			}
			for y := range h {
				for x := range w {
					at := ((i*h+y)*w + x) * c
					r, g, b, a := img.At(x, y).RGBA()
					got := [4]uint32{r >> 8, g >> 8, b >> 8, a >> 8}
					want := [4]uint32{uint32(at), uint32(at + c/2), uint32(at + c - 1), 255}
					if got != want {
						t.Errorf("c = %d: pixel %d (%d, %d) is %v, want %v", c, i, x, y, got, want)
					}
				}
			}
		}
	}
}

func TestImagesRefuseWrongShapes(t *testing.T) {
	for _, c := range []struct {
		length, n, h, w, c int
		want               string
	}{
		{11, 1, 2, 2, 3, "11 values, want 12"},
		{8, 1, 2, 2, 2, "2 channels, want 1 or 3"},
		{0, 1, 0, 2, 3, "shape [1 0 2 3]"},
		{0, -1, 2, 2, 3, "shape [-1 2 2 3]"},
		{0, 1 << 40, 1 << 20, 1 << 20, 1, "at most"},
		{0, 1, 1 << 62, 4, 1, "at most"},
	} {
		_, err := Images(make([]float32, c.length), c.n, c.h, c.w, c.c)
		wantError(t, fmt.Sprint(c), err, c.want)
	}
	if images, err := Images(nil, 0, 4, 4, 3); err != nil || len(images) != 0 {
		t.Errorf("no pictures: got %d and %v, want none", len(images), err)
	}
	if _, err := ToImage(make([]float32, 5), 2, 2, 1); err == nil {
		t.Error("5 values for 2x2: no error")
	}
}

func ExampleToImage() {
	img, err := ToImage([]float32{-1, 0, 1}, 1, 3, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(img.(*image.Gray).Pix)
	// Output: [0 128 255]
}

func BenchmarkImages(b *testing.B) {
	const n, side, c = 1024, 64, 3
	data := make([]float32, n*side*side*c)
	for i := range data {
		data[i] = From8Bit(uint8(i * 7))
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Images(data, n, side, side, c); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "images/s")
}
