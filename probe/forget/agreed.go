package forget

import (
	"math"
	"slices"

	"dcganviz/model"
	"dcganviz/probe/score"
)

// Agreed is a viewer that takes the mean of what others think of an image and of
// its mirror image: of their logits, so that one who is sure outweighs one in
// doubt. All have grids of one size.
func Agreed(viewers ...score.Viewer) score.Viewer { return agreed(viewers) }

type agreed []score.Viewer

func (vs agreed) Scores(images model.Tensor, opt model.RunOptions) (model.Tensor, error) {
	mirrored := images.Clone()
	mirror(mirrored)
	var sum model.Tensor
	for _, v := range vs {
		one, err := v.Scores(images, opt)
		if err != nil {
			return one, err
		}
		other, err := v.Scores(mirrored, opt)
		if err != nil {
			return other, err
		}
		mirror(other)
		if sum.Data == nil {
			sum = model.NewTensor(one.Shape...)
		}
		for i := range sum.Data {
			sum.Data[i] += logit(one.Data[i]) + logit(other.Data[i])
		}
	}
	for i, l := range sum.Data {
		sum.Data[i] = float32(model.Sigmoid(float64(l) / float64(2*len(vs))))
	}
	return sum, nil
}

// mirror turns rows of images [N, H, W, C], or of maps [N, H, W], round.
func mirror(t model.Tensor) {
	w, c := t.Shape[2], 1
	if len(t.Shape) == 4 {
		c = t.Shape[3]
	}
	for row := range slices.Chunk(t.Data, w*c) {
		for x := range w / 2 {
			for k := range c {
				a, b := x*c+k, (w-1-x)*c+k
				row[a], row[b] = row[b], row[a]
			}
		}
	}
}

// logit returns the logit of a score, kept finite.
func logit(p float32) float32 {
	const least = 1e-6
	q := min(max(float64(p), least), 1-least)
	return float32(math.Log(q / (1 - q)))
}
