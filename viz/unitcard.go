package viz

import (
	"fmt"
	"image"
	"math"
)

// A UnitCard is all that is shown of one unit.
type UnitCard struct {
	// Drawn are samples that drive the unit, Held the same with the unit held,
	// and Changes the difference of the two, ToImage of what Amplify gives.
	Drawn, Held, Changes []image.Image
	// Areas are where in each sample the unit is active: a value for each
	// pixel, row by row.
	Areas [][]bool
	// Labels stand above the samples.
	Labels []string
	// HeldAt says what the unit is held at, and ChangeGain what changes are
	// multiplied by.
	HeldAt     string
	ChangeGain float64

	// Shares is how many of all activations lie in each of the ranges of equal width
	// from Lo to Hi, as fractions. The area is where activations exceed Threshold.
	// Without shares the card has no histogram.
	Shares            []float64
	Lo, Hi, Threshold float64
	// HistogramCaption says what the histogram leaves out.
	HistogramCaption string

	// Title stands above the card, and Footer, the unit's numbers, below it.
	Title, Footer string
}

// Draw draws the card: a row each of the samples with the area outlined, with
// the unit held and of the change, and the histogram. Rows of different lengths
// and what Sheet, CurvePlot and Stack refuse are errors.
func (c *UnitCard) Draw() (*Picture, error) {
	n := len(c.Drawn)
	if n == 0 || len(c.Held) != n || len(c.Changes) != n || len(c.Areas) != n || len(c.Labels) != n {
		return nil, fmt.Errorf("viz: unit card: %d samples, %d held, %d changes, %d areas and %d labels, want one or more, as many of each",
			n, len(c.Held), len(c.Changes), len(c.Areas), len(c.Labels))
	}
	if c.Drawn[0] == nil {
		return nil, fmt.Errorf("viz: unit card: sample 0 has no picture")
	}
	scale := max(1, 128/max(1, c.Drawn[0].Bounds().Dx()))
	var tiles []image.Image
	for i, img := range c.Drawn {
		shown, err := ShowArea(img, c.Areas[i], AreaOptions{Scale: scale, Outline: true})
		if err != nil {
			return nil, err
		}
		tiles = append(tiles, shown)
	}
	for _, row := range [][]image.Image{c.Held, c.Changes} {
		for i, img := range row {
			if img == nil {
				return nil, fmt.Errorf("viz: unit card: a picture of sample %d is missing", i)
			}
			size := img.Bounds().Size()
			enlarged, err := ShowArea(img, make([]bool, size.X*size.Y), AreaOptions{Scale: scale, Outline: true})
			if err != nil {
				return nil, err
			}
			tiles = append(tiles, enlarged)
		}
	}
	sheet, err := Sheet(tiles, SheetOptions{Columns: n, GapPx: 2, ColumnLabels: c.Labels,
		RowLabels: []string{"as drawn,\narea outlined", c.HeldAt, fmt.Sprintf("change,\ntimes %.3g", c.ChangeGain)}})
	if err != nil {
		return nil, err
	}
	parts := []Part{{Image: sheet}}
	if len(c.Shares) > 0 {
		plot, err := c.histogram(min(maxSidePx, max(480, sheet.Rect.Dx())))
		if err != nil {
			return nil, err
		}
		parts = append(parts, Part{Image: plot, Caption: c.HistogramCaption})
	}
	return Stack(parts, StackOptions{Title: c.Title, Footer: c.Footer})
}

// histogram draws the shares as steps.
func (c *UnitCard) histogram(widthPx int) (image.Image, error) {
	if !(c.Hi > c.Lo) || math.IsInf(c.Hi-c.Lo, 0) {
		return nil, fmt.Errorf("viz: unit card: a histogram from %v to %v", c.Lo, c.Hi)
	}
	curve := Curve{Name: "share of locations"}
	step := (c.Hi - c.Lo) / float64(len(c.Shares))
	const corner = 1e-3 // of a step: X has to increase
	for i, v := range c.Shares {
		from := c.Lo + float64(i)*step
		curve.X = append(curve.X, from+corner*step, from+(1-corner)*step)
		curve.Y = append(curve.Y, Interval{v, v, v}, Interval{v, v, v})
	}
	return CurvePlot([]Curve{curve}, PlotOptions{WidthPx: widthPx, HeightPx: 220,
		X: Axis{Label: "activation", Low: c.Lo, High: c.Hi}, Y: Axis{Label: "share of locations"},
		Regions: []Region{{Label: "its area", XLow: c.Threshold, XHigh: math.Inf(1), YLow: math.Inf(-1), YHigh: math.Inf(1)}}})
}
