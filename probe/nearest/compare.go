package nearest

import (
	"slices"

	"dcganviz/internal/random"
	"dcganviz/probe/stats"
)

// A pair is a picture's distance and its relative distance.
type pair struct{ distance, relative float64 }

func (g *Group) pairs() []pair {
	out := make([]pair, len(g.Distances))
	for i, d := range g.Distances {
		out[i] = pair{d, g.relative[i]}
	}
	return out
}

// compare fills in a group's figures beside held-out pictures. Intervals are
// percentiles of the bootstrap over pictures, of both sets.
func (g *Group) compare(heldout *Group, seed uint64) error {
	f := g.figures(heldout, seed)
	g.Median, g.Relative, g.Nearer, g.Copies = f[0], f[1], f[2], f[3]
	scores := make([]float32, 0, len(g.Distances)+len(heldout.Distances))
	var labels []float32
	var groups []int
	for k, d := range [][]float64{g.Distances, heldout.Distances} {
		for _, v := range d {
			groups = append(groups, len(scores))
			scores, labels = append(scores, -float32(v)), append(labels, float32(1-k))
		}
	}
	var err error
	g.AUC, err = stats.AUC(scores, labels, groups, seed)
	return err
}

// figures are the medians of both distances, and the fractions nearer than the
// cut and below both cuts. Held-out pictures are compared with themselves.
func (g *Group) figures(heldout *Group, seed uint64) []stats.Interval {
	var other []pair
	if g != heldout {
		other = heldout.pairs()
	}
	return stats.OfSets(random.New(seed, random.NearestBootstrap), g.pairs(), other, figuresOf)
}

func figuresOf(own, heldout []pair) []float64 {
	near, relative := quantiles(heldout, chance)
	nearer, copies := 0, 0
	for _, p := range own {
		if p.distance < near {
			nearer++
			if p.relative < relative {
				copies++
			}
		}
	}
	distance, closeness := quantiles(own, 0.5)
	return []float64{distance, closeness, float64(nearer) / float64(len(own)), float64(copies) / float64(len(own))}
}

// below counts the pictures below both cuts.
func (g *Group) below(s *Space) int {
	n := 0
	for _, p := range g.pairs() {
		if p.distance < s.NearerThan && p.relative < s.RelativeBelow {
			n++
		}
	}
	return n
}

// quantiles are the values that the fraction q of either distance is below; the
// median of an even number is the upper one.
func quantiles(p []pair, q float64) (distance, relative float64) {
	d, r := make([]float64, len(p)), make([]float64, len(p))
	for i, v := range p {
		d[i], r[i] = v.distance, v.relative
	}
	slices.Sort(d)
	slices.Sort(r)
	at := int(q * float64(len(p)))
	return d[at], r[at]
}
