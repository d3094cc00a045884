package model

import (
	"fmt"
	"math"
	"strings"
)

// A NamedTensor is one entry of a state dict, in PyTorch's name, shape and
// order.
type NamedTensor struct {
	Name  string
	Shape []int
	// Data is the values of a floating-point entry.
	Data []float32
	// Ints is the values of an integer entry (num_batches_tracked), whose Data
	// is nil.
	Ints []int64
}

func (l *layer) convKey(what string) string { return fmt.Sprintf("main.%d.%s", l.convAt, what) }

func (l *layer) bnKey(what string) string {
	return strings.TrimSuffix(fmt.Sprintf("main.%d.%s", l.bnAt, what), ".")
}

// State returns the weights and statistics as a state dict: what PyTorch's
// load_state_dict takes for the same net. It shares no memory with the net.
func (n *net) State() []NamedTensor {
	var out []NamedTensor
	for _, e := range n.entries() {
		t := NamedTensor{Name: e.name, Shape: e.shape}
		if e.count != nil {
			t.Ints = []int64{*e.count}
		} else {
			t.Data = make([]float32, len(e.data))
			e.store(t.Data, e.data)
		}
		out = append(out, t)
	}
	return out
}

// LoadState replaces the weights and statistics by those of a state dict. All
// names and shapes must be the net's own, every value finite; only
// num_batches_tracked, which old files lack, may be missing. After an error the
// net is as it was.
func (n *net) LoadState(tensors []NamedTensor) error {
	entries := n.entries()
	given := make(map[string]*NamedTensor, len(tensors))
	for i := range tensors {
		t := &tensors[i]
		if given[t.Name] != nil {
			return fmt.Errorf("model: state: %q is there twice", t.Name)
		}
		given[t.Name] = t
	}
	for i := range entries {
		e := &entries[i]
		t := given[e.name]
		if t == nil {
			if e.count != nil {
				continue
			}
			return fmt.Errorf("model: state: no %q of shape %v", e.name, e.shape)
		}
		if err := e.check(t); err != nil {
			return err
		}
		delete(given, e.name)
	}
	for _, t := range tensors { // in order, so that the error is always the same
		if given[t.Name] != nil {
			return fmt.Errorf("model: state: %q of shape %v has no place in this net", t.Name, t.Shape)
		}
	}
	for i := range tensors {
		given[tensors[i].Name] = &tensors[i]
	}
	for _, e := range entries {
		t := given[e.name]
		switch {
		case e.count == nil:
			e.load(e.data, t.Data)
		case t == nil:
			*e.count = 0
		default:
			*e.count = t.Ints[0]
		}
	}
	for _, p := range n.params {
		p.Changed()
	}
	return nil
}

// An entry ties a name of the state dict to its place in the net.
type entry struct {
	name     string
	shape    []int
	data     []float32 // in memory's order
	count    *int64    // instead of data
	positive bool      // a variance
	order    reorder
}

// entries lists the state dict in PyTorch's order.
func (n *net) entries() []entry {
	var out []entry
	for i, b := range n.blocks {
		l := &n.layers[i]
		order, shape := l.weightOrder()
		out = append(out, entry{name: l.convKey("weight"), shape: shape, data: b.weight.W, order: order})
		if b.bias != nil {
			_, _, c := l.out()
			out = append(out, entry{name: l.convKey("bias"), shape: []int{c}, data: b.bias.W})
		}
		if b.norm == nil {
			continue
		}
		c := l.bnChannels()
		order = l.bnOrder()
		one := func(what string, data []float32) entry {
			return entry{name: l.bnKey(what), shape: []int{c}, data: data, order: order}
		}
		out = append(out, one("weight", b.norm.W[:c]), one("bias", b.norm.W[c:]), one("running_mean", b.stats.mean))
		variance := one("running_var", b.stats.variance)
		variance.positive = true
		out = append(out, variance, entry{name: l.bnKey("num_batches_tracked"), shape: []int{}, count: &b.stats.batches})
	}
	return out
}

// check reports a tensor that is not what e holds.
func (e *entry) check(t *NamedTensor) error {
	if fmt.Sprint(t.Shape) != fmt.Sprint(e.shape) {
		return fmt.Errorf("model: state: %q has shape %v, want %v", e.name, t.Shape, e.shape)
	}
	if e.count != nil {
		if len(t.Ints) != 1 || t.Data != nil {
			return fmt.Errorf("model: state: %q is not one integer", e.name)
		}
		return nil
	}
	if len(t.Data) != len(e.data) || t.Ints != nil {
		return fmt.Errorf("model: state: %q has %d numbers, want %d", e.name, len(t.Data), len(e.data))
	}
	for i, v := range t.Data {
		if v64 := float64(v); math.IsNaN(v64) || math.IsInf(v64, 0) {
			return fmt.Errorf("model: state: %q: value %d is %v", e.name, i, v)
		}
		if e.positive && v < 0 {
			return fmt.Errorf("model: state: %q: value %d is %v, a variance below 0", e.name, i, v)
		}
	}
	return nil
}

func (e *entry) store(disk, memory []float32) {
	if e.order == nil {
		copy(disk, memory)
		return
	}
	e.order(func(d, m int) { disk[d] = memory[m] })
}

func (e *entry) load(memory, disk []float32) {
	if e.order == nil {
		copy(memory, disk)
		return
	}
	e.order(func(d, m int) { memory[m] = disk[d] })
}

// A reorder calls f with the place on disk and the place in memory of every
// value; nil stands for equal places.
type reorder func(f func(disk, memory int))

// weightOrder returns how a layer's [KH, KW, C, K] weights lie on disk, and
// their shape there.
func (l *layer) weightOrder() (reorder, []int) {
	g := l.geom
	taps := g.KH * g.KW
	// kFirst: [K, C, KH, KW], of all but the projection of a latent.
	kFirst := func(f func(disk, memory int)) {
		for k := range g.K {
			for c := range g.C {
				for p := range taps {
					f((k*g.C+c)*taps+p, (p*g.C+c)*g.K+k)
				}
			}
		}
	}
	switch l.order {
	case linearOrder:
		return func(f func(disk, memory int)) {
			for c := range g.C {
				for p := range taps {
					for k := range g.K {
						f((c*taps+p)*g.K+k, (p*g.C+c)*g.K+k)
					}
				}
			}
		}, []int{g.C * taps, g.K}
	case scoreOrder:
		return kFirst, []int{g.K, g.C * taps}
	default:
		return kFirst, []int{g.K, g.C, g.KH, g.KW}
	}
}

// bnOrder returns how a batch norm's values lie on disk: where they are per
// location they follow the features of PyTorch's Linear, channel first.
func (l *layer) bnOrder() reorder {
	if !l.flat {
		return nil
	}
	h, w, c := l.out()
	return func(f func(disk, memory int)) {
		for ch := range c {
			for p := range h * w {
				f(ch*h*w+p, p*c+ch)
			}
		}
	}
}
