package neon

import "math"

// passes generates the vector routines. Each computes what its namesake for AVX2 does,
// operation by operation, in the same order and with the same fusions: so the bits are
// the same, but for the sign and the payload of a NaN that arithmetic makes.
func passes(a *asm) {
	scaleAct(a)
	stats(a)
	reduce(a)
	backward(a)
	tanh(a)
	tanhBack(a)
	sum(a)
	lerp(a)
	adam(a)
}

// each runs body for 8 floats at a time, of n > 0.
func (a *asm) each(n gp, body func()) {
	a.label("loop")
	body()
	a.line("SUBS $8, %v, %v", n, n)
	a.line("BNE loop")
	a.line("RET")
}

func tanhBack(a *asm) {
	a.begin("tanhBackSIMD", "func(dx, dy, y *float32, n int)")
	dx, dy, y, n := a.ptr("dx"), a.ptr("dy"), a.ptr("y"), a.ptr("n")
	one := a.constant(a.tableAddress(), 1)
	g, v, d := a.wide(), a.wide(), a.wide()
	a.each(n, func() {
		a.loadNext(dy, g)
		a.loadNext(y, v)
		a.copy(d, one)
		a.three8(fmls, d, v, v) // 1 - y*y
		a.three8(fmul, d, g, d)
		a.storeNext(d, dx)
	})
}

func sum(a *asm) {
	a.begin("addSIMD", "func(dst, a, b *float32, n int)")
	dst, x, y, n := a.ptr("dst"), a.ptr("a"), a.ptr("b"), a.ptr("n")
	s, t := a.wide(), a.wide()
	a.each(n, func() {
		a.loadNext(x, s)
		a.loadNext(y, t)
		a.three8(fadd, s, s, t)
		a.storeNext(s, dst)
	})
}

func lerp(a *asm) {
	a.begin("lerpSIMD", "func(a, b *float32, n int, t float32)")
	x, y, n, t := a.ptr("a"), a.ptr("b"), a.ptr("n"), a.spread("t")
	v, d := a.wide(), a.wide()
	a.each(n, func() {
		a.load(x, 0, v)
		a.loadNext(y, d)
		a.three8(fsub, d, d, v)
		a.three8(fmla, v, d, t)
		a.storeNext(v, x)
	})
}

func adam(a *asm) {
	a.begin("adamSIMD", "func(w, grad, m, v *float32, n int, k *float32)")
	w, grad, m, v, n, k := a.ptr("w"), a.ptr("grad"), a.ptr("m"), a.ptr("v"), a.ptr("n"), a.ptr("k")
	var c [8]wide // in the order of kernel.adamStep
	for i := range c {
		r := a.vec()
		a.line("FMOVS %d(%v), F%d", i*4, k, r)
		a.line("VDUP V%d.S[0], V%d.S4", r, r)
		c[i] = wide{r, r}
	}
	p, d, mm, vv, s, root := a.wide(), a.wide(), a.wide(), a.wide(), a.wide(), a.wide()
	a.each(n, func() {
		a.load(w, 0, p)
		a.loadNext(grad, d)
		a.three8(fmla, d, p, c[0])
		a.load(m, 0, mm)
		a.three8(fmul, mm, mm, c[1])
		a.three8(fmla, mm, d, c[2])
		a.storeNext(mm, m)
		a.load(v, 0, vv)
		a.three8(fmul, vv, vv, c[3])
		a.three8(fmul, s, d, c[4])
		a.three8(fmla, vv, d, s)
		a.storeNext(vv, v)
		a.two8(fsqrt, vv, vv)
		a.copy(root, c[6])
		a.three8(fmla, root, vv, c[5]) // sqrt(v)*rootScale + eps
		a.three8(fdiv, mm, mm, root)
		a.three8(fmls, p, mm, c[7])
		a.storeNext(p, w)
	})
}

// tanh is the function that _asm/passes.go describes.
func tanh(a *asm) {
	a.begin("tanhSIMD", "func(y, x *float32, n int)")
	y, x, n, table := a.ptr("y"), a.ptr("x"), a.ptr("n"), a.tableAddress()
	const ln2Hi = 0.693359375 // 9 bits: k*ln2Hi is exact
	signs, one, two := a.bits(table, 1<<31), a.constant(table, 1), a.constant(table, 2)
	clamp, log2e, small := a.constant(table, 9.1), a.constant(table, math.Log2E), a.constant(table, 0.3)
	hi, lo := a.constant(table, ln2Hi), a.constant(table, math.Ln2-ln2Hi)
	v, abs, r, k, p, q, s, m := a.wide(), a.wide(), a.wide(), a.wide(), a.wide(), a.wide(), a.wide(), a.wide()
	// polynomial returns the register, of p and q, that holds the polynomial of z with
	// these coefficients, the highest first.
	polynomial := func(z wide, coefficients ...float32) wide {
		p, q := p, q
		a.set(table, math.Float32bits(coefficients[0]), p[:]...)
		for _, f := range coefficients[1:] {
			a.set(table, math.Float32bits(f), q[:]...)
			a.three8(fmla, q, p, z)
			p, q = q, p
		}
		return p
	}
	a.each(n, func() {
		a.loadNext(x, v)
		a.two8(fabs, abs, v)
		a.three8(fmin, r, abs, clamp)
		a.three8(fadd, r, r, r)
		a.three8(fmul, k, r, log2e)
		a.two8(frintn, k, k)
		a.three8(fmls, r, k, hi)
		a.three8(fmls, r, k, lo)
		e := polynomial(r, 1./5040, 1./720, 1./120, 1./24, 1./6, 0.5, 1, 1)
		a.two8(fcvtns, k, k)
		for _, h := range k {
			a.line("VSHL $23, V%d.S4, V%d.S4", h, h)
		}
		a.three8(add, e, e, k) // times 2^k
		a.three8(fadd, e, e, one)
		a.three8(fdiv, e, two, e)
		a.three8(fsub, r, one, e)
		a.three8(fmul, s, abs, abs)
		t := polynomial(s, -1382./155925, 62./2835, -17./315, 2./15, -1./3)
		a.three8(fmul, s, t, s)
		a.copy(k, abs)
		a.three8(fmla, k, s, abs) // abs + abs*s*(...)
		a.three8(fcmgt, m, small, abs)
		a.three8(bsl, m, k, r)
		a.copy(s, signs)
		a.three8(bsl, s, v, m) // the sign of v
		a.three8(fcmeq, m, v, v)
		a.three8(bsl, m, s, v) // NaN stays
		a.storeNext(m, y)
	})
}
