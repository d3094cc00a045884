package kernel

import "testing"

// TestMemoryIsWhatPassesTake runs every pass on geometries of each kind, and compares
// the memory that it keeps with what was said before.
func TestMemoryIsWhatPassesTake(t *testing.T) {
	p := NewPool(1)
	defer p.Close()
	for _, g := range []Geom{
		{N: 3, H: 16, W: 16, C: 16, OH: 8, OW: 8, K: 24, KH: 4, KW: 4, Stride: 2, Pad: 1, Algorithm: ManyImages},
		{N: 3, H: 16, W: 16, C: 16, OH: 8, OW: 8, K: 24, KH: 4, KW: 4, Stride: 2, Pad: 1},
		{N: 2, H: 16, W: 16, C: 40, OH: 8, OW: 8, K: 33, KH: 5, KW: 5, Stride: 2, Pad: 2, Algorithm: ManyImages},
		{N: 2, H: 16, W: 16, C: 3, OH: 8, OW: 8, K: 33, KH: 4, KW: 4, Stride: 2, Pad: 1},
		{N: 5, H: 4, W: 4, C: 24, OH: 1, OW: 1, K: 100, KH: 4, KW: 4, Stride: 1},
		{N: 5, H: 4, W: 4, C: 24, OH: 1, OW: 1, K: 1, KH: 4, KW: 4, Stride: 1},
		{N: 3, H: 28, W: 16, C: 16, OH: 14, OW: 8, K: 24, KH: 4, KW: 4, Stride: 2, Pad: 1, Algorithm: FewImages},
		{N: 2, H: 26, W: 16, C: 40, OH: 13, OW: 8, K: 32, KH: 5, KW: 5, Stride: 2, Pad: 2, Algorithm: ManyImages},
	} {
		f := NewFilter(g.KH, g.KW, g.C, g.K)
		kept := func() (floats int) {
			for _, m := range f.forms() {
				floats += len(m.data)
			}
			return floats
		}
		big, small := make([]float32, g.Big()), make([]float32, g.Small())
		conv, convT := g.Packed()
		p.Conv(g, small, big, f)
		if got := kept(); got != conv {
			t.Errorf("%+v: Conv keeps %d floats, want %d", g, got, conv)
		}
		p.ConvT(g, big, small, f)
		if got := kept() - conv; got != convT {
			t.Errorf("%+v: ConvT keeps %d floats, want %d", g, got, convT)
		}
		p.arena = nil
		p.ConvW(g, f.W, big, small)
		if got, want := len(p.arena), g.GradientScratch(); got > want || got < want && g.Pad > 0 {
			t.Errorf("%+v: ConvW takes %d floats, want %d", g, got, want)
		}
	}
}
