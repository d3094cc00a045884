package score

import (
	"context"

	"dcganviz/internal/kernel"
	"dcganviz/model"
)

// Of each picture FitFeatures takes some locations, the first time from the
// picture as it is, then from a changed one: neighbours tell little that is
// new.
const (
	viewsOfPicture = 2
	locationsView  = 16
	featureBatch   = 64
)

// FitFeatures fits a logistic regression on the hypercolumns of d: a scorer
// that sees what D sees. With Labels it is one on D's layers averaged over a
// grid of 4x4. ctx is heeded while features are gathered.
func FitFeatures(ctx context.Context, e Examples, d *model.D, opt Options, pool *kernel.Pool) (*Scorer, error) {
	opt, err := opt.filled()
	if err != nil {
		return nil, err
	}
	side := e.side()
	size, channels, err := e.check(side)
	if err != nil {
		return nil, err
	}
	c, err := newColumns(d, side)
	if err != nil {
		return nil, err
	}
	x, y, err := c.gather(ctx, e, opt, pool)
	if err != nil {
		return nil, err
	}
	l, err := FitLogistic(x, y, LogisticOptions{L2: opt.L2, Pool: pool})
	if err != nil {
		return nil, err
	}
	net, err := c.head(l)
	if err != nil {
		return nil, err
	}
	return &Scorer{net: net, columns: c, Info: Info{
		Kind: Features, Size: size, Channels: channels, Side: side, Layers: net.Stack(), DSHA256: digest(d),
		Pictures: e.Len(), Groups: e.Groups(),
	}}, nil
}

// head returns a logistic regression as the net of a scorer: a convolution of
// hypercolumns.
func (c *columns) head(l *Linear) (*model.Mapper, error) {
	k := c.kernel()
	layers, err := model.NewStack(model.LayerSpec{Kind: model.Conv2D, Channels: 1, KernelHeight: k, KernelWidth: k, Bias: true, Module: "logit"})
	if err != nil {
		return nil, err
	}
	net, err := model.NewMapper(c.side, c.width(), layers, 0)
	if err != nil {
		return nil, err
	}
	// From [k, k, width] to PyTorch's [1, width, k, k].
	w := make([]float32, len(l.W))
	for i, v := range l.W {
		w[i%c.width()*k*k+i/c.width()] = float32(v)
	}
	err = net.LoadState([]model.NamedTensor{
		{Name: "logit.weight", Shape: []int{1, c.width(), k, k}, Data: w},
		{Name: "logit.bias", Shape: []int{1}, Data: []float32{float32(l.B)}},
	})
	return net, err
}

// gather returns the features of some locations, or of images as a whole, and
// their labels.
func (c *columns) gather(ctx context.Context, e Examples, opt Options, pool *kernel.Pool) (model.Tensor, []float32, error) {
	h, w, channels := e.Dims()
	n, side := e.Len(), e.side()
	width := c.width() * c.kernel() * c.kernel()
	each := min(locationsView, side*side)
	x, y := model.NewTensor(n*viewsOfPicture*each, width), make([]float32, 0, n*viewsOfPicture*each)
	a := augmenter{size: h, channels: channels, side: side, pool: pool}
	all := e.targets(side)
	for view := range viewsOfPicture {
		for from := 0; from < n; from += featureBatch {
			if err := ctx.Err(); err != nil {
				return x, nil, err
			}
			indices := make([]int, min(featureBatch, n-from))
			for i := range indices {
				indices[i] = from + i
			}
			images := model.NewTensor(len(indices), h, w, channels)
			if err := e.Load(ctx, indices, images.Data); err != nil {
				return x, nil, err
			}
			r := newRand(opt.Seed, forLocations, view*n+from)
			labels := all.Slice(from, from+len(indices)).Clone()
			if view > 0 {
				seen := model.NewTensor(images.Shape...)
				a.apply(seen.Data, images.Data, labels.Data, e.marks(indices), r)
				images = seen
			}
			f, err := c.of(images, model.RunOptions{Pool: pool})
			if err != nil {
				return x, nil, err
			}
			for i := range indices {
				for _, at := range r.Perm(side * side)[:each] {
					copy(x.Row(len(y)), f.Row(i)[at*width:(at+1)*width])
					y = append(y, labels.Row(i)[at])
				}
			}
			if opt.Progress != nil {
				opt.Progress(Step{Step: view*n + from + len(indices), Steps: viewsOfPicture * n})
			}
		}
	}
	return x, y, nil
}
