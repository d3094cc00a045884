package tsne

import (
	"math"
	"math/rand/v2"
	"testing"

	"dcganviz/model"
)

func normals(seed uint64, n int, sd float64) []float64 {
	r := rand.New(rand.NewPCG(seed, 7))
	y := make([]float64, n)
	for i := range y {
		y[i] = sd * r.NormFloat64()
	}
	return y
}

// Errors of forces that are allowed at each level, as the root of the sum of
// their squares by that of the forces; the sum of q is much nearer.
const (
	forceTolerance = .02
	sumTolerance   = 2e-4
)

// offBy is how far a field is off the sums of repelExactly, as shares of them.
func offBy(potential, force []float32, want []float64, z float64) (sum, forces float64) {
	var off, all float64
	for i, v := range want {
		off += (float64(force[i]) - v) * (float64(force[i]) - v)
		all += v * v
	}
	got := -float64(len(potential))
	for _, v := range potential {
		got += float64(v)
	}
	return math.Abs(got/z - 1), math.Sqrt(off / max(all, 1e-30))
}

// TestFieldIsNearTheSum compares with the sum over all pairs, for points from
// all in one place to far apart, even and in clusters, at every level.
func TestFieldIsNearTheSum(t *testing.T) {
	pool := model.NewPool(2)
	defer pool.Close()
	const n = 600
	for _, sd := range []float64{0, 1e-4, .01, .3, 1, 3, 10} {
		for _, clustered := range []bool{false, true} {
			y := normals(1, 2*n, sd)
			if clustered {
				for i := range n {
					y[2*i] = y[2*i]/10 + y[2*(i%20)]
					y[2*i+1] = y[2*i+1]/10 + y[2*(i%20)+1]
				}
			}
			want := make([]float64, 2*n)
			z := repelExactly(pool, y, want)
			for _, l := range levels {
				if l.t > 0 && sd < 1 || l.t > 0 && l.t < .25 {
					continue // never chosen there
				}
				f := newField(pool, n)
				f.level, f.calls = l, 1
				potential, force := make([]float32, n), make([]float32, 2*n)
				if err := f.compute(y, potential, force); err != nil {
					t.Fatal(err)
				}
				zerr, ferr := offBy(potential, force, want, z)
				t.Logf("sd %g clustered %v T %g side %d step %.3g: sum %.1e force %.1e", sd, clustered, l.t, f.side, f.step, zerr, ferr)
				if !(ferr <= forceTolerance) || !(zerr <= sumTolerance) {
					t.Errorf("sd %g clustered %v T %g: the sum is off by %.1e, the forces by %.1e; want %g and %g", sd, clustered, l.t, zerr, ferr, sumTolerance, forceTolerance)
				}
			}
		}
	}
}

// A point far from all others makes the grid coarse, and leaves more to the
// close points.
func TestFieldWithAnOutlier(t *testing.T) {
	pool := model.NewPool(2)
	defer pool.Close()
	const n = 400
	for _, far := range []float64{1e3, 1e5, 9e5} {
		y := normals(6, 2*n, 4)
		y[10] = far
		want := make([]float64, 2*n)
		z := repelExactly(pool, y, want)
		f := newField(pool, n)
		potential, force := make([]float32, n), make([]float32, 2*n)
		if err := f.compute(y, potential, force); err != nil {
			t.Fatal(err)
		}
		if f.side > mostNodes {
			t.Errorf("outlier at %g: a grid of %d nodes a side, want at most %d", far, f.side, mostNodes)
		}
		if zerr, ferr := offBy(potential, force, want, z); !(ferr <= forceTolerance) || !(zerr <= sumTolerance) {
			t.Errorf("outlier at %g: the sum is off by %.1e, the forces by %.1e (T %g)", far, zerr, ferr, f.level.t)
		}
	}
}
