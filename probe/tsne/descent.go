package tsne

import "dcganviz/model"

// A descent moves points against a gradient, with momentum and a gain for each
// coordinate that grows while its updates keep their direction.
//
// Method: van der Maaten and Hinton 2008, section 3.4, with the gains of
// Jacobs 1988 (doi:10.1016/0893-6080(88)90003-2) in the form of scikit-learn.
type descent struct {
	pool           *model.Pool
	rate, momentum float64
	update, gains  []float64
}

func newDescent(pool *model.Pool, n int, rate float64) *descent {
	d := &descent{pool: pool, rate: rate, update: make([]float64, 2*n), gains: make([]float64, 2*n)}
	for i := range d.gains {
		d.gains[i] = 1
	}
	return d
}

const (
	gainStep  = .2 // added where the last update and the step agree
	gainDecay = .8 // factor where they do not
	leastGain = .01
)

// step moves y by one step, given its gradient.
func (d *descent) step(y, gradient []float64) {
	const each = 4096
	d.pool.Run((len(y)+each-1)/each, func(task, _ int) {
		from, to := each*task, min(each*(task+1), len(y))
		y, gradient, update, gains := y[from:to], gradient[from:to], d.update[from:to], d.gains[from:to]
		for i, g := range gradient {
			gain := gains[i]
			if update[i]*g < 0 {
				gain += gainStep
			} else {
				gain *= gainDecay
			}
			gain = max(gain, leastGain)
			gains[i] = gain
			update[i] = float64(d.momentum*update[i]) - float64(d.rate*g*gain)
			y[i] += update[i]
		}
	})
}

// manyPoints is how many points a task of the shorter passes holds.
const manyPoints = 2048

// reduce gives f the coordinates of each manyPoints points and where to put what it
// finds, and returns the findings in order.
func reduce[T any](pool *model.Pool, y []float64, f func(y []float64, found *T)) []T {
	const each = 2 * manyPoints
	found := make([]T, (len(y)+each-1)/each)
	pool.Run(len(found), func(task, _ int) { f(y[each*task:min(each*(task+1), len(y))], &found[task]) })
	return found
}

// center moves the points so that their mean is 0, which changes no distance.
func center(pool *model.Pool, y []float64) {
	var mean [2]float64
	for _, part := range reduce(pool, y, func(y []float64, sum *[2]float64) {
		for i := 0; i < len(y)-1; i += 2 {
			sum[0] += y[i]
			sum[1] += y[i+1]
		}
	}) {
		mean[0] += 2 * part[0] / float64(len(y))
		mean[1] += 2 * part[1] / float64(len(y))
	}
	reduce(pool, y, func(y []float64, _ *struct{}) {
		for i := 0; i < len(y)-1; i += 2 {
			y[i] -= mean[0]
			y[i+1] -= mean[1]
		}
	})
}

// bounds returns the lowest coordinates and the larger of the two spans.
func bounds(pool *model.Pool, y []float64) (low [2]float64, span float64) {
	low = [2]float64{y[0], y[1]}
	high := low
	for _, part := range reduce(pool, y, func(y []float64, found *[2][2]float64) {
		low := [2]float64{y[0], y[1]}
		high := low
		for i := 0; i < len(y)-1; i += 2 {
			low[0], high[0] = min(low[0], y[i]), max(high[0], y[i])
			low[1], high[1] = min(low[1], y[i+1]), max(high[1], y[i+1])
		}
		*found = [2][2]float64{low, high}
	}) {
		for axis := range 2 {
			low[axis], high[axis] = min(low[axis], part[0][axis]), max(high[axis], part[1][axis])
		}
	}
	return low, max(high[0]-low[0], high[1]-low[1])
}
