package forget

import (
	"context"
	"fmt"

	"dcganviz/model"
	"dcganviz/probe"
)

// FillControls are what a filling has to beat to have found anything in G. Neither is a
// method.
type FillControls struct {
	// PixelFill lays the same surface over the pixels of the samples, at the locations
	// that the same viewers find by the same rounds and thresholds. It pastes, and knows
	// nothing of G.
	PixelFill *Outcome `json:"pixel_fill"`
	// Elsewhere fills each sample where the next sample is filled, the last one where
	// the first is: as much, at other places.
	Elsewhere *Outcome `json:"elsewhere"`
}

// MeasureFill measures an intervention of Fill, in one layer, beside its controls. Any
// other is an error.
func (b *Baseline) MeasureFill(ctx context.Context, v *Intervention) (*Outcome, *FillControls, error) {
	if v.filling == nil {
		return nil, nil, fmt.Errorf("forget: %s fills nothing", v.Method)
	}
	f, s := v.filling, b.subject
	var masks [][]bool
	var looks model.Tensor // the guide's first, of all samples
	draw := func(from, to int, masks [][]bool) (model.Tensor, error) {
		return s.generate(b.z.Slice(from, to), f.edits(masks))
	}
	x, err := b.inBatches(ctx, func(from, to int) (model.Tensor, error) {
		found, first, err := f.masks(b.z.Slice(from, to), b.x.Slice(from, to), model.Tensor{}, func(m [][]bool) (model.Tensor, error) { return draw(from, to, m) })
		if err != nil {
			return model.Tensor{}, err
		}
		masks, looks = append(masks, found...), joined(looks, first)
		return draw(from, to, found)
	})
	if err != nil {
		return nil, nil, err
	}
	o, err := b.compare(ctx, x)
	if err != nil {
		return nil, nil, err
	}
	controls := &FillControls{}
	plain := *b
	plain.photographs = nil
	x, err = b.inBatches(ctx, func(from, to int) (model.Tensor, error) {
		var first model.Tensor
		if looks.Len() > 0 {
			first = looks.Slice(from, to)
		}
		return f.paint(b.z.Slice(from, to), b.x.Slice(from, to), first, masks[from:to])
	})
	if err != nil {
		return nil, nil, err
	}
	if controls.PixelFill, err = plain.compare(ctx, x); err != nil {
		return nil, nil, err
	}
	next := append(masks[1:len(masks):len(masks)], masks[0])
	if x, err = b.inBatches(ctx, func(from, to int) (model.Tensor, error) { return draw(from, to, next[from:to]) }); err != nil {
		return nil, nil, err
	}
	controls.Elsewhere, err = plain.compare(ctx, x)
	return o, controls, err
}

// inBatches draws all samples.
func (b *Baseline) inBatches(ctx context.Context, f func(from, to int) (model.Tensor, error)) (model.Tensor, error) {
	return probe.Gather(ctx, b.x.Len(), b.subject.batch(), f)
}

// paint fills pixels in place of activations. Where the filling goes by sight, the viewers
// look at what was painted, and first is what they see in before; else masks are the
// method's own.
func (f *filling) paint(z, before, first model.Tensor, masks [][]bool) (model.Tensor, error) {
	painted := func(masks [][]bool) (model.Tensor, error) {
		x := before.Clone()
		f.c.subject.run.Pool.Run(len(masks), func(i, _ int) {
			f.paintOne(x.Row(i), masks[i], x.Shape[1], x.Shape[2], x.Shape[3])
		})
		return x, nil
	}
	if f.opt.BySight {
		var err error
		if masks, _, err = f.masks(z, before, first, painted); err != nil {
			return model.Tensor{}, err
		}
	}
	return painted(masks)
}

// paintOne fills the pixels [h, w, channels] of an image that the locations of mask cover.
// An image that is all mask becomes grey.
func (f *filling) paintOne(pixels []float32, mask []bool, h, w, channels int) {
	covered := make([]bool, h*w)
	for at := range covered {
		y, x := at/w*f.c.Height/h, at%w*f.c.Width/w
		covered[at] = mask[y*f.c.Width+x]
	}
	if !level(pixels, covered, channels, make([]float64, channels)) || f.opt.ByMean {
		return
	}
	relax(pixels, covered, h, w, channels, pixelRelaxation)
	for at, v := range pixels {
		pixels[at] = max(-1, min(1, v))
	}
}

// controlPictures draws the first n samples with the controls of a filling.
func (b *Baseline) controlPictures(ctx context.Context, f *filling, n int) (pixels, elsewhere model.Tensor, err error) {
	p := b.part(b.subject.whole(n+1, b.x.Len()))
	masks, first, err := f.masks(p.z, p.x, model.Tensor{}, func(masks [][]bool) (model.Tensor, error) { return b.subject.generate(p.z, f.edits(masks)) })
	if err != nil {
		return pixels, elsewhere, err
	}
	if pixels, err = f.paint(p.z, p.x, first, masks); err != nil {
		return pixels, elsewhere, err
	}
	elsewhere, err = b.subject.generate(p.z, f.edits(append(masks[1:len(masks):len(masks)], masks[0])))
	if err != nil {
		return pixels, elsewhere, err
	}
	return pixels.Slice(0, n), elsewhere.Slice(0, n), nil
}
