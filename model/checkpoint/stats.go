package checkpoint

import (
	"math"

	"dcganviz/model/checkpoint/internal/infer"
)

// TensorStats are statistics of a tensor's elements, as float32 or as whole
// numbers. All but the counts are over the finite elements, and 0 without any.
type TensorStats struct {
	// Min, Max, Mean and SD, the standard deviation, are of the values.
	Min  float64 `json:"min"`
	Max  float64 `json:"max"`
	Mean float64 `json:"mean"`
	SD   float64 `json:"sd"`
	// Zeros is the fraction of elements that are 0.
	Zeros float64 `json:"zeros"`
	// NaN and Inf count elements that are not finite.
	NaN int `json:"nan"`
	Inf int `json:"inf"`
}

// statsOf computes the statistics in two passes, so that a small spread about a
// large mean is not lost.
func statsOf[T float32 | int64](values []T) *TensorStats {
	s := &TensorStats{Min: math.Inf(1), Max: math.Inf(-1)}
	finite, zeros, sum := 0, 0, 0.0
	for _, x := range values {
		v := float64(x)
		switch {
		case math.IsNaN(v):
			s.NaN++
			continue
		case math.IsInf(v, 0):
			s.Inf++
			continue
		case v == 0:
			zeros++
		}
		finite++
		sum += v
		s.Min, s.Max = min(s.Min, v), max(s.Max, v)
	}
	if finite == 0 {
		s.Min, s.Max = 0, 0
		return s
	}
	s.Mean, s.Zeros = sum/float64(finite), float64(zeros)/float64(len(values))
	squares := 0.0
	for _, x := range values {
		if v := float64(x); v-v == 0 {
			squares += (v - s.Mean) * (v - s.Mean)
		}
	}
	s.SD = math.Sqrt(squares / float64(finite))
	return s
}

// surveyTensor describes a tensor, with data the elements too.
func surveyTensor(t *infer.Tensor, data bool) SurveyTensor {
	out := SurveyTensor{Name: t.Name, Shape: t.Shape, DType: t.DType}
	if !data {
		return out
	}
	var err error
	switch t.DType {
	case "float16", "bfloat16", "float32", infer.Float64:
		var v []float32
		if v, err = t.Data.Float32s(); err == nil {
			out.Stats = statsOf(v)
		}
	default:
		var v []int64
		if v, err = t.Data.Int64s(); err == nil {
			out.Stats = statsOf(v)
		}
	}
	if err != nil {
		out.Unread = err.Error()
	}
	return out
}
