package audit

import (
	"context"
	"fmt"

	"dcganviz/model"
	"dcganviz/probe"
)

// A Sparse is a walk of which only the tiles are drawn: what Quick audits.
type Sparse struct {
	// Tiles are the images at the ends of the steps, [N+1, H, W, C] for N steps.
	Tiles model.Tensor
	// Refine is how many parts a step has. Zero: 1.
	Refine int
	// Draw returns the images at the ends of parts, [len(ends), H, W, C]. End 0 is the
	// first tile, end N*Refine the last. Tiles are not asked for.
	Draw func(ends []int) (model.Tensor, error)
	// Stored are as in a Course.
	Stored model.Tensor
}

// sampledParts is how many parts the median of a quick audit is taken from.
const sampledParts = 48

// Quick audits a walk as Walk does, but draws few of the images between its tiles.
//
// The median is that of 48 parts, evenly spaced. Then the walk is searched for its
// largest part. A piece is halved if it changes by Sharp medians or more, and so is the
// piece that changes fastest, until neither is more than one part. A part that changes by
// Sharp medians is thus missed only where the walk turns back within a piece, so that the
// piece changes by less than its part. The memoriser is searched in the same way, on the
// images that were drawn for itself and for the walk.
//
// Parts and At of the report are the parts that were drawn; Recalled is of the tiles, and
// there are no Segments. run.BatchStats is an error: an image would depend on the others
// of its batch. d is not modified, and nothing is drawn at random.
func Quick(ctx context.Context, c Sparse, d *model.D, run model.RunOptions, opt probe.Settings) (*Report, error) {
	c.Refine = max(c.Refine, 1)
	if err := (Course{Images: c.Tiles, Refine: 1, Stored: c.Stored}).check(); err != nil {
		return nil, err
	}
	if run.BatchStats {
		return nil, fmt.Errorf("audit: images that are drawn a few at a time have no statistics of a batch")
	}
	v, err := c.look(ctx, d, run, opt)
	if err != nil {
		return nil, err
	}
	n := c.Tiles.Len() - 1
	sampled := c.sampled()
	if err := v.draw(ctx, withEnds(sampled)); err != nil {
		return nil, err
	}
	searches := v.searches(sampled)
	for {
		var middles []int
		for _, s := range searches {
			middles = append(middles, s.middles()...)
		}
		if len(middles) == 0 {
			break
		}
		if err := v.draw(ctx, middles); err != nil {
			return nil, err
		}
		for _, s := range searches {
			s.halve()
		}
	}
	r := &Report{Steps: n, Refine: c.Refine, Threshold: Sharp, Stored: v.stored[0].Len(), Blind: v.blind, Sampled: len(sampled), Drawn: len(v.at)}
	for i := range n + 1 {
		r.Recalled = append(r.Recalled, v.recalled[v.at[i*c.Refine]])
	}
	for k, name := range []spaceName{inPixels, inFeatures}[:len(v.scale)] {
		r.Spaces = append(r.Spaces, Space{Name: name.name, Unit: name.unit, Walk: searches[2*k].jumps(c), Memoriser: searches[2*k+1].jumps(c)})
	}
	return r, nil
}

// sampled returns the parts that the median is taken from: behind a tile, whose image is
// there, if there are as many steps.
func (c Sparse) sampled() []int {
	steps := c.Tiles.Len() - 1
	count := min(sampledParts, steps*c.Refine)
	parts := make([]int, count)
	for i := range parts {
		if steps >= count {
			parts[i] = i * steps / count * c.Refine
		} else {
			parts[i] = i * steps * c.Refine / count
		}
	}
	return parts
}

// withEnds returns both ends of parts.
func withEnds(parts []int) (ends []int) {
	for _, p := range parts {
		ends = append(ends, p, p+1)
	}
	return ends
}
