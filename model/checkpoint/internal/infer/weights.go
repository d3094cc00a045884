package infer

import (
	"iter"
	"strings"

	"dcganviz/model"
)

// weights are the tensors of a chain as the net of its layers has them. A batch
// norm without running statistics gets a new net's, and one without gains and
// biases gets ones and zeros.
type weights struct {
	names  []string
	shapes [][]int // of names
	given  map[string]*Tensor
}

// StateDict returns the net's weights.
func (p *Understood) StateDict() model.StateDict {
	c := p.Chain
	w := &weights{given: map[string]*Tensor{}}
	add := func(name string, shape ...int) { w.names, w.shapes = append(w.names, name), append(w.shapes, shape) }
	if c.rows != nil {
		add(c.rows.Name, c.rows.Shape...)
	}
	for i := range c.layers {
		l := &c.layers[i]
		for _, t := range l.tensors() {
			add(t.Name, t.Shape...)
		}
		switch {
		case l.norm == nil:
		case p.Specs[i].Norm.Batch():
			for _, what := range []string{"weight", "bias", "running_mean", "running_var"} {
				add(l.norm.name+"."+what, l.norm.channels())
			}
			add(l.norm.name + ".num_batches_tracked")
		default:
			add(l.norm.weight.Name, l.norm.weight.Shape...)
			add(l.norm.bias.Name, l.norm.bias.Shape...)
		}
	}
	for _, t := range c.tensors() {
		w.given[t.Name] = t
	}
	return w
}

// Shapes goes through the names and shapes of a net of such layers.
func (w *weights) Shapes() iter.Seq2[string, []int] {
	return func(yield func(string, []int) bool) {
		for i, name := range w.names {
			if !yield(name, w.shapes[i]) {
				return
			}
		}
	}
}

// Load fills dst with a tensor's numbers.
func (w *weights) Load(name string, dst []float32) error {
	if t := w.given[name]; t != nil {
		return t.Data.Float32sInto(dst)
	}
	fill := float32(0)
	if strings.HasSuffix(name, ".weight") || strings.HasSuffix(name, ".running_var") {
		fill = 1
	}
	for i := range dst {
		dst[i] = fill
	}
	return nil
}

// Count returns how many batches a batch norm saw, 0 if that cannot be told.
func (w *weights) Count(name string) (int64, error) {
	t := w.given[name]
	if t == nil {
		return 0, nil
	}
	n, err := t.Data.Int64s()
	if err != nil || len(n) != 1 {
		return 0, nil // made half or double with the rest; nothing here needs it
	}
	return n[0], nil
}
