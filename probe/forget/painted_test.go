package forget

import (
	"context"
	"math"
	"testing"

	"dcganviz/model"
)

// TestPaintIsHarmonic: over a wide hole each pixel is the mean of its neighbours, a plane
// goes on, and other pixels stay.
func TestPaintIsHarmonic(t *testing.T) {
	const h, w, channels = 64, 48, 3
	f := &filling{c: &Concept{Height: 32, Width: 16}}
	pixels := make([]float32, h*w*channels)
	for at := range h * w {
		y, x := at/w, at%w
		pixels[at*channels] = float32(y)/100 - float32(x)/70
		pixels[at*channels+1] = float32(math.Sin(float64(at)))
		pixels[at*channels+2] = .25
	}
	mask := make([]bool, 32*16)
	for y := 3; y < 30; y++ {
		for x := 2; x < 14; x++ {
			mask[y*16+x] = true
		}
	}
	was := append([]float32(nil), pixels...)
	f.paintOne(pixels, mask, h, w, channels)
	for at := range h * w {
		filled := mask[at/w/2*16+at%w/3]
		for k := range channels {
			i := at*channels + k
			want := was[i]
			if filled && k == 1 {
				want = (pixels[i-channels] + pixels[i+channels] + pixels[i-w*channels] + pixels[i+w*channels]) / 4
			}
			if !(math.Abs(float64(pixels[i]-want)) <= 2e-4) {
				t.Fatalf("pixel %d, %d of channel %d: %v, want %v", at/w, at%w, k, pixels[i], want)
			}
		}
	}
}

// sees is a viewer that is sure of the left upper quarter of one image, which it knows by
// its first pixel, and sees nothing else.
type sees struct{ first float32 }

func (v sees) Scores(x model.Tensor, _ model.RunOptions) (model.Tensor, error) {
	out := model.NewTensor(x.Len(), 2, 2)
	for i := range x.Len() {
		if x.Row(i)[len(x.Row(i))-1] == v.first {
			out.Row(i)[0] = 1
		}
	}
	return out, nil
}

// TestFillControlsAreWhereTheySay: the pixels of a sample are painted where it shows the
// concept, and activations elsewhere are filled in the sample before it.
func TestFillControlsAreWhereTheySay(t *testing.T) {
	s := subject(t)
	c := fit(t, s, "")
	const n, shows = 5, 3
	b, err := s.Baseline(context.Background(), model.RunOptions{}, MeasureOptions{Samples: n, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	row := b.x.Row(shows)
	c.subject.Guide = sees{row[len(row)-1]}
	v, err := c.Fill(FillOptions{BySight: true, Rounds: 1})
	if err != nil {
		t.Fatal(err)
	}
	o, controls, err := b.MeasureFill(context.Background(), v)
	if err != nil {
		t.Fatal(err)
	}
	alone, err := b.Measure(context.Background(), v)
	if err != nil {
		t.Fatal(err)
	}
	if *o != *alone {
		t.Errorf("measured beside its controls %+v, alone %+v", *o, *alone)
	}
	if controls.PixelFill.Recolouring != nil || controls.Elsewhere.Area.Mean == 0 {
		t.Errorf("%+v", controls)
	}
	pixels, elsewhere, err := b.controlPictures(context.Background(), v.filling, n)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		changed := [2]int{}
		for at := range b.x.Row(i) {
			y, x := at/3/32, at/3%32
			if pixels.Row(i)[at] != b.x.Row(i)[at] {
				changed[0]++
				if y >= 16 || x >= 16 {
					t.Fatalf("sample %d: pixel %d, %d was painted", i, y, x)
				}
			}
			if elsewhere.Row(i)[at] != b.x.Row(i)[at] {
				changed[1]++
			}
		}
		if (changed[0] > 0) != (i == shows) || (changed[1] > 0) != (i == shows-1) {
			t.Errorf("sample %d: %d numbers painted, %d filled elsewhere", i, changed[0], changed[1])
		}
	}
}
