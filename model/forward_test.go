package model

import (
	"errors"
	"math"
	"strings"
	"sync"
	"testing"
)

// noise returns images of a config, drawn by its law of latents: any values do.
func noise(n int, cfg Config) Tensor {
	x := NewTensor(n, cfg.Size, cfg.Size, cfg.Channels)
	cfg.LatentDim = len(x.Data)
	cfg.Law = Uniform
	copy(x.Data, Latents(9, 0, 1, cfg).Data)
	return x
}

func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestEveryShape runs both nets of every family, size and number of channels.
func TestEveryShape(t *testing.T) {
	pool := testPool(t, 2)
	for _, arch := range []Arch{PyTorch, Paper} {
		for _, size := range []int{16, 28, 32, 64, 128} {
			for _, channels := range []int{1, 3} {
				cfg := tiny(arch, size)
				cfg.Channels, cfg.GWidth, cfg.DWidth = channels, 1, 1
				g, d := testPair(t, cfg)
				opt := RunOptions{Pool: pool}
				y := must(g.Generate(Latents(1, 0, 2, cfg), opt))(t)
				if want := []int{2, size, size, channels}; !equalInts(y.Shape, want) {
					t.Fatalf("%v: images %v, want %v", cfg, y.Shape, want)
				}
				logits := must(d.Logits(y, opt))(t)
				if !equalInts(logits.Shape, []int{2}) {
					t.Fatalf("%v: logits %v", cfg, logits.Shape)
				}
				if logits.Data[0] == logits.Data[1] {
					t.Errorf("%v: two images, one logit %v", cfg, logits.Data[0])
				}
			}
		}
	}
}

