// Package model is the DCGAN: its two nets, their weights, and everything that
// runs them forwards and backwards.
//
// A Config says which of the two families of Radford, Metz & Chintala 2015
// (arXiv:1511.06434) a pair belongs to and how large it is, or, of a Custom
// pair, lists its layers. G draws images from latents; D scores images. Both
// answer with the activations of any layer, run with feature maps masked or
// edited, and take gradients back to their input, D under any Rule.
//
//	cfg := model.Config{Arch: model.PyTorch, Size: 64, Channels: 3, LatentDim: 100, GWidth: 64, DWidth: 64}
//	g, err := model.NewG(cfg, 1)
//	...
//	images, err := g.Generate(model.Latents(7, 0, 100, cfg), model.RunOptions{})
//
// Tensors are plain float32 slices, images NHWC in [-1, 1]. Inside, the nets
// are gorgonia expression graphs over ops of our own on internal/kernel, with
// gradients derived symbolically; no gorgonia type is visible outside.
//
// Weights enter and leave as State: PyTorch's names, shapes and order. NewGFrom
// reads them from any StateDict, one tensor at a time, and Tensors goes through
// them to be written. The package knows no file format (see model/checkpoint),
// does not train (see model/train) and knows no experiment (see probe).
package model
