package doctor

import (
	"context"
	"slices"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

const (
	// staleDoubtful and staleWrong are misfits of the running statistics.
	// Momentum and few images leave up to 0.07 in healthy nets; 0.7 is a factor
	// of two in variance.
	staleDoubtful, staleWrong = 0.2, 0.7
)

// checkBatchNorm finds running statistics that are missing, or that belong
// to other weights.
//
// What each layer gets is measured with all layers before it normalised by the
// batch, and held against the running statistics. Which way round the kernels
// are and what law latents follow has checks of its own: for this one they are
// taken to be what fits best.
//
// Method: Ioffe & Szegedy 2015 (arXiv:1502.03167), section 3.1, on what the
// statistics are for.
func checkBatchNorm(_ context.Context, p *patient, f *Finding) error {
	batch := p.Meta.BN == checkpoint.BatchStats
	switch {
	case !hasNorm(p.G.Specs()):
		f.conclude(NotApplicable, "", "G has no batch norm")
		return nil
	case !p.G.HasRunningStats() && batch:
		f.conclude(Doubtful, "nothing, if images look right: they are drawn with statistics estimated from latents, or those of the batch with --bn batch",
			"G stores no running statistics, and is not quite the net of its training without: there each image depends on its batch")
		return nil
	case !p.G.HasRunningStats():
		if _, err := p.otherStatistics(); err != nil {
			return err
		}
		f.conclude(Wrong, "use batch statistics (--bn batch)",
			"G's running statistics are those of a new net: nobody gathered them, and yet they are to be used")
		return nil
	}
	if err := p.turn(); err != nil {
		return err
	}
	worst, at := p.stale(p.loaded, f)
	if t, ta := p.stale(p.turned, nil); t < worst {
		worst, at = t, ta
	}
	f.against(staleDoubtful, worst, "misfit")
	change, err := p.otherStatistics()
	if err != nil {
		return err
	}
	f.figure(change, "change of images by batch statistics")
	evidence := sprintf("they miss what latents give by %.2f at worst, in %s (%.1f doubtful, %.1f wrong); batch statistics change images by %.0f%% of their contrast",
		worst, at, staleDoubtful, staleWrong, 100*change)
	advice := "use batch statistics (--bn batch), or take the statistics that were saved with these weights"
	if batch {
		advice = "the stored statistics are not used, and that is as well"
	}
	switch {
	case p.told():
		// They are held against every way to run the layers that is known, in layers.
		f.conclude(OK, "", "the running statistics are of these weights, as the check of layers says; %s", evidence)
	case worst <= staleDoubtful && batch:
		f.conclude(OK, "", "batch statistics are used and stored ones would do: %s", evidence)
	case worst <= staleDoubtful:
		f.conclude(OK, "", "the running statistics are of these weights: %s", evidence)
	case worst <= staleWrong || batch:
		f.conclude(Doubtful, advice, "the running statistics look stale: %s", evidence)
	default:
		f.conclude(Wrong, advice, "the running statistics are not of these weights: %s", evidence)
	}
	return nil
}

// stale returns the worst misfit of the running statistics to what was measured,
// and the layer that it is in. With f it adds the figures.
func (p *patient) stale(measured []spread, f *Finding) (worst float64, at string) {
	infos, eps, law := p.G.Layers(), epsOf(p.G.Config()), p.G.Config().Law
	for i, s := range p.stored {
		if s == nil {
			continue
		}
		m := misfitOf(&measured[i], s, eps, 1)
		if i == 0 {
			other := misfitOf(&measured[i], s, eps, lawVariance(otherLaw(law))/lawVariance(law))
			if other.worst() < m.worst() {
				m = other
			}
		}
		if f != nil {
			f.figure(m.mean, "misfit of means in %s", infos[i].Name)
			f.figure(m.logVariance, "misfit of log variances in %s", infos[i].Name)
		}
		if m.worst() >= worst {
			worst, at = m.worst(), infos[i].Name
		}
	}
	return worst, at
}

// otherStatistics draws with the statistics that are not used, and returns how
// much images change, relative to their contrast.
func (p *patient) otherStatistics() (change float64, err error) {
	run := p.running()
	run.BatchStats = !run.BatchStats
	if p.otherwise, err = p.G.Generate(p.z, run); err != nil {
		return 0, err
	}
	return rms(p.images.Data, p.otherwise.Data) / max(contrast(p.images), flat), nil
}

func hasNorm(specs []model.LayerSpec) bool {
	return slices.ContainsFunc(specs, func(s model.LayerSpec) bool { return s.Norm.Batch() })
}
