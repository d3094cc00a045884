package forget

import (
	"context"
	"math"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/kid"
	"dcganviz/probe/stats"
)

// MeasureOptions say what is measured on. What takes them says which Samples and Draws
// a 0 means.
type MeasureOptions struct {
	Samples int
	// Draws of units at random, where controls are measured.
	Draws int
	// Seed decides everything that is drawn at random.
	Seed uint64
}

// An Outcome is what an intervention did, over samples that nothing was fitted
// on. Figures with an interval are means with the bootstrap's 95%, samples
// drawn with replacement.
type Outcome struct {
	// Area is the fraction of an image that the judge takes for the concept,
	// and Score its mean score, with the intervention.
	Area  stats.Interval `json:"area"`
	Score stats.Interval `json:"score"`
	// Removed is 1 - Area / the area before; 0 if there was none.
	Removed stats.Interval `json:"removed"`
	// ScorerArea and ScorerRemoved are the same, by the scorer.
	ScorerArea    stats.Interval `json:"scorer_area"`
	ScorerScore   stats.Interval `json:"scorer_score"`
	ScorerRemoved stats.Interval `json:"scorer_removed"`
	// GuideArea and GuideRemoved are the same, by the second scorer.
	GuideArea    stats.Interval `json:"guide_area,omitzero"`
	GuideScore   stats.Interval `json:"guide_score,omitzero"`
	GuideRemoved stats.Interval `json:"guide_removed,omitzero"`
	// OutsideRMSE is the root of the mean squared change of pixels, of range
	// [-1, 1], more than 4 px from every location that the judge gave over 0.2
	// before; OutsideFeatures the distance of D's features there, relative to
	// their own length.
	OutsideRMSE     stats.Interval `json:"outside_rmse"`
	OutsideFeatures stats.Interval `json:"outside_features"`
	// DLogit is the mean change of D's logit, Logit its mean with the
	// intervention.
	DLogit stats.Interval `json:"dlogit"`
	Logit  stats.Interval `json:"logit"`
	// LogitWithin is the fraction of samples whose logit lies where 95% of the
	// logits lie when nothing is done.
	LogitWithin float64 `json:"logit_within"`
	// KID is the kernel inception distance, on the features of a random net,
	// to other samples that nothing was done to.
	KID kid.Distance `json:"kid"`
	// Recolouring is measured where the subject has photographs.
	Recolouring *Recolouring `json:"recolouring,omitempty"`
}

// featureDistance compares D's features far from the concept.
func (b *Baseline) featureDistance(after model.Tensor) stats.Interval {
	n, units := after.Len(), after.Shape[3]
	change, length := make([]float64, n), make([]float64, n)
	for i := range n {
		was, is := b.seen.features.Row(i), after.Row(i)
		for at, far := range b.far[i] {
			if !far {
				continue
			}
			for k := at * units; k < (at+1)*units; k++ {
				d := float64(is[k]) - float64(was[k])
				change[i] += d * d
				length[i] += float64(was[k]) * float64(was[k])
			}
		}
	}
	return b.interval(n, func(weight []float64) float64 {
		return math.Sqrt(ratio(weighted(weight, change), weighted(weight, length)))
	})
}

// Measure draws the samples with an intervention and compares.
func (b *Baseline) Measure(ctx context.Context, v *Intervention) (*Outcome, error) {
	x, err := b.Draw(ctx, v)
	if err != nil {
		return nil, err
	}
	return b.compare(ctx, x)
}

// compare compares x, the samples drawn with an intervention, with the baseline.
func (b *Baseline) compare(ctx context.Context, x model.Tensor) (*Outcome, error) {
	after, err := b.look(ctx, x)
	if err != nil {
		return nil, err
	}
	o := &Outcome{Area: b.mean(after.judge.area), Score: b.mean(after.judge.score),
		Removed: b.removed(b.seen.judge.area, after.judge.area), OutsideRMSE: b.rmse(x)}
	if s := after.scorer; s.area != nil {
		o.ScorerArea, o.ScorerScore, o.ScorerRemoved = b.mean(s.area), b.mean(s.score), b.removed(b.seen.scorer.area, s.area)
	}
	if s := after.second; s.area != nil {
		o.GuideArea, o.GuideScore, o.GuideRemoved = b.mean(s.area), b.mean(s.score), b.removed(b.seen.second.area, s.area)
	}
	if after.logit != nil {
		o.Logit = b.mean(after.logit)
		change := make([]float64, len(after.logit))
		for i := range change {
			change[i] = after.logit[i] - b.seen.logit[i]
			if b.LogitLo <= after.logit[i] && after.logit[i] <= b.LogitHi {
				o.LogitWithin += 1 / float64(len(change))
			}
		}
		o.DLogit = b.mean(change)
		o.OutsideFeatures = b.featureDistance(after.features)
	}
	features, err := b.random.Features(x, b.subject.viewing())
	if err != nil {
		return nil, err
	}
	if o.KID, err = kid.Between(features, b.other); err != nil {
		return nil, err
	}
	if o.Recolouring, err = b.recolouring(ctx, x, after); err != nil {
		return nil, err
	}
	return o, nil
}

// Draw returns the baseline's samples drawn with an intervention.
func (b *Baseline) Draw(ctx context.Context, v *Intervention) (model.Tensor, error) {
	return probe.Gather(ctx, b.x.Len(), b.subject.batch(), func(from, to int) (model.Tensor, error) {
		return v.Draw(ctx, b.z.Slice(from, to), b.x.Slice(from, to))
	})
}

// rmse compares pixels outside.
func (b *Baseline) rmse(x model.Tensor) stats.Interval {
	sums, counts := b.squares(x)
	return b.interval(x.Len(), func(weight []float64) float64 {
		return math.Sqrt(ratio(weighted(weight, sums), weighted(weight, counts)))
	})
}

// squares returns, by sample, the squared change of the pixels outside added
// up, and how many numbers that is.
func (b *Baseline) squares(x model.Tensor) (sums, counts []float64) {
	sums, counts = make([]float64, x.Len()), make([]float64, x.Len())
	c := x.Shape[3]
	for i := range x.Len() {
		was, is := b.x.Row(i), x.Row(i)
		for at, out := range b.outside[i] {
			if !out {
				continue
			}
			for k := at * c; k < (at+1)*c; k++ {
				d := float64(is[k]) - float64(was[k])
				sums[i] += d * d
			}
			counts[i] += float64(c)
		}
	}
	return sums, counts
}
