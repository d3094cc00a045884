package spectrum

import (
	"context"
	"slices"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/stats"
)

// A Report is what a study finds.
type Report struct {
	Samples int `json:"samples"`
	Real    int `json:"real"`
	// Half is how many pictures each half of the control has.
	Half int `json:"half"`
	// Radial are the spectra, from low frequencies to high.
	Radial []Ring `json:"radial"`
	// Peaks are of the periods that can be measured at this size.
	Peaks []Peak `json:"peaks"`
	// SamplesPower and RealPower are the mean power spectra, [H, W], with
	// frequency zero at [H/2, W/2].
	SamplesPower model.Tensor `json:"-"`
	RealPower    model.Tensor `json:"-"`
}

// A Ring is the mean power at the frequencies about one radius, with 95%
// intervals. White noise has about its variance there.
type Ring struct {
	// Frequency is in cycles per pixel.
	Frequency float64        `json:"frequency"`
	Samples   stats.Interval `json:"samples"`
	Real      stats.Interval `json:"real"`
	HalfA     stats.Interval `json:"half_a"`
	HalfB     stats.Interval `json:"half_b"`
}

// least is how many pictures a set, or a half, needs.
const least = 20

// Study compares the power spectra of samples, [N, H, W, C] in [-1, 1] with C 1
// or 3, and of real pictures, [M, H, W, C]. It takes 20 samples and 40 pictures
// at least. A period of 2, 4 or 8 pixels is measured if both sides hold it a
// whole number of times, four or more. If no period can be measured, the error is
// probe.ErrInput. Of run only Pool counts. The seed decides the halves and the
// intervals; Progress is told after each part.
func Study(ctx context.Context, samples, real model.Tensor, run model.RunOptions, opt probe.Settings) (*Report, error) {
	s, err := surveyOf(samples, real)
	if err != nil {
		return nil, err
	}
	const parts = 6
	done := func(what string, part int) { opt.Say(what, part, parts) }
	r := &Report{Samples: samples.Len(), Real: real.Len(), Half: min(real.Len()/2, samples.Len())}
	var sets [4]columns // samples, real pictures, and the halves
	for i, set := range []struct {
		name  string
		x     model.Tensor
		power *model.Tensor
	}{{"samples", samples, &r.SamplesPower}, {"real pictures", real, &r.RealPower}} {
		if sets[i], *set.power, err = s.transform(ctx, set.x, run.Pool); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(set.power.Data, func(v float32) bool { return !stats.Finite(float64(v)) }) {
			return nil, probe.Input("spectrum: a value of the %s is not finite", set.name)
		}
		done(set.name, 1+i)
	}
	for k, i := range random.At(opt.Seed, forHalves, 0).Perm(r.Real)[:2*r.Half] {
		sets[2+k%2] = append(sets[2+k%2], sets[1][i])
	}
	var drawn [4]draws
	for i := range sets {
		if drawn[i], err = sets[i].resample(ctx, opt.Seed, forSamples+purpose(i), run.Pool); err != nil {
			return nil, err
		}
		done("intervals", 3+i)
	}
	r.fill(s, drawn)
	return r, nil
}

func surveyOf(samples, real model.Tensor) (*survey, error) {
	shape := samples.Shape
	if len(shape) != 4 || shape[3] != 1 && shape[3] != 3 || len(real.Shape) != 4 || !slices.Equal(real.Shape[1:], shape[1:]) {
		return nil, probe.Input("spectrum: samples of shape %v and real pictures of shape %v, want [N H W C] of one size and 1 or 3 channels", shape, real.Shape)
	}
	if samples.Len() < least || real.Len() < 2*least {
		return nil, probe.Input("spectrum: %d samples and %d real pictures, want %d and %d or more", samples.Len(), real.Len(), least, 2*least)
	}
	s := newSurvey(shape[1], shape[2])
	if len(s.patterns) == 0 {
		return nil, probe.Input("spectrum: images of %dx%d pixels, want sides that hold a period of 2, 4 or 8 pixels a whole number of times, %d or more", shape[2], shape[1], cycles)
	}
	return s, nil
}

// fill makes the figures of the draws of samples, real pictures and the halves.
func (r *Report) fill(s *survey, drawn [4]draws) {
	n := len(s.places)
	for i := 1; i < len(s.ringSize); i++ {
		at := n + i
		r.Radial = append(r.Radial, Ring{float64(i) / s.side(), drawn[0].interval(at), drawn[1].interval(at), drawn[2].interval(at), drawn[3].interval(at)})
	}
	var decibels [4]draws
	for i, d := range drawn {
		decibels[i] = d.decibels(n)
	}
	for _, p := range s.patterns {
		var heights [4][]float64
		for i, d := range decibels {
			heights[i] = d.each(p.height)
		}
		excess := minus(heights[0], heights[1])
		chance := 0.05 / float64(len(s.patterns))
		peak := Peak{Period: p.period, Samples: intervalOf(heights[0]), Real: intervalOf(heights[1]), Excess: intervalOf(excess),
			AtLeast: min(lower(heights[0], chance), lower(excess, chance)),
			Control: intervalOf(minus(heights[2], heights[3])), RMS: intervalOf(decibels[0].each(p.rms)), RealRMS: intervalOf(decibels[1].each(p.rms))}
		for _, c := range p.contrasts {
			peak.Points = append(peak.Points, Point{float64(c.fy) / float64(s.height), float64(c.fx) / float64(s.width), c.of(decibels[0][0]), c.of(decibels[1][0])})
		}
		r.Peaks = append(r.Peaks, peak)
	}
}
