package score

import (
	"context"

	"dcganviz/internal/kernel"
	"dcganviz/model"
)

// Of each picture FitFeatures takes some locations, the first time from the
// picture as it is, then from changed ones: neighbours tell little that is new.
const (
	viewsOfPicture = 3
	locationsView  = 20
	featureBatch   = 64
)

// FitFeatures fits a logistic regression on the hypercolumns of d: a scorer
// that sees what D sees. ctx is heeded while features are gathered.
func FitFeatures(ctx context.Context, e Examples, d *model.D, opt Options, pool *kernel.Pool) (*Scorer, error) {
	opt, err := opt.filled()
	if err != nil {
		return nil, err
	}
	h, _, _ := e.Dims()
	side := h / cellPx
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
	layers, err := model.NewStack(model.LayerSpec{Kind: model.Conv2D, Channels: 1, KernelHeight: 1, KernelWidth: 1, Bias: true, Module: "logit"})
	if err != nil {
		return nil, err
	}
	net, err := model.NewMapper(side, c.width(), layers, 0)
	if err != nil {
		return nil, err
	}
	w := make([]float32, len(l.W))
	for i, v := range l.W {
		w[i] = float32(v)
	}
	err = net.LoadState([]model.NamedTensor{
		{Name: "logit.weight", Shape: []int{1, len(w), 1, 1}, Data: w},
		{Name: "logit.bias", Shape: []int{1}, Data: []float32{float32(l.B)}},
	})
	if err != nil {
		return nil, err
	}
	return &Scorer{net: net, columns: c, Info: Info{
		Kind: Features, Size: size, Channels: channels, Side: side, Layers: layers, DSHA256: digest(d),
		Pictures: e.Len(), Groups: e.Groups(),
	}}, nil
}

// gather returns the features of some locations, and their labels.
func (c *columns) gather(ctx context.Context, e Examples, opt Options, pool *kernel.Pool) (model.Tensor, []float32, error) {
	h, w, channels := e.Dims()
	side, width, n := c.side, c.width(), e.Len()
	rows := n * viewsOfPicture * locationsView
	x, y := model.NewTensor(rows, width), make([]float32, 0, rows)
	a := augmenter{size: h, channels: channels, side: side, pool: pool}
	for view := range viewsOfPicture {
		for from := 0; from < n; from += featureBatch {
			if err := ctx.Err(); err != nil {
				return x, nil, err
			}
			count := min(featureBatch, n-from)
			images, seen := model.NewTensor(count, h, w, channels), model.NewTensor(count, h, w, channels)
			labels := Labels(e.Boxes[from:from+count], h, side)
			indices := make([]int, count)
			for i := range indices {
				indices[i] = from + i
			}
			if err := e.Load(ctx, indices, images.Data); err != nil {
				return x, nil, err
			}
			r := newRand(opt.Seed, forLocations, view*n+from)
			if view > 0 {
				a.apply(seen.Data, images.Data, labels.Data, e.Boxes[from:from+count], r)
				images = seen
			}
			f, err := c.of(images, model.RunOptions{Pool: pool})
			if err != nil {
				return x, nil, err
			}
			for i := range count {
				for _, at := range r.Perm(side * side)[:min(locationsView, side*side)] {
					copy(x.Row(len(y)), f.Row(i)[at*width:(at+1)*width])
					y = append(y, labels.Row(i)[at])
				}
			}
			if opt.Progress != nil {
				opt.Progress(Step{Step: view*n + from + count, Steps: viewsOfPicture * n})
			}
		}
	}
	return x.Slice(0, len(y)), y, nil
}
