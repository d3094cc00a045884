package infer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"dcganviz/model"
)

// Evidence is what the statistics of one batch norm say of the layers before it.
type Evidence struct {
	// Net is G or D, Norm the batch norm's name in the state dict.
	Net, Norm string
	// Hypotheses are what was tried, the one with the least error first.
	Hypotheses []Hypothesis
	// Taken is the number of the one that was taken: the likeliest beforehand of
	// those that no other beats clearly. Fits says that it fits at all.
	Taken int
	Fits  bool
}

// A Hypothesis is one way in which the layers before a batch norm may be run.
type Hypothesis struct {
	// Says is it in words: "uniform latents, no activation after fc".
	Says string
	// Error is how far it is from the statistics: the mean over channels of the
	// squared difference of means, in standard deviations, and of the squared
	// difference of log variances, less what chance adds. So it may be below 0.
	Error float64

	guess guess
	x     *maps // what the layer gets in it, while it is judged
}

const (
	// clearly is by which factor the error of a hypothesis must be smaller to beat
	// one that is likelier beforehand, and leastError the error that counts as
	// none. Of right and next best hypotheses it is 0.002 at most and 0.02 at least.
	clearly    = 4
	leastError = 0.0008
)

// sort puts the hypotheses with the least error first.
func (e *Evidence) sort() {
	slices.SortStableFunc(e.Hypotheses, func(a, b Hypothesis) int { return cmp.Compare(a.Error, b.Error) })
}

// likeliest returns the inputs of the best hypotheses, which are sorted.
func (e *Evidence) likeliest(inputs []branch) (out []branch) {
	for _, h := range e.Hypotheses {
		has := func(b branch) bool { return b.x == h.x }
		if k := slices.IndexFunc(inputs, has); len(out) < tried && !slices.ContainsFunc(out, has) {
			out = append(out, inputs[k])
		}
	}
	return out
}

// take chooses among the hypotheses, which are sorted.
func (e *Evidence) take(limit float64) {
	least := e.Hypotheses[0].Error
	e.Fits = least <= limit
	most := max(least, leastError) * clearly
	if !e.Fits {
		most = max(most, e.Hypotheses[len(e.Hypotheses)-1].Error)
	}
	e.Taken = 0
	for k, h := range e.Hypotheses {
		if h.Error <= most && h.guess.odd < e.Hypotheses[e.Taken].guess.odd {
			e.Taken = k
		}
	}
}

// Rival returns the number of the best hypothesis that draws otherwise than the one
// taken, or -1. ReLU and a leaky one of slope 0.01 count as the same.
func (e *Evidence) Rival() int {
	for k := range e.Hypotheses {
		if k != e.Taken && !alike(&e.Hypotheses[k].guess, &e.Hypotheses[e.Taken].guess) {
			return k
		}
	}
	return -1
}

// Tied returns the number of a hypothesis with another slope than the one taken that
// draws nearly the same and that the statistics do not tell from it, or -1: of ReLU one
// of slope 0.01.
func (e *Evidence) Tied() int {
	taken := &e.Hypotheses[e.Taken]
	for k := range e.Hypotheses {
		h := &e.Hypotheses[k]
		if k != e.Taken && alike(&h.guess, &taken.guess) && h.Error < clearly*max(taken.Error, leastError) {
			return k
		}
	}
	return -1
}

// tied returns a guess with the slopes that the fingerprints do not tell from its own;
// false if they tell all.
func (t *teller) tied(found guess) (other guess, tied bool) {
	other = found.clone()
	for i := range t.rows {
		e := &t.rows[i]
		k := e.Tied()
		if !e.Fits || k < 0 {
			continue
		}
		for l, slope := range e.Hypotheses[k].guess.slopes {
			if slope != e.Hypotheses[e.Taken].guess.slopes[l] {
				other.slopes[l], tied = slope, true
			}
		}
	}
	return other, tied
}

// alike reports whether two guesses draw nearly the same.
func alike(a, b *guess) bool {
	for i := range a.slopes {
		if d := a.slopes[i] - b.slopes[i]; d > 0.05 || d < -0.05 || a.last[i] != b.last[i] || a.steps[i] != b.steps[i] || a.eps[i] != b.eps[i] {
			return false
		}
	}
	return a.law == b.law && a.condition == b.condition
}

// says puts into words what a guess says of layer i and of those before it that no
// fingerprint judged.
func (t *teller) says(i int, g *guess) string {
	var words []string
	first := i // of the layers that no norm judged before
	for first > 0 && (t.c.layers[first-1].norm == nil || t.c.layers[first-1].norm.mean == nil) {
		first--
	}
	if first == 0 && !t.c.Image {
		words = append(words, latentWords(g.law, g.condition))
	}
	if i > 0 && first > 0 && g.eps[first-1] != t.eps {
		words = append(words, fmt.Sprintf("epsilon %g in %s", g.eps[first-1], t.c.layers[first-1].norm.name))
	}
	for k := max(first-1, 0); k <= i; k++ {
		l := &t.c.layers[k]
		if k >= first && l.kind != model.Linear && len(t.paths.from(k, t.side(g, k))) > 1 {
			words = append(words, g.steps[k].String())
		}
		switch {
		case g.last[k]:
			words = append(words, fmt.Sprintf("%s before %s", activationName(g.slopes[k]), l.norm.name))
		case k < i:
			words = append(words, fmt.Sprintf("%s after %s", activationName(g.slopes[k]), l.afterName()))
		}
	}
	return strings.Join(words, ", ")
}

// side returns the side that layer i gets.
func (t *teller) side(g *guess, i int) int {
	if i == 0 {
		return t.paths.start
	}
	return g.steps[i-1].side
}

// afterName is what a layer's activation comes after.
func (l *layerWithNorm) afterName() string {
	if l.norm != nil {
		return l.norm.name
	}
	return l.name
}

func (s step) String() string {
	text := fmt.Sprintf("stride %d padding %d", s.stride, s.padding)
	if s.outputPadding != 0 {
		text += fmt.Sprintf(" output padding %d", s.outputPadding)
	}
	if s.enlarge > 1 {
		text += fmt.Sprintf(" after %v upsampling by %d", s.method, s.enlarge)
	}
	return text
}

// activationName is an activation in words, by its slope below zero.
func activationName(slope float64) string {
	switch slope {
	case 0:
		return "ReLU"
	case 1:
		return "no activation"
	}
	return fmt.Sprintf("leaky %g", slope)
}
