package vector

import (
	"context"
	"math"
	"testing"

	"dcganviz/model"
)

// opposite are latents about a point and about its opposite.
func opposite(seed uint64, n int, cfg model.Config) Contrast {
	c := Contrast{model.Latents(seed, 0, n, cfg), model.Latents(seed, n, n, cfg)}
	for i := range c.From.Data {
		c.From.Data[i] = c.From.Data[i]/4 - 1
		c.To.Data[i] = c.To.Data[i]/4 + 1
	}
	return c
}

// TestDirectionSeparates: it tells exemplars apart that it was not fitted on, and
// points the other way where the concepts change places.
func TestDirectionSeparates(t *testing.T) {
	cfg := model.Config{Arch: model.PyTorch, Size: 16, Channels: 3, LatentDim: 6, GWidth: 4, DWidth: 4}
	g, err := model.NewG(cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	d, err := model.NewD(cfg, 2)
	if err != nil {
		t.Fatal(err)
	}
	fit, heldout := opposite(1, 10, cfg), opposite(2, 5, cfg)
	x, err := g.Generate(model.Latents(3, 0, 7, cfg), model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	score := func(fit, heldout Contrast, run model.RunOptions) []float64 {
		t.Helper()
		scale, auc, err := FitDirection(context.Background(), g, d, fit, heldout, run)
		if err != nil {
			t.Fatal(err)
		}
		if auc != 1 {
			t.Errorf("AUC %v, want 1", auc)
		}
		v, err := scale(context.Background(), x)
		if err != nil || len(v) != x.Len() {
			t.Fatalf("%v, %v", v, err)
		}
		return v
	}
	there := score(fit, heldout, model.RunOptions{})
	back := score(Contrast{fit.To, fit.From}, Contrast{heldout.To, heldout.From}, model.RunOptions{})
	pool := model.NewPool(2)
	defer pool.Close()
	again := score(fit, heldout, model.RunOptions{Pool: pool})
	for i, v := range there {
		const tolerance = 1e-6 // of a fit that ends at a gradient of 1e-7
		if !(math.Abs(v+back[i]) <= tolerance) || v == 0 {
			t.Errorf("image %d: %v one way, %v the other", i, v, back[i])
		}
		if again[i] != v {
			t.Errorf("image %d: %v with two threads, want %v", i, again[i], v)
		}
	}
	// Concepts that are held out the other way round are told apart as badly.
	if _, auc, err := FitDirection(context.Background(), g, d, fit, Contrast{heldout.To, heldout.From}, model.RunOptions{}); err != nil || auc != 0 {
		t.Errorf("exchanged: AUC %v, %v, want 0", auc, err)
	}
	for _, c := range []Contrast{{}, {From: fit.From, To: fit.To.Slice(0, 0)}, {From: x, To: x}} {
		if _, _, err := FitDirection(context.Background(), g, d, c, heldout, model.RunOptions{}); err == nil {
			t.Errorf("shapes %v and %v: no error", c.From.Shape, c.To.Shape)
		}
	}
}
