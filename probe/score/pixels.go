package score

import (
	"context"
	"fmt"

	"dcganviz/internal/kernel"
	"dcganviz/model"
)

// cellPx is the side of a location in pixels: the grid of a 64x64 image is
// 16x16.
const cellPx = 4

// hidden returns a layer of a scorer's net: convolution, batch norm, leaky
// ReLU.
func hidden(i int, kind model.Kind, channels, kernel, stride int) model.LayerSpec {
	return model.LayerSpec{
		Kind: kind, Channels: channels, KernelHeight: kernel, KernelWidth: kernel, Stride: stride, Padding: (kernel - 1) / 2,
		Norm: model.ChannelNorm, Activation: model.LeakyReLU, Slope: .1,
		Module: fmt.Sprintf("conv%d", i), NormModule: fmt.Sprintf("norm%d", i),
	}
}

// judgeLayers are the layers of a net on pixels: down to the grid, on to half
// of its side, where a unit sees most of an image, and back up; or, for labels
// of whole images, all the way down.
func judgeLayers(whole bool, size int) (model.Stack, error) {
	const down, up = model.Conv2D, model.ConvTranspose2D
	layers := []model.LayerSpec{
		hidden(1, down, 32, 4, 2),
		hidden(2, down, 64, 4, 2),
		hidden(3, down, 64, 3, 1),
		hidden(4, down, 112, 4, 2),
		hidden(5, down, 112, 3, 1),
	}
	logit := model.LayerSpec{Kind: down, Channels: 1, KernelHeight: 1, KernelWidth: 1, Bias: true, Module: "logit"}
	if !whole {
		return model.NewStack(append(layers, hidden(6, up, 64, 4, 2), hidden(7, down, 64, 3, 1), logit)...)
	}
	logit.KernelHeight, logit.KernelWidth = size/16, size/16
	return model.NewStack(append(layers, hidden(6, down, 128, 4, 2), logit)...)
}

// FitPixels fits a net on the pixels of pictures alone: a scorer that shares
// nothing with a G or D. The pictures are changed at random in colours,
// contrast, place and size, and mirrored. ctx is heeded between steps.
func FitPixels(ctx context.Context, e Examples, opt Options, pool *kernel.Pool) (*Scorer, error) {
	opt, err := opt.filled()
	if err != nil {
		return nil, err
	}
	size, channels, err := e.check(e.side())
	if err != nil {
		return nil, err
	}
	layers, err := judgeLayers(e.Labels != nil, size)
	if err != nil {
		return nil, err
	}
	net, err := model.NewMapper(size, channels, layers, opt.Seed)
	if err != nil {
		return nil, err
	}
	steps := (opt.Epochs*e.Len() + opt.Batch - 1) / opt.Batch
	f, err := newFitting(net, steps, opt, pool)
	if err != nil {
		return nil, err
	}
	side, _ := net.Grid()
	a := augmenter{size: size, channels: channels, side: side, pool: pool}
	b := newBatcher(e, opt, side)
	for step := range steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := b.load(ctx, step); err != nil {
			return nil, err
		}
		a.apply(b.seen, b.x, b.targets, e.marks(b.indices), newRand(opt.Seed, forChanges, step))
		if err := f.learn(b.seen, b.targets); err != nil {
			return nil, err
		}
	}
	if err := f.settle(ctx, e, pool); err != nil {
		return nil, err
	}
	return &Scorer{net: f.ema, Info: Info{
		Kind: Pixels, Size: size, Channels: channels, Side: side, Layers: layers, Steps: steps,
		Pictures: e.Len(), Groups: e.Groups(),
	}}, nil
}

// A batcher loads batches in a random order.
type batcher struct {
	e                Examples
	order            order
	indices          []int
	x, seen, targets []float32
}

func newBatcher(e Examples, opt Options, side int) *batcher {
	h, w, c := e.Dims()
	return &batcher{
		e: e, order: order{seed: opt.Seed, n: e.Len()}, indices: make([]int, opt.Batch),
		x: make([]float32, opt.Batch*h*w*c), seen: make([]float32, opt.Batch*h*w*c), targets: make([]float32, opt.Batch*side*side),
	}
}

func (b *batcher) load(ctx context.Context, step int) error {
	b.order.batch(b.indices, step)
	return b.e.Load(ctx, b.indices, b.x)
}

// The pictures that the average's statistics are taken from.
const (
	settleBatch   = 64
	settleBatches = 16
)

// settle gives the average batch norm statistics of its own, from pictures as
// they are: the first of the order.
func (f *fitting) settle(ctx context.Context, e Examples, pool *kernel.Pool) error {
	h, w, c := e.Dims()
	batch := min(settleBatch, e.Len())
	batches := min(settleBatches, e.Len()/batch)
	indices := make([]int, batch*batches)
	o := order{seed: f.opt.Seed, n: e.Len()}
	o.batch(indices, 0)
	x := model.NewTensor(len(indices), h, w, c)
	if err := e.Load(ctx, indices, x.Data); err != nil {
		return err
	}
	return f.ema.EstimateStatistics(x, batch, pool)
}
