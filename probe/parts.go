package probe

import (
	"context"
	"math"

	"dcganviz/model"
)

// InParts calls f for items from to to-1 of n, size of them at a time. ctx may end it
// between two parts.
func InParts(ctx context.Context, n, size int, f func(from, to int) error) error {
	for from := 0; from < n; from += size {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := f(from, min(from+size, n)); err != nil {
			return err
		}
	}
	return nil
}

// Gather is InParts for an f that returns a row for each item. It returns all rows.
func Gather(ctx context.Context, n, size int, f func(from, to int) (model.Tensor, error)) (all model.Tensor, err error) {
	err = InParts(ctx, n, size, func(from, to int) error {
		part, err := f(from, to)
		if err != nil {
			return err
		}
		if from == 0 {
			all = model.NewTensor(append([]int{n}, part.Shape[1:]...)...)
		}
		copy(all.Slice(from, to).Data, part.Data)
		return nil
	})
	return all, err
}

// Numbers returns the numbers from from to to-1.
func Numbers(from, to int) []int {
	out := make([]int, to-from)
	for i := range out {
		out[i] = from + i
	}
	return out
}

// Pick returns the rows of x with these numbers, copied.
func Pick(x model.Tensor, rows []int) model.Tensor {
	out := model.NewTensor(append([]int{len(rows)}, x.Shape[1:]...)...)
	for i, r := range rows {
		copy(out.Row(i), x.Row(r))
	}
	return out
}

// Mean returns the mean of the rows of x, summed in float64. It is NaN where x has no
// rows.
func Mean(x model.Tensor) []float64 {
	width := 1
	for _, n := range x.Shape[1:] {
		width *= n
	}
	m := make([]float64, width)
	for i := range x.Len() {
		for j, v := range x.Row(i) {
			m[j] += float64(v)
		}
	}
	for j := range m {
		m[j] /= float64(x.Len())
	}
	return m
}

// Distance returns the Euclidean distance of two vectors of one length, summed in
// float64.
func Distance(a, b []float32) float64 {
	var sum float64
	for i, v := range a {
		d := float64(v) - float64(b[i])
		sum += d * d
	}
	return math.Sqrt(sum)
}
