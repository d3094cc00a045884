package train

import (
	"cmp"
	"errors"
	"fmt"
)

// Options say how to train. The zero value is the recipe of Radford et al.
// 2015 (arXiv:1511.06434), section 4.
//
// Everything here but Dataset is part of the run: a run resumes only with the
// options that it began with.
type Options struct {
	// Batch is the number of pictures a step. 0 means 128.
	Batch int `json:"batch"`
	// Seed decides every random number: weights, latents, order, flips and
	// augmentation.
	Seed uint64 `json:"seed"`

	// Rate is Adam's learning rate. 0 means 0.0002.
	Rate float64 `json:"rate"`
	// RateD is D's learning rate, if it differs. 0 means Rate.
	RateD float64 `json:"rate_d"`
	// Beta1 and Beta2 are the decays of Adam's moments. 0 means 0.5 and 0.999.
	Beta1 float64 `json:"beta1"`
	Beta2 float64 `json:"beta2"`
	// NoMomentum makes Beta1, which must be 0 then, stay 0: steps follow the
	// gradient of the moment alone, as in several recipes after the DCGAN's.
	NoMomentum bool `json:"no_momentum,omitempty"`
	// Eps is added to the root of Adam's second moment. 0 means 1e-8.
	Eps float64 `json:"eps"`
	// WeightDecay times a weight is added to its gradient, in both nets. 0 is
	// none; the authors' code has 1e-5 for faces and 2.5e-5 for digits.
	WeightDecay float64 `json:"weight_decay"`

	// Flips mirrors each real picture left to right with probability 1/2. The
	// paper does not.
	Flips bool `json:"flips"`
	// Augment is what D's inputs go through. 0 means nothing.
	Augment Augment `json:"augment"`
	// AugmentChance is the probability with which a picture gets each change of
	// Augment: brightness, saturation, contrast, place and cutout, one by one. 0 means
	// 1, but see AugmentTarget.
	AugmentChance float64 `json:"augment_chance,omitempty"`
	// AugmentTarget, if above 0, lets the probability follow D in place of
	// AugmentChance. It starts at 0. Every four steps it rises if the mean sign of D's
	// logits of real pictures was above AugmentTarget, and falls if it was below, at a
	// pace of 0 to 1 in 500,000 pictures (Karras et al. 2020, arXiv:2006.06676, section
	// 3, where the target is 0.6).
	AugmentTarget float64 `json:"augment_target,omitempty"`
	// Brightness is how much Color makes a picture brighter or darker at most, where
	// black is -1 and white 1. 0 means 0.5.
	Brightness float64 `json:"brightness,omitempty"`
	// Border is the value of what Translation lets in and Cutout cuts out: -1 is black,
	// 1 white. 0, mid-gray, leaves D without a measure: batch norm makes a D whose
	// layers have no biases blind to the scale of a batch, so the contrast of drawn
	// pictures may be any.
	Border float64 `json:"border,omitempty"`
	// LabelSmoothing lowers the target of real pictures from 1 to
	// 1-LabelSmoothing. The target of drawn ones stays 0 (one-sided: Salimans et
	// al. 2016, arXiv:1606.03498, section 3.4). 0 means no smoothing.
	LabelSmoothing float64 `json:"label_smoothing"`
	// EMA is the decay of a moving average of G's weights, which then is the
	// generator that the run is for. 0 means no average.
	EMA float64 `json:"ema"`

	// The learning rates fall in a straight line from step FallFrom, the last one of the
	// full rate, to 0 at the step after FallTo, which is the last step of the run. Both
	// 0: they do not fall. Both may be given when a run resumes whose rate has not begun
	// to fall.
	FallFrom int `json:"fall_from,omitempty"`
	FallTo   int `json:"fall_to,omitempty"`

	// Dataset says in words what the pictures are, for the model file. It is
	// no path, and may change when a run resumes.
	Dataset string `json:"-"`
	// ClassNames are the names of the classes, joined by commas, for the model file of
	// nets that are told one.
	ClassNames string `json:"-"`
}

// SmallData returns options for a few thousand pictures, where the paper's
// recipe lets D win within minutes: D sees pictures in changed colours and
// moved only, and is told 0.9 for real; the generator is a moving average of
// G. Callers add Flips if mirrored pictures are as good.
func SmallData() Options {
	return Options{Augment: Color | Translation, LabelSmoothing: 0.1, EMA: 0.999}
}

