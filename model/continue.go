package model

import "fmt"

// Continue runs the net on from act, the activations [N, H, W, C] of a layer
// (after its activation), and returns what it finds at each point, as
// Activations does: to the last bit the same, where act is what that finds at
// the layer and nothing is masked or edited there. The layers up to it, in whose
// stead act stands, are not computed: a point, mask or edit of theirs is an
// error. act is not modified.
//
// Whoever changes a layer in many ways thus pays for what comes after it alone.
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
	for _, name := range append(sortedKeys(opt.Masks), sortedKeys(opt.Edits)...) {
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
