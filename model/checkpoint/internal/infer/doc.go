// Package infer finds out what net a state dict is of: from the names and shapes
// of its tensors it tells the layers, and from the Family or a Geometry what
// shapes do not say, such as strides. It reads no file.
//
//	for _, d := range dict.Nets(infer.MaxNesting) {
//		net, err := d.G.Infer(infer.Ask{})
//		...
//	}
package infer
