package doctor_test

import (
	"context"
	"fmt"
	"math"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/probe/doctor"
)

// A generator with a weight that is not a number.
func ExampleExamine() {
	g, err := model.NewG(model.Config{Size: 16, Channels: 1, LatentDim: 4, GWidth: 2, DWidth: 2}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	p := g.Params()[0]
	p.W[0] = float32(math.NaN())
	p.Changed()
	r, err := doctor.Examine(context.Background(), &checkpoint.Checkpoint{G: g}, model.RunOptions{}, doctor.Options{Samples: 16})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Verdict, r.With(doctor.Wrong))
	// Output: wrong [finite]
}
