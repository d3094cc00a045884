package figure

import (
	"context"
	"errors"
	"math"
	"path/filepath"

	"dcganviz/model"
	"dcganviz/probe/features"
	"dcganviz/probe/nearest"
	"dcganviz/probe/vector"
)

// RealPictures are those that distances to the nearest are of.
type RealPictures struct {
	Title     string `json:"title"`
	Count     int    `json:"count"`
	Available int    `json:"available"`
}

// mostRealPictures bounds how many real pictures are compared with.
const mostRealPictures = 1000

// nearest returns the scales of the distance to the nearest real picture: in pixels, and
// in D's features. Without pictures there are none.
func (c *Arithmetic) nearest(ctx context.Context, lab *Lab, r *ArithmeticResult) (map[string]vector.Scale, error) {
	if _, ok := lab.embedded("train"); !ok && c.Images == "" {
		return nil, nil
	}
	real, err := lab.photos(ctx, c.PhotoOptions, "train", mostRealPictures)
	if err != nil {
		return nil, err
	}
	r.Real = &RealPictures{filepath.Base(real.title), real.Len(), real.available}
	pool, values := lab.Pool, len(real.Row(0))
	scales := map[string]vector.Scale{"pixels": nearestOf(pool, real.Tensor, 1/math.Sqrt(float64(values)), func(_ context.Context, x model.Tensor) (model.Tensor, error) { return x, nil })}
	d := lab.Model.D
	if d == nil {
		return scales, nil
	}
	run := lab.run()
	known, err := features.Of(ctx, d, real.Tensor, run)
	if err != nil {
		return nil, err
	}
	weighting, err := features.Weigh(d, known)
	if errors.Is(err, features.ErrAlike) {
		return scales, nil // D cannot tell them apart
	}
	if err != nil {
		return nil, err
	}
	weighting.Apply(known)
	scales["features"] = nearestOf(pool, known, 1, func(ctx context.Context, x model.Tensor) (model.Tensor, error) {
		f, err := features.Of(ctx, d, x, run)
		if err == nil {
			weighting.Apply(f)
		}
		return f, err
	})
	return scales, nil
}

// nearestOf is the scale of the distance to the nearest of known, of what see makes of
// images.
func nearestOf(pool *model.Pool, known model.Tensor, unit float64, see func(context.Context, model.Tensor) (model.Tensor, error)) vector.Scale {
	return func(ctx context.Context, images model.Tensor) ([]float64, error) {
		x, err := see(ctx, images)
		if err != nil {
			return nil, err
		}
		hits, err := nearest.Search(ctx, pool, x, known, 1)
		if err != nil {
			return nil, err
		}
		out := make([]float64, len(hits))
		for i, h := range hits {
			out[i] = unit * h[0].Distance
		}
		return out, nil
	}
}
