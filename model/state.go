package model

import (
	"fmt"
	"iter"
	"slices"
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

func (l *layer) convKey(what string) string { return l.module + "." + what }

func (l *layer) bnKey(what string) string { return l.normModule + "." + what }

// CheckFinite reports the first value that is NaN or infinite.
func (t *NamedTensor) CheckFinite() error {
	for i, v := range t.Data {
		if v-v != 0 {
			return Unusable("%q: value %d is %v, want finite weights", t.Name, i, v)
		}
	}
	return nil
}

// State returns the weights and statistics as a state dict: what PyTorch's
// load_state_dict takes for the same net. It shares no memory with the net.
func (n *net) State() []NamedTensor {
	return slices.Collect(n.tensors(func(size int) []float32 { return make([]float32, size) }))
}

// Tensors goes through what State returns and takes little memory: each Data is
// good until the next.
func (n *net) Tensors() iter.Seq[NamedTensor] {
	var disk []float32
	return n.tensors(func(size int) []float32 {
		disk = slices.Grow(disk[:0], size)[:size]
		return disk
	})
}

// tensors goes through the state dict with each tensor in the memory that alloc
// returns.
func (n *net) tensors(alloc func(size int) []float32) iter.Seq[NamedTensor] {
	return func(yield func(NamedTensor) bool) {
		for _, e := range n.entries() {
			t := NamedTensor{Name: e.name, Shape: e.shape}
			if e.count != nil {
				t.Ints = []int64{*e.count}
			} else {
				t.Data = alloc(volume(e.shape))
				e.order.store(t.Data, e.data)
			}
			if !yield(t) {
				return
			}
		}
	}
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
	for _, e := range entries {
		t := given[e.name]
		if t == nil && e.count != nil {
			continue
		}
		if t == nil {
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
		e.set(given[e.name])
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
	order    diskOrder
}

// entries lists the state dict in PyTorch's order.
func (n *net) entries() []entry {
	var out []entry
	if name, shape, ok := n.rowsEntry(); ok {
		out = append(out, entry{name: name, shape: shape, data: n.rows.W})
	}
	for i, b := range n.blocks {
		l := &n.layers[i]
		order, shape := l.weightOrder()
		out = append(out, entry{name: l.convKey("weight"), shape: shape, data: b.weight.W, order: order})
		if b.bias != nil {
			out = append(out, entry{name: l.convKey("bias"), shape: []int{l.biases()}, data: b.bias.W, order: l.channelFirst(l.order == linearOrder)})
		}
		if b.norm == nil {
			continue
		}
		c := l.bnChannels()
		order = l.channelFirst(l.flat)
		one := func(what string, data []float32) entry {
			return entry{name: l.bnKey(what), shape: l.gainShape(), data: data, order: order}
		}
		out = append(out, one("weight", b.norm.W[:c]), one("bias", b.norm.W[c:]))
		if b.stats == nil {
			continue
		}
		variance := one("running_var", b.stats.variance)
		variance.positive = true
		out = append(out, one("running_mean", b.stats.mean), variance,
			entry{name: l.bnKey("num_batches_tracked"), shape: []int{}, count: &b.stats.batches})
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
	if want := volume(e.shape); len(t.Data) != want || t.Ints != nil {
		return fmt.Errorf("model: state: %q has %d numbers, want %d", e.name, len(t.Data), want)
	}
	return e.checkNumbers(t.Data)
}

// checkNumbers reports a value that e must not have.
func (e *entry) checkNumbers(values []float32) error {
	for i, v := range values {
		if v-v != 0 { // NaN or infinite
			return Unusable("model: state: %q: value %d is %v", e.name, i, v)
		}
		if e.positive && v < 0 {
			return Unusable("model: state: %q: value %d is %v, a variance below 0", e.name, i, v)
		}
	}
	return nil
}

// set puts a tensor that check found right, or nil for a count that is not
// there, in its place.
func (e *entry) set(t *NamedTensor) {
	switch {
	case e.count == nil:
		e.order.load(e.data, t.Data)
	case t == nil:
		*e.count = 0
	default:
		*e.count = t.Ints[0]
	}
}
