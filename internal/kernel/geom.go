package kernel

import "fmt"

// A Geom is the geometry of a convolution between a big side [N, H, W, C] and
// a small side [N, OH, OW, K], with a filter [KH, KW, C, K]:
//
//	small[n, oy, ox, k] = sum over ky, kx, c of
//	    big[n, oy*Stride+ky-Pad, ox*Stride+kx-Pad, c] * W[ky, kx, c, k]
//
// where big is zero outside its borders. OH and OW are given, not derived, so
// that a transposed convolution's output padding needs no field of its own.
type Geom struct {
	N, H, W, C  int
	OH, OW, K   int
	KH, KW      int
	Stride, Pad int
	// Algorithm says where Winograd's algorithm takes the place of the direct one. Their
	// results differ by rounding, so it must not depend on N.
	Algorithm Algorithm
}

// An Algorithm is a choice between the direct algorithm and that of winograd.go, which
// makes fewer products but reads larger filters.
type Algorithm uint8

const (
	// Direct never takes Winograd's.
	Direct Algorithm = iota
	// FewImages takes it where it is faster on a single image too: where an image has
	// many results for each weight.
	FewImages
	// ManyImages takes it where it is faster on batches.
	ManyImages
)

// Validate reports a geometry that no convolution has.
func (g Geom) Validate() error {
	for _, v := range []int{g.N, g.H, g.W, g.C, g.OH, g.OW, g.K, g.KH, g.KW, g.Stride} {
		if v < 1 {
			return fmt.Errorf("kernel: geometry %+v: every size must be at least 1", g)
		}
	}
	if g.Pad < 0 || g.Pad >= g.KH || g.Pad >= g.KW {
		return fmt.Errorf("kernel: geometry %+v: padding %d, want 0 to below the kernel's size", g, g.Pad)
	}
	if (g.OH-1)*g.Stride-g.Pad >= g.H || (g.OW-1)*g.Stride-g.Pad >= g.W {
		return fmt.Errorf("kernel: geometry %+v: the small side reaches past the big one", g)
	}
	return nil
}

// Big returns the number of floats of the big side.
func (g Geom) Big() int { return g.N * g.H * g.W * g.C }

// Small returns the number of floats of the small side.
func (g Geom) Small() int { return g.N * g.OH * g.OW * g.K }

// Weights returns the number of floats of the filter.
func (g Geom) Weights() int { return g.KH * g.KW * g.C * g.K }

// whole reports that one application of the filter covers the big side: the
// projection of a latent to G's first feature map, and D's last layer.
func (g Geom) whole() bool {
	return g.OH == 1 && g.OW == 1 && g.KH == g.H && g.KW == g.W && g.Pad == 0
}

func (g Geom) check(what string, big, small, w []float32) {
	if err := g.Validate(); err != nil {
		panic(err)
	}
	if len(big) != g.Big() || len(small) != g.Small() || len(w) != g.Weights() {
		panic(fmt.Sprintf("kernel: %s: %d, %d and %d floats in big, small and filter, want %d, %d and %d",
			what, len(big), len(small), len(w), g.Big(), g.Small(), g.Weights()))
	}
}
