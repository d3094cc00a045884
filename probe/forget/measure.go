package forget

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"dcganviz/model"
	"dcganviz/probe/kid"
	"dcganviz/probe/score"
)

// MeasureOptions say what interventions are measured on.
type MeasureOptions struct {
	// Samples is how many new samples. 0 means 500.
	Samples int
	// Seed decides the samples and the bootstrap.
	Seed uint64
}

// An Outcome is what an intervention did, over samples that nothing was fitted
// on. Figures with an interval are means with the bootstrap's 95%, samples
// drawn with replacement.
type Outcome struct {
	// Area is the fraction of an image that the judge takes for the concept,
	// and Score its mean score, with the intervention.
	Area  score.Interval `json:"area"`
	Score score.Interval `json:"score"`
	// Removed is 1 - Area / the area before.
	Removed score.Interval `json:"removed"`
	// ScorerArea and ScorerRemoved are the same, by the scorer.
	ScorerArea    score.Interval `json:"scorer_area"`
	ScorerRemoved score.Interval `json:"scorer_removed"`
	// OutsideRMSE is the root of the mean squared change of pixels, of range
	// [-1, 1], more than 4 px from every location that the judge gave over 0.2
	// before; OutsideFeatures the distance of D's features there, relative to
	// their own length.
	OutsideRMSE     score.Interval `json:"outside_rmse"`
	OutsideFeatures score.Interval `json:"outside_features"`
	// DLogit is the mean change of D's logit, Logit its mean with the
	// intervention.
	DLogit score.Interval `json:"dlogit"`
	Logit  score.Interval `json:"logit"`
	// KID is the kernel inception distance, on the features of a random net,
	// to other samples that nothing was done to.
	KID kid.Distance `json:"kid"`
}

// A Baseline is samples as G draws them, and what is seen in them.
type Baseline struct {
	subject *Subject
	opt     MeasureOptions
	z, x    model.Tensor
	// Area and Score are the judge's, ScorerArea the scorer's.
	Area, Score, ScorerArea score.Interval
	// KID is that of the samples as they are: what chance makes of it.
	KID kid.Distance
	// Logit is the mean of D's logits; LogitLo and LogitHi hold 95% of samples.
	Logit            score.Interval
	LogitLo, LogitHi float64

	seen    *seen
	outside [][]bool // by sample, pixels
	far     [][]bool // by sample, locations of D's features
	random  *kid.Net
	other   model.Tensor // its features of samples of their own
}

// seen is what those who look say of each sample.
type seen struct {
	judge, scorer     model.Tensor // maps
	area, score       []float64
	scorerArea, logit []float64
	features          model.Tensor // of D
}

// present is the score from which a viewer is taken to see the concept, near
// that from which a pixel counts as near it.
const (
	present = .5
	near    = .2
	nearPx  = 4
)

