package infer

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"dcganviz/model"
)

// A moduleTensors is what a state dict holds of one module.
type moduleTensors struct {
	name                         string
	weight, bias                 *Tensor
	mean, variance, batchCounter *Tensor
}

// tensors returns the tensors that are there. A nil module has none.
func (m *moduleTensors) tensors() []*Tensor {
	if m == nil {
		return nil
	}
	all := []*Tensor{m.weight, m.bias, m.mean, m.variance, m.batchCounter}
	return slices.DeleteFunc(all, func(t *Tensor) bool { return t == nil })
}

// rank returns the number of axes of the module's weight: 1 for a batch norm, 3 for
// a layer norm.
func (m *moduleTensors) rank() int {
	if m.weight == nil {
		return 1
	}
	return len(m.weight.Shape)
}

// channels returns how many gains a batch norm has.
func (m *moduleTensors) channels() int {
	if m.weight == nil {
		return m.mean.Shape[0]
	}
	return m.weight.Shape[0]
}

// modules sorts the tensors of a state dict by module, in the file's order. A
// tensor that no convolution, linear layer or batch norm has is an error.
func (d *Dict) modules() ([]*moduleTensors, error) {
	byName := map[string]*moduleTensors{}
	var all []*moduleTensors
	tensors, err := folded(d.Tensors)
	if err != nil {
		return nil, err
	}
	for i := range tensors {
		t := &tensors[i]
		dot := strings.LastIndexByte(t.Name, '.')
		if dot < 1 {
			return nil, fmt.Errorf("tensor %.80q is no weight of a module", t.Name)
		}
		m := byName[t.Name[:dot]]
		if m == nil {
			m = &moduleTensors{name: t.Name[:dot]}
			byName[m.name] = m
			all = append(all, m)
		}
		place := m.at(t.Name[dot+1:])
		if place == nil {
			return nil, fmt.Errorf("tensor %.80q is of no convolution, linear layer or batch norm", t.Name)
		}
		if *place != nil {
			return nil, fmt.Errorf("tensor %.80q is there twice", t.Name)
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

// at returns where the tensor of that name belongs; nil if modules have none.
func (m *moduleTensors) at(name string) **Tensor {
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

// check reports a module that is no convolution, linear layer or batch norm.
func (m *moduleTensors) check() error {
	for _, t := range []*Tensor{m.weight, m.bias, m.mean, m.variance} {
		if t != nil && slices.ContainsFunc(t.Shape, func(d int) bool { return d < 1 || d > model.MaxFeature }) {
			return fmt.Errorf("tensor %.80q has shape %v", t.Name, t.Shape)
		}
	}
	oneAxis := func(t *Tensor) bool { return t == nil || len(t.Shape) == 1 }
	switch {
	case !oneAxis(m.bias) && m.rank() != 3, !oneAxis(m.mean), !oneAxis(m.variance):
		return fmt.Errorf("module %.80q: a bias or statistic of more than one axis", m.name)
	case m.weight == nil && m.mean == nil:
		return fmt.Errorf("module %.80q has no weight", m.name)
	case (m.mean == nil) != (m.variance == nil):
		return fmt.Errorf("module %.80q has one of running_mean and running_var", m.name)
	}
	switch m.rank() {
	case 3: // LayerNorm of [C, H, W]
		if m.bias == nil || !slices.Equal(m.bias.Shape, m.weight.Shape) || m.mean != nil || m.batchCounter != nil {
			return fmt.Errorf("tensor %.80q has shape %v, want that of a Conv2d, ConvTranspose2d, Linear, BatchNorm, or of a LayerNorm with a bias", m.weight.Name, m.weight.Shape)
		}
		return nil
	case 2, 4:
		if m.mean != nil || m.batchCounter != nil {
			return fmt.Errorf("module %.80q has a weight of shape %v and running statistics", m.name, m.weight.Shape)
		}
		return nil
	case 1:
	default:
		return fmt.Errorf("tensor %.80q has shape %v, want that of a Conv2d, ConvTranspose2d, Linear or BatchNorm", m.weight.Name, m.weight.Shape)
	}
	if (m.weight == nil) != (m.bias == nil) {
		return fmt.Errorf("module %.80q: a batch norm has a weight and a bias, or neither", m.name)
	}
	for _, t := range []*Tensor{m.bias, m.mean, m.variance} {
		if t != nil && t.Shape[0] != m.channels() {
			return fmt.Errorf("tensor %.80q has shape %v, want [%d]", t.Name, t.Shape, m.channels())
		}
	}
	return nil
}

// A layerWithNorm is a convolution or linear layer of a state dict, and its batch
// norm, if it has one.
type layerWithNorm struct {
	*moduleTensors
	norm *moduleTensors
	kind model.Kind
	// in and out are channels; of a linear layer, numbers. joined is how many of a class
	// come behind in.
	in, out, joined int
}

// splitNorms returns the layers and the batch norms. A batch norm right behind a
// layer becomes that layer's; strays reports whether another one exists.
func splitNorms(modules []*moduleTensors) (layers []layerWithNorm, norms []*moduleTensors, strays bool) {
	for _, m := range modules {
		if m.rank() != 1 && m.rank() != 3 {
			layers = append(layers, layerWithNorm{moduleTensors: m})
			continue
		}
		norms = append(norms, m)
		if len(layers) > 0 && layers[len(layers)-1].norm == nil {
			layers[len(layers)-1].norm = m
		} else {
			strays = true
		}
	}
	return layers, norms, strays
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
