package infer

import (
	"slices"

	"dcganviz/model"
)

// A teller holds the layers of a net against the statistics that its batch norms
// stored: a mean and a variance are a fingerprint of all that comes before.
//
// It goes from norm to norm. Each judges what precedes it and was not judged before,
// with the statistics of the batch in all norms before it, so that no layer passes on
// a misfit. It never tries all combinations.
//
// The method is ours.
type teller struct {
	c     *LayerChain
	specs []model.LayerSpec // the shapes of what linear layers make
	paths *paths
	// slopes returns what a layer's activation may be, the likeliest first, and last
	// whether the norm may come after it.
	slopes func(i int) []float64
	last   []bool
	known  bool // the family is known, and so the likeliest step
	eps    float64
	// saidEps is what the caller said that norms add to variances, 0 for nothing.
	saidEps float64
	// limit is an error above which a guess does not fit.
	limit     float64
	pool      *model.Pool
	rows      []Evidence
	responses responses
	// hopeless is an error that rules an unusual step out on few inputs; 0 for none.
	hopeless float64
	// upTo is the last layer that a fingerprint judged, -1 before the first.
	upTo int
}

const (
	// maxBranches bounds how many guesses are followed where layers have no batch norm.
	maxBranches = 32
	// judged is how many channels are enough to judge a guess by.
	judged = 16
	// fitsWell is an error that leaves no reason to try unusual steps. Of right
	// guesses it was 0.0001 to 0.002 in nets of other people, and 0.03 in one that
	// has collapsed; of others 0.02 and more.
	fitsWell = 0.01
	// A step with more than hopeless times the least error, and leastHopeless, on few of the
	// inputs cannot be the right one.
	hopeless, leastHopeless = 10, 0.1
	// tried is how many guesses of the activations are tried with unusual steps.
	tried = 2
)

// A guess is a hypothesis of the layers so far.
type guess struct {
	law       model.Law
	condition model.Condition
	slopes    []float64 // of each layer's activation
	last      []bool    // the norm comes after it
	steps     []step
	told      []bool    // a fingerprint judged the activation
	eps       []float64 // what each norm adds to variances
	odd       int       // how unlikely it is beforehand
}

func (g guess) clone() guess {
	g.slopes, g.last, g.steps, g.told = slices.Clone(g.slopes), slices.Clone(g.last), slices.Clone(g.steps), slices.Clone(g.told)
	g.eps = slices.Clone(g.eps)
	return g
}

// A branch is a guess, and what the next layer gets if it is right.
type branch struct {
	guess
	x *maps
	// pending says that the activation before the next layer is yet to be guessed.
	pending bool
}

// tell goes through the layers from what the first one gets. It returns the guess
// that it ends with, or the first start where nothing told anything.
func (t *teller) tell(starts []branch) (guess, error) {
	branches, found := starts, starts[0].guess
	for i := range t.c.layers {
		l := &t.c.layers[i]
		f, err := l.norm.fingerprintOf(t.eps)
		if err != nil {
			return found, err
		}
		later, err := t.fingerprints(i + 1)
		if err != nil || f == nil && (l.norm != nil || !later) {
			return found, err // nothing judges what comes from here on
		}
		w, err := l.numbers(t.specs[i])
		if err != nil {
			return found, err
		}
		if f == nil {
			if branches = t.follow(i, w, branches); len(branches) == 0 {
				return found, nil
			}
			continue
		}
		row, from := t.judge(i, w, f, branches)
		if row == nil {
			return found, nil
		}
		t.rows, t.upTo = append(t.rows, *row), i
		found = row.Hypotheses[row.Taken].guess
		for k := range found.told[:i] {
			found.told[k] = found.told[k] || row.Fits
		}
		found.told[i] = found.told[i] || row.Fits && found.last[i]
		// The latents are known, so that G's statistics fit from the first norm on, or
		// are not of these weights. D's first ones are of real images.
		if !later || !row.Fits && !t.c.Image {
			return found, nil
		}
		branches = nil
		for odd, eps := range t.c.epsilons(i, t.saidEps) {
			if from.h*from.w >= manySpots {
				from = from.few(enough)
			}
			b, err := t.pass(i, w, found, from, eps)
			if err != nil {
				return found, err
			}
			b.odd += odd
			branches = append(branches, b)
		}
	}
	return found, nil
}

// fingerprints reports whether a layer from i on has a fingerprint.
func (t *teller) fingerprints(i int) (bool, error) {
	for ; i < len(t.c.layers); i++ {
		if f, err := t.c.layers[i].norm.fingerprintOf(t.eps); f != nil || err != nil {
			return f != nil, err
		}
	}
	return false, nil
}

// inputs returns the branches with what layer i gets in each, the activation before
// it guessed.
func (t *teller) inputs(i int, branches []branch) []branch {
	var out []branch
	for _, b := range branches {
		if !b.pending {
			out = append(out, b)
			continue
		}
		for odd, s := range t.slopes(i - 1) {
			n := branch{b.guess.clone(), b.x.activated(s), false}
			n.slopes[i-1] = s
			n.odd += odd
			out = append(out, n)
		}
	}
	return out
}

// follow runs a layer without batch norm in all ways.
func (t *teller) follow(i int, w *layerWeights, branches []branch) []branch {
	var out []branch
	for _, b := range t.inputs(i, branches) {
		for odd, s := range t.stepsOf(i, b.x.h) {
			if len(out) == maxBranches {
				return nil
			}
			x, err := w.run(b.x, s, all(w.channels()), t.pool)
			if err != nil {
				continue
			}
			n := branch{b.guess.clone(), x, true}
			n.steps[i] = s
			n.odd += odd
			out = append(out, n)
		}
	}
	return out
}

