// Package hartley computes discrete Hartley transforms of eight float32
// columns at once, for convolving real grids with even kernels.
//
// The transform of x is H(k) = sum over j of x(j) cas(2 pi j k / n), where
// cas = cos + sin. It is real, and its own inverse up to a factor n. Where one
// of two sequences is even, the transform of their circular convolution is the
// product of their transforms (Bracewell 1983, "Discrete Hartley transform",
// J. Opt. Soc. Am. 73), so a convolution with an even kernel needs no complex
// numbers at all.
//
//	plan, err := hartley.NewPlan(hartley.Length(100))
//	plan.Forward(x)                   // x is [n][Lanes]
//	for i := range x { x[i] *= h[i] } // h: the kernel's transform, by 1/n
//	plan.Inverse(x)
//
// Frequencies come out in an order of their own, which Frequencies tells: a
// convolution does not need them sorted.
//
// No sum is fused with a product, so that every machine computes the same bits.
package hartley
