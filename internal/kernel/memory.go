package kernel

// Packed returns how many floats the forms of the filter take that Conv and ConvT keep
// for g, on this machine.
func (g Geom) Packed() (conv, convT int) {
	whole := func(n int) int { nr := bestISA().nr; return (n + nr - 1) / nr * nr }
	taps := g.KH * g.KW
	conv = taps * g.C * whole(g.K)
	if g.winograd() {
		conv = g.cellPlane().positions() * g.Stride * g.Stride * g.C * whole(g.K)
	}
	switch {
	case g.whole(), g.C < fewChannels:
		convT = g.K * whole(taps*g.C)
	case g.winograd():
		convT = 0
		for _, ph := range phasesOf(g) {
			convT += g.phasePlane(ph).positions() * g.K * whole(g.C)
		}
	default:
		convT = taps * g.K * whole(g.C)
	}
	return conv, convT
}

// GradientScratch returns how many floats ConvW needs besides its result, on this
// machine: those of the largest of several are kept.
func (g Geom) GradientScratch() int {
	nr := bestISA().nr
	if g.winograd() {
		v, u, sums := newWinoGradient(g, nr, nil).sizes(nr)
		return v + u + sums
	}
	pixel := g.C
	if g.C%16 == 0 {
		pixel += 8
	}
	return g.N * ((g.OH-1)*g.Stride + g.KH) * ((g.OW-1)*g.Stride + g.KW) * pixel
}
