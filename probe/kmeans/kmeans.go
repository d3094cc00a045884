package kmeans

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"dcganviz/internal/kernel"
	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe"
)

// Options say how clusters are found.
type Options struct {
	probe.Settings
	// Start is the first centres, [K, D]. A nil Data means k-means++: Arthur & Vassilvitskii
	// 2007 (SODA, 1027-1035), on at most 20 points for each centre.
	Start model.Tensor
	// Steps bounds the steps. 0 means 300.
	Steps int
}

// Clusters are what Fit found.
type Clusters struct {
	Centres model.Tensor // [K, D]
	// Nearest is the centre of each point.
	Nearest []int
	// Inertia is the sum of the squared distances of the points from their centres.
	Inertia float64
	// Steps is how many steps were made. Settled says that the last changed nothing.
	Steps   int
	Settled bool
}

const rowsAtOnce = 512

// Fit finds k clusters of points x, [N, D] with N at least k, by Lloyd's method: Lloyd 1982
// (doi:10.1109/TIT.1982.1056489). A centre without points takes the point that is farthest
// from its own. Fewer points than k are probe.ErrInput.
func Fit(ctx context.Context, x model.Tensor, k int, run model.RunOptions, opt Options) (*Clusters, error) {
	n, d := x.Shape[0], x.Shape[1]
	if k < 1 || n < k {
		return nil, probe.Input("kmeans: %d clusters of %d points, want 1 to %d", k, n, n)
	}
	c := &Clusters{Centres: model.NewTensor(k, d), Nearest: slices.Repeat([]int{-1}, n)}
	if opt.Start.Data != nil {
		if !slices.Equal(opt.Start.Shape, c.Centres.Shape) {
			return nil, probe.Input("kmeans: first centres of shape %v, want %v", opt.Start.Shape, c.Centres.Shape)
		}
		copy(c.Centres.Data, opt.Start.Data)
	} else if err := c.seed(ctx, x, run.Pool, random.New(opt.Seed, random.KMeans)); err != nil {
		return nil, err
	}
	steps := cmp.Or(opt.Steps, 300)
	apart := make([]float32, n) // squared distances, less the point's own square
	for ; c.Steps < steps && !c.Settled; c.Steps++ {
		opt.Say("steps of K-means", c.Steps, steps)
		changed, err := c.assign(ctx, x, run.Pool, apart)
		if err != nil {
			return nil, err
		}
		if c.Settled = !changed; changed {
			c.move(x)
		}
	}
	if !c.Settled {
		if _, err := c.assign(ctx, x, run.Pool, apart); err != nil {
			return nil, err
		}
	}
	for i, k := range c.Nearest {
		c.Inertia += square(x.Row(i), c.Centres.Row(k))
	}
	return c, nil
}

// assign finds the nearest centre of each point, and reports whether any is another one.
func (c *Clusters) assign(ctx context.Context, x model.Tensor, pool *model.Pool, apart []float32) (changed bool, err error) {
	near := newNear(c.Centres)
	k, n := c.Centres.Shape[0], x.Len()
	changes := make([]bool, (n+rowsAtOnce-1)/rowsAtOnce)
	out := make([]float32, min(n, rowsAtOnce)*k)
	err = probe.InParts(ctx, n, rowsAtOnce, func(from, to int) error {
		products := out[:(to-from)*k]
		near.products(pool, products, x.Slice(from, to).Data)
		const each = 64
		parts := make([]bool, (to-from+each-1)/each)
		pool.Run(len(parts), func(task, _ int) {
			for i := from + each*task; i < min(to, from+each*(task+1)); i++ {
				best, least := 0, float32(math.Inf(1))
				for j, p := range products[(i-from)*k:][:k] {
					if v := near.squares[j] - 2*p; v < least {
						best, least = j, v
					}
				}
				parts[task] = parts[task] || c.Nearest[i] != best
				c.Nearest[i], apart[i] = best, least
			}
		})
		changes[from/rowsAtOnce] = slices.Contains(parts, true)
		return nil
	})
	return slices.Contains(changes, true), err
}

