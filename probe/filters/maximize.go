package filters

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe"
)

// MaximizeOptions say how Maximize climbs. The zero value is what the figures
// are made with.
type MaximizeOptions struct {
	// Settings: the seed decides the images that the ascent starts at, and the
	// jitter.
	probe.Settings
	// Layer and Units are the same as in Options.
	Layer string
	Units []int
	// Steps of the ascent. 0 means 96.
	Steps int
	// StepSize is the root mean square of a step in the neuron's receptive
	// field, in pixel values. 0 means .04.
	StepSize float64
	// JitterPx is by how many pixels the image is shifted, at most and in each
	// direction, at random before each step. 0 means a quarter of the distance
	// of neighbouring neurons' fields, 4 for the last layer of the paper's D; a
	// negative one means none.
	JitterPx int
}

// Regularisation: without it ascent ends in noise that no picture has. The last
// third of the steps is without jitter, for the neuron itself.
const (
	decay   = .02 // of the pixels, each step
	blurs   = 2   // of the gradient, each step
	startSD = .1  // of the noise that the ascent starts at
)

// blurTaps are a binomial filter of standard deviation 0.7 pixels.
var blurTaps = [3]float32{.25, .5, .25}

// A Maximum is an image that a neuron likes.
type Maximum struct {
	Unit int `json:"unit"`
	// Y and X are the neuron's place, the middle of the layer, and Field its
	// receptive field.
	Y     int   `json:"y"`
	X     int   `json:"x"`
	Field Field `json:"field"`
	// Start and End are its activations on the noise that the ascent began at
	// and on the image that it came to.
	Start float64 `json:"start"`
	End   float64 `json:"end"`
}

// Maximize climbs, for each unit, from noise to an image that its neuron in the
// middle of the layer responds to as much as it can: gradient ascent on the
// image, kept in [-1, 1], with weight decay, which takes away what the unit does
// not ask for, and blur and jitter, which take away what hangs on single pixels.
// It returns the images [units, H, W, C] too. D is not modified; run is as for Look.
//
// Methods: Yosinski et al. 2015 (arXiv:1506.06579), section 3, for ascent with
// decay and blur; jitter is from Mordvintsev et al. 2015 ("Inceptionism").
// Unlike there, a step has a given size, and the blur is of the gradient: a
// binomial filter has no negative eigenvalue, so each step still leads upward.
func Maximize(ctx context.Context, d *model.D, run model.RunOptions, opt MaximizeOptions) ([]Maximum, model.Tensor, error) {
	s, err := newSubject(d, run, Options{Layer: opt.Layer, Units: opt.Units})
	if err != nil {
		return nil, model.Tensor{}, err
	}
	opt.Steps = cmp.Or(opt.Steps, 96)
	opt.StepSize = cmp.Or(opt.StepSize, .04)
	h, w, _ := d.Config().Dims()
	shorter := min(h, w)
	opt.JitterPx = cmp.Or(opt.JitterPx, min(h/s.info.Height, w/s.info.Width)/4)
	opt.JitterPx = max(0, opt.JitterPx)
	if opt.Steps < 0 || !(opt.StepSize > 0) || math.IsInf(opt.StepSize, 0) || opt.JitterPx >= shorter {
		return nil, model.Tensor{}, probe.Input("filters: %d steps of size %g with jitter of %d pixels, want at least 1, above 0 and less than %d", opt.Steps, opt.StepSize, opt.JitterPx, shorter)
	}
	a := s.ascent(opt)
	out := make([]Maximum, len(s.units))
	if err := a.values(out, func(m *Maximum, v float64) { m.Start = v }); err != nil {
		return nil, a.x, err
	}
	for step := range opt.Steps {
		if err := ctx.Err(); err != nil {
			return nil, a.x, err
		}
		opt.Say("gradient ascent", step, opt.Steps)
		if err := a.step(step < opt.Steps*2/3); err != nil {
			return nil, a.x, err
		}
	}
	err = a.values(out, func(m *Maximum, v float64) { m.End = v })
	return out, a.x, err
}

// An ascent is under way.
type ascent struct {
	*subject
	opt   MaximizeOptions
	x     model.Tensor // one image a unit
	rng   *rand.Rand   // of the jitter
	y, at int          // the neuron's row and column
	field Field
}

