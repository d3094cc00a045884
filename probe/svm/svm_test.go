package svm

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dcganviz/internal/kernel"
	"dcganviz/internal/reference"
	"dcganviz/model"
	"dcganviz/probe"
)

// refTolerance is what float32 features and decisions leave of scikit-learn's float64.
const refTolerance = 1e-6

func TestReference(t *testing.T) {
	reference.Run(t, "l2svm*", func(t *testing.T, f *reference.File) {
		x := model.Tensor{Shape: f.Shape("in/X"), Data: f.Floats("in/X")}
		test := model.Tensor{Shape: f.Shape("in/X_test"), Data: f.Floats("in/X_test")}
		var labels []int
		for _, l := range f.Ints("in/y") {
			labels = append(labels, int(l))
		}
		k := slices.Max(labels) + 1
		p, err := New(t.Context(), x, labels, k, model.RunOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]float64{"C1.0": 1, "C0.01": .01} {
			m, err := p.Fit(t.Context(), Options{C: c, Tolerance: 1e-13})
			if err != nil {
				t.Fatal(err)
			}
			d, err := m.Decisions(t.Context(), test, model.RunOptions{})
			if err != nil {
				t.Fatal(err)
			}
			w, b, want := f.Doubles("f64/"+name+"/w"), f.Doubles("f64/"+name+"/b"), f.Doubles("f64/"+name+"/decision_test")
			objective := f.Doubles("f64/" + name + "/objective")
			for j := range k {
				for i := range m.Features {
					near(t, name+" weight", m.W[i*k+j], w[j*m.Features+i], refTolerance)
				}
				near(t, name+" bias", m.W[m.Features*k+j], b[j], refTolerance)
				near(t, name+" objective", m.Objective[j], objective[j], refTolerance*objective[j])
			}
			for i, v := range d.Data {
				near(t, name+" decision", float64(v), want[i], refTolerance*10) // a sum of nine products
			}
			t.Logf("%s: %d steps, %d passes, excess %.1e", name, m.Steps, m.Passes, m.Excess)
		}
	})
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %.9g, want %.9g", what, got, want)
	}
}

// clouds are n rows of d features about a centre for each of k classes; a few directions
// vary most, as in features of a net.
func clouds(n, d, k int) (model.Tensor, []int) {
	rng := rand.New(rand.NewPCG(5, 7))
	centres := model.NewTensor(k, d)
	for i := range centres.Data {
		centres.Data[i] = float32(rng.NormFloat64() / math.Sqrt(float64(d)))
	}
	x, labels := model.NewTensor(n, d), make([]int, n)
	for i := range n {
		labels[i] = rng.IntN(k)
		for j := range d {
			x.Row(i)[j] = centres.Row(labels[i])[j] + float32(1+rng.NormFloat64()*(.2+8/float64(1+j)))/float32(math.Sqrt(float64(d)))
		}
	}
	return x, labels
}

