package tsne

import (
	"math"
	"strings"
	"testing"

	"dcganviz/model"
)

func TestCalibrateReachesTheEntropy(t *testing.T) {
	for _, scale := range []float64{1e-12, 1, 1e12} {
		squared := make([]float64, 90)
		for j := range squared {
			squared[j] = scale * float64(1+j) * float64(1+j)
		}
		p := make([]float64, len(squared))
		for _, perplexity := range []float64{1.5, 5, 30, 80} {
			_, entropy := calibrate(squared, math.Log(perplexity), p)
			h := 0.
			for _, v := range p {
				if v > 0 {
					h -= v * math.Log(v)
				}
			}
			if !(math.Abs(h-math.Log(perplexity)) <= 1e-12) || !(math.Abs(entropy-h) <= 1e-12) {
				t.Errorf("perplexity %g at scale %g: the entropy is %v (said: %v), want %v", perplexity, scale, h, entropy, math.Log(perplexity))
			}
		}
	}
}

// Of points at the corners of a simplex, each has all others at one distance:
// whatever the width, they share alike.
func TestAffinitiesOfASimplexAreEqual(t *testing.T) {
	pool := model.NewPool(2)
	defer pool.Close()
	const n = 12
	x := model.NewTensor(n, n)
	for i := range n {
		x.Row(i)[i] = 1
	}
	a, err := affinities(t.Context(), pool, x, 3, n-1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		index, p := a.Row(i)
		if len(index) != n-1 {
			t.Fatalf("row %d has %d entries, want %d", i, len(index), n-1)
		}
		for k := range p {
			if !(math.Abs(p[k]-1./(n*(n-1))) <= 1e-15) {
				t.Fatalf("p[%d,%d] = %v, want %v", i, index[k], p[k], 1./(n*(n-1)))
			}
		}
	}
	if !(math.Abs(a.Perplexity-(n-1)) <= 1e-12) {
		t.Errorf("perplexity %v, want %d: no width gives less", a.Perplexity, n-1)
	}
}

func TestAffinitiesAreSymmetricAndSumToOne(t *testing.T) {
	pool := model.NewPool(2)
	defer pool.Close()
	x := points(5, 300, 4)
	copy(x.Row(7), x.Row(8)) // two in one place
	a, err := affinities(t.Context(), pool, x, 10, 31)
	if err != nil {
		t.Fatal(err)
	}
	all := map[[2]int]float64{}
	sum := 0.
	for i := range a.Len() {
		index, p := a.Row(i)
		for k, j := range index {
			if int(j) == i || k > 0 && index[k-1] >= j {
				t.Fatalf("row %d has the columns %v", i, index)
			}
			all[[2]int{i, int(j)}] = p[k]
			sum += p[k]
		}
	}
	for k, v := range all {
		if all[[2]int{k[1], k[0]}] != v {
			t.Errorf("p%v = %v, and %v the other way round", k, v, all[[2]int{k[1], k[0]}])
		}
	}
	if !(math.Abs(sum-1) <= 1e-12) || !(math.Abs(a.Perplexity-10) <= 1e-9) {
		t.Errorf("sum %v, want 1; perplexity %v, want 10", sum, a.Perplexity)
	}
}

func TestCheckPerplexity(t *testing.T) {
	if err := CheckPerplexity(91, 30); err != nil {
		t.Error(err)
	}
	err := CheckPerplexity(90, 30)
	if err == nil || !strings.Contains(err.Error(), "want 91 points") || !strings.Contains(err.Error(), "at most 29.6") {
		t.Errorf("got %v, want how many points or which perplexity", err)
	}
	for _, p := range []float64{0, .5, -1, math.NaN(), math.Inf(1), math.Inf(-1), 1e300} {
		if err := CheckPerplexity(1000, p); err == nil || !strings.Contains(err.Error(), "want 1 to 333") {
			t.Errorf("perplexity %g: %v, want the range", p, err)
		}
	}
	for _, n := range []int{0, 1, 3} {
		if err := CheckPerplexity(n, 1); err == nil || !strings.Contains(err.Error(), "at least 4 points") {
			t.Errorf("%d points: %v, want how many", n, err)
		}
	}
}

// Tiny probabilities become 0 when they are scaled. Such pairs have no entry, so that
// the divergence is a number.
func TestTinyAffinitiesLeaveTheDivergenceFinite(t *testing.T) {
	pool := model.NewPool(1)
	defer pool.Close()
	const n = 20
	for seed := range uint64(50) {
		x := points(seed, n, 3)
		a, err := affinities(t.Context(), pool, x, 1, n-1)
		if err != nil {
			t.Fatal(err)
		}
		for k, p := range a.P {
			if !(p > 0) {
				t.Errorf("seed %d: entry %d is %g, want none that is not positive", seed, k, p)
			}
		}
		y := make([]float64, 2*n)
		for i := range y {
			y[i] = float64(x.Data[i])
		}
		if kl := exactDivergence(pool, a, y); math.IsNaN(kl) || math.IsInf(kl, 0) {
			t.Errorf("seed %d: divergence %g", seed, kl)
		}
	}
}
