package figure_test

import (
	"context"
	"fmt"

	"dcganviz/gallery/figure"
)

// Example makes a figure of the embedded model: its result, and files that Save
// would write.
func Example() {
	lab, err := figure.OpenLab("facades", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	f := figure.New("walk")
	if err := figure.Fill(f, []string{"--steps=5", "--anchors=3", "--no-audit"}); err != nil {
		fmt.Println(err)
		return
	}
	d, err := figure.Make(context.Background(), lab, f, "walk.png")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(d.Files), d.Recipe.Command, d.Recipe.Args)
	// Output: 1 walk [--mode=lerp --anchors=3 --steps=5 --loop=open --seed=1 --first=0 --no-audit]
}
