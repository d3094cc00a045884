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
	// Area and Score are the judge's, ScorerArea and ScorerScore the scorer's.
	Area, Score, ScorerArea, ScorerScore stats.Interval
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

// seen is what those who look say of each sample.
type seen struct {
	judge                   model.Tensor // maps
	area, score             []float64
	scorerArea, scorerScore []float64
	logit                   []float64
	features                model.Tensor // of D
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
	b.x, err = probe.Gather(ctx, opt.Samples, batch, func(from, to int) (model.Tensor, error) {
		return s.generate(b.z.Slice(from, to), nil)
	})
	if err != nil {
		return nil, err
	}
	if b.seen, err = b.look(ctx, b.x); err != nil {
		return nil, err
	}
	b.Area, b.Score = b.mean(b.seen.area), b.mean(b.seen.score)
	if s.Scorer != nil {
		b.ScorerArea, b.ScorerScore = b.mean(b.seen.scorerArea), b.mean(b.seen.scorerScore)
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
	side := b.seen.judge.Shape[1]
	for i := range b.x.Len() {
		b.outside = append(b.outside, outside(b.seen.judge.Row(i), side, cfg.Size))
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
	b.other, err = probe.Gather(ctx, n, batch, func(from, to int) (model.Tensor, error) {
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

// look asks the viewers about images.
func (b *Baseline) look(ctx context.Context, x model.Tensor) (*seen, error) {
	s, out := b.subject, &seen{}
	var scorer model.Tensor
	err := probe.InParts(ctx, x.Len(), batch, func(from, to int) error {
		part := x.Slice(from, to)
		maps, err := s.Judge.Scores(part, s.viewing())
		if err != nil {
			return err
		}
		out.judge = joined(out.judge, maps)
		if s.Scorer != nil {
			if maps, err = s.Scorer.Scores(part, s.viewing()); err != nil {
				return err
			}
			scorer = joined(scorer, maps)
		}
		if s.D != nil {
			// The second layer tells damage: its field of view is small enough to keep
			// windows and what is outside of them apart.
			layers := s.D.Layers()
			last := len(layers) - 1
			acts, err := s.D.Activations(part, []model.Point{{Layer: layers[min(1, last)].Name}, {Layer: layers[last].Name}}, s.viewing())
			if err != nil {
				return err
			}
			out.features = joined(out.features, acts[0])
			for _, v := range acts[1].Data {
				out.logit = append(out.logit, float64(v))
			}
		}
		return nil
	})
	for i := range out.judge.Len() {
		out.area = append(out.area, areaOf(out.judge.Row(i)))
		out.score = append(out.score, meanOf(out.judge.Row(i)))
	}
	for i := range scorer.Len() {
		out.scorerArea = append(out.scorerArea, areaOf(scorer.Row(i)))
		out.scorerScore = append(out.scorerScore, meanOf(scorer.Row(i)))
	}
	return out, err
}

func joined(a, b model.Tensor) model.Tensor {
	if a.Len() == 0 {
		return b
	}
	a.Shape = append([]int{a.Shape[0] + b.Shape[0]}, a.Shape[1:]...)
	a.Data = append(a.Data, b.Data...)
	return a
}

func areaOf(m []float32) float64 {
	n := 0
	for _, v := range m {
		if v >= present {
			n++
		}
	}
	return float64(n) / float64(len(m))
}

func meanOf(m []float32) (sum float64) {
	for _, v := range m {
		sum += float64(v)
	}
	return sum / float64(len(m))
}
