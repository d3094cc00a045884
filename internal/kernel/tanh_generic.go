package kernel

import "math"

// tanhGo computes y = tanh(x), rounded from a value that is exact to 1e-11. So is
// math.Tanh, but its last bits, and now and then those of float32, depend on the
// processor.
func tanhGo(y, x []float32) {
	for i, v := range x {
		y[i] = float32(tanh64(float64(v)))
	}
}

// tanh64 computes 1 - 2/(exp(2a)+1) for a = |x|, and a - a³/3 where that would cancel.
// From 9.1 on tanh is 1 in float32.
func tanh64(x float64) float64 {
	a := math.Abs(x)
	t := a - float64(a*a*a)/3
	if a > 1./(1<<13) {
		t = 1 - 2/(exp64(2*min(a, 9.1))+1)
	}
	return math.Copysign(t, x)
}

// inverseFactorials are the Taylor coefficients of exp, the highest first.
var inverseFactorials = [...]float64{
	1. / 6227020800, 1. / 479001600, 1. / 39916800, 1. / 3628800, 1. / 362880, 1. / 40320, 1. / 5040,
	1. / 720, 1. / 120, 1. / 24, 1. / 6, 1. / 2, 1, 1,
}

// exp64 computes exp(x) for 0 <= x < 700 as exp(r)*2^n, |r| <= ln(2)/2, by its Taylor
// polynomial to r^13 (4e-18).
func exp64(x float64) float64 {
	const ln2Hi = 0.693147180369123816490 // 33 bits: n*ln2Hi is exact
	n := math.RoundToEven(x * math.Log2E)
	r := x - float64(n*ln2Hi) - float64(n*(math.Ln2-ln2Hi))
	var p float64
	for _, c := range inverseFactorials {
		p = float64(p*r) + c
	}
	return float64(p * math.Float64frombits(uint64(1023+int(n))<<52))
}
