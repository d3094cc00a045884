package model

// A diskOrder says how values that lie in memory as [taps, C, K] lie on disk:
// PyTorch has channels before locations. The zero value stands for equal
// orders.
type diskOrder struct {
	c, taps, k int
	// kFirst: [K, C, taps] on disk, and [C, taps, K] otherwise.
	kFirst bool
}

func (e *entry) store(disk, memory []float32) { e.order.store(disk, memory) }
func (e *entry) load(memory, disk []float32)  { e.order.load(memory, disk) }

// blockK is how many output channels are transposed at once.
const blockK = 16

// same reports whether memory has the disk's order.
func (r diskOrder) same() bool { return r.k == 0 }

func (r diskOrder) load(memory, disk []float32) {
	if r.same() {
		copy(memory, disk)
		return
	}
	if !r.kFirst {
		r.eachRow(func(d, m int) { copy(memory[m:m+r.k], disk[d:d+r.k]) })
		return
	}
	size := r.c * r.taps
	for from := 0; from < r.k; from += blockK {
		n := min(blockK, r.k-from)
		r.eachRow(func(d, m int) {
			dst, src := memory[m+from:m+from+n], disk[from*size+d/r.k:]
			for i := range dst {
				dst[i] = src[i*size]
			}
		})
	}
}

func (r diskOrder) store(disk, memory []float32) {
	if r.same() {
		copy(disk, memory)
		return
	}
	if !r.kFirst {
		r.eachRow(func(d, m int) { copy(disk[d:d+r.k], memory[m:m+r.k]) })
		return
	}
	size := r.c * r.taps
	for from := 0; from < r.k; from += blockK {
		n := min(blockK, r.k-from)
		r.eachRow(func(d, m int) {
			src, dst := memory[m+from:m+from+n], disk[from*size+d/r.k:]
			for i, v := range src {
				dst[i*size] = v
			}
		})
	}
}

// eachRow calls f with the offsets of each row of K values in [C, taps, K] and in
// the [taps, C, K] of memory.
func (r diskOrder) eachRow(f func(disk, memory int)) {
	for c := range r.c {
		for p := range r.taps {
			f((c*r.taps+p)*r.k, (p*r.c+c)*r.k)
		}
	}
}

// weightOrder returns how a layer's [KH, KW, C, K] weights lie on disk, and
// their shape there.
func (l *layer) weightOrder() (diskOrder, []int) {
	g := l.geom
	r := diskOrder{c: g.C, taps: g.KH * g.KW, k: g.K, kFirst: l.order != linearOrder}
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
func (l *layer) biasOrder() diskOrder {
	if l.order != linearOrder {
		return diskOrder{}
	}
	return l.channelFirst()
}

// bnOrder returns how a batch norm's values lie on disk.
func (l *layer) bnOrder() diskOrder {
	if !l.flat {
		return diskOrder{}
	}
	return l.channelFirst()
}

// channelFirst is the order of values that there is one of for each channel and
// location: they follow the features of PyTorch's Linear.
func (l *layer) channelFirst() diskOrder {
	h, w, c := l.out()
	return diskOrder{c: c, taps: h * w, k: 1}
}
