package stats

import (
	"math"
	"slices"
	"testing"

	"dcganviz/internal/random"
)

func TestPercentilesEndAtDraws(t *testing.T) {
	draws := make([]float64, 80)
	for i := range draws {
		draws[i] = float64((i*37 + 5) % 80) // 0 to 79 in some order
	}
	before := slices.Clone(draws)
	if got, want := Percentiles(7, draws), (Interval{7, 2, 77}); got != want {
		t.Errorf("interval %v, want %v", got, want)
	}
	if !slices.Equal(draws, before) {
		t.Error("the caller's draws are in another order")
	}
	if got := Percentiles(7, nil); got != (Interval{7, 7, 7}) {
		t.Errorf("without draws %v, want the value alone", got)
	}
}

func TestBootstrapInterpolates(t *testing.T) {
	// Of two things in equal parts the mean of a draw is 0, 1/2 or 1.
	mean := func(weight []float64) (float64, bool) { return weight[1] / (weight[0] + weight[1]), true }
	if got := Bootstrap(2, 1, mean); got != (Interval{.5, 0, 1}) {
		t.Errorf("interval %v, want 0 to 1 about 1/2", got)
	}
	if got := quantile([]float64{1, 2, 4}, .75); got != 3 {
		t.Errorf("quantile %v, want 3 between 2 and 4", got)
	}
	if got := Bootstrap(3, 1, func([]float64) (float64, bool) { return 5, false }); !math.IsNaN(got.Lo) || !math.IsNaN(got.Hi) {
		t.Errorf("interval %v of draws without values, want NaN", got)
	}
}

// TestMeanHasOneInterval: the mean of the same numbers by each of the bootstraps
// has about the interval of the central limit theorem.
func TestMeanHasOneInterval(t *testing.T) {
	const n = 200
	v := make([]float64, n)
	for i := range v {
		v[i] = float64((i * 73) % n)
	}
	s := SpreadOf(v)
	want := Interval{s.Mean, s.Mean - 1.96*s.SD/math.Sqrt(n), s.Mean + 1.96*s.SD/math.Sqrt(n)}
	mean := func(v, _ []float64) []float64 { return []float64{SpreadOf(v).Mean} }
	for name, got := range map[string]Interval{
		"weights": Bootstrap(n, 1, func(weight []float64) (float64, bool) {
			var sum float64
			for i, w := range weight {
				sum += w * v[i] / n
			}
			return sum, true
		}),
		"draws": *NewDraws(random.New(1, 1), n).Sums(v).Interval(func(s []float64) float64 { return s[0] / n }),
		"nest":  Nest{Runs: [][]float64{v}, Each: 1}.Interval(random.New(1, 2)),
		"sets":  OfSets(random.New(1, 3), v, v[:3], mean)[0],
		"alone": OfSets(random.New(1, 3), v, nil, mean)[0],
	} {
		const tolerance = 1.5 // of a half width of 8, 1000 draws
		if math.Abs(got.Mean-want.Mean) > 1e-9 || !(math.Abs(got.Lo-want.Lo) <= tolerance && math.Abs(got.Hi-want.Hi) <= tolerance) {
			t.Errorf("%s: %v, want about %v", name, got, want)
		}
	}
}

// TestASetBesideItselfIsEqual: where a is drawn once for both sides, no draw
// differs from itself.
func TestASetBesideItselfIsEqual(t *testing.T) {
	v := []float64{1, 2, 4, 8}
	difference := func(a, b []float64) []float64 { return []float64{SpreadOf(a).Mean - SpreadOf(b).Mean} }
	if got := OfSets(random.New(1, 1), v, nil, difference)[0]; got != (Interval{}) {
		t.Errorf("interval %v, want 0", got)
	}
	if got := OfSets(random.New(1, 1), v, v, difference)[0]; got.Mean != 0 || !(got.Lo < 0 && got.Hi > 0) {
		t.Errorf("interval %v of two draws, want one about 0", got)
	}
}

func TestSpreadByHand(t *testing.T) {
	for _, of := range []func([]float64) Spread{SpreadOf, SpreadByShares} {
		if got := of([]float64{1, 3, 8}); got.Mean != 4 || !(math.Abs(got.SD-math.Sqrt(13)) <= 1e-15) {
			t.Errorf("%v, want 4 and the root of 13", got)
		}
		if got := of([]float64{3}); got != (Spread{Mean: 3}) {
			t.Errorf("of one number %v", got)
		}
	}
}
