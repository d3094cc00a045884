package model

import (
	"strings"
	"testing"
)

// TestContinueIsActivations runs nets of all families on from each of their
// layers, and compares with what they find when run from the input: before and
// after the later layers' activations, with a mask and an edit of one of them.
func TestContinueIsActivations(t *testing.T) {
	check := func(name string, n *net, x Tensor) {
		layers := n.Layers()
		for at, l := range layers[:len(layers)-1] {
			// Other batch sizes first, so that programs have to grow.
			for _, images := range []int{2, x.Len()} {
				x := x.Slice(0, images)
				for _, batchStats := range []bool{false, true} {
					next, end := layers[at+1], layers[len(layers)-1]
					mask := make([]float32, next.Channels)
					for i := range mask {
						mask[i] = float32(i%3) / 2
					}
					opt := RunOptions{Pool: testPool(t, 2), BatchStats: batchStats,
						Masks: map[string][]float32{next.Name: mask},
						Edits: map[string]func(int, Tensor) error{next.Name: func(first int, act Tensor) error {
							act.Data[0] += float32(first + 1)
							return nil
						}}}
					points := []Point{{next.Name, Pre}, {next.Name, Post}, {end.Name, Pre}, {end.Name, Post}}
					want := must(n.Activations(x, append(points, Point{Layer: l.Name}), opt))(t)
					act := want[len(points)]
					before := act.Clone()
					for k := range points { // one alone runs in place
						got := must(n.Continue(l.Name, act, points[k:k+1], opt))(t)
						compareBits(t, name+" from "+l.Name+" to "+points[k].String(), got[0].Data, want[k].Data)
					}
					for k, got := range must(n.Continue(l.Name, act, points, opt))(t) {
						compareBits(t, name+" from "+l.Name+", "+points[k].String(), got.Data, want[k].Data)
					}
					compareBits(t, "its input", act.Data, before.Data)
				}
			}
		}
	}
	for _, arch := range []Arch{PyTorch, Paper} {
		cfg := tiny(arch, 16)
		g, d := testPair(t, cfg)
		check(arch.String()+" G", g.net, Latents(3, 0, maxBatch+3, cfg))
		check(arch.String()+" D", d.net, noise(maxBatch+3, cfg))
	}
	odd := oddConfig(t)
	g, d := testPair(t, odd)
	z := Latents(3, 0, 3, odd)
	check("odd G", g.net, z)
	check("odd D", d.net, must(g.Generate(z, RunOptions{}))(t))
}

func TestContinueRefuses(t *testing.T) {
	cfg := tiny(PyTorch, 16)
	g, _ := testPair(t, cfg)
	l := g.Layers()
	act := must(g.Activations(Latents(1, 0, 2, cfg), []Point{{Layer: l[1].Name}}, RunOptions{}))(t)[0]
	end := []Point{{Layer: l[len(l)-1].Name}}
	for _, c := range []struct {
		layer  string
		act    Tensor
		points []Point
		opt    RunOptions
		want   string
	}{
		{"up9", act, end, RunOptions{}, `no layer "up9"`},
		{end[0].Layer, act, end, RunOptions{}, "nothing comes after"},
		{l[0].Name, act, end, RunOptions{}, "activations of shape"},
		{l[1].Name, Tensor{act.Shape, act.Data[1:]}, end, RunOptions{}, "values, want"},
		{l[1].Name, act, []Point{{Layer: l[1].Name}}, RunOptions{}, "is not run"},
		{l[1].Name, act, end, RunOptions{Masks: map[string][]float32{l[0].Name: nil}}, "is not run"},
		{l[1].Name, act, end, RunOptions{Edits: map[string]func(int, Tensor) error{l[1].Name: nil}}, "is not run"},
	} {
		if _, err := g.Continue(c.layer, c.act, c.points, c.opt); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.layer, err, c.want)
		}
	}
	none := Tensor{[]int{0, l[1].Height, l[1].Width, l[1].Channels}, nil}
	if got := must(g.Continue(l[1].Name, none, end, RunOptions{}))(t); got[0].Len() != 0 {
		t.Errorf("%v of no samples", got[0].Shape)
	}
}
