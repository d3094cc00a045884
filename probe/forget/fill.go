package forget

import (
	"cmp"
	"context"
	"fmt"

	"dcganviz/model"
)

// FillOptions say what Fill fills, and with what. The zero value fills where the
// probe is more sure than not, with what surrounds it.
type FillOptions struct {
	// BySight fills where the guide sees the concept in the image drawn so far, instead
	// of where the probe finds it.
	BySight bool
	// Threshold is the least score of a location that is filled. 0 means 0.5.
	Threshold float64
	// Grow widens each filled region by a number of locations, so that frames and shadows
	// are filled too.
	Grow int
	// ByMean fills with the mean of the sample's other locations, instead of
	// the smooth surface that joins them.
	ByMean bool
	// Rounds is how often what was filled is drawn and looked at again. 0 means 1.
	Rounds int
	// Doubt is the score that the guide must have given a location in the first
	// round for a later round to fill it. Without it filling spreads, because
	// filled regions are smooth like a pane.
	Doubt float64
}

// Fill replaces the activations of locations that show the concept by what the same
// sample has around them. It lays a surface over the filled locations: each value is the
// mean of its neighbours' values, and at the border the surface meets the activations.
//
// Method: ours; the surface is the discrete harmonic one, as in Pérez, Gangnet
// & Blake 2003 (doi:10.1145/882262.882269), section 2, but of activations.
func (c *Concept) Fill(opt FillOptions) (*Intervention, error) {
	opt.Threshold = cmp.Or(opt.Threshold, .5)
	opt.Rounds = cmp.Or(opt.Rounds, 1)
	if opt.BySight && c.subject.guide() == nil {
		return nil, fmt.Errorf("forget: fill: neither a guide nor a scorer says where the concept is")
	}
	v := &Intervention{Method: "fill", Layers: []string{c.Layer}, Of: c.Units, subject: c.subject}
	if opt.BySight {
		v.Method = "fill-seen"
	}
	v.filling = &filling{c, opt}
	v.plan = func(ctx context.Context, z, before model.Tensor) (edits, error) {
		masks, _, err := v.filling.masks(z, before, model.Tensor{}, func(masks [][]bool) (model.Tensor, error) {
			return c.subject.generate(z, v.filling.edits(masks))
		})
		return v.filling.edits(masks), err
	}
	return v, nil
}

// A filling finds the locations to fill.
type filling struct {
	c   *Concept
	opt FillOptions
}

// masks returns, by sample, the locations that are filled: within the region, grown. before
// is the samples as drawn; fill draws them with what was found so far filled. first is what
// the guide sees in before, which is returned; it looks itself if that is empty.
func (f *filling) masks(z, before, first model.Tensor, fill func(masks [][]bool) (model.Tensor, error)) ([][]bool, model.Tensor, error) {
	c, opt := f.c, f.opt
	masks := make([][]bool, z.Len())
	for i := range masks {
		masks[i] = make([]bool, c.Height*c.Width)
	}
	x := before
	for round := 0; ; round++ {
		var err error
		if opt.BySight {
			if round > 0 || first.Len() == 0 {
				first, err = c.seen(masks, x, first, opt)
			} else {
				c.mark(masks, first, first, opt)
			}
		} else {
			err = c.probed(masks, z, opt)
		}
		if err != nil {
			return nil, first, err
		}
		grown := make([][]bool, len(masks))
		for i := range masks {
			grown[i] = grow(masks[i], c.Height, c.Width, opt.Grow)
			for at, in := range c.inside {
				grown[i][at] = grown[i][at] && in
			}
		}
		if round+1 == opt.Rounds {
			return grown, first, nil
		}
		if opt.BySight {
			if x, err = fill(grown); err != nil {
				return nil, first, err
			}
		}
	}
}

// edits fill the locations of masks, by sample.
func (f *filling) edits(masks [][]bool) edits {
	c := f.c
	return edits{c.Layer: func(first int, act model.Tensor) error {
		c.subject.run.Pool.Run(act.Len(), func(i, _ int) {
			c.fill(act.Row(i), masks[first+i], f.opt.ByMean)
		})
		return nil
	}}
}

// seen adds to masks where the guide sees the concept in images x, as far as
// first, what it saw at the first look, allows.
func (c *Concept) seen(masks [][]bool, x, first model.Tensor, opt FillOptions) (model.Tensor, error) {
	maps, err := c.subject.guide().Scores(x, c.subject.viewing())
	if err != nil {
		return maps, err
	}
	if first.Len() == 0 {
		first = maps
	}
	c.mark(masks, maps, first, opt)
	return first, nil
}

// mark adds to masks where maps, and first, say that the concept is.
func (c *Concept) mark(masks [][]bool, maps, first model.Tensor, opt FillOptions) {
	for i, mask := range masks {
		now := resample(maps.Row(i), maps.Shape[1], c.Height, c.Width)
		then := resample(first.Row(i), maps.Shape[1], c.Height, c.Width)
		for at, v := range now {
			mask[at] = mask[at] || v >= float32(opt.Threshold) && then[at] >= float32(opt.Doubt)
		}
	}
}

// probed adds to masks where the probe finds the concept in the samples' own
// activations, filled where masks say.
func (c *Concept) probed(masks [][]bool, z model.Tensor, opt FillOptions) error {
	_, err := c.subject.generate(z, edits{c.Layer: func(first int, act model.Tensor) error {
		c.subject.run.Pool.Run(act.Len(), func(i, _ int) {
			mask := masks[first+i]
			c.fill(act.Row(i), mask, opt.ByMean)
			for at := range mask {
				logit := c.Probe.Logit(act.Row(i)[at*c.Units : (at+1)*c.Units])
				mask[at] = mask[at] || model.Sigmoid(logit) >= opt.Threshold
			}
		})
		return nil
	}})
	return err
}

// grow returns mask and what lies within n locations of it, as the crow flies.
func grow(mask []bool, h, w, n int) []bool {
	out := make([]bool, len(mask))
	for y := range h {
		for x := range w {
			if !mask[y*w+x] {
				continue
			}
			for v := max(0, y-n); v <= min(h-1, y+n); v++ {
				for u := max(0, x-n); u <= min(w-1, x+n); u++ {
					out[v*w+u] = out[v*w+u] || (v-y)*(v-y)+(u-x)*(u-x) <= n*n
				}
			}
		}
	}
	return out
}
