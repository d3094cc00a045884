package units

import (
	"cmp"

	"dcganviz/internal/enum"
	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/score"
)

// A Subject is a generator and those who look at what it draws. Nothing here is
// changed by the package.
type Subject struct {
	G *model.G
	// D tells what it makes of images without a unit; nil leaves that out.
	D *model.D
	// Viewer finds the concept that areas are compared with; nil leaves that out.
	Viewer score.Viewer
}

// A Hold is what a unit is held at.
type Hold uint8

const (
	// Zero drops the unit.
	Zero Hold = iota
	// Mean is its mean activation over locations and samples. The next layer is used to
	// this value, but not at every place of every sample.
	Mean
)

var holdNames = [...]string{"zero", "mean"}

// ParseHold returns the hold of that name: zero or mean.
func ParseHold(name string) (Hold, error) { return enum.Parse[Hold]("units: hold", name, holdNames[:]) }

func (h Hold) String() string { return enum.Name(h, holdNames[:]) }

// MarshalText writes the hold's name.
func (h Hold) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (h *Hold) UnmarshalText(text []byte) (err error) {
	*h, err = ParseHold(string(text))
	return err
}

// Options say what Study does. The zero value studies all units of the
// second-highest convolution.
type Options struct {
	// Settings: the seed decides the samples, the bootstrap and the shuffles.
	probe.Settings
	// Layer of G; "" is the second-highest convolution, as in forgetting.
	Layer string
	// Units to study; none means all.
	Units []int
	// Samples of Seed to look at: 0 means 200.
	Samples int
	// Each unit is held in the first HeldSamples of them. 0 means as many as a few
	// seconds allow: all samples, if the layer is small and near the image. With
	// RunOptions.BatchStats it is always all samples.
	HeldSamples int
	// Hold is what units are held at.
	Hold Hold
	// Quantile is the share of a unit's activations, over all locations and samples,
	// that make its area. They are the highest ones. 0 means 0.05. (Bau et al. 2017 take
	// 0.005, on maps of many more locations.)
	Quantile float64
	// Top is how many samples are named that drive a unit most. 0 means 9.
	Top int

	latents model.Tensor // in place of the samples of Seed, for tests
}

const (
	defaultSamples  = 200
	defaultQuantile = .05
	defaultTop      = 9
	// leastHeld and mostWork bound the default of HeldSamples. mostWork counts the
	// multiplications for all units.
	leastHeld = 32
	mostWork  = 1e11
	// mostValues is how many activations are held in memory: a GB.
	mostValues = 1 << 28
)

// complete fills in what is zero and checks the rest.
func (o *Options) complete(l model.LayerInfo) error {
	o.Samples = cmp.Or(o.Samples, defaultSamples)
	o.Quantile = cmp.Or(o.Quantile, defaultQuantile)
	o.Top = cmp.Or(o.Top, defaultTop)
	locations := l.Height * l.Width
	switch {
	case o.Samples < 2:
		return probe.Input("units: %d samples, want two or more", o.Samples)
	case o.Samples > mostValues/(locations*l.Channels):
		return probe.Input("units: %d samples of layer %q, %dx%dx%d, want at most %d", o.Samples, l.Name, l.Height, l.Width, l.Channels, mostValues/(locations*l.Channels))
	case o.HeldSamples < 0 || o.HeldSamples == 1 || o.HeldSamples > o.Samples:
		return probe.Input("units: units held in %d samples, want 2 to %d", o.HeldSamples, o.Samples)
	case o.Top < 0:
		return probe.Input("units: the top %d samples, want one or more", o.Top)
	case !(o.Quantile > 0 && o.Quantile < 1):
		return probe.Input("units: quantile %v, want above 0 and below 1", o.Quantile)
	case o.Quantile*float64(o.Samples*locations) < 1:
		return probe.Input("units: the top %g of %d samples of %dx%d locations is none: want more samples or a higher quantile", o.Quantile, o.Samples, l.Height, l.Width)
	case int(o.Hold) >= len(holdNames):
		return probe.Input("units: unknown hold %d", o.Hold)
	}
	o.Top = min(o.Top, o.Samples)
	return probe.CheckUnits(l, o.Units)
}

// affordable is how many samples units can be held in, each alone.
func (s *Subject) affordable(layer string) int {
	layers := s.G.Layers()
	work, units := 0, 0
	for i, l := range layers {
		if units > 0 {
			// The parameters of a transposed convolution meet each location of
			// its input; another layer's meet each location of its result.
			from := l
			if l.Transposed {
				from = layers[i-1]
			}
			work += l.Parameters * from.Height * from.Width
		}
		if l.Name == layer {
			units = l.Channels
		}
	}
	return max(leastHeld, int(mostWork/float64(units*max(1, work))))
}