func equalInts(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// TestImageDoesNotDependOnItsBatch draws images together, in parts and alone.
func TestImageDoesNotDependOnItsBatch(t *testing.T) {
	for _, arch := range []Arch{PyTorch, Paper} {
		cfg := tiny(arch, 16)
		g, d := testPair(t, cfg)
		opt := RunOptions{Pool: testPool(t, 2)}
		const n = maxBatch + 7
		z := Latents(2, 0, n, cfg)
		// Small runs first: the programs must grow.
		for _, part := range []int{1, 3, n} {
			got := NewTensor(n, 16, 16, 3)
			for i := 0; i < n; i += part {
				y := must(g.Generate(z.Slice(i, min(n, i+part)), opt))(t)
				copy(got.Slice(i, min(n, i+part)).Data, y.Data)
			}
			all := must(g.Generate(z, opt))(t)
			compareBits(t, "images", got.Data, all.Data)
			logits := must(d.Logits(all, opt))(t)
			one := must(d.Logits(all.Slice(n-1, n), opt))(t)
			compareBits(t, "logit", one.Data, logits.Data[n-1:])
		}
	}
}

func TestBatchStatsUseTheWholeBatch(t *testing.T) {
	cfg := tiny(PyTorch, 16)
	g, _ := testPair(t, cfg)
	opt := RunOptions{Pool: testPool(t, 2), BatchStats: true}
	const n = maxBatch + 6
	before := g.State()
	act := must(g.Activations(Latents(2, 0, n, cfg), []Point{{"up1", Pre}, {"up1", Post}}, opt))(t)
	// Before ReLU each channel has its gain as deviation and bias 0 as mean, so
	// half or so of the values are above 0; check against the definition.
	pre, post := act[0], act[1]
	c := pre.Shape[3]
	gain := g.blocks[1].norm.W
	for ch := range c {
		var sum, squares, count float64
		for i := ch; i < len(pre.Data); i += c {
			v := float64(pre.Data[i])
			sum, squares, count = sum+v, squares+v*v, count+1
		}
		mean := sum / count
		inv := 1 / math.Sqrt(squares/count-mean*mean+1e-5)
		for i := ch; i < len(pre.Data); i += c {
			want := max(0, (float64(pre.Data[i])-mean)*inv*float64(gain[ch]))
			if !(math.Abs(float64(post.Data[i])-want) <= 1e-5) {
				t.Fatalf("value %d = %v, want %v", i, post.Data[i], want)
			}
		}
	}
	compareStates(t, g.State(), before)
}

func compareStates(t *testing.T, got, want []NamedTensor) {
	t.Helper()
	for i := range want {
		compareBits(t, want[i].Name, got[i].Data, want[i].Data)
		for j, v := range want[i].Ints {
			if got[i].Ints[j] != v {
				t.Errorf("%s = %d, want %d", want[i].Name, got[i].Ints[j], v)
			}
		}
	}
}

func TestMaskOfOnesIsIdentity(t *testing.T) {
	cfg := tiny(Paper, 32)
	g, d := testPair(t, cfg)
	plain := RunOptions{Pool: testPool(t, 2)}
	masked := plain
	masked.Masks = map[string][]float32{}
	ones := func(n int) []float32 {
		m := make([]float32, n)
		for i := range m {
			m[i] = 1
		}
		return m
	}
	for i, l := range append(g.Layers(), d.Layers()...) {
		n := l.Channels
		if i%2 == 1 {
			n *= l.Height * l.Width
		}
		masked.Masks[l.Name] = ones(n)
	}
	only := func(n *net) RunOptions {
		o := plain
		o.Masks = map[string][]float32{}
		for _, l := range n.Layers() {
			o.Masks[l.Name] = masked.Masks[l.Name]
		}
		return o
	}
	z := Latents(2, 0, 3, cfg)
	y := must(g.Generate(z, plain))(t)
	compareBits(t, "images", must(g.Generate(z, only(g.net)))(t).Data, y.Data)
	compareBits(t, "logits", must(d.Logits(y, only(d.net)))(t).Data, must(d.Logits(y, plain))(t).Data)
}

// TestMaskAndEditAgree drops a unit by a mask, by a mask of locations and by
// an edit.
func TestMaskAndEditAgree(t *testing.T) {
	cfg := tiny(PyTorch, 32)
	g, _ := testPair(t, cfg)
	pool := testPool(t, 2)
	z := Latents(2, 0, maxBatch+5, cfg)
	l := g.Layers()[1]
	mask, located := make([]float32, l.Channels), make([]float32, l.Channels*l.Height*l.Width)
	for i := range mask {
		mask[i] = float32(min(i, 1)) // unit 0
	}
	for i := range located {
		located[i] = mask[i%l.Channels]
	}
	seen := 0
	edit := func(first int, act Tensor) error {
		if want := []int{act.Len(), l.Height, l.Width, l.Channels}; !equalInts(act.Shape, want) || first != seen {
			t.Errorf("edit of image %d on with shape %v, want %d and %v", first, act.Shape, seen, want)
		}
		seen += act.Len()
		for i := 0; i < len(act.Data); i += l.Channels {
			act.Data[i] = 0
		}
		return nil
	}
	before := g.State()
	plain := must(g.Generate(z, RunOptions{Pool: pool}))(t)
	one := must(g.Generate(z, RunOptions{Pool: pool, Masks: map[string][]float32{l.Name: mask}}))(t)
	two := must(g.Generate(z, RunOptions{Pool: pool, Masks: map[string][]float32{l.Name: located}}))(t)
	three := must(g.Generate(z, RunOptions{Pool: pool, Edits: map[string]func(int, Tensor) error{l.Name: edit}}))(t)
	compareBits(t, "mask of locations", two.Data, one.Data)
	compareBits(t, "edit", three.Data, one.Data)
	if seen != z.Len() {
		t.Errorf("%d images edited, want %d", seen, z.Len())
	}
	differs := false
	for i, v := range plain.Data {
		differs = differs || v != one.Data[i]
	}
	if !differs {
		t.Error("dropping a unit changed nothing")
	}
	compareStates(t, g.State(), before)
	compareBits(t, "after", must(g.Generate(z, RunOptions{Pool: pool}))(t).Data, plain.Data)
}

func TestErrorOfEditLeavesModelUnchanged(t *testing.T) {
	cfg := tiny(PyTorch, 16)
	g, _ := testPair(t, cfg)
	opt := RunOptions{Pool: testPool(t, 2)}
	z := Latents(2, 0, 2, cfg)
	want := must(g.Generate(z, opt))(t)
	mine := errors.New("mine")
	bad := opt
	bad.Edits = map[string]func(int, Tensor) error{"up1": func(_ int, act Tensor) error {
		clear(act.Data)
		return mine
	}}
	if _, err := g.Generate(z, bad); !errors.Is(err, mine) {
		t.Errorf("error %v, want the edit's own", err)
	}
	bad.Edits = map[string]func(int, Tensor) error{"up1": func(int, Tensor) error { panic("oops") }}
	if _, err := g.Generate(z, bad); err == nil || !strings.Contains(err.Error(), "oops") {
		t.Errorf("error %v, want the panic", err)
	}
	compareBits(t, "images", must(g.Generate(z, opt))(t).Data, want.Data)
}

// TestActivationsStopEarly looks at a middle layer and checks that no op of a
// later one has run.
func TestActivationsStopEarly(t *testing.T) {
	cfg := tiny(PyTorch, 64)
	_, d := testPair(t, cfg)
	opt := RunOptions{Pool: testPool(t, 2)}
	x := noise(3, cfg)
	act := must(d.Activations(x, []Point{{"conv2", Pre}, {"conv1", Post}, {"conv1", Pre}}, opt))(t)
	for i, want := range [][]int{{3, 16, 16, 6}, {3, 32, 32, 3}, {3, 32, 32, 3}} {
		if !equalInts(act[i].Shape, want) {
			t.Errorf("activations %d of shape %v, want %v", i, act[i].Shape, want)
		}
	}
	s := d.machine.forward
	ran := func(p activationAt) bool { return s.node(p).Op().(*op).result != nil }
	if !ran(activationAt{1, true}) || ran(activationAt{1, false}) || ran(activationAt{2, true}) || ran(activationAt{4, false}) {
		t.Error("the run went past the second layer's convolution")
	}
	for i, v := range act[1].Data {
		want := act[2].Data[i]
		if want <= 0 {
			want *= leak
		}
		if v != want {
			t.Fatalf("conv1[%d] = %v, want %v", i, v, want)
		}
	}
	// The same values whatever else is asked for.
	all := must(d.Activations(x, []Point{{"conv1", Post}, {"logit", Post}}, opt))(t)
	compareBits(t, "conv1", all[0].Data, act[1].Data)
	compareBits(t, "logit", all[1].Data, must(d.Logits(x, opt))(t).Data)
}

func TestEmptyBatch(t *testing.T) {
	cfg := tiny(PyTorch, 16)
	g, d := testPair(t, cfg)
	y := must(g.Generate(NewTensor(0, 5), RunOptions{}))(t)
	if !equalInts(y.Shape, []int{0, 16, 16, 3}) {
		t.Errorf("shape %v", y.Shape)
	}
	if l := must(d.Logits(y, RunOptions{}))(t); !equalInts(l.Shape, []int{0}) {
		t.Errorf("shape %v", l.Shape)
	}
}

func TestRunsRefuseBadInput(t *testing.T) {
	cfg := tiny(PyTorch, 16)
	g, d := testPair(t, cfg)
	z, x := Latents(1, 0, 2, cfg), noise(2, cfg)
	for want, run := range map[string]func() error{
		"latents of shape [2 6], want [N 5]": func() error { _, err := g.Generate(NewTensor(2, 6), RunOptions{}); return err },
		"latents of shape [2 5 2 2]":         func() error { _, err := g.Generate(NewTensor(2, 5, 2, 2), RunOptions{}); return err },
		"has 10 values, want 15": func() error {
			_, err := g.Generate(Tensor{Shape: []int{3, 5}, Data: z.Data}, RunOptions{})
			return err
		},
		"images of shape [2 8 16 3], want [N 16 16 3]": func() error { _, err := d.Logits(NewTensor(2, 8, 16, 3), RunOptions{}); return err },
		`no layer "conv9", want one of conv1, conv2, logit`: func() error {
			_, err := d.Activations(x, []Point{{Layer: "conv9"}}, RunOptions{})
			return err
		},
		`layer "up1": a mask of 7 factors, want 2 (channels) or 128`: func() error {
			_, err := g.Generate(z, RunOptions{Masks: map[string][]float32{"up1": make([]float32, 7)}})
			return err
		},
		`no layer "a", want`: func() error {
			_, err := g.Generate(z, RunOptions{Masks: map[string][]float32{"b": nil, "a": nil}})
			return err
		},
		`no layer "e"`: func() error {
			_, err := g.Generate(z, RunOptions{Edits: map[string]func(int, Tensor) error{"e": nil}})
			return err
		},
		"unit 6, want 0 to 5": func() error {
			_, err := d.InputGradient(x, Target{Point: Point{Layer: "conv2"}, Unit: 6}, GradientOptions{})
			return err
		},
		"no location 16, want 0 to 15": func() error {
			_, err := d.InputGradient(x, Target{Point: Point{Layer: "conv2"}, At: []int{0, 16}}, GradientOptions{})
			return err
		},
		"1 locations for 2 images": func() error {
			_, err := d.InputGradient(x, Target{Point: Point{Layer: "conv2"}, At: []int{0}}, GradientOptions{})
			return err
		},
		"a gradient of shape [2 1], want [2 16 16 3]": func() error { _, err := g.LatentGradient(z, NewTensor(2, 1), RunOptions{}); return err },
		"unknown rule": func() error {
			_, err := d.InputGradient(x, Target{Point: Point{Layer: "conv2"}}, GradientOptions{Rule: 5})
			return err
		},
		"edits of activations have no gradient": func() error {
			_, err := d.InputGradient(x, Target{Point: Point{Layer: "conv2"}}, GradientOptions{RunOptions: RunOptions{
				Edits: map[string]func(int, Tensor) error{"conv1": func(int, Tensor) error { return nil }}}})
			return err
		},
	} {
		if err := run(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

// TestLatentsWithPyTorchAxes takes [N, nz, 1, 1] for [N, nz].
func TestLatentsWithPyTorchAxes(t *testing.T) {
	cfg := tiny(PyTorch, 16)
	g, _ := testPair(t, cfg)
	z := Latents(1, 0, 2, cfg)
	want := must(g.Generate(z, RunOptions{}))(t)
	z.Shape = []int{2, 5, 1, 1}
	compareBits(t, "images", must(g.Generate(z, RunOptions{}))(t).Data, want.Data)
}

// TestRunsFromManyGoroutines is for the race detector.
func TestRunsFromManyGoroutines(t *testing.T) {
	cfg := tiny(PyTorch, 16)
	g, _ := testPair(t, cfg)
	z := Latents(1, 0, 9, cfg)
	want := must(g.Generate(z, RunOptions{}))(t)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			y, err := g.Generate(z.Slice(i, 9), RunOptions{})
			if err != nil {
				t.Error(err)
				return
			}
			compareBits(t, "images", y.Data, want.Slice(i, 9).Data)
		})
	}
	wg.Wait()
}
