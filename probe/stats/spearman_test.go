package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestSpearman(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		x, y []float64
		want float64
	}{
		"of five values":    {[]float64{1, 2, 3, 4, 5}, []float64{10, 40, 20, 50, 70}, 1 - 6*2./120},
		"of opposite order": {[]float64{1, 2, 3}, []float64{3, 2, 1}, -1},
		"of growing change": {[]float64{1, 2, 3, 4}, []float64{-1e9, 0, 1e-9, 1e9}, 1},
		"with ties":         {[]float64{1, 2, 2, 3}, []float64{1, 2, 3, 4}, 4.5 / math.Sqrt(4.5*5)},
		"of ties across":    {[]float64{0, 0, 1, 1}, []float64{0, 1, 0, 1}, 0},
		"of a constant":     {[]float64{1, 2, 3}, []float64{7, 7, 7}, nan},
		"of a NaN":          {[]float64{1, 2, 3}, []float64{1, nan, 2}, nan},
		"of NaNs":           {[]float64{nan, nan}, []float64{1, 2}, nan},
		"of one":            {[]float64{1}, []float64{1}, nan},
		"of none":           {nil, nil, nan},
	} {
		for _, got := range []float64{Spearman(c.x, c.y), Spearman(c.y, c.x)} {
			if math.IsNaN(got) != math.IsNaN(c.want) || math.Abs(got-c.want) > 1e-12 {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
	}
}

// TestSpearmanIsOfTheOrderAlone: without ties it is 1 - 6 sum d² / (n(n²-1)),
// whatever keeps the order is done to the values.
func TestSpearmanIsOfTheOrderAlone(t *testing.T) {
	const n = 7
	rng := rand.New(rand.NewPCG(1, 2))
	x := []float64{1, 2, 3, 4, 5, 6, 7}
	for range 20 {
		y, bent := make([]float64, n), make([]float64, n)
		var d float64
		for i, v := range rng.Perm(n) {
			y[i] = float64(1 + v)
			bent[i] = math.Exp(y[i]) - 100
			d += (x[i] - y[i]) * (x[i] - y[i])
		}
		want := 1 - 6*d/(n*(n*n-1))
		for _, v := range [][]float64{y, bent} {
			if got := Spearman(x, v); math.Abs(got-want) > 1e-12 {
				t.Errorf("of %v: %v, want %v", v, got, want)
			}
		}
	}
}
