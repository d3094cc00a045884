package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dcganviz/model"
)

// TestLogisticOfACountTable: with one feature of two values and no penalty the
// weight is the logarithm of the odds ratio.
func TestLogisticOfACountTable(t *testing.T) {
	var x, y []float32
	add := func(n int, f, label float32) {
		for range n {
			x, y = append(x, f), append(y, label)
		}
	}
	add(30, 0, 0)
	add(10, 0, 1)
	add(5, 1, 0)
	add(20, 1, 1)
	add(7, 1, float32(math.NaN())) // does not count
	l, err := FitLogistic(model.Tensor{Shape: []int{len(x), 1}, Data: x}, y, LogisticOptions{L2: -1})
	if err != nil {
		t.Fatal(err)
	}
	const tolerance = 1e-5 // of a gradient of 1e-7
	if w, b := math.Log(20./5)-math.Log(10./30), math.Log(10./30); !(math.Abs(l.W[0]-w) < tolerance && math.Abs(l.B-b) < tolerance) {
		t.Errorf("w %v, b %v, want %v and %v", l.W[0], l.B, w, b)
	}
	if z := l.Logit([]float32{1}); !(math.Abs(z-math.Log(4)) < tolerance) {
		t.Errorf("logit of 1 is %v, want log 4", z)
	}
}

// overlapping are rows of two clouds, and a feature that never varies.
func overlapping(n, features int) (model.Tensor, []float32) {
	r := rand.New(rand.NewPCG(1, 2))
	x, y := model.NewTensor(n, features), make([]float32, n)
	for i := range n {
		y[i] = float32(i % 2)
		for j := range features - 1 {
			x.Row(i)[j] = float32(r.NormFloat64()*float64(1+j) + float64(y[i]) + 100)
		}
		x.Row(i)[features-1] = 3
	}
	return x, y
}

// TestLogisticGradientVanishes adds the derivatives up anew, in the features'
// own units.
func TestLogisticGradientVanishes(t *testing.T) {
	const n, features = 400, 6
	x, y := overlapping(n, features)
	l, err := FitLogistic(x, y, LogisticOptions{L2: -1})
	if err != nil {
		t.Fatal(err)
	}
	if l.W[features-1] != 0 {
		t.Errorf("a feature that never varies has weight %v", l.W[features-1])
	}
	for j := range features {
		var sum float64
		for i := range n {
			sum += (1/(1+math.Exp(-l.Logit(x.Row(i)))) - float64(y[i])) * (float64(x.Row(i)[j]) - 100) / n
		}
		if !(math.Abs(sum) < 1e-5) {
			t.Errorf("derivative %d is %v", j, sum)
		}
	}
}

// TestLogisticPenalty: a tenfold penalty gives shorter weights, and labels that
// follow from a feature have a minimum with one.
func TestLogisticPenalty(t *testing.T) {
	x, y := overlapping(50, 4)
	for i := range y {
		x.Row(i)[0] = 2*y[i] - 1
	}
	norm := func(l2 float64) float64 {
		l, err := FitLogistic(x, y, LogisticOptions{L2: l2})
		if err != nil {
			t.Fatal(err)
		}
		return product(l.W, l.W)
	}
	if small, large := norm(.01), norm(.1); !(large < small && large > 0) {
		t.Errorf("squared weights %v at 0.01, %v at 0.1", small, large)
	}
}

func TestLogisticOnThreadsGivesTheSameBits(t *testing.T) {
	x, y := overlapping(300, 5)
	var fits [3]*Linear
	for i := range fits {
		pool := model.NewPool(i + 1)
		defer pool.Close()
		var err error
		if fits[i], err = FitLogistic(x, y, LogisticOptions{Pool: pool}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(fits[i].W, fits[0].W) || fits[i].B != fits[0].B {
			t.Errorf("%d threads: %v, one: %v", i+1, fits[i], fits[0])
		}
	}
}

func TestLogisticRefuses(t *testing.T) {
	x, y := overlapping(10, 3)
	for what, try := range map[string]func() error{
		"labels of one class": func() error { _, err := FitLogistic(x, make([]float32, 10), LogisticOptions{}); return err },
		"labels too few":      func() error { _, err := FitLogistic(x, y[1:], LogisticOptions{}); return err },
		"a NaN": func() error {
			z := x.Clone()
			z.Data[4] = float32(math.NaN())
			_, err := FitLogistic(z, y, LogisticOptions{})
			return err
		},
	} {
		if try() == nil {
			t.Errorf("%s: no error", what)
		}
	}
}
