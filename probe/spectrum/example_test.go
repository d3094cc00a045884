package spectrum_test

import (
	"context"
	"fmt"
	"math/rand/v2"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/spectrum"
)

func ExampleStudy() {
	rng := rand.New(rand.NewPCG(1, 1))
	noise := func(n int) model.Tensor {
		x := model.NewTensor(n, 16, 16, 1)
		for i := range x.Data {
			x.Data[i] = float32(0.1 * rng.NormFloat64())
		}
		return x
	}
	samples, real := noise(100), noise(200)
	for i := range samples.Data {
		y, x := i/16%16, i%16
		samples.Data[i] += 0.03 * float32(1-2*((y+x)%2)) // a faint checkerboard
	}
	report, err := spectrum.Study(context.Background(), samples, real, model.RunOptions{}, probe.Settings{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range report.Peaks {
		fmt.Printf("%d px: artefact %v\n", p.Period, p.Artefact())
	}
	// Output:
	// 2 px: artefact true
	// 4 px: artefact false
}
