package stats

import (
	"math"

	"dcganviz/internal/random"
)

// A Paired is a difference that was measured in pairs: of the same draws under two
// conditions, say.
type Paired struct {
	// Mean is the mean difference, and SE its standard error.
	Mean float64 `json:"mean"`
	SE   float64 `json:"se"`
	// P is the two-sided p-value of a permutation test: the share of ways to turn the
	// signs of the differences whose mean is at least as far from zero. The signs as
	// they are count as one.
	P float64 `json:"p"`
}

// signTurns is how often the signs are turned at random: P is 0.0001 at least.
const signTurns = 9999

// forSigns keeps the signs of PairedOf apart from other uses of a seed.
const forSigns uint64 = 4

// PairedOf returns the difference of a and b, of one length, pair by pair. seed decides
// the signs that are turned.
//
// Method: Fisher 1935, The Design of Experiments, section 21, with random signs in place
// of all.
func PairedOf(a, b []float64, seed uint64) Paired {
	d := make([]float64, len(a))
	var size float64
	for i := range d {
		d[i] = a[i] - b[i]
		size += math.Abs(d[i])
	}
	s := SpreadOf(d)
	// Sums that differ by rounding alone are equal.
	least := math.Abs(Sum(d)) - 1e-12*size
	rng := random.At(seed, forSigns, 0)
	asFar := 1
	for range signTurns {
		var sum float64
		for _, v := range d {
			if rng.Uint64()>>63 == 1 {
				v = -v
			}
			sum += v
		}
		if math.Abs(sum) >= least {
			asFar++
		}
	}
	return Paired{Mean: s.Mean, SE: s.SD / math.Sqrt(float64(len(d))), P: float64(asFar) / (1 + signTurns)}
}
