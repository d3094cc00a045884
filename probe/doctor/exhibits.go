package doctor

import (
	"dcganviz/model/checkpoint"
)

// exhibits returns the first n images of each way in which the model might be
// meant to be run, all of the same seed, as far as checks have drawn them.
func (p *patient) exhibits(n int) ([]Exhibit, error) {
	if p.G == nil {
		return nil, nil
	}
	n = min(n, p.z.Len())
	all := []Exhibit{{"as loaded", p.images.Slice(0, n).Clone()}}
	if p.turnedImages.Data != nil {
		all = append(all, Exhibit{"kernels turned", p.turnedImages.Slice(0, n).Clone()})
	}
	if p.otherwise.Data != nil {
		mode := checkpoint.BatchStats
		if p.Meta.BN == checkpoint.BatchStats {
			mode = checkpoint.RunningStats
		}
		all = append(all, Exhibit{mode.String() + " statistics", p.otherwise.Slice(0, n).Clone()})
	}
	cfg, draw := p.G.Config(), n
	cfg.Law = otherLaw(cfg.Law)
	if p.running().BatchStats {
		draw = p.z.Len() // images depend on the others of their batch
	}
	x, err := p.G.Generate(p.G.Latents(p.seed, 0, draw), p.running())
	if err != nil {
		return nil, err
	}
	return append(all, Exhibit{cfg.Law.String() + " latents", x.Slice(0, n).Clone()}), nil
}
