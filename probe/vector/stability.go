package vector

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"

	"dcganviz/internal/random"
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
	// Reach of the neighbours. 0 means DefaultReach.
	Reach float64
}

func (o Options) filled() Options {
	if o.Counts == nil {
		o.Counts = []int{1, 3, 10}
	}
	o.Draws = cmp.Or(o.Draws, 20)
	o.Neighbours = cmp.Or(o.Neighbours, 8)
	o.Reach = cmp.Or(o.Reach, DefaultReach)
	return o
}

// A Subject is a G whose latents are added and subtracted.
type Subject struct {
	G *model.G
	// Pools are the exemplars that draws are made from, latents.
	Pools Exemplars
	// Others are latents of no concept, [N, LatentDim], for a control.
	Others model.Tensor
	// Wanted is what results should be like; nil if nothing can tell.
	Wanted Wanted
	// Realism, if not nil, is the scale of D's logit.
	Realism Scale

	run model.RunOptions // of G
}

// A Measure is of results of several draws; its spreads are over those.
type Measure struct {
	// Wanted is the share, in [0, 1], of a draw's results that are as wanted;
	// nil where nothing can tell.
	Wanted *stats.Spread `json:"wanted"`
	// Logit is D's, the mean of a draw's results; nil without a D.
	Logit *stats.Spread `json:"logit"`
	// Apart is how far the result of a draw lies from the mean of all draws'
	// results, root mean square over pixels.
	Apart float64 `json:"apart"`
}

// A Stability is how A - B + C comes out with a number of exemplars a concept.
type Stability struct {
	Exemplars int `json:"exemplars"`
	Draws     int `json:"draws"`
	// Latents is the sum of latents: its image and its neighbours' images.
	Latents Measure `json:"latents"`
	// Random takes latents of no concept as A and B.
	Random Measure `json:"random"`
	// Unchanged is C alone, with the neighbours.
	Unchanged Measure `json:"unchanged"`
	// Pixels is the same sum of the exemplars' images.
	Pixels Measure `json:"pixels"`
}

// MeasureStability draws exemplars from the pools and measures what becomes of their
// sum, beside three controls. A count is left out unless every pool holds more:
// all draws would be alike. Draws of one pool share exemplars, and the larger a
// part of the pool each draw takes, the more they share: spreads are then smaller
// than with exemplars that are chosen anew.
//
// G runs by run. Statistics of the batch are refused: a result would depend on the
// others. ctx is heeded between draws.
func MeasureStability(ctx context.Context, s Subject, run model.RunOptions, opt Options) ([]Stability, error) {
	opt = opt.filled()
	s.run = run
	if err := s.check(); err != nil {
		return nil, err
	}
	images, err := s.poolImages()
	if err != nil {
		return nil, err
	}
	var counts []int
	for _, k := range opt.Counts {
		if k < 1 {
			return nil, fmt.Errorf("vector: %d exemplars, want 1 or more", k)
		}
		if k < min(s.Pools.A.Len(), s.Pools.B.Len(), s.Pools.C.Len()) && k <= s.Others.Len()/2 {
			counts = append(counts, k)
		}
	}
	var out []Stability
	for i, k := range counts {
		opt.Say(fmt.Sprintf("%d exemplars", k), i, len(counts))
		p, err := s.stability(ctx, k, images, opt)
		if err != nil {
			return nil, err
		}
		out = append(out, *p)
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

// stability measures one count.
func (s *Subject) stability(ctx context.Context, k int, images Exemplars, opt Options) (*Stability, error) {
	var latents, unrelated, unchanged, pixels gathering
	for d := range opt.Draws {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r := random.At(opt.Seed, forDraws, d)
		a, b, c := r.Perm(s.Pools.A.Len())[:k], r.Perm(s.Pools.B.Len())[:k], r.Perm(s.Pools.C.Len())[:k]
		others := random.At(opt.Seed, forControls, d).Perm(s.Others.Len())[:2*k]
		exemplars := Exemplars{probe.Pick(s.Pools.A, a), probe.Pick(s.Pools.B, b), probe.Pick(s.Pools.C, c)}
		alone := exemplars
		alone.B = alone.A
		control := Exemplars{probe.Pick(s.Others, others[:k]), probe.Pick(s.Others, others[k:]), exemplars.C}
		for _, g := range []struct {
			to *gathering
			of Exemplars
		}{{&latents, exemplars}, {&unrelated, control}, {&unchanged, alone}} {
			if err := s.draw(ctx, g.to, g.of, opt, d); err != nil {
				return nil, err
			}
		}
		x, err := Exemplars{probe.Pick(images.A, a), probe.Pick(images.B, b), probe.Pick(images.C, c)}.Pixels()
		if err != nil {
			return nil, err
		}
		if err := s.look(ctx, &pixels, x); err != nil {
			return nil, err
		}
	}
	return &Stability{Exemplars: k, Draws: opt.Draws, Latents: latents.measure(), Random: unrelated.measure(),
		Unchanged: unchanged.measure(), Pixels: pixels.measure()}, nil
}

// draw gathers the images of a sum of latents and of its neighbours.
func (s *Subject) draw(ctx context.Context, to *gathering, e Exemplars, opt Options, draw int) error {
	y, err := e.Sum()
	if err != nil {
		return err
	}
	x, err := s.G.Generate(Around(y, max(opt.Neighbours, 0), opt.Reach, opt.Seed+uint64(draw)), s.run)
	if err != nil {
		return err
	}
	return s.look(ctx, to, x)
}

// look gathers what is to be said of one draw's images.
func (s *Subject) look(ctx context.Context, to *gathering, x model.Tensor) error {
	to.centres = append(to.centres, x.Row(0))
	if s.Wanted != nil {
		met, err := s.Wanted.Met(ctx, x)
		if err != nil {
			return err
		}
		to.wanted = append(to.wanted, stats.Share(met))
	}
	if s.Realism != nil {
		v, err := s.Realism(ctx, x)
		if err != nil {
			return err
		}
		to.logits = append(to.logits, stat.Mean(v, nil))
	}
	return nil
}

// A gathering is one number a draw.
type gathering struct {
	wanted, logits []float64
	centres        [][]float32
}

func (g *gathering) measure() (m Measure) {
	if g.wanted != nil {
		s := stats.SpreadOf(g.wanted)
		m.Wanted = &s
	}
	if g.logits != nil {
		s := stats.SpreadOf(g.logits)
		m.Logit = &s
	}
	var sum float64
	width := len(g.centres[0])
	for j := range width {
		var mean float64
		for _, c := range g.centres {
			mean += float64(c[j]) / float64(len(g.centres))
		}
		for _, c := range g.centres {
			d := float64(c[j]) - mean
			sum += d * d
		}
	}
	m.Apart = math.Sqrt(sum / float64(width*len(g.centres)))
	return m
}
