package stats

import "math"

// MoreThan returns the probability of a or more hits among n, if those a+b hits among all
// n+m fell on the two sets by chance: the one-sided test of Fisher 1922
// (doi:10.2307/2340521) that the first set has no larger share than the second, in which
// b of m are hits.
func MoreThan(a, n, b, m int) float64 {
	sum := 0.0
	for k := a; k <= min(n, a+b); k++ {
		if a+b-k <= m {
			sum += math.Exp(choose(n, k) + choose(m, a+b-k) - choose(n+m, a+b))
		}
	}
	return min(sum, 1)
}

// AtLeast returns the probability of k or more hits among n, each with probability p.
func AtLeast(k, n int, p float64) float64 {
	switch {
	case k <= 0:
		return 1
	case p <= 0:
		return 0
	case p >= 1:
		return 1
	}
	sum := 0.0
	for i := k; i <= n; i++ {
		sum += math.Exp(choose(n, i) + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return min(sum, 1)
}

// choose is the logarithm of the number of ways to choose k of n.
func choose(n, k int) float64 {
	f := func(n int) float64 {
		v, _ := math.Lgamma(float64(n) + 1)
		return v
	}
	return f(n) - f(k) - f(n-k)
}
