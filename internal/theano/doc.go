// Package theano reads the weights that the authors of the DCGAN paper
// released: NumPy arrays that joblib numbered, beside an index in a pickle.
//
//	200_gen_params.jl      200_gen_params.jl_01.npy      ..._02.npy ...
//	200_discrim_params.jl  200_discrim_params.jl_01.npy  ...
//
//	place, err := theano.Find("svhn_dcgan") // or a path to one of its files
//	if err != nil {
//		return err // wraps ErrNone or the system's error
//	}
//	nets, err := place.Read()
//	if err != nil {
//		return err // wraps ErrCorrupt, ErrTooLarge, ErrUnsupported, ErrAmbiguous or ErrNone
//	}
//	for _, a := range nets.G {
//		fmt.Println(a.Name, a.Shape) // w [100 4096], gain [4096], bias [4096], w2 [256 128 5 5], ...
//	}
//
// The numbers give the order, so the index is not needed and never opened: it
// is a pickle of classes that no longer exist.
//
// # What the arrays mean
//
// G: a dense layer w [nz, C*s*s] without bias, whose output is C maps of s x s
// in that order; gain and bias of its batch norm, one for each of the C*s*s
// outputs and not for each map; then transposed convolutions that double the
// side, w2 [in, out, KH, KW] with gain2 and bias2 [out], and so on; at last wx
// [in, colors, KH, KW] without batch norm. ReLU between, tanh at the end. D: a
// convolution w [out, colors, KH, KW] without batch norm, further ones with gain
// and bias, and a dense layer wy [C*s*s, 1] to one logit. Leaky ReLU of slope
// 0.2 between. All strides are 2, and 5x5 kernels have padding 2 (in PyTorch,
// ConvTranspose2d then needs output_padding 1).
//
// Two things are not as in PyTorch, and are the caller's to do. Theano
// convolves: every kernel of four axes is flipped in its last two, so that
// PyTorch's weight at (ky, kx) is the one here at (KH-1-ky, KW-1-kx). And batch
// norm uses the statistics of the batch with eps 1e-8; none are stored.
//
// Source: github.com/Newmu/dcgan_code at ee12b2d. Drawn in this way, its SVHN
// net's samples are house numbers.
//
// It leaves out the authors' other, conditional nets, whose arrays have other
// shapes; they are refused with the array that does not fit.
package theano
