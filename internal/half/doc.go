// Package half converts between float32 and the two 16-bit floating-point
// formats that checkpoints use: IEEE 754 binary16 and bfloat16.
//
// Widening is exact. Narrowing rounds to the nearest value, ties to even.
// Signs of zero, subnormals, infinities and the upper payload bits of a NaN
// survive in both directions, on every platform: the work is done on the bit
// patterns, never by a hardware conversion that would quiet a NaN.
//
//	f := half.ToFloat32(0x3c00)    // 1
//	h := half.FromFloat32(65520)   // 0x7c00, +Inf: see Overflows
//
// It leaves out arithmetic: values are computed on as float32.
package half
