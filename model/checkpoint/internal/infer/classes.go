package infer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"dcganviz/model"
)

// withRows returns the chain of a G, or with image set of a D, that is told its class by
// trained rows, PyTorch's Embedding: a weight of two axes without a bias, which belongs to
// no layer. named asks for a module whose name says so.
func (d *Dict) withRows(named, image bool) *LayerChain {
	for i := range d.Tensors {
		t := &d.Tensors[i]
		module, ok := strings.CutSuffix(t.Name, ".weight")
		if !ok || len(t.Shape) != 2 || min(t.Shape[0], t.Shape[1]) < 1 || named != strings.Contains(strings.ToLower(module), "emb") {
			continue
		}
		rest := &Dict{Path: d.Path, Prefix: d.Prefix, Unordered: d.Unordered}
		alone := true
		for k := range d.Tensors {
			if k != i {
				rest.Tensors = append(rest.Tensors, d.Tensors[k])
				alone = alone && !strings.HasPrefix(d.Tensors[k].Name, module+".")
			}
		}
		if !alone {
			continue
		}
		c, err := rest.chainWith(t, image)
		if err == nil {
			c.rows, c.rowsModule = t, module
			return c
		}
	}
	return nil
}

// chainWith returns the chain of a net that is told its class by rows.
func (d *Dict) chainWith(rows *Tensor, image bool) (*LayerChain, error) {
	numbers := rows.Shape[1]
	if !image {
		c, err := chainOf(d, false)
		if told := d.toldClasses(false); err != nil && told != nil {
			c, err = told, nil
		}
		if err == nil && (numbers > c.LatentDim() || c.joined > 0 && c.joined != numbers) {
			err = fmt.Errorf("rows of %d numbers do not fit", numbers)
		}
		return c, err
	}
	orders, err := d.orders()
	for _, modules := range orders {
		// The numbers are maps of pixels, or each makes one.
		for _, n := range []int{1, 3, numbers} {
			c, err := newChain(modules, true, false, n)
			if err != nil || !slices.ContainsFunc(c.layers, func(l layerWithNorm) bool { return l.joined > 0 }) {
				continue
			}
			if n == numbers {
				return c, nil
			}
			c.side = squareRoot(numbers, n)
			if c.side > 1 && !slices.ContainsFunc(c.layers[1:], func(l layerWithNorm) bool { return l.joined > 0 }) {
				return c, nil
			}
		}
	}
	return nil, cmp.Or(err, fmt.Errorf("rows of %d numbers are joined to no layer", numbers))
}

// conditions returns the ways in which G may be told its class, the likeliest first. If
// nothing says that G draws classes, it returns a single one, that of a G without classes.
func (c *LayerChain) conditions(o *Ask) ([]model.Condition, error) {
	if c.Image {
		one, err := c.conditionOfD(o)
		return []model.Condition{one}, err
	}
	if c.rows == nil && o.Classes == 0 && c.joined == 0 {
		if o.Join != nil {
			return nil, Ambiguous("a class joined as %v, but nothing says how many classes there are", *o.Join)
		}
		return []model.Condition{{}}, nil
	}
	one := model.Condition{Classes: cmp.Or(c.joined, o.Classes), Numbers: cmp.Or(c.joined, o.Classes)}
	if c.rows == nil && c.joined > 0 && o.Classes != 0 && o.Classes != c.joined {
		return nil, Ambiguous("%d classes, but %d numbers of a class are joined to its layers", o.Classes, c.joined)
	}
	if c.rows != nil {
		one = model.Condition{Classes: c.rows.Shape[0], Numbers: c.rows.Shape[1], Module: c.rowsModule}
		if o.Classes != 0 && o.Classes != one.Classes {
			return nil, Ambiguous("%d classes, but %.80q has rows for %d", o.Classes, c.rows.Name, one.Classes)
		}
	}
	joins := []model.Join{model.RowLast, model.RowFirst}
	if c.rows != nil && one.Numbers == c.LatentDim() && c.joined == 0 {
		joins = []model.Join{model.RowTimes}
	}
	if o.Join != nil {
		joins = []model.Join{*o.Join}
	}
	var all []model.Condition
	for _, j := range joins {
		one.Join = j
		if err := one.Check(c.LatentDim()); err != nil {
			return nil, Ambiguous("%w", err)
		}
		all = append(all, one)
	}
	return all, nil
}

// mostHot is the largest number of classes that one-hot numbers are looked for.
const mostHot = 20

// oneHot returns the conditions in which some numbers of the latents are one at the class
// and zero elsewhere.
func (c *LayerChain) oneHot() (all []model.Condition) {
	for classes := 2; classes <= min(mostHot, c.LatentDim()-1); classes++ {
		for _, j := range []model.Join{model.RowLast, model.RowFirst} {
			all = append(all, model.Condition{Classes: classes, Numbers: classes, Join: j})
		}
	}
	return all
}

// classes reports that several numbers of classes fit a net whose latents say a class.
func (e *Evidence) classes() error {
	var fits []string
	for _, h := range e.Hypotheses {
		words := fmt.Sprintf("%d %v", h.guess.condition.Classes, h.guess.condition.Join)
		if h.Error <= max(e.Hypotheses[0].Error, leastError)*clearly && !slices.Contains(fits, words) {
			fits = append(fits, words)
		}
	}
	if len(fits) < 2 {
		return nil
	}
	return Undecided([]string{"Classes"}, "the statistics of %.80q say that some numbers of G's latents are one at a class and zero elsewhere, but not how many: perhaps the %s", e.Norm, strings.Join(fits, ", or the "))
}

// latents draws n latents that a G of that condition gets in training: each class in
// turn.
func (c *LayerChain) latents(n int, law model.Law, condition model.Condition) (model.Tensor, error) {
	noise := model.Latents(latentSeed, 0, n, model.Config{Law: law, LatentDim: c.LatentDim(), Condition: condition})
	if condition.Classes == 0 {
		return noise, nil
	}
	rows, err := c.rowsOf(n, condition)
	if err != nil {
		return noise, err
	}
	z := model.NewTensor(n, c.LatentDim())
	for i := range n {
		condition.Latent(z.Row(i), noise.Row(i), rows[i*condition.Numbers:][:condition.Numbers])
	}
	return z, nil
}

// latentWords says what latents are.
func latentWords(law model.Law, c model.Condition) string {
	text := fmt.Sprintf("%v latents", law)
	switch {
	case c.Classes == 0:
	case c.Join == model.RowTimes:
		text += " times the class's numbers"
	case c.Module == "":
		text += fmt.Sprintf(" with %d one-hot numbers of a class %v", c.Numbers, c.Join)
	default:
		text += fmt.Sprintf(" with the class's numbers %v", c.Join)
	}
	return text
}
