package figure

import (
	"strconv"

	"dcganviz/model/dataset"
	"dcganviz/probe/score"
)

// sampleBoxes returns the boxes of a concept by the number of the sample that
// they are on. A sample that has boxes of other concepts only counts as one that
// does not show this one.
func sampleBoxes(all *dataset.Boxes, concept string, size int) (map[int][]score.Box, error) {
	if err := all.Check(concept); err != nil {
		return nil, err
	}
	out := map[int][]score.Box{}
	for _, name := range all.Pictures() {
		n, err := strconv.Atoi(name)
		if err != nil || n < 0 {
			return nil, usage("--boxes: file is %.40q, want the number of a sample", name)
		}
		rects, err := all.Rects(name, concept, size, size)
		if err != nil {
			return nil, err
		}
		out[n] = []score.Box{}
		for _, r := range rects {
			out[n] = append(out[n], score.Box{X0: r.X0, Y0: r.Y0, X1: r.X1, Y1: r.Y1})
		}
	}
	return out, nil
}
