package model

import (
	"fmt"
	"maps"
	"slices"
)

// Continue runs the rest of the net on act, the activations [N, H, W, C] of a layer
// after its activation. It returns what it finds at each point, as Activations does.
// If act is what Activations finds at the layer, without a mask or edit there, then
// both return the same to the last bit. The layer and those before it are not
// computed, so a point, mask or edit of them is an error. act is not modified.
//
// A caller who changes one layer in many ways saves the time for the layers before it.
func (n *net) Continue(layer string, act Tensor, points []Point, opt RunOptions) ([]Tensor, error) {
	at, err := n.layer(layer)
	if err != nil {
		return nil, err
	}
	if at == len(n.layers)-1 {
		return nil, fmt.Errorf("model: nothing comes after layer %q", layer)
	}
	if err := act.check(); err != nil {
		return nil, err
	}
	if want := n.shapeAt(at, act.Len()); fmt.Sprint(act.Shape) != fmt.Sprint(want) {
		return nil, fmt.Errorf("model: activations of shape %v, want [N %d %d %d] of layer %q", act.Shape, want[1], want[2], want[3], layer)
	}
	later := func(name string) error {
		if i, err := n.layer(name); err == nil && i <= at {
			return fmt.Errorf("model: layer %q is not run: want one after %q", name, layer)
		}
		return nil
	}
	for _, name := range slices.Concat(slices.Sorted(maps.Keys(opt.Masks)), slices.Sorted(maps.Keys(opt.Edits))) {
		if err := later(name); err != nil {
			return nil, err
		}
	}
	places := make([]activationAt, len(points))
	for i, p := range points {
		if places[i], err = n.place(p); err != nil {
			return nil, err
		}
		if err := later(p.Layer); err != nil {
			return nil, err
		}
	}
	return n.forwards(at+1, act, act.Len(), places, opt)
}
