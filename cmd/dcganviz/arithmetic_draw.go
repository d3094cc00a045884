package main

import (
	"fmt"
	"image"
	"strings"

	"dcganviz/model"
	"dcganviz/probe/concept"
	"dcganviz/probe/stats"
	"dcganviz/probe/vector"
	"dcganviz/viz"
)

// summary is the three lines for people.
func (a *calculated) summary() []string {
	said := "nothing says what should come out: name it by = D"
	if a.Result.Wanted != nil {
		said = fmt.Sprintf("%d of %d images are as wanted (%s), the same sum of pixels %s, random samples %.0f%%",
			*a.Result.Wanted, a.Result.Images, criteria(a.Wanted), yesNo(*a.Pixels.Wanted == 1), 100*float64(*a.Samples.Wanted)/float64(a.Samples.Images))
	}
	lines := []string{a.Formula + ": " + said}
	if len(a.Stability) == 0 {
		return append(lines, "each concept needs more exemplars than one to say how far the result depends on them")
	}
	var wanted, apart, logits []string
	last := a.Stability[len(a.Stability)-1]
	for _, s := range a.Stability {
		if s.Latents.Wanted != nil {
			wanted = append(wanted, fmt.Sprintf("%s with %d", shares(s.Latents.Wanted), s.Exemplars))
		}
		apart = append(apart, fmt.Sprintf("%.3f with %d", s.Latents.Apart, s.Exemplars))
		if s.Latents.Logit != nil {
			logits = append(logits, fmt.Sprintf("%.2f with %d", s.Latents.Logit.Mean, s.Exemplars))
		}
	}
	if wanted != nil {
		lines = append(lines, fmt.Sprintf("as wanted, over %d draws of exemplars: %s; with %d pixels %s, C alone %s, C and a random difference %s",
			last.Draws, strings.Join(wanted, ", "), last.Exemplars, shares(last.Pixels.Wanted), shares(last.Unchanged.Wanted), shares(last.Random.Wanted)))
	}
	third := "results of other draws lie apart (RMS of pixels) by " + strings.Join(apart, ", ")
	if logits != nil {
		third += fmt.Sprintf("; D's logit %s, of pixels %.2f, of random samples %.2f", strings.Join(logits, ", "), last.Pixels.Logit.Mean, *a.Samples.Logit)
	}
	return append(lines, third)
}

func shares(s *stats.Spread) string { return fmt.Sprintf("%.0f%% ± %.0f", 100*s.Mean, 100*s.SD) }

func yesNo(b bool) string {
	if b {
		return "too"
	}
	return "not"
}

