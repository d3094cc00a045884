package kid

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"dcganviz/model"
	"dcganviz/probe/stats"
)

// A Distance is a kernel inception distance and its standard error.
type Distance struct {
	Value float64 `json:"value"`
	SE    float64 `json:"se"`
}

// Between returns the distance of the features a, [N, F], from the features b,
// [M, F], which standardise both: the unbiased estimate of the squared maximum
// mean discrepancy under the kernel (x·y/F + 1)³. It is 0 on average for sets
// of one distribution, and may fall below. The standard error is the two-sample
// jackknife's.
//
// Method: Bińkowski et al. 2018 (arXiv:1801.01401), section 4.
func Between(a, b model.Tensor) (Distance, error) {
	x, y, err := standardised(a, b)
	if err != nil {
		return Distance{}, err
	}
	k := polynomial(a.Shape[1])
	s := newStatistic(k, newPairs(x, y), within(k, newPairs(x, x), all(alone(a.Len()))), within(k, newPairs(y, y), all(alone(b.Len()))))
	d := Distance{Value: s.value()}
	if !stats.Finite(d.Value) {
		return d, model.Unusable("kid: the distance is %v: the features are not finite", d.Value)
	}
	d.SE = s.standardError()
	return d, nil
}

// standardised returns features by the means and deviations of b.
func standardised(a, b model.Tensor) (x, y *mat.Dense, err error) {
	s, err := newScale(b)
	if err == nil {
		x, err = s.standard(a)
	}
	if err == nil {
		y, err = s.standard(b)
	}
	return x, y, err
}

// leastDeviation is the deviation, relative to the mean, below which a feature does not
// vary: that of equal float32 numbers is rounding alone, 6e-8.
const leastDeviation = 1e-6

// A scale is the mean and the inverse deviation of each feature of real pictures. A
// feature that does not vary counts nothing.
type scale struct{ mean, inverse []float64 }

func newScale(b model.Tensor) (s scale, err error) {
	if err := check(b); err != nil {
		return s, err
	}
	k, n := b.Shape[1], float64(b.Len())
	mean, inverse := make([]float64, k), make([]float64, k)
	for i := range b.Len() {
		for j, v := range b.Row(i) {
			mean[j] += float64(v) / n
		}
	}
	for i := range b.Len() {
		for j, v := range b.Row(i) {
			d := float64(v) - mean[j]
			inverse[j] += d * d / n
		}
	}
	live := 0
	for j, v := range inverse {
		inverse[j] = 0
		if least := leastDeviation * mean[j]; v > least*least {
			inverse[j] = 1 / math.Sqrt(v)
			live++
		}
	}
	if live == 0 {
		return s, model.Unusable("kid: no feature varies over the second set: its %d images are all alike", b.Len())
	}
	return scale{mean, inverse}, nil
}

// check refuses what is no set of features.
func check(a model.Tensor) error {
	if len(a.Shape) != 2 || a.Len() < 3 {
		return fmt.Errorf("kid: features of shape %v, want [N F] of three or more images", a.Shape)
	}
	for i, v := range a.Data {
		if v-v != 0 {
			return model.Unusable("kid: image %d: feature %d is %v", i/a.Shape[1], i%a.Shape[1], v)
		}
	}
	return nil
}

func (s scale) standard(a model.Tensor) (*mat.Dense, error) {
	if err := check(a); err != nil {
		return nil, err
	}
	if a.Shape[1] != len(s.mean) {
		return nil, fmt.Errorf("kid: %d features of one set and %d of the other", a.Shape[1], len(s.mean))
	}
	out := mat.NewDense(a.Len(), a.Shape[1], nil)
	for i := range a.Len() {
		row := out.RawRowView(i)
		for j, v := range a.Row(i) {
			row[j] = (float64(v) - s.mean[j]) * s.inverse[j]
		}
	}
	return out, nil
}
