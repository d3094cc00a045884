package score

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/model/train"
)

// Options say how a scorer is fitted. The zero value is what the embedded ones
// were fitted with.
type Options struct {
	// Epochs is how often all pictures are gone through. 0 means 30.
	Epochs int
	// Batch is the number of pictures a step. 0 means 64.
	Batch int
	// Rate is Adam's learning rate, which rises over the first epoch and then
	// falls to nothing along half a cosine. 0 means 0.002.
	Rate float64
	// WeightDecay is the L2 penalty on the weights. 0 means 1e-4, below 0 none.
	WeightDecay float64
	// EMA is the decay of the moving average of the weights that is kept. 0
	// means 0.998.
	EMA float64
	// L2 is the penalty of FitFeatures on whole images, a logistic regression,
	// as LogisticOptions.L2. 0 means 0.003. Of the others Seed and Progress count
	// there.
	L2 float64
	// Seed decides every random number.
	Seed uint64
	// Progress, if not nil, is told of each step.
	Progress func(Step)
}

// A Step is what Options.Progress is told.
type Step struct {
	Step, Steps int
	// Loss is the mean binary cross-entropy of the batch in nats a location.
	Loss float64
}

func (o Options) filled() (Options, error) {
	o.Epochs = cmp.Or(o.Epochs, 30)
	o.Batch = cmp.Or(o.Batch, 64)
	o.Rate = cmp.Or(o.Rate, 2e-3)
	o.WeightDecay = cmp.Or(o.WeightDecay, 1e-4)
	o.EMA = cmp.Or(o.EMA, .998)
	o.L2 = cmp.Or(o.L2, .003)
	switch {
	case o.Epochs < 1, o.Batch < 2:
		return o, fmt.Errorf("score: %d epochs in batches of %d, want at least 1 of 2", o.Epochs, o.Batch)
	case !(o.Rate > 0 && o.Rate < 1), !(o.WeightDecay < 1), !(o.EMA > 0 && o.EMA < 1):
		return o, fmt.Errorf("score: rate %g, weight decay %g and EMA %g, want them above 0 and below 1", o.Rate, o.WeightDecay, o.EMA)
	}
	return o, nil
}

// begun returns a scorer without its net, and the options with their defaults.
func begun(kind Kind, e Examples, opt Options) (*Scorer, Options, error) {
	opt, err := opt.filled()
	if err != nil {
		return nil, opt, err
	}
	size, channels, err := e.check(e.side())
	if err != nil {
		return nil, opt, err
	}
	return &Scorer{Info: Info{Kind: kind, Size: size, Channels: channels, Side: e.side(), Pictures: e.Len(), Groups: e.Groups()}}, opt, nil
}

// steps is how many steps all epochs of n pictures are.
func (o *Options) steps(n int) int { return (o.Epochs*n + o.Batch - 1) / o.Batch }

// teach teaches net on changed pictures and returns the moving average of it.
// view makes of pictures what the net sees.
func teach(ctx context.Context, net *model.GridNet, e Examples, view func(model.Tensor) (model.Tensor, error), opt Options, pool *model.Pool) (*model.GridNet, error) {
	h, w, c := e.Dims()
	side := e.side()
	f, err := newFitting(net, opt.steps(e.Len()), opt, pool)
	if err != nil {
		return nil, err
	}
	a := augmenter{size: h, channels: c, side: side, pool: pool}
	o := orderOf(e, opt)
	indices := make([]int, opt.Batch)
	x, seen, targets := model.NewTensor(opt.Batch, h, w, c), model.NewTensor(opt.Batch, h, w, c), make([]float32, opt.Batch*side*side)
	for step := range f.steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		o.Batch(indices, step)
		if err := e.Load(ctx, indices, x.Data); err != nil {
			return nil, err
		}
		a.apply(seen.Data, x.Data, targets, e.marks(indices), random.At(opt.Seed, forChanges, step))
		y, err := view(seen)
		if err != nil {
			return nil, err
		}
		if err := f.learn(y.Data, targets); err != nil {
			return nil, err
		}
	}
	return f.ema, f.settle(ctx, e, view, pool)
}

// The pictures that the average's statistics are taken from.
const (
	settleBatch   = 64
	settleBatches = 16
)

// settle gives the average batch norm statistics of its own, from pictures as
// they are: the first of the order.
func (f *fitting) settle(ctx context.Context, e Examples, view func(model.Tensor) (model.Tensor, error), pool *model.Pool) error {
	h, w, c := e.Dims()
	batch := min(settleBatch, e.Len())
	indices := make([]int, batch*min(settleBatches, e.Len()/batch))
	o := orderOf(e, f.opt)
	o.Batch(indices, 0)
	x := model.NewTensor(len(indices), h, w, c)
	if err := e.Load(ctx, indices, x.Data); err != nil {
		return err
	}
	y, err := view(x)
	if err != nil {
		return err
	}
	return f.ema.EstimateStatistics(y, batch, pool)
}

// A fitting is a net that learns a map of targets.
type fitting struct {
	opt   Options
	pool  *model.Pool
	net   *model.GridNet
	ema   *model.GridNet
	step  *model.GridNetStep
	adam  *train.Adam
	made  int // steps
	steps int
}

func newFitting(net *model.GridNet, steps int, opt Options, pool *model.Pool) (*fitting, error) {
	f := &fitting{opt: opt, pool: pool, net: net, ema: net.Clone(), steps: steps}
	var err error
	if f.step, err = model.NewGridNetStep(net, opt.Batch, pool); err != nil {
		return nil, err
	}
	f.adam = train.NewAdam(net.Params(), 0, train.Options{Beta1: .9, Beta2: .999, Eps: 1e-8, WeightDecay: max(opt.WeightDecay, 0)})
	return f, nil
}

// rate is the learning rate of step t, 1 for the first.
func (f *fitting) rate(t int) float64 {
	warm := max(f.steps/f.opt.Epochs, 1)
	if t < warm {
		return f.opt.Rate * float64(t) / float64(warm)
	}
	return f.opt.Rate * (1 + math.Cos(math.Pi*float64(t-warm)/float64(max(f.steps-warm, 1)))) / 2
}

// learn makes one step on a batch.
func (f *fitting) learn(x, targets []float32) error {
	loss, _, err := f.step.Grad(x, targets)
	if err != nil {
		return err
	}
	f.made++
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return fmt.Errorf("score: step %d: the loss is %v, want a lower rate than %g", f.made, loss, f.opt.Rate)
	}
	f.adam.Rate = f.rate(f.made)
	f.adam.Step(f.pool, f.made)
	train.Average(f.ema.Params(), f.net.Params(), f.opt.EMA, f.made, f.pool)
	if f.opt.Progress != nil {
		f.opt.Progress(Step{f.made, f.steps, loss})
	}
	return nil
}

// orderOf is the order that a fit goes through pictures in.
func orderOf(e Examples, opt Options) *train.Order {
	return train.NewOrder(e.Len(), func(epoch int) *rand.Rand { return random.At(opt.Seed, forOrder, epoch) })
}