// criteria says what is wanted.
func criteria(all []criterion) string {
	var words []string
	for _, c := range all {
		word := fmt.Sprintf("%s at least %g", c.Score, c.Least)
		if c.Below {
			word = fmt.Sprintf("%s below %g", c.Score, c.Least)
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// drawCalculation draws the sum as the paper's Fig. 7 does, the same sum of
// pixels beside it, and below the curves over exemplars.
func drawCalculation(d *calculation, a *calculated, summary []string) (image.Image, error) {
	equation, err := equationOf(d)
	if err != nil {
		return nil, err
	}
	parts := []viz.Part{{Image: equation, Caption: fmt.Sprintf(
		"In frames what G draws of the means of latents above them. The result's centre is G(A - B + C); around it G of that plus numbers between -%g and %g.", a.Reach, a.Reach)}}
	if len(a.Stability) > 0 {
		curves, err := curvesCalculated(a, equation.Bounds().Dx())
		if err != nil {
			return nil, err
		}
		parts = append(parts, viz.Part{Image: curves, Caption: fmt.Sprintf(
			"Over %d draws of exemplars each: mean and standard deviation. Controls: C alone; C and the difference of as many random samples; the same sum of pixels.", a.Stability[0].Draws)})
	}
	return viz.Stack(parts, viz.StackOptions{Title: "Arithmetic on latents of " + a.Model, Footer: strings.Join(summary, ". ") + "."})
}

func equationOf(d *calculation) (image.Image, error) {
	tiles := func(t model.Tensor) ([]image.Image, error) {
		return viz.Images(t.Data, t.Shape[0], t.Shape[1], t.Shape[2], t.Shape[3])
	}
	means, err := tiles(d.means)
	if err != nil {
		return nil, err
	}
	var terms []viz.Term
	for i, c := range []struct {
		sign string
		of   concept.Samples
	}{{"", d.formula.A}, {"−", d.formula.B}, {"+", d.formula.C}} {
		exemplars, err := tiles(d.terms[i])
		if err != nil {
			return nil, err
		}
		terms = append(terms, viz.Term{Sign: c.sign, Name: c.of.Name, Exemplars: exemplars, Mean: means[i]})
	}
	result, err := tiles(d.result)
	if err != nil {
		return nil, err
	}
	pixels, err := tiles(d.pixels)
	if err != nil {
		return nil, err
	}
	// The centre stands in the middle of its neighbours.
	around := append(append(append([]image.Image{}, result[1:5]...), result[0]), result[5:]...)
	name := "the result"
	if d.formula.Gives != "" {
		name += ": " + d.formula.Gives + "?"
	}
	terms = append(terms, viz.Term{Sign: "=", Name: name, Exemplars: around, Columns: 3},
		viz.Term{Name: "control: the same sum of pixels", Exemplars: pixels})
	return viz.Equation(terms, viz.EquationOptions{Scale: max(1, 128/d.result.Shape[1])})
}

// curvesCalculated draws what is known of each count of exemplars.
func curvesCalculated(a *calculated, width int) (image.Image, error) {
	figures := []struct {
		label string
		of    func(vector.Measure) *stats.Spread
		high  float64
	}{
		{"share of results as wanted", func(m vector.Measure) *stats.Spread { return m.Wanted }, 1},
		{"D's logit", func(m vector.Measure) *stats.Spread { return m.Logit }, 0},
		{"results apart, RMS of pixels", func(m vector.Measure) *stats.Spread { return &stats.Spread{Mean: m.Apart} }, 0},
	}
	first, n := a.Stability[0].Latents, 0
	for _, f := range figures {
		if f.of(first) != nil {
			n++
		}
	}
	var parts []viz.Part
	for _, f := range figures {
		if f.of(first) == nil {
			continue
		}
		plot, err := curvesOver(a.Stability, f.of, viz.PlotOptions{WidthPx: max(width/n-20, 300), HeightPx: 300,
			X: viz.Axis{Label: "exemplars a concept", Log2: true}, Y: viz.Axis{Label: f.label, High: f.high}})
		if err != nil {
			return nil, err
		}
		parts = append(parts, viz.Part{Image: plot})
	}
	return viz.Stack(parts, viz.StackOptions{Row: true})
}

func curvesOver(all []vector.Stability, of func(vector.Measure) *stats.Spread, opt viz.PlotOptions) (image.Image, error) {
	var curves []viz.Curve
	for _, c := range []struct {
		name    string
		control bool
		of      func(vector.Stability) vector.Measure
	}{
		{"C alone", true, func(s vector.Stability) vector.Measure { return s.Unchanged }},
		{"random difference", true, func(s vector.Stability) vector.Measure { return s.Random }},
		{"pixels", false, func(s vector.Stability) vector.Measure { return s.Pixels }},
		{"latents", false, func(s vector.Stability) vector.Measure { return s.Latents }},
	} {
		curve := viz.Curve{Name: c.name, Control: c.control}
		if !c.control {
			curve.Color = viz.Swatch(0)
			if c.name == "pixels" {
				curve.Color = viz.Swatch(1)
			}
		}
		for _, s := range all {
			v := spread64(of(c.of(s)))
			if opt.Y.High == 1 { // a share
				v.Lo, v.Hi = max(v.Lo, 0), min(v.Hi, 1)
			}
			if c.control { // four bands would hide each other
				v.Lo, v.Hi = v.Mean, v.Mean
			}
			curve.X, curve.Y = append(curve.X, float64(s.Exemplars)), append(curve.Y, v)
		}
		curves = append(curves, curve)
	}
	return viz.CurvePlot(curves, opt)
}

func spread64(s *stats.Spread) viz.Interval {
	return viz.Interval{Mean: s.Mean, Lo: s.Mean - s.SD, Hi: s.Mean + s.SD}
}
