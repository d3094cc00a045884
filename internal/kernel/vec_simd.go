//go:build (amd64 || arm64) && !purego

package kernel

// simdVectors runs the assembly on whole vectors of 8 floats. Element-wise
// passes put their tail through a whole vector too, so that a value does not
// depend on where it stands; passes by channel leave odd numbers of channels,
// which no net of the usual widths has, to portable Go.
var simdVectors = vectors{
	stats: func(x []float32, c int, sum, sumsq []float64) {
		if c%8 != 0 {
			statsGo(x, c, sum, sumsq)
			return
		}
		for step := rowsAtOnce(c) * c; len(x) > 0; x = x[min(step, len(x)):] {
			statsSIMD(&x[0], min(step, len(x))/c, c, &sum[0], &sumsq[0])
		}
	},
	scaleAct: func(y, x, scale, shift []float32, slope float32) {
		if c := len(scale); c%8 != 0 {
			scaleActGo(y, x, scale, shift, slope)
		} else if len(x) > 0 {
			scaleActSIMD(&y[0], &x[0], &scale[0], &shift[0], len(x)/c, c, slope)
		}
	},
	reduce: func(dy, x, scale, shift []float32, pass, leak float32, sum, sumx []float64) {
		c := len(scale)
		if c%8 != 0 {
			reduceGo(dy, x, scale, shift, pass, leak, sum, sumx)
			return
		}
		for step := rowsAtOnce(c) * c; len(x) > 0; {
			n := min(step, len(x))
			reduceSIMD(&dy[0], &x[0], &scale[0], &shift[0], n/c, c, pass, leak, &sum[0], &sumx[0])
			dy, x = dy[n:], x[n:]
		}
	},
	backward: func(dx, dy, x, scale, shift []float32, pass, leak float32, a, b, c []float32) {
		if n := len(scale); n%8 != 0 {
			backwardGo(dx, dy, x, scale, shift, pass, leak, a, b, c)
		} else if len(x) > 0 {
			backwardSIMD(&dx[0], &dy[0], &x[0], &scale[0], &shift[0], len(x)/n, n, pass, leak, &a[0], &b[0], &c[0])
		}
	},
	tanh: func(y, x []float32) {
		whole(len(x), [][]float32{x}, y, func(in []*float32, out *float32, n int) { tanhSIMD(out, in[0], n) })
	},
	tanhBack: func(dx, dy, y []float32) {
		whole(len(y), [][]float32{dy, y}, dx, func(in []*float32, out *float32, n int) { tanhBackSIMD(out, in[0], in[1], n) })
	},
	add: func(dst, a, b []float32) {
		whole(len(a), [][]float32{a, b}, dst, func(in []*float32, out *float32, n int) { addSIMD(out, in[0], in[1], n) })
	},
	lerp: func(a, b []float32, t float32) {
		n := len(a) &^ 7
		if n > 0 {
			lerpSIMD(&a[0], &b[0], n, t)
		}
		if n < len(a) {
			var ta, tb [8]float32
			copy(ta[:], a[n:])
			copy(tb[:], b[n:])
			lerpSIMD(&ta[0], &tb[0], 8, t)
			copy(a[n:], ta[:])
		}
	},
	adam: func(w, g, m, v []float32, k *adamStep) {
		n := len(w) &^ 7
		if n > 0 {
			adamSIMD(&w[0], &g[0], &m[0], &v[0], n, &k.decay)
		}
		if n < len(w) {
			var tail [4][8]float32
			for i, s := range [][]float32{w, g, m, v} {
				copy(tail[i][:], s[n:])
			}
			adamSIMD(&tail[0][0], &tail[1][0], &tail[2][0], &tail[3][0], 8, &k.decay)
			copy(w[n:], tail[0][:])
			copy(m[n:], tail[2][:])
			copy(v[n:], tail[3][:])
		}
	},
	transpose: func(dst, src []float32, dstStep, srcStep, n int) {
		transposeSIMD(&dst[0], &src[0], dstStep, srcStep, n)
	},
	transform: func(t transform, dst, src []float32, dstStep, srcStep, dstNext, srcNext, lines, n int) {
		transformsSIMD[t](&dst[0], &src[0], dstStep, srcStep, dstNext, srcNext, lines, n)
	},
	listed: func(t transform, dst []float32, list []*float32, dstStep, dstNext, lines, n int) {
		listedSIMD[t](&dst[0], &list[0], dstStep, dstNext, lines, n)
	},
}

// rowsAtOnce is how many rows of c channels stay in the first-level cache
// while the sums walk down them 8 channels at a time.
func rowsAtOnce(c int) int { return max(1, 4096/c) }

// whole runs f on the whole vectors of n floats, and on the rest through
// vectors of its own.
func whole(n int, in [][]float32, out []float32, f func(in []*float32, out *float32, n int)) {
	var ptrs [2]*float32
	k := n &^ 7
	if k > 0 {
		for i, s := range in {
			ptrs[i] = &s[0]
		}
		f(ptrs[:len(in)], &out[0], k)
	}
	if k < n {
		var tail [2][8]float32
		var res [8]float32
		for i, s := range in {
			copy(tail[i][:], s[k:])
			ptrs[i] = &tail[i][0]
		}
		f(ptrs[:len(in)], &res[0], 8)
		copy(out[k:n], res[:])
	}
}
