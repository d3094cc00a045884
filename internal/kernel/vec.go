package kernel

import "math"

// forBlocks runs f over blocks of n floats.
func (pool *Pool) forBlocks(n int, f func(from, to int)) {
	p := pool.lock()
	defer p.mu.Unlock()
	p.forRows(n, 1, f)
}

// Tanh computes y = tanh(x). y may be x.
func (pool *Pool) Tanh(y, x []float32) {
	p := pool.orShared()
	checkLen("Tanh", len(x), len(y))
	p.forBlocks(len(x), func(i, j int) { p.isa.vec.tanh(y[i:j], x[i:j]) })
}

// TanhBackward computes dx = dy * (1 - y*y) for y = tanh(x). dx may be dy.
func (pool *Pool) TanhBackward(dx, dy, y []float32) {
	p := pool.orShared()
	checkLen("TanhBackward", len(y), len(dx), len(dy))
	p.forBlocks(len(y), func(i, j int) { p.isa.vec.tanhBack(dx[i:j], dy[i:j], y[i:j]) })
}

// Add computes dst = a + b. dst may be either.
func (pool *Pool) Add(dst, a, b []float32) {
	p := pool.orShared()
	checkLen("Add", len(a), len(dst), len(b))
	p.forBlocks(len(a), func(i, j int) { p.isa.vec.add(dst[i:j], a[i:j], b[i:j]) })
}

// Lerp moves a towards b: a += (b-a)*t.
func (pool *Pool) Lerp(a, b []float32, t float32) {
	p := pool.orShared()
	checkLen("Lerp", len(a), len(b))
	p.forBlocks(len(a), func(i, j int) { p.isa.vec.lerp(a[i:j], b[i:j], t) })
}

// AdamOptions are Adam's constants.
type AdamOptions struct {
	Rate, Beta1, Beta2, Eps float64
	// WeightDecay is added to the gradient times the weight, as torch.optim.Adam
	// does it (not decoupled).
	WeightDecay float64
}

// Adam makes step t (1 for the first) on weights w with gradient g and the
// running moments m and v: Kingma & Ba 2015 (arXiv:1412.6980), algorithm 1, in
// the form of torch.optim.Adam.
func (pool *Pool) Adam(w, g, m, v []float32, t int, o AdamOptions) {
	p := pool.orShared()
	checkLen("Adam", len(w), len(g), len(m), len(v))
	k := adamStep{
		decay: float32(o.WeightDecay),
		b1:    float32(o.Beta1), b1c: float32(1 - o.Beta1),
		b2: float32(o.Beta2), b2c: float32(1 - o.Beta2),
		rootScale:  float32(1 / math.Sqrt(1-power(o.Beta2, t))),
		eps:        float32(o.Eps),
		stepLength: float32(o.Rate / (1 - power(o.Beta1, t))),
	}
	p.forBlocks(len(w), func(i, j int) { p.isa.vec.adam(w[i:j], g[i:j], m[i:j], v[i:j], &k) })
}

// power returns x^n. The last bits of math.Pow depend on the processor.
func power(x float64, n int) float64 {
	y := 1.0
	for ; n > 0; n /= 2 {
		if n%2 == 1 {
			y *= x
		}
		x *= x
	}
	return y
}

// SumSquares returns the sum of squares of x in float64, NaN or Inf where x
// holds one.
func (pool *Pool) SumSquares(x []float32) float64 {
	p := pool.lock()
	defer p.mu.Unlock()
	part := p.doubles(lanes)
	p.run(lanes, func(lane, _ int) {
		from, to := rowsOfLane(len(x), lane)
		part[lane] = sumSquares(x[from:to])
	})
	var s float64
	for _, v := range part {
		s += v
	}
	return s
}

// sumSquares keeps four sums, which don't wait for each other.
func sumSquares(x []float32) float64 {
	var s [4]float64
	for ; len(x) >= 4; x = x[4:] {
		for i := range s {
			s[i] += float64(float64(x[i]) * float64(x[i]))
		}
	}
	for _, v := range x {
		s[0] += float64(float64(v) * float64(v))
	}
	return s[0] + s[1] + (s[2] + s[3])
}
