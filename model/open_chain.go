package model

import (
	"fmt"
	"math"
	"slices"
)

// A chain is a net's layers as the shapes of its weights tell: kinds and
// channels, but neither strides nor paddings.
type chain struct {
	links []link
	image bool // of a D
	// channels are the images'.
	channels int
}

// chainOf finds the chain that a state dict is, of a D for image and of a G
// otherwise.
func chainOf(d *foreignDict, image bool) (*chain, error) {
	modules, err := d.modules()
	if err != nil {
		return nil, err
	}
	natural := slices.Clone(modules)
	slices.SortStableFunc(natural, func(a, b *module) int { return compareNames(a.name, b.name) })
	orders := [][]*module{modules, natural}
	if d.unordered {
		slices.Reverse(orders)
	}
	var first error
	for _, order := range orders {
		c, err := newChain(order, image)
		if err == nil {
			return c, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// newChain makes a chain of modules in the order of the layers. In a weight of
// shape [a, b, KH, KW] a is the input's channels if it is of a transposed
// convolution, and the result's if not; the layer before tells which. Where a
// equals b nothing tells, and it is taken for what most layers of such a net
// are.
func newChain(modules []*module, image bool) (*chain, error) {
	links, norms, strays := sortModules(modules)
	if len(links) < 1 || len(links) > maxLayers {
		return nil, fmt.Errorf("%d convolutions and linear layers, want 1 to %d", len(links), maxLayers)
	}
	usual, other := ConvTranspose2D, Conv2D
	if image {
		usual, other = other, usual
	}
	var first error
	for _, kind := range []Kind{usual, other} {
		c := &chain{links: slices.Clone(links), image: image}
		err := c.decide(kind, usual, other)
		if err == nil {
			err = c.vectors(norms, strays)
		}
		if err == nil {
			return c, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// decide finds the kinds of the layers, given that of the first if it is no
// linear one.
func (c *chain) decide(first, usual, other Kind) error {
	for i := range c.links {
		l := &c.links[i]
		kinds := []Kind{usual, other}
		switch {
		case len(l.weight.shape) == 2:
			kinds = []Kind{Linear}
		case i == 0:
			kinds = []Kind{first}
		}
		fits := slices.ContainsFunc(kinds, func(k Kind) bool {
			l.be(k)
			return i == 0 || c.links[i-1].precedes(l)
		})
		if !fits {
			p := &c.links[i-1]
			return fmt.Errorf("%.80q of shape %v does not take what %.80q of shape %v makes", l.weight.name, l.weight.shape, p.weight.name, p.weight.shape)
		}
	}
	// Only these turn a latent into pixels, and pixels into a logit.
	turns := func(l link) bool { return l.kind == Linear || l.kind == usual }
	if !slices.ContainsFunc(c.links, turns) {
		return fmt.Errorf("%d layers, but no %v or %v one among them", len(c.links), usual, Linear)
	}
	return c.ends()
}

// be makes the link of that kind.
func (l *link) be(kind Kind) {
	l.kind, l.in, l.out = kind, l.weight.shape[1], l.weight.shape[0]
	if kind == ConvTranspose2D {
		l.in, l.out = l.out, l.in
	}
}

// precedes reports whether next can take what l makes. Between a linear layer
// and a convolution there is a reshape from or to a square of pixels.
func (l *link) precedes(next *link) bool {
	switch {
	case l.kind != Linear && next.kind == Linear:
		return squareRoot(next.in, l.out) > 0
	case l.kind == Linear && next.kind != Linear:
		return squareRoot(l.out, next.in) > 0
	}
	return l.out == next.in
}

// squareRoot returns the side of a square of n/channels pixels, or 0 if there
// is none.
func squareRoot(n, channels int) int {
	if n%channels != 0 {
		return 0
	}
	if r := int(math.Round(math.Sqrt(float64(n / channels)))); r*r == n/channels {
		return r
	}
	return 0
}

// normed reports whether a batch norm of that many channels can be behind layer
// i: there is one gain a channel, or one for each number of a linear layer.
func (c *chain) normed(i, channels int) bool {
	l := &c.links[i]
	reshaped := l.kind == Linear && i+1 < len(c.links) && c.links[i+1].kind != Linear
	return channels == l.out || reshaped && channels == c.links[i+1].in
}

// vectors checks the lengths of biases and batch norms, and pairs the latter
// anew where they do not fit the layers that they are behind.
func (c *chain) vectors(norms []*module, strays bool) error {
	fit := !strays
	for i := range c.links {
		l := &c.links[i]
		if l.bias != nil && l.bias.shape[0] != l.out {
			return fmt.Errorf("%.80q has shape %v, want [%d]", l.bias.name, l.bias.shape, l.out)
		}
		fit = fit && (l.norm == nil || c.normed(i, l.norm.channels()))
	}
	if !fit && !c.pair(norms) {
		return fmt.Errorf("the %d batch norms, first %.80q of %d channels, do not fit the layers", len(norms), norms[0].name, norms[0].channels())
	}
	return nil
}

// maxPairings bounds the search of pair.
const maxPairings = 1 << 12

// pair gives the layers batch norms that are not each behind theirs, because a
// class names its layers first. Their order holds and their channels have to
// fit; of several ways that is the best in which most numbers in names agree,
// and then the usual layers have none.
func (c *chain) pair(norms []*module) bool {
	best, bestScore, tries := []int(nil), -1, 0
	at := make([]int, len(norms))
	var place func(n, from int)
	place = func(n, from int) {
		if n == len(norms) {
			if s := c.score(norms, at); s > bestScore {
				best, bestScore = slices.Clone(at), s
			}
			return
		}
		for i := from; i < len(c.links) && tries < maxPairings; i++ {
			tries++
			if c.normed(i, norms[n].channels()) {
				at[n] = i
				place(n+1, i+1)
			}
		}
	}
	place(0, 0)
	if best == nil {
		return false
	}
	for i := range c.links {
		c.links[i].norm = nil
	}
	for n, i := range best {
		c.links[i].norm = norms[n]
	}
	return true
}

// score says how likely it is that norm n is behind layer at[n].
func (c *chain) score(norms []*module, at []int) int {
	score := 2 * len(norms)
	for n, i := range at {
		if number := trailingNumber(norms[n].name); number != "" && number == trailingNumber(c.links[i].name) {
			score += 3
		}
		if i == len(c.links)-1 || c.image && i == 0 {
			score--
		}
	}
	return score
}

// ends finds the images' channels, and reports a chain that does not end, or
// begin, in images of one or three of them.
func (c *chain) ends() error {
	l, n := &c.links[len(c.links)-1], 0
	if n = l.out; c.image {
		if l.out != 1 {
			return fmt.Errorf("%.80q makes %d numbers, want one logit", l.name, l.out)
		}
		l = &c.links[0]
		n = l.in
	}
	for _, c.channels = range []int{1, 3} {
		if l.kind != Linear && n == c.channels || l.kind == Linear && squareRoot(n, c.channels) > 1 {
			return nil
		}
	}
	return fmt.Errorf("%.80q of shape %v is no layer at images of 1 or 3 channels", l.name, l.weight.shape)
}

// net returns the name of the net.
func (c *chain) net() string {
	if c.image {
		return "D"
	}
	return "G"
}

// doubles counts the tensors in double precision.
func (c *chain) doubles() (n int) {
	for _, l := range c.links {
		for _, m := range []*module{l.module, l.norm} {
			for t := range m.tensors() {
				if t.dtype == float64Name {
					n++
				}
			}
		}
	}
	return n
}

// convolutions returns the places of the layers that are no linear ones.
func (c *chain) convolutions() []int {
	var at []int
	for i := range c.links {
		if c.links[i].kind != Linear {
			at = append(at, i)
		}
	}
	return at
}

// kernel returns the size of a convolution's kernel.
func (l *link) kernel() (h, w int) { return l.weight.shape[2], l.weight.shape[3] }

func (l *link) square() bool {
	h, w := l.kernel()
	return h == w
}

// is reports a convolution with a square kernel of that size.
func (l *link) is(kind Kind, size int) bool {
	if l.kind != kind || kind == Linear {
		return false
	}
	h, _ := l.kernel()
	return h == size && l.square()
}
