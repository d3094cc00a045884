package neon

// rowsAndChannels runs body for 8 channels at a time of rows of c. What body reads of
// each row by loadNext goes on from row to row; of, one value a channel, begins again
// with each row.
func (a *asm) rowsAndChannels(rows, c gp, of []gp, body func(of []gp)) {
	again, i := make([]gp, len(of)), a.gp()
	for j := range again {
		again[j] = a.gp()
	}
	a.label("row")
	for j, p := range again {
		a.line("MOVD %v, %v", of[j], p)
	}
	a.line("MOVD %v, %v", c, i)
	a.label("channel")
	body(again)
	a.line("SUBS $8, %v, %v", i, i)
	a.line("BNE channel")
	a.line("SUBS $1, %v, %v", rows, rows)
	a.line("BNE row")
	a.line("RET")
}

func scaleAct(a *asm) {
	a.begin("scaleActSIMD", "func(y, x, scale, shift *float32, rows, c int, slope float32)")
	y, x, scale, shift := a.ptr("y"), a.ptr("x"), a.ptr("scale"), a.ptr("shift")
	rows, c, slope := a.ptr("rows"), a.ptr("c"), a.spread("slope")
	v, s, t, m := a.wide(), a.wide(), a.wide(), a.wide()
	a.rowsAndChannels(rows, c, []gp{scale, shift}, func(of []gp) {
		a.loadNext(x, v)
		a.loadNext(of[0], s)
		a.loadNext(of[1], t)
		a.three8(fmla, t, v, s) // v*scale + shift
		a.three8(fmul, s, t, slope)
		a.two8(positive, m, t)
		a.three8(bsl, m, t, s)
		a.storeNext(m, y)
	})
}

// channelsAndRows runs 8 channels at a time down all rows, of c channels. It keeps their
// sums in float64: body adds to them from streams, which it reads at p.
func (a *asm) channelsAndRows(rows, c gp, streams, of, sums []gp, start func(of []gp), body func(p []gp, acc [][4]vec)) {
	acc := make([][4]vec, len(sums))
	for i := range acc {
		acc[i] = [4]vec{a.vec(), a.vec(), a.vec(), a.vec()}
	}
	halves := func(v [4]vec) (lo, hi wide) { return wide{v[0], v[1]}, wide{v[2], v[3]} }
	left, r, bytes := a.gp(), a.gp(), a.gp()
	p := make([]gp, len(streams))
	for i := range p {
		p[i] = a.gp()
	}
	a.line("MOVD %v, %v", c, left)
	a.line("LSL $2, %v, %v", c, bytes)
	a.label("channel")
	for i, s := range sums {
		lo, hi := halves(acc[i])
		a.load(s, 0, lo)
		a.load(s, 32, hi)
	}
	start(of)
	for i, s := range streams {
		a.line("MOVD %v, %v", s, p[i])
		a.line("ADD $32, %v, %v", s, s)
	}
	a.line("MOVD %v, %v", rows, r)
	a.label("row")
	body(p, acc)
	for _, p := range p {
		a.line("ADD %v, %v, %v", bytes, p, p)
	}
	a.line("SUBS $1, %v, %v", r, r)
	a.line("BNE row")
	for i, s := range sums {
		lo, hi := halves(acc[i])
		a.storeNext(lo, s)
		a.storeNext(hi, s)
	}
	a.line("SUBS $8, %v, %v", left, left)
	a.line("BNE channel")
	a.line("RET")
}

// widen converts 8 floats to float64.
func (a *asm) widen(d [4]vec, v wide) {
	for h := range v {
		a.two(fcvtl, d[2*h], v[h])
		a.two(fcvtl2, d[2*h+1], v[h])
	}
}

