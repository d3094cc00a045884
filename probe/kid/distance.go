package kid

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"dcganviz/model"
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
	u := statistic{n: float64(a.Len()), m: float64(b.Len())}
	u.xx, _, u.sxx = sums(x, x, true)
	u.yy, _, u.syy = sums(y, y, true)
	u.xy, u.yx, u.sxy = sums(x, y, false)
	d := Distance{Value: u.value()}
	if math.IsNaN(d.Value) || math.IsInf(d.Value, 0) {
		return d, model.Unusable("kid: the distance is %v: the features are not finite", d.Value)
	}
	d.SE = u.jackknife()
	return d, nil
}

// standardised returns features by the means and deviations of b.
func standardised(a, b model.Tensor) (x, y *mat.Dense, err error) {
	if len(a.Shape) != 2 || len(b.Shape) != 2 || a.Shape[1] != b.Shape[1] {
		return nil, nil, fmt.Errorf("kid: features of shapes %v and %v, want [N F] and [M F]", a.Shape, b.Shape)
	}
	if a.Len() < 3 || b.Len() < 3 {
		return nil, nil, fmt.Errorf("kid: sets of %d and %d images, want three or more", a.Len(), b.Len())
	}
	for k, t := range []model.Tensor{a, b} {
		for i, v := range t.Data {
			if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
				return nil, nil, model.Unusable("kid: set %d, image %d: feature %d is %v", k+1, i/t.Shape[1], i%t.Shape[1], v)
			}
		}
	}
	mean, inverse, err := scale(b)
	if err != nil {
		return nil, nil, err
	}
	return standard(a, mean, inverse), standard(b, mean, inverse), nil
}

// leastDeviation is the deviation, relative to the mean, below which a feature does not
// vary: that of equal float32 numbers is rounding alone, 6e-8.
const leastDeviation = 1e-6

// scale returns the means of the features of b, and one by their deviations; 0 for a
// feature that does not vary.
func scale(b model.Tensor) (mean, inverse []float64, err error) {
	k, n := b.Shape[1], float64(b.Len())
	mean, inverse = make([]float64, k), make([]float64, k)
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
		return nil, nil, model.Unusable("kid: no feature varies over the second set: its %d images are all alike", b.Len())
	}
	return mean, inverse, nil
}

func standard(a model.Tensor, mean, inverse []float64) *mat.Dense {
	out := mat.NewDense(a.Len(), a.Shape[1], nil)
	for i := range a.Len() {
		row := out.RawRowView(i)
		for j, v := range a.Row(i) {
			row[j] = (float64(v) - mean[j]) * inverse[j]
		}
	}
	return out
}

// sums adds up the kernel of each row of x with all rows of y, of each row of y with all
// rows of x, and of all pairs. If x and y are the same, no row is paired with itself.
func sums(x, y *mat.Dense, same bool) (ofX, ofY []float64, total float64) {
	n, k := x.Dims()
	m, _ := y.Dims()
	var gram mat.Dense
	gram.Mul(x, y.T())
	ofX, ofY = make([]float64, n), make([]float64, m)
	for i := range n {
		for j, v := range gram.RawRowView(i) {
			if same && i == j {
				continue
			}
			t := v/float64(k) + 1
			ofX[i] += t * t * t
			ofY[j] += t * t * t
		}
		total += ofX[i]
	}
	return ofX, ofY, total
}

// A statistic is the sums that the distance is made of, and their shares.
type statistic struct {
	n, m           float64
	xx, yy, xy, yx []float64 // by image
	sxx, syy, sxy  float64
}

func (u *statistic) value() float64 { return estimate(u.n, u.m, u.sxx, u.syy, u.sxy) }

func estimate(n, m, sxx, syy, sxy float64) float64 {
	return sxx/(n*(n-1)) + syy/(m*(m-1)) - 2*sxy/(n*m)
}

// jackknife leaves out each image in turn.
func (u *statistic) jackknife() float64 {
	without := func(n int, value func(i int) float64) float64 {
		v, mean := make([]float64, n), 0.0
		for i := range v {
			v[i] = value(i)
			mean += v[i] / float64(n)
		}
		sum := 0.0
		for _, x := range v {
			sum += (x - mean) * (x - mean)
		}
		return sum * float64(n-1) / float64(n)
	}
	return math.Sqrt(without(len(u.xx), func(i int) float64 {
		return estimate(u.n-1, u.m, u.sxx-2*u.xx[i], u.syy, u.sxy-u.xy[i])
	}) + without(len(u.yy), func(i int) float64 {
		return estimate(u.n, u.m-1, u.sxx, u.syy-2*u.yy[i], u.sxy-u.yx[i])
	}))
}
