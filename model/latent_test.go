package model

import (
	"math"
	"testing"
)

func TestLatentDoesNotDependOnCount(t *testing.T) {
	cfg := tiny(PyTorch, 16)
	for _, law := range []Law{Normal, Uniform} {
		cfg.Law = law
		all := Latents(3, 0, 10, cfg)
		for first := range 9 {
			part := Latents(3, first, 2, cfg)
			for j, v := range part.Row(1) {
				if want := all.Row(first + 1)[j]; v != want {
					t.Fatalf("%v: latent %d [%d] = %v, want %v", law, first+1, j, v, want)
				}
			}
		}
	}
}

// TestLatentMoments compares the first moments of many latents with the laws'.
func TestLatentMoments(t *testing.T) {
	cfg := Config{LatentDim: 100}
	const n = 2000
	// Standard error of the mean of 200,000 draws, times five.
	const tolerance = 5 / 447.0
	for law, variance := range map[Law]float64{Normal: 1, Uniform: 1. / 3} {
		cfg.Law = law
		z := Latents(1, 0, n, cfg)
		var sum, squares, neighbours float64
		for i := range n {
			row := z.Row(i)
			for j, v := range row {
				sum += float64(v)
				squares += float64(v) * float64(v)
				if i > 0 {
					neighbours += float64(v) * float64(z.Row(i - 1)[j])
				}
				if law == Uniform && !(v >= -1 && v <= 1) {
					t.Fatalf("uniform latent %v", v)
				}
			}
		}
		count := float64(len(z.Data))
		for what, d := range map[string]float64{
			"mean": sum / count, "variance": squares/count - variance, "covariance with the next": neighbours / count,
		} {
			if !(math.Abs(d) <= tolerance) {
				t.Errorf("%v: %s is off by %g", law, what, d)
			}
		}
	}
}

func TestSlerpEndsAndFallbacks(t *testing.T) {
	a, b := []float32{1, 0, 0}, []float32{0, 2, 0}
	dst := make([]float32, 3)
	for _, c := range []struct {
		a, b []float32
		t    float64
		want []float32
	}{
		{a, b, 0, a},
		{a, b, 1, b},
		{a, b, .5, []float32{math.Sqrt2 / 2, math.Sqrt2, 0}},
		{a, a, .3, a},
		{a, []float32{0, 0, 0}, .25, []float32{.75, 0, 0}},
		{a, []float32{-1, 0, 0}, .25, []float32{.5, 0, 0}},
	} {
		if err := Slerp(dst, c.a, c.b, c.t); err != nil {
			t.Fatal(err)
		}
		for i := range dst {
			if !(math.Abs(float64(dst[i]-c.want[i])) <= 1e-6) {
				t.Errorf("slerp(%v, %v, %v) = %v, want %v", c.a, c.b, c.t, dst, c.want)
				break
			}
		}
	}
	if err := Slerp(dst, a, b[:2], 0); err == nil {
		t.Error("latents of two lengths passed")
	}
}

func TestImageOrderRoundTrip(t *testing.T) {
	x := NewTensor(2, 3, 5, 4)
	for i := range x.Data {
		x.Data[i] = float32(i)
	}
	y, err := x.ToNCHW()
	if err != nil {
		t.Fatal(err)
	}
	// n=1, y=2, x=3, c=1
	if got, want := y.Data[((1*4+1)*3+2)*5+3], x.Data[((1*3+2)*5+3)*4+1]; got != want {
		t.Errorf("value %v, want %v", got, want)
	}
	z, err := FromNCHW(y)
	if err != nil {
		t.Fatal(err)
	}
	for i := range x.Data {
		if z.Data[i] != x.Data[i] {
			t.Fatalf("round trip: [%d] = %v, want %v", i, z.Data[i], x.Data[i])
		}
	}
	if _, err := (Tensor{Shape: []int{2, 3}, Data: make([]float32, 6)}).ToNCHW(); err == nil {
		t.Error("two axes passed")
	}
}
