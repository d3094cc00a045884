package kernel

import "math"

// vectors is one set of the passes over memory, each on a part of a tensor.
// Rows have c channels; scale, shift and the like hold one value a channel.
//
// A slope s makes the activation t > 0 ? t : s*t (1 identity, 0 ReLU). Every
// backward rule is d = max(dy, pass*dy) * (t > 0 ? 1 : leak), t = x*scale+shift:
// pass 1 lets negative gradients through, pass 0 stops them.
type vectors struct {
	stats    func(x []float32, c int, sum, sumsq []float64)
	scaleAct func(y, x, scale, shift []float32, slope float32)
	reduce   func(dy, x, scale, shift []float32, pass, leak float32, sum, sumx []float64)
	backward func(dx, dy, x, scale, shift []float32, pass, leak float32, a, b, c []float32)
	tanh     func(y, x []float32)
	tanhBack func(dx, dy, y []float32)
	adam     func(w, g, m, v []float32, k *adamStep)
	lerp     func(a, b []float32, t float32)
	add      func(dst, a, b []float32)
	// transpose is transposeGo, for n a multiple of 8.
	transpose func(dst, src []float32, dstStep, srcStep, n int)
	// transform is transformGo and listed listedGo, for n a multiple of 8.
	transform func(t transform, dst, src []float32, dstStep, srcStep, dstNext, srcNext, lines, n int)
	listed    func(t transform, dst []float32, list []*float32, dstStep, dstNext, lines, n int)
}

// No product here is fused with a sum: an explicit conversion rounds it, whatever
// instructions the compiler has. So portable kernels give the same bits everywhere.

// adamStep holds one step's constants, in the order that the assembly reads.
type adamStep struct {
	decay      float32 // weight decay
	b1, b1c    float32 // beta1, 1-beta1
	b2, b2c    float32
	rootScale  float32 // 1/sqrt(1-beta2^t)
	eps        float32
	stepLength float32 // rate/(1-beta1^t)
}

var portableVectors = vectors{
	stats: statsGo, scaleAct: scaleActGo, reduce: reduceGo, backward: backwardGo,
	tanh: tanhGo, tanhBack: tanhBackGo, adam: adamGo, lerp: lerpGo, add: addGo,
	transform: transformGo, listed: listedGo, transpose: transposeGo,
}

func statsGo(x []float32, c int, sum, sumsq []float64) {
	for ; len(x) >= c; x = x[c:] {
		for i, v := range x[:c] {
			sum[i] += float64(v)
			sumsq[i] += float64(float64(v) * float64(v)) // exact
		}
	}
}

func scaleActGo(y, x, scale, shift []float32, slope float32) {
	c := len(scale)
	for ; len(x) >= c; x, y = x[c:], y[c:] {
		for i, v := range x[:c] {
			t := float32(v*scale[i]) + shift[i]
			if !(t > 0) {
				t *= slope
			}
			y[i] = t
		}
	}
}

func through(dy, t, pass, leak float32) float32 {
	d := dy
	if q := pass * dy; !(d > q) {
		d = q
	}
	if !(t > 0) {
		d *= leak
	}
	return d
}

func reduceGo(dy, x, scale, shift []float32, pass, leak float32, sum, sumx []float64) {
	c := len(scale)
	for ; len(x) >= c; x, dy = x[c:], dy[c:] {
		for i, v := range x[:c] {
			d := through(dy[i], float32(v*scale[i])+shift[i], pass, leak)
			sum[i] += float64(d)
			sumx[i] += float64(float64(d) * float64(v)) // exact
		}
	}
}

func backwardGo(dx, dy, x, scale, shift []float32, pass, leak float32, a, b, c []float32) {
	n := len(scale)
	for ; len(x) >= n; x, dy, dx = x[n:], dy[n:], dx[n:] {
		for i, v := range x[:n] {
			d := through(dy[i], float32(v*scale[i])+shift[i], pass, leak)
			dx[i] = float32(a[i]*d) + (float32(b[i]*v) + c[i])
		}
	}
}

func tanhBackGo(dx, dy, y []float32) {
	for i, v := range y {
		dx[i] = dy[i] * (1 - float32(v*v))
	}
}

func adamGo(w, g, m, v []float32, k *adamStep) {
	for i, p := range w {
		d := float32(k.decay*p) + g[i]
		m[i] = float32(k.b1*m[i]) + float32(k.b1c*d)
		v[i] = float32(k.b2*v[i]) + float32(k.b2c*d*d)
		root := float32(float32(math.Sqrt(float64(v[i])))*k.rootScale) + k.eps
		w[i] = p - float32(k.stepLength*(m[i]/root))
	}
}

func lerpGo(a, b []float32, t float32) {
	for i, v := range a {
		a[i] = v + float32((b[i]-v)*t)
	}
}

func addGo(dst, a, b []float32) {
	for i, v := range a {
		dst[i] = v + b[i]
	}
}

// transposeGo writes dst[k*dstStep+r] = src[r*srcStep+k], for 8 rows r of n floats.
func transposeGo(dst, src []float32, dstStep, srcStep, n int) {
	for r := range 8 {
		for k, v := range src[r*srcStep:][:n] {
			dst[k*dstStep+r] = v
		}
	}
}
