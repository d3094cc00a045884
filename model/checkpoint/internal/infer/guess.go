package infer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"dcganviz/model"
)

// An UnknownGeometryError says that a net is of no known family, or of several,
// so that its strides and paddings have to be said. It is an ErrAmbiguous.
type UnknownGeometryError struct {
	// Net is G or D.
	Net string
	// Kernels are the heights and widths of the convolutions' kernels.
	Kernels [][2]int
	// Families are those that it may be of.
	Families []Family
	// Candidates are geometries that the net may have, the likeliest first; where
	// statistics of batch norms were there to judge, those with the least error.
	Candidates []Geometry
}

func (e *UnknownGeometryError) Error() string {
	var kernels, candidates []string
	for _, k := range e.Kernels {
		kernels = append(kernels, fmt.Sprintf("%dx%d", k[0], k[1]))
	}
	for _, g := range e.Candidates {
		candidates = append(candidates, g.String())
	}
	text := fmt.Sprintf("convolutions with kernels of %s", strings.Join(kernels, ", "))
	if len(e.Families) > 0 {
		text += fmt.Sprintf(" may be of the families %v: say which, or their strides and paddings", e.Families)
	} else {
		text += " are of no known family: say their strides and paddings"
	}
	if len(candidates) > 0 {
		text += "; perhaps " + strings.Join(candidates, "; or ")
	}
	return text
}

// Is makes it an ErrAmbiguous.
func (e *UnknownGeometryError) Is(target error) bool { return target == ErrAmbiguous }

// unknown makes the error for a chain of no family, or of several.
func (c *LayerChain) unknown(variants []variant, size int, t *teller) error {
	e := &UnknownGeometryError{Net: c.Net()}
	for _, i := range c.convolutions() {
		h, w := c.layers[i].kernel()
		e.Kernels = append(e.Kernels, [2]int{h, w})
	}
	for _, r := range variants {
		e.Families = append(e.Families, r.family)
		e.Candidates = append(e.Candidates, r.geometry)
	}
	if len(variants) == 0 {
		e.Candidates = c.guess(size, maxGuesses, t)
	}
	return e
}

const (
	maxGuesses     = 4
	maxGuessesMade = 1 << 15
)

// guess returns at most so many geometries with which a chain draws, or scores, square images
// of a usual size. Those come first that agree with what the statistics say of the
// steps, and then those whose layers each do the usual thing.
func (c *LayerChain) guess(size, most int, t *teller) []Geometry {
	type guess struct {
		Geometry
		odd int // how unusual it is
	}
	var all []guess
	tries := 0
	var extend func(i, side int, g guess)
	extend = func(i, side int, g guess) {
		if tries++; tries > maxGuessesMade || side < 1 || side > model.MaxSide {
			return
		}
		if i == len(c.layers) {
			if c.Image && side == 1 || !c.Image && (side == size || size == 0 && slices.Contains(usualSizes, side)) {
				if !c.Image {
					g.Size = side
				}
				all = append(all, g)
			}
			return
		}
		l := &c.layers[i]
		if l.kind == model.Linear {
			if next, ok := c.linearSide(i, side); ok {
				extend(i+1, next, g)
			}
			return
		}
		for odd, s := range c.steps(i, side) {
			if s.method != model.Nearest {
				continue // the shapes are the same
			}
			h := guess{Geometry{
				Strides: append(slices.Clip(g.Strides), s.stride), Paddings: append(slices.Clip(g.Paddings), s.padding),
				OutputPaddings: append(slices.Clip(g.OutputPaddings), s.outputPadding), Upsamples: append(slices.Clip(g.Upsamples), s.enlarge), Size: g.Size,
			}, g.odd + odd}
			extend(i+1, s.side, h)
		}
	}
	switch {
	case !c.Image:
		extend(0, 1, guess{})
	case size != 0:
		extend(0, size, guess{Geometry: Geometry{Size: size}})
	default:
		for _, s := range usualSizes {
			extend(0, s, guess{Geometry: Geometry{Size: s}})
		}
	}
	slices.SortStableFunc(all, func(a, b guess) int {
		return cmp.Or(cmp.Compare(t.errorOf(&a.Geometry), t.errorOf(&b.Geometry)), a.odd-b.odd)
	})
	var out []Geometry
	for _, g := range all[:min(len(all), most)] {
		out = append(out, g.Geometry)
	}
	return out
}

