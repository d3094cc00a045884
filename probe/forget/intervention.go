package forget

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
)

// An Intervention changes what G draws, by its activations.
type Intervention struct {
	// Method and Layers say what is done and where.
	Method string
	Layers []string
	// Units are the units that are held in all locations, by layer. A method that acts
	// by location holds no units.
	Units [][]int
	// Of is how many units there are to choose from, of all layers.
	Of int

	subject *Subject
	// plan returns the edits that draw z changed; before is z drawn as ever.
	plan func(ctx context.Context, z, before model.Tensor) (edits, error)
	// filling is what a filling of one layer fills; nil of other interventions.
	filling *filling
}

// Count is how many units are held.
func (v *Intervention) Count() (n int) {
	for _, units := range v.Units {
		n += len(units)
	}
	return n
}

// Draw returns what G draws of z, [N, LatentDim], changed. before is what it
// draws of z otherwise, which some methods look at; neither is modified.
func (v *Intervention) Draw(ctx context.Context, z, before model.Tensor) (model.Tensor, error) {
	e, err := v.plan(ctx, z, before)
	if err == nil {
		var x model.Tensor
		if x, err = v.subject.generate(z, e); err == nil {
			return x, nil
		}
	}
	return model.Tensor{}, fmt.Errorf("forget: %s: %w", v.Method, err)
}

// Together makes several interventions, each in a layer of its own, at once.
// None knows of the others.
func Together(vs ...*Intervention) (*Intervention, error) {
	if len(vs) == 0 {
		return nil, fmt.Errorf("forget: no interventions to make together")
	}
	out := *vs[0]
	for _, v := range vs[1:] {
		for _, layer := range v.Layers {
			if slices.Contains(out.Layers, layer) {
				return nil, probe.Input("forget: layer %s twice", layer)
			}
		}
		first := out
		out.filling = nil
		out.Layers = slices.Concat(out.Layers, v.Layers)
		out.Units = slices.Concat(out.Units, v.Units)
		out.Of += v.Of
		out.plan = func(ctx context.Context, z, before model.Tensor) (edits, error) {
			a, err := first.plan(ctx, z, before)
			if err != nil {
				return nil, err
			}
			b, err := v.plan(ctx, z, before)
			return then(a, b), err
		}
	}
	return &out, nil
}

// Partly returns v with activations moved a share of the way only, 0 to 1: with 0 it draws
// what is drawn without v, with 1 what v draws. Films show what lies between.
func (v *Intervention) Partly(share float64) *Intervention {
	out := *v
	out.filling = nil // its controls fill whole
	kept, moved := float32(1-share), float32(share)
	out.plan = func(ctx context.Context, z, before model.Tensor) (edits, error) {
		whole, err := v.plan(ctx, z, before)
		part := edits{}
		for layer, edit := range whole {
			part[layer] = func(first int, act model.Tensor) error {
				was := act.Clone()
				if err := edit(first, act); err != nil {
					return err
				}
				for i, to := range act.Data {
					act.Data[i] = float32(kept*was.Data[i]) + float32(moved*to)
				}
				return nil
			}
		}
		return part, err
	}
	return &out
}

// dropAll drops units of each concept's layer.
func dropAll(cs []*Concept, units [][]int) (*Intervention, error) {
	var vs []*Intervention
	for i, c := range cs {
		vs = append(vs, c.Drop(units[i]))
	}
	return Together(vs...)
}

// edited is the Intervention that makes the same edits for every sample.
func (c *Concept) edited(method string, e edits) *Intervention {
	e = c.limited(e)
	return &Intervention{Method: method, Layers: []string{c.Layer}, Of: c.Units, subject: c.subject,
		plan: func(context.Context, model.Tensor, model.Tensor) (edits, error) { return e, nil }}
}

// Drop holds units at zero, at all locations.
//
// Method: Radford et al. 2015 (arXiv:1511.06434), section 6.3.1, with the units
// of Positive.
func (c *Concept) Drop(units []int) *Intervention { return c.hold("paper", units, nil) }

// HoldAtMean holds units at their mean activation, at all locations, which
// leaves the next layer nearer to what it is used to than zeros do.
func (c *Concept) HoldAtMean(units []int) *Intervention { return c.hold("mean", units, c.Mean) }

// hold holds units at values by unit, nil for zero.
func (c *Concept) hold(method string, units []int, values []float64) *Intervention {
	value := make([]float32, c.Units)
	for u := range values {
		value[u] = float32(values[u])
	}
	units = slices.Clone(units)
	e := edits{}
	if len(units) > 0 { // else nothing is touched
		e[c.Layer] = func(_ int, act model.Tensor) error {
			for at := 0; at < len(act.Data); at += c.Units {
				row := act.Data[at : at+c.Units]
				for _, u := range units {
					row[u] = value[u]
				}
			}
			return nil
		}
	}
	v := c.edited(method, e)
	v.Units = [][]int{units}
	return v
}

// Erase takes from the activations of each location what points towards the
// concept, and only that: the rest, and locations that point away, stay.
// Rounds above 1 look for the concept again in the activations that result.
//
// The direction is from class means and the covariance within classes, as in
// LEACE (Belrose et al. 2023, arXiv:2306.03819), but one-sided.
func (c *Concept) Erase(ctx context.Context, rounds int) (*Intervention, error) {
	var dirs []direction
	at := c
	for round := range rounds {
		if round > 0 {
			opt := c.options
			opt.before = c.erasing(slices.Clone(dirs))
			next, err := c.subject.Fit(ctx, c.subject.run, opt)
			if err != nil {
				return nil, fmt.Errorf("forget: erase, round %d: %w", round+1, err)
			}
			at = next
		}
		d, err := directionOf(at.in, at.out)
		if err != nil {
			return nil, err
		}
		dirs = append(dirs, d)
	}
	return c.edited("erase", c.erasing(dirs)), nil
}

func (c *Concept) erasing(dirs []direction) edits {
	return edits{c.Layer: func(_ int, act model.Tensor) error {
		for at := 0; at < len(act.Data); at += c.Units {
			for i := range dirs {
				dirs[i].erase(act.Data[at : at+c.Units])
			}
		}
		return nil
	}}
}

// then returns edits that make the edits of a and after them the edits of b.
func then(a, b edits) edits {
	out := edits{}
	maps.Copy(out, a)
	for name, f := range b {
		out[name] = f
		if before := a[name]; before != nil {
			out[name] = func(first int, act model.Tensor) error {
				if err := before(first, act); err != nil {
					return err
				}
				return f(first, act)
			}
		}
	}
	return out
}

// limited returns the edits of a layer for the concept's region alone: elsewhere
// activations stay as they are.
func (c *Concept) limited(e edits) edits {
	edit := e[c.Layer]
	if edit == nil || c.inside == nil {
		return e
	}
	return edits{c.Layer: func(first int, act model.Tensor) error {
		was := act.Clone()
		if err := edit(first, act); err != nil {
			return err
		}
		for at := range len(act.Data) / c.Units {
			if !c.inside[at%len(c.inside)] {
				copy(act.Data[at*c.Units:(at+1)*c.Units], was.Data[at*c.Units:])
			}
		}
		return nil
	}}
}