// stepsOf returns what layer i may do to a side. In a layer without batch norm of a
// known family it does the usual.
func (t *teller) stepsOf(i, side int) []step {
	steps := t.paths.from(i, side)
	if t.known && t.c.layers[i].norm == nil {
		return steps[:min(1, len(steps))]
	}
	return steps
}

// judge holds all guesses of the layers up to i against i's fingerprint. It returns
// what it found, nil if nothing can be said, and the input of the guess that was taken.
func (t *teller) judge(i int, w *layerWeights, f *fingerprint, branches []branch) (*Evidence, *maps) {
	row := &Evidence{Net: t.c.Net(), Norm: w.norm.name}
	t.responses = responses{several: !t.known}
	inputs := t.inputs(i, branches)
	finite := true
	try := func(b branch, number int, last []bool) {
		if steps := t.stepsOf(i, b.x.h); finite && number < len(steps) {
			var more []Hypothesis
			more, finite = t.hypotheses(i, w, f, b, steps[number], number, last)
			row.Hypotheses = append(row.Hypotheses, more...)
		}
	}
	for _, b := range inputs {
		try(b, 0, t.last)
	}
	if len(row.Hypotheses) == 0 {
		return nil, nil
	}
	row.sort()
	t.responses.several = true
	if best := row.Hypotheses[0]; !t.known || best.Error > fitsWell && best.Error <= t.limit {
		for _, b := range row.likeliest(inputs) {
			for number := 1; number < len(t.stepsOf(i, b.x.h)); number++ {
				t.hopeless = max(hopeless*best.Error, leastHopeless)
				try(b, number, best.guess.last[i:i+1])
				t.hopeless = 0
			}
		}
	}
	if !finite {
		return nil, nil
	}
	row.sort()
	row.take(t.limit)
	x := row.Hypotheses[row.Taken].x
	for k := range row.Hypotheses {
		h := &row.Hypotheses[k]
		h.Says, h.x = t.says(i, &h.guess), nil
	}
	return row, x
}

// hypotheses judges a guess with one step of layer i: with the norm before its
// activation, and after each that it may have. It reports false where numbers are
// beyond float32.
//
// Where it is hopeless on few inputs, the rest is spared.
func (t *teller) hypotheses(i int, w *layerWeights, f *fingerprint, b branch, s step, odd int, last []bool) (out []Hypothesis, ok bool) {
	if t.hopeless > 0 && b.x.n > least {
		out, ok = t.judged(i, w, f, b, b.x.few(least), s, odd, last)
		better := func(h Hypothesis) bool { return !(h.Error > t.hopeless) }
		if ok && len(out) > 0 && !slices.ContainsFunc(out, better) {
			return out, true
		}
	}
	return t.judged(i, w, f, b, b.x, s, odd, last)
}

// judged is hypotheses for an input x of the guess.
func (t *teller) judged(i int, w *layerWeights, f *fingerprint, b branch, x *maps, s step, odd int, last []bool) (out []Hypothesis, ok bool) {
	channels := some(w.channels(), judged)
	y, err := t.responses.of(w, x, s, channels, t.pool)
	if err != nil {
		return nil, true
	}
	at, places := channels, w.places()
	if places {
		at = placesOf(channels, y.h*y.w)
	}
	judge := func(slope float64, last bool, odd int) {
		g := b.guess.clone()
		g.steps[i], g.last[i] = s, last
		g.odd += odd
		if last {
			g.slopes[i] = slope
		}
		e := f.misfit(momentsOf(y.activated(slope), places, t.pool), at)
		ok = ok && e-e == 0
		out = append(out, Hypothesis{Error: e, guess: g, x: b.x})
	}
	ok = true
	if slices.Contains(last, false) {
		judge(1, false, odd)
	}
	if slices.Contains(last, true) {
		for more, slope := range t.slopes(i) {
			if slope != 1 {
				judge(slope, true, odd+2+more)
			}
		}
	}
	return out, ok
}

// places reports whether the layer's norm has statistics for each location.
func (w *layerWeights) places() bool { return w.norm.channels() != w.channels() }

// pass runs layer i with its norm, as a guess has it, on what the layer gets.
func (t *teller) pass(i int, w *layerWeights, g guess, x *maps, eps float64) (branch, error) {
	y, err := w.run(x, g.steps[i], all(w.channels()), t.pool)
	if err != nil {
		return branch{}, err
	}
	if g.last[i] {
		y = y.activated(g.slopes[i])
	}
	y, err = w.norm.normalised(y, momentsOf(y, w.places(), t.pool), w.places(), eps, t.pool)
	b := branch{g.clone(), y, !g.last[i]}
	b.eps[i] = eps
	return b, err
}

// all returns the numbers below n.
func all(n int) []int { return some(n, n) }

// some returns at most that many numbers below n, evenly spread.
func some(n, most int) []int {
	most = min(n, most)
	out := make([]int, most)
	for i := range out {
		out[i] = i * n / most
	}
	return out
}

// placesOf returns where in a fingerprint the locations of channels are.
func placesOf(channels []int, spots int) []int {
	var out []int
	for _, c := range channels {
		for s := range spots {
			out = append(out, c*spots+s)
		}
	}
	return out
}
