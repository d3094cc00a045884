package forget

// fill replaces the activations [H, W, units] of a sample where mask says. A
// sample that is all mask gets the mean of locations without the concept.
func (c *Concept) fill(act []float32, mask []bool, byMean bool) {
	if !level(act, mask, c.Units, c.out.mean) || byMean {
		return
	}
	relax(act, mask, c.Height, c.Width, c.Units, layerRelaxation)
	// Over-relaxation may end a hair below zero, where no activation is.
	for at, m := range mask {
		if m {
			for u := range c.Units {
				act[at*c.Units+u] = max(0, act[at*c.Units+u])
			}
		}
	}
}

// level gives the locations of mask the mean of the others, or rest where there are no
// others. It reports whether there are both.
func level(values []float32, mask []bool, units int, rest []float64) bool {
	base := make([]float64, units)
	kept := 0
	for at, m := range mask {
		if m {
			continue
		}
		kept++
		for u, v := range values[at*units : (at+1)*units] {
			base[u] += float64(v)
		}
	}
	for u := range base {
		if kept > 0 {
			base[u] /= float64(kept)
		} else {
			base[u] = rest[u]
		}
	}
	for at, m := range mask {
		if m {
			for u := range base {
				values[at*units+u] = float32(base[u])
			}
		}
	}
	return kept > 0 && kept < len(mask)
}

// A relaxation is how a surface is found: by so many sweeps, each of which goes so many
// times as far as to the mean of the neighbours.
type relaxation struct {
	sweeps int
	over   float32
}

// layerRelaxation is more than the surface takes to settle over a grid of 16x16: the
// error shrinks by a tenth a sweep and more. pixelRelaxation does as much for a region
// 64 pixels wide.
var (
	layerRelaxation = relaxation{60, 1.7}
	pixelRelaxation = relaxation{150, 1.9}
)

// relax makes the filled locations the means of their neighbours, by successive
// over-relaxation from the value they have.
func relax(act []float32, mask []bool, h, w, units int, r relaxation) {
	filled := filledOf(act, mask, h, w, units)
	for range r.sweeps {
		for i := range filled {
			filled[i].relax(r.over)
		}
	}
}

// A filled location has two to four neighbours.
type filled struct {
	self       []float32
	near       [4][]float32 // one that is missing is all zero
	neighbours int
}

// filledOf returns the locations of mask, row by row. They share act's memory.
func filledOf(act []float32, mask []bool, h, w, units int) (out []filled) {
	none := make([]float32, units)
	for at, m := range mask {
		if !m {
			continue
		}
		values := func(at int) []float32 { return act[at*units:][:units] }
		f := filled{self: values(at), near: [4][]float32{none, none, none, none}}
		for i, n := range [4]struct {
			is bool
			at int
		}{{at >= w, at - w}, {at < (h-1)*w, at + w}, {at%w > 0, at - 1}, {at%w < w-1, at + 1}} {
			if n.is {
				f.near[i] = values(n.at)
				f.neighbours++
			}
		}
		out = append(out, f)
	}
	return out
}

func (f *filled) relax(over float32) {
	share := over / float32(f.neighbours)
	self := f.self
	n := len(self)
	a, b, c, d := f.near[0][:n], f.near[1][:n], f.near[2][:n], f.near[3][:n]
	for u, v := range self {
		self[u] = v + (float32(share*(a[u]+b[u]+c[u]+d[u])) - float32(over*v))
	}
}
