package tsne

import (
	"math"

	"dcganviz/internal/hartley"
	"dcganviz/model"
)

// A field computes what n points do to each other by the kernel
// q(d) = 1/(1+d^2): for each the sum of q over all others, and of q^2 times the
// difference, which is minus half the sum's gradient.
//
// Points are spread to a regular grid by B-splines, the grid is convolved with
// the kernel by fast transforms, and each point reads the result and its slope
// where it lies: the particle-mesh method, in the place of the polynomial
// interpolation of Linderman et al. 2019 (arXiv:1712.09005). One convolution
// serves the sum and both components of the force, and as the kernel is even,
// its transforms are real. What is too sharp for the grid is summed over close
// points (near.go).
type field struct {
	pool  *model.Pool
	n     int
	close nearField
	level level
	calls int // of compute

	// The grid: side nodes along each axis, of which the first half are used.
	plan  *hartley.Plan
	side  int
	step  float64   // from node to node
	grid  []float32 // [side/2][side/2], y and x
	waves []float32 // its waves along y: [side/2/Lanes][side][Lanes], x in blocks
	kern  []float32 // the kernel's transform: [side/Lanes][side][Lanes], y in blocks
	plans map[int]*hartley.Plan
	near  bool    // kern is of the rest of the kernel; see together
	split float64 // the level that kern is of

	places  []place // in order of the block of their first row
	order   []int32 // the points in that order
	first   []int32 // where each block begins
	buffers [][]float32
	counts  []int32 // of closePairs
}

const (
	lanes = hartley.Lanes
	// fewest is how many steps the points span at least: while they lie closer
	// together than the kernel is wide, the grid shrinks with them.
	fewest = 40
	// margin is how many nodes are left unused, so that the kernel's fold at
	// half the side is not felt.
	margin = 8
	// least is the smallest side.
	least = 64
)

func newField(pool *model.Pool, n int) *field {
	f := &field{pool: pool, n: n, plans: map[int]*hartley.Plan{}}
	f.close.pool = pool
	f.places, f.order = make([]place, n), make([]int32, n)
	f.buffers = make([][]float32, pool.Threads())
	return f
}

// compute sets potential[i] to the sum of q over all points, i itself
// included, and force[2i:2i+2] to the sum of q^2 times y_i - y_j.
func (f *field) compute(y []float64, potential, force []float32) error {
	low, span := bounds(f.pool, y)
	if !(span < 2*farthest) {
		return errApart
	}
	if f.calls%rethink == 0 || sideFor(span, f.level.step) > mostNodes {
		f.level = f.choose(y, low, span)
	}
	f.calls++
	if err := f.resize(span); err != nil {
		return err
	}
	// The grid stays where it is while the points move: what it adds to the
	// forces is a small fixed pattern then, not noise, to which the gains of the
	// descent would answer with smaller steps.
	f.locate(y, [2]float64{math.Floor(low[0]/f.step) * f.step, math.Floor(low[1]/f.step) * f.step})
	f.spread()
	f.convolve()
	f.read(potential, force)
	switch {
	case f.near:
		f.together(y, potential, force)
	case f.level.t > 0:
		f.close.sort(y, low, span)
		f.close.add(potential, force)
	}
	return nil
}

// nearSpan is the span of points up to which the kernel is split in two.
const nearSpan = 1

// together adds what the kernel's part 1 - d^2 does, for points so close to one
// another that it is most of the kernel; the grid has the rest, d^4/(1+d^2).
// In float32, the grid alone would lose the small differences.
func (f *field) together(y []float64, potential, force []float32) {
	n := float64(f.n)
	var sx, sy float64
	for i := 0; i < len(y)-1; i += 2 {
		sx += y[i]
		sy += y[i+1]
	}
	sx, sy = sx/n, sy/n
	squares := 0.
	for i := 0; i < len(y)-1; i += 2 {
		squares += float64((y[i]-sx)*(y[i]-sx)) + float64((y[i+1]-sy)*(y[i+1]-sy))
	}
	for i := range potential {
		x, y := y[2*i]-sx, y[2*i+1]-sy
		potential[i] += float32(n - n*(float64(x*x)+float64(y*y)) - squares)
		force[2*i] += float32(n * x)
		force[2*i+1] += float32(n * y)
	}
}

// resize makes the grid for points of that span.
func (f *field) resize(span float64) error {
	step := f.level.step
	if f.level.t > 0 {
		f.close.prepare(f.level.t)
	} else if span < step*fewest {
		// By powers of the square root of two, so that the kernel is not made
		// anew at each call.
		step = math.Exp2(math.Floor(2*math.Log2(max(span, 1e-30)/fewest)) / 2)
	}
	side := sideFor(span, step)
	near := span < nearSpan
	if side == f.side && step == f.step && near == f.near && f.level.t == f.split {
		return nil
	}
	f.near, f.split = near, f.level.t
	if f.plans[side] == nil {
		plan, err := hartley.NewPlan(side)
		if err != nil {
			return err
		}
		f.plans[side] = plan
	}
	f.plan, f.side, f.step = f.plans[side], side, step
	f.grid = resized(f.grid, side*side/4)
	f.waves = resized(f.waves, side*side/2)
	f.kern = resized(f.kern, side*side)
	f.first = resized(f.first, side/2/lanes+1)
	for i := range f.buffers {
		f.buffers[i] = resized(f.buffers[i], side*lanes)
	}
	f.transformKernel()
	return nil
}

func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
