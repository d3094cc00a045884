package infer

import (
	"cmp"
	"math"
	"slices"

	"dcganviz/model"
)

const (
	// A guess of G with a larger error than mostG does not fit; momentum alone leaves 0.005,
	// and wrong guesses have 0.02 and more, most of them 1. D's statistics are of real
	// images too. Where it saw those of G last, all fits as well as in G; else nothing does.
	mostG, mostD = 0.25, 0.05

	// A net is tried on so many latents; on fewer, if it is so large that they would
	// take more than most products, but not on fewer than least.
	// Where each has manySpots locations, enough of them are run.
	latents, enough, least = 128, 64, 32
	manySpots              = 16

	products     = 1 << 34
	mostProducts = 1 << 37
	mostNumbers  = 1 << 24 // of a layer
	latentSeed   = 1
)

// asked holds the layers against the statistics in them, as far as there are any. The
// guess that it returns has what was said, or told, or is usual.
func (c *LayerChain) asked(o *Ask, said, usual *Geometry, law model.Law) (*teller, guess, error) {
	t := &teller{
		c: c, paths: c.pathsTo(o.Size, said, usual), known: said != nil || usual != nil, upTo: -1,
		last: []bool{false, true}, eps: cmp.Or(o.BNEps, model.DefaultBNEps), limit: mostG, pool: o.Pool,
	}
	t.slopes = func(int) []float64 { return []float64{0, 0.2, 1, 0.01} }
	if c.Image {
		t.limit = mostD
		t.slopes = func(int) []float64 { return []float64{0.2, 0.01, 0, 1} }
	}
	if c.enlarges {
		t.slopes = func(i int) []float64 {
			if i == 0 && c.hidden(1) == 1 {
				return []float64{1, 0.2, 0, 0.01}
			}
			return []float64{0.2, 0, 1, 0.01}
		}
	}
	n := len(c.layers)
	g := guess{eps: make([]float64, n), law: law, slopes: make([]float64, n), last: make([]bool, n), steps: make([]step, n), told: make([]bool, n)}
	t.saidEps = o.BNEps
	for i := range g.eps {
		g.eps[i] = c.epsilons(i, o.BNEps)[0]
		g.last[i] = c.fromGAN && c.Image && c.layers[i].norm != nil
	}
	if order := o.Geometry.Order; order != AnyOrder {
		t.last = []bool{order == NormLast}
		for i := range g.last {
			g.last[i] = order == NormLast && c.layers[i].norm != nil
		}
	}
	if s := o.Geometry.Slope; s != nil {
		if len(s) != 1 && len(s) != n-1 {
			return t, g, Ambiguous("%d slopes for %d hidden layers", len(s), n-1)
		}
		for i := range n - 1 {
			g.slopes[i] = s[min(i, len(s)-1)]
		}
		t.slopes = func(i int) []float64 { return g.slopes[i : i+1] }
	}
	conditions, err := c.conditions(o)
	if err != nil {
		return t, g, err
	}
	g.condition = conditions[0]
	laws := []model.Law{law, model.Normal + model.Uniform - law}
	if o.Law != nil {
		g.law, laws = *o.Law, []model.Law{*o.Law}
	}
	if !o.Statistics || c.Image && o.Images.Shape == nil {
		return t, g, nil
	}
	t.specs = make([]model.LayerSpec, n)
	for i := range t.specs {
		t.specs[i].Channels = c.layers[i].out
		if c.layers[i].kind == model.Linear {
			if err := c.reshape(i, &t.specs[i]); err != nil {
				return t, g, err
			}
		}
	}
	if c.Image {
		t.paths.start = o.Images.Shape[1]
		m := t.affordable(o.Images.Shape[0])
		if m == 0 || o.Images.Shape[3] != c.Channels {
			return t, g, nil
		}
		x := mapsOf(o.Images.Slice(0, m))
		if x.rows, err = c.rowsOf(m, g.condition); err != nil {
			return t, g, err
		}
		found, err := t.tell([]branch{{g, x, false}})
		return t, found, err
	}
	m := t.affordable(latents)
	if m == 0 {
		return t, g, nil
	}
	starts, err := c.starts(g, m, laws, conditions)
	if err != nil {
		return t, g, err
	}
	plain := *t
	found, err := t.tell(starts)
	if err != nil || c.rows != nil || c.joined > 0 || o.Classes > 0 || len(t.rows) == 0 || t.upTo < 0 || t.rows[0].Hypotheses[0].Error <= fitsWell {
		return t, found, err
	}
	// Perhaps some of its latents' numbers are no noise but say a class.
	hot := &plain
	if starts, err = c.starts(g, m, laws, c.oneHot()); err != nil || len(starts) == 0 {
		return t, found, err
	}
	other, err := hot.tell(starts)
	if err == nil && len(hot.rows) > 0 && hot.rows[0].Hypotheses[0].Error < t.rows[0].Hypotheses[0].Error/clearly && hot.rows[0].Hypotheses[0].Error <= fitsWell {
		if err := hot.rows[0].classes(); err != nil {
			return t, found, err
		}
		// The one that was taken stays where it is: all of the others are worse.
		all := append(hot.rows[0].Hypotheses, t.rows[0].Hypotheses...)
		slices.SortStableFunc(all, func(a, b Hypothesis) int { return cmp.Compare(a.Error, b.Error) })
		hot.rows[0].Hypotheses = all
		return hot, other, nil
	}
	return t, found, err
}

