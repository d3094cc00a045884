package model

import "gorgonia.org/gorgonia"

// A joining is where a class's row goes in the feature maps behind a layer's input.
type joining uint8

const (
	// joinEverywhere makes a map of each number: it is the same at every location. 0 is no
	// way to join.
	joinEverywhere joining = iota + 1
	// joinFirst has the numbers at the first location and zero elsewhere. To a Linear
	// layer of all locations they are so many numbers behind the others.
	joinFirst
	// joinPixels has a number for each location, map for map.
	joinPixels
)

// A joiner copies rows into feature maps, and takes gradients of the maps back.
type joiner struct {
	how       joining
	h, w      int
	maps, row int // of the input; of the class
}

// number returns which number of a row, of n maps, is at a location of a map; -1 for none.
func (j *joiner) number(at, k int) int {
	switch {
	case j.how == joinPixels:
		return k*j.h*j.w + at
	case j.how == joinFirst && at > 0:
		return -1
	}
	return k
}

// numbers is how many there are in a row.
func (j *joiner) numbers() int {
	if j.how == joinPixels {
		return j.row * j.h * j.w
	}
	return j.row
}

// image writes one image's maps x with its row behind them to out.
func (j *joiner) image(out, x, row []float32) {
	for at := range j.h * j.w {
		to := out[at*(j.maps+j.row):][:j.maps+j.row]
		to = to[copy(to, x[at*j.maps:][:j.maps]):]
		for k := range to {
			to[k] = 0
			if i := j.number(at, k); i >= 0 {
				to[k] = row[i]
			}
		}
	}
}

// join adds x with feature maps of s.told behind its own. Where the rows are a part of
// G's latents, the gradient with respect to them is added to s.drows: from the last layer
// to the first, so that the sum is the same each time.
func (s *netGraph) join(name string, l *layer, x *gorgonia.Node) (*gorgonia.Node, error) {
	in := x.Shape()
	j := &joiner{how: l.join, h: in[1], w: in[2], maps: in[3], row: l.joined}
	shape := []int{in[0], j.h, j.w, j.maps + j.row}
	big, small, numbers := volume(shape[1:]), volume(in[1:]), j.numbers()
	return s.apply(&op{
		name: name, ins: []int{4, 4}, out: shape, wrt: []bool{true, false}, forward: true,
		do: func(in [][]float32, out []float32) {
			s.run.pool.Run(s.run.n, func(i, _ int) {
				j.image(out[i*big:][:big], in[0][i*small:][:small], in[1][i*numbers:][:numbers])
			})
		},
		diff: func(_ gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
			dx, err := s.apply(&op{name: name + "/dx", ins: []int{4}, out: in, do: func(in [][]float32, out []float32) {
				s.run.pool.Run(s.run.n, func(i, _ int) {
					var drow []float32
					if s.drows != nil {
						drow = s.drows[i*numbers:][:numbers]
					}
					j.gradient(out[i*small:][:small], drow, in[0][i*big:][:big])
				})
			}}, grad)
			return gorgonia.Nodes{dx, nil}, err
		},
	}, x, s.told)
}

// gradient writes the gradient with respect to an image's maps to dx, and adds the one
// with respect to its row to drow, which may be nil.
func (j *joiner) gradient(dx, drow, dy []float32) {
	for at := range j.h * j.w {
		from := dy[at*(j.maps+j.row):][:j.maps+j.row]
		from = from[copy(dx[at*j.maps:][:j.maps], from):]
		if drow == nil {
			continue
		}
		for k, v := range from {
			if i := j.number(at, k); i >= 0 {
				drow[i] += v
			}
		}
	}
}

// part adds the numbers of latents from one on: [N, 1, 1, n].
func (g *graph) part(name string, from, n int, z *gorgonia.Node) (*gorgonia.Node, error) {
	all := z.Shape()[3]
	return g.apply(&op{
		name: name, ins: []int{4}, out: []int{z.Shape()[0], 1, 1, n}, forward: true,
		do: func(in [][]float32, out []float32) {
			for i := range g.run.n {
				copy(out[i*n:][:n], in[0][i*all+from:])
			}
		},
	}, z)
}
