package stats

import (
	"cmp"
	"fmt"
	"slices"

	"dcganviz/model"
)

// AUC returns the area under the receiver operating characteristic: the
// probability that a positive has a higher score than a negative, where equal
// scores count half. labels are 1, 0, or NaN for what does not count.
//
// The interval is Bootstrap's, which draws groups: each item belongs to one, since the
// locations of one photograph are not independent.
//
// Method: Mann & Whitney 1947 (doi:10.1214/aoms/1177730491).
func AUC(scores, labels []float32, groups []int, seed uint64) (Interval, error) {
	if len(labels) != len(scores) || len(groups) != len(scores) {
		return Interval{}, fmt.Errorf("stats: AUC: %d scores, %d labels and %d groups, want as many of each", len(scores), len(labels), len(groups))
	}
	var r ranking
	dense := map[int]int32{}
	for i, s := range scores {
		if s != s {
			return Interval{}, model.Unusable("stats: AUC: score %d is NaN", i)
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
	slices.SortFunc(r.items, func(a, b ranked) int { return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(a.group, b.group)) })
	if _, ok := r.auc(slices.Repeat([]float64{1}, len(dense))); !ok {
		return Interval{}, fmt.Errorf("stats: AUC: all %d labels are alike, want positives and negatives", len(r.items))
	}
	return Bootstrap(len(dense), seed, r.auc), nil
}

// A ranking is scored items in rising order.
type ranking struct{ items []ranked }

type ranked struct {
	score    float32
	positive bool
	group    int32
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
