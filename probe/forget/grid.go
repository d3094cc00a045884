package forget

import (
	"dcganviz/probe"
	"dcganviz/probe/score"
)

// limit keeps which locations belong to a region.
func (c *Concept) limit(region []score.Box) error {
	if region == nil {
		return nil
	}
	size := c.subject.G.Config().Size
	for _, b := range region {
		if err := b.Check(size); err != nil {
			return probe.Input("forget: region: %w", err)
		}
	}
	any := false
	for y := range c.Height {
		for x := range c.Width {
			in := false
			for _, b := range region {
				py, px := (float64(y)+.5)*float64(size)/float64(c.Height), (float64(x)+.5)*float64(size)/float64(c.Width)
				in = in || b.X0 <= px && px < b.X1 && b.Y0 <= py && py < b.Y1
			}
			c.inside = append(c.inside, in)
			any = any || in
		}
	}
	if !any {
		return probe.Input("forget: region %v holds the centre of no location of layer %s, %dx%d", region, c.Layer, c.Height, c.Width)
	}
	return nil
}

// resample takes a map of side x side to h x w: the mean of what a location
// covers, or the value at its centre where that is less than one.
func resample(m []float32, side, h, w int) []float32 {
	out := make([]float32, h*w)
	for y := range h {
		for x := range w {
			y0, y1 := span(y, h, side)
			x0, x1 := span(x, w, side)
			var sum float32
			for at := y0 * side; at < y1*side; at += side {
				for _, v := range m[at+x0 : at+x1] {
					sum += v
				}
			}
			out[y*w+x] = sum / float32((y1-y0)*(x1-x0))
		}
	}
	return out
}

// span returns the locations of a grid of side that location i of n covers.
func span(i, n, side int) (from, to int) {
	from, to = i*side/n, (i+1)*side/n
	if to == from {
		to++
	}
	return from, to
}
