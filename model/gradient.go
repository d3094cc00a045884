package model

import "fmt"

// A Target is what a gradient is taken of: one unit at one location of each
// image, or whatever has a given gradient at a point.
type Target struct {
	// Point is the layer that the unit is in, and whether its value before or
	// after batch norm and activation is meant.
	Point
	// Unit is its number, the channel of the layer, counted from 0.
	Unit int
	// At is the unit's location y*W+x in each image; nil means where it is
	// largest, the first of equals.
	At []int
	// Gradient, where its Shape is not nil, takes the unit's place: the
	// gradient [N, H, W, C] of anything at Point. Unit and At are not used.
	Gradient Tensor
}

// GradientOptions say how a gradient is computed.
type GradientOptions struct {
	RunOptions
	// Rule is how it passes the activations, including the one at a target
	// after its activation; zero is the true gradient.
	Rule Rule
}

// An InputGradient is a gradient with respect to a net's input.
type InputGradient struct {
	// Value and Location are the unit's value and location in each image; nil for
	// a given gradient.
	Value    []float32
	Location []int
	// Gradient has the shape of the input.
	Gradient Tensor
}

// InputGradient takes the gradient of target back to the input x: images for
// D, latents for G. Each image's target is differentiated by that image alone
// (under BatchStats: the sum of all targets by each image). Layers after the
// target are not computed. Edits are refused: they have no gradient.
//
// Methods: see Rule.
func (n *net) InputGradient(x Tensor, target Target, opt GradientOptions) (InputGradient, error) {
	images, err := n.checkInput(x)
	if err != nil {
		return InputGradient{}, err
	}
	p, err := n.checkTarget(&target, images)
	if err != nil {
		return InputGradient{}, err
	}
	if opt.Rule > DeconvLeaky {
		return InputGradient{}, fmt.Errorf("model: gradient: unknown rule %v", opt.Rule)
	}
	if len(opt.Edits) > 0 {
		return InputGradient{}, fmt.Errorf("model: gradient: edits of activations have no gradient")
	}
	masks, _, err := n.interventions(&opt.RunOptions)
	if err != nil {
		return InputGradient{}, err
	}
	rows, err := n.told(0, images, &opt.RunOptions)
	if err != nil {
		return InputGradient{}, err
	}
	out := InputGradient{Gradient: NewTensor(x.Shape...)}
	given := target.Gradient.Shape != nil
	if !given {
		out.Value, out.Location = make([]float32, images), make([]int, images)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	err = n.batches(images, &opt.RunOptions, func(m *executor, from, to int) error {
		q, err := n.from(m, p)
		if err != nil {
			return err
		}
		n.begin(q.netGraph, x, rows, from, to, &opt.RunOptions, masks, nil)
		r := &q.run
		r.rule = opt.Rule
		if given {
			r.seed.given = target.Gradient.Slice(from, to).Data
		} else {
			r.seed = seed{unit: target.Unit, value: out.Value[from:to], location: out.Location[from:to]}
			if target.At != nil {
				r.seed.at = target.At[from:to]
			}
		}
		if err := q.program.exec(); err != nil {
			return err
		}
		dx := out.Gradient.Slice(from, to).Data
		copy(dx, q.dx.result)
		n.addToClass(dx, q.netGraph)
		return nil
	})
	if err != nil {
		return InputGradient{}, err
	}
	return out, nil
}

// LatentGradient takes a gradient of the images, gy [N, H, W, Channels],
// back to the latents z that G draws them from. The result has z's shape.
func (g *G) LatentGradient(z, gy Tensor, opt RunOptions) (Tensor, error) {
	last := g.layers[len(g.layers)-1].name
	out, err := g.InputGradient(z, Target{Point: Point{Layer: last}, Gradient: gy}, GradientOptions{RunOptions: opt})
	return out.Gradient, err
}

func (n *net) checkTarget(t *Target, images int) (activationAt, error) {
	p, err := n.place(t.Point)
	if err != nil {
		return p, err
	}
	shape := n.shapeAt(p.layer, images)
	if t.Gradient.Shape != nil {
		if err := t.Gradient.check(); err != nil {
			return p, err
		}
		if fmt.Sprint(t.Gradient.Shape) != fmt.Sprint(shape) {
			return p, fmt.Errorf("model: layer %q: a gradient of shape %v, want %v", t.Layer, t.Gradient.Shape, shape)
		}
		return p, nil
	}
	if t.Unit < 0 || t.Unit >= shape[3] {
		return p, fmt.Errorf("model: layer %q: no unit %d, want 0 to %d", t.Layer, t.Unit, shape[3]-1)
	}
	if t.At != nil && len(t.At) != images {
		return p, fmt.Errorf("model: layer %q: %d locations for %d images", t.Layer, len(t.At), images)
	}
	for _, at := range t.At {
		if at < 0 || at >= shape[1]*shape[2] {
			return p, fmt.Errorf("model: layer %q: no location %d, want 0 to %d", t.Layer, at, shape[1]*shape[2]-1)
		}
	}
	return p, nil
}
