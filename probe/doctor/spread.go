package doctor

import (
	"cmp"
	"math"

	"dcganviz/model"
)

// A spread is the mean and the (biased) variance, over images, of each value for which
// batch norm keeps statistics. Such a value is a channel, or behind a linear layer a
// channel at a location. Values are in the order of the state dict.
type spread struct {
	mean, variance []float64
	count          float64 // how many numbers each was measured on; 0 for stored ones
}

// spreadOf measures activations [N, H, W, C].
func spreadOf(x model.Tensor, norm model.Norm) spread {
	c := x.Shape[3]
	places, values := 1, c
	if norm == model.ValueNorm {
		places = x.Shape[1] * x.Shape[2]
		values = places * c
	}
	n := float64(len(x.Data) / values)
	s := spread{make([]float64, values), make([]float64, values), n}
	each := func(f func(v int, x float64)) {
		for i, v := range x.Data {
			f(i%c*places+i/c%places, float64(v))
		}
	}
	each(func(v int, x float64) { s.mean[v] += x / n })
	each(func(v int, x float64) { d := x - s.mean[v]; s.variance[v] += d * d / n })
	return s
}

func (s *spread) finite() bool {
	for i, m := range s.mean {
		if m-m != 0 || s.variance[i]-s.variance[i] != 0 {
			return false
		}
	}
	return true
}

// A layered is a net, G or D.
type layered interface {
	Layers() []model.LayerInfo
	Specs() []model.LayerSpec
	Activations(model.Tensor, []model.Point, model.RunOptions) ([]model.Tensor, error)
}

// spreadsIn measures each layer's values as batch norm gets them, when the net runs on x.
// Batch norm uses the statistics of the batch, so no layer passes on a misfit.
func spreadsIn(n layered, x model.Tensor, pool *model.Pool) ([]spread, error) {
	var points []model.Point
	for _, l := range n.Layers() {
		points = append(points, model.Point{Layer: l.Name, Tap: model.Pre})
	}
	acts, err := n.Activations(x, points, model.RunOptions{Pool: pool, BatchStats: true})
	if err != nil {
		return nil, err
	}
	all := make([]spread, len(acts))
	specs := n.Specs()
	for i, a := range acts {
		if s := &specs[i]; s.NormLast {
			activate(a.Data, float32(s.Slope))
		}
		all[i] = spreadOf(a, specs[i].Norm)
	}
	return all, nil
}

// activate applies an activation with that slope below zero.
func activate(x []float32, slope float32) {
	for i, v := range x {
		if v < 0 {
			x[i] = v * slope
		}
	}
}

// storedSpreads returns the running statistics of a state dict by layer. A layer without
// statistics has nil.
func storedSpreads(tensors []model.NamedTensor, specs []model.LayerSpec, stored bool) []*spread {
	all := make([]*spread, len(specs))
	if !stored {
		return all
	}
	state := map[string][]float32{}
	for _, t := range tensors {
		state[t.Name] = t.Data
	}
	for i, s := range specs {
		if s.Norm.Batch() {
			all[i] = &spread{mean: doubles(state[s.NormModule+".running_mean"]), variance: doubles(state[s.NormModule+".running_var"])}
		}
	}
	return all
}

func doubles(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// A misfit is how far a measured spread is from a stored one, as root mean
// squares over the values: of the difference of means in standard deviations,
// and of the logarithm of the variances' ratio.
type misfit struct{ mean, logVariance float64 }

// misfitOf compares, with eps as batch norm adds it; scale multiplies the
// measured variances. What a finite sample of normal values misses by on
// average, 1/count and 2/count, is taken off the squares.
func misfitOf(measured, stored *spread, eps, scale float64) (m misfit) {
	n := float64(len(stored.mean))
	for i, v := range stored.variance {
		d := measured.mean[i] - stored.mean[i]
		m.mean += d * d / (v + eps) / n
		l := math.Log((scale*measured.variance[i] + eps) / (v + eps))
		m.logVariance += l * l / n
	}
	return misfit{root(m.mean - 1/measured.count), root(m.logVariance - 2/measured.count)}
}

// root is the square root, 0 below zero.
func root(x float64) float64 { return math.Sqrt(max(x, 0)) }

func (m misfit) worst() float64 { return max(m.mean, m.logVariance) }

// epsOf returns what batch norm adds to the variance; see model.Config.
func epsOf(c model.Config) float64 { return cmp.Or(c.BNEps, 1e-5) }