// TestObjectiveIsWhatItSays computes it in float64 from its formula, and steps away from
// the minimum: it may rise only, and by no less than strong convexity says.
func TestObjectiveIsWhatItSays(t *testing.T) {
	x, labels := clouds(1000, 52, 3)
	p, err := New(t.Context(), x, labels, 3, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if p.sketch == nil {
		t.Fatal("no sketch, so that its preconditioner is not tested")
	}
	const c = 3
	m, err := p.Fit(t.Context(), Options{C: c, Tolerance: 1e-9})
	if err != nil {
		t.Fatal(err)
	}
	objective := func(w []float64, j int) float64 {
		sum := 0.0
		for i := range m.Features + 1 {
			sum += w[i*3+j] * w[i*3+j] / 2
		}
		for i, l := range labels {
			at := w[m.Features*3+j]
			for q, v := range x.Row(i) {
				at += float64(v) * w[q*3+j]
			}
			if l != j {
				at = -at
			}
			slack := max(0, 1-at)
			sum += c * slack * slack
		}
		return sum
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for j := range 3 {
		if m.Excess[j] > 1e-9 {
			t.Errorf("class %d: excess %g, want at most the tolerance", j, m.Excess[j])
		}
		least := objective(m.W, j)
		near(t, "objective", m.Objective[j], least, 1e-6*least)
		for range 20 {
			w, square := slices.Clone(m.W), 0.0
			for i := range m.Features + 1 {
				d := rng.NormFloat64() * .01
				w[i*3+j] += d
				square += d * d
			}
			if rise := objective(w, j) - least; !(rise >= square/2*(1-1e-2)) {
				t.Errorf("class %d: away from the minimum by %g the objective rises by %g, want at least half the square", j, math.Sqrt(square), rise)
			}
		}
	}
}

// TestOneRow has a closed form: w = s x u and b = s u with u = 2C / (1 + 2C (|x|^2 + 1)).
func TestOneRow(t *testing.T) {
	x := model.Tensor{Shape: []int{1, 2}, Data: []float32{3, 4}}
	p, err := New(t.Context(), x, []int{1}, 2, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := p.Fit(t.Context(), Options{C: .5, Tolerance: 1e-12})
	if err != nil {
		t.Fatal(err)
	}
	u := 1 / (1 + 26.0)
	for i, want := range []float64{-3 * u, 3 * u, -4 * u, 4 * u, -u, u} {
		near(t, "weight", m.W[i], want, 1e-7)
	}
}

// TestSameBits: one and two threads, and each instruction set with fused sums, give the
// same weights.
func TestSameBits(t *testing.T) {
	x, labels := clouds(1700, 96, 4)
	fit := func(pool *model.Pool) []float64 {
		p, err := New(t.Context(), x, labels, 4, model.RunOptions{Pool: pool})
		if err != nil {
			t.Fatal(err)
		}
		m, err := p.Fit(t.Context(), Options{C: 2})
		if err != nil {
			t.Fatal(err)
		}
		return m.W
	}
	one := kernel.NewPool(1)
	defer one.Close()
	want := fit(one)
	two := kernel.NewPool(2)
	defer two.Close()
	if !slices.Equal(fit(two), want) {
		t.Error("two threads give other bits than one")
	}
	t.Setenv(kernel.SIMD, "avx2")
	set := kernel.NewPool(1)
	defer set.Close()
	if set.Class() == one.Class() && !slices.Equal(fit(set), want) {
		t.Errorf("%s gives other bits than %s", set.Instructions(), one.Instructions())
	}
}

// TestStartAndSketchChangeTheWayAlone: a start at another machine and a fit without the
// sketch end in the same place.
func TestStartAndSketchChangeTheWayAlone(t *testing.T) {
	x, labels := clouds(1500, 64, 3)
	p, err := New(t.Context(), x, labels, 3, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	fit := func(opt Options) *Machine {
		opt.Tolerance = 1e-10
		m, err := p.Fit(t.Context(), opt)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	cold := fit(Options{C: 1})
	warm := fit(Options{C: 1, Start: fit(Options{C: .7})})
	sketch := p.sketch
	p.sketch = nil
	plain := fit(Options{C: 1})
	p.sketch = sketch
	for i, w := range cold.W {
		near(t, "warm weight", warm.W[i], w, 1e-4)
		near(t, "weight without a sketch", plain.W[i], w, 1e-4)
	}
	if warm.Steps > cold.Steps || cold.Passes >= plain.Passes {
		t.Errorf("steps %d cold, %d warm; passes %d with a sketch, %d without: want fewer", cold.Steps, warm.Steps, cold.Passes, plain.Passes)
	}
}

func TestRefused(t *testing.T) {
	x, labels := clouds(20, 3, 2)
	bad := model.Tensor{Shape: x.Shape, Data: slices.Clone(x.Data)}
	bad.Data[7] = float32(math.NaN())
	if _, err := New(t.Context(), bad, labels, 2, model.RunOptions{}); !errors.Is(err, model.ErrUnusable) {
		t.Errorf("NaN: got %v", err)
	}
	for what, make := range map[string]func() (*Problem, error){
		"a label too large": func() (*Problem, error) { return New(t.Context(), x, labels, 1, model.RunOptions{}) },
		"too few labels":    func() (*Problem, error) { return New(t.Context(), x, labels[1:], 2, model.RunOptions{}) },
		"no rows":           func() (*Problem, error) { return New(t.Context(), model.NewTensor(0, 3), nil, 2, model.RunOptions{}) },
	} {
		if _, err := make(); !errors.Is(err, probe.ErrInput) {
			t.Errorf("%s: got %v", what, err)
		}
	}
	p, err := New(t.Context(), x, labels, 2, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Fit(t.Context(), Options{C: -1}); !errors.Is(err, probe.ErrInput) {
		t.Errorf("C below 0: got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Fit(ctx, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
}

// TestConstantFeatures: without anything to tell classes apart the commonest one wins.
func TestConstantFeatures(t *testing.T) {
	x := model.NewTensor(9, 2)
	labels := []int{0, 1, 1, 1, 1, 1, 2, 2, 0}
	p, err := New(t.Context(), x, labels, 4, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := p.Fit(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	said, err := m.Classify(t.Context(), x, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(said, func(l int) bool { return l != 1 }) {
		t.Errorf("classes %v, want 1, the commonest", said)
	}
}