// move puts each centre in the middle of its points.
func (c *Clusters) move(x model.Tensor) {
	k, d := c.Centres.Shape[0], c.Centres.Shape[1]
	sums, counts := make([]float64, k*d), make([]float64, k)
	for i, j := range c.Nearest {
		counts[j]++
		to := sums[j*d:][:d]
		for l, v := range x.Row(i) {
			to[l] += float64(v)
		}
	}
	var taken []bool
	for j := range k {
		row := c.Centres.Row(j)
		if counts[j] == 0 {
			if taken == nil {
				taken = make([]bool, x.Len())
			}
			copy(row, x.Row(c.farthest(x, taken)))
			continue
		}
		for l := range row {
			row[l] = float32(sums[j*d+l] / counts[j])
		}
	}
}

// farthest returns the point farthest from its centre that is not taken, and takes it.
func (c *Clusters) farthest(x model.Tensor, taken []bool) int {
	far, most := 0, -1.0
	for i, j := range c.Nearest {
		if taken[i] {
			continue
		}
		if v := square(x.Row(i), c.Centres.Row(j)); v > most {
			far, most = i, v
		}
	}
	taken[far] = true
	return far
}

// pointsPerSeed is how many points k-means++ looks at, for each centre.
const pointsPerSeed = 20

// seed chooses the first centres: each a point, with a probability that is its squared
// distance from those chosen before.
func (c *Clusters) seed(ctx context.Context, x model.Tensor, pool *model.Pool, rng *rand.Rand) error {
	k := c.Centres.Shape[0]
	n := min(x.Len(), pointsPerSeed*k)
	at := func(i int) []float32 { return x.Row(i * x.Len() / n) }
	left := slices.Repeat([]float64{math.Inf(1)}, n)
	chosen := rng.IntN(n)
	for j := range k {
		if err := ctx.Err(); err != nil {
			return err
		}
		centre := c.Centres.Row(j)
		copy(centre, at(chosen))
		const each = 512
		pool.Run((n+each-1)/each, func(task, _ int) {
			for i := each * task; i < min(n, each*(task+1)); i++ {
				left[i] = min(left[i], square(at(i), centre))
			}
		})
		total := 0.0
		for _, v := range left {
			total += v
		}
		mark := rng.Float64() * total
		chosen = rng.IntN(n) // where all points are chosen already
		for i, v := range left {
			if mark -= v; v > 0 && mark <= 0 {
				chosen = i
				break
			}
		}
	}
	return nil
}

// square returns the squared distance of two points.
func square(a, b []float32) float64 {
	var sum float64
	for i, v := range a {
		d := float64(v) - float64(b[i])
		sum += float64(d * d)
	}
	return sum
}

// A near has centres as the kernels read them.
type near struct {
	filter  *kernel.Filter
	squares []float32 // |c|^2
}

func newNear(centres model.Tensor) *near {
	k, d := centres.Shape[0], centres.Shape[1]
	f := &near{kernel.NewFilter(1, 1, d, k), make([]float32, k)}
	for j := range k {
		sum := 0.0
		for l, v := range centres.Row(j) {
			f.filter.W[l*k+j] = v
			sum += float64(float64(v) * float64(v))
		}
		f.squares[j] = float32(sum)
	}
	return f
}

// products writes the products of rows x, [n, d], with the centres to out, [n, k].
func (f *near) products(pool *model.Pool, out, x []float32) { multiply(pool, out, x, f.filter) }

// multiply writes the product of rows x, [n, C], and the filter, [C, K], to out.
func multiply(pool *model.Pool, out, x []float32, f *kernel.Filter) {
	n := len(x) / f.C
	pool.Conv(kernel.Geom{N: 1, H: n, W: 1, C: f.C, OH: n, OW: 1, K: f.K, KH: 1, KW: 1, Stride: 1}, out, x, f)
}