// starts returns a branch for each law of the latents and each way of being told a
// class.
func (c *LayerChain) starts(g guess, n int, laws []model.Law, conditions []model.Condition) (all []branch, err error) {
	for odd, law := range laws {
		for more, condition := range conditions {
			s := g.clone()
			s.law, s.condition, s.odd = law, condition, odd+more
			z, err := c.latents(n, law, condition)
			if err != nil {
				return nil, err
			}
			x := mapsOf(z)
			if c.joined > 0 {
				if x.rows, err = c.rowsOf(n, condition); err != nil {
					return nil, err
				}
			}
			all = append(all, branch{s, x, false})
		}
	}
	return all, nil
}

// affordable returns how many of n inputs the net can be tried on without taking too
// long: 0 if it is not even a few. It counts along the commonest path.
func (t *teller) affordable(n int) int {
	side, work, largest := t.paths.start, 0, 0
	lastNorm := -1
	for i := range t.c.layers {
		if m := t.c.layers[i].norm; m != nil && m.mean != nil {
			lastNorm = i
		}
	}
	for i := range lastNorm + 1 {
		l := &t.c.layers[i]
		steps := t.paths.from(i, side)
		if len(steps) == 0 {
			return 0
		}
		spots := steps[0].side * steps[0].side
		taps := 1
		if l.kind != model.Linear {
			kh, kw := l.kernel()
			taps = kh * kw
			if l.kind == model.ConvTranspose2D {
				spots = side * side
			}
		} else {
			spots = 1
		}
		channels := l.out
		if i == lastNorm {
			channels = min(channels, judged)
		}
		work += spots * taps * l.in * channels
		largest = max(largest, steps[0].side*steps[0].side*t.specs[i].Channels)
		side = steps[0].side
	}
	if lastNorm < 0 || work < 0 || largest > mostNumbers/least || work > mostProducts/least {
		return 0
	}
	return max(min(n, products/max(work, 1), mostNumbers/max(largest, 1))/parts*parts, min(least, n/parts*parts))
}

// geometries is how many of the commonest geometries a D of no known family is tried
// with.
const geometries = 8

// askedOfD holds the layers of a D against its statistics in each geometry that it
// may have. It returns the one with the least product of errors: norms of the first
// layers see real images in training, and may fit none.
//
// Few images choose it, and all judge it.
func (c *LayerChain) askedOfD(o *Ask, law model.Law) (t *teller, found guess, best *Geometry, err error) {
	few := *o
	few.Images = o.Images.Slice(0, min(least, o.Images.Len()))
	lowest := math.Inf(1)
	for _, g := range c.guess(o.Images.Shape[1], geometries, nil) {
		u, f, err := c.asked(&few, &g, nil, law)
		if err != nil {
			return u, f, nil, err
		}
		if e := u.meanError(); e < lowest {
			lowest, t, found, best = e, u, f, &g
		}
	}
	if best == nil {
		return t, found, nil, nil
	}
	if t, found, err = c.asked(o, best, nil, law); err != nil || t.meanError() > mostD {
		best = nil
	}
	return t, found, best, err
}

// meanError is the geometric mean of the least errors of the fingerprints; infinite if
// there are none.
func (t *teller) meanError() float64 {
	if len(t.rows) == 0 {
		return math.Inf(1)
	}
	sum := 0.0
	for _, e := range t.rows {
		sum += math.Log(max(e.Hypotheses[0].Error, leastError))
	}
	return math.Exp(sum / float64(len(t.rows)))
}
