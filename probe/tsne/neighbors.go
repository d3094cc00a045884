package tsne

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"dcganviz/internal/kernel"
	"dcganviz/model"
	"dcganviz/probe"
)

// Neighbors are the K nearest points of each of n, nearest first; of points at
// one distance the first comes first.
type Neighbors struct {
	K       int
	Index   []int32   // [n][K]
	Squared []float64 // [n][K]: squared Euclidean distances
}

// Row returns the neighbours of point i and their squared distances.
func (n *Neighbors) Row(i int) ([]int32, []float64) {
	return n.Index[i*n.K : (i+1)*n.K], n.Squared[i*n.K : (i+1)*n.K]
}

const (
	// queryBlock points look for neighbours at a time among pointBlock points:
	// their products, 290 KB, stay in a second-level cache.
	queryBlock = 144
	pointBlock = 512
	// spare is how many more candidates than neighbours are kept, so that
	// float32 rounding rarely matters.
	spare = 12
)

// Nearest finds the k nearest other points of each point of x, [N, D].
//
// The result is exact: candidates come from float32 matrix products, their
// distances are computed again in float64 as sums of squared differences, and
// where rounding could have hidden a neighbour all distances of that point
// are. x must be finite, and k in [1, N-1].
func Nearest(ctx context.Context, pool *model.Pool, x model.Tensor, k int) (*Neighbors, error) {
	if err := checkPoints(x); err != nil {
		return nil, err
	}
	if n := x.Len(); k < 1 || k >= n {
		return nil, fmt.Errorf("tsne: %d neighbours of %d points, want 1 to %d", k, n, n-1)
	}
	s := newSearch(pool, x, k)
	for from := 0; from < s.n; from += queryBlock {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.find(from, min(from+queryBlock, s.n))
	}
	return &s.found, nil
}

// checkPoints reports what is not a set of finite points.
func checkPoints(x model.Tensor) error {
	if len(x.Shape) != 2 || x.Shape[0]*x.Shape[1] != len(x.Data) || len(x.Data) == 0 {
		return fmt.Errorf("tsne: points of shape %v with %d values, want [N, D]", x.Shape, len(x.Data))
	}
	for i, v := range x.Data {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return model.Unusable("tsne: point %d has the coordinate %v, want finite ones", i/x.Shape[1], v)
		}
	}
	return nil
}

// A search looks for neighbours.
type search struct {
	pool *model.Pool
	x    model.Tensor
	n, d int
	keep int // candidates

	// A query's product with a point is their squared distance less the
	// query's own square: a query is (-2x, 1), a point (x, |x|^2), both about
	// the mean.
	points  []*kernel.Filter // [D+1][pointBlock]
	queries []float32        // [queryBlock][D+1]
	product []float32        // [queryBlock][pointBlock]
	mean    []float64
	squares []float64 // |x - mean|^2
	largest float64   // of squares
	chosen  [][]uint64
	bound   []float32

	found Neighbors
}

func newSearch(pool *model.Pool, x model.Tensor, k int) *search {
	n, d := x.Shape[0], x.Shape[1]
	s := &search{pool: pool, x: x, n: n, d: d, keep: min(k+spare, n)}
	s.found = Neighbors{K: k, Index: make([]int32, n*k), Squared: make([]float64, n*k)}
	s.mean = probe.Mean(x)
	s.squares = make([]float64, n)
	blocks := (n + pointBlock - 1) / pointBlock
	s.points = make([]*kernel.Filter, blocks)
	pool.Run(blocks, func(b, _ int) {
		from, to := b*pointBlock, min((b+1)*pointBlock, n)
		f := kernel.NewFilter(1, 1, d+1, to-from)
		for i := from; i < to; i++ {
			sum := 0.
			for j, v := range x.Row(i) {
				c := float64(v) - s.mean[j]
				sum += c * c
				f.W[j*f.K+i-from] = float32(c)
			}
			f.W[d*f.K+i-from] = float32(sum)
			s.squares[i] = sum
		}
		s.points[b] = f
	})
	s.largest = slices.Max(s.squares)
	s.queries = make([]float32, queryBlock*(d+1))
	s.product = make([]float32, queryBlock*pointBlock)
	s.chosen = make([][]uint64, queryBlock)
	for i := range s.chosen {
		s.chosen[i] = make([]uint64, 0, 2*s.keep+64)
	}
	s.bound = make([]float32, queryBlock)
	return s
}

