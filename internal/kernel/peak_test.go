package kernel

import (
	"testing"
	"unsafe"
)

// BenchmarkTile is the micro-kernels alone, on data in the first-level cache:
// what the convolutions could reach on one thread.
func BenchmarkTile(b *testing.B) {
	for _, s := range available() {
		for _, kind := range []string{"pack", "gather"} {
			b.Run("impl="+s.name+"/kind="+kind, func(b *testing.B) {
				a, w, c := make([]float32, maxRows*rowStride), make([]float32, kc*s.nr), make([]float32, maxRows*maxCols)
				var rows [maxRows]int
				off := make([]int, kc)
				for r := range rows {
					rows[r] = r * s.nr * 4
				}
				for k := range off {
					off[k] = k * 64
				}
				t := &tile{a: unsafe.Pointer(&a[0]), b: unsafe.Pointer(&w[0]), c: unsafe.Pointer(&c[0]),
					k: kc, rows: &rows, off: unsafe.Pointer(&off[0]), add: 1}
				t.fetch(w, s.nr, 4)
				f := s.pack[s.mr]
				if kind == "gather" {
					f = s.gather[s.mr]
				}
				for b.Loop() {
					f(t)
				}
				b.ReportMetric(2*float64(s.mr*s.nr*kc)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
