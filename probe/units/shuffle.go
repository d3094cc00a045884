package units

import "dcganviz/internal/random"

// shuffles returns permutations of n samples. None of them leaves a sample in its
// place.
func shuffles(seed uint64, n, count int) [][]int {
	rng := random.New(seed, random.UnitsShuffles)
	out := make([][]int, count)
	for k := range out {
		// One cycle through all.
		order := rng.Perm(n)
		out[k] = make([]int, n)
		for i, from := range order {
			out[k][from] = order[(i+1)%n]
		}
	}
	return out
}
