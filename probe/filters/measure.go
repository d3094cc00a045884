package filters

import (
	"math"
	"slices"

	"dcganviz/probe/stats"
)

// Measures describe maps, in their receptive fields: means over maps with 95%
// intervals over nets, units and images. All but RMS are of the map's shape and not
// of its size.
type Measures struct {
	// RMS is the root mean square of a map, in activation per unit of pixel
	// value: its energy by pixel.
	RMS stats.Interval `json:"rms"`
	// Contrast is the largest magnitude in RMS.
	Contrast stats.Interval `json:"contrast"`
	// HalfEnergyArea is the smallest share of the field's pixels that holds
	// half of the map's energy: near 0 for a point, .5 for an even map.
	HalfEnergyArea stats.Interval `json:"half_energy_area"`
	// Smoothness is the correlation of neighbouring pixels, in all channels: 0
	// for noise, near 1 for large shapes.
	Smoothness stats.Interval `json:"smoothness"`
	// Selectivity is by how many standard deviations a response exceeds the
	// mean of its unit.
	Selectivity stats.Interval `json:"selectivity"`
	// Empty counts maps that are zero everywhere; they are left out above, but
	// not in Selectivity.
	Empty int `json:"empty"`
	// Outside is the largest magnitude outside of the receptive fields: 0.
	Outside float64 `json:"outside"`
}

// A described is the numbers of the maps of one net, one a map.
type described struct {
	rms, contrast, half, smooth, selective []float64
	empty                                  int
	outside                                float64
}

// describe describes the maps of p, the largest responses of units.
func describe(p *Panel, units []Responses) described {
	perUnit := len(p.Units) / len(units)
	n := p.Maps.Len()
	d := described{rms: make([]float64, n), contrast: make([]float64, n), half: make([]float64, n), smooth: make([]float64, n), selective: make([]float64, n)}
	width, channels := p.Maps.Shape[2], p.Maps.Shape[3]
	for i := range n {
		m, f := p.Maps.Row(i), p.Responses[i].Field
		d.outside = max(d.outside, outside(m, width, channels, f))
		d.rms[i], d.contrast[i], d.half[i] = energy(m, width, channels, f)
		d.smooth[i] = smoothness(m, width, channels, f)
		if math.IsNaN(d.contrast[i]) {
			d.empty++
		}
		u := &units[i/perUnit]
		d.selective[i] = math.NaN()
		if u.SD > 0 {
			d.selective[i] = (p.Responses[i].Value - u.Mean) / u.SD
		}
	}
	return d
}

// measuresOf sums up the maps of nets, perUnit of them a unit.
func measuresOf(nets []described, perUnit int, seed uint64) Measures {
	over := func(of func(*described) []float64) stats.Interval {
		nest := stats.Nest{Each: perUnit}
		for i := range nets {
			nest.Runs = append(nest.Runs, of(&nets[i]))
		}
		return interval(nest, seed)
	}
	out := Measures{
		RMS:            over(func(d *described) []float64 { return d.rms }),
		Contrast:       over(func(d *described) []float64 { return d.contrast }),
		HalfEnergyArea: over(func(d *described) []float64 { return d.half }),
		Smoothness:     over(func(d *described) []float64 { return d.smooth }),
		Selectivity:    over(func(d *described) []float64 { return d.selective }),
	}
	for _, d := range nets {
		out.Empty += d.empty
		out.Outside = max(out.Outside, d.outside)
	}
	return out
}

// energy returns RMS, Contrast and HalfEnergyArea of a map; NaN where it is
// zero.
func energy(m []float32, width, channels int, f Field) (rms, contrast, half float64) {
	pixels := make([]float64, 0, f.Pixels())
	var total, largest float64
	for y := f.Y0; y < f.Y1; y++ {
		for x := f.X0; x < f.X1; x++ {
			var e float64
			for _, v := range m[(y*width+x)*channels:][:channels] {
				e += float64(v) * float64(v)
				largest = max(largest, math.Abs(float64(v)))
			}
			total += e
			pixels = append(pixels, e)
		}
	}
	if total == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	rms = math.Sqrt(total / float64(len(pixels)*channels))
	slices.Sort(pixels)
	slices.Reverse(pixels)
	var sum float64
	for i, e := range pixels {
		// Part of the last pixel, so that an even map has exactly half.
		if sum+e >= total/2 {
			half = (float64(i) + (total/2-sum)/e) / float64(len(pixels))
			break
		}
		sum += e
	}
	return rms, largest / rms, half
}

// smoothness returns the correlation of a map's pixels with those to the right
// and below, channel by channel; NaN where it is zero.
func smoothness(m []float32, width, channels int, f Field) float64 {
	var pairs, squares float64
	for y := f.Y0; y < f.Y1; y++ {
		for x := f.X0; x < f.X1; x++ {
			for c := range channels {
				at := (y*width+x)*channels + c
				v := float64(m[at])
				if x+1 < f.X1 {
					w := float64(m[at+channels])
					pairs, squares = pairs+v*w, squares+(v*v+w*w)/2
				}
				if y+1 < f.Y1 {
					w := float64(m[at+width*channels])
					pairs, squares = pairs+v*w, squares+(v*v+w*w)/2
				}
			}
		}
	}
	if squares == 0 {
		return math.NaN()
	}
	return pairs / squares
}

// outside returns the largest magnitude of a map outside of a field.
func outside(m []float32, width, channels int, f Field) (most float64) {
	for i, v := range m {
		if at := i / channels; !f.Contains(at%width, at/width) {
			most = max(most, math.Abs(float64(v)))
		}
	}
	return most
}
