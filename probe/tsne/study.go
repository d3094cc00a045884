package tsne

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"dcganviz/model"
	"dcganviz/probe/stats"
)

// A Report is an embedding and how far it can be trusted.
type Report struct {
	Points   int `json:"points"`
	Features int `json:"features"`
	// Components is how many principal components the features were reduced to,
	// 0 for none, and Variance the share of the variance that they keep.
	Components int       `json:"pca"`
	Variance   float64   `json:"pca_variance"`
	Embedding  Embedding `json:"embedding"`
	// Trust is of the embedding against what was embedded, and Control the same of the
	// first two principal components: a plane that nothing was fitted to.
	Trust   Trust `json:"trustworthiness"`
	Control Trust `json:"trustworthiness_pca"`
	// TrustAll and ControlAll are the same against all features, before they were reduced.
	// Trust alone would not count what the reduction lost.
	TrustAll   Trust `json:"trustworthiness_all"`
	ControlAll Trust `json:"trustworthiness_all_pca"`
	// Labels and Values say how well neighbours agree in what was given of them.
	Labels *Agreement `json:"label_accuracy,omitempty"`
	Values *Agreement `json:"value_correlation,omitempty"`
}

// An Agreement compares points with their nearest ones: the accuracy of
// NearestLabel, or the correlation of NearestValue.
type Agreement struct {
	Plane    float64 `json:"plane"`    // in the embedding
	Features float64 `json:"features"` // in what was embedded
	Control  float64 `json:"pca"`      // on the first two principal components
	Chance   float64 `json:"chance"`   // of labels: the commonest one's share
}

// StudyOptions say what a study does.
type StudyOptions struct {
	Options
	// PCA is the number of principal components that are embedded, or all if there
	// are fewer. Zero: 50. Negative: the features are embedded as they
	// are.
	PCA int
	// Labels are the classes of the points; -1 is a point without a class. Nil: the
	// points have no classes.
	Labels []int
	// Values are a number for each point. Nil: the points have no numbers.
	Values []float64
}

const (
	trustNeighbors = 12
	trustPoints    = 5000 // that trustworthiness looks at, at most
	allPoints      = 300  // in all features, whose distances take long
)

// CheckVaried reports points, [N, ...], that are all one: there is no plane of them. The
// error is a model.ErrUnusable.
func CheckVaried(points model.Tensor) error {
	for i := 1; i < points.Len(); i++ {
		if !slices.Equal(points.Row(i), points.Row(0)) {
			return nil
		}
	}
	return model.Unusable("tsne: all %d points are the same, so that there is nothing to lay out", points.Len())
}

// Study embeds features, [N, D], and measures the embedding beside a control. Of
// run the Pool counts. Points that are all one are a model.ErrUnusable.
func Study(ctx context.Context, features model.Tensor, run model.RunOptions, o StudyOptions) (*Report, error) {
	if err := checkPoints(features); err != nil {
		return nil, err
	}
	if err := CheckVaried(features); err != nil {
		return nil, err
	}
	n := features.Len()
	if o.Labels != nil && len(o.Labels) != n || o.Values != nil && len(o.Values) != n {
		return nil, fmt.Errorf("tsne: %d labels and %d values for %d points", len(o.Labels), len(o.Values), n)
	}
	filled := o.Options
	if err := filled.fill(n); err != nil {
		return nil, err // before anything slow
	}
	o.Say("finding principal components", 0, filled.Iterations)
	pool := run.Pool
	r := &Report{Points: n, Features: features.Shape[1], Variance: 1}
	x, two, err := r.reduce(ctx, pool, features, o.PCA)
	if err != nil {
		return nil, err
	}
	e, err := Embed(ctx, pool, x, o.Options)
	if err != nil {
		return nil, err
	}
	r.Embedding = *e
	k := min(trustNeighbors, (n-1)/2)
	planes := [][]float64{e.Y, two}
	t, err := trustOf(ctx, pool, x, planes, k, trustPoints)
	if err != nil {
		return nil, err
	}
	r.Trust, r.Control = t[0], t[1]
	if r.Components > 0 {
		if t, err = trustOf(ctx, pool, features, planes, k, allPoints); err != nil {
			return nil, err
		}
	}
	r.TrustAll, r.ControlAll = t[0], t[1]
	return r, r.agree(ctx, pool, x, two, o)
}

// reduce returns the features along their principal components, and the first
// two as a plane.
func (r *Report) reduce(ctx context.Context, pool *model.Pool, features model.Tensor, pca int) (x model.Tensor, two []float64, err error) {
	pca = cmp.Or(pca, 50)
	n, d := features.Shape[0], features.Shape[1]
	p, err := Components(ctx, pool, features, min(max(pca, 2), n, d))
	if err != nil {
		return x, nil, err
	}
	k := p.X.Shape[1]
	two = make([]float64, 2*n)
	for i := range n {
		for j := range min(2, k) {
			two[2*i+j] = float64(p.X.Row(i)[j])
		}
	}
	if pca < 0 {
		return features, two, nil
	}
	r.Components = k
	if p.Total > 0 {
		r.Variance = math.Min(stats.Sum(p.Variance)/p.Total, 1)
	}
	return p.X, two, nil
}

// agree fills in Labels and Values.
func (r *Report) agree(ctx context.Context, pool *model.Pool, x model.Tensor, two []float64, o StudyOptions) error {
	each := func(of func(model.Tensor) (float64, error)) (*Agreement, error) {
		var a Agreement
		for _, v := range []struct {
			to *float64
			x  model.Tensor
		}{{&a.Plane, Plane(r.Embedding.Y)}, {&a.Features, x}, {&a.Control, Plane(two)}} {
			var err error
			if *v.to, err = of(v.x); err != nil {
				return nil, err
			}
		}
		return &a, nil
	}
	var err error
	if o.Labels != nil {
		r.Labels, err = each(func(x model.Tensor) (float64, error) { return NearestLabel(ctx, pool, x, o.Labels) })
		if err != nil {
			return err
		}
		r.Labels.Chance = Majority(o.Labels)
	}
	if o.Values != nil {
		r.Values, err = each(func(x model.Tensor) (float64, error) { return NearestValue(ctx, pool, x, o.Values) })
	}
	return err
}
