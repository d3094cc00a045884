package tsne

import (
	"context"
	"fmt"
	"math"
	"slices"

	"dcganviz/model"
)

// Affinities are the joint probabilities p_ij of pairs of n points: symmetric,
// zero on the diagonal, 1 in sum. Pairs that are nobody's neighbours have none.
type Affinities struct {
	// Start is where each row begins in Index and P, [n+1].
	Start []int
	// Index is the column of each entry, rising within a row.
	Index []int32
	// P is the value of each entry.
	P []float64
	// Perplexity is the mean of exp(entropy) of the rows' conditional
	// probabilities, as reached.
	Perplexity float64
	// Beta is 1/(2 sigma^2) of each point.
	Beta []float64
}

// Len returns the number of points.
func (a *Affinities) Len() int { return len(a.Start) - 1 }

// Row returns the columns and values of row i.
func (a *Affinities) Row(i int) ([]int32, []float64) {
	return a.Index[a.Start[i]:a.Start[i+1]], a.P[a.Start[i]:a.Start[i+1]]
}

// NeighborsFor is how many neighbours carry the probabilities of a point: the
// Gaussian of a perplexity has all but nothing beyond three times as many.
func NeighborsFor(n int, perplexity float64) int { return min(n-1, int(3*perplexity)+1) }

// CheckPerplexity reports a perplexity below 1, and one that n points are too few for.
func CheckPerplexity(n int, perplexity float64) error {
	most := math.Floor(float64(n-1)/3*10) / 10
	switch {
	case perplexity >= 1 && 3*perplexity <= float64(n-1):
		return nil
	case most < 1:
		return fmt.Errorf("tsne: %d points are too few for any perplexity: want at least 4 points", n)
	case perplexity >= 1 && perplexity < 1e6:
		return fmt.Errorf("tsne: %d points are too few for perplexity %g: want %d points, or a perplexity of at most %g",
			n, perplexity, int(math.Ceil(3*perplexity))+1, most)
	}
	return fmt.Errorf("tsne: perplexity %g, want 1 to %g with %d points", perplexity, most, n)
}

// NewAffinities computes the affinities of points whose neighbours are known.
//
// Each point's Gaussian gets the width at which the entropy of its neighbours'
// probabilities is ln(perplexity); where too many lie at one distance for
// that, they share alike. The result is (p_j|i + p_i|j) / 2n.
//
// Method: van der Maaten and Hinton 2008, JMLR 9, sections 2 and 3.1.
func NewAffinities(pool *model.Pool, near *Neighbors, perplexity float64) (*Affinities, error) {
	k := near.K
	n := len(near.Index) / k
	if !(perplexity >= 1) || perplexity > float64(k) {
		return nil, fmt.Errorf("tsne: perplexity %g over %d neighbours, want 1 to %d", perplexity, k, k)
	}
	a := &Affinities{Beta: make([]float64, n)}
	conditional := make([]float64, n*k)
	reached := make([]float64, n)
	eachPoint(pool, n, func(i int) {
		_, squared := near.Row(i)
		a.Beta[i], reached[i] = calibrate(squared, math.Log(perplexity), conditional[i*k:(i+1)*k])
	})
	for _, h := range reached {
		a.Perplexity += math.Exp(h) / float64(n)
	}
	a.symmetrize(near, conditional)
	return a, nil
}

// calibrate finds beta so that p, proportional to exp(-beta*squared), has the
// given entropy, and returns beta and the entropy. squared rises.
//
// Entropy falls with beta. Newton's steps on ln(beta), whose derivative is
// -beta^2 times the variance of the distances, are taken where they stay in
// the bracket, halves of the bracket elsewhere.
func calibrate(squared []float64, target float64, p []float64) (beta, entropy float64) {
	const most = 200
	least := squared[0]
	beta = 1
	if far := squared[len(squared)-1] - least; far > 0 {
		beta = 1 / far
	}
	low, high := 0., math.Inf(1)
	for range most {
		var sum, first, second float64
		for j, d := range squared {
			d -= least
			e := math.Exp(-beta * d)
			p[j] = e
			sum += e
			first += float64(d * e)
			second += float64(d * d * e)
		}
		m := first / sum
		entropy = math.Log(sum) + beta*m
		for j := range p {
			p[j] /= sum
		}
		off := entropy - target
		if math.Abs(off) <= 1e-14*max(1, target) {
			break
		}
		if off > 0 {
			low = beta
		} else {
			high = beta
		}
		next := beta * math.Exp(off/(beta*beta*(second/sum-m*m)))
		if !(next > low && next < high && next <= 8*beta) {
			if math.IsInf(high, 1) {
				next = 2 * beta
			} else {
				next = (low + high) / 2
			}
		}
		if next == beta || next > 1e300 {
			break
		}
		beta = next
	}
	return beta, entropy
}

// symmetrize fills in the rows.
func (a *Affinities) symmetrize(near *Neighbors, conditional []float64) {
	k := near.K
	n := len(near.Index) / k
	// Who has whom as neighbour, the other way round.
	from := make([]int, n+1)
	for _, j := range near.Index {
		from[j+1]++
	}
	for i := range n {
		from[i+1] += from[i]
	}
	sources, values := make([]int32, n*k), make([]float64, n*k)
	fill := slices.Clone(from[:n])
	for i := range n {
		index, _ := near.Row(i)
		for j, to := range index {
			sources[fill[to]], values[fill[to]] = int32(i), conditional[i*k+j]
			fill[to]++
		}
	}
	a.Start = make([]int, n+1)
	a.Index, a.P = make([]int32, 0, 2*n*k), make([]float64, 0, 2*n*k)
	type entry struct {
		index int32
		p     float64
	}
	own := make([]entry, k)
	scale := 1 / (2 * float64(n))
	put := func(index int32, p float64) {
		// A tiny p becomes 0 by the scale. p ln(p) is then NaN by its formula; its
		// limit is 0, as if the pair had no entry.
		if p *= scale; p > 0 {
			a.Index, a.P = append(a.Index, index), append(a.P, p)
		}
	}
	for i := range n {
		index, _ := near.Row(i)
		for j, to := range index {
			own[j] = entry{to, conditional[i*k+j]}
		}
		slices.SortFunc(own, func(a, b entry) int { return int(a.index - b.index) })
		s, v := sources[from[i]:from[i+1]], values[from[i]:from[i+1]]
		for _, e := range own {
			for len(s) > 0 && s[0] < e.index {
				put(s[0], v[0])
				s, v = s[1:], v[1:]
			}
			if len(s) > 0 && s[0] == e.index {
				e.p += v[0]
				s, v = s[1:], v[1:]
			}
			put(e.index, e.p)
		}
		for j := range s {
			put(s[j], v[j])
		}
		a.Start[i+1] = len(a.Index)
	}
}

// affinities is NewAffinities of points.
func affinities(ctx context.Context, pool *model.Pool, x model.Tensor, perplexity float64, neighbors int) (*Affinities, error) {
	near, err := Nearest(ctx, pool, x, neighbors)
	if err != nil {
		return nil, err
	}
	return NewAffinities(pool, near, perplexity)
}
