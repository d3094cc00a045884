package forget

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/score"
	"dcganviz/probe/stats"
)

// FitOptions say how a concept is found in a layer. The zero value is the
// paper's protocol.
type FitOptions struct {
	// Layer of G; "" is the second-highest convolution.
	Layer string
	// Samples to learn from. 0 means 150. As many more, which are not learnt
	// from, tell how well the probe does.
	Samples int
	// Seed decides the samples and which locations serve as negatives.
	Seed uint64
	// Boxes tell where the concept is, in pixels, by the number of the sample.
	// Samples without an entry are not used. nil asks the scorer.
	Boxes map[int][]score.Box
	// Threshold is the scorer's least score of a location with the concept. 0
	// means 0.5.
	Threshold float32
	// Region limits what interventions change to these boxes of the image; nil
	// is all of it. A location belongs to it by its centre.
	Region []score.Box
	// Untested leaves out how well the probe does, which takes as many samples again:
	// for methods that do not ask it.
	Untested bool
	// unprobed leaves out the probe itself, for a method that asks none.
	unprobed bool
	// before are edits to make first: the concept is then what they leave.
	before edits
}

// A Concept is what a layer of G knows about a concept, by location.
type Concept struct {
	subject *Subject
	// Layer is where, of Height x Width locations and Units units.
	Layer                string
	Height, Width, Units int
	// Positives and Negatives count the locations that it was fitted on.
	Positives, Negatives int
	// AUC is how well the probe does at locations of samples that it was not
	// fitted on, as the boxes or the scorer label them.
	AUC stats.Interval
	// Probe gives the activations of a location a logit.
	Probe *stats.Linear
	// Weights are the weights of Probe for standardised activations, by unit.
	Weights []float64
	// Mean and Energy are each unit's mean activation, and mean square.
	Mean, Energy []float64

	in, out classMoments // of locations with the concept and without
	inside  []bool       // locations of the region; nil for all
	options FitOptions
	before  edits
}

// Fit finds the concept in a layer: a logistic regression, by location, of
// whether the location shows it, on the layer's activations. Negatives are as
// many random locations of the same samples.
//
// G runs by run, whose Masks and Edits are not used.
//
// Method: Radford et al. 2015 (arXiv:1511.06434), section 6.3.1.
func (s Subject) Fit(ctx context.Context, run model.RunOptions, opt FitOptions) (*Concept, error) {
	info, err := probe.HiddenLayer(s.G, opt.Layer)
	if err != nil {
		return nil, err
	}
	if h, w, _ := s.G.Config().Dims(); h != w {
		return nil, probe.Input("forget: images of %dx%d, want square ones", h, w)
	}
	opt.Samples = cmp.Or(opt.Samples, 150)
	opt.Threshold = cmp.Or(opt.Threshold, .5)
	opt.Layer = info.Name
	s.run = run
	c := &Concept{subject: &s, Layer: info.Name, Height: info.Height, Width: info.Width, Units: info.Channels,
		options: opt, before: opt.before}
	if c.inside, err = inside(opt.Region, s.G.Config().Size, info); err != nil {
		return nil, err
	}
	if opt.Boxes == nil && s.Scorer == nil {
		return nil, probe.Input("forget: neither boxes nor a scorer say where the concept is")
	}
	learn, test, err := c.examples(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.learn(learn); err != nil {
		return nil, err
	}
	if opt.Untested {
		return c, nil
	}
	return c, c.test(test)
}

// learn fits the probe and takes the moments.
func (c *Concept) learn(e located) error {
	var with, without []int
	for i, l := range e.labels {
		switch l {
		case 1:
			with = append(with, i)
		case 0:
			without = append(without, i)
		}
	}
	if len(with) < least || len(without) < least {
		return probe.Input("forget: %d locations of layer %s show the concept and %d do not, want %d of each at least: more samples, or other boxes",
			len(with), c.Layer, len(without), least)
	}
	rng := random.New(c.options.Seed, random.ForgetNegatives)
	rng.Shuffle(len(without), func(i, j int) { without[i], without[j] = without[j], without[i] })
	without = without[:min(len(without), len(with))]
	slices.Sort(without)
	c.Positives, c.Negatives = len(with), len(without)
	c.in, c.out = momentsOf(e.act, with), momentsOf(e.act, without)
	if c.options.unprobed {
		return nil
	}
	labels := slices.Repeat([]float32{float32(math.NaN())}, len(e.labels))
	for _, i := range with {
		labels[i] = 1
	}
	for _, i := range without {
		labels[i] = 0
	}
	var err error
	if c.Probe, err = stats.FitLogistic(e.act, labels, stats.LogisticOptions{Pool: c.subject.run.Pool}); err != nil {
		return fmt.Errorf("forget: layer %s: %w", c.Layer, err)
	}
	c.unitFigures(e.act)
	return nil
}

// least is how few locations of a class a probe can be fitted on.
const least = 20

// unitFigures takes each unit's mean and energy over all locations, and its
// weight in units of its standard deviation.
func (c *Concept) unitFigures(act model.Tensor) {
	c.Mean, c.Energy, c.Weights = make([]float64, c.Units), make([]float64, c.Units), make([]float64, c.Units)
	n := float64(act.Len())
	for i := range act.Len() {
		for u, v := range act.Row(i) {
			c.Mean[u] += float64(v) / n
			c.Energy[u] += float64(v) * float64(v) / n
		}
	}
	for u, w := range c.Probe.W {
		c.Weights[u] = w * math.Sqrt(max(0, c.Energy[u]-c.Mean[u]*c.Mean[u]))
	}
}

func (c *Concept) test(e located) error {
	scores := make([]float32, len(e.labels))
	for i := range scores {
		scores[i] = float32(c.Probe.Logit(e.act.Row(i)))
	}
	auc, err := stats.AUC(scores, e.labels, e.sample, c.options.Seed)
	if err != nil {
		return probe.Input("forget: layer %s: the samples that test the probe: %w", c.Layer, err)
	}
	c.AUC = auc
	return nil
}

// Ranked returns the units by falling weight.
func (c *Concept) Ranked() []int {
	order := probe.Numbers(0, c.Units)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c.Weights[b], c.Weights[a]) })
	return order
}

// Positive returns the units whose weight is above zero, by falling weight. The paper
// drops these.
func (c *Concept) Positive() []int {
	return slices.DeleteFunc(c.Ranked(), func(u int) bool { return !(c.Weights[u] > 0) })
}
