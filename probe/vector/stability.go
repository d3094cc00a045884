package vector

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/stats"
)

// Options say how MeasureStability measures. The zero value is the paper's arithmetic
// with 1, 3 and 10 exemplars.
type Options struct {
	probe.Settings
	// Counts of exemplars a concept. Nil means 1, 3, 10.
	Counts []int
	// Draws of exemplars for each count. 0 means 20.
	Draws int
	// Neighbours of each result, besides itself. 0 means 8, below 0 none.
	Neighbours int
	// Reach of the neighbours. 0 means ReachOf G's Config.
	Reach float64
}

func (o Options) filled(cfg model.Config) Options {
	if o.Counts == nil {
		o.Counts = []int{1, 3, 10}
	}
	o.Draws = cmp.Or(o.Draws, 20)
	o.Neighbours = cmp.Or(o.Neighbours, 8)
	o.Reach = cmp.Or(o.Reach, ReachOf(cfg))
	return o
}

// A Subject is a G whose latents are added and subtracted.
type Subject struct {
	G *model.G
	// Pools are the exemplars that draws are made from, latents.
	Pools Exemplars
	// Others are latents of no concept, [N, LatentDim], for controls.
	Others model.Tensor
	// Wanted is what results should be like; nil if nothing can tell.
	Wanted Wanted
	// Realism, if not nil, is the scale of D's logit.
	Realism Scale
	// Nearest are scales of the distance to the nearest real picture, by the space that
	// it is measured in.
	Nearest map[string]Scale

	run model.RunOptions // of G
}

// A Measure is of results of several draws; its spreads are over those.
type Measure struct {
	// Wanted is the share, in [0, 1], of a draw's results that are as wanted: the sum
	// and its neighbours. Nil where nothing can tell.
	Wanted *stats.Spread `json:"wanted"`
	// Logit is D's, of the sum itself; nil without a D.
	Logit *stats.Spread `json:"logit"`
	// Nearest is the distance of the sum itself to the nearest real picture, by space.
	Nearest map[string]stats.Spread `json:"nearest_real,omitempty"`
	// Norm is the sum's, of latents.
	Norm *stats.Spread `json:"norm,omitempty"`
	// Apart is how far the result of a draw lies from the mean of all draws'
	// results, root mean square over pixels.
	Apart float64 `json:"apart"`
}

// A Stability is how A - B + C comes out with a number of exemplars a concept.
type Stability struct {
	Exemplars int `json:"exemplars"`
	Draws     int `json:"draws"`
	// Fresh says that no two draws share an exemplar or a random latent.
	Fresh bool `json:"fresh"`
	// Latents is the sum of latents: its image and its neighbours' images. The mean of
	// more exemplars is shorter, so Rescaled is the same of the sum at TypicalNorm.
	Latents  Measure `json:"latents"`
	Rescaled Measure `json:"latents_rescaled"`
	// Random takes latents of no concept as A and B.
	Random         Measure `json:"random"`
	RandomRescaled Measure `json:"random_rescaled"`
	// Unchanged is C alone, with the neighbours.
	Unchanged Measure `json:"unchanged"`
	// Pixels is the same sum of the exemplars' images, and PixelsMatched that with the
	// contrast of a sample: Typical.Match.
	Pixels        Measure `json:"pixels"`
	PixelsMatched Measure `json:"pixels_matched"`
	// More is the share as wanted of Latents less that with the fewest exemplars, draw
	// by draw, and MoreRescaled the same of Rescaled. Nil for the fewest.
	More         *stats.Paired `json:"wanted_more,omitempty"`
	MoreRescaled *stats.Paired `json:"wanted_more_rescaled,omitempty"`
	// Ghosting compares Rescaled with PixelsMatched, draw by draw.
	Ghosting Ghosting `json:"ghosting"`
}

// Ghosting is by how much sums of latents exceed sums of pixels of the same contrast.
type Ghosting struct {
	Logit   *stats.Paired           `json:"logit,omitempty"`
	Nearest map[string]stats.Paired `json:"nearest_real,omitempty"`
}

// MeasureStability draws exemplars from the pools and measures what becomes of their
// sum, beside its controls. A count is left out unless every pool holds more:
// all draws would be alike.
//
// Where the pools and Others suffice, every draw has exemplars of its own. Else draws
// share some, and the larger a part of the pool each draw takes, the more they share:
// spreads are then smaller than with exemplars that are chosen anew.
//
// G runs by run. Statistics of the batch are refused: a result would depend on the
// others. ctx is heeded between draws.
func MeasureStability(ctx context.Context, s Subject, run model.RunOptions, opt Options) ([]Stability, error) {
	opt = opt.filled(s.G.Config())
	s.run = run
	if err := s.check(); err != nil {
		return nil, err
	}
	images, err := s.poolImages()
	if err != nil {
		return nil, err
	}
	others, err := s.G.Generate(s.Others, run)
	if err != nil {
		return nil, err
	}
	smallest := min(s.Pools.A.Len(), s.Pools.B.Len(), s.Pools.C.Len())
	var counts []int
	for _, k := range opt.Counts {
		if k < 1 {
			return nil, fmt.Errorf("vector: %d exemplars, want 1 or more", k)
		}
		if k < smallest && k <= s.Others.Len()/2 {
			counts = append(counts, k)
		}
	}
	if len(counts) == 0 {
		return nil, nil
	}
	most := slices.Max(counts)
	t := trial{Subject: &s, opt: opt, images: images, typical: TypicalOf(others), most: most,
		fresh: smallest >= opt.Draws*most && s.Others.Len() >= 2*opt.Draws*most}
	all := make([][arms]gathering, len(counts))
	out := make([]Stability, len(counts))
	for i, k := range counts {
		opt.Say(fmt.Sprintf("%d exemplars", k), i, len(counts))
		for d := range opt.Draws {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if err := t.draw(ctx, k, d, &all[i]); err != nil {
				return nil, err
			}
		}
		if err := t.judge(ctx, &all[i]); err != nil {
			return nil, err
		}
		out[i] = t.stability(k, &all[i])
	}
	fewest := slices.Index(counts, slices.Min(counts))
	for i := range out {
		if s.Wanted != nil && counts[i] != counts[fewest] {
			more := stats.PairedOf(all[i][ofLatents].wanted, all[fewest][ofLatents].wanted, opt.Seed)
			rescaled := stats.PairedOf(all[i][ofRescaled].wanted, all[fewest][ofRescaled].wanted, opt.Seed)
			out[i].More, out[i].MoreRescaled = &more, &rescaled
		}
	}
	return out, nil
}

func (s *Subject) check() error {
	if s.run.BatchStats {
		return fmt.Errorf("vector: statistics of the batch, want running ones: a result would depend on the others")
	}
	if err := s.Pools.check(); err != nil {
		return err
	}
	if d := s.G.Config().LatentDim; s.Pools.A.Shape[1] != d || len(s.Others.Shape) != 2 || s.Others.Shape[1] != d {
		return fmt.Errorf("vector: latents of shapes %v and %v, want [N %d]", s.Pools.A.Shape, s.Others.Shape, d)
	}
	return nil
}

func (s *Subject) poolImages() (e Exemplars, err error) {
	for _, p := range []struct {
		to   *model.Tensor
		from model.Tensor
	}{{&e.A, s.Pools.A}, {&e.B, s.Pools.B}, {&e.C, s.Pools.C}} {
		if *p.to, err = s.G.Generate(p.from, s.run); err != nil {
			return e, err
		}
	}
	return e, nil
}
