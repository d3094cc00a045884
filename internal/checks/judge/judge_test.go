package main

import (
	"bytes"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// tiles returns images of 2x2 grey pixels.
func tiles(values ...[4]float32) model.Tensor {
	x := model.NewTensor(len(values), 2, 2, 3)
	for i, v := range values {
		for k := range x.Row(i) {
			x.Row(i)[k] = v[k/3]
		}
	}
	return x
}

func TestLookByHand(t *testing.T) {
	// Means 0, 1 and -1; within the first, values of -1 and 1 in equal parts.
	l := lookOf(tiles([4]float32{-1, 1, -1, 1}, [4]float32{1, 1, 1, 1}, [4]float32{-1, -1, -1, -1}))
	within := math.Sqrt(12. / 11) // of twelve values at 1 from their mean
	for _, c := range []struct {
		what      string
		got, want float64
	}{{"brightness", l.brightness, 1}, {"contrast", l.contrast, within / 3}, {"its deviation", l.contrastSD, within / math.Sqrt(3)}} {
		if !(math.Abs(c.got-c.want) <= 1e-12) {
			t.Errorf("%s %g, want %g", c.what, c.got, c.want)
		}
	}
}

func TestExtremesAreHalfOrMore(t *testing.T) {
	x := tiles([4]float32{1, 0.95, 0, 0}, [4]float32{1, 0.8, 0, 0}, [4]float32{-1, -0.95, -0.8, 0}, [4]float32{-1, -1, -1, -1})
	if burnt, black := extremes(x); burnt != 1 || black != 2 {
		t.Errorf("%d burnt and %d black, want 1 and 2", burnt, black)
	}
	x.Row(0)[0] = 0 // the first pixel is no longer white in each channel
	x.Row(2)[0] = 0
	if burnt, black := extremes(x); burnt != 0 || black != 1 {
		t.Errorf("%d burnt and %d black, want 0 and 1", burnt, black)
	}
}

func TestJudgeTellsNetsApart(t *testing.T) {
	cfg := model.Config{Arch: model.PyTorch, Size: 32, Channels: 3, LatentDim: 4, GWidth: 2, DWidth: 2}
	dir := t.TempDir()
	g, err := model.NewG(cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	gray := filepath.Join(dir, "gray.safetensors")
	if err := checkpoint.Save(gray, &checkpoint.Checkpoint{G: g, Meta: checkpoint.Meta{Config: cfg}}, checkpoint.SaveOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, p := range g.Params() { // each pixel at one end, as its noise says
		for i := range p.W {
			p.W[i] *= 1000
		}
		p.Changed()
	}
	harsh := filepath.Join(dir, "harsh.safetensors")
	if err := checkpoint.Save(harsh, &checkpoint.Checkpoint{G: g, Meta: checkpoint.Meta{Config: cfg}}, checkpoint.SaveOptions{}); err != nil {
		t.Fatal(err)
	}
	var out, stderr bytes.Buffer
	args := []string{"-images", filepath.FromSlash("../../../testdata/data/facades"), "-sets", "3", "-samples", "12", gray, harsh, gray}
	if code := run(t.Context(), args, &out, &stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	rows := lines[max(0, len(lines)-3):]
	if len(lines) != 7 || rows[0] != rows[2] || rows[0] == rows[1] {
		t.Errorf("a net, another and the first again give\n%s", &out)
	}
	for _, args := range [][]string{{gray}, {"-images", dir}, {"-images", dir, "-sets", "1", gray}} {
		if code := run(t.Context(), args, &out, &stderr); code != 2 {
			t.Errorf("%q: exit code %d, want 2", args, code)
		}
	}
	if code := run(t.Context(), []string{"-images", filepath.Join(dir, "none"), gray}, &out, &stderr); code != 1 {
		t.Errorf("pictures that are not there: exit code %d, want 1", code)
	}
}
