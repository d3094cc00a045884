package forget

import (
	"context"
	"math"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/score"
	"dcganviz/probe/stats"
)

// A Recolouring tells whether the viewers react to colours in place of the concept. They
// look at real photographs in which only colours and contrast are changed, each as an
// intervention changes the colours and the contrast of one sample.
type Recolouring struct {
	Photographs int   `json:"photographs"`
	Judge       Moved `json:"judge"`
	Scorer      Moved `json:"scorer"`
}

// Moved is how far a viewer's mean score moves, as a share of what it was: above
// zero where it rises.
type Moved struct {
	// Recoloured is by colours alone, on photographs; its interval is over
	// these. Effect is by the intervention, on samples.
	Recoloured stats.Interval `json:"recoloured"`
	Effect     stats.Interval `json:"effect"`
	// Share is |Recoloured| / |Effect|, which tells nothing near no effect.
	Share float64 `json:"share"`
}

func (s *Subject) checkPhotographs() error {
	x, cfg := s.Photographs, s.G.Config()
	if x.Len() > 0 && (len(x.Shape) != 4 || x.Shape[1] != cfg.Size || x.Shape[2] != cfg.Size || x.Shape[3] != cfg.Channels) {
		return probe.Input("forget: photographs are %v, want [N %d %d %d], as G draws", x.Shape, cfg.Size, cfg.Size, cfg.Channels)
	}
	return nil
}

// recolouring gives photographs the colours that after, the samples with an
// intervention, were given; nil without photographs. drawn is what is seen in
// after.
func (b *Baseline) recolouring(ctx context.Context, after model.Tensor, drawn *seen) (*Recolouring, error) {
	if b.photographs == nil {
		return nil, nil
	}
	n := len(b.photographs.judge.score)
	changed := b.subject.Photographs.Slice(0, n).Clone()
	for i := range n {
		change := score.Recolouring(b.x.Slice(i, i+1), after.Slice(i, i+1))
		copy(changed.Row(i), change.Apply(changed.Slice(i, i+1)).Data)
	}
	seen, err := b.viewers().look(ctx, changed)
	if err != nil {
		return nil, err
	}
	r := &Recolouring{Photographs: n, Judge: b.moved(b.photographs.judge, seen.judge, b.seen.judge, drawn.judge)}
	if drawn.scorer.score != nil {
		r.Scorer = b.moved(b.photographs.scorer, seen.scorer, b.seen.scorer, drawn.scorer)
	}
	return r, nil
}

// moved compares the scores of photographs, and the scores of samples.
func (b *Baseline) moved(was, recoloured, before, after sight) Moved {
	m := Moved{Recoloured: b.risen(was.score, recoloured.score), Effect: b.risen(before.score, after.score)}
	m.Share = ratio(math.Abs(m.Recoloured.Mean), math.Abs(m.Effect.Mean))
	return m
}

// risen is by what share of itself a mean rises.
func (b *Baseline) risen(before, after []float64) stats.Interval {
	return b.interval(len(after), func(weight []float64) float64 {
		was := weighted(weight, before)
		return ratio(weighted(weight, after)-was, was)
	})
}

// viewers is the baseline without D and the second scorer, which have no say in what
// the scorer and the judge see.
func (b *Baseline) viewers() *Baseline {
	only, s := *b, *b.subject
	s.D, s.Second = nil, nil
	only.subject = &s
	return &only
}
