package doctor

import (
	"context"

	"dcganviz/model"
)

// checkFinite finds NaN and infinities: in weights and statistics, in what G's
// layers make of latents, and in images.
func checkFinite(_ context.Context, p *patient, f *Finding) error {
	count, first := 0, ""
	look := func(name string, x []float32) {
		for i, v := range x {
			if v-v != 0 {
				count++
				if first == "" {
					first = sprintf("%s, number %d, is %v", name, i, v)
				}
			}
		}
	}
	total := 0
	nets := func(name string, state []model.NamedTensor) {
		for _, t := range state {
			look(name+" "+t.Name, t.Data)
			total += len(t.Data)
		}
	}
	if p.G != nil {
		nets("G", p.G.State())
	}
	if p.D != nil {
		nets("D", p.D.State())
	}
	f.against(0, float64(count), "weights that are not finite")
	if count > 0 {
		f.conclude(Wrong, "training diverged or the file was damaged: take an earlier checkpoint", "%d of %d weights and statistics are not finite: %s", count, total, first)
		return nil
	}
	images := ""
	if p.G != nil {
		images = ", and so are G's activations and images"
		look("images", p.images.Data)
		for i, s := range p.loaded {
			if !s.finite() {
				count++
				if first == "" {
					first = "activations of " + p.G.Layers()[i].Name
				}
			}
		}
		f.against(0, float64(count), "activations that are not finite")
		if count > 0 {
			f.conclude(Wrong, "weights are too large for float32: training diverged, take an earlier checkpoint", "weights are finite, what G makes of them is not: %s", first)
			return nil
		}
	}
	f.conclude(OK, "", "all %d weights and statistics are finite%s", total, images)
	return nil
}
