package vector

import (
	"cmp"
	"fmt"
	"math"

	"dcganviz/internal/random"
	"dcganviz/model"
)

// A Turn goes along the difference of two concepts.
type Turn struct {
	// From and To are the concepts, means of exemplars: [LatentDim].
	From, To []float32
	// Steps from one end to the other. 0 means 11, as in the paper.
	Steps int
	// Reach stretches the way: 0 means 1, the distance from From to To.
	Reach float64
}

// NewTurn returns the turn between the means of exemplars, [N, LatentDim] each.
func NewTurn(from, to model.Tensor) (*Turn, error) {
	if err := (Exemplars{from, to, from}).check(); err != nil {
		return nil, err
	}
	return &Turn{From: Mean(from), To: Mean(to)}, nil
}

// Vector returns To - From.
func (t *Turn) Vector() []float32 {
	v := make([]float32, len(t.From))
	for i := range v {
		v[i] = t.To[i] - t.From[i]
	}
	return v
}

func (t *Turn) steps() int { return cmp.Or(t.Steps, 11) }

// Share returns where step i lies on the way, from -1/2 to 1/2 for a reach of 1.
func (t *Turn) Share(i int) float64 {
	reach := cmp.Or(t.Reach, 1)
	if t.steps() == 1 {
		return 0
	}
	return reach * (float64(i)/float64(t.steps()-1) - .5)
}

// Points returns the latents of the way through z, which is its middle:
// [Steps, LatentDim]. Through the point half way between From and To it leads from
// From to To.
func (t *Turn) Points(z []float32) model.Tensor { return t.along(z, t.Vector()) }

// along goes through z along v.
func (t *Turn) along(z, v []float32) model.Tensor {
	out := model.NewTensor(t.steps(), len(z))
	for i := range t.steps() {
		share, row := t.Share(i), out.Row(i)
		for j := range row {
			row[j] = float32(float64(z[j]) + share*float64(v[j]))
		}
	}
	return out
}

// direction returns a random vector as long as v, draw i of a seed.
func direction(v []float32, seed uint64, i int) []float32 {
	r := random.At(seed, forDirections, i)
	u := make([]float64, len(v))
	var uu, vv float64
	for j := range u {
		u[j] = r.NormFloat64()
		uu += u[j] * u[j]
		vv += float64(v[j]) * float64(v[j])
	}
	scale := math.Sqrt(vv / uu)
	for j := range u {
		u[j] *= scale
	}
	return narrow(u)
}

func (t *Turn) check(latentDim int) error {
	if len(t.From) != latentDim || len(t.To) != latentDim {
		return fmt.Errorf("vector: turn between latents of %d and %d numbers, want %d", len(t.From), len(t.To), latentDim)
	}
	if t.Steps < 0 || t.Steps == 1 || t.Reach < 0 {
		return fmt.Errorf("vector: turn of %d steps and reach %g, want 2 or more, and above 0", t.Steps, t.Reach)
	}
	return nil
}

// A purpose names what random numbers are for. Every number is a function of
// (seed, purpose, index), so that none depends on how many others were drawn.
type purpose uint64

const (
	forNeighbours purpose = 1 + iota
	forDraws
	forControls
	forDirections
)
