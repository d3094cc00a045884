package kid

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"dcganviz/model"
	"dcganviz/probe"
)

// stripes are pictures with stripes of some width and phase, in colour.
func stripes(seed uint64, n, size int) model.Tensor {
	rng := rand.New(rand.NewPCG(seed, 2))
	t := model.NewTensor(n, size, size, 3)
	for i := range n {
		angle, wide, phase := math.Pi*rng.Float64(), 3+5*rng.Float64(), 6*rng.Float64()
		hue := [3]float64{rng.Float64(), rng.Float64(), rng.Float64()}
		for k := range t.Row(i) {
			x, y := k/3%size, k/3/size
			t.Row(i)[k] = float32(hue[k%3] * math.Sin(phase+2*math.Pi/wide*(float64(x)*math.Cos(angle)+float64(y)*math.Sin(angle))))
		}
	}
	return t
}

func TestStudyOrdersItsControls(t *testing.T) {
	net, err := NewNet(32, 32, 3)
	if err != nil {
		t.Fatal(err)
	}
	real := stripes(1, 120, 32)
	before := real.Clone()
	var samples model.Tensor
	study := func(threads int) *Report {
		pool := model.NewPool(threads)
		defer pool.Close()
		// More of the same kind of pictures.
		if samples, err = net.Features(stripes(2, 90, 32), model.RunOptions{Pool: pool}); err != nil {
			t.Fatal(err)
		}
		r, err := Study(t.Context(), net, samples, real, model.RunOptions{Pool: pool}, Options{Settings: probe.Settings{Seed: 3}})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := study(1)
	if again := study(2); !reflect.DeepEqual(r, again) {
		t.Errorf("with two threads %+v, with one %+v", again, r)
	}
	if !reflect.DeepEqual(real, before) {
		t.Error("the real pictures were changed")
	}
	if r.Whole.Images != 90 || r.Whole.Real != 120 || len(r.Halves) != 1+len(Controls()) {
		t.Fatalf("got %+v", r)
	}
	of := map[string]Comparison{}
	for _, c := range r.Halves {
		if c.Images != 60 || c.Real != 60 {
			t.Errorf("%s: %d images against %d, want 60", c.Name, c.Images, c.Real)
		}
		of[c.Name] = c
	}
	if c := of["real"]; !(math.Abs(c.KID.Value) <= 4*c.KID.SE) || !(c.Precision > .8 && c.Recall > .8) {
		t.Errorf("real against real: %+v", c)
	}
	if c := of["samples"]; !(math.Abs(c.KID.Value) <= 4*c.KID.SE) {
		t.Errorf("samples of the same law: %+v", c)
	}
	// Stripes differ so much that blurred ones are among them, as precise as
	// any; their distance shows them, and that noise recalls nothing.
	for _, name := range []string{"blurred", "noise"} {
		if c := of[name]; !(c.KID.Value > of["real"].KID.Value+3*c.KID.SE) || !(c.Recall < of["real"].Recall-.2) {
			t.Errorf("%s: %+v", name, c)
		}
	}
	if c := of["eight real"]; !(c.Precision > .8) || !(c.Recall < .2) {
		t.Errorf("eight real: %+v", c)
	}
}

// TestBlurKeepsWhatItMust: a flat picture, and the sum of one with a dot.
func TestBlurKeepsWhatItMust(t *testing.T) {
	x := model.NewTensor(2, 15, 21, 3)
	for i := range x.Row(0) {
		x.Row(0)[i] = -.75
	}
	x.Row(1)[(7*21+10)*3+1] = 1
	y := blurred(x, 1.5)
	for i, v := range y.Row(0) {
		if !(math.Abs(float64(v)+.75) <= 1e-6) {
			t.Fatalf("flat picture: value %d is %v, want -0.75", i, v)
		}
	}
	var sum, across, down float64
	for i, v := range y.Row(1) {
		if i%3 != 1 && v != 0 {
			t.Fatalf("value %d is %v: channels mix", i, v)
		}
		dx, dy := float64(i/3%21-10), float64(i/3/21-7)
		sum, across, down = sum+float64(v), across+float64(v)*dx*dx, down+float64(v)*dy*dy
	}
	// A Gaussian cut at three deviations has a little less than its variance.
	for name, v := range map[string][2]float64{"sum": {sum, 1}, "variance across": {across, 2.25}, "variance down": {down, 2.25}} {
		if !(math.Abs(v[0]/v[1]-1) <= .04) {
			t.Errorf("dot: %s %v, want %v", name, v[0], v[1])
		}
	}
}

func TestStudyRefuses(t *testing.T) {
	net, err := NewNet(32, 32, 3)
	if err != nil {
		t.Fatal(err)
	}
	samples := model.NewTensor(20, 960)
	for name, c := range map[string]struct {
		samples, real model.Tensor
		opt           Options
	}{
		"few samples":         {samples.Slice(0, 5), stripes(1, 30, 32), Options{}},
		"few pictures":        {samples, stripes(1, 11, 32), Options{}},
		"many neighbours":     {samples, stripes(1, 30, 32), Options{Neighbours: 15}},
		"negative neighbours": {samples, stripes(1, 30, 32), Options{Neighbours: -1}},
		"other pictures":      {samples, stripes(1, 30, 28), Options{}},
		"too many samples":    {model.NewTensor(MostImages+1, 960), stripes(1, 30, 32), Options{}},
	} {
		if _, err := Study(t.Context(), net, c.samples, c.real, model.RunOptions{}, c.opt); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Study(ctx, net, samples, stripes(1, 30, 32), model.RunOptions{}, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