func stats(a *asm) {
	a.begin("statsSIMD", "func(x *float32, rows, c int, sum, sumsq *float64)")
	x, rows, c, sum, sumsq := a.ptr("x"), a.ptr("rows"), a.ptr("c"), a.ptr("sum"), a.ptr("sumsq")
	v, d := a.wide(), [4]vec{a.vec(), a.vec(), a.vec(), a.vec()}
	a.channelsAndRows(rows, c, []gp{x}, nil, []gp{sum, sumsq}, func([]gp) {}, func(p []gp, acc [][4]vec) {
		a.load(p[0], 0, v)
		a.widen(d, v)
		for i, d := range d {
			a.three(fadd64, acc[0][i], acc[0][i], d)
			a.three(fmla64, acc[1][i], d, d)
		}
	})
}

// through computes d = max(dy, pass*dy) * (t > 0 ? 1 : leak). The maximum is pass*dy
// where either is NaN, as it is by AVX2. d and m are other registers than the rest.
func (a *asm) through(d, m, dy, t, pass, leak, one wide) {
	a.three8(fmul, d, dy, pass)
	a.three8(fcmgt, m, dy, d)
	a.three8(bsl, m, dy, d)
	a.two8(positive, d, t)
	a.three8(bsl, d, one, leak)
	a.three8(fmul, d, m, d)
}

func reduce(a *asm) {
	a.begin("reduceSIMD", "func(dy, x, scale, shift *float32, rows, c int, pass, leak float32, sum, sumx *float64)")
	dy, x, scale, shift := a.ptr("dy"), a.ptr("x"), a.ptr("scale"), a.ptr("shift")
	rows, c, pass, leak := a.ptr("rows"), a.ptr("c"), a.spread("pass"), a.spread("leak")
	sum, sumx, one := a.ptr("sum"), a.ptr("sumx"), a.constant(a.tableAddress(), 1)
	sc, sh, g, v := a.wide(), a.wide(), a.wide(), a.wide()
	wd, wv := [4]vec{a.vec(), a.vec(), a.vec(), a.vec()}, [4]vec{a.vec(), a.vec(), a.vec(), a.vec()}
	t, d, m := wide{wd[0], wd[1]}, wide{wv[0], wv[1]}, wide{wv[2], wv[3]}
	a.channelsAndRows(rows, c, []gp{dy, x}, []gp{scale, shift}, []gp{sum, sumx}, func(of []gp) {
		a.loadNext(of[0], sc)
		a.loadNext(of[1], sh)
	}, func(p []gp, acc [][4]vec) {
		a.load(p[0], 0, g)
		a.load(p[1], 0, v)
		a.copy(t, sh)
		a.three8(fmla, t, v, sc)
		a.through(d, m, g, t, pass, leak, one)
		a.widen(wd, d)
		a.widen(wv, v)
		for i := range wd {
			a.three(fadd64, acc[0][i], acc[0][i], wd[i])
			a.three(fmla64, acc[1][i], wd[i], wv[i])
		}
	})
}

func backward(a *asm) {
	a.begin("backwardSIMD", "func(dx, dy, x, scale, shift *float32, rows, n int, pass, leak float32, a, b, c *float32)")
	dx, dy, x, scale, shift := a.ptr("dx"), a.ptr("dy"), a.ptr("x"), a.ptr("scale"), a.ptr("shift")
	rows, n, pass, leak := a.ptr("rows"), a.ptr("n"), a.spread("pass"), a.spread("leak")
	fa, fb, fc := a.ptr("a"), a.ptr("b"), a.ptr("c")
	one := a.constant(a.tableAddress(), 1)
	g, v, t, w, d, m := a.wide(), a.wide(), a.wide(), a.wide(), a.wide(), a.wide()
	a.rowsAndChannels(rows, n, []gp{scale, shift, fa, fb, fc}, func(of []gp) {
		a.loadNext(dy, g)
		a.loadNext(x, v)
		a.loadNext(of[0], w)
		a.loadNext(of[1], t)
		a.three8(fmla, t, v, w) // x*scale + shift
		a.through(d, m, g, t, pass, leak, one)
		a.loadNext(of[3], t)
		a.loadNext(of[4], w)
		a.three8(fmla, w, v, t) // b*x + c
		a.loadNext(of[2], t)
		a.three8(fmla, w, d, t)
		a.storeNext(w, dx)
	})
}
