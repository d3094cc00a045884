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
	s.found = Neighbors{K: k, Index: make([]int32, s.n*k), Squared: make([]float64, s.n*k)}
	eachPoint(pool, s.n, s.settle)
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

	// A query's product with a point is their squared distance: a query is
	// (-2x, 1, |x|^2), a point (x, |x|^2, 1), both about the mean. Each pair is
	// looked at once, for both of its points.
	points  []*kernel.Filter // [D+2][pointBlock]
	queries []float32        // [queryBlock][D+2]
	product []float32        // [queryBlock][pointBlock]
	mean    []float64
	squares []float64  // |x - mean|^2
	largest float64    // of squares
	chosen  [][]uint64 // candidates of each point
	bound   []float32  // what the next candidates of each point are below

	found Neighbors
}

func newSearch(pool *model.Pool, x model.Tensor, k int) *search {
	n, d := x.Shape[0], x.Shape[1]
	s := &search{pool: pool, x: x, n: n, d: d, keep: min(k+spare, n)}
	s.mean = probe.Mean(x)
	s.squares = make([]float64, n)
	blocks := (n + pointBlock - 1) / pointBlock
	s.points = make([]*kernel.Filter, blocks)
	pool.Run(blocks, func(b, _ int) {
		from, to := b*pointBlock, min((b+1)*pointBlock, n)
		f := kernel.NewFilter(1, 1, d+2, to-from)
		for i := from; i < to; i++ {
			sum := 0.
			for j, v := range x.Row(i) {
				c := float64(v) - s.mean[j]
				sum += c * c
				f.W[j*f.K+i-from] = float32(c)
			}
			f.W[d*f.K+i-from] = float32(sum)
			f.W[(d+1)*f.K+i-from] = 1
			s.squares[i] = sum
		}
		s.points[b] = f
	})
	s.largest = slices.Max(s.squares)
	s.queries = make([]float32, queryBlock*(d+2))
	s.product = make([]float32, queryBlock*pointBlock)
	// Half as many again as are kept, so that selecting is rare.
	room := min(s.keep+s.keep/2+32, n)
	s.chosen, s.bound = make([][]uint64, n), make([]float32, n)
	all := make([]uint64, n*room)
	for i := range s.chosen {
		s.chosen[i] = all[i*room : i*room : (i+1)*room]
		s.bound[i] = float32(math.Inf(1))
	}
	return s
}

// find looks at the pairs of the points from to to-1 with each other and with all
// points behind.
func (s *search) find(from, to int) {
	for i := from; i < to; i++ {
		q := s.queries[(i-from)*(s.d+2):]
		for j, v := range s.x.Row(i) {
			q[j] = float32(-2 * (float64(v) - s.mean[j]))
		}
		q[s.d], q[s.d+1] = 1, float32(s.squares[i])
	}
	rows := to - from
	for b := from / pointBlock; b < len(s.points); b++ {
		f, first := s.points[b], b*pointBlock
		s.pool.Conv(kernel.Geom{N: 1, H: rows, W: 1, C: s.d + 2, OH: rows, OW: 1, K: f.K, KH: 1, KW: 1, Stride: 1},
			s.product[:rows*f.K], s.queries[:rows*(s.d+2)], f)
		begin := max(from-first, 0)
		s.pool.Run((rows+15)/16, func(task, _ int) {
			for r := 16 * task; r < min(16*task+16, rows); r++ {
				s.choose(from+r, first+begin, s.product[r*f.K+begin:(r+1)*f.K])
			}
		})
		// The queries as candidates of the points behind them.
		const columns = 128
		begin = max(to-first, 0)
		s.pool.Run((f.K-begin+columns-1)/columns, func(task, _ int) {
			left := begin + columns*task
			right := min(left+columns, f.K)
			for r := range rows {
				s.offer(from+r, first+left, s.product[r*f.K+left:r*f.K+right])
			}
		})
	}
}

// choose takes the points, from first on, that are nearer to point i than its candidates.
func (s *search) choose(i, first int, squared []float32) {
	for j := below(squared, 0, s.bound[i]); j < len(squared); j = below(squared, j+1, s.bound[i]) {
		s.take(i, first+j, squared[j])
	}
}

// offer makes point i a candidate of the points, from first on, that it is near to.
func (s *search) offer(i, first int, squared []float32) {
	bound := s.bound[first : first+len(squared)]
	for j := belowEach(squared, 0, bound); j < len(squared); j = belowEach(squared, j+1, bound) {
		s.take(first+j, i, squared[j])
	}
}

// take makes point j a candidate of point i, and leaves out the farthest where
// there are too many.
func (s *search) take(i, j int, squared float32) {
	chosen := append(s.chosen[i], uint64(ordered(squared))<<32|uint64(uint32(j)))
	if len(chosen) == cap(chosen) && len(chosen) < s.n {
		selectLeast(chosen, s.keep)
		chosen = chosen[:s.keep]
		s.bound[i] = unordered(uint32(slices.Max(chosen) >> 32))
	}
	s.chosen[i] = chosen
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

// settle writes the neighbours of point i, given its candidates and the squared
// distance that those left out are not below.
func (s *search) settle(i int) {
	k, chosen, bound := s.found.K, s.chosen[i], float64(s.bound[i])
	near := make([]candidate, 0, len(chosen))
	for _, c := range chosen {
		if j := int(uint32(c)); j != i {
			near = append(near, candidate{s.squared(i, j), int32(j)})
		}
	}
	sortCandidates(near)
	// A product of D+2 terms is off by less than this many roundings.
	slack := float64(s.d+9) * 0x1p-23 * 2 * (s.squares[i] + s.largest)
	if len(near) < s.n-1 && (len(near) < k || !(near[k-1].squared < bound-slack)) {
		near = near[:0]
		for j := range s.n {
			if j != i {
				near = append(near, candidate{s.squared(i, j), int32(j)})
			}
		}
		sortCandidates(near)
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
