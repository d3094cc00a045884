package vector

import (
	"fmt"
	"slices"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe"
)

// Mean returns the mean of the rows of x, latents [N, LatentDim] or images
// [N, H, W, C], summed in float64. It is NaN where N is 0.
func Mean(x model.Tensor) []float32 { return narrow(probe.Mean(x)) }

func narrow(v []float64) []float32 {
	out := make([]float32, len(v))
	for i := range v {
		out[i] = float32(v[i])
	}
	return out
}

// Exemplars are what the concepts of A - B + C are the means of: latents,
// [N, LatentDim], or images, [N, H, W, C]. Each may have its own N.
type Exemplars struct{ A, B, C model.Tensor }

func (e Exemplars) check() error {
	for _, x := range []model.Tensor{e.A, e.B, e.C} {
		if len(x.Shape) < 2 || x.Len() < 1 || !slices.Equal(x.Shape[1:], e.A.Shape[1:]) {
			return fmt.Errorf("vector: exemplars of shapes %v, %v and %v, want one or more each, of one size", e.A.Shape, e.B.Shape, e.C.Shape)
		}
	}
	return nil
}

// Sum returns mean(A) - mean(B) + mean(C), in float64 and rounded once: with
// B = A it is the mean of C.
func (e Exemplars) Sum() ([]float32, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	a, b, c := probe.Mean(e.A), probe.Mean(e.B), probe.Mean(e.C)
	for i := range a {
		a[i] = a[i] - b[i] + c[i]
	}
	return narrow(a), nil
}

// Pixels is the Sum of images as an image, [1, H, W, C]: what leaves [-1, 1] is
// cut off.
//
// It is the control of Radford et al. 2015, figure 7: what overlaying pictures
// does without any latents.
func (e Exemplars) Pixels() (model.Tensor, error) {
	sum, err := e.Sum()
	if err != nil {
		return model.Tensor{}, err
	}
	if len(e.A.Shape) != 4 {
		return model.Tensor{}, fmt.Errorf("vector: images of shape %v, want [N H W C]", e.A.Shape)
	}
	cut(sum, sum)
	return model.Tensor{Shape: append([]int{1}, e.A.Shape[1:]...), Data: sum}, nil
}

// Around returns the latent y and n neighbours of it: [1+n, LatentDim], y first,
// each neighbour y plus numbers between -reach and reach, evenly distributed.
// Neighbour i of a seed is the same for every n.
func Around(y []float32, n int, reach float64, seed uint64) model.Tensor {
	z := model.NewTensor(1+n, len(y))
	copy(z.Row(0), y)
	for i := range n {
		r := random.At(seed, forNeighbours, i)
		for j, v := range y {
			z.Row(1 + i)[j] = float32(float64(v) + reach*(2*r.Float64()-1))
		}
	}
	return z
}
