package model

import (
	"math"

	"gorgonia.org/gorgonia"

	"dcganviz/internal/kernel"
)

// exec runs an op's case on the given inputs and gradient of its result.
func (r *reference) exec(c opCase, dout []float32, in ...[]float32) *trial {
	r.Helper()
	tr := c.build(r, testPool(r, 2))
	for i, v := range append(in, dout) {
		if dst := append(tr.in, tr.dout)[i]; copy(dst, v) != len(dst) || len(v) != len(dst) {
			r.Fatalf("%s: input %d has %d values, want %d", c.name, i, len(v), len(dst))
		}
	}
	if err := tr.all.exec(); err != nil {
		r.Fatal(err)
	}
	return tr
}

func checkConv(r *reference)          { r.convolution(false) }
func checkConvTranspose(r *reference) { r.convolution(true) }

// convolution checks y = op(x, w) + b and the gradients to all three.
func (r *reference) convolution(transposed bool) {
	x, y, gy := r.nhwc("in/x"), r.nhwc("f32/y"), r.nhwc("in/gy")
	ws := r.Shape("in/w") // [small, big, k, k] whichever of the two it is
	big, small := x.Shape, y.Shape
	if transposed {
		big, small = small, big
	}
	l := layer{geom: kernel.Geom{
		H: big[1], W: big[2], C: big[3], OH: small[1], OW: small[2], K: small[3],
		KH: ws[2], KW: ws[3], Stride: r.Number("stride"), Pad: r.Number("padding"),
	}}
	order, disk := l.weightOrder()
	for i := range disk {
		if disk[i] != ws[i] {
			r.Fatalf("weights %v, want %v", ws, disk)
		}
	}
	w := NewTensor(l.geom.KH, l.geom.KW, l.geom.C, l.geom.K)
	entry := entry{order: order}
	entry.order.load(w.Data, r.Floats("in/w"))
	c := opCase{
		name: "convolution", n: x.Shape[0], shape: [][]int{x.Shape, w.Shape, r.Shape("in/b")}, wrt: []bool{true, true, true},
		node: func(g *graph, in []*gorgonia.Node) (n *gorgonia.Node, err error) {
			conv := g.convolver("conv", l.geom, nil)
			if transposed {
				n, err = conv.convT(in[0], in[1], true)
			} else {
				n, err = conv.conv(in[0], in[1], true)
			}
			if err != nil {
				return nil, err
			}
			return g.bias("bias", n, in[2], nil)
		},
	}
	tr := r.exec(c, gy.Data, x.Data, w.Data, r.Floats("in/b"))
	r.images("y", Tensor{y.Shape, tr.out.result}, "f64/y")
	r.images("gx", Tensor{x.Shape, tr.gradient(0)}, "f64/gx")
	gw := make([]float32, len(w.Data))
	entry.order.store(gw, tr.gradient(1))
	r.near("gw", gw, r.Doubles("f64/gw"), tolerance)
	r.near("gb", tr.gradient(2), r.Doubles("f64/gb"), tolerance)
}

// rows returns [N, C] or [N, C, H, W] of the file as [N, H, W, C].
func (r *reference) rows(name string) Tensor {
	r.Helper()
	shape := r.Shape(name)
	if len(shape) == 2 {
		shape = append(append([]int(nil), shape...), 1, 1)
	}
	t, err := FromNCHW(Tensor{shape, r.Floats(name)})
	if err != nil {
		r.Fatal(err)
	}
	return t
}

// checkBatchNorm runs both modes, and batch statistics on a second input for
// the running ones.
func checkBatchNorm(r *reference) {
	x, x2, gy := r.rows("in/x"), r.rows("in/x2"), r.rows("in/gy")
	channels := x.Shape[3]
	norm := append(r.Floats("in/gamma"), r.Floats("in/beta")...)
	for _, mode := range []string{"train", "eval"} {
		p := testNorm(channels)
		copy(p.stats.mean, r.Floats("in/running_mean"))
		copy(p.stats.variance, r.Floats("in/running_var"))
		c := opCase{
			name: "norm", n: x.Shape[0], shape: [][]int{x.Shape, {2, channels}}, wrt: []bool{true, true},
			node: func(g *graph, in []*gorgonia.Node) (*gorgonia.Node, error) {
				return g.normaliser("norm", -1, 1, r.Real("eps"), p).apply(in[0], in[1])
			},
			set: func(r *settings) { r.batchStats, r.move = mode == "train", mode == "train" },
		}
		tr := r.exec(c, gy.Data, x.Data, norm)
		prefix := "f64/" + mode + "/"
		r.images(mode+" y", Tensor{x.Shape, tr.out.result}, prefix+"y")
		r.images(mode+" gx", Tensor{x.Shape, tr.gradient(0)}, prefix+"gx")
		r.near(mode+" ggamma", tr.gradient(1)[:channels], r.Doubles(prefix+"ggamma"), tolerance)
		r.near(mode+" gbeta", tr.gradient(1)[channels:], r.Doubles(prefix+"gbeta"), tolerance)
		if mode == "eval" {
			continue
		}
		r.near("running_mean1", p.stats.mean, r.Doubles(prefix+"running_mean1"), tolerance)
		r.near("running_var1", p.stats.variance, r.Doubles(prefix+"running_var1"), tolerance)
		copy(tr.in[0], x2.Data)
		if err := tr.forward.exec(); err != nil {
			r.Fatal(err)
		}
		r.near("running_mean2", p.stats.mean, r.Doubles(prefix+"running_mean2"), tolerance)
		r.near("running_var2", p.stats.variance, r.Doubles(prefix+"running_var2"), tolerance)
		if p.stats.batches != 2 {
			r.Errorf("%d batches counted, want 2", p.stats.batches)
		}
	}
}