// find fills in the neighbours of points from to to-1.
func (s *search) find(from, to int) {
	for i := from; i < to; i++ {
		q := s.queries[(i-from)*(s.d+1):]
		for j, v := range s.x.Row(i) {
			q[j] = float32(-2 * (float64(v) - s.mean[j]))
		}
		q[s.d] = 1
		s.chosen[i-from] = s.chosen[i-from][:0]
		s.bound[i-from] = float32(math.Inf(1))
	}
	rows := to - from
	for b, f := range s.points {
		s.pool.Conv(kernel.Geom{N: 1, H: rows, W: 1, C: s.d + 1, OH: rows, OW: 1, K: f.K, KH: 1, KW: 1, Stride: 1},
			s.product[:rows*f.K], s.queries[:rows*(s.d+1)], f)
		s.pool.Run((rows+15)/16, func(task, _ int) {
			for r := 16 * task; r < min(16*task+16, rows); r++ {
				s.choose(r, b*pointBlock, s.product[r*f.K:(r+1)*f.K])
			}
		})
	}
	s.pool.Run((rows+15)/16, func(task, _ int) {
		for r := 16 * task; r < min(16*task+16, rows); r++ {
			s.settle(from+r, s.chosen[r], s.bound[r])
		}
	})
}

// choose takes the points, from first on, that are nearer than the candidates that
// query r has.
func (s *search) choose(r, first int, products []float32) {
	bound, chosen := s.bound[r], s.chosen[r]
	for j := below(products, 0, bound); j < len(products); j = below(products, j+1, bound) {
		chosen = append(chosen, uint64(ordered(products[j]))<<32|uint64(uint32(first+j)))
		if len(chosen) == cap(chosen) {
			selectLeast(chosen, s.keep)
			chosen = chosen[:s.keep]
			bound = unordered(uint32(slices.Max(chosen) >> 32))
		}
	}
	s.bound[r], s.chosen[r] = bound, chosen
}

// ordered maps floats to integers in the same order; unordered maps back.
func ordered(v float32) uint32 {
	b := math.Float32bits(v)
	if b>>31 != 0 {
		return ^b
	}
	return b | 1<<31
}

func unordered(b uint32) float32 {
	if b>>31 != 0 {
		return math.Float32frombits(b &^ (1 << 31))
	}
	return math.Float32frombits(^b)
}

// selectLeast moves the k least elements to the front.
func selectLeast(v []uint64, k int) {
	for len(v) > k && k > 0 {
		// The middle of three as pivot; elements differ, as each has its index.
		a, b, c := v[0], v[len(v)/2], v[len(v)-1]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := 0, len(v)-1
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			v = v[:j+1]
		case k > i:
			v, k = v[i:], k-i
		default:
			return
		}
	}
}

// A candidate is a point and its squared distance.
type candidate struct {
	squared float64
	index   int32
}

// settle writes the neighbours of point i, given its candidates and the
// product that those left out are not below.
func (s *search) settle(i int, chosen []uint64, bound float32) {
	k := s.found.K
	near := make([]candidate, 0, len(chosen))
	for _, c := range chosen {
		if j := int(uint32(c)); j != i {
			near = append(near, candidate{s.squared(i, j), int32(j)})
		}
	}
	sortCandidates(near)
	if !math.IsInf(float64(bound), 1) {
		// A product of D+1 terms is off by less than this many roundings.
		slack := float64(s.d+8) * 0x1p-23 * 2 * (s.squares[i] + s.largest)
		if len(near) < k || !(near[k-1].squared < float64(bound)+s.squares[i]-slack) {
			near = near[:0]
			for j := range s.n {
				if j != i {
					near = append(near, candidate{s.squared(i, j), int32(j)})
				}
			}
			sortCandidates(near)
		}
	}
	index, squared := s.found.Row(i)
	for j, c := range near[:k] {
		index[j], squared[j] = c.index, c.squared
	}
}

func sortCandidates(c []candidate) {
	slices.SortFunc(c, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.squared, b.squared), cmp.Compare(a.index, b.index))
	})
}

// squared is the squared distance of points i and j.
func (s *search) squared(i, j int) float64 { return squaredDistance(s.x.Row(i), s.x.Row(j)) }

func squaredDistance(a, b []float32) float64 {
	b = b[:len(a)]
	whole := len(a) &^ (width - 1)
	var sums [width]float64
	lanesSquared(&sums, a[:whole], b[:whole])
	sum := sums[0] + sums[4] + (sums[1] + sums[5]) + (sums[2] + sums[6] + (sums[3] + sums[7]))
	for k, v := range a[whole:] {
		d := float64(v) - float64(b[whole+k])
		sum += float64(d * d)
	}
	return sum
}
