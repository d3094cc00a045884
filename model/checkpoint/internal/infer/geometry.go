package infer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"dcganviz/model"
)

// A Geometry is what a state dict does not say of a net, for nets of no known
// family.
type Geometry struct {
	// Strides, Paddings and OutputPaddings have a number for each convolution,
	// from the input to the output; linear layers are not counted. One number
	// stands for all. Nil paddings are 0; nil Strides leave all three to the
	// family.
	Strides, Paddings, OutputPaddings []int
	// Upsamples is how many times the input of each of G's convolutions is enlarged
	// before it, by the method Upsampling: 0 and 1 are not at all. Nil means what the
	// family does. Upsampling is nil for what the statistics tell, or else Nearest.
	Upsamples  []int
	Upsampling *model.Upsampling
	// Size is the height and width of D's images. 0 means the size of G's images,
	// or without a G the usual size that D fits. G's size follows from the rest, but
	// for a linear layer whose pixels are no square. Width is their width where it is
	// another; 0 means as high as wide.
	Size, Width int
	// Slope is the slope below zero of each hidden layer's activation, in their
	// order: 0 is ReLU, 1 no activation. One number stands for all. Nil means what
	// the file's statistics tell, or else 0 for G and 0.2 for D.
	Slope []float64
	// Norms is what each norm without running statistics is, in their order; one
	// stands for all. Nil means batch norms.
	Norms []Norms
	// Order says whether norms come before or after the activation.
	Order Order
	// NoTanh says that G does not end in tanh.
	NoTanh bool
}

func (g Geometry) String() string {
	list := func(v []int) string { return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(v)), ","), "[]") }
	s := fmt.Sprintf("strides %s, paddings %s", list(g.Strides), list(g.Paddings))
	if slices.ContainsFunc(g.OutputPaddings, func(p int) bool { return p != 0 }) {
		s += ", output paddings " + list(g.OutputPaddings)
	}
	if slices.ContainsFunc(g.Upsamples, func(n int) bool { return n > 1 }) {
		s += ", upsampled by " + list(g.Upsamples)
	}
	if g.Size != 0 {
		s += fmt.Sprintf(" for %dx%d", g.Size, cmp.Or(g.Width, g.Size))
	}
	return s
}

// spread returns the geometry with one number for each of n convolutions.
func (g Geometry) spread(n int) (Geometry, error) {
	for _, f := range []struct {
		name string
		list *[]int
	}{{"strides", &g.Strides}, {"paddings", &g.Paddings}, {"output paddings", &g.OutputPaddings}, {"upsamplings", &g.Upsamples}} {
		switch len(*f.list) {
		case n:
		case 0:
			*f.list = make([]int, n)
		case 1:
			*f.list = slices.Repeat(*f.list, n)
		default:
			return g, Ambiguous("%d %s for %d convolutions", len(*f.list), f.name, n)
		}
	}
	return g, nil
}

// add adds a convolution.
func (g *Geometry) add(stride, padding, outputPadding int) {
	g.Strides = append(g.Strides, stride)
	g.Paddings = append(g.Paddings, padding)
	g.OutputPaddings = append(g.OutputPaddings, outputPadding)
	g.Upsamples = append(g.Upsamples, 0)
}

// with returns a family's geometry with what the caller said besides.
func (g Geometry) with(said Geometry) Geometry {
	g.Slope, g.Norms, g.Order, g.NoTanh = said.Slope, said.Norms, said.Order, said.NoTanh
	if said.Upsampling != nil {
		g.Upsampling = said.Upsampling
	}
	if said.Size != 0 {
		g.Size, g.Width = said.Size, said.Width
	}
	return g
}
