package stats

import (
	"fmt"
	"math"

	"dcganviz/model"
)

// A Linear gives a feature vector the logit W·x + B.
type Linear struct {
	W []float64
	B float64
}

// Logit returns the logit of x, of len(W) numbers.
func (l *Linear) Logit(x []float32) float64 {
	z := l.B
	for i, v := range x {
		z += l.W[i] * float64(v)
	}
	return z
}

// LogisticOptions say how FitLogistic fits. The zero value is fine.
type LogisticOptions struct {
	// L2 is the penalty L2/2·|w|² on the weights of standardised features,
	// beside the mean loss of a row. 0 means 1e-4; below 0 means none.
	L2 float64
	// Pool is the threads. The result does not depend on it.
	Pool *model.Pool
}

// rowChunks is how many parts the rows are summed in, on any number of threads.
const rowChunks = 64

// FitLogistic fits a logistic regression of the labels y, each 1 or 0, on the
// rows of x, [N, F]: the minimum of the mean cross-entropy and a penalty. Rows
// whose label is NaN do not count. Features are standardised for the fit; one
// that does not vary gets the weight 0. It is an error if all labels are alike.
//
// Method: Newton's, with steps by conjugate gradients that stop early and a
// line search (Lin, Weng & Keerthi 2008, JMLR 9, 627-650, is close), in float64.
func FitLogistic(x model.Tensor, y []float32, opt LogisticOptions) (*Linear, error) {
	if len(x.Shape) != 2 || len(y) != x.Len() || len(x.Data) != x.Shape[0]*x.Shape[1] {
		return nil, fmt.Errorf("stats: logistic: features of shape %v (%d numbers) and %d labels, want [N F] and N", x.Shape, len(x.Data), len(y))
	}
	l := &logistic{x: x, y: y, pool: opt.Pool, l2: max(opt.L2, 0)}
	if opt.L2 == 0 {
		l.l2 = 1e-4
	}
	if err := l.standardise(); err != nil {
		return nil, err
	}
	w, err := l.minimise()
	if err != nil {
		return nil, err
	}
	u, bias := l.unscaled(w)
	return &Linear{u, bias}, nil
}

// A logistic is a fit under way. Its weights are of standardised features, and
// the bias comes last.
type logistic struct {
	x     model.Tensor
	y     []float32
	pool  *model.Pool
	l2    float64
	count float64 // of the rows with a label

	mean, inverse []float64 // of each feature, its standard deviation inverted
	curve         []float64 // of each row: the second derivative of its loss
}

func (l *logistic) features() int { return l.x.Shape[1] }

// sum adds up what f adds to size sums for each row with a label, in an order
// that does not depend on the threads.
func (l *logistic) sum(size int, f func(row int, x []float32, into []float64)) []float64 {
	n := l.x.Len()
	parts := make([]float64, size*rowChunks)
	l.pool.Run(rowChunks, func(c, _ int) {
		into := parts[c*size : (c+1)*size]
		for row := c * n / rowChunks; row < (c+1)*n/rowChunks; row++ {
			if y := l.y[row]; y == y {
				f(row, l.x.Row(row), into)
			}
		}
	})
	total := parts[:size:size]
	for c := 1; c < rowChunks; c++ {
		for i := range total {
			total[i] += parts[c*size+i]
		}
	}
	return total
}

func (l *logistic) standardise() error {
	k := l.features()
	// The sums' last two are the rows and the positives.
	sums := l.sum(k+2, func(row int, x []float32, into []float64) {
		for i, v := range x {
			into[i] += float64(v)
		}
		into[k]++
		into[k+1] += float64(l.y[row])
	})
	l.count = sums[k]
	if positives := sums[k+1]; !(positives > 0 && positives < l.count) {
		return fmt.Errorf("stats: logistic: %g of %g labels are 1, want both classes", positives, l.count)
	}
	l.mean = sums[:k]
	for i := range l.mean {
		l.mean[i] /= l.count
		if v := l.mean[i]; math.IsNaN(v) || math.IsInf(v, 0) {
			return model.Unusable("stats: logistic: the mean of feature %d is %v, want finite features", i, v)
		}
	}
	l.inverse = l.sum(k, func(_ int, x []float32, into []float64) {
		for i, v := range x {
			d := float64(v) - l.mean[i]
			into[i] += d * d
		}
	})
	for i, v := range l.inverse {
		l.inverse[i] = 0
		if sd := math.Sqrt(v / l.count); sd > 1e-12*math.Abs(l.mean[i]) && sd > 0 {
			l.inverse[i] = 1 / sd
		}
	}
	l.curve = make([]float64, l.x.Len())
	return nil
}

// unscaled returns w for features as they are, and the bias that goes with it.
func (l *logistic) unscaled(w []float64) (u []float64, bias float64) {
	k := l.features()
	u, bias = make([]float64, k), w[k]
	for i := range u {
		u[i] = w[i] * l.inverse[i]
		bias -= u[i] * l.mean[i]
	}
	return u, bias
}

// rescaled turns sums over r*x and r, with r one number a row, into sums over
// r times the standardised row, and adds the penalty's part.
func (l *logistic) rescaled(sums, w []float64) []float64 {
	k := l.features()
	for i := range k {
		sums[i] = (sums[i]-l.mean[i]*sums[k])*l.inverse[i]/l.count + l.l2*w[i]
	}
	sums[k] /= l.count
	return sums
}

func dot(u []float64, x []float32) float64 {
	u = u[:len(x)]
	var a, b, c, d float64
	i := 0
	for ; i+4 <= len(x); i += 4 {
		a += float64(u[i] * float64(x[i]))
		b += float64(u[i+1] * float64(x[i+1]))
		c += float64(u[i+2] * float64(x[i+2]))
		d += float64(u[i+3] * float64(x[i+3]))
	}
	for ; i < len(x); i++ {
		a += float64(u[i] * float64(x[i]))
	}
	return (a + b) + (c + d)
}

func addTo(into []float64, r float64, x []float32) {
	into = into[:len(x)]
	for i, v := range x {
		into[i] += float64(r * float64(v))
	}
}

// loss returns the objective at w.
func (l *logistic) loss(w []float64) float64 {
	u, bias := l.unscaled(w)
	total := l.sum(1, func(row int, x []float32, into []float64) {
		into[0] += model.CrossEntropy(dot(u, x)+bias, float64(l.y[row]))
	})[0] / l.count
	for _, v := range w[:l.features()] {
		total += l.l2 / 2 * v * v
	}
	return total
}

// gradient returns the gradient of the objective at w, and sets curve.
func (l *logistic) gradient(w []float64) []float64 {
	k := l.features()
	u, bias := l.unscaled(w)
	return l.rescaled(l.sum(k+1, func(row int, x []float32, into []float64) {
		s := model.Sigmoid(dot(u, x) + bias)
		l.curve[row] = s * (1 - s)
		r := s - float64(l.y[row])
		addTo(into, r, x)
		into[k] += r
	}), w)
}

// hessian returns the second derivative times v, at the latest gradient.
func (l *logistic) hessian(v []float64) []float64 {
	k := l.features()
	u, bias := l.unscaled(v)
	return l.rescaled(l.sum(k+1, func(row int, x []float32, into []float64) {
		r := l.curve[row] * (dot(u, x) + bias)
		addTo(into, r, x)
		into[k] += r
	}), v)
}
