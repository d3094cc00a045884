package model

import (
	"fmt"
	"math"
	"strings"

	"dcganviz/internal/kernel"
)

// weightTolerance bounds the absolute error of every weight and statistic
// after one training step.
const weightTolerance = 2e-6

// compareState compares a net's state with the entries of the file under
// prefix, by tolerance, absolute or relative to each tensor's largest value.
func (r *reference) compareState(n *net, prefix string, tolerance float64, relative bool) {
	r.Helper()
	for _, e := range n.State() {
		name := prefix + e.Name
		if e.Ints != nil {
			if want := r.Ints(name); e.Ints[0] != want[0] {
				r.Errorf("%s = %d, want %d", name, e.Ints[0], want[0])
			}
			continue
		}
		if relative {
			r.near(name, e.Data, r.Doubles(name), tolerance)
		} else {
			r.within(name, e.Data, r.Doubles(name), tolerance)
		}
	}
}

// gradState returns the gradients of a net's parameters as a state dict, in
// PyTorch's order; the statistics among them mean nothing.
func gradState(n *net) []NamedTensor {
	c := newNet(n.outline)
	for i, p := range c.params {
		copy(p.W, n.params[i].Grad)
	}
	return c.State()
}

func (r *reference) compareGradients(n *net, prefix string) {
	r.Helper()
	for _, e := range gradState(n) {
		if strings.HasSuffix(e.Name, ".weight") || strings.HasSuffix(e.Name, ".bias") {
			r.near(prefix+e.Name, e.Data, r.Doubles(prefix+e.Name), tolerance)
		}
	}
}

// adam is the optimiser's state of one net.
type adam struct {
	n     *net
	m, v  [][]float32
	step  int
	pool  *kernel.Pool
	rates kernel.AdamOptions
}

func newAdam(n *net, pool *kernel.Pool, o kernel.AdamOptions) *adam {
	a := &adam{n: n, pool: pool, rates: o}
	for _, p := range n.params {
		a.m = append(a.m, make([]float32, len(p.W)))
		a.v = append(a.v, make([]float32, len(p.W)))
	}
	return a
}

func (a *adam) update() {
	a.step++
	for i, p := range a.n.params {
		a.pool.Adam(p.W, p.Grad, a.m[i], a.v[i], a.step, a.rates)
		p.Changed()
	}
}

// checkSteps trains for as many steps as the file holds.
func checkSteps(r *reference) {
	pool := testPool(r, 2)
	g, d := r.generator("in/G0/"), r.discriminator("in/D0/")
	batch, steps := r.Number("batch"), r.Number("steps")
	s, err := NewStep(g, d, batch, pool)
	if err != nil {
		r.Fatal(err)
	}
	o := kernel.AdamOptions{Rate: r.Real("lr"), Beta1: r.Real("beta1"), Beta2: r.Real("beta2"), Eps: 1e-8}
	adamG, adamD := newAdam(g.net, pool, o), newAdam(d.net, pool, o)
	z, nz := r.Floats("in/z"), g.Config().LatentDim
	shape := r.Shape("in/real")
	real := Tensor{append([]int{shape[0] * shape[1]}, shape[2:]...), r.Floats("in/real")}
	if real, err = FromNCHW(real); err != nil {
		r.Fatal(err)
	}
	losses := map[string][]float32{}
	for step := range steps {
		must := func(err error) {
			if err != nil {
				r.Fatalf("step %d: %v", step+1, err)
			}
		}
		images := real.Slice(step*batch, (step+1)*batch).Data
		lossReal, logits, err := s.DiscriminatorGrad(images, 1, false)
		must(err)
		if step == 0 {
			r.near("logits_real", logits, r.Doubles("f64/step1/logits_real"), tolerance)
		}
		fake, err := s.Generate(z[step*batch*nz : (step+1)*batch*nz])
		must(err)
		lossFake, logits, err := s.DiscriminatorGrad(fake, 0, true)
		must(err)
		if step == 0 {
			r.near("logits_fake", logits, r.Doubles("f64/step1/logits_fake"), tolerance)
			r.images("fake", Tensor{append([]int{batch}, real.Shape[1:]...), fake}, "f64/step1/fake")
			r.compareGradients(d.net, "f64/step1/gradD/")
		}
		adamD.update()
		lossG, logits, dx, err := s.InputGrad(fake, 1)
		must(err)
		must(s.GeneratorGrad(dx))
		if step == 0 {
			r.near("logits_gen", logits, r.Doubles("f64/step1/logits_gen"), tolerance)
			r.compareGradients(g.net, "f64/step1/gradG/")
		}
		adamG.update()
		if step == 0 {
			r.compareState(d.net, "f64/step1/D1/", weightTolerance, false)
			r.compareState(g.net, "f64/step1/G1/", weightTolerance, false)
		}
		for name, loss := range map[string]float64{"D": lossReal + lossFake, "G": lossG, "D_real": lossReal, "D_fake": lossFake} {
			losses[name] = append(losses[name], float32(loss))
		}
	}
	for name, got := range losses {
		for i, want := range r.Doubles("f64/loss" + name) {
			r.near(fmt.Sprintf("loss%s of step %d", name, i+1), got[i:i+1], []float64{want}, tolerance)
		}
	}
	r.compareState(g.net, "f64/G20/", tolerance, true)
	r.compareState(d.net, "f64/D20/", tolerance, true)
}

