package doctor

import (
	"context"
	"math"

	"dcganviz/model"
)

// lawTolerance is how far from a law's variance, as a factor, the statistics
// may be to count as that law's. The two laws are a factor of 3 apart.
const lawTolerance = 1.5

// lawVariance returns the variance of one component of a latent.
func lawVariance(l model.Law) float64 {
	if l == model.Uniform {
		return 1.0 / 3
	}
	return 1
}

// otherLaw returns the law that is not l.
func otherLaw(l model.Law) model.Law {
	if l == model.Uniform {
		return model.Normal
	}
	return model.Uniform
}

// checkLatents finds latents drawn by the wrong law.
//
// The first layer is linear in z, so that the variance of what it gives batch
// norm is proportional to the variance of z: 1 for normal latents, 1/3 for uniform
// ones in [-1, 1]. The running variance tells which z was used in training; the
// running mean tells whether those latents were about zero.
func checkLatents(_ context.Context, p *patient, f *Finding) error {
	law := p.G.Config().Law
	f.figure(lawVariance(law), "variance of z")
	stored := p.stored[0]
	if stored == nil && p.Told.Law {
		f.conclude(OK, "", "latents are %v, and the first batch norm's statistics are of such latents: see the check of layers", law)
		return nil
	}
	if stored == nil {
		f.conclude(NotApplicable, "", "no running statistics after the first layer, which would tell: %v latents are taken on trust", law)
		return nil
	}
	eps := epsOf(p.G.Config())
	logs, shift, n := 0.0, 0.0, 0
	for i, v := range p.loaded[0].variance {
		if v > eps && stored.variance[i] > eps {
			logs += math.Log(stored.variance[i] / v)
			d := stored.mean[i] - p.loaded[0].mean[i]
			shift += d * d / v
			n++
		}
	}
	if n == 0 {
		f.conclude(NotApplicable, "", "the first layer ignores z")
		return nil
	}
	variance := lawVariance(law) * math.Exp(logs/float64(n))
	shift = root(shift/float64(n) - 1/p.loaded[0].count)
	f.against(lawVariance(law), variance, "variance of z in training")
	f.against(staleDoubtful, shift, "mean of z in training")
	off := func(l model.Law) float64 { return math.Abs(math.Log(variance / lawVariance(l))) }
	other := otherLaw(law)
	evidence := sprintf("the first layer's running variance is that of latents of variance %.2f (normal 1, uniform 0.33)", variance)
	switch {
	case off(law) <= math.Log(lawTolerance) && shift <= staleDoubtful:
		f.conclude(OK, "", "latents are %v, and %s", law, evidence)
	case off(other) <= math.Log(lawTolerance) && shift <= staleDoubtful:
		f.conclude(Wrong, sprintf("draw latents by the %v law (--law %v)", other, other), "latents are %v, but %s", law, evidence)
	default:
		f.conclude(Doubtful, "find out what latents the net was trained on, and bring them with --z", "latents are %v, but %s, and their mean is %.2f standard deviations from zero", law, evidence, shift)
	}
	return nil
}
