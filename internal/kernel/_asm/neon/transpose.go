package neon

// transpose equals kernel.transposeGo, 4 columns at a time. Steps and n are in floats.
func transpose(a *asm) {
	a.begin("transposeSIMD", "func(dst, src *float32, dstStep, srcStep, n int)")
	dst, dstStep, n := a.ptr("dst"), a.bytesOf("dstStep"), a.ptr("n")
	src := a.apart(a.ptr("src"), a.bytesOf("srcStep"), 8)
	var x, y [8]vec
	for k := range x {
		x[k], y[k] = a.vec(), a.vec()
	}
	a.label("loop")
	for k, p := range src {
		a.line("FMOVQ.P 16(%v), F%d", p, x[k])
	}
	// trn takes every other value of p and of q in turn, from the first or the second on.
	trn := func(which int, size string, d, p, q vec) {
		a.line("VTRN%d V%d.%s, V%d.%s, V%d.%s", which, q, size, p, size, d, size)
	}
	for k := 0; k < 8; k += 2 {
		trn(1, "S4", y[k], x[k], x[k+1])
		trn(2, "S4", y[k+1], x[k], x[k+1])
	}
	for k := 0; k < 8; k += 4 {
		for h := range 2 {
			trn(1, "D2", x[k+h], y[k+h], y[k+2+h])
			trn(2, "D2", x[k+2+h], y[k+h], y[k+2+h])
		}
	}
	for k := range 4 {
		a.store(wide{x[k], x[k+4]}, dst, 0)
		a.line("ADD %v, %v, %v", dstStep, dst, dst)
	}
	a.line("SUBS $4, %v, %v", n, n)
	a.line("BNE loop")
	a.line("RET")
}
