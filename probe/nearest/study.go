package nearest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/features"
	"dcganviz/probe/stats"
)

// Pictures are the three sets that are compared, each [N, H, W, C] in [-1, 1].
type Pictures struct {
	// Training is what the model was trained on, or a part of it.
	Training model.Tensor
	// Heldout is real pictures of the same sort that it was not trained on.
	Heldout model.Tensor
	// Samples is what G draws.
	Samples model.Tensor
}

// Options say how a study is made. The zero value is the default.
type Options struct {
	// Settings: the seed decides the control's changes and the intervals.
	probe.Settings
	// Neighbours is how many training pictures are found for each sample. Zero: 5.
	Neighbours int
	// Mirrors says that the model was trained on mirror images, too: each picture is
	// compared as it is and mirrored, and the control mirrors every second copy.
	Mirrors bool
	// TrainedOn is how many pictures the model was trained on, mirror images not counted,
	// of which Training are those at hand. Zero: those are all.
	TrainedOn int
}

// least is how many pictures a set needs: a twentieth of them is one.
const least = 20

// A Report is what a study finds.
type Report struct {
	Training   int `json:"training"`
	Heldout    int `json:"heldout"`
	Samples    int `json:"samples"`
	Neighbours int `json:"neighbours"`
	// TrainedOn is how many pictures the model was trained on.
	TrainedOn int `json:"trained_on"`
	// Mirrors says that mirror images were searched for, too.
	Mirrors bool `json:"mirrors,omitempty"`
	// Chance is the fraction of held-out pictures below a cut.
	Chance float64 `json:"chance"`
	// Spaces are pixels, and features if there is a D that sees differences.
	Spaces []Space `json:"spaces"`
	// Blind says that there are no features because all pictures look alike to D.
	Blind bool `json:"blind,omitempty"`
	// Memoriser is the pictures of the control, [N, H, W, C].
	Memoriser model.Tensor `json:"-"`
}

// A Space is the answer of one way to measure distances.
type Space struct {
	// Name is pixels or features.
	Name string `json:"name"`
	// Unit says what a distance is.
	Unit string `json:"unit"`
	// NearerThan and RelativeBelow are the cuts. The fraction Chance of the held-out
	// pictures is nearer to the training pictures than NearerThan, and the same fraction
	// has a relative distance below RelativeBelow.
	NearerThan    float64 `json:"nearer_than"`
	RelativeBelow float64 `json:"relative_below"`
	Samples       Group   `json:"samples"`
	Heldout       Group   `json:"heldout"`
	// Memoriser is the control: copies of training pictures that were searched. Others is
	// copies of held-out pictures, which stand for training pictures that were not.
	Memoriser Group `json:"memoriser"`
	Others    Group `json:"others"`
	// Test says whether samples are copies, and Control the same of Memoriser.
	Test    Test `json:"test"`
	Control Test `json:"control"`
}

// A Group is what is found of one set of pictures, with 95% intervals.
type Group struct {
	// Median is the median distance to the nearest training picture.
	Median stats.Interval `json:"median"`
	// Relative is the median of relative distances. A relative distance is the
	// distance to the nearest training picture, divided by the distance to the one
	// after the last neighbour. It does not fall for pictures that are near to
	// everything, as blurred ones are.
	Relative stats.Interval `json:"relative"`
	// AUC is the probability that a picture is nearer than a held-out one: 0.5
	// for pictures of the same sort, 1 for copies.
	AUC stats.Interval `json:"auc"`
	// Nearer is the fraction of pictures that are nearer than the cut, Copies the
	// fraction below both cuts.
	Nearer stats.Interval `json:"nearer"`
	Copies stats.Interval `json:"copies"`
	// Flagged says that Copies are more than the held-out pictures have by chance: P and
	// PNearer of the Test are at most 0.025.
	Flagged bool `json:"flagged"`
	// Hits are each picture's nearest training pictures, [N][Neighbours], nil for
	// held-out pictures and their copies. Distances are the distances of each picture's first.
	Hits      [][]Hit   `json:"nearest,omitempty"`
	Distances []float64 `json:"distances"`

	relative []float64
}

// chance is the fraction of held-out pictures below a cut.
const chance = 0.05

