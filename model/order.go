package model

// A reorder says how values that lie in memory as [taps, C, K] lie on disk:
// PyTorch has channels before locations. The zero value stands for equal
// orders.
type reorder struct {
	c, taps, k int
	// kFirst: [K, C, taps] on disk, and [C, taps, K] otherwise.
	kFirst bool
}

func (e *entry) store(disk, memory []float32) { e.order.store(disk, memory) }
func (e *entry) load(memory, disk []float32)  { e.order.load(memory, disk) }

// blockK is how many of K are moved together: so many runs of the disk's order
// are read while as many neighbours in memory are written.
const blockK = 16

func (r reorder) load(memory, disk []float32) {
	if r.k == 0 {
		copy(memory, disk)
		return
	}
	if !r.kFirst {
		r.rows(func(d, m int) { copy(memory[m:m+r.k], disk[d:d+r.k]) })
		return
	}
	size := r.c * r.taps
	for from := 0; from < r.k; from += blockK {
		n := min(blockK, r.k-from)
		r.rows(func(d, m int) {
			dst, src := memory[m+from:m+from+n], disk[from*size+d/r.k:]
			for i := range dst {
				dst[i] = src[i*size]
			}
		})
	}
}

func (r reorder) store(disk, memory []float32) {
	if r.k == 0 {
		copy(disk, memory)
		return
	}
	if !r.kFirst {
		r.rows(func(d, m int) { copy(disk[d:d+r.k], memory[m:m+r.k]) })
		return
	}
	size := r.c * r.taps
	for from := 0; from < r.k; from += blockK {
		n := min(blockK, r.k-from)
		r.rows(func(d, m int) {
			src, dst := memory[m+from:m+from+n], disk[from*size+d/r.k:]
			for i, v := range src {
				dst[i*size] = v
			}
		})
	}
}

// rows calls f with the places on disk, were it [C, taps, K], and in memory of
// every row of K values.
func (r reorder) rows(f func(disk, memory int)) {
	for c := range r.c {
		for p := range r.taps {
			f((c*r.taps+p)*r.k, (p*r.c+c)*r.k)
		}
	}
}

// weightOrder returns how a layer's [KH, KW, C, K] weights lie on disk, and
// their shape there.
func (l *layer) weightOrder() (reorder, []int) {
	g := l.geom
	r := reorder{c: g.C, taps: g.KH * g.KW, k: g.K, kFirst: l.order != linearOrder}
	switch l.order {
	case linearOrder:
		return r, []int{g.C * r.taps, g.K}
	case scoreOrder:
		return r, []int{g.K, g.C * r.taps}
	default:
		return r, []int{g.K, g.C, g.KH, g.KW}
	}
}

// biasOrder returns how a layer's biases lie on disk.
func (l *layer) biasOrder() reorder {
	if l.order != linearOrder {
		return reorder{}
	}
	return l.channelFirst()
}

// bnOrder returns how a batch norm's values lie on disk.
func (l *layer) bnOrder() reorder {
	if !l.flat {
		return reorder{}
	}
	return l.channelFirst()
}

// channelFirst is the order of values that there is one of for each channel and
// location: they follow the features of PyTorch's Linear.
func (l *layer) channelFirst() reorder {
	h, w, c := l.out()
	return reorder{c: c, taps: h * w, k: 1}
}
