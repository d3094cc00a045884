package score

import (
	"math/rand/v2"

	"dcganviz/model"
)

// The ranges of a change, which a scorer has to see through: as wide as in
// pictures that people take, and wider, since what is done to G's activations
// changes its colours, too.
const (
	maxMove       = 6    // pixels
	leastZoom     = 0.8  // of what is seen, as a share of the image
	mostZoom      = 1.15 // beyond it
	contrastShare = 0.5  // contrast times 1/(1+share) to 1+share
	brightRange   = 0.4  // added, of the 2 from black to white
	mostColour    = 1.5  // times what tells the channels apart, from 0
	tintSpread    = 0.12 // standard deviation of a channel's own gain and shift
)

// A change is one image's random change in training.
type change struct {
	view  view
	gain  [3]float32
	shift [3]float32
	gray  float32 // share of a pixel that its channels' mean takes
}

// draw draws the change of an image of size pixels. Every second one stays
// sharp: it is moved by whole pixels.
func draw(r *rand.Rand, size int) change {
	c := change{view: view{zoom: 1, size: float64(size), mirror: r.IntN(2) == 1}}
	reach := float64(maxMove*size) / 64
	if r.IntN(2) == 1 {
		c.view.dx, c.view.dy = float64(r.IntN(2*int(reach)+1)-int(reach)), float64(r.IntN(2*int(reach)+1)-int(reach))
	} else {
		c.view.zoom = leastZoom + (mostZoom-leastZoom)*r.Float64()
		c.view.dx, c.view.dy = reach*(2*r.Float64()-1), reach*(2*r.Float64()-1)
	}
	contrast := 1 + contrastShare*r.Float64()
	if r.IntN(2) == 1 {
		contrast = 1 / contrast
	}
	bright := brightRange * (2*r.Float64() - 1)
	c.gray = float32(1 - mostColour*r.Float64())
	for i := range c.gain {
		c.gain[i] = float32(contrast * (1 + tintSpread*r.NormFloat64()))
		c.shift[i] = float32(bright + tintSpread*r.NormFloat64())
	}
	return c
}

// colour changes the colours of an image of one or three channels.
func (c *change) colour(x []float32, channels int) {
	for ; len(x) >= channels; x = x[channels:] {
		var mean float32
		for _, v := range x[:channels] {
			mean += v / float32(channels)
		}
		for i, v := range x[:channels] {
			x[i] = clamp(c.gain[i]*(v+c.gray*(mean-v)) + c.shift[i])
		}
	}
}

// An augmenter makes batches of changed images and their labels.
type augmenter struct {
	size, channels, side int
	pool                 *model.Pool
	changes              []change
}

// apply changes images x, [n, size, size, channels], to y, and writes the
// labels of each to targets, [n, side, side].
func (a *augmenter) apply(y, x, targets []float32, m marks, r *rand.Rand) {
	k, cells := a.size*a.size*a.channels, a.side*a.side
	n := len(x) / k
	a.changes = a.changes[:0]
	for range n {
		a.changes = append(a.changes, draw(r, a.size))
	}
	a.pool.Run(n, func(i, _ int) {
		c, out := &a.changes[i], y[i*k:(i+1)*k]
		c.view.show(out, x[i*k:(i+1)*k], a.channels)
		c.colour(out, a.channels)
		m.write(targets[i*cells:(i+1)*cells], i, c.view, a.side)
	})
}

// A purpose names what random numbers are for. Every number is a function of
// (seed, purpose, index), so that none depends on how many others were drawn.
type purpose uint64

const (
	forOrder purpose = 1 + iota
	forChanges
)
