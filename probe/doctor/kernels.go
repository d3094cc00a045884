package doctor

import (
	"context"
	"math"

	"dcganviz/model"
)

const (
	// reinforced is how large the sum over layers must be to count. Nets of
	// random weights stay below 0.03, with as few as two channels below 0.07;
	// trained ones have 0.13 (a net of width 4), 0.16 (400 steps in PyTorch),
	// 0.40 (facades), 0.54 (the authors' SVHN net), 1.25 (published digits).
	reinforced = 0.1
	// The misfits of the running statistics, as loaded and turned, tell something only
	// if they differ by the factor fitsBetter, and if the larger one is above misfits.
	// Momentum alone leaves a misfit of 0.06.
	fitsBetter, misfits = 2, 0.12
)

// checkKernels finds kernels that are turned by 180 degrees.
//
// The result of a transposed convolution is a sum of terms from neighbouring
// places. In a trained net they describe one picture, and so agree more often
// than chance; taken from a kernel that is the wrong way round they belong to
// other places, and cancel. So the sum varies more over images and places the
// right way round: the check turns all kernels and takes the mean logarithm of
// the ratio of each channel's variance as loaded and turned, summed over the
// hidden layers after the first. Turning twice changes nothing, so that the
// figure of a turned net is exactly the opposite of its own.
//
// Where running statistics are stored, they say independently which way round
// they were gathered.
//
// The method is ours. Tried and found to mislead: D's logits (the SVHN net's D
// scores the wrong way round higher), roughness and the share of low
// frequencies (the wrong way round facades are smoother), the contrast at the
// outermost pixels (it tells SVHN, not digits on black; it is reported). Of D's
// own kernels nothing is known: its input is as smooth either way.
func checkKernels(_ context.Context, p *patient, f *Finding) error {
	layers := slid(p.G.Specs())
	if len(layers) == 0 {
		f.conclude(NotApplicable, "", "G has no hidden convolution after the first layer: either way round gives images as good")
		return nil
	}
	if err := p.turn(); err != nil {
		return err
	}
	infos := p.G.Layers()
	sum, loadedFit, turnedFit, fitted := 0.0, 0.0, 0.0, false
	for _, i := range layers {
		r := logRatio(p.loaded[i].variance, p.turned[i].variance)
		f.figure(r, "reinforcement in %s", infos[i].Name)
		sum += r
		if p.stored[i] != nil {
			fitted = true
			loadedFit = max(loadedFit, misfitOf(&p.loaded[i], p.stored[i], epsOf(p.G.Config()), 1).worst())
			turnedFit = max(turnedFit, misfitOf(&p.turned[i], p.stored[i], epsOf(p.G.Config()), 1).worst())
		}
	}
	f.against(-reinforced, sum, "reinforcement")
	var err error
	if p.turnedImages, err = p.turnedG.Generate(p.z, p.running()); err != nil {
		return err
	}
	border, borderTurned := borderContrast(p.images), borderContrast(p.turnedImages)
	f.figure(border, "border contrast")
	f.figure(borderTurned, "border contrast turned")
	votes := [3]int{} // turned, no evidence, right
	vote := func(v int) { votes[v+1]++ }
	vote(sign(sum, reinforced))
	fit := ""
	if fitted {
		f.figure(loadedFit, "misfit of running statistics")
		f.figure(turnedFit, "misfit of running statistics turned")
		fit = sprintf("; statistics miss by %.2f, turned by %.2f", loadedFit, turnedFit)
		if max(loadedFit, turnedFit) > misfits {
			vote(sign(math.Log(turnedFit/loadedFit), math.Log(fitsBetter)))
		}
	}
	evidence := sprintf("reinforcement %+.2f as loaded, %+.2f turned (right from %+.1f on, flipped from %+.1f down)%s; border contrast %.2f, turned %.2f",
		sum, -sum, reinforced, -reinforced, fit, border, borderTurned)
	switch {
	case votes[0] > 0 && votes[2] > 0:
		f.conclude(Doubtful, "look at the exhibit of turned kernels", "the evidence contradicts itself: %s", evidence)
	case votes[0] > 0:
		f.conclude(Wrong, "turn the kernels of all convolutions but the one at the latent by 180 degrees (Theano's convolutions turn them, PyTorch's do not); for the authors' arrays leave --unflipped out",
			"kernels are flipped: %s", evidence)
	case votes[2] > 0:
		f.conclude(OK, "", "kernels are the right way round: %s", evidence)
	default:
		f.conclude(NotApplicable, "", "no evidence either way, as in a net that is hardly trained: %s", evidence)
	}
	return nil
}

// slid lists the hidden layers after the first whose kernels a turn changes.
func slid(specs []model.LayerSpec) []int {
	var layers []int
	for i := 1; i < len(specs)-1; i++ {
		if s := &specs[i]; s.Kind != model.Linear && s.KernelHeight*s.KernelWidth > 1 {
			layers = append(layers, i)
		}
	}
	return layers
}

// turn measures p with turned kernels, once.
func (p *patient) turn() (err error) {
	if p.turnedG != nil {
		return nil
	}
	if p.turnedG, err = turnedCopy(p.G); err == nil {
		p.turned, err = spreadsIn(p.turnedG, p.z, p.pool)
	}
	return err
}

// logRatio returns the mean of log(a/b), without the channels that do not vary.
func logRatio(a, b []float64) float64 {
	sum, n := 0.0, 0
	for i := range a {
		if a[i] > 0 && b[i] > 0 {
			sum += math.Log(a[i] / b[i])
			n++
		}
	}
	return sum / float64(max(n, 1))
}

// sign returns -1 for x up to -limit, 1 from limit on, and 0 between.
func sign(x, limit float64) int {
	switch {
	case x >= limit:
		return 1
	case x <= -limit:
		return -1
	}
	return 0
}

// borderContrast returns the spread over images of the outermost pixels,
// relative to the spread of all others; 0 where nothing varies.
func borderContrast(x model.Tensor) float64 {
	s := spreadOf(x, model.ValueNorm)
	size := x.Shape[1]
	var sum, count [2]float64
	for i, v := range s.variance {
		y, x := i/size%size, i%size
		where := 0
		if y == 0 || x == 0 || y == size-1 || x == size-1 {
			where = 1
		}
		sum[where] += v
		count[where]++
	}
	if sum[0] == 0 || count[1] == 0 {
		return 0
	}
	return math.Sqrt(sum[1] / count[1] / (sum[0] / count[0]))
}
