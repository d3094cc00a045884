package safetensors

import (
	"fmt"
	"iter"
)

// A Dict is the tensors of one net in a file, in the form in which package model
// asks for them.
type Dict struct {
	list   []*Tensor
	byName map[string]*Tensor
}

// NewDict returns the dict of tensors.
func NewDict(tensors []*Tensor) *Dict {
	d := &Dict{list: tensors, byName: make(map[string]*Tensor, len(tensors))}
	for _, t := range tensors {
		d.byName[t.Name] = t
	}
	return d
}

// Shapes goes through the names and shapes, in the order of the file.
func (d *Dict) Shapes() iter.Seq2[string, []int] {
	return func(yield func(string, []int) bool) {
		for _, t := range d.list {
			if !yield(t.Name, t.Shape) {
				return
			}
		}
	}
}

// Load fills dst with the elements of the tensor of that name, which is there.
func (d *Dict) Load(name string, dst []float32) error { return d.byName[name].Float32sInto(dst) }

// Count returns the only element of a tensor of whole numbers; 0 if the tensor
// is not there.
func (d *Dict) Count(name string) (int64, error) {
	t := d.byName[name]
	if t == nil {
		return 0, nil
	}
	n, err := t.Int64s()
	if err == nil && len(n) != 1 {
		err = t.wrap(fmt.Errorf("shape %v, want one number", t.Shape))
	}
	if err != nil {
		return 0, err
	}
	return n[0], nil
}