// Study compares the pictures, in pixels, and unless d is nil in its features.
// Each set needs 20 pictures or more, and training one more than Neighbours.
//
// A distance in pixels is the root mean square error, of values in [-1, 1]. One
// in features is Euclidean, with D's layers weighed alike by the training
// pictures (features.Weigh). d is not modified.
func Study(ctx context.Context, p Pictures, d *model.D, run model.RunOptions, opt Options) (*Report, error) {
	opt.Neighbours = cmp.Or(opt.Neighbours, 5)
	if err := p.check(opt); err != nil {
		return nil, err
	}
	r := &Report{Training: p.Training.Len(), Heldout: p.Heldout.Len(), Samples: p.Samples.Len(), Neighbours: opt.Neighbours, Chance: chance,
		TrainedOn: max(opt.TrainedOn, p.Training.Len()), Mirrors: opt.Mirrors}
	r.Memoriser = memorise(p.Training, p.Samples.Len(), opt.Seed, opt.Mirrors)
	sets := []model.Tensor{p.Heldout, p.Samples, r.Memoriser, memorise(p.Heldout, p.Samples.Len(), opt.Seed+1, opt.Mirrors)}
	parts := 1
	if d != nil {
		parts += len(sets) + 2
	}
	done := func(i int) { opt.Say("parts", i, parts) }
	looks := make([]look, len(sets))
	for i, x := range sets {
		looks[i].own = x
		if opt.Mirrors {
			looks[i].mirrored = mirrored(x)
		}
	}
	values := len(p.Training.Row(0))
	if err := r.space(ctx, "pixels", "RMSE of values in [-1, 1]", 1/math.Sqrt(float64(values)), p.Training, looks, run.Pool, opt); err != nil || d == nil {
		return r, err
	}
	done(1)
	training, err := features.Of(ctx, d, p.Training, run)
	if err != nil {
		return nil, err
	}
	weighting, err := features.Weigh(d, training)
	if errors.Is(err, features.ErrAlike) {
		r.Blind = true
		done(parts)
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	weighting.Apply(training)
	for i, l := range looks {
		for _, x := range []*model.Tensor{&l.own, &l.mirrored} {
			if x.Shape == nil {
				continue
			}
			if *x, err = features.Of(ctx, d, *x, run); err != nil {
				return nil, err
			}
			weighting.Apply(*x)
		}
		looks[i] = l
		done(2 + i)
	}
	err = r.space(ctx, "features", "root mean square distance of two training pictures in D's features, layers weighed alike", 1, training, looks, run.Pool, opt)
	done(parts)
	return r, err
}

func (p Pictures) check(opt Options) error {
	for _, s := range []struct {
		name  string
		x     model.Tensor
		least int
	}{{"training pictures", p.Training, max(least, opt.Neighbours+1)}, {"held-out pictures", p.Heldout, least}, {"samples", p.Samples, least}} {
		if len(s.x.Shape) != 4 || !slices.Equal(s.x.Shape[1:], p.Training.Shape[1:]) {
			return fmt.Errorf("nearest: %s of shape %v, want [N H W C] as the training pictures, %v", s.name, s.x.Shape, p.Training.Shape)
		}
		if s.x.Len() < s.least {
			return fmt.Errorf("nearest: %d %s, want %d or more", s.x.Len(), s.name, s.least)
		}
	}
	if opt.Neighbours < 1 {
		return fmt.Errorf("nearest: %d neighbours, want 1 or more", opt.Neighbours)
	}
	return nil
}

// space adds the answer of one space; unit scales distances there. looks are the held-out
// pictures, the samples, and the copies of training and of held-out pictures.
func (r *Report) space(ctx context.Context, name, says string, unit float64, training model.Tensor, looks []look, pool *model.Pool, opt Options) error {
	s := Space{Name: name, Unit: says}
	groups := []*Group{&s.Heldout, &s.Samples, &s.Memoriser, &s.Others}
	found := make([][][]Hit, len(groups))
	for i, g := range groups {
		hits, err := looks[i].nearestTo(ctx, pool, training, opt.Neighbours+1)
		if err != nil {
			return fmt.Errorf("%w (%s)", err, name)
		}
		for _, h := range hits {
			for j := range h {
				h[j].Distance *= unit
			}
			if g == &s.Samples || g == &s.Memoriser {
				g.Hits = append(g.Hits, h[:len(h)-1])
			}
			g.add(h)
		}
		found[i] = hits
	}
	s.NearerThan, s.RelativeBelow = quantiles(s.Heldout.pairs(), chance)
	for _, g := range groups {
		if err := g.compare(&s.Heldout, opt.Seed); err != nil {
			return err
		}
	}
	n, m, expected := len(s.Samples.Distances), len(s.Heldout.Distances), s.Heldout.below(&s)
	searched := float64(r.Training) / float64(r.TrainedOn)
	seen, unseen := float64(s.Memoriser.below(&s))/float64(n), float64(s.Others.below(&s))/float64(n)
	for i, c := range []struct {
		g *Group
		t *Test
	}{{&s.Samples, &s.Test}, {&s.Memoriser, &s.Control}} {
		*c.t = test(c.g.below(&s), n, expected, m, searched, seen, unseen)
		if err := c.t.besideStrangers(ctx, pool, looks[1+i], found[1+i], unit, r.Training, looks[0].own, opt.Seed); err != nil {
			return fmt.Errorf("%w (%s)", err, name)
		}
	}
	s.Samples.Flagged, s.Memoriser.Flagged = s.Test.flagged(), s.Control.flagged()
	r.Spaces = append(r.Spaces, s)
	return nil
}
