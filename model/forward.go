package model

// Generate draws images from latents z, [N, LatentDim] (or [N, LatentDim, 1,
// 1], as PyTorch has them): [N, H, W, Channels] in [-1, 1].
func (g *G) Generate(z Tensor, opt RunOptions) (Tensor, error) {
	return g.result(z, 4, opt)
}

// Logits scores images x, [N, H, W, Channels] in [-1, 1]: [N], before
// the sigmoid.
func (d *D) Logits(x Tensor, opt RunOptions) (Tensor, error) {
	return d.result(x, 1, d.of(x.Len(), opt))
}

// result returns the activations of the last layer with so many of their axes; the others are 1.
func (n *net) result(x Tensor, axes int, opt RunOptions) (Tensor, error) {
	out, err := n.activations(x, []activationAt{n.last()}, opt)
	if err != nil {
		return Tensor{}, err
	}
	return Tensor{Shape: out[0].Shape[:axes], Data: out[0].Data}, nil
}

// Activations runs the net on x, latents for G and images for D, and returns
// what it finds at each point: [N, H, W, C]. Layers after the last of the
// points are not computed.
func (n *net) Activations(x Tensor, points []Point, opt RunOptions) ([]Tensor, error) {
	places := make([]activationAt, len(points))
	for i, p := range points {
		var err error
		if places[i], err = n.place(p); err != nil {
			return nil, err
		}
	}
	return n.activations(x, places, opt)
}

func (n *net) activations(x Tensor, places []activationAt, opt RunOptions) ([]Tensor, error) {
	images, err := n.checkInput(x)
	if err != nil {
		return nil, err
	}
	return n.forwards(0, x, images, places, opt)
}

// forwards runs the layers from the first on, whose input is x.
func (n *net) forwards(first int, x Tensor, images int, places []activationAt, opt RunOptions) ([]Tensor, error) {
	masks, edits, err := n.interventions(&opt)
	if err != nil {
		return nil, err
	}
	rows, err := n.told(first, images, &opt)
	if err != nil {
		return nil, err
	}
	out := make([]Tensor, len(places))
	last, keep := activationAt{layer: first, pre: true}, false
	for i, p := range places {
		out[i] = NewTensor(n.shapeAt(p.layer, images)...)
		keep = keep || p.pre
		if p.layer > last.layer || p.layer == last.layer && !p.pre {
			last = p
		}
	}
	if len(places) == 0 {
		return out, nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	err = n.batches(images, &opt, func(m *executor, from, to int) error {
		s, err := n.after(m, first)
		if err != nil {
			return err
		}
		program, err := m.upTo(s, last)
		if err != nil {
			return err
		}
		n.begin(s, x, rows, from, to, &opt, masks, edits)
		s.run.inPlace, s.run.keep = !keep, keep
		if err := program.exec(); err != nil {
			return err
		}
		for i, p := range places {
			copy(out[i].Slice(from, to).Data, s.values(p))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
