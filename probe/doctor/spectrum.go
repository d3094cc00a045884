package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/spectrum"
)

// checkSpectrum looks for checkerboard patterns that real pictures lack.
func checkSpectrum(ctx context.Context, p *patient, f *Finding) error {
	if p.real.Data == nil {
		f.conclude(NotApplicable, "", "there are no real pictures to compare with")
		return nil
	}
	samples, err := p.more(ctx, p.real.Len())
	if err != nil {
		return err
	}
	r, err := spectrum.Study(ctx, samples, p.real, model.RunOptions{Pool: p.pool}, probe.Settings{Seed: p.seed})
	if errors.Is(err, probe.ErrInput) {
		f.conclude(NotApplicable, "", "%v", err)
		return nil
	}
	if err != nil {
		return err
	}
	var seen, said []string
	for i := range r.Peaks {
		k := &r.Peaks[i]
		f.figure(k.Excess.Mean, "excess at period %d, dB", k.Period)
		f.against(spectrum.Visible, k.RMS.Mean, "RMS at period %d", k.Period)
		if k.Seen() {
			seen = append(seen, fmt.Sprint(k.Period))
		}
		said = append(said, fmt.Sprintf("%.3f at period %d (real pictures %.3f)", k.RMS.Mean, k.Period, k.RealRMS.Mean))
	}
	evidence := fmt.Sprintf("the RMS of checkerboard patterns in %d samples is %s, on a scale from -1 to 1; one of %g is seen", r.Samples, strings.Join(said, ", "), float64(spectrum.Visible))
	if len(seen) == 0 {
		f.conclude(OK, "", "%s", evidence)
		return nil
	}
	f.conclude(Doubtful, "train for longer; if the pattern stays, use kernels whose size the stride divides, or enlarge and convolve in place of transposed convolutions",
		"%s: samples have a pattern of period %s that real pictures lack", evidence, strings.Join(seen, " and "))
	return nil
}

// more draws samples, n of them, or as many as there are where each depends on the
// others of its batch.
func (p *patient) more(ctx context.Context, n int) (model.Tensor, error) {
	if p.running().BatchStats {
		return p.images, nil
	}
	return probe.Gather(ctx, n, 64, func(from, to int) (model.Tensor, error) {
		return p.G.Generate(p.G.Latents(p.seed, from, to-from), p.running())
	})
}
