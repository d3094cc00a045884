package doctor

import (
	"slices"

	"dcganviz/model"
)

// turnKernels turns the kernels of a state dict's convolutions by 180 degrees,
// but leaves the layer at keep: the one at the latent, whose kernel is not slid
// over anything. Turning it too would turn the images around and leave them as
// good as they were.
//
// Theano's convolutions turn their kernels and PyTorch's don't; whoever copies
// weights from one to the other and forgets it makes just this mistake.
func turnKernels(tensors []model.NamedTensor, specs []model.LayerSpec, keep int) {
	slid := map[string]bool{}
	for i, s := range specs {
		slid[s.Module+".weight"] = i != keep && s.Kind != model.Linear
	}
	for _, t := range tensors {
		if !slid[t.Name] {
			continue
		}
		taps := t.Shape[2] * t.Shape[3]
		for from := 0; from < len(t.Data); from += taps {
			slices.Reverse(t.Data[from : from+taps])
		}
	}
}

// turnedCopy returns a copy of g with turned kernels.
func turnedCopy(g *model.G) (*model.G, error) {
	c, state := g.Clone(), g.State()
	turnKernels(state, g.Specs(), 0)
	return c, c.LoadState(state)
}