func checkActivations(r *reference) {
	x, gy := r.Floats("in/x"), r.Floats("in/gy")
	slope := func(s float32) func(g *graph, in []*gorgonia.Node) (*gorgonia.Node, error) {
		return func(g *graph, in []*gorgonia.Node) (*gorgonia.Node, error) { return g.activate("act", -1, s, in[0]) }
	}
	for name, node := range map[string]func(g *graph, in []*gorgonia.Node) (*gorgonia.Node, error){
		"leaky_relu": slope(float32(r.Real("negative_slope"))),
		"relu":       slope(0),
		"tanh":       func(g *graph, in []*gorgonia.Node) (*gorgonia.Node, error) { return g.tanh("tanh", -1, in[0]) },
	} {
		c := opCase{name: name, n: 1, shape: [][]int{{1, len(x), 1, 1}}, wrt: []bool{true}, node: node}
		tr := r.exec(c, gy, x)
		r.near(name+" y", tr.out.result, r.Doubles("f64/"+name+"/y"), tolerance)
		r.near(name+" gx", tr.gradient(0), r.Doubles("f64/"+name+"/gx"), tolerance)
	}
	// The nets hold no sigmoid: D's loss takes logits, and Score is for people.
	y, gx := make([]float32, len(x)), make([]float32, len(x))
	for i, v := range x {
		y[i] = Score(v)
		gx[i] = gy[i] * y[i] * Score(-v)
	}
	r.near("sigmoid y", y, r.Doubles("f64/sigmoid/y"), tolerance)
	r.near("sigmoid gx", gx, r.Doubles("f64/sigmoid/gx"), tolerance)
}

func checkCrossEntropy(r *reference) {
	logits, target := r.Floats("in/logits"), r.Floats("in/target")
	n := len(logits)
	c := opCase{
		name: "loss", n: n, shape: [][]int{{n, 1, 1, 1}, {n, 1}}, wrt: []bool{true, false},
		node: func(g *graph, in []*gorgonia.Node) (*gorgonia.Node, error) { return g.crossEntropy(in[0], in[1]) },
	}
	tr := r.exec(c, []float32{1}, logits, target)
	r.near("loss", tr.out.result, r.Doubles("f64/loss"), tolerance)
	r.near("glogits", tr.gradient(0), r.Doubles("f64/glogits"), tolerance)
	each := make([]float32, n)
	for i := range each {
		each[i] = float32(meanCrossEntropy(logits[i:i+1], target[i:i+1]))
	}
	r.near("loss_each", each, r.Doubles("f64/loss_each"), tolerance)

	// BCELoss(sigmoid(x)) clamps its logarithms, so that it is another function
	// at large logits: the file's doc says to leave those out. Its loss is a
	// mean over all entries.
	const saturated = 16
	want, all := r.Doubles("f64/glogits_sigmoid_bce"), true
	var got []float32
	var kept []float64
	for i, l := range logits {
		if math.Abs(float64(l)) > saturated {
			all = false
			continue
		}
		got, kept = append(got, tr.gradient(0)[i]), append(kept, want[i])
	}
	r.near("glogits_sigmoid_bce", got, kept, tolerance)
	if all {
		r.near("loss_sigmoid_bce", tr.out.result, r.Doubles("f64/loss_sigmoid_bce"), tolerance)
	}
}

func checkAdam(r *reference) {
	p, grads := r.Floats("in/p0"), r.Floats("in/grads")
	want := r.Doubles("f64/p")
	m, v := make([]float32, len(p)), make([]float32, len(p))
	pool := testPool(r, 2)
	o := kernel.AdamOptions{Rate: r.Real("lr"), Beta1: r.Real("beta1"), Beta2: r.Real("beta2"), Eps: r.Real("eps")}
	for step := range len(grads) / len(p) {
		part := func(n int) (int, int) { return step * n, (step + 1) * n }
		i, j := part(len(p))
		pool.Adam(p, grads[i:j], m, v, step+1, o)
		r.near("p", p, want[i:j], tolerance)
	}
	r.near("exp_avg5", m, r.Doubles("f64/exp_avg5"), tolerance)
	r.near("exp_avg_sq5", v, r.Doubles("f64/exp_avg_sq5"), tolerance)
}
