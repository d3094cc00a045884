package vector

import (
	"context"
	"fmt"

	"dcganviz/model"
	"dcganviz/probe/features"
	"dcganviz/probe/stats"
)

// A Contrast is exemplars of two concepts, latents [N, LatentDim] each.
type Contrast struct{ From, To model.Tensor }

// directionL2 is a strong penalty, because there are far more features than exemplars.
// With it the direction is close to the difference of means of standardised features.
const directionL2 = 1

// FitDirection fits the direction in d's features that separates what g draws of
// two concepts, and returns it as a Scale: the logit of being To. auc is how well
// the scale tells the concepts apart on heldout, which it is not fitted on: the
// probability that an image of To scores higher than one of From.
func FitDirection(ctx context.Context, g *model.G, d *model.D, fit, heldout Contrast, run model.RunOptions) (scale Scale, auc float64, err error) {
	see := func(c Contrast) (x model.Tensor, labels []float32, err error) {
		if len(c.From.Shape) != 2 || len(c.To.Shape) != 2 || c.From.Shape[1] != c.To.Shape[1] || c.From.Len() < 1 || c.To.Len() < 1 {
			return x, nil, fmt.Errorf("vector: exemplars of shapes %v and %v, want one or more latents each", c.From.Shape, c.To.Shape)
		}
		n := c.From.Len()
		z := model.NewTensor(n+c.To.Len(), c.From.Shape[1])
		copy(z.Data, c.From.Data)
		copy(z.Slice(n, z.Len()).Data, c.To.Data)
		labels = make([]float32, z.Len())
		for i := n; i < len(labels); i++ {
			labels[i] = 1
		}
		images, err := g.Generate(z, run)
		if err != nil {
			return x, nil, err
		}
		x, err = features.Of(ctx, d, images, run)
		return x, labels, err
	}
	x, labels, err := see(fit)
	if err != nil {
		return nil, 0, err
	}
	line, err := stats.FitLogistic(x, labels, stats.LogisticOptions{L2: directionL2, Pool: run.Pool})
	if err != nil {
		return nil, 0, err
	}
	if x, labels, err = see(heldout); err != nil {
		return nil, 0, err
	}
	logits, groups := make([]float32, x.Len()), make([]int, x.Len())
	for i := range logits {
		logits[i], groups[i] = float32(line.Logit(x.Row(i))), i
	}
	interval, err := stats.AUC(logits, labels, groups, 1)
	if err != nil {
		return nil, 0, err
	}
	return func(ctx context.Context, images model.Tensor) ([]float64, error) {
		x, err := features.Of(ctx, d, images, run)
		if err != nil {
			return nil, err
		}
		out := make([]float64, x.Len())
		for i := range out {
			out[i] = line.Logit(x.Row(i))
		}
		return out, nil
	}, interval.Mean, nil
}
