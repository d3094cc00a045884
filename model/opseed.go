package model

import "gorgonia.org/gorgonia"

// A seed says from where a gradient starts: from one unit of each image, or
// from values that the caller gives.
type seed struct {
	given []float32 // the gradient itself; nil for a unit
	unit  int
	at    []int // the unit's location in each image; nil for where it is largest

	value    []float32 // of each image's unit
	location []int     // y*W+x
}

// seed adds the gradient that starts at x: 1 at one unit of each image.
func (g *graph) seed(name string, x *gorgonia.Node) (*gorgonia.Node, error) {
	shape := x.Shape()
	size, c := volume(shape[1:]), shape[3]
	return g.apply(&op{
		name: name, ins: []int{4}, out: shape,
		do: func(in [][]float32, out []float32) {
			n, s := g.run.n, &g.run.seed
			out = out[:n*size]
			if s.given != nil {
				copy(out, s.given)
				return
			}
			clear(out)
			for i := range n {
				act := in[0][i*size : (i+1)*size]
				var at int
				if s.at != nil {
					at = s.at[i]
				} else {
					at = largest(act, s.unit, c)
				}
				s.value[i], s.location[i] = act[at*c+s.unit], at
				out[i*size+at*c+s.unit] = 1
			}
		},
	}, x)
}

// largest returns the first location where a unit is largest. NaN counts as
// larger than any number.
func largest(act []float32, unit, c int) int {
	best := 0
	for i := range len(act) / c {
		v := act[i*c+unit]
		if v != v {
			return i
		}
		if v > act[best*c+unit] {
			best = i
		}
	}
	return best
}
