package nearest

import (
	"context"
	"slices"

	"dcganviz/internal/random"
	"dcganviz/model"
)

// permutations of training and held-out pictures.
const permutations = 999

// besideStrangers fills in Nearer, ByChance and PNearer of a group whose nearest training
// pictures are hits. If the model has not copied, nothing tells the pictures that it was
// trained on from held-out ones. So the permutation test is exact, however dull or odd its
// samples are, as long as pictures are independent: patches of one photograph are not
// quite.
func (t *Test) besideStrangers(ctx context.Context, pool *model.Pool, l look, hits [][]Hit, unit float64, training int, heldout model.Tensor, seed uint64) error {
	others, err := l.nearestTo(ctx, pool, heldout, len(hits[0]))
	if err != nil {
		return err
	}
	weights := make([]float64, training+heldout.Len())
	total := 0.0
	for i, own := range hits {
		var distances []float64
		for _, h := range own {
			distances = append(distances, h.Distance)
		}
		for _, h := range others[i] {
			distances = append(distances, unit*h.Distance)
		}
		slices.Sort(distances)
		at := own[0].Index
		if unit*others[i][0].Distance < own[0].Distance {
			at = training + others[i][0].Index
		}
		if far := distances[len(own)-1]; far > 0 {
			w := 1 - distances[0]/far
			weights[at] += w * w
			total += w * w
		}
	}
	sum := func(w []float64) (s float64) {
		for _, v := range w[:training] {
			s += v
		}
		return s
	}
	found, more := sum(weights), 1
	t.ByChance = float64(training) / float64(len(weights))
	if total > 0 {
		t.Nearer = found / total
	}
	rng := random.New(seed, random.NearestStrangers)
	for range permutations {
		rng.Shuffle(len(weights), func(i, j int) { weights[i], weights[j] = weights[j], weights[i] })
		// The order of the sum must not count.
		if sum(weights) >= found-1e-9*total {
			more++
		}
	}
	t.PNearer = float64(more) / (permutations + 1)
	return nil
}

// add takes a picture's neighbours up: the last one divides the relative distance.
func (g *Group) add(h []Hit) {
	last, relative := len(h)-1, 1.0
	if h[last].Distance > 0 {
		relative = h[0].Distance / h[last].Distance
	}
	g.Distances, g.relative = append(g.Distances, h[0].Distance), append(g.relative, relative)
}
