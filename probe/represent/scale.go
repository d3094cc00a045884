package represent

import (
	"math"
	"math/rand/v2"

	"dcganviz/internal/kernel"
	"dcganviz/model"
)

// scaleFloor is the share of the mean variance of all features that is added to the
// variance of each: one that hardly varies is not blown up.
const scaleFloor = .01

// scale brings the features of train, [N, D], to mean 0 and about variance 1, and those of
// test by the same numbers. All are divided by the root of D, so that a row's square is
// about 1 and one C means the same for any D. A feature that is constant in train becomes 0.
func scale(train, test model.Tensor, pool *model.Pool) {
	d := train.Shape[1]
	mean, variance := make([]float64, d), make([]float64, d)
	n := float64(train.Len())
	pool.BNStats(train.Data, mean, variance)
	floor := 0.0
	for _, v := range variance {
		floor += v / float64(d) * scaleFloor
	}
	factor, shift := make([]float32, d), make([]float32, d)
	for j, v := range variance {
		if v > 1e-12*(mean[j]*mean[j]+floor) && n > 1 {
			f := 1 / math.Sqrt((v+floor)*float64(d))
			factor[j], shift[j] = float32(f), float32(-mean[j]*f)
		}
	}
	for _, x := range []model.Tensor{train, test} {
		pool.ScaleAct(x.Data, x.Data, factor, shift, 1)
	}
}

// project returns x, [N, D], times a matrix of normal numbers, [N, width]: distances stay
// about what they are (Johnson & Lindenstrauss 1984, doi:10.1090/conm/026/737400).
func project(x model.Tensor, width int, rng *rand.Rand, pool *model.Pool) model.Tensor {
	n, d := x.Shape[0], x.Shape[1]
	f := kernel.NewFilter(1, 1, d, width)
	size := 1 / math.Sqrt(float64(width))
	for i := range f.W {
		f.W[i] = float32(rng.NormFloat64() * size)
	}
	out := model.NewTensor(n, width)
	pool.Conv(kernel.Geom{N: 1, H: n, W: 1, C: d, OH: n, OW: 1, K: width, KH: 1, KW: 1, Stride: 1}, out.Data, x.Data, f)
	return out
}
