package doctor

import (
	"context"
	"slices"
	"strings"

	"dcganviz/model"
)

// mostDead is the share of a layer's units that may be dead.
const mostDead = 0.1

// units counts a layer's units.
type units struct {
	layer     string
	dead, all int
}

// checkUnits finds dead units: units of ReLU layers of G that are zero at every
// place of every image. They draw nothing, and no gradient wakes them.
//
// Method: Lu et al. 2019 (arXiv:1903.06733) on the dying ReLU.
func checkUnits(_ context.Context, p *patient, f *Finding) error {
	if len(p.units) == 0 {
		f.conclude(NotApplicable, "", "G has no ReLU, so that no unit can die")
		return nil
	}
	var counts []string
	worst, worstLayer, all := 0.0, "", false
	for _, u := range p.units {
		share := float64(u.dead) / float64(u.all)
		f.against(mostDead*float64(u.all), float64(u.dead), "dead units in %s", u.layer)
		counts = append(counts, sprintf("%s %d of %d", u.layer, u.dead, u.all))
		if share > worst {
			worst, worstLayer = share, u.layer
		}
		all = all || u.dead == u.all
	}
	evidence := sprintf("units that no latent wakes: %s", strings.Join(counts, ", "))
	advice := "they are lost capacity; if they should be alive, gains and biases of batch norm, or its statistics, are the wrong ones"
	switch {
	case all:
		f.conclude(Wrong, "nothing passes that layer: its weights are missing or training collapsed", "all of %s is dead; %s", worstLayer, evidence)
	case worst > mostDead:
		f.conclude(Doubtful, advice, "%.0f%% of %s is dead (limit %.0f%%); %s", 100*worst, worstLayer, 100*mostDead, evidence)
	default:
		f.conclude(OK, "", "%s", evidence)
	}
	return nil
}

// dead counts the units that are zero everywhere.
func dead(x model.Tensor) int {
	c := x.Shape[3]
	alive := make([]bool, c)
	for i, v := range x.Data {
		if v > 0 {
			alive[i%c] = true
		}
	}
	return len(slices.DeleteFunc(alive, func(a bool) bool { return a }))
}
