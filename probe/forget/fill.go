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
	v.plan = func(ctx context.Context, z, before model.Tensor) (edits, error) {
		masks := make([][]bool, z.Len())
		for i := range masks {
			masks[i] = make([]bool, c.Height*c.Width)
		}
		x := before
		var first model.Tensor
		for round := 0; ; round++ {
			var err error
			if opt.BySight {
				first, err = c.seen(masks, x, first, opt)
			} else {
				err = c.probed(masks, z, opt)
			}
			if err != nil {
				return nil, err
			}
			e := c.filling(masks, opt)
			if round+1 == opt.Rounds {
				return e, nil
			}
			if opt.BySight {
				if x, err = c.subject.generate(z, e); err != nil {
					return nil, err
				}
			}
		}
	}
	return v, nil
}

// filling fills what masks say, by sample, of the region.
func (c *Concept) filling(masks [][]bool, opt FillOptions) edits {
	grown := make([][]bool, len(masks))
	for i := range masks {
		grown[i] = grow(masks[i], c.Height, c.Width, opt.Grow)
		for at, in := range c.inside {
			grown[i][at] = grown[i][at] && in
		}
	}
	return edits{c.Layer: func(first int, act model.Tensor) error {
		for i := range act.Len() {
			c.fill(act.Row(i), grown[first+i], opt.ByMean)
		}
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
	for i, mask := range masks {
		now := resample(maps.Row(i), maps.Shape[1], c.Height, c.Width)
		then := resample(first.Row(i), maps.Shape[1], c.Height, c.Width)
		for at, v := range now {
			mask[at] = mask[at] || v >= float32(opt.Threshold) && then[at] >= float32(opt.Doubt)
		}
	}
	return first, nil
}

// probed adds to masks where the probe finds the concept in the samples' own
// activations, filled where masks say.
func (c *Concept) probed(masks [][]bool, z model.Tensor, opt FillOptions) error {
	_, err := c.subject.generate(z, edits{c.Layer: func(first int, act model.Tensor) error {
		for i := range act.Len() {
			mask := masks[first+i]
			c.fill(act.Row(i), mask, opt.ByMean)
			for at := range mask {
				logit := c.Probe.Logit(act.Row(i)[at*c.Units : (at+1)*c.Units])
				mask[at] = mask[at] || model.Sigmoid(logit) >= opt.Threshold
			}
		}
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

// fill replaces the activations [H, W, units] of a sample where mask says. A
// sample that is all mask gets the mean of locations without the concept.
func (c *Concept) fill(act []float32, mask []bool, byMean bool) {
	base := make([]float64, c.Units)
	kept := 0
	for at, m := range mask {
		if m {
			continue
		}
		kept++
		for u, v := range act[at*c.Units : (at+1)*c.Units] {
			base[u] += float64(v)
		}
	}
	for u := range base {
		if kept > 0 {
			base[u] /= float64(kept)
		} else {
			base[u] = c.out.mean[u]
		}
	}
	for at, m := range mask {
		if m {
			for u := range base {
				act[at*c.Units+u] = float32(base[u])
			}
		}
	}
	if !byMean && kept > 0 && kept < len(mask) {
		relax(act, mask, c.Height, c.Width, c.Units)
	}
}

// sweeps is more than the surface takes to settle over a grid of 16x16: the
// error shrinks by a tenth a sweep and more.
const sweeps = 60

// relax makes the filled locations the means of their neighbours, by successive
// over-relaxation from the value they have.
func relax(act []float32, mask []bool, h, w, units int) {
	const over = 1.7
	for range sweeps {
		for y := range h {
			for x := range w {
				if !mask[y*w+x] {
					continue
				}
				var near [4][]float32
				n := near[:0]
				at := func(y, x int) []float32 { return act[(y*w+x)*units:][:units] }
				if y > 0 {
					n = append(n, at(y-1, x))
				}
				if y+1 < h {
					n = append(n, at(y+1, x))
				}
				if x > 0 {
					n = append(n, at(y, x-1))
				}
				if x+1 < w {
					n = append(n, at(y, x+1))
				}
				self := at(y, x)
				share := float32(over) / float32(len(n))
				for u := range self {
					var sum float32
					for _, v := range n {
						sum += v[u]
					}
					self[u] += float32(share*sum) - float32(over*self[u])
				}
			}
		}
	}
	// Over-relaxation may end a hair below zero, where no activation is.
	for at, m := range mask {
		if m {
			for u := range units {
				act[at*units+u] = max(0, act[at*units+u])
			}
		}
	}
}
