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

// convolve convolves the grid with the kernel: along y, along x and back, and
// back along y.
func (f *field) convolve() {
	side := f.side
	half := side / 2
	f.pool.Run(half/lanes, func(block, _ int) {
		strip := f.waves[block*side*lanes:][:side*lanes]
		for y := range half {
			*(*[lanes]float32)(strip[y*lanes:]) = *(*[lanes]float32)(f.grid[y*half+block*lanes:])
		}
		f.plan.ForwardHalf(strip)
	})
	f.pool.Run(side/lanes, func(block, worker int) {
		strip := f.buffers[worker]
		waves := f.waves[block*lanes*lanes:]
		hartley.Transpose(strip, lanes*lanes, waves, side*lanes, half/lanes)
		f.plan.ForwardHalf(strip)
		hartley.Multiply(strip, f.kern[block*side*lanes:])
		f.plan.InverseHalf(strip)
		hartley.Transpose(waves, side*lanes, strip, lanes*lanes, half/lanes)
	})
	f.pool.Run(half/lanes, func(block, _ int) {
		strip := f.waves[block*side*lanes:][:side*lanes]
		f.plan.InverseHalf(strip)
		for y := range half {
			*(*[lanes]float32)(f.grid[y*half+block*lanes:]) = *(*[lanes]float32)(strip[y*lanes:])
		}
	})
}
