package kernel

import "unsafe"

// A patches is a matrix that is never built: row m holds, for pixel (n, y, x)
// of a grid, the th*tw*c floats of a window of the source [n, h, w, c], zero
// outside its borders. A window's rows are runs of tw*c contiguous floats, so
// packing a row is copies and clears.
type patches struct {
	src     []float32
	h, w, c int
	gh, gw  int // the grid
	stride  int // source pixels from one grid pixel to the next
	y0, x0  int // the source pixel at which the first window begins
	th, tw  int // the window
}

// depth returns the number of columns.
func (a *patches) depth() int { return a.th * a.tw * a.c }

// pack writes columns [k0, k1) of row m, which belongs to pixel (n, y, x).
func (a *patches) pack(dst []float32, n, y, x, k0, k1 int) {
	run := a.tw * a.c
	sx := (a.x0 + x*a.stride) * a.c // first float of a run within its source row
	row := a.w * a.c
	for k := k0; k < k1; {
		ty := k / run
		lo := k - ty*run // within the run
		hi := min(run, lo+k1-k)
		d := dst[k-k0 : k-k0+hi-lo]
		k += hi - lo
		sy := a.y0 + y*a.stride + ty
		if sy < 0 || sy >= a.h {
			clear(d)
			continue
		}
		line := a.src[(n*a.h+sy)*row : (n*a.h+sy+1)*row]
		from, to := sx+lo, sx+hi
		if from >= 0 && to <= row {
			copy(d, line[from:to])
			continue
		}
		head := min(max(-from, 0), len(d))
		tail := min(max(to-row, 0), len(d)-head)
		clear(d[:head])
		if head+tail < len(d) {
			copy(d[head:len(d)-tail], line[from+head:to-tail])
		}
		clear(d[len(d)-tail:])
	}
}

// short reports that every run is too short for a call of copy to pay, as runs of
// RGB pixels are, and that a row fits one block.
func (a *patches) short() bool { return a.tw*a.c <= shortRun && a.depth() <= kc }

const shortRun = 16

// packShort packs the whole row m, whose runs are short. Inside the borders it
// copies shortRun floats for each run. The next run overwrites the surplus, and a
// packed row has room for the surplus of the last run.
func (a *patches) packShort(dst []float32, n, y, x int) {
	run, row := a.tw*a.c, a.w*a.c
	y, from := a.y0+y*a.stride, (a.x0+x*a.stride)*a.c
	at := (n*a.h+y)*row + from
	if y < 0 || y+a.th > a.h || from < 0 || from+run > row || at+(a.th-1)*row+shortRun > len(a.src) {
		a.pack(dst[:a.depth()], n, (y-a.y0)/a.stride, x, 0, a.depth())
		return
	}
	for k := 0; k < a.th*run; k += run {
		*(*[shortRun]float32)(dst[k:]) = *(*[shortRun]float32)(a.src[at:])
		at += row
	}
}

// A grid says where the rows of a product go: pixel (n, y, x) to the floats
// that begin at at + n*image + y*row + x*pixel.
type grid struct {
	dst                   []float32
	at, image, row, pixel int
}

// rowBlock is how many rows of a product a task packs at a time: with kc
// columns they fill a seventh of a 512 KiB second-level cache.
func rowBlock(mr int) int { return 72 / mr * mr }

// A product is a matrix product of patches by panels, written to a grid.
type product struct {
	a    patches
	b    *panels
	out  grid
	rows int
}

// tasks splits a product, one of several that run together, among the threads:
// over its rows, and over its columns as well where the rows are few. Each part
// of the columns packs the rows again.
func (q *product) tasks(p *Pool, together int) (n, colTasks int) {
	block := rowBlock(p.isa.mr)
	rowTasks := (q.rows + block - 1) / block
	colTasks = 1
	for p.threads > 1 && rowTasks*colTasks*together < 4*p.threads && colTasks*2 <= q.b.count() {
		colTasks *= 2
	}
	return rowTasks * colTasks, colTasks
}

