package checkpoint

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dcganviz/model"
)

func TestOpenArrays(t *testing.T) {
	dir := foreign("arrays")
	c, err := Open(dir, OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := model.Config{Arch: model.Paper, Size: 16, Channels: 3, LatentDim: 5, GWidth: 2, DWidth: 2, BNEps: 1e-8}
	if c.Meta.Config != want || len(c.SHA256) != 64 {
		t.Errorf("%+v, want %+v", c.Meta.Config, want)
	}
	u, err := Open(filepath.Join(dir, "200_gen_params.jl_03.npy"), OpenOptions{Unflipped: true})
	if err != nil {
		t.Fatal(err)
	}
	// Unflipped, each kernel is turned around and nothing else is different.
	for k, pair := range [][2][]model.NamedTensor{{c.G.State(), u.G.State()}, {c.D.State(), u.D.State()}} {
		for i, e := range pair[0] {
			other := pair[1][i]
			taps := 1
			if len(e.Shape) == 4 {
				taps = 25
			}
			for j, v := range e.Data {
				if at := j - j%taps + taps - 1 - j%taps; other.Data[at] != v {
					t.Fatalf("net %d: %s[%d] is %v, turned around %v", k, e.Name, j, v, other.Data[at])
				}
			}
		}
	}
	if u.SHA256 != c.SHA256 {
		t.Error("the digest depends on how the arrays are read")
	}
}

func TestOpenArraysMissingOne(t *testing.T) {
	dir := t.TempDir()
	files, err := filepath.Glob(filepath.Join(foreign("arrays"), "*"))
	if err != nil || len(files) != 12 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if strings.HasSuffix(f, "gen_params.jl_04.npy") {
			continue
		}
		b, err := os.ReadFile(f)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(f)), b, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(dir, OpenOptions{}); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "jl_04.npy") {
		t.Errorf("%v, want ErrRefused with the file's name", err)
	}
}

// TestOpenPublishedNets opens nets that others have published and that the
// repository does not hold: $DCGANVIZ_PUBLISHED/newmu_svhn_dcgan, the arrays of
// the paper's authors, and $DCGANVIZ_PUBLISHED/pytorch, a generator of digits.
func TestOpenPublishedNets(t *testing.T) {
	dir := os.Getenv("DCGANVIZ_PUBLISHED")
	if dir == "" {
		t.Skip("DCGANVIZ_PUBLISHED names no folder with published nets")
	}
	path := filepath.Join(dir, "newmu_svhn_dcgan")
	c, err := Open(path, OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	u, err := Open(path, OpenOptions{Unflipped: true})
	if err != nil {
		t.Fatal(err)
	}
	want := model.Config{Arch: model.Paper, Size: 32, Channels: 3, LatentDim: 100, GWidth: 64, DWidth: 64, BNEps: 1e-8}
	if c.Meta.Config != want || c.Meta.BN != BatchStats {
		t.Errorf("%+v, want %+v", c.Meta, want)
	}
	// D is sure that its own G's pictures are drawn. Unflipped, G draws mush with
	// a grey frame, and D, turned around too, is not.
	score, wrong := meanLogit(t, c), meanLogit(t, u)
	edge, frame := edgeContrast(t, c), edgeContrast(t, u)
	t.Logf("mean logit %.2f, unflipped %.2f; contrast at the edge %.2f, unflipped %.2f", score, wrong, edge, frame)
	if !(score > -9 && score < -3) || !(wrong > 0) {
		t.Errorf("mean logit %.2f, want -9 to -3; unflipped %.2f, want above 0", score, wrong)
	}
	if !(edge > 1.5*frame) {
		t.Errorf("contrast at the edge %.2f, unflipped %.2f, want much less", edge, frame)
	}
	c, err = Open(filepath.Join(dir, "pytorch", "ryhan9834_digitdcgan_generator.pth"), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if cfg := c.Meta.Config; c.D != nil || cfg.Arch != model.Custom || cfg.Size != 28 || cfg.Channels != 1 || cfg.LatentDim != 64 || c.Meta.BN != RunningStats {
		t.Errorf("%+v", c.Meta)
	}
	// Digits are white on black, with black all around.
	x := drawn(t, c)
	edgeSum, centre := 0.0, 0.0
	for i := range x.Len() {
		for j, v := range x.Row(i) {
			if y, x := j/28, j%28; y == 0 || y == 27 || x == 0 || x == 27 {
				edgeSum += float64(v) / (27 * 4)
			} else if y >= 10 && y < 18 && x >= 10 && x < 18 {
				centre += float64(v) / 64
			}
		}
	}
	if n := float64(x.Len()); !(edgeSum/n < -0.95) || !(centre/n > -0.6) {
		t.Errorf("mean %.3f at the edge, %.3f in the middle: no digits", edgeSum/n, centre/n)
	}
}

func drawn(t *testing.T, c *Checkpoint) model.Tensor {
	t.Helper()
	x, err := c.G.Generate(model.Latents(3, 0, 64, c.Meta.Config), model.RunOptions{BatchStats: c.Meta.BN == BatchStats})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func meanLogit(t *testing.T, c *Checkpoint) (mean float64) {
	t.Helper()
	logits, err := c.D.Logits(drawn(t, c), model.RunOptions{BatchStats: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range logits.Data {
		mean += float64(l) / float64(len(logits.Data))
	}
	return mean
}

// edgeContrast returns the spread over images of the outermost pixels, relative
// to that of all others.
func edgeContrast(t *testing.T, c *Checkpoint) float64 {
	t.Helper()
	x := drawn(t, c)
	size, channels := x.Shape[1], x.Shape[3]
	var spread, count [2]float64
	for j := range x.Row(0) {
		var sum, squares float64
		for i := range x.Len() {
			v := float64(x.Row(i)[j])
			sum += v
			squares += v * v
		}
		n := float64(x.Len())
		where := 0
		if y, x := j/channels/size, j/channels%size; y == 0 || x == 0 || y == size-1 || x == size-1 {
			where = 1
		}
		spread[where] += squares/n - sum/n*sum/n
		count[where]++
	}
	return math.Sqrt(spread[1] / count[1] / (spread[0] / count[0]))
}
