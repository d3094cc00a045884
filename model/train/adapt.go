package train

import (
	"dcganviz/internal/refuse"
	"dcganviz/model/checkpoint"
)

// An Adaptation is the probability of augmentation that follows D. Where D knows real
// pictures by heart, it gives nearly all of them a positive logit. So each adaptEvery
// steps the probability goes up if the mean sign of D's logits of real pictures was
// above the target since then, and down if it was below.
//
// Method: Karras et al. 2020 (arXiv:2006.06676), section 3, with r_t, their target
// 0.6 and their pace.
type Adaptation struct {
	// Chance is the probability of the next step.
	Chance float64 `json:"chance"`
	// Signs is the sum of the signs since the last change.
	Signs int `json:"signs"`
}

const (
	// adaptEvery is how many steps the probability stays.
	adaptEvery = 4
	// adaptImages is how many real pictures it takes to go from 0 to 1.
	adaptImages = 500_000
)

// see takes the logits of the real pictures of a step, 1 for the first.
func (a *Adaptation) see(logits []float32, step int, target float64) {
	for _, v := range logits {
		switch {
		case v > 0:
			a.Signs++
		case v < 0:
			a.Signs--
		}
	}
	if step%adaptEvery != 0 {
		return
	}
	seen := adaptEvery * len(logits)
	pace := float64(seen) / adaptImages
	switch mean := float64(a.Signs) / float64(seen); {
	case mean > target:
		a.Chance = min(1, a.Chance+pace)
	case mean < target:
		a.Chance = max(0, a.Chance-pace)
	}
	a.Signs = 0
}

// check refuses what no run with a batch can have come to.
func (a *Adaptation) check(batch int) error {
	most := (adaptEvery - 1) * batch
	if !(a.Chance >= 0 && a.Chance <= 1) || a.Signs < -most || a.Signs > most {
		return refuse.Of(checkpoint.ErrRefused, "metadata %q: probability of augmentation %g and signs %d, want 0 to 1 and at most %d", runKey, a.Chance, a.Signs, most)
	}
	return nil
}
