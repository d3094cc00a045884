package units

import (
	"cmp"
	"math"
	"slices"

	"dcganviz/internal/random"
	"dcganviz/probe/stats"
)

// alike is how many units of the nearest energy a unit is compared with.
const alike = 4

// matches returns, for each of the units, the other units that its effect is compared
// with: the living ones of the nearest energy.
func (st *Result) matches(units []int) map[int][]int {
	out := make(map[int][]int, len(units))
	for _, u := range units {
		if st.all[u].Dead {
			continue // nothing compares with it
		}
		var others []int
		for k := range st.all {
			if k != u && !st.all[k].Dead {
				others = append(others, k)
			}
		}
		distance := func(k int) float64 { return math.Abs(math.Log(st.all[k].Energy / st.all[u].Energy)) }
		slices.SortStableFunc(others, func(a, b int) int { return cmp.Compare(distance(a), distance(b)) })
		out[u] = others[:min(alike, len(others))]
	}
	return out
}

// control compares a unit with its matches.
func (st *Result) control(unit int, matches []int) *Matched {
	if len(matches) == 0 {
		return nil
	}
	m := &Matched{Units: matches}
	n := float64(len(matches))
	covered := n * stats.Sum(st.effect[unit].inside)
	var inside, squares, pixels float64
	for _, k := range matches {
		e := &st.effect[k]
		rmse := math.Sqrt(stats.Sum(e.all) / stats.Sum(e.pixels))
		m.Effect += rmse / n
		m.SD += rmse * rmse
		squares += stats.Sum(e.all)
		pixels += stats.Sum(e.pixels)
		inside += e.foreign[unit]
	}
	m.SD = math.Sqrt(max(0, m.SD-n*m.Effect*m.Effect) / max(1, n-1))
	if v := math.Sqrt(inside / covered); stats.Finite(v) {
		m.Inside = &v
	}
	if v := concentration(inside, covered, squares, pixels); stats.Finite(v) {
		m.Concentration = &v
	}
	return m
}

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
