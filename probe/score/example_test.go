package score_test

import (
	"fmt"

	"dcganviz/model"
	"dcganviz/model/zoo"
	"dcganviz/probe/score"
)

// The embedded judge of windows looks at a gray image, which has none.
func ExampleScorer_Scores() {
	b, err := zoo.Scorer("facades-window-judge")
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := score.Parse(b)
	if err != nil {
		fmt.Println(err)
		return
	}
	scores, err := s.Scores(model.NewTensor(1, s.Info.Size, s.Info.Size, s.Info.Channels), model.RunOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var most float32
	for _, v := range scores.Data {
		most = max(most, v)
	}
	fmt.Println(s.Info.Concept, scores.Shape, most < .5)
	// Output: window [1 16 16] true
}
