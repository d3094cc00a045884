package model

import "gorgonia.org/gorgonia"

// A blend says which two locations of a line one location of the enlarged line is
// made of: share of the second, and the rest of the first.
type blend struct {
	a, b  int
	share float32
}

// blends returns a blend for each of the n*factor locations that n become.
func (u Upsampling) blends(n, factor int) []blend {
	out := make([]blend, n*factor)
	for i := range out {
		var at float64
		switch u {
		case Nearest:
			at = float64(i / factor)
		case Bilinear:
			at = max(0, (float64(i)+.5)/float64(factor)-.5)
		case BilinearCorners:
			at = float64(i) * float64(n-1) / float64(max(len(out)-1, 1))
		}
		a := min(int(at), n-1)
		out[i] = blend{a, min(a+1, n-1), float32(at - float64(a))}
	}
	return out
}

// Reach returns the first and the last of the n*factor locations of an enlarged line
// that locations from to last of the line of n are part of.
func (u Upsampling) Reach(n, factor, from, last int) (int, int) {
	first, end := n*factor, 0
	for i, b := range u.blends(n, factor) {
		if b.a >= from && b.a <= last && b.share != 1 || b.b >= from && b.b <= last && b.share != 0 {
			first, end = min(first, i), i
		}
	}
	return first, end
}

// Enlarge returns x, [N, H, W, C], with height and width enlarged by factor.
func (u Upsampling) Enlarge(x Tensor, factor int, pool *Pool) Tensor {
	n, h, w, c := x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]
	out := NewTensor(n, h*factor, w*factor, c)
	enlarge(pool, out.Data, x.Data, n, w, c, u.blends(h, factor), u.blends(w, factor))
	return out
}

// enlarge writes n images x, of w columns of c numbers, to out.
func enlarge(pool *Pool, out, x []float32, n, w, c int, rows, cols []blend) {
	small, big := len(x)/max(n, 1), len(rows)*len(cols)*c
	pool.Run(n*len(rows), func(task, _ int) {
		i, y := task/len(rows), task%len(rows)
		from, r := x[i*small:(i+1)*small], rows[y]
		to := out[i*big+y*len(cols)*c:][:len(cols)*c]
		upper, lower := from[r.a*w*c:][:w*c], from[r.b*w*c:][:w*c]
		for x, k := range cols {
			blendPixels(to[x*c:][:c], upper[k.a*c:], upper[k.b*c:], lower[k.a*c:], lower[k.b*c:], r.share, k.share)
		}
	})
}

// enlarge adds y, x with its height and width enlarged by factor.
func (g *graph) enlarge(name string, factor int, method Upsampling, x *gorgonia.Node) (*gorgonia.Node, error) {
	in := x.Shape()
	h, w, c := in[1], in[2], in[3]
	rows, cols := method.blends(h, factor), method.blends(w, factor)
	shape := []int{in[0], len(rows), len(cols), c}
	big, small := volume(shape[1:]), volume(in[1:])
	return g.apply(&op{
		name: name, ins: []int{4}, out: shape, wrt: []bool{true}, forward: true,
		do: func(in [][]float32, out []float32) {
			n := g.run.n
			enlarge(g.run.pool, out, in[0][:n*small], n, w, c, rows, cols)
		},
		diff: func(_ gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
			dx, err := g.apply(&op{
				name: name + "/dx", ins: []int{4}, out: x.Shape(),
				do: func(in [][]float32, out []float32) {
					dy := in[0]
					g.run.pool.Run(g.run.n, func(i, _ int) {
						to := out[i*small:][:small]
						clear(to)
						for y, r := range rows {
							for x, k := range cols {
								d := dy[i*big+(y*len(cols)+x)*c:][:c]
								spread(to[r.a*w*c:], d, k, 1-r.share)
								if r.share != 0 {
									spread(to[r.b*w*c:], d, k, r.share)
								}
							}
						}
					})
				},
			}, grad)
			return gorgonia.Nodes{dx}, err
		},
	}, x)
}

// blendPixels writes the blend of four pixels to dst.
func blendPixels(dst, a, b, c, d []float32, row, col float32) {
	if row == 0 && col == 0 {
		copy(dst, a)
		return
	}
	for i := range dst {
		upper := a[i] + float32(col*(b[i]-a[i]))
		lower := c[i] + float32(col*(d[i]-c[i]))
		dst[i] = upper + float32(row*(lower-upper))
	}
}

// spread adds the gradient d of one enlarged pixel to the pixels of a row that it was
// made of.
func spread(row, d []float32, k blend, share float32) {
	c := len(d)
	first, second := share*(1-k.share), share*k.share
	a, b := row[k.a*c:][:c], row[k.b*c:][:c]
	for i, v := range d {
		a[i] += float32(first * v)
		if second != 0 {
			b[i] += float32(second * v)
		}
	}
}
