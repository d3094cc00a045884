package kmeans

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"dcganviz/internal/kernel"
	"dcganviz/model"
	"dcganviz/probe"
)

// reference is what testdata/gen.py wrote.
var reference struct {
	Clusters struct {
		X, Start []float32
		K, D     int
		Centres  []float64
		Nearest  []int
		Inertia  float64
	}
	Encoding struct {
		Side     int
		Images   []float32
		Shape    []int
		Centres  []float32
		K        int
		Features []float64
	}
}

func readReference(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile("testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &reference); err != nil {
		t.Fatal(err)
	}
}

// TestClustersAreScikitLearns: from the same centres, until nothing changes.
func TestClustersAreScikitLearns(t *testing.T) {
	readReference(t)
	r := reference.Clusters
	x := model.Tensor{Shape: []int{len(r.X) / r.D, r.D}, Data: r.X}
	c, err := Fit(t.Context(), x, r.K, model.RunOptions{}, Options{Start: model.Tensor{Shape: []int{r.K, r.D}, Data: r.Start}})
	if err != nil {
		t.Fatal(err)
	}
	if !c.Settled || !slices.Equal(c.Nearest, r.Nearest) {
		t.Errorf("settled %v, nearest centres differ from scikit-learn's: got\n%v, want\n%v", c.Settled, c.Nearest, r.Nearest)
	}
	for i, want := range r.Centres {
		near64(t, "centre", float64(c.Centres.Data[i]), want, 1e-6)
	}
	near64(t, "inertia", c.Inertia, r.Inertia, 1e-6*r.Inertia)
}

// TestEncodingIsNumpys: the patches of all places are whitened and encoded.
func TestEncodingIsNumpys(t *testing.T) {
	readReference(t)
	r := reference.Encoding
	images := model.Tensor{Shape: r.Shape, Data: r.Images}
	e := &Encoder{Side: r.Side}
	n, h, w, c := r.Shape[0], r.Shape[1], r.Shape[2], r.Shape[3]
	rows, cols := h-r.Side+1, w-r.Side+1
	patches := model.NewTensor(n*rows*cols, r.Side*r.Side*c)
	for i := range patches.Len() {
		at := i % (rows * cols)
		writePatch(patches.Row(i), images.Row(i/(rows*cols)), w, c, at/cols, at%cols, r.Side)
	}
	if err := e.whiten(patches); err != nil {
		t.Fatal(err)
	}
	e.Centres = model.Tensor{Shape: []int{r.K, len(r.Centres) / r.K}, Data: r.Centres}
	got, err := e.Encode(t.Context(), images, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range r.Features {
		near64(t, "feature", float64(got.Data[i]), want, 2e-4) // a sum of 12 to 20 activations in float32
	}
}

func near64(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %.9g, want %.9g", what, got, want)
	}
}

// TestWhitenedPatchesAreWhite: their covariance is v/(v+0.1) along each direction, so it
// is at most 1, and its trace what the formula says.
func TestWhitenedPatchesAreWhite(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 3))
	x := model.NewTensor(5000, 6)
	for i := range x.Len() {
		for j := range x.Row(i) {
			x.Row(i)[j] = float32(rng.NormFloat64() * math.Sqrt(float64(j+1)))
		}
	}
	e := &Encoder{}
	if err := e.whiten(x); err != nil {
		t.Fatal(err)
	}
	white, bias := e.filter()
	out := make([]float32, len(x.Data))
	e.apply(nil, out, x.Data, white, bias)
	for j := range 6 {
		var sum, squares float64
		for i := j; i < len(out); i += 6 {
			sum += float64(out[i])
			squares += float64(out[i]) * float64(out[i])
		}
		near64(t, "mean", sum/5000, 0, 1e-4)
		variance := float64(j + 1)
		near64(t, "variance", squares/5000, variance/(variance+.1), .01) // of the sample's variances
	}
}

// TestEmptyCentresTakePoints: far centres that no point is near do not stay empty.
func TestEmptyCentresTakePoints(t *testing.T) {
	x := model.Tensor{Shape: []int{4, 1}, Data: []float32{0, 1, 10, 20}}
	c, err := Fit(t.Context(), x, 3, model.RunOptions{}, Options{Start: model.Tensor{Shape: []int{3, 1}, Data: []float32{5, 1000, 2000}}})
	if err != nil {
		t.Fatal(err)
	}
	if !(c.Inertia <= .5) {
		t.Errorf("inertia %g of {0, 1}, {10} and {20}, want 0.5", c.Inertia)
	}
}

func TestSeedAndThreads(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	images := model.NewTensor(20, 12, 10, 1)
	for i := range images.Data {
		images.Data[i] = float32(2*rng.Float64() - 1)
	}
	encode := func(threads int, seed uint64) []float32 {
		pool := kernel.NewPool(threads)
		defer pool.Close()
		run := model.RunOptions{Pool: pool}
		e, err := Learn(t.Context(), images, run, LearnOptions{Settings: probe.Settings{Seed: seed}, Centres: 20, Patches: 600})
		if err != nil {
			t.Fatal(err)
		}
		x, err := e.Encode(t.Context(), images, run)
		if err != nil {
			t.Fatal(err)
		}
		return x.Data
	}
	one := encode(1, 4)
	if !slices.Equal(encode(2, 4), one) {
		t.Error("two threads give other features than one")
	}
	if slices.Equal(encode(1, 5), one) {
		t.Error("another seed gives the same features")
	}
}

func TestRefused(t *testing.T) {
	x := model.NewTensor(3, 2)
	if _, err := Fit(t.Context(), x, 4, model.RunOptions{}, Options{}); !errors.Is(err, probe.ErrInput) {
		t.Errorf("more clusters than points: got %v", err)
	}
	if c, err := Fit(t.Context(), x, 3, model.RunOptions{}, Options{}); err != nil || c.Inertia != 0 {
		t.Errorf("points that are all one: got %v, %v", c, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Fit(ctx, x, 2, model.RunOptions{}, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
	if _, err := Learn(t.Context(), model.NewTensor(0, 8, 8, 1), model.RunOptions{}, LearnOptions{Centres: 2}); !errors.Is(err, probe.ErrInput) {
		t.Errorf("no pictures: got %v", err)
	}
}
