package model

import (
	"fmt"
	"iter"
	"slices"
)

// An Outline is a net without its weights: its layers, and the names and shapes
// of its state dict. It takes hardly any memory, however large the net is.
type Outline struct{ outline }

type outline struct {
	cfg    Config
	layers []layer
	image  bool // the input is an image (D), not a latent (G)
}

// GOutline returns the outline of G. Its error says what is wrong with c.
func (c Config) GOutline() (Outline, error) {
	if err := c.validate(true, false); err != nil {
		return Outline{}, err
	}
	return Outline{outline{cfg: c, layers: c.generatorLayers()}}, nil
}

// DOutline returns the outline of D. Its error says what is wrong with c.
func (c Config) DOutline() (Outline, error) {
	if err := c.validate(false, true); err != nil {
		return Outline{}, err
	}
	return Outline{outline{cfg: c, layers: c.discriminatorLayers(), image: true}}, nil
}

// Config returns what the net looks like.
func (o *outline) Config() Config { return o.cfg }

// Layers describes the layers, from the input to the output.
func (o *outline) Layers() []LayerInfo {
	infos := make([]LayerInfo, len(o.layers))
	for i := range o.layers {
		infos[i] = o.layers[i].info()
	}
	return infos
}

// Specs describes the layers in full, of nets of the families too: paddings,
// biases and the names in the state dict, which Layers leaves out.
func (o *outline) Specs() []LayerSpec {
	specs := make([]LayerSpec, len(o.layers))
	for i := range o.layers {
		specs[i] = o.layers[i].spec()
	}
	return specs
}

// CheckDict reports the first tensor of the net's state dict that is missing in dict
// or has another shape there. If all fit, it reports the first tensor in dict that is
// not the net's. Names in dict begin with prefix. Only num_batches_tracked, which old
// files lack, may be missing.
func (o *outline) CheckDict(prefix string, dict StateDict) error {
	given := map[string][]int{}
	for name, shape := range dict.Shapes() {
		given[name] = shape
	}
	for name, want := range o.shapes() {
		shape, ok := given[prefix+name]
		delete(given, prefix+name)
		switch {
		case !ok && len(want) == 0: // num_batches_tracked
		case !ok:
			return fmt.Errorf("no tensor %q of shape %v", prefix+name, want)
		case !slices.Equal(shape, want):
			return fmt.Errorf("tensor %q: shape %v, want %v", prefix+name, shape, want)
		}
	}
	for name, shape := range dict.Shapes() { // in order, so that the error is always the same
		if _, ok := given[name]; ok {
			return fmt.Errorf("tensor %.80q of shape %v has no place in this net", name, shape)
		}
	}
	return nil
}

// shapes goes through the state dict.
func (o *outline) shapes() iter.Seq2[string, []int] {
	return func(yield func(string, []int) bool) {
		if name, shape, ok := o.rowsEntry(); ok && !yield(name, shape) {
			return
		}
		for i := range o.layers {
			for name, shape := range o.layers[i].shapes() {
				if !yield(name, shape) {
					return
				}
			}
		}
	}
}

// shapes goes through the layer's entries of the state dict, in its order.
func (l *layer) shapes() iter.Seq2[string, []int] {
	return func(yield func(string, []int) bool) {
		if _, shape := l.weightOrder(); !yield(l.convKey("weight"), shape) {
			return
		}
		if l.bias && !yield(l.convKey("bias"), []int{l.biases()}) {
			return
		}
		if !l.normed() {
			return
		}
		for _, what := range []string{"weight", "bias"} {
			if !yield(l.bnKey(what), l.gainShape()) {
				return
			}
		}
		if !l.bn {
			return
		}
		for _, what := range []string{"running_mean", "running_var"} {
			if !yield(l.bnKey(what), []int{l.bnChannels()}) {
				return
			}
		}
		yield(l.bnKey("num_batches_tracked"), nil)
	}
}
