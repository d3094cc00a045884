package checkpoint

import "dcganviz/model/checkpoint/internal/infer"

// A Family is a sort of DCGAN whose strides, paddings, activations and law of
// the latents are known. A state dict says none of them.
type Family = infer.Family

// The families.
const (
	// AnyFamily recognises the family by the shapes of the weights.
	AnyFamily Family = infer.AnyFamily
	// ExamplesFamily is the DCGAN of pytorch/examples at any size and width:
	// 4x4 kernels of stride 2 and padding 1, at the latent one of stride 1.
	// Latents are normal.
	ExamplesFamily Family = infer.ExamplesFamily
	// PaperFamily is the DCGAN of the paper, at any size and width: 5x5 kernels
	// of stride 2 and padding 2 (output padding 1), at the latent a linear
	// layer. Latents are uniform.
	PaperFamily Family = infer.PaperFamily
	// DigitsFamily draws 28x28 digits without any padding: G has kernels 3, 4,
	// 3, 4 of strides 2, 1, 2, 2, D three of 4x4 and stride 2, all with
	// biases. Latents are normal.
	DigitsFamily Family = infer.DigitsFamily
	// UpsampleFamily is PyTorch-GAN's: G has a linear layer and 3x3 convolutions of
	// padding 1, before which its feature maps are enlarged; D has 3x3 convolutions of
	// stride 2 and padding 1, with batch norms behind the activations, and a linear
	// layer. Batch norms but G's first add 0.8 to variances. Latents are normal.
	UpsampleFamily Family = infer.UpsampleFamily
)

// A Geometry is what a state dict does not say of a net, for nets of no known
// family.
type Geometry = infer.Geometry
