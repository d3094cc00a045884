package train

import (
	"math"
	"testing"
)

// TestStreamIsStable pins what seeds mean: a run of an older version must go on
// as it began.
func TestStreamIsStable(t *testing.T) {
	for _, c := range []struct {
		seed  uint64
		what  purpose
		index int
		want  uint64
	}{
		{0, forWeightsG, 0, 0x286dea39185979af},
		{1, forOrder, 2, 0xb0d57a80ae28e67a},
		{math.MaxUint64, forAugmentGen, 1_000_000, 0x931e603d3f2780d7},
	} {
		if got := stream(c.seed, c.what, c.index).Uint64(); got != c.want {
			t.Errorf("seed %d, purpose %d, index %d: %#x, want %#x", c.seed, c.what, c.index, got, c.want)
		}
	}
}

func TestStreamsDiffer(t *testing.T) {
	seen := make(map[uint64]string)
	for seed := range uint64(20) {
		for what := forWeightsG; what <= forAugmentGen; what++ {
			for index := range 50 {
				v := stream(seed, what, index).Uint64()
				if seen[v] != "" {
					t.Fatalf("seed %d, purpose %d, index %d begins as another stream", seed, what, index)
				}
				seen[v] = "seen"
			}
		}
	}
}

// TestStreamsAreUnrelated draws the first number of neighbouring steps and
// seeds: their correlation must be that of independent numbers.
func TestStreamsAreUnrelated(t *testing.T) {
	const n = 20000
	const limit = 5 / 141.4 // five standard deviations, 1/sqrt(n)
	for name, next := range map[string]func(i int) float64{
		"steps": func(i int) float64 { return stream(3, forLatents, i).NormFloat64() },
		"seeds": func(i int) float64 { return stream(uint64(i), forLatents, 0).NormFloat64() },
	} {
		var sum, squares float64
		previous := next(0)
		for i := 1; i <= n; i++ {
			v := next(i)
			sum += v * previous
			squares += v * v
			previous = v
		}
		if r := sum / squares; !(math.Abs(r) < limit) {
			t.Errorf("%s: correlation %g", name, r)
		}
	}
}
