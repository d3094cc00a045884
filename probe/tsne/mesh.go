package tsne

import "dcganviz/internal/hartley"

// transformKernel computes kern.
func (f *field) transformKernel() {
	side := f.side
	n := side / lanes
	rows := make([]float32, side*side)
	distance := make([]float64, side)
	for i := range distance {
		d := float64(min(i, side-i)) * f.step
		distance[i] = d * d
	}
	factor := make([]float64, side)
	for i, k := range f.plan.Frequencies() {
		factor[i] = 1 / (response(k, side) * float64(side))
	}
	f.pool.Run(n, func(block, _ int) {
		strip := rows[block*side*lanes:][:side*lanes]
		for x, d := range distance {
			for l := range lanes {
				strip[x*lanes+l] = f.kernel(d + distance[block*lanes+l])
			}
		}
		f.plan.Forward(strip)
	})
	f.pool.Run(n, func(block, _ int) {
		strip := f.kern[block*side*lanes:][:side*lanes]
		hartley.Transpose(strip, lanes*lanes, rows[block*lanes*lanes:], side*lanes, n)
		f.plan.Forward(strip)
		for y, u := range factor {
			for l := range lanes {
				v := &strip[y*lanes+l]
				*v = float32(float64(*v) * u * factor[block*lanes+l])
			}
		}
	})
}

// kernel is the kernel at a squared distance, or the part that the grid has.
func (f *field) kernel(squared float64) float32 {
	if f.near {
		return float32(squared * squared / (1 + squared))
	}
	q := 1 / (1 + squared)
	if f.level.t > 0 {
		q -= nearPart(squared, f.close.radius)
	}
	return float32(q)
}

// locate finds the points' places, and sorts them by the block of rows that
// their first node is in.
func (f *field) locate(y []float64, low [2]float64) {
	inverse := 1 / f.step
	clear(f.first)
	for i := range f.at {
		x, y := (y[2*i]-low[0])*inverse, (y[2*i+1]-low[1])*inverse
		cx, cy := int32(x), int32(y)
		f.at[i] = place{cx, cy, float32(x - float64(cx)), float32(y - float64(cy))}
		f.first[cy/lanes+1]++
	}
	for b := 1; b < len(f.first); b++ {
		f.first[b] += f.first[b-1]
	}
	for i, p := range f.at {
		b := p.y / lanes
		f.byBlock[f.first[b]] = int32(i)
		f.first[b]++
	}
	copy(f.first[1:], f.first)
	f.first[0] = 0
}

// spread adds the points to the grid. A point reaches into its block of rows
// and the next, so that every second block can be filled at once; within one,
// points come in order, and the sums do not depend on the threads.
func (f *field) spread() {
	blocks := len(f.first) - 1
	f.pool.Run(blocks, func(b, _ int) { clear(f.grid[b*f.side*lanes:][:f.side*lanes]) })
	for odd := range 2 {
		f.pool.Run((blocks-odd+1)/2, func(task, _ int) {
			b := 2*task + odd
			for _, i := range f.byBlock[f.first[b]:f.first[b+1]] {
				f.add(f.at[i])
			}
		})
	}
}

func (f *field) add(p place) {
	wx, wy := weights(p.tx), weights(p.ty)
	for j, w := range wy {
		row := f.grid[f.offset(p, j):]
		row = row[: (order-1)*lanes+1 : (order-1)*lanes+1]
		row[0] += float32(w * wx[0])
		row[lanes] += float32(w * wx[1])
		row[2*lanes] += float32(w * wx[2])
		row[3*lanes] += float32(w * wx[3])
	}
}

// offset is where the first node of the j-th row of p is in the grid.
func (f *field) offset(p place, j int) int {
	y := int(p.y) + j
	return (y/lanes*f.side+int(p.x))*lanes + y%lanes
}

// convolve convolves the grid with the kernel: along x, along y and back, and
// back along x.
func (f *field) convolve() {
	side := f.side
	half := side / 2 / lanes
	f.pool.Run(half, func(b, _ int) { f.plan.ForwardHalf(f.grid[b*side*lanes:][:side*lanes]) })
	f.pool.Run(side/lanes, func(block, worker int) {
		strip := f.buffers[worker]
		column := f.grid[block*lanes*lanes:]
		hartley.Transpose(strip, lanes*lanes, column, side*lanes, half)
		f.plan.ForwardHalf(strip)
		hartley.Multiply(strip, f.kern[block*side*lanes:])
		f.plan.InverseHalf(strip)
		hartley.Transpose(column, side*lanes, strip, lanes*lanes, half)
	})
	f.pool.Run(half, func(b, _ int) { f.plan.InverseHalf(f.grid[b*side*lanes:][:side*lanes]) })
}

// readTask is how many points a task reads for.
const readTask = 512

// read gives the points the grid's value and slope.
func (f *field) read(potential, force []float32) {
	scale := float32(-.5 / f.step)
	f.pool.Run((f.n+readTask-1)/readTask, func(task, _ int) {
		for _, i := range f.byBlock[task*readTask : min((task+1)*readTask, f.n)] {
			p := f.at[i]
			wx, wy := weights(p.tx), weights(p.ty)
			sx, sy := slopes(p.tx), slopes(p.ty)
			var value, dx, dy float32
			for j := range wy {
				row := f.grid[f.offset(p, j):]
				row = row[: (order-1)*lanes+1 : (order-1)*lanes+1]
				a, b, c, d := row[0], row[lanes], row[2*lanes], row[3*lanes]
				sum := float32(wx[0]*a) + float32(wx[1]*b) + (float32(wx[2]*c) + float32(wx[3]*d))
				slope := float32(sx[0]*a) + float32(sx[1]*b) + (float32(sx[2]*c) + float32(sx[3]*d))
				value += float32(wy[j] * sum)
				dx += float32(wy[j] * slope)
				dy += float32(sy[j] * sum)
			}
			potential[i] = value
			force[2*i], force[2*i+1] = scale*dx, scale*dy
		}
	})
}
