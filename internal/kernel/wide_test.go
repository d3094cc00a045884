package kernel

import "unsafe"

// wide has AVX-512's tile, 14x32, in portable Go: what surrounds the
// micro-kernels meets that shape on every machine.
var wide = func() *isa {
	s := &isa{name: "wide", mr: maxRows, nr: maxCols, vec: &portableVectors}
	for r := 1; r <= s.mr; r++ {
		s.pack[r] = func(t *tile) {
			wideTile(t, r, func(r, k int) float32 {
				return *(*float32)(unsafe.Add(t.a, (r*rowStride+k)*4))
			})
		}
		s.gather[r] = func(t *tile) {
			off := unsafe.Slice((*int)(t.off), t.k)
			wideTile(t, r, func(r, k int) float32 { return *(*float32)(unsafe.Add(t.a, off[k]+r*4)) })
		}
	}
	return s
}()

func wideTile(t *tile, rows int, a func(r, k int) float32) {
	b := unsafe.Slice((*[maxCols]float32)(t.b), t.k)
	for r := range rows {
		var sum [maxCols]float32
		for k := range b {
			v := a(r, k)
			for j := range sum {
				sum[j] += v * b[k][j]
			}
		}
		c := (*[maxCols]float32)(unsafe.Add(t.c, t.rows[r]))
		for j, v := range sum {
			if t.add == 1 {
				v += c[j]
			}
			c[j] = v
		}
	}
}
