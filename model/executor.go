package model

import (
	"cmp"

	"gorgonia.org/gorgonia"

	"dcganviz/internal/kernel"
)

// maxBatch is how many images a program takes at once; more are run in parts.
// Larger batches are no faster and need more memory.
const maxBatch = 64

// mostKept is of how many images at most a net keeps its programs and their memory for the
// next run. The usual batch of batch norm's own statistics, 100 images, is run again and again.
const mostKept = 2 * maxBatch

// A executor holds a net's compiled programs for inference and probes. They
// share buffers, because only one runs at a time.
type executor struct {
	capacity int
	space    *workspace
	forward  *netGraph
	rest     map[int]*netGraph          // the layers from one on, which Continue runs
	programs map[tensorRange]*program   // of these
	gradient map[activationAt]*backward // from a place back to the input
}

// An activationAt is a layer's number and whether it is looked at before batch norm
// and activation.
type activationAt struct {
	layer int
	pre   bool
}

// A tensorRange is the layers that a forward program runs: from one up to a place.
type tensorRange struct {
	first int
	last  activationAt
}

// A netGraph is a net's forward pass in a graph, all of it or its last layers.
type netGraph struct {
	*graph
	first     int // the number of its first layer
	in        *gorgonia.Node
	x         []float32        // what in is bound to
	rows      []float32        // of classes that are no part of in; nil if none are asked for
	told      *gorgonia.Node   // the rows that layers join; nil if none does
	drows     []float32        // the gradient with respect to rows that are a part of in; else nil
	weights   gorgonia.Nodes   // in the order of the net's Params
	pre, post []*gorgonia.Node // of each of its layers: the convolution's result, and the layer's
}

func (s *netGraph) node(p activationAt) *gorgonia.Node {
	if p.pre {
		return s.pre[p.layer-s.first]
	}
	return s.post[p.layer-s.first]
}

// values returns what the latest run left at a place.
func (s *netGraph) values(p activationAt) []float32 { return s.node(p).Op().(*op).result }

// last is the place where the net ends.
func (n *net) last() activationAt { return activationAt{layer: len(n.layers) - 1} }

