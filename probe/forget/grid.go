package forget

import (
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/score"
)

// Check returns an error that is probe.ErrInput where G lacks a layer of Layers, or where no
// location of one lies in Region. Study finds that out only after it has drawn samples.
func (o Options) Check(g *model.G) error {
	layers := o.Layers
	if len(layers) == 0 {
		layers = []string{""}
	}
	for _, name := range layers {
		l, err := probe.HiddenLayer(g, name)
		if err != nil {
			return err
		}
		if _, err := inside(o.Region, g.Config().Size, l); err != nil {
			return err
		}
	}
	return nil
}

// inside says which locations of a layer belong to a region: nil where it is all of the image.
func inside(region []score.Box, size int, l model.LayerInfo) (in []bool, err error) {
	if region == nil {
		return nil, nil
	}
	for _, b := range region {
		if err := b.Check(size); err != nil {
			return nil, probe.Input("forget: region: %w", err)
		}
	}
	for y := range l.Height {
		for x := range l.Width {
			in = append(in, slices.ContainsFunc(region, func(b score.Box) bool {
				py, px := (float64(y)+.5)*float64(size)/float64(l.Height), (float64(x)+.5)*float64(size)/float64(l.Width)
				return b.X0 <= px && px < b.X1 && b.Y0 <= py && py < b.Y1
			}))
		}
	}
	if !slices.Contains(in, true) {
		return nil, probe.Input("forget: region %v holds the centre of no location of layer %s, %dx%d", region, l.Name, l.Height, l.Width)
	}
	return in, nil
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

// outside returns which pixels of an image are far from the concept: more than nearPx
// from every location with a score over near. m has side x side locations.
func outside(m []float32, side, size int) []bool {
	out := slices.Repeat([]bool{true}, size*size)
	for at, v := range m {
		if v <= near {
			continue
		}
		y0, y1 := at/side*size/side, (at/side+1)*size/side
		x0, x1 := at%side*size/side, (at%side+1)*size/side
		for y := max(0, y0-nearPx); y < min(size, y1+nearPx); y++ {
			for x := max(0, x0-nearPx); x < min(size, x1+nearPx); x++ {
				out[y*size+x] = false
			}
		}
	}
	return out
}

// covered returns which locations of a grid lie wholly in pixels that are set.
func covered(pixels []bool, size, h, w int) []bool {
	out := make([]bool, h*w)
	for at := range out {
		out[at] = true
		y0, y1 := span(at/w, h, size)
		x0, x1 := span(at%w, w, size)
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				out[at] = out[at] && pixels[y*size+x]
			}
		}
	}
	return out
}
