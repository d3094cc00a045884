package forget

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
)

// Effects measures what dropping each unit alone does to the scorer's mean
// score: the fraction of it that goes, which is negative for units whose loss
// adds to it. Each effect is measured on the same samples, by default 40; their seed
// should be another than the seed of the samples that outcomes are measured on.
//
// Method: the causal effect of Bau et al. 2019 (arXiv:1811.10597), section 3.2,
// one unit at a time.
func (c *Concept) Effects(ctx context.Context, opt MeasureOptions) ([]float64, error) {
	e, err := c.effects(ctx, opt)
	if err != nil {
		return nil, err
	}
	out := make([]float64, c.Units)
	for u := range out {
		s, err := e.with([]int{u})
		if err != nil {
			return nil, err
		}
		out[u] = 1 - s/e.before
	}
	return out, nil
}

// Causal drops the units that take the concept away as measured, not as the
// probe's weights have it: by falling effect of each alone, each kept only if
// it takes more away beside those already chosen.
func (c *Concept) Causal(ctx context.Context, effects []float64, opt MeasureOptions) (*Intervention, error) {
	if len(effects) != c.Units {
		return nil, fmt.Errorf("forget: causal: %d effects, want one for each of %d units", len(effects), c.Units)
	}
	order := make([]int, 0, c.Units)
	for u, v := range effects {
		if v > 0 {
			order = append(order, u)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(effects[b], effects[a]) })
	e, err := c.effects(ctx, opt)
	if err != nil {
		return nil, err
	}
	var chosen []int
	at := e.before
	for _, u := range order {
		s, err := e.with(append(slices.Clone(chosen), u))
		if err != nil {
			return nil, err
		}
		if s < at {
			chosen, at = append(chosen, u), s
		}
	}
	v := c.Drop(chosen)
	v.Method = "causal"
	return v, nil
}

// effects is the measuring of what drops do to the scorer's mean score.
type effects struct {
	ctx    context.Context
	c      *Concept
	z, act model.Tensor // latents, and the concept's layer, by sample
	before float64
}

func (c *Concept) effects(ctx context.Context, opt MeasureOptions) (*effects, error) {
	if c.subject.Scorer == nil {
		return nil, fmt.Errorf("forget: causal: no scorer measures effects")
	}
	opt.Samples = cmp.Or(opt.Samples, 40)
	e := &effects{ctx: ctx, c: c, z: c.subject.latents(opt.Seed, 0, opt.Samples)}
	var err error
	e.act, err = probe.Gather(ctx, opt.Samples, batch, func(from, to int) (model.Tensor, error) {
		return c.subject.upTo(c.Layer, e.z.Slice(from, to))
	})
	if err != nil {
		return nil, err
	}
	if e.before, err = e.with(nil); err != nil {
		return nil, err
	}
	if !(e.before > 0) {
		return nil, probe.Input("forget: causal: the scorer sees nothing of the concept in %d samples, want more samples or another scorer", opt.Samples)
	}
	return e, nil
}

// with returns the mean score with units dropped.
func (e *effects) with(units []int) (float64, error) {
	var sum float64
	s := e.c.subject
	drop, err := e.c.Drop(units).plan(e.ctx, model.Tensor{}, model.Tensor{})
	if err != nil {
		return 0, err
	}
	err = probe.InParts(e.ctx, e.act.Len(), batch, func(from, to int) error {
		x, err := s.goOn(e.c.Layer, e.act.Slice(from, to), e.z.Slice(from, to), drop)
		if err != nil {
			return err
		}
		maps, err := s.Scorer.Scores(x, s.viewing())
		for i := range maps.Len() {
			sum += meanOf(maps.Row(i))
		}
		return err
	})
	return sum / float64(e.act.Len()), err
}