// Baseline draws the samples that interventions are measured on.
func (s *Subject) Baseline(ctx context.Context, opt MeasureOptions) (*Baseline, error) {
	if opt.Samples == 0 {
		opt.Samples = 500
	}
	if s.Judge == nil {
		return nil, fmt.Errorf("forget: no judge to measure with")
	}
	cfg := s.G.Config()
	b := &Baseline{subject: s, opt: opt, z: s.latents(opt.Seed, 0, opt.Samples),
		x: model.NewTensor(opt.Samples, cfg.Size, cfg.Size, cfg.Channels)}
	err := eachBatch(ctx, opt.Samples, func(from, to int) error {
		x, err := s.generate(b.z.Slice(from, to), nil)
		if err == nil {
			copy(b.x.Slice(from, to).Data, x.Data)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if b.seen, err = b.look(ctx, b.x); err != nil {
		return nil, err
	}
	b.Area = b.mean(b.seen.area)
	b.Score = b.mean(b.seen.score)
	b.ScorerArea = b.mean(b.seen.scorerArea)
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
	if b.random, err = kid.NewNet(cfg.Size, cfg.Channels); err != nil {
		return err
	}
	n := b.x.Len()
	err = eachBatch(ctx, n, func(from, to int) error {
		x, err := b.subject.generate(b.subject.latents(b.opt.Seed, n+from, to-from), nil)
		if err != nil {
			return err
		}
		f, err := b.random.Features(x, b.subject.viewing())
		b.other = joined(b.other, f)
		return err
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
	err := eachBatch(ctx, x.Len(), func(from, to int) error {
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
			out.scorer = joined(out.scorer, maps)
		}
		if s.D != nil {
			acts, err := s.D.Activations(part, []model.Point{{Layer: s.damageLayer()}, {Layer: last(s.D.Layers()).Name}}, s.viewing())
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
	for i := range out.scorer.Len() {
		out.scorerArea = append(out.scorerArea, areaOf(out.scorer.Row(i)))
	}
	return out, err
}

func last[T any](v []T) T { return v[len(v)-1] }

// damageLayer is the layer of D whose features tell damage: the second, small
// enough a field of view to keep windows and what is outside of them apart.
func (s *Subject) damageLayer() string {
	layers := s.D.Layers()
	return layers[min(1, len(layers)-1)].Name
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

// outside returns which pixels of an image lie more than nearPx from every
// location, of side x side, with a score over near.
func outside(m []float32, side, size int) []bool {
	out := make([]bool, size*size)
	for i := range out {
		out[i] = true
	}
	for at, v := range m {
		if v <= near {
			continue
		}
		y0, y1 := at/side*size/side, (at/side+1)*size/side
		x0, x1 := at%side*size/side, (at%side+1)*size/side
		for y := max(0, y0-nearPx); y < min(size, y1+nearPx); y++ {
			for x := max(0, x0-nearPx); x < min(size, x1+nearPx); x++ {
				out[y*size+x] = false
			}
		}
	}
	return out
}

// covered returns which locations of a grid lie wholly in pixels that are set.
func covered(pixels []bool, size, h, w int) []bool {
	out := make([]bool, h*w)
	for at := range out {
		out[at] = true
		y0, y1 := span(at/w, h, size)
		x0, x1 := span(at%w, w, size)
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				out[at] = out[at] && pixels[y*size+x]
			}
		}
	}
	return out
}

// featureDistance compares D's features far from the concept.
func (b *Baseline) featureDistance(after model.Tensor) score.Interval {
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
	after, err := b.look(ctx, x)
	if err != nil {
		return nil, err
	}
	o := &Outcome{Area: b.mean(after.area), Score: b.mean(after.score),
		Removed: b.removed(b.seen.area, after.area), OutsideRMSE: b.rmse(x)}
	if after.scorerArea != nil {
		o.ScorerArea = b.mean(after.scorerArea)
		o.ScorerRemoved = b.removed(b.seen.scorerArea, after.scorerArea)
	}
	if after.logit != nil {
		o.Logit = b.mean(after.logit)
		change := make([]float64, len(after.logit))
		for i := range change {
			change[i] = after.logit[i] - b.seen.logit[i]
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
	return o, nil
}

// Draw returns the baseline's samples drawn with an intervention.
func (b *Baseline) Draw(ctx context.Context, v *Intervention) (model.Tensor, error) {
	out := model.NewTensor(b.x.Shape...)
	err := eachBatch(ctx, b.x.Len(), func(from, to int) error {
		x, err := v.Draw(ctx, b.z.Slice(from, to), b.x.Slice(from, to))
		if err == nil {
			copy(out.Slice(from, to).Data, x.Data)
		}
		return err
	})
	return out, err
}

// rmse compares pixels outside.
func (b *Baseline) rmse(x model.Tensor) score.Interval {
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

func (b *Baseline) removed(before, after []float64) score.Interval {
	return b.interval(len(after), func(weight []float64) float64 {
		return 1 - ratio(weighted(weight, after), weighted(weight, before))
	})
}

func (b *Baseline) mean(v []float64) score.Interval {
	return b.interval(len(v), func(weight []float64) float64 {
		return weighted(weight, v) / float64(len(v))
	})
}

// ratio is 0 of nothing: no pixel lies outside, or nothing is there to remove.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

func weighted(weight, v []float64) (sum float64) {
	for i, w := range weight {
		sum += w * v[i]
	}
	return sum
}

const resamples = 1000

// forBootstrap keeps the bootstrap's draws apart from other uses of a seed.
const forBootstrap = 0x626f6f7473747261

// interval returns a figure of n samples, each counted as often as its weight
// says, and the percentile interval of the bootstrap.
func (b *Baseline) interval(n int, figure func(weight []float64) float64) score.Interval {
	weight := make([]float64, n)
	for i := range weight {
		weight[i] = 1
	}
	out := score.Interval{Mean: figure(weight)}
	rng := rand.New(rand.NewPCG(b.opt.Seed, forBootstrap))
	draws := make([]float64, resamples)
	for k := range draws {
		clear(weight)
		for range n {
			weight[rng.IntN(n)]++
		}
		draws[k] = figure(weight)
	}
	slices.Sort(draws)
	out.Lo, out.Hi = draws[resamples/40], draws[resamples-1-resamples/40]
	return out
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
