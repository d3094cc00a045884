package audit

import (
	"context"
	"math"

	"dcganviz/model"
	"dcganviz/probe/features"
	"dcganviz/probe/nearest"
)

// A spaceName says what distances are measured in.
type spaceName struct{ name, unit string }

var (
	inPixels   = spaceName{"pixels", "RMSE of values in [-1, 1]"}
	inFeatures = spaceName{"features", "root mean square distance of two unrelated samples in D's features, layers weighed alike"}
)

// rms is what makes a distance of images a root mean square error.
func rms(images model.Tensor) float64 { return 1 / math.Sqrt(float64(len(images.Row(0)))) }

// memory returns the memoriser's images: the stored ones, and the ends of the walk.
func memory(stored, walk model.Tensor) model.Tensor {
	n := stored.Len()
	all := model.NewTensor(append([]int{n + 2}, walk.Shape[1:]...)...)
	copy(all.Data, stored.Data)
	copy(all.Row(n), walk.Row(0))
	copy(all.Row(n+1), walk.Row(walk.Len()-1))
	return all
}

// recall returns which of its images the memoriser shows in place of each of x.
func recall(ctx context.Context, pool *model.Pool, x, stored model.Tensor) ([]int, error) {
	hits, err := nearest.Search(ctx, pool, x, stored, 1)
	if err != nil {
		return nil, err
	}
	shown := make([]int, len(hits))
	for i, h := range hits {
		shown[i] = h[0].Index
	}
	return shown, nil
}

// weighed returns what maps images to D's features, and the features of the stored
// images, which D's layers are weighed by.
func weighed(ctx context.Context, d *model.D, stored model.Tensor, run model.RunOptions) (see func(model.Tensor) (model.Tensor, error), known model.Tensor, err error) {
	if known, err = features.Of(ctx, d, stored, run); err != nil {
		return nil, known, err
	}
	w, err := features.Weigh(d, known)
	if err != nil {
		return nil, known, err
	}
	w.Apply(known)
	return func(x model.Tensor) (model.Tensor, error) {
		f, err := features.Of(ctx, d, x, run)
		if err == nil {
			w.Apply(f)
		}
		return f, err
	}, known, nil
}
