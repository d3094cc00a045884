package infer

import (
	"slices"

	"dcganviz/model"
)

// paths says which steps lead from a layer and a side to images of a usual size, or
// for a D to one logit.
type paths struct {
	c     *LayerChain
	given *Geometry // what the caller said; nil if that is nothing
	usual *Geometry // what the family has; nil if it is not known
	start int       // the side of what the first layer gets
	ends  func(side int) bool
	known map[[2]int]bool
}

// pathsTo returns the paths of a G to images of that size, or if it is 0 of any
// usual one, and the paths of a D to its logit.
func (c *LayerChain) pathsTo(size int, given, usual *Geometry) *paths {
	p := &paths{c: c, given: given, usual: usual, start: 1, known: map[[2]int]bool{}}
	end := 0 // where the family's steps lead to
	if usual != nil && !c.Image {
		end = p.start
		for i := range c.layers {
			s, ok := p.of(usual, i, end)
			if !ok {
				end = 0
				break
			}
			end = s.side
		}
	}
	p.ends = func(side int) bool {
		switch {
		case c.Image:
			return side == 1
		case size != 0:
			return side == size
		}
		return slices.Contains(usualSizes, side) || side == end
	}
	return p
}

// from returns the steps of layer i on that side that lead to an end, the
// commonest first. A linear layer has one, which tells the side alone.
func (p *paths) from(i, side int) []step {
	var out []step
	for _, s := range p.all(i, side) {
		if p.leads(i+1, s.side) {
			out = append(out, s)
		}
	}
	return out
}

// all returns the steps of a layer, wherever they lead.
func (p *paths) all(i, side int) []step {
	l := &p.c.layers[i]
	if l.kind == model.Linear {
		if next, ok := p.c.linearSide(i, side); ok {
			return []step{{side: next}}
		}
		return nil
	}
	if p.given != nil {
		if s, ok := p.of(p.given, i, side); ok {
			return []step{s}
		}
		return nil
	}
	steps := p.c.steps(i, side)
	if p.usual == nil {
		return steps
	}
	s, ok := p.of(p.usual, i, side)
	if !ok {
		return steps
	}
	same := func(o step) bool { return o == s || side == 1 && o.side == s.side }
	return append([]step{s}, slices.DeleteFunc(steps, same)...)
}

// of returns the step that layer i has in a geometry; false if it has none on that
// side.
func (p *paths) of(g *Geometry, i, side int) (s step, ok bool) {
	l := &p.c.layers[i]
	if l.kind == model.Linear {
		next, ok := p.c.linearSide(i, side)
		return step{side: next}, ok
	}
	at := slices.Index(p.c.convolutions(), i)
	k, _ := l.kernel()
	s = step{stride: max(g.Strides[at], 1), padding: g.Paddings[at]}
	if l.kind == model.ConvTranspose2D {
		s.outputPadding = g.OutputPaddings[at]
		s.side = (side-1)*s.stride - 2*s.padding + k + s.outputPadding
		return s, s.side >= 1 && s.side <= model.MaxSide
	}
	if n := g.Upsamples[at]; n > 1 {
		s.enlarge = n
		if g.Upsampling != nil {
			s.method = *g.Upsampling
		}
	}
	if side = s.enlarged(side); side+2*s.padding >= k {
		s.side = (side+2*s.padding-k)/s.stride + 1
	}
	return s, s.side >= 1 && s.side <= model.MaxSide
}

// leads reports whether layers from i on, whose input has that side, can come to an
// end.
func (p *paths) leads(i, side int) bool {
	if p.given != nil {
		return true
	}
	if i == len(p.c.layers) {
		return p.ends(side)
	}
	key := [2]int{i, side}
	if ok, known := p.known[key]; known {
		return ok
	}
	ok := slices.ContainsFunc(p.all(i, side), func(s step) bool { return p.leads(i+1, s.side) })
	p.known[key] = ok
	return ok
}
