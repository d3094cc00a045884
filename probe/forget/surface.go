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
	for range r.sweeps {
		for y := range h {
			for x := range w {
				if !mask[y*w+x] {
					continue
				}
				var near [4][]float32
				n := near[:0]
				at := func(y, x int) []float32 { return act[(y*w+x)*units:][:units] }
				if y > 0 {
					n = append(n, at(y-1, x))
				}
				if y+1 < h {
					n = append(n, at(y+1, x))
				}
				if x > 0 {
					n = append(n, at(y, x-1))
				}
				if x+1 < w {
					n = append(n, at(y, x+1))
				}
				self := at(y, x)
				share := r.over / float32(len(n))
				for u := range self {
					var sum float32
					for _, v := range n {
						sum += v[u]
					}
					self[u] += float32(share*sum) - float32(r.over*self[u])
				}
			}
		}
	}
}