// checkGuided computes every gradient of the file: from units of every layer,
// before and after the activation, by every rule.
func checkGuided(r *reference) {
	d := r.discriminator("in/D/")
	x := r.nhwc("in/x")
	opt := GradientOptions{RunOptions: RunOptions{Pool: testPool(r, 2)}}
	logits, err := d.Logits(x, opt.RunOptions)
	if err != nil {
		r.Fatal(err)
	}
	r.near("logits", logits.Data, r.Doubles("f64/logits"), tolerance)
	cases := 0
	for _, t := range r.Tensors {
		name, ok := strings.CutPrefix(t.Name, "f64/conv")
		if !ok || !strings.HasSuffix(name, "/max") {
			continue
		}
		prefix := strings.TrimSuffix(t.Name, "max")
		var layer, filter int
		var tap string
		if _, err := fmt.Sscanf(strings.ReplaceAll(name, "_", " "), "%d %s f%d/max", &layer, &tap, &filter); err != nil {
			r.Fatalf("%s: %v", t.Name, err)
		}
		target := Target{Point: Point{Layer: fmt.Sprintf("conv%d", layer)}, Unit: filter}
		if tap == "pre" {
			target.Tap = Pre
		}
		// The maxima are values of the layer's activations.
		act, err := d.Activations(x, []Point{target.Point}, opt.RunOptions)
		if err != nil {
			r.Fatal(err)
		}
		scale := 0.0
		for _, v := range act[0].Data {
			scale = max(scale, math.Abs(float64(v)))
		}
		for rule := kernel.Plain; rule <= kernel.DeconvLeaky; rule++ {
			opt.Rule = rule
			got, err := d.InputGradient(x, target, opt)
			if err != nil {
				r.Fatal(err)
			}
			r.images(prefix+rule.String(), got.Gradient, prefix+rule.String())
			r.within(prefix+"max", got.Value, r.Doubles(prefix+"max"), tolerance*scale)
			for i, want := range r.Ints(prefix + "argmax") {
				if got.Location[i] != int(want) {
					r.Errorf("%sargmax[%d] = %d, want %d", prefix, i, got.Location[i], want)
				}
			}
			cases++
		}
	}
	if cases == 0 {
		r.Error("the file holds no gradient")
	}
}

// checkProbes draws from G with and without masks, along paths and from sums
// of latents.
func checkProbes(r *reference) {
	g := r.generator("in/G/")
	opt := RunOptions{Pool: testPool(r, 2)}
	second := g.Layers()[1].Name
	z := Tensor{r.Shape("in/z"), r.Floats("in/z")}
	draw := func(name string, z Tensor, opt RunOptions) {
		y, err := g.Generate(z, opt)
		if err != nil {
			r.Fatalf("%s: %v", name, err)
		}
		r.images(name, y, "f64/"+name)
	}
	draw("y", z, opt)
	act, err := g.Activations(z, []Point{{Layer: second}}, opt)
	if err != nil {
		r.Fatal(err)
	}
	r.images("act2", act[0], "f64/act2")
	masked := opt
	masked.Masks = map[string][]float32{second: r.Floats("in/mask")}
	draw("y_masked", z, masked)

	za, zb, ts := r.Floats("in/za"), r.Floats("in/zb"), r.Doubles("in/t")
	for name, path := range map[string]func(dst, a, b []float32, t float64) error{"lerp": Lerp, "slerp": Slerp} {
		points := NewTensor(len(ts), len(za))
		for i, t := range ts {
			if err := path(points.Row(i), za, zb, t); err != nil {
				r.Fatal(err)
			}
		}
		r.near(name, points.Data, r.Doubles("f64/"+name), tolerance)
		draw("y_"+name, points, opt)
	}

	exemplars := Tensor{r.Shape("in/arith_z"), r.Floats("in/arith_z")}
	sum := NewTensor(1, len(za))
	for concept, sign := range []float64{1, -1, 1} {
		group := exemplars.Row(concept)
		n := len(group) / len(za)
		for j := range za {
			var mean float64
			for i := range n {
				mean += float64(group[i*len(za)+j]) / float64(n)
			}
			sum.Data[j] += float32(sign * mean)
		}
	}
	r.near("arith", sum.Data, r.Doubles("f64/arith"), tolerance)
	draw("y_arith", sum, opt)
}
