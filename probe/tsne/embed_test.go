package tsne

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"dcganviz/model"
	"dcganviz/probe"
)

// TestGradientIsThatOfDivergence compares with finite differences.
func TestGradientIsThatOfDivergence(t *testing.T) {
	pool := model.NewPool(2)
	defer pool.Close()
	a, err := affinities(t.Context(), pool, points(1, 60, 5), 8, 25)
	if err != nil {
		t.Fatal(err)
	}
	y := normals(2, 120, 1.5)
	g := make([]float64, len(y))
	if _, err := exactGradient(pool, a, y, g, 1); err != nil {
		t.Fatal(err)
	}
	const step = 1e-5
	for i := range y {
		at := func(d float64) float64 {
			moved := slices.Clone(y)
			moved[i] += d
			return exactDivergence(pool, a, moved)
		}
		if want := (at(step) - at(-step)) / (2 * step); !(math.Abs(g[i]-want) <= 1e-9) {
			t.Errorf("gradient[%d] = %v, want %v", i, g[i], want)
		}
	}
}

// Two points share all affinity, so the divergence is 0 wherever they are.
func TestDivergenceOfTwoPointsIsZero(t *testing.T) {
	pool := model.NewPool(1)
	defer pool.Close()
	a := &Affinities{Start: []int{0, 1, 2}, Index: []int32{1, 0}, P: []float64{.5, .5}}
	if kl := exactDivergence(pool, a, []float64{0, 0, 3, 4}); !(math.Abs(kl) <= 1e-14) {
		t.Errorf("got %v, want 0", kl)
	}
}

// clusters are n points in so many clusters, far apart, and their clusters.
func clusters(n, count int) (model.Tensor, []int) {
	x, labels := points(9, n, 10), make([]int, n)
	for i := range n {
		labels[i] = i % count
		x.Row(i)[i%count%10] += 12 * float32(1+i%count/10)
	}
	return x, labels
}

// TestThreadsDoNotMatter compares bytes.
func TestThreadsDoNotMatter(t *testing.T) {
	n, steps := 700, 40
	if testing.Short() { // for the race detector, which takes ten times as long
		n, steps = 200, 4
	}
	x, _ := clusters(n, 6)
	for _, m := range []Method{Exact, OnGrid} {
		var first []float64
		for _, threads := range []int{1, 2, 3} {
			pool := model.NewPool(threads)
			e, err := Embed(t.Context(), pool, x, Options{Perplexity: 12, Iterations: steps, Exaggerated: steps / 2, Settings: probe.Settings{Seed: 3}, Method: m})
			pool.Close()
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = e.Y
			}
			for i := range first {
				if math.Float64bits(first[i]) != math.Float64bits(e.Y[i]) {
					t.Fatalf("%v with %d threads: coordinate %d is %v, with one %v", m, threads, i, e.Y[i], first[i])
				}
			}
		}
	}
}

// TestMethodsAgree: the grid reaches the divergence that all pairs do, its
// forces on the places reached are near the exact ones, and the divergence that
// it reports is near the exact one.
func TestMethodsAgree(t *testing.T) {
	pool := model.NewPool(2)
	defer pool.Close()
	x, labels := clusters(900, 12)
	o := Options{Perplexity: 15, Iterations: 400, Exaggerated: 100}
	o.Method = OnGrid
	grid, err := Embed(t.Context(), pool, x, o)
	if err != nil {
		t.Fatal(err)
	}
	a, err := affinities(t.Context(), pool, x, o.Perplexity, grid.Neighbors)
	if err != nil {
		t.Fatal(err)
	}
	// The same affinities, moved by exact forces.
	exact := &Embedding{}
	if exact.Y, err = firstPlaces(t.Context(), pool, x, 0); err != nil {
		t.Fatal(err)
	}
	if err := o.fill(x.Len()); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), pool, exact, &exactForces{pool, a, make([]float64, len(exact.Y))}, o, func(string, int) {}); err != nil {
		t.Fatal(err)
	}
	want, got := exactDivergence(pool, a, exact.Y), exactDivergence(pool, a, grid.Y)
	if !(math.Abs(got/want-1) <= .01) {
		t.Errorf("divergence %v on the grid, %v exactly: want at most 1%% apart", got, want)
	}
	if !(math.Abs(grid.Divergence-got) <= 1e-3) {
		t.Errorf("the grid says divergence %v, it is %v", grid.Divergence, got)
	}
	f := newGridForces(pool, a)
	g, h := make([]float64, len(grid.Y)), make([]float64, len(grid.Y))
	if _, err := f.gradient(grid.Y, g, 1); err != nil {
		t.Fatal(err)
	}
	repulsion := make([]float64, len(g))
	z := repelExactly(pool, grid.Y, repulsion)
	off, all := 0., 0.
	if _, err := exactGradient(pool, a, grid.Y, h, 1); err != nil {
		t.Fatal(err)
	}
	for i := range g {
		off += (g[i] - h[i]) * (g[i] - h[i])
		all += 16 * repulsion[i] * repulsion[i] / (z * z)
	}
	if e := math.Sqrt(off / all); !(e <= forceTolerance) {
		t.Errorf("the gradient is off by %.2g of the repulsion, want at most %g", e, forceTolerance)
	}
	for name, y := range map[string][]float64{"grid": grid.Y, "exact": exact.Y} {
		if share, err := NearestLabel(t.Context(), pool, Plane(y), labels); err != nil || share != 1 {
			t.Errorf("%s: %v of the points lie beside their cluster (%v), want all", name, share, err)
		}
	}
}

