package model

import (
	"strings"

	"dcganviz/internal/pth"
)

// A foreignTensor is an entry of another program's state dict.
type foreignTensor struct {
	name  string
	shape []int
	dtype string // as PyTorch calls it
	data  interface {
		Float32s() ([]float32, error)
		Int64s() ([]int64, error)
	}
}

// A foreignDict is another program's state dict.
type foreignDict struct {
	path    string // where in the file it is
	prefix  string // taken off all names
	tensors []foreignTensor
	// unordered says that the file's order is not that of the layers.
	unordered bool
}

// trimPrefix takes off what DataParallel puts before every name.
func (d *foreignDict) trimPrefix() { d.trim(pth.DataParallel) }

// trim takes a prefix off every name, if all have it.
func (d *foreignDict) trim(prefix string) {
	for _, t := range d.tensors {
		if !strings.HasPrefix(t.name, prefix) {
			return
		}
	}
	for i := range d.tensors {
		d.tensors[i].name = strings.TrimPrefix(d.tensors[i].name, prefix)
	}
	d.prefix = prefix
}

// under returns the tensors with a prefix, without it.
func (d *foreignDict) under(prefix string) *foreignDict {
	out := &foreignDict{path: strings.TrimSuffix(prefix, "."), unordered: d.unordered}
	for _, t := range d.tensors {
		if rest, ok := strings.CutPrefix(t.name, prefix); ok {
			out.tensors = append(out.tensors, foreignTensor{rest, t.shape, t.dtype, t.data})
		}
	}
	return out
}

// leaves returns the nets in a state dict: itself, or, if it is none, those
// under the first words of its names, as in a module of modules, and so on.
func (d *foreignDict) leaves(depth int) []*leaf {
	l := &leaf{dict: d}
	var errG, errD error
	l.g, errG = chainOf(d, false)
	l.d, errD = chainOf(d, true)
	if l.g != nil || l.d != nil {
		return []*leaf{l}
	}
	if parts := d.parts(); depth > 0 && len(parts) > 1 {
		nets := 0
		var below []*leaf
		for _, p := range parts {
			for _, b := range p.leaves(depth - 1) {
				below = append(below, b)
				if b.g != nil || b.d != nil {
					nets++
				}
			}
		}
		if nets > 0 {
			return below
		}
	}
	if l.why = errG; d.looksLikeD() {
		l.why = errD
	}
	return []*leaf{l}
}

// maxParts and maxNesting bound the search for nets inside of a state dict.
const (
	maxParts   = 16
	maxNesting = 4
)

// parts divides a state dict by the first words of its names, after those that
// all of them have in common.
func (d *foreignDict) parts() []*foreignDict {
	common := 0
	for {
		parts := map[string]*foreignDict{}
		var order []*foreignDict
		for _, t := range d.tensors {
			word, rest, ok := strings.Cut(t.name[common:], ".")
			if !ok || len(order) > maxParts {
				return nil
			}
			p := parts[word]
			if p == nil {
				p = &foreignDict{path: strings.TrimPrefix(d.path+"."+t.name[:common]+word, "."), unordered: d.unordered, prefix: d.prefix}
				parts[word] = p
				order = append(order, p)
			}
			p.tensors = append(p.tensors, foreignTensor{rest, t.shape, t.dtype, t.data})
		}
		if len(order) != 1 {
			return order
		}
		first, _, _ := strings.Cut(d.tensors[0].name[common:], ".")
		common += len(first) + 1
	}
}

// looksLikeD reports that the first weights take images.
func (d *foreignDict) looksLikeD() bool {
	for _, t := range d.tensors {
		if len(t.shape) == 4 {
			return t.shape[1] == 1 || t.shape[1] == 3
		}
	}
	return false
}
