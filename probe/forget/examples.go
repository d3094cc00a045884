package forget

import (
	"context"
	"math"
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/score"
)

// A located is the activations of locations, with their labels (1, 0, or NaN for a
// location that does not count) and the numbers of their samples.
type located struct {
	act    model.Tensor // [locations, units]
	labels []float32
	sample []int
}

// examples draws the samples and looks at them.
func (c *Concept) examples(ctx context.Context) (learn, test located, err error) {
	opt := &c.options
	if opt.Boxes == nil {
		if learn, err = c.scored(ctx, 0, opt.Samples); err == nil && !opt.Untested {
			test, err = c.scored(ctx, opt.Samples, opt.Samples)
		}
		return learn, test, err
	}
	var numbers []int
	for i, boxes := range opt.Boxes {
		if i < 0 || i >= 1<<31 {
			return learn, test, probe.Input("forget: boxes of sample %d, want 0 or more", i)
		}
		for _, b := range boxes {
			if err := b.Check(c.subject.G.Config().Size); err != nil {
				return learn, test, probe.Input("forget: sample %d: %w", i, err)
			}
		}
		numbers = append(numbers, i)
	}
	slices.Sort(numbers)
	// Every fourth sample with boxes is kept to test the probe on.
	var forLearning, forTest []int
	for i, n := range numbers {
		if i%4 == 3 {
			forTest = append(forTest, n)
		} else {
			forLearning = append(forLearning, n)
		}
	}
	if learn, err = c.boxed(ctx, forLearning); err == nil {
		test, err = c.boxed(ctx, forTest)
	}
	return learn, test, err
}

func (c *Concept) scored(ctx context.Context, first, n int) (located, error) {
	return c.located(ctx, n, func(i int) int { return first + i }, func(_, _ int, x model.Tensor) (model.Tensor, error) {
		maps, err := c.subject.Scorer.Scores(x, c.subject.viewing())
		if err != nil {
			return maps, err
		}
		for i, v := range maps.Data {
			maps.Data[i] = 0
			if v >= c.options.Threshold {
				maps.Data[i] = 1
			}
		}
		return maps, nil
	})
}

func (c *Concept) boxed(ctx context.Context, numbers []int) (located, error) {
	return c.located(ctx, len(numbers), func(i int) int { return numbers[i] }, func(from, to int, x model.Tensor) (model.Tensor, error) {
		var boxes [][]score.Box
		for _, i := range numbers[from:to] {
			boxes = append(boxes, c.options.Boxes[i])
		}
		return score.Labels(boxes, c.subject.G.Config().Size, c.Height), nil
	})
}

// located draws samples and keeps the activations of their locations. number
// says which they are; look labels samples from to to-1, drawn as x.
func (c *Concept) located(ctx context.Context, n int, number func(int) int, look func(from, to int, x model.Tensor) (model.Tensor, error)) (located, error) {
	area := c.Height * c.Width
	out := located{act: model.NewTensor(n*area, c.Units)}
	err := probe.InParts(ctx, n, c.subject.batch(), func(from, to int) error {
		z := model.NewTensor(to-from, c.subject.G.Config().LatentDim)
		for i := range z.Len() {
			copy(z.Row(i), c.subject.latents(c.options.Seed, number(from+i), 1).Data)
		}
		x, act, err := c.drawWith(z)
		if err != nil {
			return err
		}
		copy(out.act.Slice(from*area, to*area).Data, act.Data)
		maps, err := look(from, to, x)
		if err != nil {
			return err
		}
		for i := range maps.Len() {
			m := resample(maps.Row(i), maps.Shape[1], c.Height, c.Width)
			for at := range m {
				// A location half in, half out, is neither.
				label := float32(math.NaN())
				switch {
				case m[at] >= .75:
					label = 1
				case m[at] <= .25:
					label = 0
				}
				out.labels = append(out.labels, label)
				out.sample = append(out.sample, number(from+i))
			}
		}
		return nil
	})
	return out, err
}

// drawWith returns images and the layer's activations.
func (c *Concept) drawWith(z model.Tensor) (x, act model.Tensor, err error) {
	act = model.NewTensor(z.Len(), c.Height, c.Width, c.Units)
	keep := func(first int, a model.Tensor) error {
		copy(act.Slice(first, first+a.Len()).Data, a.Data)
		return nil
	}
	x, err = c.subject.generate(z, then(c.before, edits{c.Layer: keep}))
	return x, act, err
}
