package infer

import (
	"fmt"

	"dcganviz/internal/kernel"
	"dcganviz/model"
)

// maps are the activations of a layer, [n, h, w, c].
type maps struct {
	n, h, w, c int
	data       []float32 // nil until ready, where they come of other maps
	rows       []float32 // of the classes, those of an input after the other's

	// before is what an activation of that slope makes these maps of; nil if there was
	// none.
	before *maps
	slope  float64
	relu   *maps // what ReLU makes of these
	fewer  *maps // see few
}

// few returns the maps of the first n inputs, all of them if there are fewer. It is called
// with one n for the same maps.
func (m *maps) few(n int) *maps {
	switch {
	case m.n <= n:
		return m
	case m.fewer != nil:
	case m.before != nil:
		m.fewer = m.before.few(n).activated(m.slope)
	default:
		m.fewer = &maps{n: n, h: m.h, w: m.w, c: m.c, data: m.data[:n*m.h*m.w*m.c], rows: m.rows[:len(m.rows)/m.n*n]}
	}
	return m.fewer
}

// mapsOf takes a tensor's numbers: latents [N, C] or images [N, H, W, C].
func mapsOf(t model.Tensor) *maps {
	if len(t.Shape) == 2 {
		return &maps{n: t.Shape[0], h: 1, w: 1, c: t.Shape[1], data: t.Data}
	}
	return &maps{n: t.Shape[0], h: t.Shape[1], w: t.Shape[2], c: t.Shape[3], data: t.Data}
}

// activated returns the maps after an activation with that slope below zero. They are
// computed when they are first needed.
func (m *maps) activated(slope float64) *maps {
	switch {
	case slope == 1:
		return m
	case slope != 0:
		return &maps{n: m.n, h: m.h, w: m.w, c: m.c, rows: m.rows, before: m, slope: slope}
	case m.relu == nil:
		m.relu = &maps{n: m.n, h: m.h, w: m.w, c: m.c, rows: m.rows, before: m}
	}
	return m.relu
}

// ready computes the maps, and returns them.
func (m *maps) ready(pool *model.Pool) *maps {
	if m.data != nil {
		return m
	}
	from := m.before.ready(pool)
	m.data = make([]float32, len(from.data))
	ones, zeros := make([]float32, m.c), make([]float32, m.c)
	for i := range ones {
		ones[i] = 1
	}
	pool.ScaleAct(m.data, from.data, ones, zeros, float32(m.slope))
	return m
}

// A layerWeights is a layer with its numbers.
type layerWeights struct {
	*layerWithNorm
	weight, bias []float32 // as in the state dict; no bias is nil
	// into is the shape of what a linear layer makes.
	into model.LayerSpec
}

// numbers reads a layer's weights. spec says what a linear layer's result is
// reshaped to.
func (l *layerWithNorm) numbers(spec model.LayerSpec) (w *layerWeights, err error) {
	w = &layerWeights{layerWithNorm: l, into: spec}
	if w.weight, err = l.weight.Data.Float32s(); err == nil && l.bias != nil {
		w.bias, err = l.bias.Data.Float32s()
	}
	return w, err
}

