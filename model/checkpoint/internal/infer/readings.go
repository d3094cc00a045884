package infer

import (
	"fmt"
	"slices"
	"strings"
)

// A Reading is a sentence on what was made of a file that does not say it.
type Reading struct {
	Text string
	// Options are fields of OpenOptions that would say it.
	Options []string
}

// readings says what the statistics told against what is usual, and what nothing
// told. It is silent on a net that is as usual.
func (c *LayerChain) readings(o *Ask, t *teller, p plan, found guess, said, usual *Geometry) (all []Reading) {
	net := c.Net()
	add := func(options []string, text string, args ...any) {
		all = append(all, Reading{net + ": " + fmt.Sprintf(text, args...), options})
	}
	if names := c.unclear(); len(names) > 0 && o.Geometry.Norms == nil {
		add([]string{net + ".Norm"}, "%.80q keeps no running statistics: batch norm, instance norm and group norm look alike in a file, and batch norm is taken", names[0])
	}
	for i := range t.rows {
		e := &t.rows[i]
		h := &e.Hypotheses[e.Taken]
		switch {
		case !e.Fits:
			add([]string{net + ".Slope"}, "nothing that was tried fits the statistics of %.80q: %s has an error of %.2f; they are stale, or the net is another one", e.Norm, e.Hypotheses[0].Says, e.Hypotheses[0].Error)
		case t.unusual(h, usual):
			rival := ""
			if k := e.Rival(); k >= 0 {
				rival = fmt.Sprintf(" against %.4f of %s", e.Hypotheses[k].Error, e.Hypotheses[k].Says)
			}
			add(nil, "%s, told by the statistics of %.80q: error %.4f%s", h.Says, e.Norm, max(h.Error, 0), rival)
		}
	}
	if o.Geometry.Slope == nil {
		if untold := c.untold(p, found); len(untold) > 0 {
			add([]string{net + ".Slope"}, "nothing tells the activation after %s: %s is taken", strings.Join(untold, ", "), activationName(p.slopes[len(c.layers)-2]))
		}
	}
	return all
}

// unusual reports whether a hypothesis is another than what one would assume.
func (t *teller) unusual(h *Hypothesis, usual *Geometry) bool {
	return h.guess.odd > 0 || usual == nil && !t.saidGeometry()
}

func (t *teller) saidGeometry() bool { return t.paths.given != nil }

// untold names what the activations come after that nothing told, in a net whose
// activations are not taken for granted.
func (c *LayerChain) untold(p plan, found guess) (names []string) {
	told := slices.Contains(found.told, true)
	usual := true
	for i, s := range p.slopes[:len(p.slopes)-1] {
		usual = usual && (!found.told[i] || s == c.usualSlope())
	}
	for i := range c.layers[:len(c.layers)-1] {
		if !p.told[i] && !(told && usual) {
			names = append(names, fmt.Sprintf("%.80q", c.layers[i].afterName()))
		}
	}
	if len(names) > 3 {
		names = append(names[:2], fmt.Sprintf("and %d more", len(names)-2))
	}
	return names
}
