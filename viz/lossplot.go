package viz

import (
	"fmt"
	"image"
)

// Losses is the course of a training run. The slices that are given have
// the same length; values that are not finite leave gaps.
type Losses struct {
	// Steps are the training steps of the values, increasing.
	Steps []int
	// D and G are the losses of the two nets, in nats.
	D, G []float64
	// RealScores and FakeScores are D's mean scores of real and of drawn
	// pictures, in [0, 1]. With either, a second panel shows them.
	RealScores, FakeScores []float64
}

// LossPlotOptions is how LossPlot draws. The zero value is a plot of 800x480
// pixels.
type LossPlotOptions struct {
	// WidthPx and HeightPx of the picture, at least 240x120. Zero: 800, 480.
	WidthPx, HeightPx int
	// Title stands above the plot, Footer below it.
	Title, Footer string
	// SmoothSteps is the width of the centred window that the bold lines
	// are the means of, in steps. Zero: a fiftieth of the run.
	SmoothSteps int
}

// LossPlot draws D's and G's loss over the training steps.
//
// Light lines are the values, bold ones their moving means; the legend gives
// the last mean. The loss axis starts at zero (below it when there are
// negative losses) and reaches to the 99th percentile of the values or to
// the highest mean; the few values above run along its top and are counted
// in the legend. Slices of different lengths, no steps, steps that do not
// increase, and a size out of range are errors.
func LossPlot(l Losses, o LossPlotOptions) (*image.RGBA, error) {
	img, err := lossPlot(l, o)
	if err != nil {
		return nil, fmt.Errorf("viz: loss plot: %w", err)
	}
	return img, nil
}

func lossPlot(l Losses, o LossPlotOptions) (*image.RGBA, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	var err error
	if o.WidthPx, o.HeightPx, err = plotSize(o.WidthPx, o.HeightPx); err != nil {
		return nil, err
	}
	if o.SmoothSteps < 0 {
		return nil, fmt.Errorf("mean of %d steps, want at least 0", o.SmoothSteps)
	}
	if o.SmoothSteps == 0 {
		o.SmoothSteps = max(1, (l.Steps[len(l.Steps)-1]-l.Steps[0])/50)
	}
	style, err := newPlotStyle()
	if err != nil {
		return nil, err
	}
	canvas, img, err := newPlotCanvas(o.WidthPx, o.HeightPx)
	if err != nil {
		return nil, err
	}
	loss := newPanel(style, l.Steps, o, "loss (nats)",
		curve{name: "D", values: l.D, swatch: 0}, curve{name: "G", values: l.G, swatch: 1})
	loss.fitY()
	panels := []*panel{loss}
	if l.RealScores != nil || l.FakeScores != nil {
		score := newPanel(style, l.Steps, o, "score",
			curve{name: "real", values: l.RealScores, swatch: 2}, curve{name: "fake", values: l.FakeScores, swatch: 3})
		score.low, score.high, score.about = 0, 1, "D's scores, "
		panels = append(panels, score)
	}
	if err := drawPanels(canvas, style, panels, o); err != nil {
		return nil, err
	}
	return img, nil
}

func (l Losses) check() error {
	if len(l.Steps) == 0 {
		return fmt.Errorf("no steps, want at least one")
	}
	for _, v := range []struct {
		name   string
		values []float64
		needed bool
	}{{"losses of D", l.D, true}, {"losses of G", l.G, true}, {"scores of real", l.RealScores, false}, {"scores of fake", l.FakeScores, false}} {
		if len(v.values) != len(l.Steps) && (v.needed || v.values != nil) {
			return fmt.Errorf("%d %s, want %d, one a step", len(v.values), v.name, len(l.Steps))
		}
	}
	for i := 1; i < len(l.Steps); i++ {
		if l.Steps[i] <= l.Steps[i-1] {
			return fmt.Errorf("step %d follows step %d, want increasing steps", l.Steps[i], l.Steps[i-1])
		}
	}
	return nil
}
