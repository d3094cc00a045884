package infer

import (
	"errors"
	"strings"
)

// A Tensor is an entry of a state dict.
type Tensor struct {
	Name  string
	Shape []int
	DType string // as PyTorch calls it
	// Data reads the elements.
	Data interface {
		Float32s() ([]float32, error)
		Float32sInto(dst []float32) error
		Int64s() ([]int64, error)
	}
}

// A Dict is a state dict of whatever net.
type Dict struct {
	Path    string // where in the file it is
	Prefix  string // taken off all names
	Tensors []Tensor
	// Unordered says that the tensors are not in the order of the layers.
	Unordered bool
}

// dataParallel is what PyTorch's DataParallel puts before every name.
const dataParallel = "module."

// TrimPrefix takes DataParallel's prefix off, if all names have it.
func (d *Dict) TrimPrefix() {
	for _, t := range d.Tensors {
		if !strings.HasPrefix(t.Name, dataParallel) {
			return
		}
	}
	for i := range d.Tensors {
		d.Tensors[i].Name = strings.TrimPrefix(d.Tensors[i].Name, dataParallel)
	}
	d.Prefix = dataParallel
}

// Under returns the tensors with a prefix, without it.
func (d *Dict) Under(prefix string) *Dict {
	out := &Dict{Path: strings.TrimSuffix(prefix, "."), Unordered: d.Unordered}
	for _, t := range d.Tensors {
		if rest, ok := strings.CutPrefix(t.Name, prefix); ok {
			out.Tensors = append(out.Tensors, Tensor{rest, t.Shape, t.DType, t.Data})
		}
	}
	return out
}

// A NetDict is a state dict that is one net, or that is not understood.
type NetDict struct {
	Dict *Dict
	Also []string    // other paths to it
	G, D *LayerChain // its layers as a G and as a D; nil if it cannot be one
	Why  error       // why it is neither
}

// Path is where in the file the state dict is.
func (l *NetDict) Path() string { return l.Dict.Path }

// WhyNotD says why it is no D.
func (l *NetDict) WhyNotD() error {
	if l.Why != nil {
		return l.Why
	}
	return errors.New("it is a G")
}

// Nets returns the nets in a state dict. If the dict is not a net itself, Nets
// looks for nets under the first words of its names, as in a module of modules,
// and so on.
func (d *Dict) Nets(depth int) []*NetDict {
	if pair := d.pair(depth); pair != nil {
		return pair
	}
	l := &NetDict{Dict: d}
	if l.G = d.withRows(true, false); l.G != nil {
		return []*NetDict{l}
	}
	if l.D = d.withRows(true, true); l.D != nil {
		return []*NetDict{l}
	}
	var errG, errD error
	l.G, errG = chainOf(d, false)
	l.D, errD = chainOf(d, true)
	if l.G != nil && l.D != nil {
		// A layer as wide as its input may be either kind of convolution.
		if l.D.usual() > l.G.usual() {
			l.G = nil
		} else if l.G.usual() > l.D.usual() {
			l.D = nil
		}
	}
	if l.G != nil || l.D != nil {
		return []*NetDict{l}
	}
	if l.G = d.withRows(false, false); l.G != nil {
		return []*NetDict{l}
	}
	if l.D = d.withRows(false, true); l.D != nil {
		return []*NetDict{l}
	}
	if l.G, _ = d.chain(false, true); l.G != nil {
		return []*NetDict{l}
	}
	if l.D, _ = d.chain(true, true); l.D != nil {
		return []*NetDict{l}
	}
	l.G, l.D = d.toldClasses(false), d.toldClasses(true)
	if l.G != nil || l.D != nil {
		return []*NetDict{l}
	}
	if parts := d.parts(); depth > 0 && len(parts) > 1 {
		nets := 0
		var below []*NetDict
		for _, p := range parts {
			for _, b := range p.Nets(depth - 1) {
				below = append(below, b)
				if b.G != nil || b.D != nil {
					nets++
				}
			}
		}
		if nets > 0 {
			return below
		}
	}
	if l.Why = errG; d.looksLikeD() {
		l.Why = errD
	}
	return []*NetDict{l}
}

// pair returns the nets of a state dict whose parts are a G and a D, and maybe
// copies of them. G's layers with D's behind them could be taken for one net.
func (d *Dict) pair(depth int) []*NetDict {
	parts := d.parts()
	if depth == 0 || len(parts) < 2 {
		return nil
	}
	var all []*NetDict
	g, ds := false, false
	for _, p := range parts {
		if len(p.Tensors) < 2 {
			return nil
		}
		nets := p.Nets(depth - 1)
		if len(nets) != 1 || nets[0].G == nil && nets[0].D == nil {
			return nil
		}
		g, ds = g || nets[0].D == nil, ds || nets[0].G == nil
		all = append(all, nets...)
	}
	if !g || !ds {
		return nil
	}
	return all
}

// MaxNesting is how deep Nets has to look.
const MaxNesting = 4

// maxParts bounds how many parts of a state dict are looked at.
const maxParts = 16

// parts divides a state dict by the first words of its names, after those that
// all of them have in common.
func (d *Dict) parts() []*Dict {
	common := 0
	for {
		parts := map[string]*Dict{}
		var order []*Dict
		for _, t := range d.Tensors {
			word, rest, ok := strings.Cut(t.Name[common:], ".")
			if !ok || len(order) > maxParts {
				return nil
			}
			p := parts[word]
			if p == nil {
				p = &Dict{Path: strings.TrimPrefix(d.Path+"."+t.Name[:common]+word, "."), Unordered: d.Unordered, Prefix: d.Prefix}
				parts[word] = p
				order = append(order, p)
			}
			p.Tensors = append(p.Tensors, Tensor{rest, t.Shape, t.DType, t.Data})
		}
		if len(order) != 1 {
			return order
		}
		first, _, _ := strings.Cut(d.Tensors[0].Name[common:], ".")
		common += len(first) + 1
	}
}

// looksLikeD reports that the first weights take images.
func (d *Dict) looksLikeD() bool {
	for _, t := range d.Tensors {
		if len(t.Shape) == 4 {
			return t.Shape[1] == 1 || t.Shape[1] == 3
		}
	}
	return false
}

// Float64 is PyTorch's name of double precision.
const Float64 = "float64"
