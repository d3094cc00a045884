package figure

import (
	"context"
	"image"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/viz"
)

// part is how many images are drawn or scored between two looks at the context.
const part = 256

// maxPixels bounds what one figure draws: 16384 images of 64x64, 800 MB as
// floats.
const maxPixels = 1 << 26

// checkCount refuses more images than maxPixels, and more than there is memory for once
// they are enlarged by scale, where 0 stands for 1. option says how many there are.
func (l *Lab) checkCount(option string, n, least int, cfg model.Config, scale int) error {
	h, w, _ := cfg.Dims()
	if most := maxPixels / (h * w); n < least || n > most {
		return usage("%s is %d, want %d to %d of %dx%d pixels", option, n, least, most, h, w)
	}
	scale = max(scale, 1)
	each := h * w * (pixelBytes + 4*scale*scale)
	if most := l.Memory / int64(each); l.Memory > 0 && int64(n) > most {
		smaller := ""
		if scale > 1 {
			smaller = ", or take a smaller --scale"
		}
		return usage("%s is %d, and so many images take about %.1f GB of memory; %s leaves room for %d%s", option, n, float64(n)*float64(each)/1e9, l.MemoryBy, most, smaller)
	}
	return nil
}

// pixelBytes is what a pixel of an image takes before it is drawn: three floats, a tile,
// and as much again while the parts are put together.
const pixelBytes = 32

// gather calls f for images from to to-1, a part of the n images at a time, and
// returns all the rows that it returns; what says what it does to them.
func (l *Lab) gather(ctx context.Context, what string, n int, f func(from, to int, run model.RunOptions) (model.Tensor, error)) (model.Tensor, error) {
	run, step := l.run(), part
	if run.BatchStats {
		step = n // all of them are one batch
	}
	return probe.Gather(ctx, n, step, func(from, to int) (model.Tensor, error) {
		l.progress(what, from, n)
		return f(from, to, run)
	})
}

// generate draws latents, as numbers and as tiles.
func (l *Lab) generate(ctx context.Context, g *model.G, z model.Tensor) (model.Tensor, []image.Image, error) {
	x, err := l.images(ctx, g, z)
	if err != nil {
		return x, nil, err
	}
	tiles, err := pictures(x)
	return x, tiles, err
}

// images draws latents, as numbers.
func (l *Lab) images(ctx context.Context, g *model.G, z model.Tensor) (model.Tensor, error) {
	return l.gather(ctx, "images drawn", z.Len(), func(from, to int, run model.RunOptions) (model.Tensor, error) {
		y, err := g.Generate(z.Slice(from, to), run)
		if err == nil {
			err = l.checkImages(y, z.Slice(from, to), from)
		}
		return y, err
	})
}

// scores returns what D makes of images, their logits. Classes are the images', nil if
// they are not known.
func (l *Lab) scores(ctx context.Context, x model.Tensor, classes []int) ([]float32, error) {
	net, err := l.Discriminator()
	if classes != nil {
		net, err = l.Model.Discriminator()
	}
	if err != nil {
		return nil, err
	}
	logits, err := l.gather(ctx, "images scored", x.Len(), func(from, to int, run model.RunOptions) (model.Tensor, error) {
		if classes != nil {
			run.Classes = classes[from:to]
		}
		y, err := net.Logits(x.Slice(from, to), run)
		if err == nil {
			err = l.checkLogits(y.Data, from)
		}
		return y, err
	})
	return logits.Data, err
}

// pictures converts images [N, H, W, C] in [-1, 1].
func pictures(t model.Tensor) ([]image.Image, error) {
	return viz.Images(t.Data, t.Shape[0], t.Shape[1], t.Shape[2], t.Shape[3])
}

// maxBatchBytes bounds the feature maps of images that are normalised together.
// At the limit a process was measured to take 1.25 GB with scores.
const maxBatchBytes = 1 << 29

// checkBatch refuses more images than fit when a model brings no statistics of
// its own. Then each image depends on all the others: they cannot be drawn in
// parts, and all feature maps of all of them are in memory at once.
func (l *Lab) checkBatch(n int, score bool) error {
	if !l.run().BatchStats {
		return nil
	}
	each := mapBytes(l.Model.G.Layers())
	if score && l.Model.D != nil {
		each = max(each, mapBytes(l.Model.D.Layers()))
	}
	most := maxBatchBytes / each
	if n < 2 {
		return usage("%d image with the statistics of the batch, want 2 to %d, which are one batch", n, most)
	}
	if n > most {
		return usage("%d images take %.1f GB, for %s has no running statistics and they are one batch; want at most %d: draw fewer, or give the model running statistics",
			n, float64(n)*float64(each)/1e9, l.Model.Title, most)
	}
	return nil
}

// mapBytes is what one image's feature maps take, in all layers together.
func mapBytes(layers []model.LayerInfo) int {
	sum := 0
	for _, l := range layers {
		sum += 4 * l.Height * l.Width * l.Channels
	}
	return sum
}
