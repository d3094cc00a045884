package represent

import (
	"context"
	"math/rand/v2"

	"dcganviz/model"
	"dcganviz/probe"
)

// Pictures are labelled pictures that are read when they are needed.
type Pictures struct {
	// Labels is the class of each picture, counted from 0.
	Labels []int
	// Load returns the pictures with these numbers, [n, H, W, C] in [-1, 1].
	Load func(ctx context.Context, numbers []int) (model.Tensor, error)
}

// each calls f for the pictures with these numbers, some at a time.
func (p *Pictures) each(ctx context.Context, numbers []int, f func(from, to int, x model.Tensor) error) error {
	return probe.InParts(ctx, len(numbers), atOnce, func(from, to int) error {
		x, err := p.Load(ctx, numbers[from:to])
		if err != nil {
			return err
		}
		return f(from, to, x)
	})
}

// atOnce is how many pictures are in memory at once.
const atOnce = 256

// A split says which training pictures decide C.
type split struct {
	// order is all training pictures: first those to fit to, then those that decide.
	order []int
	fit   int
	// ofClass is places in order of the pictures to fit to, of each class.
	ofClass [][]int
	labels  []int // in that order
}

// decidePart is one of how many pictures of each class decides C.
const decidePart = 5

// newSplit lets one of decidePart pictures of each class decide, at least one of a class
// with two or more.
func newSplit(labels []int, classes int, rng *rand.Rand) *split {
	of := make([][]int, classes)
	for i, l := range labels {
		of[l] = append(of[l], i)
	}
	s := &split{ofClass: make([][]int, classes)}
	var deciding []int
	for _, all := range of {
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		n := len(all) / decidePart
		if n == 0 && len(all) > 1 {
			n = 1
		}
		deciding = append(deciding, all[:n]...)
		s.order = append(s.order, all[n:]...)
	}
	rng.Shuffle(len(s.order), func(i, j int) { s.order[i], s.order[j] = s.order[j], s.order[i] })
	s.fit = len(s.order)
	s.order = append(s.order, deciding...)
	for at, i := range s.order {
		s.labels = append(s.labels, labels[i])
		if at < s.fit {
			s.ofClass[labels[i]] = append(s.ofClass[labels[i]], at)
		}
	}
	return s
}

// draw returns places in order of n pictures of each class.
func (s *split) draw(n int, rng *rand.Rand) []int {
	var out []int
	for _, places := range s.ofClass {
		for _, i := range rng.Perm(len(places))[:n] {
			out = append(out, places[i])
		}
	}
	return out
}

// rarest returns how many pictures to fit to the rarest class has.
func (s *split) rarest() int {
	least := len(s.order)
	for _, places := range s.ofClass {
		least = min(least, len(places))
	}
	return least
}
