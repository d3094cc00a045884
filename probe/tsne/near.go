package tsne

import (
	"math"

	"dcganviz/model"
)

// The kernel is split in two at a radius r. With s the squared distance,
//
//	near(s) = w^4 / (1+s), where w = (r^2-s) / (1+r^2), and 0 where s > r^2.
//
// It is summed over the points that close. The rest, (1 - w^4) / (1+s), is a
// polynomial in s inside of r, that of Taylor about r^2, so it is as smooth as a
// coarse grid needs it. It is how multilevel summation softens a kernel (Skeel,
// Tezcan and Hardy 2002, doi:10.1002/jcc.10072), for this one.

// A nearField sums the near part over close points.
type nearField struct {
	pool   *model.Pool
	t      float64 // the level's
	radius float64

	// The cells are as high as the radius and half as wide.
	columns, rows int
	first         []int32 // [rows][columns+1]: where each cell begins in order, and where the row ends
	cell          []int32 // of each point: its place in first
	// The points in order of cells, -1 and out of reach where a row of cells is
	// filled up, and the sums for them: value and force.
	order []int32
	x, y  []float32
	sums  [][4]float32
}

const (
	// nearReach is the radius where T = 1: 2.8 steps of the grid.
	nearReach = 1.95
	// outOfReach is a coordinate that no point has, whose square is finite.
	outOfReach = 1e15
	// reachColumns is how many columns of cells a radius spans.
	reachColumns = 2
)

// prepare sets the radius for T.
func (f *nearField) prepare(t float64) {
	f.t, f.radius = t, nearReach/math.Sqrt(t)
}

// nearPart is the near part at a squared distance.
func nearPart(squared, radius float64) float64 {
	w := max(0, (radius*radius-squared)/(1+radius*radius))
	return w * w * w * w / (1 + squared)
}

// sort puts the points, which lie in [0, span] from low on, in order of cells.
func (f *nearField) sort(y []float64, low [2]float64, span float64) {
	n := len(y) / 2
	down := 1 / f.radius
	across := reachColumns * down
	f.columns, f.rows = int(span*across)+1, int(span*down)+1
	slots := n + width*f.rows
	f.order, f.x, f.y, f.sums = resized(f.order, slots), resized(f.x, slots), resized(f.y, slots), resized(f.sums, slots)
	f.cell = resized(f.cell, n)
	f.first = resized(f.first, (f.columns+1)*f.rows)
	clear(f.first)
	for i := range f.cell {
		c := int32((y[2*i+1]-low[1])*down)*int32(f.columns+1) + int32((y[2*i]-low[0])*across)
		f.cell[i] = c
		f.first[c]++
	}
	at := int32(0)
	for row := range f.rows {
		for c := range f.columns + 1 {
			begin := &f.first[row*(f.columns+1)+c]
			*begin, at = at, at+*begin
		}
		for range width {
			f.order[at], f.x[at], f.y[at] = -1, outOfReach, outOfReach
			at++
		}
	}
	for i, c := range f.cell {
		k := f.first[c]
		f.order[k] = int32(i)
		f.x[k], f.y[k] = float32(y[2*i]-low[0]), float32(y[2*i+1]-low[1])
		f.first[c]++
	}
	// Each cell's beginning has moved on to its end.
	at = 0
	for row := range f.rows {
		cells := f.first[row*(f.columns+1):][:f.columns+1]
		copy(cells[1:], cells[:f.columns])
		cells[0] = at
		at = cells[f.columns] + width
	}
}

// add adds the near part's sums to potential and force. The points are sorted.
func (f *nearField) add(potential, force []float32) {
	squared := f.radius * f.radius
	scale := float32(1 / (1 + squared))
	slope := 4 * scale
	slots := len(f.order)
	f.pool.Run(pointTasks(slots), func(task, _ int) {
		from, to := pointTask*task, min(pointTask*(task+1), slots)
		for k := from; k < to; {
			if f.order[k] < 0 {
				k++
				continue
			}
			c := f.cell[f.order[k]]
			end := min(to, int(f.first[c+1]))
			spans := f.spans(int(c))
			nearSums(f.sums, f.x, f.y, k, end, &spans, float32(squared), scale, slope)
			for ; k < end && f.order[k] >= 0; k++ {
				i := f.order[k]
				potential[i] += f.sums[k][0]
				force[2*i] += f.sums[k][1]
				force[2*i+1] += f.sums[k][2]
			}
		}
	})
}

// spans are the points of the cells within the radius of a cell, row by row.
func (f *nearField) spans(cell int) (spans [3][2]int) {
	wide := f.columns + 1
	row, column := cell/wide, cell%wide
	left, right := max(column-reachColumns, 0), min(column+reachColumns+1, f.columns)
	for r := max(row-1, 0); r <= min(row+1, f.rows-1); r++ {
		spans[r-row+1] = [2]int{int(f.first[r*wide+left]), int(f.first[r*wide+right])}
	}
	return spans
}
