package score

import (
	"context"
	"fmt"

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
func FitPixels(ctx context.Context, e Examples, opt Options, pool *model.Pool) (*Scorer, error) {
	s, opt, err := begun(Pixels, e, opt)
	if err != nil {
		return nil, err
	}
	layers, err := judgeLayers(e.Labels != nil, s.Info.Size)
	if err != nil {
		return nil, err
	}
	net, err := model.NewGridNet(s.Info.Size, s.Info.Channels, layers, opt.Seed)
	if err != nil {
		return nil, err
	}
	pixels := func(x model.Tensor) (model.Tensor, error) { return x, nil }
	s.Info.Layers, s.Info.Steps = layers, opt.steps(e.Len())
	if s.net, err = teach(ctx, net, e, pixels, opt, pool); err != nil {
		return nil, err
	}
	return s, nil
}
