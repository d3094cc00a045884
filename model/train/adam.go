package train

import (
	"math"

	"dcganviz/internal/kernel"
	"dcganviz/model"
)

// Adam is the optimiser of one net.
//
// Method: Kingma & Ba 2015 (arXiv:1412.6980), algorithm 1, in the form of
// torch.optim.Adam.
type Adam struct {
	// Rate is the learning rate of the next step.
	Rate float64

	params []*model.Param
	m, v   [][]float32 // the moments of each param
	opt    kernel.AdamOptions
}

// NewAdam returns an optimiser that has made no step. Of o it takes Beta1, Beta2,
// Eps and WeightDecay as they are.
func NewAdam(params []*model.Param, rate float64, o Options) *Adam {
	opt := kernel.AdamOptions{Beta1: o.Beta1, Beta2: o.Beta2, Eps: o.Eps, WeightDecay: o.WeightDecay}
	a := &Adam{Rate: rate, params: params, opt: opt}
	for _, p := range params {
		a.m = append(a.m, make([]float32, len(p.W)))
		a.v = append(a.v, make([]float32, len(p.W)))
	}
	return a
}

// gradNorm returns the Euclidean norm of all gradients.
func (a *Adam) gradNorm(pool *model.Pool) float64 {
	var sum float64
	for _, p := range a.params {
		sum += pool.SumSquares(p.Grad)
	}
	return math.Sqrt(sum)
}

// Step makes step t, 1 for the first, by each param's Grad.
func (a *Adam) Step(pool *model.Pool, t int) {
	a.opt.Rate = a.Rate
	for i, p := range a.params {
		pool.Adam(p.W, p.Grad, a.m[i], a.v[i], t, a.opt)
		p.Changed()
	}
}

// Average moves ema towards to after step t, 1 for the first: the moving average
// of weights, with a decay that grows to the given one, so that the untrained
// weights it starts from are soon forgotten. Running statistics are not averaged.
func Average(ema, to []*model.Param, decay float64, t int, pool *model.Pool) {
	d := min(decay, float64(1+t)/float64(10+t))
	for i, p := range ema {
		pool.Lerp(p.W, to[i].W, float32(1-d))
		p.Changed()
	}
}
