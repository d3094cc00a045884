package checkpoint

import (
	"testing"

	ref "dcganviz/internal/reference"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

// upsampled returns the nets of testdata/foreign/upsample.py of that name, as specs.
func upsampled(name string) (cfg model.Config, g, d []model.LayerSpec) {
	conv := func(module string, channels, kh, kw, stride, pad int) model.LayerSpec {
		return model.LayerSpec{
			Kind: model.Conv2D, Channels: channels, KernelHeight: kh, KernelWidth: kw, Stride: stride, Padding: pad,
			Bias: true, Activation: model.LeakyReLU, Slope: .2, Module: module,
		}
	}
	plain := func(s model.LayerSpec, a model.Activation) model.LayerSpec {
		s.Activation, s.Slope = a, 0
		return s
	}
	normed := func(s model.LayerSpec, module string, eps float64, last bool) model.LayerSpec {
		s.Norm, s.NormModule, s.NormEps, s.NormLast = model.ChannelNorm, module, eps, last
		return s
	}
	enlarged := func(s model.LayerSpec, factor int, method model.Upsampling) model.LayerSpec {
		s.Upsample, s.Upsampling = factor, method
		return s
	}
	linear := func(module string, channels, h, w int) model.LayerSpec {
		return model.LayerSpec{Kind: model.Linear, Channels: channels, Height: h, Width: w, Bias: true, Module: module}
	}
	if name == "gan" {
		return model.Config{Arch: model.Custom, Size: 16, Channels: 1, LatentDim: 7},
			[]model.LayerSpec{
				normed(linear("l1.0", 4, 4, 4), "conv_blocks.0", 0, false),
				enlarged(normed(conv("conv_blocks.2", 4, 3, 3, 1, 1), "conv_blocks.3", .8, false), 2, model.Nearest),
				enlarged(normed(conv("conv_blocks.6", 2, 3, 3, 1, 1), "conv_blocks.7", .8, false), 2, model.Nearest),
				plain(conv("conv_blocks.9", 1, 3, 3, 1, 1), model.Tanh),
			},
			[]model.LayerSpec{
				conv("model.0", 2, 3, 3, 2, 1),
				normed(conv("model.3", 4, 3, 3, 2, 1), "model.6", .8, true),
				normed(conv("model.7", 3, 3, 3, 2, 1), "model.10", .8, true),
				linear("adv_layer.0", 1, 0, 0),
			}
	}
	method := model.Bilinear
	if name == "corners" {
		method = model.BilinearCorners
	}
	leaky := func(s model.LayerSpec) model.LayerSpec { s.Activation, s.Slope = model.LeakyReLU, .1; return s }
	middle := conv("b", 3, 3, 3, 1, 1)
	middle.Bias = false
	return model.Config{Arch: model.Custom, Size: 12, Width: 18, Channels: 3, LatentDim: 5},
		[]model.LayerSpec{
			leaky(linear("fc", 4, 2, 3)),
			enlarged(normed(leaky(conv("a", 4, 5, 5, 1, 2)), "na", 0, false), 3, method),
			enlarged(normed(leaky(middle), "nb", 0, false), 2, method),
			plain(conv("c", 3, 3, 3, 1, 1), model.Tanh),
		},
		[]model.LayerSpec{
			conv("main.0", 2, 4, 4, 2, 1), conv("main.2", 4, 4, 4, 2, 1), plain(conv("main.4", 1, 3, 4, 1, 0), model.NoActivation),
		}
}

// TestUpsamplingIsThatOfPyTorch holds generators of upsampling and convolutions
// against testdata/foreign/upsample.py: images, logits, gradients and the gradients of
// a training step, at images that are not square too.
func TestUpsamplingIsThatOfPyTorch(t *testing.T) {
	for _, name := range []string{"gan", "bilinear", "corners"} {
		t.Run(name, func(t *testing.T) {
			file, err := safetensors.ReadFile(foreign(name + ".safetensors"))
			if err != nil {
				t.Fatal(err)
			}
			r := &reference{&ref.File{TB: t, File: file}}
			cfg, g, d := upsampled(name)
			cfg.GStack, cfg.DStack = must(model.NewStack(g...))(t), must(model.NewStack(d...))(t)
			m := &Checkpoint{G: must(model.NewG(cfg, 1))(t), D: must(model.NewD(cfg, 1))(t)}
			checkLoaded(t, r, m)
		})
	}
}
