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

// center moves the points so that their mean is 0, which changes no distance.
func center(y []float64) {
	var sx, sy float64
	for i := 0; i < len(y)-1; i += 2 {
		sx += y[i]
		sy += y[i+1]
	}
	sx, sy = 2*sx/float64(len(y)), 2*sy/float64(len(y))
	for i := 0; i < len(y)-1; i += 2 {
		y[i] -= sx
		y[i+1] -= sy
	}
}
