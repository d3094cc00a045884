package train

import (
	"math"

	"dcganviz/internal/kernel"
	"dcganviz/model"
)

// adam is the optimiser of one net.
type adam struct {
	params []*model.Param
	m, v   [][]float32 // the moments of each param
	opt    kernel.AdamOptions
}

func newAdam(params []*model.Param, rate float64, o Options) *adam {
	a := &adam{params: params, opt: kernel.AdamOptions{
		Rate: rate, Beta1: o.Beta1, Beta2: o.Beta2, Eps: o.Eps, WeightDecay: o.WeightDecay,
	}}
	for _, p := range params {
		a.m = append(a.m, make([]float32, len(p.W)))
		a.v = append(a.v, make([]float32, len(p.W)))
	}
	return a
}

// gradNorm returns the Euclidean norm of all gradients.
func (a *adam) gradNorm(pool *model.Pool) float64 {
	var sum float64
	for _, p := range a.params {
		sum += pool.SumSquares(p.Grad)
	}
	return math.Sqrt(sum)
}

// update makes step t, 1 for the first.
func (a *adam) update(pool *model.Pool, t int) {
	for i, p := range a.params {
		pool.Adam(p.W, p.Grad, a.m[i], a.v[i], t, a.opt)
		p.Changed()
	}
}

// average moves ema towards g after step t, 1 for the first: its weights are
// the moving average of G's with a decay that grows to the given one, so that
// the untrained weights it starts from are soon forgotten. Its running
// statistics are the business of Trainer.settle.
func average(ema, g *model.G, decay float64, t int, pool *model.Pool) {
	d := min(decay, float64(1+t)/float64(10+t))
	to := g.Params()
	for i, p := range ema.Params() {
		pool.Lerp(p.W, to[i].W, float32(1-d))
		p.Changed()
	}
}
