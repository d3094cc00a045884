package figure

import (
	"context"
	"slices"

	"dcganviz/model"
	"dcganviz/probe/concept"
	"dcganviz/probe/stats"
	"dcganviz/probe/vector"
)

// Chosen says how exemplars were chosen that nobody looked at.
type Chosen struct {
	// By are the scores that chose them: none of them judges.
	By []Criterion `json:"by"`
	// First is the number of the first sample that was looked at, of Looked.
	First  int `json:"first"`
	Looked int `json:"looked_at"`
	// Found are how many exemplars each of A, B and C has, and Agreed the share of them
	// that the scores that judge take for one, too.
	Found  [3]int     `json:"found"`
	Agreed [3]float64 `json:"judges_agree"`
}

// Samples from freshFirst on are looked at, mostLooked at most, until each concept has
// freshExemplars of them: 20 draws of 10.
const (
	freshFirst     = 2 * controlFirst
	mostLooked     = 1 << 14
	freshExemplars = 200
)

// fresh chooses exemplars of the formula's concepts among samples by the choosers of its
// scores: no sample serves two concepts. It returns nil where some concept is not named
// in the file, says nothing of its looks, has a scorer without a chooser, or is too rare.
func (s *conceptSet) fresh(ctx context.Context, f concept.Formula) (*vector.Exemplars, *Chosen, error) {
	var conditions [3]vector.Wanted
	chosen := &Chosen{First: freshFirst}
	scales := map[string]vector.Scale{}
	for i, of := range []concept.Samples{f.A, f.B, f.C} {
		c := s.Concepts[of.Name]
		looks := slices.Concat(c.Shows, c.Lacks)
		if !of.Named || len(looks) == 0 {
			return nil, nil, nil
		}
		for k, name := range looks {
			is := s.Scores[name]
			if is.Measure == "" && is.Chooser == "" {
				return nil, nil, nil
			}
			if _, ok := scales[name]; !ok {
				said := Criterion{Score: name, Least: *is.Least, Measure: is.Measure}
				scale := vector.Scale(vector.Brightness)
				if is.Measure == "" {
					var viewer Viewer
					var err error
					if scale, viewer, err = s.scorer(name, is.Chooser); err != nil {
						return nil, nil, err
					}
					said.Scorer = &viewer
				}
				scales[name] = scale
				chosen.By = append(chosen.By, said)
			}
			conditions[i] = append(conditions[i], vector.Condition{Name: name, Scale: scales[name], Least: *is.Least, Below: k >= len(c.Shows)})
		}
	}
	pools, err := s.look(ctx, conditions, chosen)
	if err != nil || min(chosen.Found[0], chosen.Found[1], chosen.Found[2]) < 2 {
		return nil, nil, err
	}
	return pools, chosen, s.agree(ctx, f, pools, chosen)
}

// agree asks the scores that judge about the exemplars that were chosen.
func (s *conceptSet) agree(ctx context.Context, f concept.Formula, pools *vector.Exemplars, chosen *Chosen) error {
	for k, of := range []struct {
		name string
		z    model.Tensor
	}{{f.A.Name, pools.A}, {f.B.Name, pools.B}, {f.C.Name, pools.C}} {
		wanted, _, err := s.wanted(of.name)
		if err != nil {
			return err
		}
		images, err := s.lab.Model.G.Generate(of.z, s.lab.run())
		if err != nil {
			return err
		}
		met, err := wanted.Met(ctx, images)
		if err != nil {
			return err
		}
		chosen.Agreed[k] = stats.Share(met)
	}
	return nil
}

// look draws samples and sorts them into the three concepts. A sample that shows several
// goes to the one with the fewest exemplars so far.
func (s *conceptSet) look(ctx context.Context, conditions [3]vector.Wanted, chosen *Chosen) (*vector.Exemplars, error) {
	g, run := s.lab.Model.G, s.lab.run()
	var found [3][]int
	enough := func() bool {
		return len(found[0]) >= freshExemplars && len(found[1]) >= freshExemplars && len(found[2]) >= freshExemplars
	}
	for ; chosen.Looked < mostLooked && !enough(); chosen.Looked += part {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.lab.progress("choosing exemplars", len(found[0])+len(found[1])+len(found[2]), 3*freshExemplars)
		images, err := g.Generate(g.Latents(s.given, freshFirst+chosen.Looked, part), run)
		if err != nil {
			return nil, err
		}
		met, err := metAll(ctx, conditions, images)
		if err != nil {
			return nil, err
		}
		for i := range part {
			to := -1
			for k := range found {
				if met[k][i] && len(found[k]) < freshExemplars && (to < 0 || len(found[k]) < len(found[to])) {
					to = k
				}
			}
			if to >= 0 {
				found[to] = append(found[to], freshFirst+chosen.Looked+i)
			}
		}
	}
	var z [3]model.Tensor
	for k, numbers := range found {
		chosen.Found[k], z[k] = len(numbers), numbered(s.given, numbers, g)
	}
	return &vector.Exemplars{A: z[0], B: z[1], C: z[2]}, nil
}

// metAll says of each concept which images meet its conditions. Each scale, of a name, is
// asked once.
func metAll(ctx context.Context, conditions [3]vector.Wanted, images model.Tensor) (met [3][]bool, err error) {
	known := map[string][]float64{}
	for k, wanted := range conditions {
		asked := slices.Clone(wanted)
		for i := range asked {
			c := &asked[i]
			if known[c.Name] == nil {
				if known[c.Name], err = c.Scale(ctx, images); err != nil {
					return met, err
				}
			}
			c.Scale = func(context.Context, model.Tensor) ([]float64, error) { return known[c.Name], nil }
		}
		if met[k], err = asked.Met(ctx, images); err != nil {
			return met, err
		}
	}
	return met, nil
}
