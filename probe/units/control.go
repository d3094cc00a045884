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

// control compares a unit with its matches. seer tells which units' areas overlap with
// the concept.
func (st *Result) control(unit int, matches []int, seer func(unit int) bool) *Matched {
	if len(matches) == 0 {
		return nil
	}
	m := &Matched{Units: matches}
	n := float64(len(matches))
	own := stats.Sum(st.effect[unit].inside)
	covered := n * own
	var inside, squares, pixels float64
	var others [4]float64 // the same without seers
	for _, k := range matches {
		e := &st.effect[k]
		rmse := math.Sqrt(stats.Sum(e.all) / stats.Sum(e.pixels))
		m.Effect += rmse / n
		m.SD += rmse * rmse
		of := [4]float64{e.foreign[unit], own, stats.Sum(e.all), stats.Sum(e.pixels)}
		inside, squares, pixels = inside+of[0], squares+of[2], pixels+of[3]
		if seer(k) {
			m.Seers = append(m.Seers, k)
			continue
		}
		for i := range others {
			others[i] += of[i]
		}
	}
	if v := concentration(others[0], others[1], others[2], others[3]); m.Seers != nil && stats.Finite(v) {
		m.Others = &v
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
