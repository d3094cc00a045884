// Package kernel computes what a DCGAN's training step and probes need, on
// float32 slices: the three convolutions that are closed under
// differentiation, batch normalisation fused with its activation, Adam, and a
// few element-wise passes.
//
// Activations are NHWC. Filters are [KH, KW, C, K], where C counts the
// channels of the big side (the input of a convolution, the output of a
// transposed one) and K those of the small side. With that one layout
//
//	Conv  : small = conv(big, W)
//	ConvT : big   = convT(small, W), the gradient of Conv to its input
//	ConvW : dW    = the gradient of Conv to its filter
//
// serve the forward and backward passes of both nets.
//
//	pool := kernel.NewPool(2)
//	defer pool.Close()
//	geom := kernel.Geom{N: 1, H: 8, W: 8, C: 3, OH: 4, OW: 4, K: 16, KH: 4, KW: 4, Stride: 2, Pad: 1}
//	w := kernel.NewFilter(4, 4, 3, 16)
//	pool.Conv(geom, small, big, w)
//
// The portable Go code specifies every result; generated assembly (AVX2, AVX-512
// and NEON, with FMA) computes the same sums in the same order, so that the
// instruction sets and any number of threads agree bit for bit. The portable path
// has no fused multiply-add, whatever the compiler could fuse: it differs from
// them by rounding only, and gives the same bits on every machine.
// testdata/bits.txt has the digests that both are held to.
// DCGANVIZ_SIMD=portable|avx2|avx512|neon overrides the choice.
//
// The package checks shapes where a mistake would read out of bounds, and
// panics on them: its callers build the shapes. It knows nothing of nets,
// files or random numbers.
package kernel
