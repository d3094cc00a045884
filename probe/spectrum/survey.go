package spectrum

import (
	"math"
	"slices"
)

// columns are what a study keeps of the power spectrum of each image, [N][]: the
// powers at some frequencies, then the mean power of each ring.
type columns [][]float64

// A survey says which columns there are.
type survey struct {
	height, width int
	patterns      []pattern
	places        []int     // of the first columns, in a power spectrum
	ringAt        []int     // the ring of each place
	ringSize      []float64 // how many places each ring has
}

func newSurvey(height, width int) *survey {
	s := &survey{height: height, width: width}
	for _, period := range periods {
		if height%period == 0 && width%period == 0 && min(height, width) >= cycles*period {
			s.patterns = append(s.patterns, s.pattern(period))
		}
	}
	// Frequencies go to the nearest multiple of one cycle per shorter side, up
	// to the corners.
	s.ringSize = make([]float64, int(s.side()/math.Sqrt2+0.5)+1)
	for fy := range height {
		for fx := range width {
			y, x := float64(min(fy, height-fy))/float64(height), float64(min(fx, width-fx))/float64(width)
			r := int(math.Hypot(y, x)*s.side() + 0.5)
			s.ringAt = append(s.ringAt, r)
			s.ringSize[r]++
		}
	}
	return s
}

func (s *survey) side() float64 { return float64(min(s.height, s.width)) }

// place is where a frequency, in cycles per image, is in a power spectrum.
func (s *survey) place(fy, fx int) int {
	return (fy+s.height)%s.height*s.width + (fx+s.width)%s.width
}

// column returns the column of a frequency, a new one if need be. By symmetry a
// frequency and its negative have the same power.
func (s *survey) column(fy, fx int) int {
	place := min(s.place(fy, fx), s.place(-fy, -fx))
	c := slices.Index(s.places, place)
	if c < 0 {
		c, s.places = len(s.places), append(s.places, place)
	}
	return c
}

// columns returns the columns of a power spectrum.
func (s *survey) columns(power []float64) []float64 {
	out := make([]float64, len(s.places)+len(s.ringSize))
	for c, place := range s.places {
		out[c] = power[place]
	}
	rings := out[len(s.places):]
	for place, r := range s.ringAt {
		rings[r] += power[place] / s.ringSize[r]
	}
	return out
}
