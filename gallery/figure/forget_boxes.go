package figure

import (
	"maps"
	"slices"

	"dcganviz/model"
	"dcganviz/model/zoo"
	"dcganviz/probe/score"
	"dcganviz/probe/stats"
)

// aucOnSamples measures a scorer on the samples of an embedded model that have boxes drawn by
// eye: the AUC of locations, with an interval by samples. Nil where there are no boxes.
func aucOnSamples(lab *Lab, concept string, s *score.Scorer) (*stats.Interval, error) {
	name := lab.Name + "-" + concept
	if !slices.Contains(zoo.BoxNames(), name) {
		return nil, nil
	}
	all, err := zoo.Boxes(name)
	if err != nil {
		return nil, err
	}
	cfg := lab.Model.G.Config()
	boxes, err := sampleBoxes(all, concept, cfg.Size)
	if err != nil {
		return nil, err
	}
	numbers := slices.Sorted(maps.Keys(boxes))
	z := model.NewTensor(len(numbers), cfg.LatentDim)
	var on [][]score.Box
	var groups []int
	for i, n := range numbers {
		copy(z.Row(i), model.Latents(boxedSeed, n, 1, cfg).Data)
		on = append(on, boxes[n])
		groups = append(groups, slices.Repeat([]int{n}, s.Info.Side*s.Info.Side)...)
	}
	x, err := lab.Model.G.Generate(z, model.RunOptions{Pool: lab.Pool})
	if err != nil {
		return nil, err
	}
	scores, err := s.Scores(x, model.RunOptions{Pool: lab.Pool})
	if err != nil {
		return nil, err
	}
	auc, err := stats.AUC(scores.Data, score.Labels(on, cfg.Size, s.Info.Side).Data, groups, boxedSeed)
	return &auc, err
}
