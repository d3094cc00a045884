package doctor

import (
	"fmt"
	"math"
	"testing"

	"dcganviz/model"
)

// TestSpreadByHand: two images of 1x2 pixels and two channels.
func TestSpreadByHand(t *testing.T) {
	x := model.Tensor{Shape: []int{2, 1, 2, 2}, Data: []float32{
		1, 10, 3, 10, // y 0: x 0, x 1
		5, 10, 7, 50,
	}}
	s := spreadOf(x, model.ChannelNorm)
	if got, want := fmt.Sprint(s), "{[4 20] [5 300] 4}"; got != want {
		t.Errorf("by channel %s, want %s", got, want)
	}
	// Channels before locations, as in a state dict.
	s = spreadOf(x, model.ValueNorm)
	if got, want := fmt.Sprint(s), "{[3 5 10 30] [4 4 0 400] 2}"; got != want {
		t.Errorf("by value %s, want %s", got, want)
	}
}

func TestMisfitByHand(t *testing.T) {
	stored := &spread{mean: []float64{0, 1}, variance: []float64{1, 4}}
	of := func(mean, variance []float64) *spread { return &spread{mean, variance, math.Inf(1)} }
	m := misfitOf(of([]float64{1, 1}, []float64{math.E, 4}), stored, 0, 1)
	if want := math.Sqrt(0.5); m != (misfit{want, want}) {
		t.Errorf("%v, want %v twice", m, want)
	}
	if m = misfitOf(of([]float64{0, 1}, []float64{0.5, 2}), stored, 0, 2); m != (misfit{}) {
		t.Errorf("%v of twice the variance, want none", m)
	}
}

// TestMisfitOfFewImages: a small sample misses by chance, which must not count.
func TestMisfitOfFewImages(t *testing.T) {
	const values, images = 4096, 16
	z := model.Latents(1, 0, images, model.Config{LatentDim: values})
	s := spreadOf(model.Tensor{Shape: []int{images, 1, 1, values}, Data: z.Data}, model.ChannelNorm)
	stored := &spread{mean: make([]float64, values), variance: make([]float64, values)}
	for i := range stored.variance {
		stored.variance[i] = 1
	}
	if m := misfitOf(&s, stored, 0, 1); !(m.worst() < staleDoubtful) {
		t.Errorf("%v of normal values, want below %v", m, staleDoubtful)
	}
}

// TestLikenessByHand: four images in two directions, of equal weight; then two
// pairs of twins.
func TestLikenessByHand(t *testing.T) {
	images := func(rows ...[]float32) model.Tensor {
		x := model.NewTensor(len(rows), 1, 2, 1)
		for i, r := range rows {
			copy(x.Row(i), r)
		}
		return x
	}
	if d, twins := likeness(images([]float32{1, 0}, []float32{-1, 0}, []float32{0, 1}, []float32{0, -1})); !(math.Abs(d-2) <= 1e-12) || twins != 0 {
		t.Errorf("%v directions, %v twins; want 2, 0", d, twins)
	}
	if d, twins := likeness(images([]float32{1, 0}, []float32{1, 0}, []float32{-1, 0}, []float32{-1, 0})); !(math.Abs(d-1) <= 1e-12) || twins != 1 {
		t.Errorf("%v directions, %v twins; want 1, 1", d, twins)
	}
	if d, twins := likeness(images([]float32{1, 2}, []float32{1, 2})); d != 0 || twins != 1 {
		t.Errorf("equal images: %v directions, %v twins; want 0, 1", d, twins)
	}
}
