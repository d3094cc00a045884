package forget_test

import (
	"context"
	"fmt"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/forget"
)

// bright takes for the concept what is above zero.
type bright struct{}

func (bright) Scores(x model.Tensor, _ model.RunOptions) (model.Tensor, error) {
	out := model.NewTensor(x.Len(), 4, 4)
	side, channels := x.Shape[1], x.Shape[3]
	cell := side / 4
	for i := range x.Len() {
		for at, v := range x.Row(i) {
			row, column := at/channels/side/cell, at/channels%side/cell
			out.Row(i)[row*4+column] += (.5 + v/2) / float32(cell*cell*channels)
		}
	}
	return out, nil
}

// An untrained generator draws without what it draws bright.
func ExampleStudy() {
	g, err := model.NewG(model.Config{Size: 16, Channels: 1, LatentDim: 6, GWidth: 4, DWidth: 1}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range g.Params() {
		for i := range p.W {
			p.W[i] *= 20 // images of more contrast
		}
		p.Changed()
	}
	st, err := forget.Study(context.Background(), forget.Subject{G: g, Scorer: bright{}, Judge: bright{}}, model.RunOptions{},
		forget.Options{Settings: probe.Settings{Seed: 1}, Samples: 20, CurveSamples: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := st.Report
	fmt.Printf("%d of %d units dropped; less is bright: %v\n", r.Dropped.Count, r.Dropped.Of, r.Area.After.Mean < r.Area.Before.Mean)
	// Output: 6 of 8 units dropped; less is bright: true
}
