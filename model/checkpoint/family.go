package checkpoint

import "dcganviz/model/checkpoint/internal/infer"

// A Family is a sort of DCGAN whose strides, paddings, activations and law of
// the latents are known. A state dict says none of them.
type Family = infer.Family

// The families.
const (
	// AnyFamily recognises the family by the shapes of the weights.
	AnyFamily Family = infer.AnyFamily
	// ExamplesFamily is the DCGAN of pytorch/examples at any size and width.
	ExamplesFamily Family = infer.ExamplesFamily
	// PaperFamily is the DCGAN of the paper at any size and width.
	PaperFamily Family = infer.PaperFamily
	// DigitsFamily draws 28x28 digits without any padding.
	DigitsFamily Family = infer.DigitsFamily
)

// A Geometry is what a state dict does not say of a net, for nets of no known
// family.
type Geometry = infer.Geometry
