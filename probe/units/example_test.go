package units_test

import (
	"context"
	"fmt"

	"dcganviz/model"
	"dcganviz/probe/units"
)

// Of an untrained generator, any unit will do: which samples drive it, and what
// is left of the image's change outside of its area.
func Example() {
	g, err := model.NewG(model.Config{Arch: model.PyTorch, Size: 16, Channels: 1, LatentDim: 8, GWidth: 4, DWidth: 1}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	study, err := units.Study(context.Background(), units.Subject{G: g}, model.RunOptions{}, units.Options{Samples: 20, Units: []int{2}})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := study.Report
	u := r.Units[0]
	fmt.Printf("layer %s, unit %d of %d, held at %g in %d samples\n", r.Layer, u.Unit, r.Of, u.Held, r.HeldSamples)
	fmt.Println("one location reaches", r.ReachHeight, "rows; more change inside than outside:", u.Inside.Mean > u.Outside.Mean)
	// Output:
	// layer project, unit 2 of 8, held at 0 in 20 samples
	// one location reaches 10 rows; more change inside than outside: true
}
