package model

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"dcganviz/internal/kernel"
)

// A net is what G and D have in common: layers in order, their weights, and
// the compiled programs that run them.
type net struct {
	outline
	blocks []*block // one a layer
	params []*Param
	rows   *Param // of classes, [Classes, Numbers]; nil if none are trained

	mu      sync.Mutex // one run at a time
	machine *executor  // programs for inference and probes, made when first needed
}

// A block holds the weights of one layer.
type block struct {
	weight *Param
	filter *kernel.Filter // over weight.W
	bias   *Param         // nil without bias
	norm   *Param         // [2, C]: gains, then biases; nil without a norm
	stats  *bnStats       // nil without batch norm
}

// bnStats are a batch norm's running statistics.
type bnStats struct {
	mean, variance []float32
	batches        int64 // how many batches they were made of
	// cumulative makes them the mean over batches, each with the same weight,
	// instead of a moving average that forgets.
	cumulative bool
	// If centring is set, a run updates the running means (every batch weighs the
	// same) and leaves the variances.
	centring bool

	// Gain, bias and statistics as one factor and one summand a channel; they
	// hold while folded is set.
	scale, shift []float32
	folded       bool
}

// bnMomentum is the share of a new batch in the running statistics.
const bnMomentum = 0.1

// update moves the running statistics towards the statistics of a batch, which has
// count values a channel. variance is the batch's biased variance. As in PyTorch
// the unbiased one is kept.
func (s *bnStats) update(mean, variance []float64, count int) {
	unbias := 1.0
	if count > 1 {
		unbias = float64(count) / float64(count-1)
	}
	share := bnMomentum
	if s.cumulative {
		share = 1 / float64(s.batches+1)
	}
	for i := range s.mean {
		s.mean[i] = float32(float64((1-share)*float64(s.mean[i])) + float64(share*mean[i]))
		s.variance[i] = float32(float64((1-share)*float64(s.variance[i])) + float64(share*variance[i]*unbias))
	}
	s.batches++
	s.folded = false
}

// centre adds a batch to the running mean, in which every batch weighs the same.
func (s *bnStats) centre(mean []float64) {
	share := 1 / float64(s.batches+1)
	for i := range s.mean {
		s.mean[i] = float32(float64((1-share)*float64(s.mean[i])) + float64(share*mean[i]))
	}
	s.batches++
	s.folded = false
}

// clone returns a copy that shares nothing with s.
func (s *bnStats) clone() *bnStats {
	return &bnStats{mean: slices.Clone(s.mean), variance: slices.Clone(s.variance), batches: s.batches}
}

// fold returns what batch norm with the running statistics multiplies by and
// adds.
func (s *bnStats) fold(norm []float32, eps float64) (scale, shift []float32) {
	if s.folded {
		return s.scale, s.shift
	}
	c := len(s.mean)
	if s.scale == nil {
		s.scale, s.shift = make([]float32, c), make([]float32, c)
	}
	for i := range c {
		k := float64(norm[i]) / math.Sqrt(float64(s.variance[i])+eps)
		s.scale[i] = float32(k)
		s.shift[i] = float32(float64(norm[c+i]) - float64(float64(s.mean[i])*k))
	}
	s.folded = true
	return s.scale, s.shift
}

// A Param is one trained array of a net.
type Param struct {
	// Name is the array's name in the state dict; a batch norm's gains and
	// biases are one Param, named as their module.
	Name string
	// W is the values, in the layout that the kernels read. Whoever writes
	// them calls Changed.
	W []float32
	// Grad is where a Step leaves the gradient; nil until a Step is made.
	Grad []float32

	filter *kernel.Filter // of a convolution's weights
	shape  []int          // of W
	stats  *bnStats       // of a batch norm's gains and biases
}

// Changed tells the net that W was written.
func (p *Param) Changed() {
	if p.filter != nil {
		p.filter.Changed()
	}
	if p.stats != nil {
		p.stats.folded = false
	}
}

