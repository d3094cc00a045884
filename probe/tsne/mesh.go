package tsne

// A place is where a point lies on the grid: its four nodes along each axis
// begin at x, y, and it lies tx, ty behind the second.
type place struct {
	x, y   int32
	tx, ty float32
}

// locate finds the points' places, in order of the block of rows that their
// first node is in.
func (f *field) locate(y []float64, low [2]float64) {
	inverse := 1 / f.step
	clear(f.first)
	for i := range f.n {
		f.first[int((y[2*i+1]-low[1])*inverse)/lanes+1]++
	}
	for b := 1; b < len(f.first); b++ {
		f.first[b] += f.first[b-1]
	}
	for i := range int32(f.n) {
		x, y := (y[2*i]-low[0])*inverse, (y[2*i+1]-low[1])*inverse
		cx, cy := int32(x), int32(y)
		k := &f.first[cy/lanes]
		f.places[*k], f.order[*k] = place{cx, cy, float32(x - float64(cx)), float32(y - float64(cy))}, i
		*k++
	}
	copy(f.first[1:], f.first)
	f.first[0] = 0
}

// spread adds the points to the grid. A point reaches into its block of rows
// and the next, so that every second block can be filled at once; within one,
// points come in order, and the sums do not depend on the threads.
func (f *field) spread() {
	blocks, half := len(f.first)-1, f.side/2
	f.pool.Run(blocks, func(b, _ int) { clear(f.grid[b*half*lanes:][:half*lanes]) })
	for odd := range 2 {
		f.pool.Run((blocks-odd+1)/2, func(task, _ int) {
			b := 2*task + odd
			spreadPlaces(f.grid, half, f.places[f.first[b]:f.first[b+1]])
		})
	}
}

// readTask is how many points a task reads for.
const readTask = 512

// read gives the points the grid's value and slope.
func (f *field) read(potential, force []float32) {
	scale := float32(-.5 / f.step)
	f.pool.Run((f.n+readTask-1)/readTask, func(task, _ int) {
		from, to := task*readTask, min((task+1)*readTask, f.n)
		readPlaces(potential, force, f.grid, f.side/2, f.places[from:to], f.order[from:to], scale)
	})
}
