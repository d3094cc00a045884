package model

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// A module is what a state dict holds under one name.
type module struct {
	name                         string
	weight, bias                 *foreignTensor
	mean, variance, batchCounter *foreignTensor
}

// tensors goes through those that are there; of a nil module none.
func (m *module) tensors() func(yield func(*foreignTensor) bool) {
	return func(yield func(*foreignTensor) bool) {
		if m == nil {
			return
		}
		for _, t := range []*foreignTensor{m.weight, m.bias, m.mean, m.variance, m.batchCounter} {
			if t != nil && !yield(t) {
				return
			}
		}
	}
}

// rank returns the number of axes of the module's weight; that of a batch norm
// is 1.
func (m *module) rank() int {
	if m.weight == nil {
		return 1
	}
	return len(m.weight.shape)
}

// channels returns how many gains a batch norm has.
func (m *module) channels() int {
	if m.weight == nil {
		return m.mean.shape[0]
	}
	return m.weight.shape[0]
}

// modules sorts the tensors of a state dict by module, in the file's order.
// What no convolution, linear layer or batch norm has is an error.
func (d *foreignDict) modules() ([]*module, error) {
	byName := map[string]*module{}
	var all []*module
	for i := range d.tensors {
		t := &d.tensors[i]
		dot := strings.LastIndexByte(t.name, '.')
		if dot < 1 {
			return nil, fmt.Errorf("tensor %.80q is no weight of a module", t.name)
		}
		m := byName[t.name[:dot]]
		if m == nil {
			m = &module{name: t.name[:dot]}
			byName[m.name] = m
			all = append(all, m)
		}
		place := m.at(t.name[dot+1:])
		if place == nil {
			return nil, fmt.Errorf("tensor %.80q is of no convolution, linear layer or batch norm", t.name)
		}
		if *place != nil {
			return nil, fmt.Errorf("tensor %.80q is there twice", t.name)
		}
		*place = t
	}
	for _, m := range all {
		if err := m.check(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// at returns the place of a tensor; nil if the module has none of that name.
func (m *module) at(name string) **foreignTensor {
	switch name {
	case "weight":
		return &m.weight
	case "bias":
		return &m.bias
	case "running_mean":
		return &m.mean
	case "running_var":
		return &m.variance
	case "num_batches_tracked":
		return &m.batchCounter
	}
	return nil
}

// check reports a module that is not of the three sorts.
func (m *module) check() error {
	for _, t := range []*foreignTensor{m.weight, m.bias, m.mean, m.variance} {
		if t != nil && slices.ContainsFunc(t.shape, func(d int) bool { return d < 1 || d > maxFeature }) {
			return fmt.Errorf("tensor %.80q has shape %v", t.name, t.shape)
		}
	}
	oneAxis := func(t *foreignTensor) bool { return t == nil || len(t.shape) == 1 }
	switch {
	case !oneAxis(m.bias), !oneAxis(m.mean), !oneAxis(m.variance):
		return fmt.Errorf("module %.80q: a bias or statistic of more than one axis", m.name)
	case m.weight == nil && m.mean == nil:
		return fmt.Errorf("module %.80q has no weight", m.name)
	case (m.mean == nil) != (m.variance == nil):
		return fmt.Errorf("module %.80q has one of running_mean and running_var", m.name)
	}
	switch m.rank() {
	case 2, 4:
		if m.mean != nil || m.batchCounter != nil {
			return fmt.Errorf("module %.80q has a weight of shape %v and running statistics", m.name, m.weight.shape)
		}
		return nil
	case 1:
	default:
		return fmt.Errorf("tensor %.80q has shape %v, want that of a Conv2d, ConvTranspose2d, Linear or BatchNorm", m.weight.name, m.weight.shape)
	}
	if (m.weight == nil) != (m.bias == nil) {
		return fmt.Errorf("module %.80q: a batch norm has a weight and a bias, or neither", m.name)
	}
	for _, t := range []*foreignTensor{m.bias, m.mean, m.variance} {
		if t != nil && t.shape[0] != m.channels() {
			return fmt.Errorf("tensor %.80q has shape %v, want [%d]", t.name, t.shape, m.channels())
		}
	}
	return nil
}

// A link is a convolution or linear layer of a state dict, and its batch norm.
type link struct {
	*module
	norm *module
	kind Kind
	// in and out are channels; of a linear layer, numbers.
	in, out int
}

// sortModules separates the layers of a state dict, each with the batch norm right
// behind it, from the batch norms, of which strays are not there.
func sortModules(modules []*module) (links []link, norms []*module, strays bool) {
	for _, m := range modules {
		if m.rank() != 1 {
			links = append(links, link{module: m})
			continue
		}
		norms = append(norms, m)
		if len(links) > 0 && links[len(links)-1].norm == nil {
			links[len(links)-1].norm = m
		} else {
			strays = true
		}
	}
	return links, norms, strays
}

// trailingNumber returns the digits that a name ends in.
func trailingNumber(name string) string {
	return name[strings.LastIndexFunc(name, func(r rune) bool { return !unicode.IsDigit(r) })+1:]
}

// compareNames orders names with the numbers in them by size: main.3 before
// main.10.
func compareNames(a, b string) int {
	digits := func(s string) int {
		i := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
		if i < 0 {
			return len(s)
		}
		return i
	}
	for a != "" && b != "" {
		if n, m := digits(a), digits(b); n > 0 && m > 0 {
			x, y := strings.TrimLeft(a[:n], "0"), strings.TrimLeft(b[:m], "0")
			if len(x) != len(y) {
				return len(x) - len(y)
			}
			if c := strings.Compare(x, y); c != 0 {
				return c
			}
			a, b = a[n:], b[m:]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}
