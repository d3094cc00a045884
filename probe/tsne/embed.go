package tsne

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"dcganviz/internal/enum"
	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe"
)

// Options say how an embedding is made. The zero value is scikit-learn's
// defaults.
type Options struct {
	// Settings: the seed decides the jitter of the points' first places. Progress
	// is told after each step how many are done.
	probe.Settings
	// Perplexity is the number of neighbours that each point cares for. Zero: 30.
	Perplexity float64
	// Iterations is how many steps are made, the first Exaggerated of them with
	// affinities times Exaggeration and a momentum of 0.5 instead of 0.8.
	// Zero: 1000, 250 and 12.
	Iterations, Exaggerated int
	Exaggeration            float64
	// Rate is the learning rate. Zero: N/48, at least 50 (Belkina et al. 2019,
	// doi:10.1038/s41467-019-13055-y, as scikit-learn counts it).
	Rate float64
	// Method says how the forces are computed.
	Method Method
}

// A Method is a way to compute the forces.
type Method uint8

const (
	// Auto is Exact for at most 500 points, and OnGrid for more.
	Auto Method = iota
	// Exact looks at all pairs of points.
	Exact
	// OnGrid looks at neighbours, and lets all others act through a grid.
	OnGrid
)

const exactUpTo = 500

var methodNames = [...]string{"auto", "exact", "grid"}

func (m Method) String() string { return enum.Name(m, methodNames[:]) }

// MarshalText gives the name.
func (m Method) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText takes a name.
func (m *Method) UnmarshalText(text []byte) (err error) {
	*m, err = enum.Parse[Method]("tsne: method", string(text), methodNames[:])
	return err
}

// An Embedding is points in the plane, and how they came there.
type Embedding struct {
	// Y is the places, [N, 2] row by row, about 0.
	Y []float64 `json:"-"`
	// Divergence is the Kullback-Leibler divergence in nats that was reached.
	Divergence float64 `json:"kl"`
	// Perplexity is the one asked for, Reached the mean over the points.
	Perplexity float64 `json:"perplexity"`
	Reached    float64 `json:"perplexity_reached"`
	Neighbors  int     `json:"neighbors"`
	Method     Method  `json:"method"`
	Iterations int     `json:"iterations"`
	Rate       float64 `json:"learning_rate"`
}

func (o *Options) fill(n int) error {
	o.Perplexity = cmp.Or(o.Perplexity, 30)
	o.Iterations = cmp.Or(o.Iterations, 1000)
	o.Exaggerated = cmp.Or(o.Exaggerated, 250)
	o.Exaggeration = cmp.Or(o.Exaggeration, 12)
	o.Rate = cmp.Or(o.Rate, max(float64(n)/48, 50))
	if o.Method == Auto {
		o.Method = OnGrid
		if n <= exactUpTo {
			o.Method = Exact
		}
	}
	if o.Iterations < 0 || o.Exaggerated < 0 || !(o.Exaggeration > 0) || !(o.Rate > 0) || math.IsInf(o.Rate, 0) || math.IsInf(o.Exaggeration, 0) {
		return fmt.Errorf("tsne: %d iterations, %d of them exaggerated %g times, learning rate %g: want positive numbers",
			o.Iterations, o.Exaggerated, o.Exaggeration, o.Rate)
	}
	return CheckPerplexity(n, o.Perplexity)
}

// Embed places the points of x, [N, D], in the plane.
//
// The result is a function of x and the options: it does not depend on the
// pool's threads. It fails where the points are too few for the perplexity,
// where x is not finite, and where the steps are so large that the points fly
// apart.
//
// Method: van der Maaten and Hinton 2008, JMLR 9; first places along the two
// principal components, as Kobak and Berens 2019 (doi:10.1038/s41467-019-13056-x)
// advise.
func Embed(ctx context.Context, pool *model.Pool, x model.Tensor, o Options) (*Embedding, error) {
	if err := checkPoints(x); err != nil {
		return nil, err
	}
	n := x.Len()
	if err := o.fill(n); err != nil {
		return nil, err
	}
	e := &Embedding{Perplexity: o.Perplexity, Method: o.Method, Iterations: o.Iterations, Rate: o.Rate, Neighbors: NeighborsFor(n, o.Perplexity)}
	if o.Method == Exact {
		e.Neighbors = n - 1
	}
	say := func(what string, done int) { o.Say(what, done, o.Iterations) }
	say("looking for neighbours", 0)
	a, err := affinities(ctx, pool, x, o.Perplexity, e.Neighbors)
	if err != nil {
		return nil, err
	}
	e.Reached = a.Perplexity
	if e.Y, err = firstPlaces(ctx, pool, x, o.Seed); err != nil {
		return nil, err
	}
	var f forces
	if o.Method == Exact {
		f = &exactForces{pool, a, make([]float64, 2*n)}
	} else {
		f = newGridForces(pool, a)
	}
	if err := run(ctx, pool, e, f, o, say); err != nil {
		return nil, err
	}
	g := make([]float64, 2*n)
	z, err := f.gradient(e.Y, g, 1)
	if err != nil {
		return nil, err
	}
	e.Divergence = divergence(pool, a, e.Y, z)
	return e, nil
}

// run makes the steps.
func run(ctx context.Context, pool *model.Pool, e *Embedding, f forces, o Options, say func(string, int)) error {
	n := len(e.Y) / 2
	g := make([]float64, 2*n)
	var d *descent
	for it := range o.Iterations {
		if err := ctx.Err(); err != nil {
			return err
		}
		exaggeration, momentum := 1., .8
		if it < o.Exaggerated {
			exaggeration, momentum = o.Exaggeration, .5
		}
		if it == 0 || it == o.Exaggerated {
			d = newDescent(pool, n, o.Rate)
		}
		d.momentum = momentum
		if _, err := f.gradient(e.Y, g, exaggeration); err != nil {
			return err
		}
		d.step(e.Y, g)
		center(pool, e.Y)
		if !(math.Abs(e.Y[0])+math.Abs(e.Y[1]) < farthest) {
			return errApart
		}
		say("moving the points", it+1)
	}
	for _, v := range e.Y {
		if !(math.Abs(v) < farthest) {
			return errApart
		}
	}
	return nil
}

// farthest is far beyond where a point may be that forces hold.
const farthest = 1e6

var errApart = model.Unusable("tsne: the points flew apart: choose a smaller learning rate")

// firstPlaces are the first two principal components, scaled so that the first
// has a standard deviation of 1e-4, with a hundredth of that as jitter, so that
// equal points can part.
func firstPlaces(ctx context.Context, pool *model.Pool, x model.Tensor, seed uint64) ([]float64, error) {
	const sd, jitter = 1e-4, .01
	n := x.Len()
	scores, err := Components(ctx, pool, x, min(2, x.Shape[1]))
	if err != nil {
		return nil, err
	}
	k := scores.X.Shape[1]
	y := make([]float64, 2*n)
	scale := 0.
	if scores.Variance[0] > 0 {
		scale = sd / math.Sqrt(scores.Variance[0])
	}
	r := random.New(seed, random.TSNEJitter)
	for i := range n {
		for j := range 2 {
			if j < k {
				y[2*i+j] = scale * float64(scores.X.Data[i*k+j])
			}
			y[2*i+j] += sd * jitter * r.NormFloat64()
		}
	}
	return y, nil
}
