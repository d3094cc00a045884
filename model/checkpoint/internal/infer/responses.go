package infer

import (
	"dcganviz/model"
)

// responses are what one layer makes of its inputs, kept while its guesses are judged.
// Two things spare most convolutions. A layer is linear and an activation of slope s is s
// times its input plus 1-s times ReLU's result, so that the responses to these two give
// those to all slopes. And paddings of a transposed convolution cut its borders off.
type responses struct {
	// several says that more steps than one are tried.
	several bool
	kept    map[response]*maps
	numbers int // in kept
}

// A response is to some maps, with a step.
type response struct {
	to *maps
	step
}

// mostKept bounds the numbers that are kept, 128 MB.
const mostKept = 1 << 25

// of returns what a layer makes of x, of the channels that are named.
func (r *responses) of(w *layerWeights, x *maps, s step, channels []int, pool *model.Pool) (*maps, error) {
	if x.before == nil || x.slope == 0 {
		return r.whole(w, x, s, channels, pool)
	}
	linear, err := r.whole(w, x.before, s, channels, pool)
	if err != nil {
		return nil, err
	}
	relu, err := r.whole(w, x.before.activated(0), s, channels, pool)
	if err != nil {
		return nil, err
	}
	out := &maps{n: relu.n, h: relu.h, w: relu.w, c: relu.c, rows: relu.rows, data: make([]float32, len(relu.data))}
	a := float32(x.slope)
	b := 1 - a
	for i, v := range relu.data {
		out.data[i] = float32(a*linear.data[i]) + float32(b*v)
	}
	return out, nil
}

// whole returns the response to maps themselves.
func (r *responses) whole(w *layerWeights, x *maps, s step, channels []int, pool *model.Pool) (*maps, error) {
	if !r.several || w.kind != model.ConvTranspose2D || s.outputPadding > s.padding {
		return r.run(w, x, s, channels, pool)
	}
	all := s
	k, _ := w.kernel()
	all.padding, all.outputPadding, all.side = 0, 0, (x.h-1)*s.stride+k
	if all.side > model.MaxSide {
		return r.run(w, x, s, channels, pool)
	}
	y, err := r.run(w, x, all, channels, pool)
	if err != nil {
		return nil, err
	}
	h, wide := y.h-2*s.padding+s.outputPadding, y.w-2*s.padding+s.outputPadding
	if min(h, wide) < 1 {
		return r.run(w, x, s, channels, pool)
	}
	out := &maps{n: y.n, h: h, w: wide, c: y.c, rows: y.rows, data: make([]float32, y.n*h*wide*y.c)}
	pool.Run(y.n, func(i, _ int) {
		for row := range h {
			copy(out.data[(i*h+row)*wide*y.c:][:wide*y.c], y.data[((i*y.h+row+s.padding)*y.w+s.padding)*y.c:])
		}
	})
	return out, nil
}

// run runs the layer, or returns what it made before.
func (r *responses) run(w *layerWeights, x *maps, s step, channels []int, pool *model.Pool) (*maps, error) {
	key := response{x, s}
	if y := r.kept[key]; y != nil {
		return y, nil
	}
	y, err := w.run(x, s, channels, pool)
	if err == nil && r.numbers+len(y.data) <= mostKept {
		if r.kept == nil {
			r.kept = map[response]*maps{}
		}
		r.kept[key] = y
		r.numbers += len(y.data)
	}
	return y, err
}
