package tsne

import (
	"math"
	"math/rand/v2"
	"testing"
)

// inPlace are places in the plane, as coordinates and in pairs.
func inPlace(r *rand.Rand, n int) (x, y []float32, at [][2]float32) {
	x, y, at = make([]float32, n), make([]float32, n), make([][2]float32, n)
	for i := range at {
		x[i], y[i] = 3*float32(r.NormFloat64()), 3*float32(r.NormFloat64())
		at[i] = [2]float32{x[i], y[i]}
	}
	return x, y, at
}

func sameBits(t *testing.T, what string, i int, got, want float32) {
	t.Helper()
	if math.Float32bits(got) != math.Float32bits(want) {
		t.Fatalf("%s %d: got %v, want %v", what, i, got, want)
	}
}

// The machine's vectors give the bits of portable Go, and write nothing beside.
func TestVectorsAreTheirGo(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	const guard = 12345
	x, y, at := inPlace(r, 96)
	for points := range 5 {
		for entries := 0; entries <= 72; entries += width {
			start := make([]int, points+1)
			for k := range points {
				start[k+1] = start[k] + max(0, entries-width*k)
			}
			index, p := make([]int32, start[points]), make([]float32, start[points])
			for j := range index {
				index[j], p[j] = r.Int32N(int32(len(at))), r.Float32()
			}
			got, want := make([][2]float32, points+1), make([][2]float32, points+1)
			got[points] = [2]float32{guard, guard}
			attraction(got[:points], at, start, index, p, at[3:3+points])
			attractGo(want[:points], at, start, index, p, at[3:3+points])
			want[points] = got[points]
			for k := range got {
				sameBits(t, "attraction", k, got[k][0], want[k][0])
				sameBits(t, "attraction", k, got[k][1], want[k][1])
			}
			if got[points][0] != guard {
				t.Fatal("attraction wrote behind its end")
			}
		}
	}
	for length := range 71 {
		spans := [3][2]int{{length % 7, length % 7}, {3, 3 + length}, {11, 11 + length/2}}
		got, want := make([][4]float32, 12), make([][4]float32, 12)
		for k := range got {
			got[k] = [4]float32{guard, guard, guard, guard}
		}
		copy(want, got)
		nearSums(got, x, y, 4, 9, &spans, 6, .25, 1)
		nearGo(want, x, y, 4, 9, &spans, 6, .25, 1)
		for k := range got {
			for i := range got[k] {
				sameBits(t, "near sum", k, got[k][i], want[k][i])
			}
		}
	}
	for n := range 71 {
		for from := range n + 1 {
			v := make([]float32, n)
			for i := range v {
				v[i] = float32(1 + i)
			}
			if got := below(v, from, 1); got != n {
				t.Fatalf("below of %d from %d: got %d, want %d", n, from, got, n)
			}
			if from < n {
				v[from+r.IntN(n-from)] = 0
				if got, want := below(v, from, 1), belowGo(v, from, 1); got != want {
					t.Fatalf("below of %d from %d: got %d, want %d", n, from, got, want)
				}
			}
		}
	}
}

func TestDistancesAreTheirGo(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for n := range 71 {
		v, u := make([]float32, n), make([]float32, n)
		for i := range v {
			v[i], u[i] = r.Float32(), r.Float32()
		}
		whole := n &^ (width - 1)
		var got, want [width]float64
		lanesSquared(&got, v[:whole], u[:whole])
		lanesSquaredGo(&want, v[:whole], u[:whole])
		if got != want {
			t.Fatalf("squares of %d: got %v, want %v", whole, got, want)
		}
		sum := 0.
		for i := range v {
			sum += (float64(v[i]) - float64(u[i])) * (float64(v[i]) - float64(u[i]))
		}
		if d := squaredDistance(v, u); !(math.Abs(d-sum) <= 1e-14*(1+sum)) {
			t.Fatalf("squared distance of %d coordinates: got %v, want %v", n, d, sum)
		}
	}
}

func TestGridVectorsAreTheirGo(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	const wide, high = 24, 16
	for n := range 20 {
		places, points := make([]place, n), make([]int32, n)
		for k := range places {
			places[k] = place{r.Int32N(wide - order), r.Int32N(high - order), r.Float32(), r.Float32()}
			points[k] = int32((k + 5) % n)
		}
		got, want := make([]float32, wide*high), make([]float32, wide*high)
		spreadPlaces(got, wide, places)
		spreadGo(want, wide, places)
		for i := range got {
			sameBits(t, "node", i, got[i], want[i])
		}
		for i := range got {
			got[i] = float32(r.NormFloat64())
		}
		potential, force := make([]float32, n+1), make([]float32, 2*n+1)
		readPlaces(potential, force, got, wide, places, points, .75)
		wantPotential, wantForce := make([]float32, n+1), make([]float32, 2*n+1)
		readGo(wantPotential, wantForce, got, wide, places, points, .75)
		for i := range potential {
			sameBits(t, "potential", i, potential[i], wantPotential[i])
		}
		for i := range force {
			sameBits(t, "force", i, force[i], wantForce[i])
		}
	}
}

// The near part's force is minus half its sum's gradient: finite differences.
func TestNearForceIsTheSlope(t *testing.T) {
	const radius, step = 2.5, 1e-5
	c := 1 / (1. + radius*radius)
	for _, d := range []float64{0, .3, 1, 2, 2.4, 2.6} {
		var sums [1][4]float32
		xs, ys := make([]float32, 2*width), make([]float32, 2*width)
		for i := range xs {
			xs[i], ys[i] = outOfReach, outOfReach
		}
		xs[0], ys[0] = 0, 0
		xs[1], ys[1] = float32(-d), 0
		nearGo(sums[:], xs, ys, 0, 1, &[3][2]int{1: {1, 2}}, radius*radius, float32(c), float32(4*c))
		at := func(d float64) float64 { return nearPart(d*d, radius) }
		if want := at(d); !(math.Abs(float64(sums[0][0])-want) <= 1e-6) {
			t.Errorf("at %g: near part %v, want %v", d, sums[0][0], want)
		}
		if want := -(at(d+step) - at(d-step)) / (4 * step); !(math.Abs(float64(sums[0][1])-want) <= 1e-6) {
			t.Errorf("at %g: force %v, want %v", d, sums[0][1], want)
		}
	}
}
