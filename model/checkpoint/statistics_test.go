package checkpoint

import (
	"math"
	"testing"

	"dcganviz/model"
)

// TestEstimatedStatisticsAreThoseOfBatches draws with the authors' way, in which
// batch norm uses the statistics of the batch, and with the estimate: over many
// images the pixels agree closely.
func TestEstimatedStatisticsAreThoseOfBatches(t *testing.T) {
	c, err := Open(foreign("arrays"), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	pool := testPool(t, 2)
	z := model.Latents(7, 0, 2048, c.Meta.Config)
	want := must(c.G.Generate(z, model.RunOptions{Pool: pool, BatchStats: true}))(t)
	wantLogits := must(c.D.Logits(want, model.RunOptions{Pool: pool, BatchStats: true}))(t)
	// Two samples differ by some hundredths of a deviation in each layer.
	const tol = 0.15
	if d := relative(must(c.G.Generate(z, model.RunOptions{Pool: pool}))(t).Data, want.Data); !(d > 2*tol) {
		t.Fatalf("without statistics images differ by %.3f of their size, want a case where it shows", d)
	}
	done, err := c.EstimateStatistics(pool)
	if err != nil {
		t.Fatal(err)
	}
	if done == "" || c.Meta.BN != RunningStats || !c.G.HasRunningStats() || !c.D.HasRunningStats() {
		t.Fatalf("%q: %v", done, c.Meta.BN)
	}
	got := must(c.G.Generate(z, model.RunOptions{Pool: pool}))(t)
	logits := must(c.D.Logits(want, model.RunOptions{Pool: pool}))(t)
	if d := relative(got.Data, want.Data); !(d < tol) {
		t.Errorf("images differ by %.3f of their size", d)
	}
	if d := relative(logits.Data, wantLogits.Data); !(d < tol) {
		t.Errorf("logits differ by %.3f of their size", d)
	}
	again, err := Open(foreign("arrays"), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.EstimateStatistics(nil); err != nil {
		t.Fatal(err)
	}
	sameState(t, "G", again.G.State(), c.G.State(), equalBits)
	sameState(t, "D", again.D.State(), c.D.State(), equalBits)
	if done, err := again.EstimateStatistics(nil); done != "" || err != nil {
		t.Errorf("a second time: %q, %v", done, err)
	}
}

// relative returns the root mean square of got-want over that of want.
func relative(got, want []float32) float64 {
	var d, w float64
	for i, v := range want {
		d += math.Pow(float64(got[i]-v), 2)
		w += math.Pow(float64(v), 2)
	}
	return math.Sqrt(d / w)
}
