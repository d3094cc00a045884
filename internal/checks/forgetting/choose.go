package main

import (
	"context"
	"fmt"
	"io"

	"dcganviz/model"
	"dcganviz/model/zoo"
	"dcganviz/probe/forget"
	"dcganviz/probe/score"
)

// The settings of fill-seen are chosen on samples of chosenSeed, on which nothing is
// quoted, by mostDamage: of those that change pixels elsewhere by no more, the one that
// removes most, by the mean of the two viewers of the first half. The judge has no say.
const (
	chosenSeed = 41
	mostDamage = .05
)

// choose prints what settings do, and marks the chosen one.
func choose(ctx context.Context, w io.Writer, samples int) error {
	s, err := firstHalf()
	if err != nil {
		return err
	}
	layers := s.G.Layers()
	c, err := s.Fit(ctx, model.RunOptions{}, forget.FitOptions{Layer: layers[len(layers)-2].Name, Seed: chosenSeed})
	if err != nil {
		return err
	}
	b, err := s.Baseline(ctx, model.RunOptions{}, forget.MeasureOptions{Samples: samples, Seed: chosenSeed + 10})
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "| threshold | doubt | grow | rounds | removed, by guide and scorer | RMSE elsewhere |")
	fmt.Fprintln(w, "| ---: | ---: | ---: | ---: | ---: | ---: |")
	var best forget.FillOptions
	most := 0.0
	for _, threshold := range []float64{.5, .66, .8} {
		for _, grow := range []int{1, 2, 3} {
			for _, rounds := range []int{1, 2, 4} {
				opt := forget.FillOptions{BySight: true, Threshold: threshold, Doubt: .5, Grow: grow, Rounds: rounds}
				v, err := c.Fill(opt)
				if err != nil {
					return err
				}
				o, err := b.Measure(ctx, v)
				if err != nil {
					return err
				}
				removed := (o.Removed.Mean + o.ScorerRemoved.Mean) / 2
				fmt.Fprintf(w, "| %.2f | %.2f | %d | %d | %.1f%% | %.4f |\n", threshold, opt.Doubt, grow, rounds, 100*removed, o.OutsideRMSE.Mean)
				if o.OutsideRMSE.Mean <= mostDamage && removed > most {
					best, most = opt, removed
				}
			}
		}
	}
	fmt.Fprintf(w, "\nchosen: threshold %.2f, doubt %.2f, grow %d, rounds %d\n", best.Threshold, best.Doubt, best.Grow, best.Rounds)
	return nil
}

// firstHalf is the façades and the two viewers of the first half of the photographs, of
// which the one on pixels measures.
func firstHalf() (forget.Subject, error) {
	m, err := zoo.Open("facades")
	if err != nil {
		return forget.Subject{}, err
	}
	s := forget.Subject{G: m.G}
	var viewers []score.Viewer
	for _, name := range []string{"facades-window-scorer", "facades-window-guide"} {
		text, err := zoo.Scorer(name)
		if err != nil {
			return s, err
		}
		v, err := score.Parse(text)
		if err != nil {
			return s, err
		}
		if err := v.Attach(m.D); err != nil {
			return s, err
		}
		viewers = append(viewers, v)
	}
	s.Scorer, s.Judge = viewers[0], viewers[1]
	s.Guide = forget.Agreed(viewers...)
	return s, nil
}
