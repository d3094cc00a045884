package score

import (
	"context"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/stats"
)

const (
	// viewsOfPicture is how often a logistic regression sees each picture: first
	// as it is, then changed.
	viewsOfPicture = 2
	// featureBatch is how many images' hypercolumns are in memory at once.
	featureBatch = 64
)

// FitFeatures fits a small net on the hypercolumns of d: a scorer that sees
// what D sees, of pictures that are changed as FitPixels changes them. With Labels
// it is a logistic regression on D's layers averaged over a grid of 4x4. ctx is
// heeded between steps.
func FitFeatures(ctx context.Context, e Examples, d *model.D, opt Options, pool *model.Pool) (*Scorer, error) {
	s, opt, err := begun(Features, e, opt)
	if err != nil {
		return nil, err
	}
	c, err := newHypercolumns(d, e.side())
	if err != nil {
		return nil, err
	}
	s.columns, s.Info.DSHA256 = c, digest(d)
	if e.Labels != nil {
		s.net, err = c.logistic(ctx, e, opt, pool)
	} else {
		s.net, err = c.train(ctx, e, opt, pool)
		s.Info.Steps = opt.steps(e.Len())
	}
	if err != nil {
		return nil, err
	}
	s.Info.Layers = s.net.Stack()
	return s, nil
}

// train fits a net of two hidden layers that look at a location and at those
// around it.
func (c *hypercolumns) train(ctx context.Context, e Examples, opt Options, pool *model.Pool) (*model.GridNet, error) {
	const conv = model.Conv2D
	layers, err := model.NewStack(
		hidden(1, conv, 64, 1, 1),
		hidden(2, conv, 64, 3, 1),
		hidden(3, conv, 64, 3, 1),
		model.LayerSpec{Kind: conv, Channels: 1, KernelHeight: 1, KernelWidth: 1, Bias: true, Module: "logit"})
	if err != nil {
		return nil, err
	}
	net, err := model.NewGridNet(c.side, c.width(), layers, opt.Seed)
	if err != nil {
		return nil, err
	}
	view := func(x model.Tensor) (model.Tensor, error) { return c.of(x, model.RunOptions{Pool: pool}) }
	return teach(ctx, net, e, view, opt, pool)
}

// logistic fits a logistic regression of whole images.
func (c *hypercolumns) logistic(ctx context.Context, e Examples, opt Options, pool *model.Pool) (*model.GridNet, error) {
	x, y, err := c.gather(ctx, e, opt, pool)
	if err != nil {
		return nil, err
	}
	l, err := stats.FitLogistic(x, y, stats.LogisticOptions{L2: opt.L2, Pool: pool})
	if err != nil {
		return nil, err
	}
	return c.head(l)
}

// head returns a logistic regression as the net of a scorer: one convolution.
func (c *hypercolumns) head(l *stats.Linear) (*model.GridNet, error) {
	k := c.side
	layers, err := model.NewStack(model.LayerSpec{Kind: model.Conv2D, Channels: 1, KernelHeight: k, KernelWidth: k, Bias: true, Module: "logit"})
	if err != nil {
		return nil, err
	}
	net, err := model.NewGridNet(c.side, c.width(), layers, 0)
	if err != nil {
		return nil, err
	}
	// From [k, k, width] to PyTorch's [1, width, k, k].
	w := make([]float32, len(l.W))
	for i, v := range l.W {
		w[i%c.width()*k*k+i/c.width()] = float32(v)
	}
	return net, net.LoadState([]model.NamedTensor{
		{Name: "logit.weight", Shape: []int{1, c.width(), k, k}, Data: w},
		{Name: "logit.bias", Shape: []int{1}, Data: []float32{float32(l.B)}},
	})
}

// gather returns the features of images as a whole, [rows, side*side*width],
// and their labels.
func (c *hypercolumns) gather(ctx context.Context, e Examples, opt Options, pool *model.Pool) (model.Tensor, []float32, error) {
	h, w, channels := e.Dims()
	n := e.Len()
	x, y := model.NewTensor(n*viewsOfPicture, c.side*c.side*c.width()), make([]float32, n*viewsOfPicture)
	a := augmenter{size: h, channels: channels, side: 1, pool: pool}
	for at := 0; at < len(y); {
		if err := ctx.Err(); err != nil {
			return x, nil, err
		}
		from := at % n
		indices := probe.Numbers(from, min(from+featureBatch, n))
		images := model.NewTensor(len(indices), h, w, channels)
		if err := e.Load(ctx, indices, images.Data); err != nil {
			return x, nil, err
		}
		copy(y[at:], e.Labels[from:from+len(indices)])
		if at >= n {
			seen := model.NewTensor(images.Shape...)
			a.apply(seen.Data, images.Data, y[at:at+len(indices)], e.marks(indices), random.At(opt.Seed, forChanges, at))
			images = seen
		}
		f, err := c.of(images, model.RunOptions{Pool: pool})
		if err != nil {
			return x, nil, err
		}
		copy(x.Slice(at, at+len(indices)).Data, f.Data)
		at += len(indices)
		if opt.Progress != nil {
			opt.Progress(Step{Step: at, Steps: len(y)})
		}
	}
	return x, y, nil
}