// build adds the layers from the first up to last to a graph.
func (n *net) build(g *graph, from int, last activationAt) (*netGraph, error) {
	// G outside of training often draws a single image.
	g.algorithm = kernel.ManyImages
	if !g.train && !n.image {
		g.algorithm = kernel.FewImages
		if n.cfg.Arch == Custom {
			// Batch norms of such nets may enlarge what Winograd's algorithm rounds.
			g.algorithm = kernel.Direct
		}
	}
	h, w, c := n.layers[from].in()
	shape := []int{g.capacity, h, w, c}
	s := &netGraph{graph: g, first: from, x: g.space.buffer("input", volume(shape))}
	var err error
	if s.in, err = g.input("input", shape, s.x); err != nil {
		return nil, err
	}
	if err := n.addRows(s, from, last.layer); err != nil {
		return nil, err
	}
	x := s.in
	for i := from; i <= last.layer; i++ {
		if x, err = n.buildLayer(s, i, x, last); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// addRows adds the rows that the layers from one to another join: a part of G's latents,
// or an input of their own.
func (n *net) addRows(s *netGraph, from, to int) (err error) {
	if !n.joins(from, to) {
		return nil
	}
	numbers := n.condition().Numbers
	if !n.image && from == 0 {
		s.told, err = s.part("class", n.rowAt(), numbers, s.in)
		if !s.train {
			s.drows = s.space.buffer("drows", s.capacity*numbers)
		}
		return err
	}
	s.rows = s.space.buffer("rows", s.capacity*numbers)
	s.told, err = s.input("rows", []int{s.capacity, 1, 1, numbers}, s.rows)
	return err
}

func (n *net) buildLayer(s *netGraph, i int, x *gorgonia.Node, last activationAt) (*gorgonia.Node, error) {
	l, b := &n.layers[i], n.blocks[i]
	w, err := s.weight(b.weight)
	if err != nil {
		return nil, err
	}
	if l.enlarge > 1 {
		if x, err = s.enlarge(l.name+"/up", l.enlarge, l.method, x); err != nil {
			return nil, err
		}
	}
	if l.joined > 0 {
		if x, err = s.join(l.name+"/class", l, x); err != nil {
			return nil, err
		}
	}
	c := s.convolver(l.name, l.geom, b.weight)
	if l.up {
		x, err = c.convT(x, w, true)
	} else {
		x, err = c.conv(x, w, true)
	}
	if err != nil {
		return nil, err
	}
	if b.bias != nil {
		if w, err = s.weight(b.bias); err != nil {
			return nil, err
		}
		if x, err = s.bias(l.name+"/bias", x, w, b.bias); err != nil {
			return nil, err
		}
	}
	s.pre = append(s.pre, x)
	if last == (activationAt{i, true}) {
		return x, nil
	}
	if x, err = n.buildNorm(s, i, x); err != nil {
		return nil, err
	}
	s.post = append(s.post, x)
	return x, nil
}

// buildNorm adds a layer's norm and its activation, in their order.
func (n *net) buildNorm(s *netGraph, i int, x *gorgonia.Node) (*gorgonia.Node, error) {
	l, b := &n.layers[i], n.blocks[i]
	// Masks and edits are of the layer's result, whichever of the two comes last.
	norm := func(layer int, slope float32) error {
		w, err := s.weight(b.norm)
		if err != nil {
			return err
		}
		eps := cmp.Or(l.eps, n.cfg.bnEps())
		if l.groups > 0 {
			x, err = s.groupNorm(l.name+"/norm", layer, l.groups, eps, x, w, b.norm)
		} else {
			x, err = s.normaliser(l.name+"/norm", layer, slope, eps, b.norm).apply(x, w)
		}
		return err
	}
	act := func(layer int) (err error) {
		if l.tanh {
			x, err = s.tanh(l.name+"/tanh", layer, x)
		} else {
			x, err = s.activate(l.name+"/act", layer, l.slope, x)
		}
		return err
	}
	const later = -1
	var err error
	switch {
	case !l.normed():
		err = act(i)
	case l.normLast:
		if err = act(later); err == nil {
			err = norm(i, 1)
		}
	case l.bn && !l.tanh: // batch norm is fused with the activation
		err = norm(i, l.slope)
	default:
		if err = norm(later, l.slope); err == nil {
			err = act(i)
		}
	}
	return x, err
}

func (s *netGraph) weight(p *Param) (*gorgonia.Node, error) {
	w, err := s.param(p)
	s.weights = append(s.weights, w)
	return w, err
}

// ready returns the machine, made large enough for n images.
func (n *net) ready(images int) (*executor, error) {
	if n.machine != nil && n.machine.capacity >= images {
		return n.machine, nil
	}
	capacity := 1
	for capacity < min(images, maxBatch) {
		capacity *= 2
	}
	m := &executor{
		capacity: max(capacity, images), space: newWorkspace(),
		rest: map[int]*netGraph{}, programs: map[tensorRange]*program{}, gradient: map[activationAt]*backward{},
	}
	var err error
	if m.forward, err = n.build(newGraph(m.space, m.capacity), 0, n.last()); err != nil {
		return nil, err
	}
	n.machine = m
	return m, nil
}

// after returns the stack of the layers from the first on.
func (n *net) after(m *executor, first int) (*netGraph, error) {
	if first == 0 {
		return m.forward, nil
	}
	if s := m.rest[first]; s != nil {
		return s, nil
	}
	s, err := n.build(newGraph(m.space, m.capacity), first, n.last())
	if err == nil {
		m.rest[first] = s
	}
	return s, err
}

// upTo returns the program of a stack's layers up to a place.
func (m *executor) upTo(s *netGraph, p activationAt) (*program, error) {
	key := tensorRange{s.first, p}
	if q := m.programs[key]; q != nil {
		return q, nil
	}
	q, err := s.compile(s.node(p))
	if err == nil {
		m.programs[key] = q
	}
	return q, err
}

// addToClass adds the gradient of rows that layers joined to that of latents dz.
func (n *net) addToClass(dz []float32, s *netGraph) {
	if s.drows == nil {
		return
	}
	numbers := n.condition().Numbers
	for i := range s.run.n {
		to := dz[i*n.cfg.LatentDim+n.rowAt():][:numbers]
		for k, v := range s.drows[i*numbers:][:numbers] {
			to[k] += v
		}
	}
}

// A backward is a program that runs the layers up to a place and takes a
// backward from there back to the input.
type backward struct {
	*netGraph
	dx      *op
	program *program
}

// from returns the gradient program of a place.
func (n *net) from(m *executor, p activationAt) (*backward, error) {
	if q := m.gradient[p]; q != nil {
		return q, nil
	}
	s, err := n.build(newGraph(m.space, m.capacity), 0, p)
	if err != nil {
		return nil, err
	}
	out := s.node(p)
	seed, err := s.seed("seed", out)
	if err != nil {
		return nil, err
	}
	grads, err := s.gradients(out, seed, s.in)
	if err != nil {
		return nil, err
	}
	q := &backward{netGraph: s, dx: grads[0].Op().(*op)}
	if q.program, err = s.compile(grads[0]); err != nil {
		return nil, err
	}
	m.gradient[p] = q
	return q, nil
}
