package hartley

import (
	"fmt"
	"math"
)

// Lanes is how many columns are transformed at once.
const Lanes = 8

// A row is one element of each column.
type row = [Lanes]float32

// maxLength is the largest length of a plan.
const maxLength = 1 << 20

// A Plan transforms columns of one length. It is not modified by use, and may
// serve several goroutines.
type Plan struct {
	n, base int
	// stages hold cos and sin of 2 pi k / size for 0 < k < size/4, from the
	// largest block to the smallest.
	stages []stage
}

// A stage joins two transforms of half its size.
type stage struct {
	size     int
	cos, sin []float32
}

// Length returns the smallest length of a plan that is at least n: 2, 6 or 10
// times a power of two. For n above the largest, it returns n.
func Length(n int) int {
	if n > maxLength {
		return n
	}
	best := 2
	for best < n {
		best *= 2
	}
	for _, base := range []int{3, 5} {
		m := 2 * base
		for m < n {
			m *= 2
		}
		best = min(best, m)
	}
	return best
}

// NewPlan returns the plan of a length that Length gives.
func NewPlan(n int) (*Plan, error) {
	if n < 2 || n > maxLength || Length(n) != n {
		return nil, fmt.Errorf("hartley: length %d, want 2, 6 or 10 times a power of two up to %d", n, maxLength)
	}
	p := &Plan{n: n, base: n}
	for p.base%2 == 0 {
		p.base /= 2
	}
	for size := n; size > p.base; size /= 2 {
		s := stage{size: size}
		for k := 1; 4*k < size; k++ {
			sin, cos := math.Sincos(2 * math.Pi * float64(k) / float64(size))
			s.cos, s.sin = append(s.cos, float32(cos)), append(s.sin, float32(sin))
		}
		p.stages = append(p.stages, s)
	}
	return p, nil
}

// Len returns the length.
func (p *Plan) Len() int { return p.n }

// Frequencies returns the frequency of each row of a transform.
func (p *Plan) Frequencies() []int {
	order := make([]int, p.base)
	for i := range order {
		order[i] = i
	}
	for m := p.base; m < p.n; m *= 2 {
		for _, k := range order[:m] {
			order = append(order, 2*k+1)
		}
		for i := range m {
			order[i] *= 2
		}
	}
	return order
}

// Forward transforms the columns of x, [Len][Lanes], in place, to rows in the
// order of Frequencies.
func (p *Plan) Forward(x []float32) {
	x = x[:p.n*Lanes]
	p.stages[0].splitAll(x)
	p.forward(x)
}

// ForwardHalf is Forward where the second half of the rows is zero, whatever x
// holds there.
func (p *Plan) ForwardHalf(x []float32) {
	x = x[:p.n*Lanes]
	p.stages[0].splitFirst(x)
	p.forward(x)
}

func (p *Plan) forward(x []float32) {
	for i := 1; i < len(p.stages); i++ {
		p.stages[i].splitAll(x)
	}
	p.bases(x)
}

// Inverse takes what Forward made back to the columns, times Len, in place.
func (p *Plan) Inverse(x []float32) {
	x = x[:p.n*Lanes]
	p.inverse(x)
	p.stages[0].joinAll(x)
}

// InverseHalf is Inverse that gives the first half of the rows only, and any
// content in the second.
func (p *Plan) InverseHalf(x []float32) {
	x = x[:p.n*Lanes]
	p.inverse(x)
	p.stages[0].joinLast(x)
}

func (p *Plan) inverse(x []float32) {
	p.bases(x)
	for i := len(p.stages) - 1; i > 0; i-- {
		p.stages[i].joinAll(x)
	}
}
