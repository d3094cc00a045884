package kernel

import "unsafe"

// portable is the specification of the micro-kernels. It runs where the assembly
// does not.
var portable = func() *isa {
	const mr, nr = 4, 16
	s := &isa{name: "portable", mr: mr, nr: nr, vec: &portableVectors}
	for r := 1; r <= mr; r++ {
		s.pack[r] = func(t *tile) { packTile(t, r) }
		s.gather[r] = func(t *tile) { gatherTile(t, r) }
	}
	return s
}()

func packTile(t *tile, rows int) {
	b := unsafe.Slice((*[16]float32)(t.b), t.k)
	for r := range rows {
		a := unsafe.Slice((*float32)(unsafe.Add(t.a, r*rowStride*4)), t.k)
		var sum [16]float32
		for k, v := range a {
			for j := range sum {
				sum[j] += float32(v * b[k][j]) // not fused
			}
		}
		storeRow(t, r, &sum)
	}
}

func gatherTile(t *tile, rows int) {
	b := unsafe.Slice((*[16]float32)(t.b), t.k)
	off := unsafe.Slice((*int)(t.off), t.k)
	for r := range rows {
		var sum [16]float32
		for k, o := range off {
			v := *(*float32)(unsafe.Add(t.a, o+r*4))
			for j := range sum {
				sum[j] += float32(v * b[k][j]) // not fused
			}
		}
		storeRow(t, r, &sum)
	}
}

func storeRow(t *tile, r int, sum *[16]float32) {
	c := (*[16]float32)(unsafe.Add(t.c, t.rows[r]))
	if t.add == 0 {
		*c = *sum
		return
	}
	for j := range sum {
		c[j] += sum[j]
	}
}
