package forget

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/kid"
	"dcganviz/probe/stats"
)

// A Baseline is samples as G draws them, and what is seen in them.
type Baseline struct {
	subject *Subject
	opt     MeasureOptions
	z, x    model.Tensor
	// Area and Score are the judge's, ScorerArea and ScorerScore the scorer's,
	// GuideArea and GuideScore the second scorer's.
	Area, Score, ScorerArea, ScorerScore, GuideArea, GuideScore stats.Interval
	// KID compares the samples, as they are, with others: what chance makes of it.
	KID kid.Distance
	// Logit is the mean of D's logits; LogitLo and LogitHi hold 95% of samples.
	Logit            stats.Interval
	LogitLo, LogitHi float64

	seen *seen
	// photographs is what is seen in the subject's photographs, in as many as there
	// are samples at most; nil without photographs.
	photographs *seen
	outside     [][]bool // by sample, pixels
	far         [][]bool // by sample, locations of D's features
	random      *kid.Net
	other       model.Tensor // its features of samples of their own
}

const (
	present = .5 // at or above this score a viewer sees the concept
	near    = .2 // locations above this score count as near the concept
	nearPx  = 4  // and so do pixels this close to one of them
)

// Baseline draws the samples that interventions are measured on, by default 500. G runs
// by run, whose Masks and Edits are not used.
func (s Subject) Baseline(ctx context.Context, run model.RunOptions, opt MeasureOptions) (*Baseline, error) {
	opt.Samples = cmp.Or(opt.Samples, 500)
	if s.Judge == nil {
		return nil, fmt.Errorf("forget: no judge to measure with")
	}
	if err := s.checkPhotographs(); err != nil {
		return nil, err
	}
	cfg := s.G.Config()
	s.run = run
	b := &Baseline{subject: &s, opt: opt, z: s.latents(opt.Seed, 0, opt.Samples)}
	var err error
	b.x, err = probe.Gather(ctx, opt.Samples, s.batch(), func(from, to int) (model.Tensor, error) {
		return s.generate(b.z.Slice(from, to), nil)
	})
	if err != nil {
		return nil, err
	}
	if b.seen, err = b.look(ctx, b.x); err != nil {
		return nil, err
	}
	b.Area, b.Score = b.mean(b.seen.judge.area), b.mean(b.seen.judge.score)
	if s.Scorer != nil {
		b.ScorerArea, b.ScorerScore = b.mean(b.seen.scorer.area), b.mean(b.seen.scorer.score)
	}
	if s.Second != nil {
		b.GuideArea, b.GuideScore = b.mean(b.seen.second.area), b.mean(b.seen.second.score)
	}
	if n := min(s.Photographs.Len(), opt.Samples); n > 0 {
		if b.photographs, err = b.viewers().look(ctx, s.Photographs.Slice(0, n)); err != nil {
			return nil, err
		}
	}
	if s.D != nil {
		b.Logit = b.mean(b.seen.logit)
		sorted := slices.Sorted(slices.Values(b.seen.logit))
		b.LogitLo, b.LogitHi = sorted[len(sorted)/40], sorted[len(sorted)-1-len(sorted)/40]
	}
	side := b.seen.maps.Shape[1]
	for i := range b.x.Len() {
		b.outside = append(b.outside, outside(b.seen.maps.Row(i), side, cfg.Size))
		if s.D != nil {
			b.far = append(b.far, covered(b.outside[i], cfg.Size, b.seen.features.Shape[1], b.seen.features.Shape[2]))
		}
	}
	return b, b.others(ctx)
}

// others takes the random net's features of as many samples that nothing is
// done to, to compare with.
func (b *Baseline) others(ctx context.Context) (err error) {
	cfg := b.subject.G.Config()
	if b.random, err = kid.NewNet(cfg.Dims()); err != nil {
		return err
	}
	n := b.x.Len()
	b.other, err = probe.Gather(ctx, n, b.subject.batch(), func(from, to int) (model.Tensor, error) {
		x, err := b.subject.generate(b.subject.latents(b.opt.Seed, n+from, to-from), nil)
		if err != nil {
			return x, err
		}
		return b.random.Features(x, b.subject.viewing())
	})
	if err != nil {
		return err
	}
	features, err := b.random.Features(b.x, b.subject.viewing())
	if err == nil {
		b.KID, err = kid.Between(features, b.other)
	}
	return err
}
