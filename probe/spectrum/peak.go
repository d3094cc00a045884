package spectrum

import (
	"math"

	"dcganviz/probe/stats"
)

// A Peak is how far the powers at the frequencies of a period stand out, in
// decibels over their neighbourhood, with 95% intervals.
type Peak struct {
	// Period is in pixels.
	Period  int            `json:"period"`
	Samples stats.Interval `json:"samples"`
	Real    stats.Interval `json:"real"`
	// Excess is Samples less Real.
	Excess stats.Interval `json:"excess"`
	// AtLeast is a lower bound of both Samples and Excess. With a probability of 95%
	// the bounds of all periods hold at once.
	AtLeast float64 `json:"at_least"`
	// Control is one half of the real pictures less the other.
	Control stats.Interval `json:"control"`
	// RMS is the root mean square of the samples' pattern, in the units of images, from
	// the frequencies that stand out. A step of 8 bits is 2/255 = 0.0078. Chance makes
	// some of it; RealRMS, of real pictures, tells how much.
	RMS     stats.Interval `json:"rms"`
	RealRMS stats.Interval `json:"real_rms"`
	// Points are the frequencies that Samples and Real are means of.
	Points []Point `json:"points"`
}

// A Point is a frequency, in cycles per pixel, and how far the power there
// stands out, in decibels.
type Point struct {
	FrequencyY float64 `json:"frequency_y"`
	FrequencyX float64 `json:"frequency_x"`
	Samples    float64 `json:"samples"`
	Real       float64 `json:"real"`
}

// Artefact reports whether samples have a peak, and a higher one than real
// pictures: AtLeast is positive, and more than the halves differ by. It says
// nothing of whether one sees the pattern, which RMS does.
func (p *Peak) Artefact() bool { return p.AtLeast > math.Abs(p.Control.Mean) }

// periods are the periods of nets that double the size once, twice or three times.
var periods = []int{2, 4, 8}

// cycles is how often a side holds a period at least. Then no neighbour of a
// frequency of a pattern is one itself.
const cycles = 4

// neighbours weighs the powers one, two and three steps away. The weights are by
// Savitzky & Golay 1964 (doi:10.1021/ac60214a047) for a parabola through seven
// points, without the one in the middle: neither the slope nor the curvature of
// a smooth spectrum makes a peak.
var neighbours = [3]float64{6. / 7, 3. / 7, -2. / 7}

var (
	alongX    = [][2]int{{0, 1}, {0, -1}}
	alongY    = [][2]int{{1, 0}, {-1, 0}}
	diagonals = [][2]int{{1, 1}, {1, -1}, {-1, 1}, {-1, -1}}
)

// A term is a column and its weight.
type term struct {
	column int
	weight float64
}

// A contrast is a frequency and the terms whose sum, of decibels, is how far it
// stands out.
type contrast struct {
	fy, fx int     // cycles per image
	share  float64 // of the mean square of an image, at a power of 1
	terms  []term
}

func (c contrast) of(decibels []float64) float64 {
	sum := 0.0
	for _, t := range c.terms {
		sum += float64(t.weight * decibels[t.column])
	}
	return sum
}

// A pattern is the contrasts of a period.
type pattern struct {
	period    int
	contrasts []contrast
}

func (p pattern) height(decibels []float64) float64 {
	sum := 0.0
	for _, c := range p.contrasts {
		sum += c.of(decibels)
	}
	return sum / float64(len(p.contrasts))
}

// rms is what the powers beyond their neighbourhood amount to in an image.
func (p pattern) rms(decibels []float64) float64 {
	sum := 0.0
	for _, c := range p.contrasts {
		at := decibels[c.terms[0].column]
		sum += c.share * max(0, math.Pow(10, at/10)-math.Pow(10, (at-c.of(decibels))/10))
	}
	return math.Sqrt(sum)
}

// pattern returns the contrasts at the frequencies that an image of a period has
// and one of half the period has not: (j, l) / period with j or l odd, one of
// each pair that symmetry makes equal.
func (s *survey) pattern(period int) pattern {
	p := pattern{period: period}
	for l := range period/2 + 1 {
		for j := range period {
			if j%2 == 0 && l%2 == 0 || 2*l%period == 0 && 2*j > period {
				continue
			}
			p.contrasts = append(p.contrasts, s.contrast(j*s.height/period, l*s.width/period))
		}
	}
	return p
}

// contrast compares a frequency with those beside it. Axes are a ridge, of
// upright edges, so there it looks along the axis, and elsewhere diagonally: off
// the copies of the ridges that uneven strides make.
func (s *survey) contrast(fy, fx int) contrast {
	c := contrast{fy: fy, fx: fx, share: 2 / float64(s.height*s.width), terms: []term{{s.column(fy, fx), 1}}}
	if s.place(fy, fx) == s.place(-fy, -fx) {
		c.share /= 2
	}
	steps := diagonals
	switch {
	case fy == 0:
		steps = alongX
	case fx == 0:
		steps = alongY
	}
	for d, weight := range neighbours {
		for _, step := range steps {
			c.terms = append(c.terms, term{s.column(fy+(d+1)*step[0], fx+(d+1)*step[1]), -weight / float64(len(steps))})
		}
	}
	return c
}

// Visible is the least RMS of a pattern that counts as seen: a hundredth of the range
// from black to white. It is chosen, not measured. The embedded façades have a lattice
// after one epoch that everybody sees, of 0.09, and after the last a grid that one has to
// look for, of 0.016.
const Visible = 0.02

// Seen reports whether the pattern is an artefact that is strong enough to be seen: the
// interval of its RMS lies above Visible, and above the interval of RealRMS.
func (p *Peak) Seen() bool { return p.Artefact() && p.RMS.Lo > max(Visible, p.RealRMS.Hi) }