// newNet makes a net whose weights are all zero and whose batch norms do
// nothing.
func newNet(o outline) *net {
	n := &net{outline: o}
	if name, shape, ok := o.rowsEntry(); ok {
		n.rows = &Param{Name: name, W: make([]float32, volume(shape)), shape: shape}
		n.params = append(n.params, n.rows)
	}
	for i := range o.layers {
		l := &o.layers[i]
		b := &block{filter: kernel.NewFilter(l.geom.KH, l.geom.KW, l.geom.C, l.geom.K)}
		b.weight = &Param{Name: l.convKey("weight"), W: b.filter.W, filter: b.filter,
			shape: []int{l.geom.KH, l.geom.KW, l.geom.C, l.geom.K}}
		n.params = append(n.params, b.weight)
		if l.bias {
			c := l.biases()
			b.bias = &Param{Name: l.convKey("bias"), W: make([]float32, c), shape: []int{c}}
			n.params = append(n.params, b.bias)
		}
		if l.normed() {
			c := l.bnChannels()
			if l.bn {
				b.stats = &bnStats{mean: make([]float32, c), variance: make([]float32, c)}
				for j := range c {
					b.stats.variance[j] = 1
				}
			}
			b.norm = &Param{Name: l.normModule, W: make([]float32, 2*c), stats: b.stats, shape: []int{2, c}}
			for j := range c {
				b.norm.W[j] = 1
			}
			n.params = append(n.params, b.norm)
		}
		n.blocks = append(n.blocks, b)
	}
	return n
}

// initialise draws the weights as the paper does: N(0, 0.02), gains of batch
// norm N(1, 0.02), biases 0. stream keeps G and D of one seed apart.
func (n *net) initialise(seed, stream uint64) {
	const spread = 0.02
	r := rand.New(rand.NewPCG(mix(seed), mix(stream)))
	if n.rows != nil { // N(0, 1), as PyTorch's Embedding
		for i := range n.rows.W {
			n.rows.W[i] = float32(r.NormFloat64())
		}
	}
	for k, b := range n.blocks {
		for i := range b.weight.W {
			b.weight.W[i] = float32(spread * r.NormFloat64())
		}
		n.layers[k].clearUnused(b.weight.W)
		b.weight.Changed()
		if b.norm != nil {
			for i := range len(b.norm.W) / 2 {
				b.norm.W[i] = float32(1 + float64(spread*r.NormFloat64()))
			}
			b.norm.Changed()
		}
	}
}

// The streams of random numbers that one seed has.
const (
	streamG = iota + 1
	streamD
	streamLatent
	streamGridNet
)

// mix is the finaliser of SplitMix64 (Steele, Lea & Flood 2014,
// doi:10.1145/2660193.2660195): it spreads neighbouring seeds far apart.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Params returns the trained arrays in the order of the state dict. They are
// the net's own: writing one takes effect once its Changed is called.
func (n *net) Params() []*Param { return n.params }

// clone returns a copy that shares nothing with n.
func (n *net) clone() *net {
	c := newNet(n.outline)
	for i, p := range c.params {
		copy(p.W, n.params[i].W)
		p.Changed()
	}
	for i, b := range c.blocks {
		if s := n.blocks[i].stats; s != nil {
			*b.stats = bnStats{mean: b.stats.mean, variance: b.stats.variance, batches: s.batches}
			copy(b.stats.mean, s.mean)
			copy(b.stats.variance, s.variance)
		}
	}
	return c
}

// A G is a generator: it draws images from latents.
//
// Its methods may be called from several goroutines, one after the other
// running; writing Params, LoadState and training need it for themselves.
type G struct {
	*net
	class int // of the latents, and one more; 0 for each class in turn
}

// NewG returns an untrained generator, drawn from seed.
//
// Method: Radford et al. 2015 (arXiv:1511.06434), section 4: weights
// N(0, 0.02); gains of batch norm N(1, 0.02) as in the authors' code.
func NewG(cfg Config, seed uint64) (*G, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if cfg.Arch == Custom && cfg.GStack.IsZero() {
		return nil, fmt.Errorf("model: config: no G in it")
	}
	g := &G{net: newNet(outline{cfg: cfg, layers: cfg.generatorLayers()})}
	g.initialise(seed, streamG)
	return g, nil
}

// Clone returns a copy that shares nothing with g.
func (g *G) Clone() *G { return &G{g.clone(), g.class} }

// A D is a discriminator: it gives images a logit, the score before the
// sigmoid: the higher, the more real.
//
// Its methods may be called from several goroutines, one after the other
// running; writing Params, LoadState and training need it for themselves.
type D struct {
	*net
	class int // of the images, and one more; 0 where RunOptions say it
}

// NewD returns an untrained discriminator, drawn from seed as NewG does.
func NewD(cfg Config, seed uint64) (*D, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if cfg.Arch == Custom && cfg.DStack.IsZero() {
		return nil, fmt.Errorf("model: config: no D in it")
	}
	d := &D{net: newNet(outline{cfg, cfg.discriminatorLayers(), true})}
	d.initialise(seed, streamD)
	return d, nil
}

// Clone returns a copy that shares nothing with d.
func (d *D) Clone() *D { return &D{d.clone(), d.class} }