// geom returns the layer's convolution on x, of which n images are taken, with
// only so many channels of its result. up says that it is a transposed one.
func (l *layerWeights) geom(x *maps, s step, channels int) (g kernel.Geom, up bool, err error) {
	switch {
	case l.kind != model.Linear:
		kh, kw := l.kernel()
		g = kernel.Geom{N: x.n, KH: kh, KW: kw, Stride: s.stride, Pad: s.padding}
		if up = l.kind == model.ConvTranspose2D; up {
			side := func(in, k int) int { return (in-1)*s.stride - 2*s.padding + k + s.outputPadding }
			g.H, g.W, g.C, g.OH, g.OW, g.K = side(x.h, kh), side(x.w, kw), channels, x.h, x.w, x.c
		} else {
			side := func(in, k int) int { return (in+2*s.padding-k)/s.stride + 1 }
			g.H, g.W, g.C, g.OH, g.OW, g.K = x.h, x.w, x.c, side(x.h, kh), side(x.w, kw), channels
		}
	case x.h == 1 && x.w == 1:
		h, w := max(l.into.Height, 1), max(l.into.Width, 1)
		up = true
		g = kernel.Geom{N: x.n, H: h, W: w, C: channels, OH: 1, OW: 1, K: x.c, KH: h, KW: w, Stride: 1}
	default:
		g = kernel.Geom{N: x.n, H: x.h, W: x.w, C: x.c, OH: 1, OW: 1, K: channels, KH: x.h, KW: x.w, Stride: 1}
	}
	g.Algorithm = kernel.ManyImages
	if g.H > model.MaxSide || g.W > model.MaxSide {
		return g, up, fmt.Errorf("%dx%d pixels", g.H, g.W)
	}
	return g, up, g.Validate()
}

// channels returns how many channels the layer makes.
func (l *layerWeights) channels() int {
	if l.kind == model.Linear {
		return max(l.into.Channels, 1)
	}
	return l.out
}

// run returns what the layer makes of x, before its norm and activation, and only
// the channels that are named.
func (l *layerWeights) run(x *maps, s step, channels []int, pool *model.Pool) (*maps, error) {
	x = x.ready(pool)
	if s.enlarge > 1 {
		t := s.method.Enlarge(model.Tensor{Shape: []int{x.n, x.h, x.w, x.c}, Data: x.data}, s.enlarge, pool)
		rows := x.rows
		x = mapsOf(t)
		x.rows = rows
	}
	behind := l.joined > 0 && l.kind == model.Linear && x.h*x.w > 1 // numbers behind all others
	if l.joined > 0 {
		x = x.joined(l.joined, behind)
	}
	g, up, err := l.geom(x, s, len(channels))
	if err != nil {
		return nil, err
	}
	f, taps := kernel.NewFilter(g.KH, g.KW, g.C, g.K), g.KH*g.KW
	want := taps * x.c * l.channels()
	if behind {
		want -= (taps - 1) * l.joined * l.channels()
	}
	if len(l.weight) != want {
		return nil, fmt.Errorf("%.80q has %d numbers, want %d", l.layerWithNorm.weight.Name, len(l.weight), want)
	}
	// On disk a weight is [K, C, taps], and of a linear layer that makes pixels
	// [C, taps, K].
	projects := up && l.kind == model.Linear
	for t := range taps {
		for c := range g.C {
			row := f.W[(t*g.C+c)*g.K:][:g.K]
			for k := range row {
				switch {
				case behind && c >= x.c-l.joined:
					if t == 0 {
						row[k] = l.weight[channels[k]*(want/l.channels())+(x.c-l.joined)*(taps-1)+c]
					}
				case behind:
					row[k] = l.weight[channels[k]*(want/l.channels())+c*taps+t]
				case projects:
					row[k] = l.weight[(channels[c]*taps+t)*x.c+k]
				case up:
					row[k] = l.weight[(k*l.channels()+channels[c])*taps+t]
				default:
					row[k] = l.weight[(channels[k]*x.c+c)*taps+t]
				}
			}
		}
	}
	out := &maps{n: x.n, h: g.OH, w: g.OW, c: len(channels), rows: x.rows}
	if up {
		out.h, out.w = g.H, g.W
		out.data = make([]float32, g.Big())
		pool.ConvT(g, out.data, x.data, f)
	} else {
		out.data = make([]float32, g.Small())
		pool.Conv(g, out.data, x.data, f)
	}
	if l.bias != nil {
		places := out.h * out.w
		for i := range out.data {
			c := channels[i%out.c]
			if projects {
				c = c*places + i/out.c%places
			}
			out.data[i] += l.bias[c]
		}
	}
	return out, nil
}
