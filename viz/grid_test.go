package viz

import (
	"image/color"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"dcganviz/internal/npy"
)

// gridFile is the environment variable that names the pictures of
// BenchmarkGrid, [N, 64, 64, 3] in [-1, 1] as .npy: those that a peer draws.
const gridFile = "DCGANVIZ_GRID"

// gridPictures are 1024 pictures of 64x64 pixels, each of three soft blobs with
// some noise: those of gridFile, or ones of the same law.
func gridPictures(b *testing.B) []float32 {
	const n, side = 1024, 64
	if path := os.Getenv(gridFile); path != "" {
		a, err := npy.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		if len(a.Data) != n*side*side*3 {
			b.Fatalf("%s: shape %v, want [%d %d %d 3]", path, a.Shape, n, side, side)
		}
		return a.Data
	}
	r := rand.New(rand.NewPCG(1, 2))
	x := make([]float32, 0, n*side*side*3)
	for range n {
		var at [3][2]float64
		var c [3]float64
		for k := range at {
			at[k], c[k] = [2]float64{1.2*r.Float64() - .6, 1.2*r.Float64() - .6}, 2*r.Float64()-1
		}
		for y := range side {
			for px := range side {
				var blob [3]float64
				for k, a := range at {
					dx, dy := float64(px)/31.5-1-a[0], float64(y)/31.5-1-a[1]
					blob[k] = math.Exp(-(dx*dx + dy*dy) / .15)
				}
				for i := range 3 {
					v := .05 * r.NormFloat64()
					for k := range blob {
						v += c[(i+k)%3] * blob[k]
					}
					x = append(x, float32(math.Tanh(v)))
				}
			}
		}
	}
	return x
}

// BenchmarkGrid goes all the way that torchvision's save_image goes: from 1024
// pictures in [-1, 1] to a PNG file of them, two pixels apart on black.
func BenchmarkGrid(b *testing.B) {
	x := gridPictures(b)
	path := filepath.Join(b.TempDir(), "grid.png")
	size := 0
	b.ReportAllocs()
	for b.Loop() {
		tiles, err := Images(x, 1024, 64, 64, 3)
		if err != nil {
			b.Fatal(err)
		}
		sheet, err := Sheet(tiles, SheetOptions{Columns: 32, GapPx: 2, BorderPx: 2, Background: color.Black})
		if err != nil {
			b.Fatal(err)
		}
		f, err := os.Create(path)
		if err != nil {
			b.Fatal(err)
		}
		if err := EncodePNG(f, sheet, nil); err != nil {
			b.Fatal(err)
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
		s, err := os.Stat(path)
		if err != nil {
			b.Fatal(err)
		}
		size = int(s.Size())
	}
	b.ReportMetric(1024*float64(b.N)/b.Elapsed().Seconds(), "images/s")
	b.ReportMetric(float64(size), "file-bytes")
}
