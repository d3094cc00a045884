package model

import (
	"fmt"
	"iter"
	"strings"
)

// A StateDict is where a net's weights are: the tensors of a file, in PyTorch's
// names, shapes and order.
type StateDict interface {
	// Shapes goes through the names and shapes of all tensors, always in the
	// same order.
	Shapes() iter.Seq2[string, []int]
	// Load fills dst with the numbers of the tensor of that name.
	Load(name string, dst []float32) error
	// Count returns the only number of the integer tensor of that name; 0 if
	// the tensor is not there.
	Count(name string) (int64, error)
}

// NewGFrom returns the generator of cfg with the weights and statistics in dict,
// whose names begin with prefix. Nothing is allocated for the net unless CheckDict
// finds all of it in dict; then one tensor is read at a time.
//
// Every number has to be finite and every variance at least 0. Errors of dict are
// wrapped.
func NewGFrom(cfg Config, prefix string, dict StateDict) (*G, error) {
	o, err := cfg.GOutline()
	if err != nil {
		return nil, err
	}
	n, err := o.load(prefix, dict)
	if err != nil {
		return nil, err
	}
	return &G{net: n}, nil
}

// NewDFrom is NewGFrom for a discriminator.
func NewDFrom(cfg Config, prefix string, dict StateDict) (*D, error) {
	o, err := cfg.DOutline()
	if err != nil {
		return nil, err
	}
	n, err := o.load(prefix, dict)
	if err != nil {
		return nil, err
	}
	return &D{net: n}, nil
}

// NewGridNetFrom is NewGridNet with the weights and statistics in dict, as NewGFrom
// takes them.
func NewGridNetFrom(size, channels int, layers Stack, prefix string, dict StateDict) (*GridNet, error) {
	o, err := gridOutline(size, channels, layers)
	if err != nil {
		return nil, err
	}
	n, err := o.load(prefix, dict)
	if err != nil {
		return nil, err
	}
	return &GridNet{n}, nil
}

// load makes the net with the weights in dict.
func (o *outline) load(prefix string, dict StateDict) (*net, error) {
	if err := o.CheckDict(prefix, dict); err != nil {
		return nil, err
	}
	n := newNet(*o)
	if err := n.fill(prefix, dict); err != nil {
		if prefix != "" {
			err = fmt.Errorf("%s: %w", strings.TrimSuffix(prefix, "."), err)
		}
		return nil, err
	}
	return n, nil
}

// fill sets the weights and statistics. After an error the net is of no use.
func (n *net) fill(prefix string, dict StateDict) (err error) {
	entries := n.entries()
	largest := 0
	for i := range entries {
		if e := &entries[i]; !e.order.same() {
			largest = max(largest, volume(e.shape))
		}
	}
	scratch := make([]float32, largest)
	for i := range entries {
		e := &entries[i]
		if e.count != nil {
			if *e.count, err = dict.Count(prefix + e.name); err != nil {
				return err
			}
			continue
		}
		disk := e.data
		if !e.order.same() {
			disk = scratch[:volume(e.shape)]
		}
		if err := dict.Load(prefix+e.name, disk); err != nil {
			return err
		}
		if err := e.checkNumbers(disk); err != nil {
			return err
		}
		e.order.load(e.data, disk)
	}
	for _, p := range n.params {
		p.Changed()
	}
	return nil
}