// takes reports whether linear layer i takes maps of that height.
func (c *LayerChain) takes(i, side int) bool {
	h, _ := c.sides(c.layers[i].in, c.layers[i-1].out)
	return h == side
}

// linearSide returns the side after linear layer i, or false if it cannot be
// behind that side.
func (c *LayerChain) linearSide(i, side int) (int, bool) {
	l := &c.layers[i]
	if i > 0 && c.layers[i-1].kind != model.Linear && !c.takes(i, side) {
		return 0, false
	}
	s := model.LayerSpec{Channels: l.out}
	if err := c.reshape(i, &s); err != nil {
		return 0, false
	}
	return max(s.Height, 1), true
}

// A step is what a convolution may do to the side of its input.
type step struct {
	stride, padding, outputPadding, side int
	// enlarge is how many times the input is enlarged before, by that method.
	enlarge int
	method  model.Upsampling
}

// enlarged returns the side that the convolution itself sees.
func (s step) enlarged(side int) int { return side * max(s.enlarge, 1) }

// steps returns the usual steps of a layer, the commonest first.
func (c *LayerChain) steps(i, side int) []step {
	l := &c.layers[i]
	if !c.enlarges || l.kind != model.Conv2D {
		return l.steps(side)
	}
	k, _ := l.kernel()
	keep := step{stride: 1, padding: (k - 1) / 2, side: side}
	out := []step{keep}
	for _, factor := range []int{2, 4} {
		for _, method := range []model.Upsampling{model.Nearest, model.Bilinear, model.BilinearCorners} {
			s := keep
			s.side, s.enlarge, s.method = factor*side, factor, method
			if s.side <= model.MaxSide {
				out = append(out, s)
			}
		}
	}
	return out
}

// steps returns the usual steps of a convolution, the commonest first.
func (l *layerWithNorm) steps(side int) []step {
	k, _ := l.kernel()
	if !l.square() {
		return nil
	}
	half := (k - 1) / 2
	all := []step{{stride: 2, padding: half, outputPadding: k % 2}, {stride: 2, padding: half}, {stride: 1}, {stride: 2}, {stride: 1, padding: half}}
	if k%2 == 1 { // it can keep the side
		all = []step{all[0], all[1], all[4], all[2], all[3]}
	}
	switch {
	case side == 1 && l.kind == model.ConvTranspose2D:
		all = []step{{stride: 1}} // with any stride it makes the same
	case k == side && l.kind == model.Conv2D || side == 1:
		all = []step{{stride: 1}, {stride: 2}}
	default:
		all = append(all, step{stride: 2, padding: half + 1}, step{stride: 2, padding: half + 2},
			step{stride: 3, padding: (k - 3) / 2}, step{stride: 4, padding: (k - 4) / 2})
	}
	var out []step
	for _, s := range all {
		if s.padding < 0 || s.padding >= k || s.stride > k && k > 1 {
			continue
		}
		if l.kind == model.ConvTranspose2D {
			s.side = (side-1)*s.stride - 2*s.padding + k + s.outputPadding
		} else {
			s.outputPadding = 0
			if side+2*s.padding < k {
				continue
			}
			s.side = (side+2*s.padding-k)/s.stride + 1
		}
		if s.side > 0 && s.side <= model.MaxSide && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// errorOf sums, over the fingerprints, the least error of a hypothesis with the
// steps of a geometry; 0 if there are no fingerprints.
func (t *teller) errorOf(g *Geometry) (sum float64) {
	if t == nil {
		return 0
	}
	convolutions := t.c.convolutions()
	for _, e := range t.rows {
		least := e.Hypotheses[len(e.Hypotheses)-1].Error // of what was not tried
		for _, h := range e.Hypotheses {
			same := true
			for at, i := range convolutions {
				if s := h.guess.steps[i]; s.stride != 0 && (s.stride != g.Strides[at] || s.padding != g.Paddings[at] || s.outputPadding != g.OutputPaddings[at] || s.enlarge != g.Upsamples[at]) {
					same = false
				}
			}
			if same {
				least = h.Error
				break
			}
		}
		sum += max(least, 0)
	}
	return sum
}
