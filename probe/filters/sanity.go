package filters

import (
	"context"

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
	// Stages randomise D's layers from the top down: first no layer, then the layer of
	// the units, then also the one below, and so on to all. The layers above the units
	// stay, since no map depends on them.
	Stages []Stage `json:"stages"`
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

// A method makes the maps of the responses in question through a net.
type method struct {
	rule Rule
	maps func(net *model.D, run model.RunOptions) (model.Tensor, error)
}

// methods returns all rules; the rule of the options comes first.
func (s *subject) methods(ctx context.Context, p *Panel) []method {
	var out []method
	for _, r := range Rules() {
		m := method{r, func(net *model.D, run model.RunOptions) (model.Tensor, error) { return s.maps(ctx, net, run, p, r) }}
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
	stages  []*comparison
}

// sanity measures the curves of methods on the responses of p. One of the methods is
// Gradient. next is told what each part does.
func (s *subject) sanity(ctx context.Context, u *untrainer, fresh [][]model.NamedTensor, p *Panel, methods []method, next func(what string)) (Sanity, error) {
	depth := s.layer + 1
	perUnit := len(p.Units) / len(s.units)
	all := make([]cascade, len(methods))
	for k, m := range methods {
		trained, err := m.maps(s.d, s.run)
		if err != nil {
			return Sanity{}, err
		}
		all[k] = cascade{m, trained, make([]*comparison, depth+1)}
		for stage := range all[k].stages {
			all[k].stages[stage] = newComparison(perUnit)
		}
		all[k].stages[0].add(trained, trained, p.Responses)
	}
	chance := newComparison(perUnit)
	var before model.Tensor // the gradients of the draw before, all layers random
	for d := range fresh {
		for stage := 1; stage <= depth; stage++ {
			next("randomising layers")
			net, err := u.untrained(ctx, fresh[d], depth-stage, s.layer)
			if err != nil {
				return Sanity{}, err
			}
			for _, c := range all {
				m, err := c.maps(net, s.plainRun())
				if err != nil {
					return Sanity{}, err
				}
				c.stages[stage].add(c.trained, m, p.Responses)
				if c.rule == Gradient && stage == depth {
					if d > 0 {
						chance.add(before, m, p.Responses)
					}
					before = m
				}
			}
		}
	}
	out := Sanity{Draws: len(fresh), Chance: chance.likeness(s.opt.Seed)}
	for _, c := range all {
		out.Curves = append(out.Curves, s.curve(c, out.Chance.Spearman))
	}
	return out, nil
}

func (s *subject) curve(c cascade, chance stats.Interval) SanityCurve {
	out := SanityCurve{Rule: c.rule}
	for stage, pairs := range c.stages {
		st := Stage{Likeness: pairs.likeness(s.opt.Seed)}
		if stage > 0 {
			st.Layer = s.fields.infos[len(c.stages)-1-stage].Name
		}
		if st.Pairs > 0 {
			st.Kept = above(st.Spearman, chance.Mean)
		}
		out.Stages = append(out.Stages, st)
	}
	last := out.Stages[len(out.Stages)-1]
	out.IgnoresWeights = last.Pairs > 0 && last.Spearman.Lo > chance.Hi
	return out
}
