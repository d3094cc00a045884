package checkpoint

import "dcganviz/model/checkpoint/internal/infer"

// Told is what Open took the nets of another program to be, and why: a state dict
// does not say activations, the law of the latents, strides or paddings.
//
// The running statistics that a batch norm stored are a fingerprint of all that comes
// before it. Each batch norm of the file is held against what it would have stored,
// had the layers before it been run in one way or another.
type Told struct {
	// Foreign says that a net is of another program; the rest is empty without.
	Foreign bool
	// Law says that the statistics told the law of the latents.
	Law bool
	// Evidence has an entry for each batch norm that was asked.
	Evidence []Evidence
	// Readings say what was found that is not usual, and what was assumed because
	// nothing told it.
	Readings []Reading
}

// Evidence is what the statistics of one batch norm say of the layers before it.
type Evidence = infer.Evidence

// A Hypothesis is one way in which the layers before a batch norm may be run.
type Hypothesis = infer.Hypothesis

// A Reading is a sentence on what was made of a file that does not say it.
type Reading = infer.Reading

// Norms is what a net's norms without running statistics are.
type Norms = infer.Norms

// An Order is that of a layer's norm and activation.
type Order = infer.Order

// The orders.
const (
	// AnyOrder is what the file's statistics tell, or else NormFirst.
	AnyOrder Order = infer.AnyOrder
	// NormFirst has the norm before the activation, as DCGANs do.
	NormFirst Order = infer.NormFirst
	// NormLast has the norm after it.
	NormLast Order = infer.NormLast
)

// The norms that a file does not tell apart; a positive number is so many groups of
// a GroupNorm.
const (
	// BatchNorms are batch norms whose statistics have to be estimated.
	BatchNorms Norms = infer.BatchNorms
	// InstanceNorms normalise each channel of each image.
	InstanceNorms Norms = infer.InstanceNorms
)
