package tsne

import (
	"math"

	"dcganviz/model"
)

// The kernel is a mixture of Gaussians, 1/(1+s) = integral over t > 0 of
// exp(-t) exp(-ts), s being the squared distance. Those narrower than t = T
// make up
//
//	near(s) = exp(-T(1+s)) / (1+s),
//
// which soon falls to nothing and is summed over the points close by; the
// rest, 1/(1+s) - near(s), is as smooth as a grid of a step below 1/sqrt(T)
// needs it. It is Ewald's way to split a kernel (Ewald 1921,
// doi:10.1002/andp.19213690304), for this one.

// A nearField sums the near part over close points.
type nearField struct {
	pool   *model.Pool
	t      float64 // T
	radius float64

	// table holds exp(-T(1+s)) for squared distances in equal steps up to the
	// radius, each with its change to the next entry. The last entry is zero.
	table [nearEntries + 1]nearEntry
	scale float32 // entries by squared distance

	columns, rows int
	first         []int32 // where each cell begins in order
	order         []int32
	cell          []int32      // of each point
	at            [][2]float32 // the points, in order
}

type nearEntry struct{ value, step float32 }

const (
	nearEntries = 512
	// cellsInRadius is how many cells a radius spans. Smaller cells waste fewer
	// looks at points beyond the radius.
	cellsInRadius = 2
	// nearReach is the radius where T = 1, and exp(-T s) one in a thousand.
	nearReach = 2.6
)

// prepare makes the table for T.
func (f *nearField) prepare(t float64) {
	if f.t == t {
		return
	}
	f.t, f.radius = t, nearReach/math.Sqrt(t)
	last := f.radius * f.radius
	f.scale = float32(nearEntries / last)
	value := func(i int) float64 {
		if i >= nearEntries {
			return 0
		}
		return math.Exp(-t * (1 + last*float64(i)/nearEntries))
	}
	for i := range f.table {
		f.table[i] = nearEntry{float32(value(i)), float32(value(i+1) - value(i))}
	}
}

// sort puts the points, which lie in [0, span] from low on, in order of cells.
func (f *nearField) sort(y []float64, low [2]float64, span float64) {
	n := len(y) / 2
	f.order, f.cell, f.at = resized(f.order, n), resized(f.cell, n), resized(f.at, n)
	inverse := cellsInRadius / f.radius
	f.columns = int(span*inverse) + 1
	f.rows = f.columns
	f.first = resized(f.first, f.columns*f.rows+1)
	clear(f.first)
	for i := range f.cell {
		c := int32((y[2*i+1]-low[1])*inverse)*int32(f.columns) + int32((y[2*i]-low[0])*inverse)
		f.cell[i] = c
		f.first[c+1]++
	}
	for c := 1; c < len(f.first); c++ {
		f.first[c] += f.first[c-1]
	}
	for i, c := range f.cell {
		k := f.first[c]
		f.order[k] = int32(i)
		f.at[k] = [2]float32{float32(y[2*i] - low[0]), float32(y[2*i+1] - low[1])}
		f.first[c]++
	}
	copy(f.first[1:], f.first)
	f.first[0] = 0
}

// add adds the near part's sums to potential and force. The points are sorted.
func (f *nearField) add(potential, force []float32) {
	n := len(f.order)
	eachPoint(f.pool, n, func(k int) {
		i := f.order[k]
		c := int(f.cell[i])
		row, column := c/f.columns, c%f.columns
		left, right := max(column-cellsInRadius, 0), min(column+cellsInRadius, f.columns-1)
		x, y := f.at[k][0], f.at[k][1]
		t := float32(f.t)
		var value, fx, fy float32
		for r := max(row-cellsInRadius, 0); r <= min(row+cellsInRadius, f.rows-1); r++ {
			from, to := f.first[r*f.columns+left], f.first[r*f.columns+right+1]
			for _, o := range f.at[from:to] {
				dx, dy := x-o[0], y-o[1]
				s := float32(dx*dx) + float32(dy*dy)
				u := s * f.scale
				j := min(int(u), nearEntries)
				e := &f.table[j]
				q := 1 / (1 + s)
				v := q * (e.value + float32((u-float32(j))*e.step))
				value += v
				g := v * (t + q) // minus the derivative of v by s
				fx += float32(g * dx)
				fy += float32(g * dy)
			}
		}
		potential[i] += value
		force[2*i] += fx
		force[2*i+1] += fy
	})
}
