package model

// A diskOrder says how values that lie in memory as [taps, C, K] lie on disk:
// PyTorch has channels before locations. The zero value stands for equal
// orders.
type diskOrder struct {
	c, taps, k int
	// tail is how many channels more there are at the first tap alone. They come last on
	// disk.
	tail int
	// kFirst: [K, C, taps] on disk, and [C, taps, K] otherwise.
	kFirst bool
}

// blockK is how many output channels are transposed at once.
const blockK = 16

// same reports whether memory has the disk's order.
func (r diskOrder) same() bool { return r.k == 0 }

func (r diskOrder) load(memory, disk []float32) {
	r.eachRun(len(memory), func(m, d, n, stride int) {
		if stride == 1 {
			copy(memory[m:m+n], disk[d:d+n])
			return
		}
		dst, src := memory[m:m+n], disk[d:]
		for i := range dst {
			dst[i] = src[i*stride]
		}
	})
}

func (r diskOrder) store(disk, memory []float32) {
	r.eachRun(len(memory), func(m, d, n, stride int) {
		if stride == 1 {
			copy(disk[d:d+n], memory[m:m+n])
			return
		}
		dst, src := disk[d:], memory[m:m+n]
		for i, v := range src {
			dst[i*stride] = v
		}
	})
}

// eachRun calls f for runs of n values, which together are all of size values. A
// run begins at m in memory, where its values are neighbours. On disk it begins at d,
// and its values are stride apart.
func (r diskOrder) eachRun(size int, f func(m, d, n, stride int)) {
	if r.same() {
		f(0, 0, size, 1)
		return
	}
	n, stride, channels := r.k, 1, r.c+r.tail
	if r.kFirst {
		n, stride = blockK, r.c*r.taps+r.tail
	}
	for from := 0; from < r.k; from += n {
		run := func(p, c, row int) { // row of K values in [C, taps, K]
			d := row*r.k + from
			if r.kFirst {
				d = from*stride + row
			}
			f((p*channels+c)*r.k+from, d, min(n, r.k-from), stride)
		}
		for c := range r.c {
			for p := range r.taps {
				run(p, c, c*r.taps+p)
			}
		}
		for c := range r.tail {
			run(0, r.c+c, r.c*r.taps+c)
		}
	}
}

// weightOrder returns how a layer's [KH, KW, C, K] weights lie on disk, and
// their shape there.
func (l *layer) weightOrder() (diskOrder, []int) {
	g := l.geom
	r := diskOrder{c: g.C, taps: g.KH * g.KW, k: g.K, kFirst: l.order != linearOrder}
	if l.join == joinFirst {
		r.c, r.tail = g.C-l.joined, l.joined
	}
	switch l.order {
	case linearOrder:
		return r, []int{g.C * r.taps, g.K}
	case scoreOrder:
		return r, []int{g.K, r.c*r.taps + r.tail}
	default:
		return r, []int{g.K, g.C, g.KH, g.KW}
	}
}

// channelFirst is the order of values that there is one of for each channel and,
// if perLocation is set, location: they follow the features of PyTorch's Linear.
func (l *layer) channelFirst(perLocation bool) diskOrder {
	if !perLocation {
		return diskOrder{}
	}
	h, w, c := l.out()
	return diskOrder{c: c, taps: h * w, k: 1}
}
