package filters

import (
	"context"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe/stats"
)

// Sanity tells how much of the maps is left when D's weights are not.
type Sanity struct {
	// Draws is how many untrained nets the layers were taken from.
	Draws int `json:"draws"`
	// Curves has one for each rule; the rule of the maps comes first.
	Curves []SanityCurve `json:"curves"`
	// Chance is how alike the gradients of two untrained nets are, because the nets
	// have one shape. It is the floor for every rule. Only the gradient surely depends
	// on the weights, so the floor is not measured by another rule.
	Chance Likeness `json:"chance"`
}

// A SanityCurve is how alike D's maps by one rule are to the maps of a D without
// some of its weights.
type SanityCurve struct {
	Rule Rule `json:"rule"`
	// Swapped is how alike a map is to the map of another unit of the layer, at the same
	// image and place: what it shows of these, and not of the unit. A map that tells
	// units apart has less here than with random weights in the layer.
	Swapped Likeness `json:"swapped"`
	// Chance is how alike maps of two untrained nets are by this rule.
	Chance Likeness `json:"chance"`
	// Stages randomise D's layers from the top down: first no layer, then the layer of
	// the units, then also the one below, and so on to all. The layers above the units
	// stay, since no map depends on them.
	Stages []Stage `json:"stages"`
	// Independent randomises one layer alone: the layer of the units, then the one below
	// it alone, and so on. The others stay as they were trained.
	Independent []Stage `json:"independent"`
	// IgnoresWeights is the verdict: with all weights random the maps are still more
	// alike than by chance, and their interval lies above the interval of Chance.
	IgnoresWeights bool `json:"ignores_weights"`
}

// A Stage is a state of D and what it leaves of the maps.
type Stage struct {
	// Layer is the one randomised last; "" for D as it is.
	Layer string `json:"layer"`
	Likeness
	// Kept is how much of the maps' rank correlation above chance is left: 1
	// for equal maps, 0 for chance.
	Kept stats.Interval `json:"kept"`
}

// A method makes the maps of the responses of a panel through a net.
type method struct {
	rule Rule
	maps func(net *model.D, run model.RunOptions, p *Panel) (model.Tensor, error)
}

// methods returns all rules; the rule of the options comes first.
func (s *subject) methods(ctx context.Context) []method {
	var out []method
	for _, r := range Rules() {
		m := method{r, func(net *model.D, run model.RunOptions, p *Panel) (model.Tensor, error) {
			return s.maps(ctx, net, run, p, r)
		}}
		if r == s.opt.Rule {
			out = append([]method{m}, out...)
		} else {
			out = append(out, m)
		}
	}
	return out
}

// A cascade is the maps of one method while D loses its weights.
type cascade struct {
	method
	trained model.Tensor
	// stages go down together, alone are one layer each. alone[0] is stages[1].
	stages, alone   []*comparison
	swapped, chance *comparison
	before          model.Tensor // the maps of the draw before, all layers random
}

// sanity measures the curves of methods on the responses of p. One of the methods is
// Gradient. next is told what each part does.
func (s *subject) sanity(ctx context.Context, u *untrainer, fresh [][]model.NamedTensor, p *Panel, methods []method, next func(what string)) (Sanity, error) {
	depth := s.layer + 1
	perUnit := len(p.Units) / len(s.units)
	all := make([]*cascade, len(methods))
	for k, m := range methods {
		trained, err := m.maps(s.d, s.run, p)
		if err != nil {
			return Sanity{}, err
		}
		c := &cascade{method: m, trained: trained, swapped: newComparison(perUnit), chance: newComparison(perUnit)}
		for range depth {
			c.stages, c.alone = append(c.stages, newComparison(perUnit)), append(c.alone, newComparison(perUnit))
		}
		c.stages = append(c.stages, newComparison(perUnit))
		c.stages[0].add(trained, trained, p.Responses)
		c.alone[0] = c.stages[1]
		all[k] = c
	}
	for d := range fresh {
		if err := s.swap(all, p, d); err != nil {
			return Sanity{}, err
		}
		for stage := 1; stage <= depth; stage++ {
			next("randomising layers")
			maps, err := s.through(ctx, u, fresh[d], depth-stage, s.layer, p, all)
			if err != nil {
				return Sanity{}, err
			}
			for k, c := range all {
				c.stages[stage].add(c.trained, maps[k], p.Responses)
				if stage == depth {
					if d > 0 {
						c.chance.add(c.before, maps[k], p.Responses)
					}
					c.before = maps[k]
				}
			}
		}
		for at := range depth - 1 {
			next("randomising layers")
			maps, err := s.through(ctx, u, fresh[d], at, at, p, all)
			if err != nil {
				return Sanity{}, err
			}
			for k, c := range all {
				c.alone[depth-1-at].add(c.trained, maps[k], p.Responses)
			}
		}
	}
	out := Sanity{Draws: len(fresh)}
	for _, c := range all {
		if c.rule == Gradient {
			out.Chance = c.chance.likeness(s.opt.Seed)
		}
	}
	for _, c := range all {
		out.Curves = append(out.Curves, s.curve(c, out.Chance.Spearman))
	}
	return out, nil
}

// through makes all methods' maps through D with its layers from to last random.
func (s *subject) through(ctx context.Context, u *untrainer, fresh []model.NamedTensor, from, last int, p *Panel, all []*cascade) ([]model.Tensor, error) {
	net, err := u.untrained(ctx, fresh, from, last)
	if err != nil {
		return nil, err
	}
	maps := make([]model.Tensor, len(all))
	for k, c := range all {
		if maps[k], err = c.maps(net, s.plainRun(), p); err != nil {
			return nil, err
		}
	}
	return maps, nil
}

// swap gives each response to another unit of the layer, by chance, and compares the
// maps. A layer of one unit has no other.
func (s *subject) swap(all []*cascade, p *Panel, draw int) error {
	if s.info.Channels < 2 {
		return nil
	}
	rng := random.New(s.opt.Seed+uint64(draw), random.FiltersSwaps)
	other := *p
	other.Units = make([]int, len(p.Units))
	for i, u := range p.Units {
		other.Units[i] = (u + 1 + rng.IntN(s.info.Channels-1)) % s.info.Channels
	}
	for _, c := range all {
		m, err := c.maps(s.d, s.run, &other)
		if err != nil {
			return err
		}
		c.swapped.add(c.trained, m, p.Responses)
	}
	return nil
}

// stage is what is left of the maps, from chance (0) to all (1).
func (s *subject) stage(pairs *comparison, layer string, chance stats.Interval) Stage {
	st := Stage{Layer: layer, Likeness: pairs.likeness(s.opt.Seed)}
	if st.Pairs > 0 {
		st.Kept = above(st.Spearman, chance.Mean)
	}
	return st
}

func (s *subject) curve(c *cascade, chance stats.Interval) SanityCurve {
	out := SanityCurve{Rule: c.rule, Swapped: c.swapped.likeness(s.opt.Seed), Chance: c.chance.likeness(s.opt.Seed)}
	name := func(below int) string { return s.fields.infos[s.layer-below].Name }
	for stage, pairs := range c.stages {
		layer := ""
		if stage > 0 {
			layer = name(stage - 1)
		}
		out.Stages = append(out.Stages, s.stage(pairs, layer, chance))
	}
	for below, pairs := range c.alone {
		out.Independent = append(out.Independent, s.stage(pairs, name(below), chance))
	}
	last := out.Stages[len(out.Stages)-1]
	out.IgnoresWeights = last.Pairs > 0 && last.Spearman.Lo > chance.Hi
	return out
}
