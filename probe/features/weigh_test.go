package features

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/probe"
)

// TestWeighedLayersCountAlike takes the mean squared distance over all pairs,
// by definition, in all and in each layer.
func TestWeighedLayersCountAlike(t *testing.T) {
	const tolerance = 1e-5 // float32 features
	d := testD(t)
	rng := rand.New(rand.NewPCG(1, 2))
	x := model.NewTensor(7, Width(d))
	for i := range x.Data {
		x.Data[i] = rng.Float32()
	}
	dead := layers(d)[1]
	sizes := make([]int, len(layers(d)))
	at, deadAt := 0, 0
	for k, l := range layers(d) {
		sizes[k] = min(grid, l.Height) * min(grid, l.Width) * l.Channels
		if k == 1 {
			deadAt = at
		}
		for i := range x.Len() {
			for j := range sizes[k] {
				x.Row(i)[at+j] *= float32(math.Pow(10, float64(k)))
			}
		}
		at += sizes[k]
	}
	for i := range x.Len() { // a layer that nothing is seen in
		copy(x.Row(i)[deadAt:], x.Row(0)[deadAt:deadAt+sizes[1]])
	}
	w, err := Weigh(d, x)
	if err != nil {
		t.Fatal(err)
	}
	w.Apply(x)
	pairs := func(from, to int) (mean float64) {
		n := 0.0
		for i := range x.Len() {
			for j := range i {
				a := probe.Distance(x.Row(i)[from:to], x.Row(j)[from:to])
				mean += a * a
				n++
			}
		}
		return mean / n
	}
	if got := pairs(0, Width(d)); !(math.Abs(got-1) <= tolerance) {
		t.Errorf("mean squared distance of two pictures %v, want 1", got)
	}
	at = 0
	for k, l := range layers(d) {
		want := 1 / float64(len(sizes)-1)
		if l.Name == dead.Name {
			want = 0
		}
		if got := pairs(at, at+sizes[k]); !(math.Abs(got-want) <= tolerance) {
			t.Errorf("layer %s: %v, want %v", l.Name, got, want)
		}
		at += sizes[k]
	}
}

func TestWeighRefuses(t *testing.T) {
	d := testD(t)
	nan := model.NewTensor(3, Width(d))
	nan.Row(1)[4] = float32(math.NaN())
	for says, x := range map[string]model.Tensor{
		"look alike": model.NewTensor(3, Width(d)),
		"not finite": nan,
		"[1 ":        model.NewTensor(1, Width(d)),
		"[3 5]":      model.NewTensor(3, 5),
	} {
		if _, err := Weigh(d, x); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want an error with %q", err, says)
		}
	}
}
