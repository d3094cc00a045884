package infer

import (
	"math"

	"dcganviz/model"
)

// parts is into how many batches the latents are divided. Batch norm takes each by
// itself, as in training, and the parts tell how much a mean and a variance would
// differ with other latents.
const parts = 4

// A fingerprint is what a batch norm stored: the mean and variance, over the
// batches of training, of each value that it normalises.
type fingerprint struct {
	mean, variance []float32
	eps            float64
}

// A moments is the mean and variance of one value in each batch, and their means over
// the batches, which is what training stores. Variances are unbiased, as PyTorch's.
type moments struct {
	mean, variance float64
	of             [parts]struct{ mean, variance float64 }
}

// momentsOf measures the channels of maps. With places each location is a value of
// its own, in the order of a state dict: channels before locations.
func momentsOf(m *maps, places bool, pool *model.Pool) []moments {
	m = m.ready(pool)
	spots := 1
	if places {
		spots = m.h * m.w
	}
	values := spots * m.c
	out := make([]moments, values)
	mean, variance := make([]float64, values), make([]float64, values)
	for p := range parts {
		part := m.part(p)
		pool.BNStats(part, mean, variance)
		rows := float64(len(part) / values)
		for i := range mean {
			o := &out[i%m.c*spots+i/m.c]
			o.of[p].mean, o.of[p].variance = mean[i], variance[i]*rows/max(rows-1, 1)
			o.mean += mean[i] / parts
			o.variance += o.of[p].variance / parts
		}
	}
	return out
}

// part returns the numbers of one batch.
func (m *maps) part(p int) []float32 {
	image := m.h * m.w * m.c
	return m.data[p*m.n/parts*image : (p+1)*m.n/parts*image]
}

// misfit returns how far measured values are from a fingerprint: the mean, over the
// values, of the squared difference of means in standard deviations and of the
// squared difference of log variances. at names the values in the fingerprint.
//
// What the sample of latents adds to it is taken off. It is known from how much
// the parts differ: the square of a mean of parts is too large by the variance of
// the parts over their number.
func (f *fingerprint) misfit(measured []moments, at []int) float64 {
	sum := 0.0
	for i := range measured {
		m, v := &measured[i], float64(f.variance[at[i]])+f.eps
		mean, deviation := float64(f.mean[at[i]]), math.Sqrt(v)
		var d, l spreadOfParts
		for _, o := range m.of {
			d.add((o.mean - mean) / deviation)
			l.add(math.Log((o.variance + f.eps) / v))
		}
		shift, stretch := (m.mean-mean)/deviation, math.Log((m.variance+f.eps)/v)
		sum += shift*shift - d.ofMean() + stretch*stretch - l.ofMean()
	}
	return sum / float64(len(measured))
}

// A spreadOfParts adds up numbers and their squares.
type spreadOfParts struct{ sum, squares float64 }

func (s *spreadOfParts) add(x float64) { s.sum, s.squares = s.sum+x, s.squares+x*x }

// ofMean returns the variance of the parts' mean.
func (s *spreadOfParts) ofMean() float64 {
	return (s.squares - s.sum*s.sum/parts) / (parts - 1) / parts
}

// fingerprintOf reads a batch norm's statistics; nil if it stored none, or those
// of a new net.
func (m *moduleTensors) fingerprintOf(eps float64) (*fingerprint, error) {
	if m == nil || m.mean == nil {
		return nil, nil
	}
	f := &fingerprint{eps: eps}
	var err error
	if f.mean, err = m.mean.Data.Float32s(); err != nil {
		return nil, err
	}
	if f.variance, err = m.variance.Data.Float32s(); err != nil {
		return nil, err
	}
	fresh := true
	for i, v := range f.variance {
		if !(v >= 0) || f.mean[i]-f.mean[i] != 0 || v-v != 0 {
			return nil, nil // what is wrong with it is said when the net is made
		}
		fresh = fresh && v == 1 && f.mean[i] == 0
	}
	if fresh {
		return nil, nil
	}
	return f, nil
}

// normalised returns the maps as batch norm makes them, each batch with its own
// statistics.
func (m *moduleTensors) normalised(x *maps, measured []moments, places bool, eps float64, pool *model.Pool) (*maps, error) {
	var gain, bias []float32
	scale, shift := make([]float32, len(measured)), make([]float32, len(measured))
	if m.weight != nil {
		var err error
		if gain, err = m.weight.Data.Float32s(); err != nil {
			return nil, err
		}
		if bias, err = m.bias.Data.Float32s(); err != nil {
			return nil, err
		}
	}
	out := &maps{n: x.n, h: x.h, w: x.w, c: x.c, data: make([]float32, x.n*x.h*x.w*x.c), rows: x.rows}
	spots := 1
	if places {
		spots = x.h * x.w
	}
	x = x.ready(pool)
	for p := range parts {
		for i := range measured {
			g, b, o := 1.0, 0.0, &measured[i].of[p]
			if m.weight != nil {
				g, b = float64(gain[i]), float64(bias[i])
			}
			k := g / math.Sqrt(o.variance+eps)
			at := i%spots*x.c + i/spots // locations before channels, as in memory
			scale[at], shift[at] = float32(k), float32(b-float64(o.mean*k))
		}
		pool.ScaleAct(out.part(p), x.part(p), scale, shift, 1)
	}
	return out, nil
}
