package forget

// outside returns which pixels of an image lie more than nearPx from every
// location, of side x side, with a score over near.
func outside(m []float32, side, size int) []bool {
	out := make([]bool, size*size)
	for i := range out {
		out[i] = true
	}
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