// task computes one task of a product.
func (q *product) task(p *Pool, w *worker, row, col, colTasks int) {
	s := p.isa
	block := rowBlock(s.mr)
	m0, m1 := row*block, min((row+1)*block, q.rows)
	count := q.b.count()
	j0, j1 := col*count/colTasks, (col+1)*count/colTasks
	pack := w.floats(0, block*rowStride)
	depth := q.a.depth()
	area := q.a.gh * q.a.gw
	short := q.a.short()
	for k0 := 0; k0 < depth; k0 += kc {
		k1 := min(k0+kc, depth)
		n, y, x := m0/area, m0%area/q.a.gw, m0%q.a.gw
		for m := m0; m < m1; m++ {
			if row := pack[(m-m0)*rowStride : (m-m0+1)*rowStride]; short {
				q.a.packShort(row, n, y, x)
			} else {
				q.a.pack(row[:k1-k0], n, y, x, k0, k1)
			}
			if x++; x == q.a.gw {
				x = 0
				if y++; y == q.a.gh {
					y, n = 0, n+1
				}
			}
		}
		q.block(s, w, pack, m0, m1, j0, j1, k0, k1)
	}
}

// block adds columns [k0, k1) of the packed rows to panels [j0, j1).
func (q *product) block(s *isa, w *worker, pack []float32, m0, m1, j0, j1, k0, k1 int) {
	t := &w.tile
	t.k, t.rows, t.add = k1-k0, &w.rows, 0
	if k0 > 0 {
		t.add = 1
	}
	area := q.a.gh * q.a.gw
	calls := (m1 - m0 + s.mr - 1) / s.mr
	for j := j0; j < j1; j++ {
		t.b = ptrOf(q.b.at(j, k0))
		if j+1 < j1 {
			t.fetch(q.b.at(j+1, k0), s.nr, calls)
		} else if k1 < q.a.depth() {
			t.fetch(q.b.at(j0, k1), s.nr, calls)
		}
		cols := min(s.nr, q.b.n-j*s.nr)
		dst := q.out.dst[q.out.at+j*s.nr:]
		n, y, x := m0/area, m0%area/q.a.gw, m0%q.a.gw
		for m := m0; m < m1; m += s.mr {
			rows := min(s.mr, m1-m)
			t.a = unsafe.Pointer(&pack[(m-m0)*rowStride])
			for r := range rows {
				w.rows[r] = (n*q.out.image + y*q.out.row + x*q.out.pixel) * 4
				if x++; x == q.a.gw {
					x = 0
					if y++; y == q.a.gh {
						y, n = 0, n+1
					}
				}
			}
			t.c = ptrOf(dst)
			if cols == s.nr {
				s.pack[rows](t)
			} else {
				w.edgeTile(s.pack[rows], s.nr, rows, cols, dst)
			}
			t.fetched()
		}
	}
}

// edgeTile computes a tile at the edge, where only the first cols columns exist. It
// computes into the worker's own tile and copies from there to dst.
func (w *worker) edgeTile(f func(*tile), nr, rows, cols int, dst []float32) {
	at, add := w.rows, w.tile.add
	for r := range rows {
		w.rows[r] = r * nr * 4
	}
	w.tile.add = 0
	w.tile.c = unsafe.Pointer(&w.edge)
	f(&w.tile)
	w.tile.add = add
	for r := range rows {
		d := dst[at[r]/4 : at[r]/4+cols]
		e := w.edge[r*nr:]
		if add == 0 {
			copy(d, e)
			continue
		}
		for i := range d {
			d[i] += e[i]
		}
	}
}

// multiply computes the product on all threads.
func (p *Pool) multiply(q *product) {
	n, colTasks := q.tasks(p, 1)
	p.run(n, func(task, id int) {
		q.task(p, p.workers[id], task/colTasks, task%colTasks, colTasks)
	})
}