// Equal points and points on a line are embedded too.
func TestDegeneratePoints(t *testing.T) {
	pool := model.NewPool(2)
	defer pool.Close()
	line := model.NewTensor(600, 1)
	for i := range line.Data {
		line.Data[i] = float32(i / 3) // three in each place
	}
	for name, x := range map[string]model.Tensor{"equal": model.NewTensor(600, 3), "line": line} {
		for _, m := range []Method{Exact, OnGrid} {
			e, err := Embed(t.Context(), pool, x, Options{Perplexity: 10, Iterations: 100, Exaggerated: 40, Method: m})
			if err != nil {
				t.Errorf("%s, %v: %v", name, m, err)
				continue
			}
			if !(e.Divergence >= 0) || math.IsInf(e.Divergence, 0) {
				t.Errorf("%s, %v: divergence %v", name, m, e.Divergence)
			}
		}
	}
}

func TestSeedsDiffer(t *testing.T) {
	pool := model.NewPool(2)
	defer pool.Close()
	x, _ := clusters(200, 4)
	o := Options{Perplexity: 10, Iterations: 50}
	var y [3][]float64
	for i, seed := range []uint64{1, 1, 2} {
		o.Seed = seed
		e, err := Embed(t.Context(), pool, x, o)
		if err != nil {
			t.Fatal(err)
		}
		y[i] = e.Y
	}
	if !slices.Equal(y[0], y[1]) || slices.Equal(y[0], y[2]) {
		t.Error("want the same places for one seed, others for another")
	}
}

func TestEmbedRefuses(t *testing.T) {
	pool := model.NewPool(1)
	defer pool.Close()
	x := points(1, 100, 3)
	for name, o := range map[string]Options{
		"perplexity": {Perplexity: 40}, "iterations": {Iterations: -1}, "rate": {Rate: -1}, "exaggeration": {Exaggeration: math.NaN()},
		"flies apart": {Perplexity: 5, Rate: 1e12}, "flies off the grid": {Perplexity: 5, Rate: 1e12, Method: OnGrid},
	} {
		if _, err := Embed(t.Context(), pool, x, o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Embed(ctx, pool, x, Options{Perplexity: 5, Settings: probe.Settings{Progress: func(_ string, done, _ int) {
		if done == 3 {
			cancel()
		}
	}}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v after an interruption", err)
	}
}

func TestMethodsHaveNames(t *testing.T) {
	for m := Auto; m <= OnGrid; m++ {
		text, err := m.MarshalText()
		var back Method
		if err != nil || back.UnmarshalText(text) != nil || back != m {
			t.Errorf("%d becomes %q and %d (%v)", m, text, back, err)
		}
	}
	if new(Method).UnmarshalText([]byte("tree")) == nil {
		t.Error("an unknown name: no error")
	}
}

func TestSpacedPutsZerosBetweenBits(t *testing.T) {
	for v := range uint64(1 << 16) {
		want := uint64(0)
		for b := range 16 {
			want |= v >> b & 1 << (2 * b)
		}
		if got := spaced(v); got != want {
			t.Fatalf("spaced(%b) = %b, want %b", v, got, want)
		}
	}
}

// TestEmbedWithoutAPool: nil is the pool that the process shares.
func TestEmbedWithoutAPool(t *testing.T) {
	x := model.NewTensor(40, 3)
	for i := range x.Data {
		x.Data[i] = float32(i*i%17) / 17
	}
	pool := model.NewPool(1)
	defer pool.Close()
	want, err := Embed(t.Context(), pool, x, Options{Perplexity: 5, Iterations: 20})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Embed(t.Context(), nil, x, Options{Perplexity: 5, Iterations: 20})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Y, want.Y) {
		t.Error("without a pool the map is another")
	}
}
