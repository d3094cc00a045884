package infer

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A Reading is a sentence on what was made of a file that does not say it, or that few
// nets have.
type Reading struct {
	Text string
	// Options are fields of OpenOptions that would say it.
	Options []string
	// Likely says that nothing told it, but that it was taken to be as all else of
	// its sort is that was told, or as usual where nothing speaks against that.
	Likely bool
}

// readings says what the statistics told against what is usual, and what nothing
// told. It is silent on a net that is as usual.
func (c *LayerChain) readings(o *Ask, t *teller, p plan, found guess, usual *Geometry) (all []Reading) {
	net := c.Net()
	add := func(options []string, text string, args ...any) {
		for i := range options {
			options[i] = net + "." + options[i]
		}
		all = append(all, Reading{Text: net + ": " + fmt.Sprintf(text, args...), Options: options})
	}
	if names := c.unclear(); len(names) > 0 && o.Geometry.Norms == nil {
		add([]string{"Norm"}, "%.80q keeps no running statistics: batch norm, instance norm and group norm look alike in a file, and batch norm is taken", names[0])
	}
	if text := t.found(o, p, found, usual); text != "" {
		add(nil, "%s", text)
	}
	for i := range t.rows {
		if e := &t.rows[i]; !e.Fits && !c.Image {
			add([]string{"Slope", "NormOrder"}, "nothing that was tried fits the statistics of %.80q: the error is %.2f with %s; they are stale, or the net is another one", e.Norm, e.Hypotheses[0].Error, e.Hypotheses[0].Says)
			break
		}
	}
	if names := c.untold(t, p); len(names) > 0 && o.Geometry.Slope == nil {
		add([]string{"Slope"}, "nothing tells the activation after %s: %s is taken", strings.Join(names, ", "), activationName(p.slopes[len(c.layers)-2]))
		// Of a D without statistics the usual is likely: its logits decide nothing.
		all[len(all)-1].Likely = slices.Contains(p.told, true) && c.asTold(&p, len(c.layers)-2) || c.Image && len(t.rows) == 0
	}
	return all
}

// asTold reports whether the activation of layer i is as those that were told, or as
// usual where none was. A layer without any says nothing of others.
func (c *LayerChain) asTold(p *plan, i int) bool {
	same, other := p.slopes[i] == c.usualSlope(), false
	for k, told := range p.told {
		if told && p.slopes[k] != 1 {
			same, other = same || p.slopes[k] == p.slopes[i], other || p.slopes[k] != p.slopes[i]
		}
	}
	return same && !other
}

// found says in one sentence what fits the statistics, where that is not what one
// would assume; "" where it is.
func (t *teller) found(o *Ask, p plan, found guess, usual *Geometry) string {
	var least *Evidence // where the next best is closest
	odd, ratio := false, math.Inf(1)
	for i := range t.rows {
		e := &t.rows[i]
		if !e.Fits {
			continue
		}
		odd = odd || e.Hypotheses[e.Taken].guess.odd > 0
		k := e.Rival()
		if k < 0 {
			continue
		}
		if r := e.Hypotheses[k].Error / max(e.Hypotheses[e.Taken].Error, leastError); r < ratio {
			least, ratio = e, r
		}
	}
	toldGeometry := usual == nil && o.Geometry.Strides == nil && o.Family == AnyFamily && len(t.c.convolutions()) > 0 && t.judgedAny()
	if !odd && !toldGeometry {
		return ""
	}
	var words []string
	if toldGeometry || usual != nil && !p.Geometry.same(usual) {
		words = append(words, p.Geometry.String())
	}
	if !t.c.Image && o.Law == nil {
		words = append(words, fmt.Sprintf("%v latents", found.law))
	}
	if text := t.c.activations(found); text != "" && o.Geometry.Slope == nil {
		words = append(words, text)
	}
	if slices.Contains(found.last, true) && o.Geometry.Order == AnyOrder {
		words = append(words, "norms after activations")
	}
	if len(words) == 0 {
		return ""
	}
	text := strings.Join(words, ", ")
	if least == nil {
		return text + ": told by the statistics of its batch norms"
	}
	return fmt.Sprintf("%s: told by the statistics of %.80q, error %.4f against %.4f", text, least.Norm,
		max(least.Hypotheses[least.Taken].Error, 0), least.Hypotheses[least.Rival()].Error)
}

// same reports whether two geometries have the same steps.
func (g Geometry) same(o *Geometry) bool {
	return o != nil && slices.Equal(g.Strides, o.Strides) && slices.Equal(g.Paddings, o.Paddings) && slices.Equal(g.OutputPaddings, o.OutputPaddings)
}

// judgedAny reports whether any guess fits.
func (t *teller) judgedAny() bool {
	return slices.ContainsFunc(t.rows, func(e Evidence) bool { return e.Fits })
}

// activations says which ones were told.
func (c *LayerChain) activations(found guess) string {
	var all []string
	alike, first := true, -1.0
	for i, told := range found.told {
		if !told {
			continue
		}
		all = append(all, fmt.Sprintf("%s after %s", activationName(found.slopes[i]), c.layers[i].afterName()))
		if first < 0 {
			first = found.slopes[i]
		}
		alike = alike && found.slopes[i] == first
	}
	if alike && len(all) > 1 {
		return activationName(first)
	}
	return strings.Join(all, ", ")
}

// leans is by which factor statistics of D that fit nothing must prefer another activation
// to the usual one for that to be a doubt. Of trained D's it was 1.2 where the usual one
// was right, and 1.6 where it was not.
const leans = 1.4

// untold names what the activations come after that nothing told, unless what was
// told, or what fits best, is as usual.
func (c *LayerChain) untold(t *teller, p plan) (names []string) {
	n := len(c.layers) - 1
	usual, told := len(t.rows) > 0, false
	for i := range n {
		told = told || p.told[i]
		usual = usual && (!p.told[i] || p.slopes[i] == c.usualSlope())
	}
	if !told && c.Image {
		// D's statistics are of real images too. They may lean to what is usual.
		for i := range t.rows {
			e := &t.rows[i]
			usual = usual && e.Hypotheses[e.Taken].Error <= leans*e.Hypotheses[0].Error
		}
	}
	if usual && (told || c.Image) {
		return nil
	}
	for i := range n {
		if !p.told[i] {
			names = append(names, fmt.Sprintf("%.80q", c.layers[i].afterName()))
		}
	}
	if len(names) > 3 {
		names = append(names[:2], fmt.Sprintf("and %d more", len(names)-2))
	}
	return names
}
