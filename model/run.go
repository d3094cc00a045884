package model

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// RunOptions say how a net is run. The zero value runs it as it was trained to
// be used: running statistics, nothing masked.
type RunOptions struct {
	// Pool is the threads; nil is the pool that the process shares.
	Pool *Pool
	// BatchStats normalises by the statistics of the images given, all of them
	// as one batch, instead of the running ones. Running statistics stay.
	BatchStats bool
	// Classes are those of the images, for a D that is told them; nil means the D's own
	// (OfClass).
	Classes []int
	// Latents are what G made the activations of that Continue takes, where later layers
	// are told the class that is in them. Nothing else needs them.
	Latents Tensor
	// Masks multiplies a layer's activations (after its activation function),
	// by name: one factor a channel, or one for each of [H, W, C]. Zero drops a
	// unit.
	Masks map[string][]float32
	// Edits changes a layer's activations (after its activation function and
	// mask) in place, by name. act holds the activations [n, H, W, C] of images
	// first to first+n-1; it must not be kept. An error ends the run and is
	// returned as it is.
	Edits map[string]func(first int, act Tensor) error
}

// A Tap says where in a layer one looks.
type Tap uint8

const (
	// Post is the layer's result: after batch norm, activation, mask and edit.
	Post Tap = iota
	// Pre is the convolution's result.
	Pre
)

func (t Tap) String() string {
	if t == Pre {
		return "pre"
	}
	return "post"
}

// A Point is a place in a net whose activations one looks at.
type Point struct {
	Layer string
	Tap   Tap
}

func (p Point) String() string { return p.Layer + ":" + p.Tap.String() }

// layer returns the number of the layer of that name.
func (n *net) layer(name string) (int, error) {
	var names []string
	for i := range n.layers {
		if n.layers[i].name == name {
			return i, nil
		}
		names = append(names, n.layers[i].name)
	}
	return 0, fmt.Errorf("model: no layer %q, want one of %s", name, strings.Join(names, ", "))
}

func (n *net) place(p Point) (activationAt, error) {
	i, err := n.layer(p.Layer)
	return activationAt{i, p.Tap == Pre}, err
}

// shapeAt returns the shape of the activations of images at a layer.
func (n *net) shapeAt(layer, images int) []int {
	h, w, c := n.layers[layer].out()
	return []int{images, h, w, c}
}

// checkInput returns how many latents or images x holds.
func (n *net) checkInput(x Tensor) (int, error) {
	if err := x.check(); err != nil {
		return 0, err
	}
	if n.image {
		h, w, c := n.cfg.Dims()
		want := []int{x.Len(), h, w, c}
		if fmt.Sprint(x.Shape) != fmt.Sprint(want) {
			return 0, fmt.Errorf("model: images of shape %v, want [N %d %d %d]", x.Shape, want[1], want[2], want[3])
		}
		return x.Len(), nil
	}
	nz := n.cfg.LatentDim
	ok := len(x.Shape) == 2 || len(x.Shape) == 4 && x.Shape[2] == 1 && x.Shape[3] == 1
	if !ok || x.Shape[1] != nz {
		return 0, fmt.Errorf("model: latents of shape %v, want [N %d]", x.Shape, nz)
	}
	return x.Len(), nil
}

// interventions turns an options' masks and edits into lists by layer.
func (n *net) interventions(o *RunOptions) (masks [][]float32, edits []func(int, Tensor) error, err error) {
	if len(o.Masks) > 0 {
		masks = make([][]float32, len(n.layers))
	}
	// Sorted, so that the same one of several mistakes is always reported.
	for _, name := range slices.Sorted(maps.Keys(o.Masks)) {
		i, err := n.layer(name)
		if err != nil {
			return nil, nil, err
		}
		mask := o.Masks[name]
		_, _, c := n.layers[i].out()
		if all := n.layers[i].outSize(); len(mask) != c && len(mask) != all {
			return nil, nil, fmt.Errorf("model: layer %q: a mask of %d factors, want %d (channels) or %d", name, len(mask), c, all)
		}
		masks[i] = mask
	}
	if len(o.Edits) > 0 {
		edits = make([]func(int, Tensor) error, len(n.layers))
	}
	for _, name := range slices.Sorted(maps.Keys(o.Edits)) {
		i, err := n.layer(name)
		if err != nil {
			return nil, nil, err
		}
		edits[i] = o.Edits[name]
	}
	return masks, edits, nil
}

// batches calls f for parts of images that fit the machine: all of them at
// once where they are one batch to batch norm.
func (n *net) batches(images int, o *RunOptions, f func(m *executor, from, to int) error) error {
	if images == 0 {
		return nil
	}
	most := images
	if !o.BatchStats {
		most = min(images, maxBatch)
	}
	m, err := n.ready(most)
	if err != nil {
		return err
	}
	if !o.BatchStats {
		most = min(m.capacity, maxBatch)
	}
	if m.capacity > mostKept { // one batch of many images: don't keep its memory
		defer func() { n.machine = nil }()
	}
	for from := 0; from < images; from += most {
		if err := f(m, from, min(from+most, images)); err != nil {
			return err
		}
	}
	return nil
}

// begin prepares a graph's run of images from to to-1 of x, with their rows.
func (n *net) begin(s *netGraph, x Tensor, rows []float32, from, to int, o *RunOptions, masks [][]float32, edits []func(int, Tensor) error) {
	size := len(x.Data) / x.Len()
	copy(s.x, x.Data[from*size:to*size])
	clear(s.drows)
	if rows != nil {
		numbers := len(rows) / x.Len()
		copy(s.rows, rows[from*numbers:to*numbers])
	}
	s.run = settings{pool: o.Pool, n: to - from, batchStats: o.BatchStats, masks: masks}
	if edits != nil {
		s.run.edits = make([]func(Tensor) error, len(edits))
		for i, edit := range edits {
			if edit != nil {
				s.run.edits[i] = func(t Tensor) error { return edit(from, t) }
			}
		}
	}
}
