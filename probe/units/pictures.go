package units

import (
	"context"

	"dcganviz/model"
	"dcganviz/probe"
)

// Samples returns the images of samples as G draws them: [N, Size, Size,
// Channels].
func (st *Result) Samples(samples []int) model.Tensor { return probe.Pick(st.x, samples) }

// Held draws samples with a unit held: [N, Size, Size, Channels].
func (st *Result) Held(ctx context.Context, unit int, samples []int) (model.Tensor, error) {
	if err := ctx.Err(); err != nil {
		return model.Tensor{}, err
	}
	if st.run.BatchStats { // an image depends on all of its batch
		x, err := st.held(st.act.Clone(), st.act, st.z, unit)
		if err != nil {
			return x, err
		}
		return probe.Pick(x, samples), nil
	}
	was := probe.Pick(st.act, samples)
	return st.held(was.Clone(), was, probe.Pick(st.z, samples), unit)
}

// Area returns the pixels of a sample that a unit's area covers, row by row.
func (st *Result) Area(unit, sample int) []bool {
	out := make([]bool, st.x.Shape[1]*st.x.Shape[2])
	for at := range out {
		out[at] = st.areas[unit][sample].has(at)
	}
	return out
}

// Difference returns the mean change of the image, over all samples, with a unit
// held that was studied: [Size, Size, Channels].
func (st *Result) Difference(unit int) []float32 {
	out := make([]float32, len(st.effect[unit].difference))
	for i, v := range st.effect[unit].difference {
		out[i] = float32(v)
	}
	return out
}
