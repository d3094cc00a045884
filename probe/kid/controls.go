package kid

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"dcganviz/internal/enum"
	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe"
)

// A Comparison is how a set of images compares with real ones.
type Comparison struct {
	Name   string   `json:"name"`
	Images int      `json:"images"` // in the set
	Real   int      `json:"real"`   // that it is compared with
	KID    Distance `json:"kid"`
	Overlap
}

// A Report is what Study found.
type Report struct {
	// Whole compares all samples with all real pictures.
	Whole Comparison `json:"whole"`
	// Halves compares equally large sets with one half of the real pictures,
	// so that they compare with each other: the samples, and the controls,
	// which are made of the other half. The samples come first, then the
	// Controls in their order.
	Halves     []Comparison `json:"halves"`
	Neighbours int          `json:"neighbours"`
}

// A Control is a set of images that is compared with one half of the real pictures, as
// the samples are. It is the other half, or is made of it.
type Control uint8

const (
	// Real is the other half as it is. No images come nearer than real ones.
	Real Control = iota
	// Blurred is the other half, blurred.
	Blurred
	// EightReal is eight pictures of it over and over: real, but without variety.
	EightReal
	// Noise is noise in the colours of the other half. No images are farther off.
	Noise
)

var controlNames = [...]string{"real", "blurred", "eight real", "noise"}

// Controls returns all controls, the nearest first.
func Controls() []Control { return []Control{Real, Blurred, EightReal, Noise} }

func (c Control) String() string { return enum.Name(c, controlNames[:]) }

// Options say how samples are compared. The zero value is the default.
type Options struct {
	// Settings: the seed decides the halves, and the noise.
	probe.Settings
	// Neighbours of OverlapOf. Zero: Neighbours.
	Neighbours int
}

// MostImages is how many images of each kind Study takes: time and memory grow
// with the square of their number.
const MostImages = 2048

// Study compares samples, the [N, F] that net's Features made of them, with
// real pictures, [M, size, size, channels] in [-1, 1], and real pictures with
// each other. For k neighbours it takes k+1 samples and 2k+2 pictures at
// least. Neither is modified.
//
// Halves are drawn by picture: where several are of one photograph, real ones
// are a little nearer to each other than new ones would be. Of run the Pool counts.
func Study(ctx context.Context, net *Net, samples, real model.Tensor, run model.RunOptions, opt Options) (*Report, error) {
	k := cmp.Or(opt.Neighbours, Neighbours)
	half := min(real.Len()/2, samples.Len())
	switch {
	case k < 1:
		return nil, fmt.Errorf("kid: %d neighbours, want 1 or more", k)
	case half < max(3, k+1):
		return nil, fmt.Errorf("kid: %d samples and %d real pictures, want %d and %d or more for %d neighbours", samples.Len(), real.Len(), max(3, k+1), 2*max(3, k+1), k)
	case max(samples.Len(), real.Len()) > MostImages:
		return nil, fmt.Errorf("kid: %d samples and %d real pictures, want at most %d of each", samples.Len(), real.Len(), MostImages)
	}
	say := func(what string, done int) { opt.Say(what, done, 2+len(controlNames)) }
	r := &Report{Neighbours: k}
	say("real pictures", 0)
	whole, err := net.features(ctx, real, run.Pool)
	if err != nil {
		return nil, err
	}
	say("samples", 1)
	if r.Whole, err = compared("samples", samples, whole, k); err != nil {
		return nil, err
	}
	rng := random.New(opt.Seed, random.KidHalves)
	order := rng.Perm(real.Len())
	reference := probe.Pick(whole, order[half:2*half])
	c, err := compared("samples", samples.Slice(0, half), reference, k)
	if err != nil {
		return nil, err
	}
	r.Halves = append(r.Halves, c)
	other := probe.Pick(real, order[:half])
	for i, control := range Controls() {
		name := control.String()
		say("control: "+name, 2+i)
		f, err := net.features(ctx, control.of(other, rng), run.Pool)
		if err != nil {
			return nil, err
		}
		if c, err = compared(name, f, reference, k); err != nil {
			return nil, err
		}
		r.Halves = append(r.Halves, c)
	}
	return r, nil
}

func compared(name string, a, b model.Tensor, k int) (Comparison, error) {
	c := Comparison{Name: name, Images: a.Len(), Real: b.Len()}
	var err error
	if c.KID, err = Between(a, b); err == nil {
		c.Overlap, err = OverlapOf(a, b, k)
	}
	return c, err
}

// features is Features, but may be interrupted.
func (n *Net) features(ctx context.Context, images model.Tensor, pool *model.Pool) (model.Tensor, error) {
	return probe.Gather(ctx, images.Len(), batch, func(from, to int) (model.Tensor, error) {
		return n.Features(images.Slice(from, to), model.RunOptions{Pool: pool})
	})
}

// of makes the control of pictures.
func (c Control) of(x model.Tensor, rng *rand.Rand) model.Tensor {
	switch c {
	case Blurred:
		return blurred(x, float64(x.Shape[1])/32)
	case EightReal:
		at := make([]int, x.Len())
		for i := range at {
			at[i] = i % 8
		}
		return probe.Pick(x, at)
	case Noise:
		return noise(x, rng)
	}
	return x
}

// blurred convolves pictures with a Gaussian of a deviation in pixels. Beyond
// the edge their last pixel goes on.
func blurred(x model.Tensor, deviation float64) model.Tensor {
	reach := int(math.Ceil(3 * deviation))
	weights, sum := make([]float64, 2*reach+1), 0.0
	for i := range weights {
		d := float64(i-reach) / deviation
		weights[i] = math.Exp(-d * d / 2)
		sum += weights[i]
	}
	h, w, c := x.Shape[1], x.Shape[2], x.Shape[3]
	// pass blurs a line of n pixels, next apart.
	pass := func(dst, src []float32, n, next int) {
		for i := range n {
			v := 0.0
			for k, weight := range weights {
				v += weight * float64(src[min(max(i+k-reach, 0), n-1)*next])
			}
			dst[i*next] = float32(v / sum)
		}
	}
	out, rows := model.NewTensor(x.Shape...), make([]float32, h*w*c)
	for i := range x.Len() {
		for y := range h {
			for k := range c {
				pass(rows[y*w*c+k:], x.Row(i)[y*w*c+k:], w, c)
			}
		}
		for at := range w * c {
			pass(out.Row(i)[at:], rows[at:], h, w*c)
		}
	}
	return out
}

// noise draws pictures as many as x, each value on its own, by the mean and
// deviation of x in each channel.
func noise(x model.Tensor, rng *rand.Rand) model.Tensor {
	c := x.Shape[3]
	mean, square := make([]float64, c), make([]float64, c)
	each := float64(c) / float64(len(x.Data))
	for i, v := range x.Data {
		mean[i%c] += float64(v) * each
		square[i%c] += float64(v) * float64(v) * each
	}
	out := model.NewTensor(x.Shape...)
	for i := range out.Data {
		m := mean[i%c]
		v := m + math.Sqrt(max(0, square[i%c]-m*m))*rng.NormFloat64()
		out.Data[i] = float32(min(max(v, -1), 1))
	}
	return out
}
