package kid

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// An Estimate is a distance that was taken of several sets of images.
type Estimate struct {
	// Value is the mean over the sets, SD their standard deviation, and Least and Most
	// the ends of their range. One set has no SD.
	Value float64 `json:"value"`
	SD    float64 `json:"sd"`
	Least float64 `json:"least"`
	Most  float64 `json:"most"`
	// SE is the standard error of Value, and Lo to Hi its 95% interval, by Student's t.
	// They hold both the choice of samples and the choice of real pictures. Halves have
	// none: they share their pictures.
	SE float64 `json:"se,omitempty"`
	Lo float64 `json:"lo,omitempty"`
	Hi float64 `json:"hi,omitempty"`
}

// spread is what figures of several sets have.
func spread(values []float64) Estimate {
	n := float64(len(values))
	e := Estimate{Least: slices.Min(values), Most: slices.Max(values)}
	for _, v := range values {
		e.Value += v / n
	}
	if n > 1 {
		for _, v := range values {
			e.SD += (v - e.Value) * (v - e.Value) / (n - 1)
		}
		e.SD = math.Sqrt(e.SD)
	}
	return e
}

// estimate is the distance of sets of samples from the same real pictures.
//
// The error has two parts. One falls with the number of sets: their variance, divided by
// it, or for one set the jackknife's over its samples. The other does not: the jackknife
// of the mean over the groups of real pictures. Satterthwaite's formula says how many
// degrees of freedom the sum has (Satterthwaite 1946, doi:10.2307/3002019).
func estimate(sets []*statistic) Estimate {
	n := float64(len(sets))
	values, without := make([]float64, len(sets)), make([]float64, len(sets[0].y.sizes))
	for i, s := range sets {
		values[i] = s.value()
		for g, v := range s.withoutY() {
			without[g] += v / n
		}
	}
	e := spread(values)
	ofSamples, free := e.SD*e.SD/n, n-1
	if n == 1 {
		ofSamples, free = jackknife(sets[0].withoutX()), float64(len(sets[0].x.sizes)-1)
	}
	ofReal := jackknife(without)
	variance := ofSamples + ofReal
	e.SE, e.Lo, e.Hi = math.Sqrt(variance), e.Value, e.Value
	if variance > 0 {
		freedom := variance * variance / (ofSamples*ofSamples/free + ofReal*ofReal/float64(len(without)-1))
		t := distuv.StudentsT{Sigma: 1, Nu: freedom}.Quantile(.975)
		e.Lo, e.Hi = e.Value-t*e.SE, e.Value+t*e.SE
	}
	return e
}
