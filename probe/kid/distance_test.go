package kid

import (
	"math"
	"math/rand/v2"
	"testing"

	"dcganviz/model"
)

func normals(seed uint64, n, k int, mean, sd float64) model.Tensor {
	rng := rand.New(rand.NewPCG(seed, 1))
	t := model.NewTensor(n, k)
	for i := range t.Data {
		t.Data[i] = float32(mean + sd*rng.NormFloat64())
	}
	return t
}

// TestBetweenEqualsItsDefinition adds the kernel up pair by pair, over features
// that are standardised already: two rows of each sign a column.
func TestBetweenEqualsItsDefinition(t *testing.T) {
	a := model.Tensor{Shape: []int{3, 2}, Data: []float32{.5, -1, 2, 0, 1, 1}}
	b := model.Tensor{Shape: []int{4, 2}, Data: []float32{1, 1, -1, 1, 1, -1, -1, -1}}
	k := func(x, y []float32) float64 {
		v := (float64(x[0])*float64(y[0])+float64(x[1])*float64(y[1]))/2 + 1
		return v * v * v
	}
	var want float64
	for i := range 3 {
		for j := range 3 {
			if i != j {
				want += k(a.Row(i), a.Row(j)) / 6
			}
		}
		for j := range 4 {
			want -= 2 * k(a.Row(i), b.Row(j)) / 12
		}
	}
	for i := range 4 {
		for j := range 4 {
			if i != j {
				want += k(b.Row(i), b.Row(j)) / 12
			}
		}
	}
	got, err := Between(a, b)
	if err != nil {
		t.Fatal(err)
	}
	if !(math.Abs(got.Value-want) <= 1e-12) {
		t.Fatalf("distance %v, want %v", got.Value, want)
	}
}

// TestBetweenIsUnbiasedAndItsErrorHonest draws pairs of sets of one
// distribution: the distances average to zero, and spread as they say.
func TestBetweenIsUnbiasedAndItsErrorHonest(t *testing.T) {
	const pairs = 60
	var sum, squares, se float64
	for i := range uint64(pairs) {
		d, err := Between(normals(2*i, 40, 6, 0, 1), normals(2*i+1, 60, 6, 0, 1))
		if err != nil {
			t.Fatal(err)
		}
		sum += d.Value
		squares += d.Value * d.Value
		se += d.SE
	}
	mean := sum / pairs
	sd := math.Sqrt(squares/pairs - mean*mean)
	if !(math.Abs(mean) <= 3*sd/math.Sqrt(pairs)) {
		t.Errorf("mean distance %v, want 0 within %v", mean, 3*sd/math.Sqrt(pairs))
	}
	if ratio := se / pairs / sd; !(ratio > .7 && ratio < 1.6) {
		t.Errorf("standard errors average to %v, the distances spread by %v", se/pairs, sd)
	}
}

// TestBetweenGrowsWithTheDifference moves one set away from the other.
func TestBetweenGrowsWithTheDifference(t *testing.T) {
	b := normals(1, 80, 5, 0, 1)
	last := -1.0
	for _, mean := range []float64{0, .5, 1, 2} {
		d, err := Between(normals(2, 80, 5, mean, 1), b)
		if err != nil {
			t.Fatal(err)
		}
		if !(d.Value > last) {
			t.Fatalf("moved by %v: distance %v, want more than %v", mean, d.Value, last)
		}
		if mean >= .5 && !(d.Value > 3*d.SE) {
			t.Errorf("moved by %v: distance %v ± %v, want it seen", mean, d.Value, d.SE)
		}
		last = d.Value
	}
}

func TestBetweenRefuses(t *testing.T) {
	ok := normals(1, 5, 3, 0, 1)
	bad := ok.Clone()
	bad.Data[4] = float32(math.NaN())
	for name, c := range map[string][2]model.Tensor{
		"other features": {ok, normals(1, 5, 4, 0, 1)},
		"too few":        {normals(1, 2, 3, 0, 1), ok},
		"no variation":   {ok, model.NewTensor(5, 3)},
		"NaN":            {bad, ok},
	} {
		if _, err := Between(c[0], c[1]); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestNetKeepsTheSizeOfActivations: deep layers see as much as shallow ones.
func TestNetKeepsTheSizeOfActivations(t *testing.T) {
	net, err := NewNet(32, 32, 3)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 3))
	x := model.NewTensor(7, 32, 32, 3)
	for i := range x.Data {
		x.Data[i] = float32(2*rng.Float64() - 1)
	}
	f, err := net.Features(x, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, l := range net.layers {
		var sum float64
		for i := range f.Len() {
			for _, v := range f.Row(i)[at : at+2*l.Channels] {
				sum += float64(v) * float64(v)
			}
		}
		if rms := math.Sqrt(sum / float64(7*2*l.Channels)); !(rms > .1 && rms < 2) {
			t.Errorf("layer %s: features of size %v, want about 0.5", l.Name, rms)
		}
		at += 2 * l.Channels
	}
	if at != f.Shape[1] {
		t.Errorf("%d features, want %d", f.Shape[1], at)
	}
}
