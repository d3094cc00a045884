// Package npy reads and writes NumPy's .npy files of real numbers: latents
// that a user hands in, pictures that a script takes away, weights of old
// checkpoints.
//
//	z, err := npy.ReadFile("z.npy") // any rank, float16, float32 or float64
//	if err != nil {
//		return err // wraps ErrCorrupt, ErrTooLarge or ErrUnsupported
//	}
//	n, err := z.Latents(100) // z.Data is n rows of 100, all finite
//	...
//	err = npy.Write(w, []int{n, 3, 64, 64}, images)
//
// Reading is our own. The library that there is for Go, npyio, trusts a file:
// its version 0.14.0 allocates the 4 GB that a 12-byte file claims for its
// header, panics on a header without a line break, and computes the number of
// elements without regard to overflow or to the bytes that follow. It also
// knows neither version 3 of the format nor float16 in arrays, needs nested
// slices for an array of several axes, and does not align what it writes (the
// format asks for a multiple of 64 bytes before the data). The tests use it,
// and numpy, as witnesses.
//
// It leaves out integers, complex numbers, text and structures; Python objects
// (dtype O), which are a pickle inside, are refused by name and never opened.
//
// Format: numpy.lib.format, versions 1.0 to 3.0 (NEP 1).
package npy
