package infer

import (
	"fmt"
	"math"
	"slices"

	"dcganviz/model"
)

// A LayerChain is a net's layers as far as the shapes of its weights tell: kinds
// and channels, but neither strides nor paddings.
type LayerChain struct {
	layers []layerWithNorm
	Image  bool // the net is a D
	// Channels are the images' channels.
	Channels int

	// joined is how many numbers of a class are joined to the inputs of layers, 0 for none.
	// guessed says that only D's first layer has them, so that its shape alone does not
	// tell them from channels of the images.
	joined  int
	guessed bool
	// side is that of the images, where the rows of classes say it; else 0.
	side int
	// rows are those of classes, of the module rowsModule; nil if G draws none.
	rows       *Tensor
	rowsModule string

	// height and width are the images', or have their aspect ratio; 0 if not known.
	// loose says that a linear layer's pixels are no square.
	height, width int
	loose         bool

	enlarges bool // a G whose convolutions may have their input enlarged
	// fromGAN says that norms may add to variances what PyTorch-GAN's do.
	fromGAN bool
}

// chainOf returns the layers of a state dict as a D's, if image is set, or as a
// G's. The error says why it is no such net.
func chainOf(d *Dict, image bool) (*LayerChain, error) { return d.chain(image, false) }

// chain is chainOf, with loose for nets of a linear layer whose pixels are no square.
func (d *Dict) chain(image, loose bool) (*LayerChain, error) {
	orders, first := d.orders()
	for _, order := range orders {
		c, err := newChain(order, image, loose, 0)
		if err == nil {
			return c, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// orders returns the modules in the orders that the layers may be in, the likeliest
// first.
func (d *Dict) orders() ([][]*moduleTensors, error) {
	modules, err := d.modules()
	if err != nil {
		return nil, err
	}
	natural := slices.Clone(modules)
	slices.SortStableFunc(natural, func(a, b *moduleTensors) int { return compareNames(a.name, b.name) })
	orders := [][]*moduleTensors{modules, natural}
	if d.Unordered {
		slices.Reverse(orders)
	}
	return orders, nil
}

// newChain makes a chain of modules in the order of the layers. In a weight of
// shape [a, b, KH, KW] a transposed convolution takes a channels and makes b, and
// a convolution takes b and makes a: the layer before tells which one it is.
// Where a equals b nothing tells, and newChain assumes what most layers of such
// a net are.
//
// A layer may take joined numbers more than the one before makes: those of a class.
func newChain(modules []*moduleTensors, image, loose bool, joined int) (*LayerChain, error) {
	layers, norms, strays := splitNorms(modules)
	if len(layers) < 1 || len(layers) > model.MaxLayers {
		return nil, fmt.Errorf("%d convolutions and linear layers, want 1 to %d", len(layers), model.MaxLayers)
	}
	usual, other := model.ConvTranspose2D, model.Conv2D
	if image {
		usual, other = other, usual
	}
	var first error
	for _, kind := range []model.Kind{usual, other} {
		c := &LayerChain{layers: slices.Clone(layers), Image: image, loose: loose, joined: joined}
		err := c.decide(kind, usual, other)
		if err == nil {
			err = c.vectors(norms, strays)
		}
		if err == nil {
			if u := c.asConvolutions(norms, strays); !image && u != nil {
				return u, nil
			}
			return c, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// decide finds the kinds of the layers. first is the kind of the first layer, unless
// that is linear.
func (c *LayerChain) decide(first, usual, other model.Kind) error {
	for i := range c.layers {
		l := &c.layers[i]
		kinds := []model.Kind{usual, other}
		switch {
		case len(l.weight.Shape) == 2:
			kinds = []model.Kind{model.Linear}
		case i == 0:
			kinds = []model.Kind{first}
		}
		fits := slices.ContainsFunc(kinds, func(k model.Kind) bool {
			l.be(k)
			return i == 0 || c.layers[i-1].precedes(l, c.loose) || l.join(c.joined) && c.layers[i-1].precedes(l, c.loose)
		})
		if !fits {
			p := &c.layers[i-1]
			return fmt.Errorf("%.80q of shape %v does not take what %.80q of shape %v makes", l.weight.Name, l.weight.Shape, p.weight.Name, p.weight.Shape)
		}
	}
	// Only these turn a latent into pixels, and pixels into a logit.
	turns := func(l layerWithNorm) bool { return l.kind == model.Linear || l.kind == usual }
	if !slices.ContainsFunc(c.layers, turns) {
		return fmt.Errorf("%d layers, but no %v or %v one among them", len(c.layers), usual, model.Linear)
	}
	return c.ends()
}

// be makes the layer one of that kind.
func (l *layerWithNorm) be(kind model.Kind) {
	l.kind, l.in, l.out, l.joined = kind, l.weight.Shape[1], l.weight.Shape[0], 0
	if kind == model.ConvTranspose2D {
		l.in, l.out = l.out, l.in
	}
}

// precedes reports whether next can take what l makes. Between a linear layer
// and a convolution there is a reshape from or to a square of pixels, or a loose one
// from or to any rectangle.
func (l *layerWithNorm) precedes(next *layerWithNorm, loose bool) bool {
	switch {
	case l.kind != model.Linear && next.kind == model.Linear:
		return squareRoot(next.in, l.out) > 0 || loose && next.in%l.out == 0
	case l.kind == model.Linear && next.kind != model.Linear:
		return squareRoot(l.out, next.in) > 0 || loose && l.out%next.in == 0
	}
	return l.out == next.in
}

// sides returns the height and width of the pixels of that many numbers in so many
// channels, which are in the images' aspect ratio: a square, unless they are known to be
// none. They are 0 if there are no such pixels.
func (c *LayerChain) sides(n, channels int) (h, w int) {
	if c.height == c.width {
		h = squareRoot(n, channels)
		return h, h
	}
	for h = 1; n%channels == 0 && h <= n/channels; h++ {
		if w = n / channels / h; h*w == n/channels && h*c.width == w*c.height {
			return h, w
		}
	}
	return 0, 0
}

// squareRoot returns the side of a square of n/channels pixels, or 0 if no square
// has that many.
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
func (c *LayerChain) normed(i, channels int) bool {
	l := &c.layers[i]
	reshaped := l.kind == model.Linear && i+1 < len(c.layers) && c.layers[i+1].kind != model.Linear
	return channels == l.out || reshaped && channels == c.layers[i+1].in
}

// vectors checks the lengths of biases and batch norms. Batch norms that do not
// fit the layers before them are matched anew.
func (c *LayerChain) vectors(norms []*moduleTensors, strays bool) error {
	fit := !strays
	for i := range c.layers {
		l := &c.layers[i]
		if l.bias != nil && l.bias.Shape[0] != l.out {
			return fmt.Errorf("%.80q has shape %v, want [%d]", l.bias.Name, l.bias.Shape, l.out)
		}
		fit = fit && (l.norm == nil || c.normed(i, l.norm.channels()))
	}
	if !fit && !c.matchNorms(norms) {
		return fmt.Errorf("the %d batch norms, first %.80q of %d channels, do not fit the layers", len(norms), norms[0].name, norms[0].channels())
	}
	return nil
}

// maxTries bounds the search of matchNorms.
const maxTries = 1 << 12

// matchNorms matches batch norms to layers when they do not stand side by side
// because the class declares all layers first. Order is kept and channels must
// fit. Of several matches the one wins in which most trailing numbers of names
// agree. A tie goes to the match that leaves out the layers which usually have no
// batch norm.
func (c *LayerChain) matchNorms(norms []*moduleTensors) bool {
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
		for i := from; i < len(c.layers) && tries < maxTries; i++ {
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
	for i := range c.layers {
		c.layers[i].norm = nil
	}
	for n, i := range best {
		c.layers[i].norm = norms[n]
	}
	return true
}

// score says how likely it is that norm n is behind layer at[n].
func (c *LayerChain) score(norms []*moduleTensors, at []int) int {
	score := 2 * len(norms)
	for n, i := range at {
		if number := trailingNumber(norms[n].name); number != "" && number == trailingNumber(c.layers[i].name) {
			score += 3
		}
		if i == len(c.layers)-1 || c.Image && i == 0 {
			score--
		}
	}
	return score
}

// ends finds the channels of the images. It reports a G that does not end, or a D
// that does not begin, in images of 1 or 3 channels.
func (c *LayerChain) ends() error {
	l, n := &c.layers[len(c.layers)-1], 0
	if n = l.out; c.Image {
		if l.out != 1 {
			return fmt.Errorf("%.80q makes %d numbers, want one logit", l.name, l.out)
		}
		l = &c.layers[0]
		n = l.in
	}
	if c.pictures(l, n) {
		return nil
	}
	if c.Image && l.join(c.joined) && c.pictures(l, l.in) {
		return nil
	}
	return fmt.Errorf("%.80q of shape %v is no layer at images of 1 or 3 channels", l.name, l.weight.Shape)
}

// pictures finds the channels that images of n channels have, or of n numbers where l is
// linear; false if there are none.
func (c *LayerChain) pictures(l *layerWithNorm, n int) bool {
	for _, c.Channels = range []int{1, 3} {
		if l.kind != model.Linear && n == c.Channels || l.kind == model.Linear && squareRoot(n, c.Channels) > 1 {
			return true
		}
	}
	return false
}

// usual counts the layers that can only be one kind of convolution and are the kind
// that makes such a net: transposed ones in a G.
func (c *LayerChain) usual() (n int) {
	kind := model.ConvTranspose2D
	if c.Image {
		kind = model.Conv2D
	}
	for i := range c.layers {
		if l := &c.layers[i]; l.kind == kind && l.in+l.joined != l.out {
			n++
		}
	}
	return n
}

// Net returns the name of the net.
func (c *LayerChain) Net() string {
	if c.Image {
		return "D"
	}
	return "G"
}

// tensors returns the tensors of all layers.
func (c *LayerChain) tensors() (all []*Tensor) {
	if c.rows != nil {
		all = append(all, c.rows)
	}
	for i := range c.layers {
		all = append(append(all, c.layers[i].tensors()...), c.layers[i].norm.tensors()...)
	}
	return all
}

// CountFloat64 counts the tensors in double precision.
func (c *LayerChain) CountFloat64() (n int) {
	for _, t := range c.tensors() {
		if t.DType == Float64 {
			n++
		}
	}
	return n
}

// LatentDim returns how many numbers the first layer of a G takes.
func (c *LayerChain) LatentDim() int { return c.layers[0].in }

// HasStatistics reports whether every batch norm has running statistics.
func (p *Understood) HasStatistics() bool {
	for i := range p.Specs {
		if s := &p.Specs[i]; s.Norm.Batch() && p.Chain.layers[i].norm.mean == nil {
			return false
		}
	}
	return true
}

// HasFingerprints reports whether any batch norm has running statistics.
func (c *LayerChain) HasFingerprints() bool {
	return slices.ContainsFunc(c.layers, func(l layerWithNorm) bool { return l.norm != nil && l.norm.mean != nil })
}

// convolutions returns the indices of the layers that are not linear.
func (c *LayerChain) convolutions() []int {
	var at []int
	for i := range c.layers {
		if c.layers[i].kind != model.Linear {
			at = append(at, i)
		}
	}
	return at
}

// kernel returns the size of a convolution's kernel.
func (l *layerWithNorm) kernel() (h, w int) { return l.weight.Shape[2], l.weight.Shape[3] }

func (l *layerWithNorm) square() bool {
	h, w := l.kernel()
	return h == w
}

// is reports whether l is a convolution of that kind with a square
// kernel of that size.
func (l *layerWithNorm) is(kind model.Kind, size int) bool {
	if l.kind != kind || kind == model.Linear {
		return false
	}
	h, _ := l.kernel()
	return h == size && l.square()
}
