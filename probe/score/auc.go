package score

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// An Interval is a figure and its 95% interval.
type Interval struct {
	Mean float64 `json:"mean"`
	Lo   float64 `json:"lo"`
	Hi   float64 `json:"hi"`
}

// resamples is how many bootstrap samples an interval is made of.
const resamples = 1000

// AUC returns the area under the receiver operating characteristic: the
// probability that a positive has a higher score than a negative, where equal
// scores count half. labels are 1, 0, or NaN for what does not count.
//
// The interval is the bootstrap's: groups, which say what each item belongs
// to, are drawn with replacement, since the locations
// of one photograph are not independent. seed decides the draws.
//
// Method: Mann & Whitney 1947 (doi:10.1214/aoms/1177730491); the percentile
// interval of Efron 1981 (doi:10.1139/cjs-1981-0022).
func AUC(scores, labels []float32, groups []int, seed uint64) (Interval, error) {
	if len(labels) != len(scores) || len(groups) != len(scores) {
		return Interval{}, fmt.Errorf("score: AUC: %d scores, %d labels and %d groups, want as many of each", len(scores), len(labels), len(groups))
	}
	var r ranking
	dense := map[int]int32{}
	for i, s := range scores {
		if s != s {
			return Interval{}, fmt.Errorf("score: AUC: score %d is NaN", i)
		}
		if y := labels[i]; y == y {
			g, ok := dense[groups[i]]
			if !ok {
				g = int32(len(dense))
				dense[groups[i]] = g
			}
			r.items = append(r.items, ranked{s, y > .5, g})
		}
	}
	slices.SortFunc(r.items, func(a, b ranked) int {
		switch {
		case a.score < b.score:
			return -1
		case a.score > b.score:
			return 1
		}
		return int(a.group) - int(b.group)
	})
	weight := make([]float64, len(dense))
	for i := range weight {
		weight[i] = 1
	}
	auc, ok := r.auc(weight)
	if !ok {
		return Interval{}, fmt.Errorf("score: AUC: all %d labels are alike, want positives and negatives", len(r.items))
	}
	draws := make([]float64, 0, resamples)
	rng := newRand(seed, forBootstrap, 0)
	for range resamples {
		if a, ok := r.resample(weight, rng); ok { // else it drew one class alone
			draws = append(draws, a)
		}
	}
	slices.Sort(draws)
	return Interval{auc, quantile(draws, .025), quantile(draws, .975)}, nil
}

// A ranking is scored items in rising order.
type ranking struct{ items []ranked }

type ranked struct {
	score    float32
	positive bool
	group    int32
}

func (r *ranking) resample(weight []float64, rng *rand.Rand) (float64, bool) {
	clear(weight)
	for range weight {
		weight[rng.IntN(len(weight))]++
	}
	return r.auc(weight)
}

// auc counts each item as often as its group's weight says.
func (r *ranking) auc(weight []float64) (auc float64, ok bool) {
	var below, pairs, positives float64 // below: negatives of lower score
	for i := 0; i < len(r.items); {
		var p, n float64
		at := r.items[i].score
		for ; i < len(r.items) && r.items[i].score == at; i++ {
			if w := weight[r.items[i].group]; r.items[i].positive {
				p += w
			} else {
				n += w
			}
		}
		pairs += p * (below + n/2)
		below += n
		positives += p
	}
	if below == 0 || positives == 0 {
		return 0, false
	}
	return pairs / (below * positives), true
}

// quantile interpolates between the sorted values; NaN of none.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 == len(sorted) {
		return sorted[i]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
