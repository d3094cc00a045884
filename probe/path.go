package probe

import (
	"fmt"
	"math"
	"sort"

	"dcganviz/model"
)

// PathOptions say how a path runs from anchor to anchor. The zero value takes
// straight lines and ends at the last anchor.
type PathOptions struct {
	// Arcs takes model.Slerp from anchor to anchor, instead of model.Lerp.
	Arcs bool
	// Closed goes on from the last anchor back to the first.
	Closed bool
}

// A Path is a way through latent space that visits anchors in order.
type Path struct {
	anchors model.Tensor
	opt     PathOptions
	// at[i] is the length of the path up to knot i; there are knots on each
	// segment, at equal steps of its parameter.
	at    []float64
	knots int // a segment
}

// arcKnots is how many pieces of an arc are taken for straight when its length
// is measured: the error in a point's place is below a ten-thousandth of the
// arc.
const arcKnots = 256

// NewPath returns the path through anchors, [N, LatentDim] with N at least 2.
// They are not modified, and must not be while the path is in use.
//
// Method: Radford et al. 2015 (arXiv:1511.06434), figure 4, with N = 9
// and straight lines.
func NewPath(anchors model.Tensor, opt PathOptions) (*Path, error) {
	if len(anchors.Shape) != 2 || anchors.Len() < 2 {
		return nil, fmt.Errorf("probe: path: anchors of shape %v, want [N LatentDim] with N at least 2", anchors.Shape)
	}
	p := &Path{anchors: anchors, opt: opt, knots: 1}
	if opt.Arcs {
		p.knots = arcKnots
	}
	n := p.segments() * p.knots
	p.at = make([]float64, n+1)
	last, next := make([]float32, anchors.Shape[1]), make([]float32, anchors.Shape[1])
	copy(last, anchors.Row(0))
	for i := 1; i <= n; i++ {
		if err := p.point(next, float64(i)/float64(p.knots)); err != nil {
			return nil, err
		}
		p.at[i] = p.at[i-1] + Distance(last, next)
		last, next = next, last
	}
	if length := p.Length(); math.IsNaN(length) || math.IsInf(length, 0) {
		return nil, fmt.Errorf("probe: path: length %v, want finite anchors", length)
	}
	return p, nil
}

// segments returns how many pairs of anchors the path joins.
func (p *Path) segments() int {
	if p.opt.Closed {
		return p.anchors.Len()
	}
	return p.anchors.Len() - 1
}

// Length returns the Euclidean length of the path.
func (p *Path) Length() float64 { return p.at[len(p.at)-1] }

// Anchors returns how far along the path each anchor is, as a fraction of its
// length: 0 is the first, 1 the last, on a closed path the first again. On a path
// without length they are evenly spaced.
func (p *Path) Anchors() []float64 {
	out := make([]float64, p.segments()+1)
	for i := range out {
		out[i] = float64(i) / float64(p.segments())
		if p.Length() > 0 {
			out[i] = p.at[i*p.knots] / p.Length()
		}
	}
	return out
}

// Points returns n points evenly spaced along the path: [n, LatentDim].
//
// The first is the first anchor. The last is the last anchor, or on a closed
// path the point one space before the first, so that the points can be gone
// through again and again. A path without length gives its anchor n times.
func (p *Path) Points(n int) model.Tensor {
	z := model.NewTensor(n, p.anchors.Shape[1])
	spaces := n - 1
	if p.opt.Closed {
		spaces = n
	}
	for i := range n {
		t := 0.0
		if spaces > 0 {
			t = p.parameter(p.Length() * float64(i) / float64(spaces))
		}
		// Its lengths are right: NewPath has been along here.
		if err := p.point(z.Row(i), t); err != nil {
			panic(err)
		}
	}
	return z
}

// parameter returns where on the path, counted in segments, a length lies.
func (p *Path) parameter(length float64) float64 {
	i := sort.Search(len(p.at)-1, func(i int) bool { return p.at[i+1] >= length })
	if i == len(p.at)-1 {
		return float64(p.segments())
	}
	t := float64(i)
	if step := p.at[i+1] - p.at[i]; step > 0 {
		t += (length - p.at[i]) / step
	}
	return t / float64(p.knots)
}

// point writes the point at parameter t, counted in segments.
func (p *Path) point(dst []float32, t float64) error {
	i := min(int(t), p.segments()-1)
	a, b := p.anchors.Row(i), p.anchors.Row((i+1)%p.anchors.Len())
	if p.opt.Arcs {
		return model.Slerp(dst, a, b, t-float64(i))
	}
	return model.Lerp(dst, a, b, t-float64(i))
}

// Along returns n copies of the latent z, [n, LatentDim]. In them the number at dim goes
// in equal steps from the value from to the value to. A single copy gets from.
func Along(z []float32, dim int, from, to float64, n int) (model.Tensor, error) {
	if dim < 0 || dim >= len(z) {
		return model.Tensor{}, fmt.Errorf("probe: along: dimension %d of a latent, want 0 to %d", dim, len(z)-1)
	}
	out := model.NewTensor(n, len(z))
	for i := range n {
		row := out.Row(i)
		copy(row, z)
		t := 0.0
		if n > 1 {
			t = float64(i) / float64(n-1)
		}
		row[dim] = float32((1-t)*from + t*to)
	}
	return out, nil
}
