package filters

import (
	"context"
	"strings"

	"dcganviz/model"
)

// An untrainer replaces layers of copies of D by layers of untrained nets.
type untrainer struct {
	s *subject
	// trained is D's state, pictures what batch norm's statistics are taken of.
	trained  []model.NamedTensor
	pictures model.Tensor
}

// statisticsOf is the most pictures that statistics are taken of.
const statisticsOf = 64

func (s *subject) untrainer(images model.Tensor) *untrainer {
	return &untrainer{s, s.d.State(), images.Slice(0, min(statisticsOf, images.Len()))}
}

// untrained returns a copy of D with the layers from to last of fresh, an
// untrained net of the same shape.
//
// A layer of random weights has another scale than the one it stands for. So its
// batch norm gets the mean and variance that its convolution has on pictures,
// given the layers below it, as training would have found; below from, D is as
// it was.
func (u *untrainer) untrained(ctx context.Context, fresh []model.NamedTensor, from, last int) (*model.D, error) {
	net := u.s.d.Clone()
	state := u.trained
	for i := from; i <= last; i++ {
		state = replaced(state, fresh, &u.s.fields.specs[i])
	}
	if err := net.LoadState(state); err != nil {
		return nil, err
	}
	for i := from; i <= last; i++ {
		spec := &u.s.fields.specs[i]
		if !spec.Norm.Batch() {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		point := model.Point{Layer: u.s.fields.infos[i].Name, Tap: model.Pre}
		act, err := net.Activations(u.pictures, []model.Point{point}, u.s.plainRun())
		if err != nil {
			return nil, err
		}
		if spec.NormLast {
			for k, v := range act[0].Data {
				if v < 0 {
					act[0].Data[k] = v * float32(spec.Slope)
				}
			}
		}
		mean, variance := moments(act[0], spec.Norm == model.ValueNorm)
		for k := range state {
			switch t := &state[k]; t.Name {
			case spec.NormModule + ".running_mean":
				t.Data = mean
			case spec.NormModule + ".running_var":
				t.Data = variance
			}
		}
		if err := net.LoadState(state); err != nil {
			return nil, err
		}
	}
	return net, nil
}

// plainRun is how nets other than D are run.
func (s *subject) plainRun() model.RunOptions { return model.RunOptions{Pool: s.run.Pool} }

// replaced returns state with a layer's entries taken from fresh.
func replaced(state, fresh []model.NamedTensor, spec *model.LayerSpec) []model.NamedTensor {
	out := make([]model.NamedTensor, len(state))
	for i, t := range state {
		out[i] = t
		module := t.Name[:max(0, strings.LastIndexByte(t.Name, '.'))]
		if module == spec.Module || spec.Norm != model.NoNorm && module == spec.NormModule {
			out[i] = fresh[i] // one Config, one order
		}
	}
	return out
}

// moments returns the mean and the unbiased variance of activations
// [N, H, W, C]: of each channel, or of each value of an image in PyTorch's order
// [C, H, W].
func moments(act model.Tensor, byValue bool) (mean, variance []float32) {
	c := act.Shape[3]
	size := c
	if byValue {
		size *= act.Shape[1] * act.Shape[2]
	}
	sum, square := make([]float64, size), make([]float64, size)
	n := float64(len(act.Data) / size)
	for from := 0; from < len(act.Data); from += size {
		for i, v := range act.Data[from:][:size] {
			sum[i] += float64(v)
		}
	}
	for from := 0; from < len(act.Data); from += size {
		for i, v := range act.Data[from:][:size] {
			d := float64(v) - sum[i]/n
			square[i] += float64(d * d)
		}
	}
	mean, variance = make([]float32, size), make([]float32, size)
	for i := range sum {
		at := i%c*(size/c) + i/c
		mean[at], variance[at] = float32(sum[i]/n), float32(square[i]/max(1, n-1))
	}
	return mean, variance
}
