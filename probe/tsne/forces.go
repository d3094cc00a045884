package tsne

import (
	"slices"

	"dcganviz/model"
)

// forces computes the gradient of points step after step.
type forces interface {
	// gradient sets g to the gradient at y, with the affinities times
	// exaggeration, and returns the sum of q over ordered pairs.
	gradient(y, g []float64, exaggeration float64) (z float64, err error)
}

// exactForces looks at all pairs.
type exactForces struct {
	pool      *model.Pool
	a         *Affinities
	repulsion []float64
}

func (f *exactForces) gradient(y, g []float64, exaggeration float64) (float64, error) {
	z := repelExactly(f.pool, y, f.repulsion)
	attractExactly(f.pool, f.a, y, g)
	for i := range g {
		g[i] = 4 * (float64(exaggeration*g[i]) - f.repulsion[i]/z)
	}
	return z, nil
}

// gridForces repels by a grid, and attracts along the affinities in float32.
type gridForces struct {
	pool             *model.Pool
	a                *Affinities
	field            *field
	potential, force []float32 // on the points in the order below
	calls            int

	// The points and their affinities again, in an order in which those that lie
	// together follow one another: what a pass looks at is then in the caches that
	// are near. Within a row the entries keep their order, so the sums do not change.
	order  []int32 // the points
	start  []int   // where each row begins, a multiple of width
	index  []int32
	p      []float32
	places []float64    // of the points
	at     [][2]float32 // the same
	pull   [][2]float32 // the attraction on them
}

func newGridForces(pool *model.Pool, a *Affinities) *gridForces {
	n := a.Len()
	entries := 0
	for i := range n {
		entries += whole(a.Start[i+1] - a.Start[i])
	}
	return &gridForces{pool: pool, a: a, field: newField(pool, n),
		potential: make([]float32, n), force: make([]float32, 2*n),
		order: make([]int32, n), start: make([]int, n+1), index: make([]int32, entries), p: make([]float32, entries),
		places: make([]float64, 2*n), at: make([][2]float32, n), pull: make([][2]float32, n)}
}

func (f *gridForces) gradient(y, g []float64, exaggeration float64) (float64, error) {
	switch f.calls {
	case 0, 50, 150, 300, 600:
		f.arrange(y)
	}
	f.calls++
	n := f.a.Len()
	eachPoint(f.pool, n, func(k int) {
		x, y := y[2*f.order[k]], y[2*f.order[k]+1]
		f.places[2*k], f.places[2*k+1] = x, y
		f.at[k] = [2]float32{float32(x), float32(y)}
	})
	if err := f.field.compute(f.places, f.potential, f.force); err != nil {
		return 0, err
	}
	z := -float64(n) // what the points do to themselves
	for _, v := range f.potential {
		z += float64(v)
	}
	f.pool.Run(pointTasks(n), func(task, _ int) {
		from, to := pointTask*task, min(pointTask*(task+1), n)
		attraction(f.pull[from:to], f.at, f.start[from:to+1], f.index, f.p, f.at[from:to])
		for k := from; k < to; k++ {
			i, pull := f.order[k], f.pull[k]
			g[2*i] = 4 * (float64(exaggeration*float64(pull[0])) - float64(f.force[2*k])/z)
			g[2*i+1] = 4 * (float64(exaggeration*float64(pull[1])) - float64(f.force[2*k+1])/z)
		}
	})
	return z, nil
}

// whole is the length of a list of n entries that is filled up to whole vectors.
func whole(n int) int { return (n + width - 1) &^ (width - 1) }

// arrange puts the points along a curve that fills the plane (Morton 1966).
func (f *gridForces) arrange(y []float64) {
	low, span := bounds(f.pool, y)
	scale := 0.
	if span > 0 {
		scale = (1<<16 - 1) / span
	}
	keys := make([]uint64, f.a.Len())
	for i := range keys {
		x, y := uint64((y[2*i]-low[0])*scale), uint64((y[2*i+1]-low[1])*scale)
		keys[i] = (spaced(x)|spaced(y)<<1)<<32 | uint64(i)
	}
	slices.Sort(keys)
	where := make([]int32, len(keys))
	for k, key := range keys {
		f.order[k] = int32(uint32(key))
		where[f.order[k]] = int32(k)
	}
	at := 0
	for k, i := range f.order {
		index, p := f.a.Row(int(i))
		for l, j := range index {
			f.index[at+l], f.p[at+l] = where[j], float32(p[l])
		}
		// Fill up with the point itself, which does not pull.
		for l := len(index); l < whole(len(index)); l++ {
			f.index[at+l], f.p[at+l] = int32(k), 0
		}
		at += whole(len(index))
		f.start[k+1] = at
	}
}

// spaced puts a zero between the 16 bits of v.
func spaced(v uint64) uint64 {
	v = (v | v<<8) & 0x00ff00ff
	v = (v | v<<4) & 0x0f0f0f0f
	v = (v | v<<2) & 0x33333333
	return (v | v<<1) & 0x55555555
}
