package figure

import (
	"fmt"
	"image"

	"dcganviz/probe/concept"
	"dcganviz/probe/stats"
	"dcganviz/probe/vector"
	"dcganviz/viz"
)

// Draw draws the sum as the paper's Fig. 7 does, the same sum of pixels beside it,
// and below the curves over exemplars.
func (a *ArithmeticResult) Draw() (*viz.Picture, error) {
	d := a.drawn
	if d == nil {
		return nil, errNoImages
	}
	equation, err := equationOf(d)
	if err != nil {
		return nil, err
	}
	parts := []viz.Part{{Image: equation, Caption: fmt.Sprintf(
		"In frames what G draws of the means of latents above them. The result's centre is G(A - B + C); around it G of that plus numbers between -%.3g and %.3g.", a.Reach, a.Reach)}}
	if len(a.Stability) > 0 {
		curves, err := curvesCalculated(a, equation.Bounds().Dx())
		if err != nil {
			return nil, err
		}
		parts = append(parts, viz.Part{Image: curves, Caption: fmt.Sprintf(
			"Over %d draws of exemplars each: mean and standard deviation; rescaled, at the norm of a latent. Controls: C alone; C and the difference of as many random samples; the same sum of pixels, matched: at the contrast of a sample.", a.Stability[0].Draws)})
	}
	return viz.Stack(parts, viz.StackOptions{Title: "Arithmetic on latents of " + a.Model, Footer: a.Words().Verdict})
}

func equationOf(d *calculation) (image.Image, error) {
	means, err := pictures(d.means)
	if err != nil {
		return nil, err
	}
	var terms []viz.Term
	for i, c := range []struct {
		sign string
		of   concept.Samples
	}{{"", d.formula.A}, {"−", d.formula.B}, {"+", d.formula.C}} {
		exemplars, err := pictures(d.terms[i])
		if err != nil {
			return nil, err
		}
		terms = append(terms, viz.Term{Sign: c.sign, Name: c.of.Name, Exemplars: exemplars, Mean: means[i]})
	}
	result, err := pictures(d.result)
	if err != nil {
		return nil, err
	}
	pixels, err := pictures(d.pixels)
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
func curvesCalculated(a *ArithmeticResult, width int) (image.Image, error) {
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
		{"pixels, matched", false, func(s vector.Stability) vector.Measure { return s.PixelsMatched }},
		{"latents, rescaled", false, func(s vector.Stability) vector.Measure { return s.Rescaled }},
		{"latents", false, func(s vector.Stability) vector.Measure { return s.Latents }},
	} {
		if of(c.of(all[0])) == nil {
			continue
		}
		curve := viz.Curve{Name: c.name, Control: c.control}
		if !c.control {
			curve.Color = viz.Swatch(map[string]int{"latents": 0, "pixels, matched": 1, "latents, rescaled": 2}[c.name])
		}
		for _, s := range all {
			m := of(c.of(s))
			v := around(m.Mean, m.SD)
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
	return curvePlot(curves, opt)
}
