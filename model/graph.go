package model

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"dcganviz/internal/kernel"
)

// A graph is a gorgonia expression graph over our ops, with the state that
// they read at run time. It is built once for a capacity of images and runs
// any number up to that.
type graph struct {
	*gorgonia.ExprGraph
	run      settings
	space    *workspace
	capacity int
	// train says that gradients of weights go to their Param.Grad.
	train bool
	// algorithm is one for all runs of a graph, so that an image does not depend, to
	// the last bit, on the batch that it is computed in.
	algorithm kernel.Algorithm
}

// A settings is what the ops read besides their inputs.
type settings struct {
	pool *Pool
	n    int // images, at most the graph's capacity

	// replay keeps the results of all forward ops from the run before.
	replay bool
	// batchStats normalises by the batch's statistics, move lets the running
	// ones follow.
	batchStats, move bool
	// inPlace lets activations overwrite the convolution's result; keep stops
	// tanh, whose gradient does not need it, from doing so.
	inPlace, keep bool
	// reduce writes the gradients of batch norm's gains and biases.
	reduce bool
	// accumulate adds to the gradients of weights.
	accumulate bool

	rule  Rule
	masks [][]float32 // by layer, nil for none
	edits []func(Tensor) error
	seed  seed
	loss  float64
	err   error
}

// fail notes an error that ends the run.
func (r *settings) fail(err error) error {
	if r.err == nil {
		r.err = err
	}
	return r.err
}

// A workspace holds the buffers of ops by their names. Graphs that never run
// at the same time share one.
type workspace struct {
	buffers map[string][]float32
	scratch []float32
}

func newWorkspace() *workspace { return &workspace{buffers: map[string][]float32{}} }

// buffer returns the buffer of that name.
func (w *workspace) buffer(name string, size int) []float32 {
	b := w.buffers[name]
	if len(b) < size {
		b = make([]float32, size)
		w.buffers[name] = b
	}
	return b[:size]
}

// temporary returns memory that is free again when the op is done.
func (w *workspace) temporary(size int) []float32 {
	if len(w.scratch) < size {
		w.scratch = make([]float32, size)
	}
	return w.scratch[:size]
}

func newGraph(space *workspace, capacity int) *graph {
	return &graph{ExprGraph: gorgonia.NewGraph(), space: space, capacity: capacity}
}

// input adds an input and binds it to data for good. Equal names would merge.
func (g *graph) input(name string, shape []int, data []float32) (*gorgonia.Node, error) {
	n := gorgonia.NewTensor(g.ExprGraph, tensor.Float32, len(shape),
		gorgonia.WithShape(shape...), gorgonia.WithName(name))
	if n.Value() != nil {
		return nil, fmt.Errorf("model: graph: two inputs %q", name)
	}
	if err := gorgonia.Let(n, dense(shape, data)); err != nil {
		return nil, fmt.Errorf("model: graph: input %s: %w", name, err)
	}
	return n, nil
}

// param adds a weight as an input. Names in a state dict are anyone's choice:
// the prefix keeps them apart from our own.
func (g *graph) param(p *Param) (*gorgonia.Node, error) {
	return g.input("param "+p.Name, p.shape, p.W)
}

// apply adds a node.
func (g *graph) apply(o *op, inputs ...*gorgonia.Node) (*gorgonia.Node, error) {
	o.g = g
	n, err := gorgonia.ApplyOp(o, inputs...)
	if err != nil {
		return nil, fmt.Errorf("model: graph: %s: %w", o.name, err)
	}
	if n.Op() != gorgonia.Op(o) {
		return nil, fmt.Errorf("model: graph: %s was merged with another node", o.name)
	}
	return n, nil
}

// gradients adds the gradient of out, given as the node dout, to each of wrt.
// A graph can be differentiated once only: gorgonia keeps marks in its nodes.
func (g *graph) gradients(out, dout *gorgonia.Node, wrt ...*gorgonia.Node) (gorgonia.Nodes, error) {
	grads, err := gorgonia.Backpropagate(gorgonia.Nodes{out}, gorgonia.Nodes{dout}, wrt)
	if err != nil {
		return nil, fmt.Errorf("model: graph: gradient: %w", err)
	}
	return grads, nil
}

// A program computes some nodes of a graph, and nothing that they don't need.
type program struct {
	g  *graph
	vm gorgonia.VM
}

// compile makes the program for outputs.
func (g *graph) compile(outputs ...*gorgonia.Node) (*program, error) {
	if err := g.checkHashes(); err != nil {
		return nil, err
	}
	sub := g.ExactSubgraphRoots(outputs...)
	prog, places, err := gorgonia.CompileFunction(g.ExprGraph, sub.Inputs(), outputs)
	if err != nil {
		return nil, fmt.Errorf("model: graph: compile: %w", err)
	}
	return &program{g, gorgonia.NewTapeMachine(g.ExprGraph, gorgonia.WithPrecompiled(prog, places))}, nil
}

// checkHashes makes sure that the compiler, which takes nodes of one hash for
// one node, sees all of them.
func (g *graph) checkHashes() error {
	seen := map[uint32]*gorgonia.Node{}
	for _, n := range g.AllNodes() {
		if o := seen[n.Hashcode()]; o != nil {
			return fmt.Errorf("model: graph: %v and %v have one hash", o, n)
		}
		seen[n.Hashcode()] = n
	}
	return nil
}

// exec runs the program from its start.
func (p *program) exec() error {
	p.g.run.err = nil
	p.vm.Reset() // a machine that has run does nothing without it
	err := p.vm.RunAll()
	if p.g.run.err != nil {
		return p.g.run.err // without gorgonia's wrapping
	}
	if err != nil {
		return fmt.Errorf("model: graph: %w", err)
	}
	return nil
}
