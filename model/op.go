package model

import (
	"fmt"
	"hash"
	"hash/fnv"
	"runtime/debug"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// An op is a node's operation in a gorgonia graph. All of ours are of this one
// type and differ by their functions.
//
// It owns the buffer that its result lies in, and answers gorgonia's questions
// (ReturnsPtr, OverwritesInput) so that no other op is given that buffer to
// write. What it does beyond its inputs, such as batch norm's mode, it reads
// from the graph's run.
type op struct {
	g    *graph
	name string // unique in the graph: gorgonia merges nodes of one hash
	ins  []int  // the number of axes of each input
	out  []int  // shape, with the graph's capacity as batch
	wrt  []bool // which inputs it can be differentiated by; nil: by no input

	do   func(in [][]float32, out []float32)
	diff func(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error)

	// forward ops keep their result when the run replays.
	forward bool
	// overwrites returns the input whose buffer takes the result, -1 for the
	// op's own; nil stands for -1.
	overwrites func() int
	// memory is where the result goes, if not in a buffer of the workspace.
	memory []float32

	own    *tensor.Dense
	last   gorgonia.Value // the latest result
	result []float32      // its values
	args   [][]float32
}

// Arity is part of gorgonia.Op.
func (o *op) Arity() int { return len(o.ins) }

// Type is part of gorgonia.Op.
func (o *op) Type() hm.Type {
	types := make([]hm.Type, 0, len(o.ins)+1)
	for _, dims := range o.ins {
		types = append(types, tensorType(dims))
	}
	return hm.NewFnType(append(types, tensorType(len(o.out)))...)
}

func tensorType(dims int) hm.Type { return gorgonia.TensorType{Dims: dims, Of: tensor.Float32} }

// InferShape is part of gorgonia.Op.
func (o *op) InferShape(...gorgonia.DimSizer) (tensor.Shape, error) {
	return append(tensor.Shape(nil), o.out...), nil
}

// ReturnsPtr is part of gorgonia.Op.
func (o *op) ReturnsPtr() bool { return false }

// CallsExtern is part of gorgonia.Op.
func (o *op) CallsExtern() bool { return false }

// OverwritesInput is part of gorgonia.Op.
func (o *op) OverwritesInput() int { return -1 }

// WriteHash is part of gorgonia.Op.
func (o *op) WriteHash(h hash.Hash) { fmt.Fprintf(h, "dcganviz %s %v", o.name, o.out) }

// Hashcode is part of gorgonia.Op.
func (o *op) Hashcode() uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}

func (o *op) String() string { return o.name }

// DiffWRT is part of gorgonia.SDOp.
func (o *op) DiffWRT(inputs int) []bool {
	if o.wrt == nil {
		return make([]bool, inputs)
	}
	return o.wrt
}

// SymDiff is part of gorgonia.SDOp.
func (o *op) SymDiff(inputs gorgonia.Nodes, output, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	if o.diff == nil {
		return nil, fmt.Errorf("model: op %s has no derivative", o.name)
	}
	return o.diff(inputs, output, grad)
}

// Do is part of gorgonia.Op.
func (o *op) Do(values ...gorgonia.Value) (v gorgonia.Value, err error) {
	// Do runs on a goroutine of gorgonia's, where a panic would end the
	// process.
	defer func() {
		if r := recover(); r != nil {
			err = o.g.run.fail(fmt.Errorf("model: op %s: %v\n%s", o.name, r, debug.Stack()))
		}
	}()
	if o.forward && o.g.run.replay {
		return o.last, nil
	}
	o.args = o.args[:0]
	for _, value := range values {
		o.args = append(o.args, floats(value))
	}
	o.last = nil
	if o.overwrites != nil {
		if i := o.overwrites(); i >= 0 {
			o.last, o.result = values[i], o.args[i]
		}
	}
	if o.last == nil {
		if o.own == nil {
			if o.memory == nil {
				o.memory = o.g.space.buffer(o.name, volume(o.out))
			}
			o.own = dense(o.out, o.memory)
		}
		o.last, o.result = o.own, o.memory
	}
	o.do(o.args, o.result)
	if o.g.run.err != nil {
		return nil, o.g.run.err
	}
	return o.last, nil
}

// dense wraps data without copying it.
func dense(shape []int, data []float32) *tensor.Dense {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
}

// floats returns the values behind v, without a copy.
func floats(v gorgonia.Value) []float32 { return v.(*tensor.Dense).Float32s() }
