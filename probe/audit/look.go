package audit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/features"
)

// A look is what was seen of a walk so far.
type look struct {
	c     Sparse
	at    map[int]int // by end of a part, its number in the others
	see   [2]func(model.Tensor) (model.Tensor, error)
	scale []float64 // of pixels and, unless D is blind, of features
	blind bool
	// stored are the memoriser's images, and images those drawn, in each space.
	stored   [2]model.Tensor
	images   [2][][]float32
	recalled []int
	run      model.RunOptions
	opt      probe.Settings
}

// lookAt is how many images D sees at once.
const lookAt = 16

// look looks at the tiles.
func (c Sparse) look(ctx context.Context, d *model.D, run model.RunOptions, opt probe.Settings) (*look, error) {
	v := &look{c: c, at: map[int]int{}, scale: []float64{rms(c.Tiles)}, run: run, opt: opt}
	v.stored[0] = memory(c.Stored, c.Tiles)
	v.see[0] = func(x model.Tensor) (model.Tensor, error) { return x, nil }
	if d != nil {
		var err error
		v.see[1], v.stored[1], err = weighed(ctx, d, v.stored[0], run)
		switch {
		case errors.Is(err, features.ErrAlike):
			v.blind = true
		case err != nil:
			return nil, err
		default:
			v.scale = append(v.scale, 1)
		}
	}
	ends := make([]int, c.Tiles.Len())
	for i := range ends {
		ends[i] = i * c.Refine
	}
	return v, v.add(ctx, ends, c.Tiles)
}

// draw draws the images at ends, unless they are there.
func (v *look) draw(ctx context.Context, ends []int) error {
	ends = slices.DeleteFunc(slices.Clone(ends), func(e int) bool { _, drawn := v.at[e]; return drawn })
	slices.Sort(ends)
	ends = slices.Compact(ends)
	if len(ends) == 0 {
		return nil
	}
	x, err := v.c.Draw(ends)
	if err != nil {
		return err
	}
	if x.Len() != len(ends) || !slices.Equal(x.Shape[1:], v.c.Tiles.Shape[1:]) {
		return fmt.Errorf("audit: drawn images of shape %v, want %d like the tiles", x.Shape, len(ends))
	}
	return v.add(ctx, ends, x)
}

// add takes images up.
func (v *look) add(ctx context.Context, ends []int, x model.Tensor) error {
	recalled, err := recall(ctx, v.run.Pool, x, v.stored[0])
	if err != nil {
		return err
	}
	v.recalled = append(v.recalled, recalled...)
	for k := range v.scale {
		err := probe.InParts(ctx, x.Len(), lookAt, func(from, to int) error {
			y, err := v.see[k](x.Slice(from, to))
			if err != nil {
				return err
			}
			for i := range y.Len() {
				v.images[k] = append(v.images[k], y.Row(i))
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, e := range ends {
		v.at[e] = len(v.at)
	}
	v.opt.Say("images audited", len(v.at), len(v.at))
	return nil
}

// searches begin in each space, that of the walk before that of the memoriser.
func (v *look) searches(sampled []int) (all []*search) {
	ends := slices.Sorted(maps.Keys(v.at))
	for k, scale := range v.scale {
		all = append(all, newSearch(ends, sampled, func(from, to int) float64 {
			return scale * probe.Distance(v.images[k][v.at[from]], v.images[k][v.at[to]])
		}), newSearch(ends, sampled, func(from, to int) float64 {
			a, b := v.recalled[v.at[from]], v.recalled[v.at[to]]
			if a == b {
				return 0
			}
			return scale * probe.Distance(v.stored[k].Row(a), v.stored[k].Row(b))
		}))
	}
	return all
}
