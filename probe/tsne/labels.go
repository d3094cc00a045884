package tsne

import (
	"context"
	"fmt"
	"math"
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
)

// NearestLabel returns how many of the points with a label have a nearest other
// point with the same one, as a share: the accuracy of leave-one-out
// classification by one neighbour. Points without a label, -1, are left out.
func NearestLabel(ctx context.Context, pool *model.Pool, x model.Tensor, labels []int) (float64, error) {
	if len(labels) != x.Len() {
		return 0, fmt.Errorf("tsne: %d labels for %d points", len(labels), x.Len())
	}
	var kept []int
	for i, l := range labels {
		if l >= 0 {
			kept = append(kept, i)
		}
	}
	if len(kept) < 2 {
		return 0, fmt.Errorf("tsne: %d points with a label, want at least 2", len(kept))
	}
	near, err := Nearest(ctx, pool, probe.Pick(x, kept), 1)
	if err != nil {
		return 0, err
	}
	same := 0
	for i, j := range near.Index {
		if labels[kept[i]] == labels[kept[j]] {
			same++
		}
	}
	return float64(same) / float64(len(kept)), nil
}

// Majority is the share of the commonest label among the points with one: what
// a classifier reaches that looks at nothing. Without labels it is 0.
func Majority(labels []int) float64 {
	var counts []int
	total := 0
	for _, l := range labels {
		if l < 0 {
			continue
		}
		for len(counts) <= l {
			counts = append(counts, 0)
		}
		counts[l]++
		total++
	}
	if total == 0 {
		return 0
	}
	return float64(slices.Max(counts)) / float64(total)
}

// NearestValue returns Pearson's correlation of the values of points with those
// of their nearest other points: 1 where values change slowly from place to
// place, near 0 where they have nothing to do with the places. Where all values
// are equal it is 0.
func NearestValue(ctx context.Context, pool *model.Pool, x model.Tensor, values []float64) (float64, error) {
	if len(values) != x.Len() {
		return 0, fmt.Errorf("tsne: %d values for %d points", len(values), x.Len())
	}
	near, err := Nearest(ctx, pool, x, 1)
	if err != nil {
		return 0, err
	}
	n := float64(len(values))
	var a, b float64
	for i, v := range values {
		a += v / n
		b += values[near.Index[i]] / n
	}
	var aa, bb, ab float64
	for i, v := range values {
		u, w := v-a, values[near.Index[i]]-b
		aa, bb, ab = aa+u*u, bb+w*w, ab+u*w
	}
	if aa == 0 || bb == 0 {
		return 0, nil
	}
	return ab / math.Sqrt(aa*bb), nil
}
