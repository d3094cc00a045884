package filters

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"dcganviz/model"
	"dcganviz/probe"
)

func TestMaximizeClimbs(t *testing.T) {
	for _, cfg := range testConfigs(t) {
		d := testD(t, cfg)
		m, x, err := Maximize(context.Background(), d, solo, MaximizeOptions{Units: []int{1, 0}, Settings: probe.Settings{Seed: 2}})
		if err != nil {
			t.Fatal(err)
		}
		layer := model.Point{Layer: d.Layers()[must(fieldsOf(d).layer(""))(t)].Name}
		act := must(d.Activations(x, []model.Point{layer}, solo))(t)[0]
		real := must(Look(context.Background(), d, testImages(12, 50, cfg), solo, Options{Units: []int{1, 0}, Top: 1}))(t)
		for i, one := range m {
			at := (one.Y*act.Shape[2]+one.X)*act.Shape[3] + one.Unit
			if got := float64(act.Row(i)[at]); got != one.End {
				t.Errorf("%v unit %d: the image has %v, want End %v", cfg.Arch, one.Unit, got, one.End)
			}
			if best := real.Report.Trained.Units[i].Top[0].Value; !(one.End > one.Start && one.End > best) {
				t.Errorf("%v unit %d: from %v to %v, with %v on noise", cfg.Arch, one.Unit, one.Start, one.End, best)
			}
		}
		for i, v := range x.Data {
			if !(v >= -1 && v <= 1) {
				t.Fatalf("pixel %d is %v", i, v)
			}
		}
	}
}

// TestMaximizeOfAUnit does not depend on which others are asked for, nor on the
// threads; another seed starts elsewhere.
func TestMaximizeOfAUnit(t *testing.T) {
	d := testD(t, testConfig(model.PyTorch, 32))
	run := func(seed uint64, threads int, units ...int) ([]Maximum, model.Tensor) {
		pool := model.NewPool(threads)
		defer pool.Close()
		m, x, err := Maximize(context.Background(), d, model.RunOptions{Pool: pool}, MaximizeOptions{Units: units, Steps: 6, Settings: probe.Settings{Seed: seed}})
		if err != nil {
			t.Fatal(err)
		}
		return m, x
	}
	m, x := run(1, 2, 3, 5)
	alone, y := run(1, 1, 5)
	if m[1] != alone[0] || !slices.Equal(x.Row(1), y.Row(0)) {
		t.Errorf("unit 5 is %v among others and %v alone", m[1], alone[0])
	}
	if other, _ := run(2, 2, 5); other[0].Start == alone[0].Start {
		t.Error("two seeds start at one activation")
	}
}

func TestMaximizeLeavesADeadUnitAlone(t *testing.T) {
	d := testD(t, testConfig(model.PyTorch, 32))
	mask := make([]float32, 12)
	m, x, err := Maximize(context.Background(), d, model.RunOptions{Pool: solo.Pool, Masks: map[string][]float32{"conv3": mask}}, MaximizeOptions{Units: []int{0}, Steps: 5})
	if err != nil {
		t.Fatal(err)
	}
	if m[0].Start != 0 || m[0].End != 0 {
		t.Errorf("a unit held at zero is %+v", m[0])
	}
	for _, v := range x.Data {
		if math.IsNaN(float64(v)) {
			t.Fatal("NaN in the image")
		}
	}
}

func TestMaximizeRefuses(t *testing.T) {
	d := testD(t, testConfig(model.Paper, 16))
	for _, opt := range []MaximizeOptions{
		{Steps: -1}, {StepSize: -1}, {StepSize: math.NaN()}, {StepSize: math.Inf(1)}, {JitterPx: 16}, {Layer: "up1"}, {Units: []int{99}},
	} {
		if _, _, err := Maximize(context.Background(), d, solo, opt); !errors.Is(err, probe.ErrInput) {
			t.Errorf("%+v: %v", opt, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Maximize(ctx, d, solo, MaximizeOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestRollAndBlur(t *testing.T) {
	x := testImages(13, 2, model.Config{Size: 9, Channels: 3})
	y := x.Clone()
	roll(y, 2, -3)
	// (4, 5) comes from (2, 8).
	if got, want := y.Row(1)[(4*9+5)*3+1], x.Row(1)[(2*9+8)*3+1]; got != want {
		t.Errorf("rolled pixel %v, want %v", got, want)
	}
	roll(y, -2, 3)
	if !slices.Equal(x.Data, y.Data) {
		t.Error("rolling back gives another image")
	}
	point := model.NewTensor(1, 5, 7, 2)
	point.Data[(2*7+3)*2+1] = 16
	blur(point)
	for i, v := range point.Data {
		dy, dx := i/2/7-2, i/2%7-3
		want := float32(0)
		if i%2 == 1 && max(dy, -dy, dx, -dx) <= 1 {
			want = []float32{4, 2, 1}[dy*dy+dx*dx]
		}
		if v != want {
			t.Errorf("blurred point at (%d, %d) is %v, want %v", dy, dx, v, want)
		}
	}
}
