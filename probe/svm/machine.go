package svm

import (
	"context"

	"dcganviz/internal/kernel"
	"dcganviz/model"
	"dcganviz/probe"
)

// A Machine is a fitted classifier.
type Machine struct {
	// Classes is how many classes there are, and Features how many numbers a row of
	// features has.
	Classes, Features int
	// W is the weights, [Features+1, Classes]: the last row is the biases.
	W []float64
	// Objective is what was minimised, for each class. The smallest value possible is at
	// most the share Excess of it below.
	Objective, Excess []float64
	// Steps is how many Newton steps were made, and Passes how often all features were read.
	Steps, Passes int
}

// Decisions returns w.x + b of each class for the rows of x, [N, Features]: [N, Classes].
func (m *Machine) Decisions(ctx context.Context, x model.Tensor, run model.RunOptions) (model.Tensor, error) {
	t, err := newTable(x, run.Pool)
	if err != nil {
		return model.Tensor{}, err
	}
	if t.d != m.Features {
		return model.Tensor{}, probe.Input("svm: rows of %d features, want %d", t.d, m.Features)
	}
	v := t.columns(m.Classes)
	v.set(m.W)
	out := model.NewTensor(t.n, m.Classes)
	err = t.blocks(ctx, func(from, to int) {
		t.times(out.Data[from*m.Classes:to*m.Classes], from, to, v)
	})
	return out, err
}

// Classify returns the class of the largest decision for each row of x; of equal ones the
// first.
func (m *Machine) Classify(ctx context.Context, x model.Tensor, run model.RunOptions) ([]int, error) {
	d, err := m.Decisions(ctx, x, run)
	if err != nil {
		return nil, err
	}
	out := make([]int, d.Len())
	for i := range out {
		row := d.Row(i)
		for k, v := range row {
			if v > row[out[i]] {
				out[i] = k
			}
		}
	}
	return out, nil
}

// A columns is float32 vectors, one a column of [d, k], and a number for each that goes
// with a constant feature of 1.
type columns struct {
	f    *kernel.Filter
	bias []float32
}

// set takes the columns of w, [d+1, k].
func (v *columns) set(w []float64) {
	for i := range v.f.W {
		v.f.W[i] = float32(w[i])
	}
	for k := range v.bias {
		v.bias[k] = float32(w[len(v.f.W)+k])
	}
	v.f.Changed()
}

// setParts takes k columns of w as 2k: each rounded to float32, and behind them what that
// left out.
func (v *columns) setParts(w []float64, k int) {
	split := func(at []float64, high, low []float32) {
		for j, x := range at {
			high[j] = float32(x)
			low[j] = float32(x - float64(high[j]))
		}
	}
	d := v.f.C
	for i := range d {
		split(w[i*k:][:k], v.f.W[2*i*k:][:k], v.f.W[2*i*k+k:][:k])
	}
	split(w[d*k:], v.bias[:k], v.bias[k:])
	v.f.Changed()
}