// filled returns o with its defaults put in, or an error that names the first
// field out of range.
func (o Options) filled() (Options, error) {
	o.Batch = cmp.Or(o.Batch, 128)
	o.Rate = cmp.Or(o.Rate, 2e-4)
	o.RateD = cmp.Or(o.RateD, o.Rate)
	if !o.NoMomentum {
		o.Beta1 = cmp.Or(o.Beta1, 0.5)
	} else if o.Beta1 != 0 {
		return o, fmt.Errorf("train: beta1 %g and no momentum, want one of them", o.Beta1)
	}
	o.Beta2 = cmp.Or(o.Beta2, 0.999)
	o.Eps = cmp.Or(o.Eps, 1e-8)
	if o.Batch < 2 || o.Batch > maxBatch {
		// Of one picture, batch norm would make nothing but its biases where
		// the feature map is one pixel.
		return o, fmt.Errorf("train: batch of %d pictures, want 2 to %d", o.Batch, maxBatch)
	}
	for _, f := range []struct {
		name          string
		v, low, below float64
	}{
		{"learning rate", o.Rate, 0, 1},
		{"learning rate of D", o.RateD, 0, 1},
		{"beta1", o.Beta1, 0, 1},
		{"beta2", o.Beta2, 0, 1},
		{"epsilon of Adam", o.Eps, 0, 1},
		{"weight decay", o.WeightDecay, 0, 1},
		{"label smoothing", o.LabelSmoothing, 0, 0.5},
		{"decay of the moving average", o.EMA, 0, 1},
		{"target of the augmentation", o.AugmentTarget, 0, 1},
	} {
		if !(f.v >= f.low && f.v < f.below) {
			return o, fmt.Errorf("train: %s %g, want at least %g and below %g", f.name, f.v, f.low, f.below)
		}
	}
	if o.Augment&^allAugments != 0 {
		return o, fmt.Errorf("train: augmentation %v, want some of %v", o.Augment, allAugments)
	}
	switch {
	case !(o.AugmentChance >= 0 && o.AugmentChance <= 1):
		return o, fmt.Errorf("train: probability of augmentation %g, want 0 to 1", o.AugmentChance)
	case !(o.Brightness >= 0 && o.Brightness <= 1):
		return o, fmt.Errorf("train: brightness %g, want 0 to 1", o.Brightness)
	case !(o.Border >= -1 && o.Border <= 1):
		return o, fmt.Errorf("train: border %g, want -1 to 1", o.Border)
	case o.Augment&(Translation|Cutout) == 0 && o.Border != 0:
		return o, fmt.Errorf("train: border %g, but no translation or cutout", o.Border)
	case o.AugmentChance > 0 && o.AugmentTarget > 0:
		return o, fmt.Errorf("train: probability of augmentation %g and a target %g, want one of them", o.AugmentChance, o.AugmentTarget)
	case o.Augment == 0 && (o.AugmentChance > 0 || o.AugmentTarget > 0):
		return o, errors.New("train: a probability of augmentation, but no augmentation")
	case o.Augment&Color == 0 && o.Brightness > 0:
		return o, fmt.Errorf("train: brightness %g, but no augmentation of colour", o.Brightness)
	case !(o.FallFrom == 0 && o.FallTo == 0 || 0 <= o.FallFrom && o.FallFrom < o.FallTo && o.FallTo <= MaxSteps):
		return o, fmt.Errorf("train: the learning rate falls from step %d to %d, want the second above the first, at most %d", o.FallFrom, o.FallTo, int64(MaxSteps))
	}
	return o, nil
}

// fall returns what the learning rates are multiplied by in a step, 1 for the first.
func (o *Options) fall(step int) float64 {
	if o.FallTo == 0 || step <= o.FallFrom {
		return 1
	}
	return float64(o.FallTo+1-step) / float64(o.FallTo+1-o.FallFrom)
}

// sameSoFar reports whether runs of both options, which differ in their fall at most,
// have made the same first steps.
func (o Options) sameSoFar(p Options, steps int) bool {
	return o.fall(steps) == 1 && p.fall(steps) == 1
}

// maxBatch bounds the memory that a typing error claims.
const maxBatch = 1 << 14