func (s *subject) ascent(opt MaximizeOptions) *ascent {
	a := &ascent{subject: s, opt: opt, y: s.info.Height / 2, at: s.info.Width / 2}
	a.field = s.fields.at(s.layer, a.y, a.at)
	h, w, c := s.d.Config().Dims()
	a.x = model.NewTensor(len(s.units), h, w, c)
	for i, u := range s.units { // a unit's start does not depend on the others
		rng := random.New(opt.Seed, random.FiltersStart+random.Stream(u)<<40)
		for k := range a.x.Row(i) {
			a.x.Row(i)[k] = float32(startSD * rng.NormFloat64())
		}
	}
	a.rng = random.New(opt.Seed, random.FiltersJitter)
	return a
}

// values sets a figure of each maximum to its neuron's activation.
func (a *ascent) values(out []Maximum, set func(*Maximum, float64)) error {
	act, err := a.d.Activations(a.x, []model.Point{a.point}, a.run)
	if err != nil {
		return err
	}
	for i, u := range a.units {
		m := &out[i]
		m.Unit, m.Y, m.X, m.Field = u, a.y, a.at, a.field
		set(m, float64(act[0].Row(i)[(a.y*a.info.Width+a.at)*a.info.Channels+u]))
	}
	return nil
}

// step climbs once.
func (a *ascent) step(jitter bool) error {
	dy, dx := 0, 0
	if j := a.opt.JitterPx; jitter {
		dy, dx = a.rng.IntN(2*j+1)-j, a.rng.IntN(2*j+1)-j
	}
	roll(a.x, dy, dx)
	seed := model.NewTensor(len(a.units), a.info.Height, a.info.Width, a.info.Channels)
	for i, u := range a.units {
		seed.Row(i)[(a.y*a.info.Width+a.at)*a.info.Channels+u] = 1
	}
	g, err := a.d.InputGradient(a.x, model.Target{Point: a.point, Gradient: seed}, model.GradientOptions{RunOptions: a.run, Rule: model.Plain})
	if err != nil {
		return err
	}
	for range blurs {
		blur(g.Gradient)
	}
	for i := range a.units {
		row, x := g.Gradient.Row(i), a.x.Row(i)
		var square float64
		for _, v := range row {
			square += float64(float64(v) * float64(v))
		}
		rms := math.Sqrt(square / float64(a.field.Pixels()*a.x.Shape[3]))
		if math.IsNaN(rms) || math.IsInf(rms, 0) {
			return model.Unusable("filters: unit %d: the gradient is not finite", a.units[i])
		}
		factor := 0.0 // of a unit that nothing moves
		if rms > 0 {
			factor = a.opt.StepSize / rms
		}
		for k, v := range row {
			moved := float64((1-decay)*float64(x[k])) + float64(factor*float64(v))
			x[k] = float32(min(1, max(-1, moved)))
		}
	}
	roll(a.x, -dy, -dx)
	return nil
}

// roll shifts images [N, H, W, C] down and to the right; what leaves on one side
// comes in on the other.
func roll(t model.Tensor, dy, dx int) {
	h, w, c := t.Shape[1], t.Shape[2], t.Shape[3]
	old := make([]float32, h*w*c)
	for i := range t.Len() {
		row := t.Row(i)
		copy(old, row)
		for y := range h {
			for x := range w {
				copy(row[(((y+dy+h)%h)*w+(x+dx+w)%w)*c:][:c], old[(y*w+x)*c:])
			}
		}
	}
}

// blur smooths images [N, H, W, C] over neighbouring pixels; beyond the border
// are those on it.
func blur(t model.Tensor) {
	h, w, c := t.Shape[1], t.Shape[2], t.Shape[3]
	old := make([]float32, h*w*c)
	along := func(row []float32, n, count, step, stride int) {
		copy(old, row)
		for line := range count {
			for k := range n {
				for q := range c {
					at := line*stride + q
					a, b, d := old[at+max(0, k-1)*step], old[at+k*step], old[at+min(n-1, k+1)*step]
					row[at+k*step] = float32(blurTaps[0]*a) + float32(blurTaps[1]*b) + float32(blurTaps[2]*d)
				}
			}
		}
	}
	for i := range t.Len() {
		along(t.Row(i), w, h, c, w*c)
		along(t.Row(i), h, w, w*c, c)
	}
}
