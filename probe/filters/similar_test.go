package filters

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dcganviz/probe/stats"
)

// rounding is that of float64 sums of some hundred terms.
const rounding = 1e-12

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func noise(seed uint64, n int) []float64 {
	rng := rand.New(rand.NewPCG(seed, 0))
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Abs(rng.NormFloat64())
	}
	return out
}

func TestSSIMOfEqualPicturesIsOne(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {3, 20}, {11, 11}, {17, 30}} {
		a := noise(3, size[0]*size[1])
		near(t, "with itself", SSIM(a, a, size[0], size[1]), 1, rounding)
		b := slices.Clone(a)
		for i := range b {
			b[i] *= 7
		}
		near(t, "with a brighter self", SSIM(a, b, size[0], size[1]), 1, 1e-9)
		if got := SSIM(a, make([]float64, len(a)), size[0], size[1]); !math.IsNaN(got) {
			t.Errorf("with nothing it is %v, want NaN", got)
		}
	}
}

// TestSSIMIsTheFormula sums over windows pixel by pixel, as the paper's
// equations (13) to (16) say, where the package goes by rows and columns.
func TestSSIMIsTheFormula(t *testing.T) {
	// One window of two pixels, weights a half: means .5, variances .25,
	// covariance -.25.
	const c1, c2 = .01 * .01, .03 * .03
	near(t, "of two pixels", SSIM([]float64{0, 3}, []float64{5, 0}, 1, 2), (c2-.5)/(c2+.5), rounding)

	const h, w = 14, 19
	a, b := noise(4, h*w), noise(5, h*w)
	for i := range b {
		b[i] += a[i]
	}
	ta, tb := slices.Max(a), slices.Max(b)
	var weight [11][11]float64
	total := 0.0
	for i := range weight {
		for j := range weight {
			dy, dx := float64(i-5), float64(j-5)
			weight[i][j] = math.Exp(-(dy*dy + dx*dx) / (2 * 1.5 * 1.5))
			total += weight[i][j]
		}
	}
	var sum float64
	for y := 0; y <= h-11; y++ {
		for x := 0; x <= w-11; x++ {
			each := func(f func(g, p, q float64)) {
				for i := range weight {
					for j := range weight {
						at := (y+i)*w + x + j
						f(weight[i][j]/total, a[at]/ta, b[at]/tb)
					}
				}
			}
			var ma, mb, va, vb, ab float64
			each(func(g, p, q float64) { ma += g * p; mb += g * q })
			each(func(g, p, q float64) {
				va += g * (p - ma) * (p - ma)
				vb += g * (q - mb) * (q - mb)
				ab += g * (p - ma) * (q - mb)
			})
			sum += (2*ma*mb + c1) * (2*ab + c2) / ((ma*ma + mb*mb + c1) * (va + vb + c2))
		}
	}
	near(t, "of two pictures", SSIM(a, b, h, w), sum/((h-10)*(w-10)), 1e-10)
}

func TestHeatSumsMagnitudesInsideTheField(t *testing.T) {
	// Two rows of three pixels of two channels.
	m := []float32{1, -1, 2, -2, 3, 3, -4, 0, 5, 1, 0, -6}
	if got, want := heat(m, 3, 2, Field{X0: 1, Y0: 0, X1: 3, Y1: 2}), []float64{4, 6, 6, 6}; !slices.Equal(got, want) {
		t.Errorf("heat %v, want %v", got, want)
	}
}

// TestIntervalOfIndependentUnits has one map a unit: the bootstrap's interval is
// then that of the mean, 1.96 standard errors each way.
func TestIntervalOfIndependentUnits(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 0))
	v := make([]float64, 400)
	var square float64
	for i := range v {
		v[i] = rng.NormFloat64()
		square += v[i] * v[i]
	}
	m := stats.Sum(v) / float64(len(v))
	se := math.Sqrt((square/400 - m*m) / 400)
	got := interval(stats.Nest{Runs: [][]float64{v}, Each: 1}, 1)
	near(t, "mean", got.Mean, m, rounding)
	// The bootstrap's own noise with 1,000 samples is some 7% of an end.
	near(t, "low end", (got.Lo-m)/se, -1.96, .3)
	near(t, "high end", (got.Hi-m)/se, 1.96, .3)
}

func TestIntervalIsWiderForUnits(t *testing.T) {
	// Four units whose images agree: as many figures as units, not as images.
	v := make([]float64, 40)
	for i := range v {
		v[i] = float64(i / 10)
	}
	units, alone := interval(stats.Nest{Runs: [][]float64{v}, Each: 10}, 1), interval(stats.Nest{Runs: [][]float64{v}, Each: 1}, 1)
	if !(units.Hi-units.Lo > 2*(alone.Hi-alone.Lo)) {
		t.Errorf("interval %v by unit, %v by image, want twice as wide or more", units, alone)
	}
}

func TestIntervalLeavesOutWhatIsMissing(t *testing.T) {
	nan := math.NaN()
	if got, want := interval(stats.Nest{Runs: [][]float64{{2, nan, nan, 2}, {nan, nan, 2, nan}}, Each: 2}, 1), (stats.Interval{Mean: 2, Lo: 2, Hi: 2}); got != want {
		t.Errorf("interval %v, want %v", got, want)
	}
	if got := interval(stats.Nest{Runs: [][]float64{{nan, nan}}, Each: 1}, 1); got != (stats.Interval{}) {
		t.Errorf("interval of nothing %v", got)
	}
}
