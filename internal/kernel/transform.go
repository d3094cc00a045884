package kernel

import "unsafe"

// A transform is a small matrix that Winograd's algorithm applies along one axis of
// a tile, to all channels alike. matrices.go has them.
type transform uint8

// A matrix is the sums of a transform: in values give len(rows).
type matrix struct {
	in   int
	rows [][]term
}

// A term is one product of a sum. The sum is made in the order of its terms.
type term struct {
	at int
	by float32
}

// A view is a grid of vectors in data: vector (i, j) begins at i*row + j*col.
type view struct {
	data     []float32
	row, col int
}

// at returns the view whose vectors begin n floats later.
func (v view) at(n int) view { return view{v.data[n:], v.row, v.col} }

// midRun is how many channels a two-dimensional transform takes at a time: what
// lies between its two steps then stays in the first-level cache.
const midRun = 64

// transform applies rows along the first axis of src and cols along the second: to
// vectors of n floats, a multiple of 8.
func (w *worker) transform(v *vectors, rows, cols transform, dst, src view, n int) {
	tall, wide := &matrices[rows], &matrices[cols]
	for i := 0; i < n; i += midRun {
		k := min(midRun, n-i)
		v.transform(rows, w.mid[:], src.data[i:], wide.in*k, src.row, k, src.col, wide.in, k)
		v.transform(cols, dst.data[i:], w.mid[:], dst.col, k, dst.row, wide.in*k, len(tall.rows), k)
	}
}

// transformRuns is transform of so many runs of n floats, which belong to one place each
// and lie srcRun and dstRun apart.
func (w *worker) transformRuns(v *vectors, rows, cols transform, dst view, dstRun int, src view, srcRun, n, runs int) {
	tall, wide := &matrices[rows], &matrices[cols]
	most := max(1, len(w.mid)/(len(tall.rows)*wide.in*n))
	for ; runs > 0; runs -= most {
		r := min(most, runs)
		k := r * n
		for j := range wide.in {
			v.transform(rows, w.mid[j*k:], src.data[j*src.col:], wide.in*k, src.row, n, srcRun, r, n)
		}
		if dstRun == n {
			v.transform(cols, dst.data, w.mid[:], dst.col, k, dst.row, wide.in*k, len(tall.rows), k)
		} else {
			for i := range tall.rows {
				v.transform(cols, dst.data[i*dst.row:], w.mid[i*wide.in*k:], dst.col, k, dstRun, n, r, n)
			}
		}
		if runs > r {
			src, dst = src.at(r*srcRun), dst.at(r*dstRun)
		}
	}
}

// transformListed is transform of vectors whose places are in a list, column by column:
// vector (i, j) is list[j*in+i], and nothing stands for zeros. Unlike a view's vectors
// those at a border need not be copied together. n is at most midRun.
func (w *worker) transformListed(v *vectors, rows, cols transform, dst view, list []*float32, n int) {
	tall, wide := &matrices[rows], &matrices[cols]
	v.listed(rows, w.mid[:], list, wide.in*n, n, wide.in, n)
	v.transform(cols, dst.data, w.mid[:], dst.col, n, dst.row, wide.in*n, len(tall.rows), n)
}

// nothing is the vector of zeros that lists point to.
var nothing = new([midRun]float32)

// transformGo applies t to so many lines of vectors of n floats. The vectors of a
// line are a step apart, and from one line to the next it is dstNext and srcNext.
func transformGo(t transform, dst, src []float32, dstStep, srcStep, dstNext, srcNext, lines, n int) {
	for l := range lines {
		for i, row := range matrices[t].rows {
			d := dst[l*dstNext+i*dstStep:][:n]
			for j, t := range row {
				s := src[l*srcNext+t.at*srcStep:][:n]
				if j == 0 {
					for x, v := range s {
						d[x] = t.by * v
					}
					continue
				}
				for x, v := range s {
					d[x] += float32(t.by * v) // not fused
				}
			}
		}
	}
}

// listedGo is transformGo with the places of the vectors in a list, line by line.
func listedGo(t transform, dst []float32, list []*float32, dstStep, dstNext, lines, n int) {
	m := &matrices[t]
	var line [6 * midRun]float32
	for l := range lines {
		for k, p := range list[l*m.in : (l+1)*m.in] {
			copy(line[k*n:(k+1)*n], unsafe.Slice(p, n))
		}
		transformGo(t, dst[l*dstNext:], line[:], dstStep, n, 0, 0, 1, n)
	}
}
