package figure

import (
	"image/color"
	"testing"

	"dcganviz/model"
	"dcganviz/probe/nearest"
	"dcganviz/viz"
)

// TestNearestRowsShowTheirPictures draws pictures of one colour each, and looks
// where they are.
func TestNearestRowsShowTheirPictures(t *testing.T) {
	base := float32(-.9)
	flat := func(n int, base float32) model.Tensor {
		x := model.NewTensor(n, 64, 64, 1)
		for i := range n {
			for j := range x.Row(i) {
				x.Row(i)[j] = base + float32(i)/10
			}
		}
		return x
	}
	hits := [][]nearest.Hit{{{Index: 4, Distance: .1}, {Index: 2, Distance: .2}}, {{Index: 1}, {Index: 3}}}
	g := nearest.Group{Hits: hits, Distances: []float64{.1, 0}}
	a := &NearestResult{Report: nearest.Report{Neighbours: 2, Memoriser: flat(1, .5), Spaces: []nearest.Space{{Name: "pixels", Samples: g, Memoriser: g}}}, Shown: []int{1}}
	p := nearest.Pictures{Training: flat(5, 0), Samples: flat(2, base)}
	sheet, err := a.drawRows(p)
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[color.Color]int)
	for y := range sheet.Bounds().Dy() {
		for x := range sheet.Bounds().Dx() {
			found[sheet.At(x, y)]++
		}
	}
	for _, v := range []float32{base + float32(1)/10, .5, float32(1) / 10, float32(2) / 10, float32(3) / 10, float32(4) / 10} {
		tiles, err := viz.Images([]float32{v}, 1, 1, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		r, gr, b, al := tiles[0].At(0, 0).RGBA()
		if n := found[color.RGBA{uint8(r >> 8), uint8(gr >> 8), uint8(b >> 8), uint8(al >> 8)}]; n < 64*64 {
			t.Errorf("picture of value %g has %d pixels on the sheet, want 4096", v, n)
		}
	}
}
