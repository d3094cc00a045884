package viz

import "math"

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// movingMean is, at each step, the mean of the finite values whose step is at most
// half of window away. It is NaN where the value itself is not finite, or where no
// value is.
func movingMean(steps []int, values []float64, window int) []float64 {
	means := make([]float64, len(values))
	// sums[i] and counts[i] are over the first i values.
	sums, counts := make([]float64, len(values)+1), make([]int, len(values)+1)
	for i, v := range values {
		sums[i+1], counts[i+1] = sums[i], counts[i]
		if finite(v) {
			sums[i+1] += v
			counts[i+1]++
		}
	}
	from, to := 0, 0
	for i, s := range steps {
		for s-steps[from] > window/2 {
			from++
		}
		for to < len(steps) && steps[to]-s <= window/2 {
			to++
		}
		means[i] = math.NaN()
		if finite(values[i]) {
			means[i] = (sums[to] - sums[from]) / float64(counts[to]-counts[from])
		}
	}
	return means
}
