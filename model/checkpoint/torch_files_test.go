package checkpoint

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dcganviz/internal/npy"
	"dcganviz/model"
)

// ckptFolder returns the folder with checkpoints of pytorch/examples' DCGAN,
// which are too large for the repository.
func ckptFolder(t testing.TB) string {
	dir := os.Getenv("DCGANVIZ_CKPT")
	if dir == "" {
		t.Skip("DCGANVIZ_CKPT names no folder with PyTorch's checkpoints")
	}
	return dir
}

// ckptTolerance is how far pixels and scores may be from PyTorch's.
const ckptTolerance = 1e-5

func readNPY(t testing.TB, path string) *npy.Array {
	t.Helper()
	a, err := npy.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestOpenPyTorchFiles(t *testing.T) {
	dir := ckptFolder(t)
	at := func(name string) string { return filepath.Join(dir, name) }
	array := func(name string) *npy.Array { return readNPY(t, at(name)) }
	z := array("z.npy")
	latents := model.Tensor{Shape: z.Shape, Data: z.Data}
	images := func(name string, x model.Tensor, want *npy.Array) {
		t.Helper()
		y, err := x.ToNCHW()
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, name, y.Data, want.Data)
	}
	real, err := model.FromNCHW(model.Tensor{Shape: array("images_eval.npy").Shape, Data: array("images_eval.npy").Data})
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, name := range []string{
		"netG.pth", "netG_legacy.pth", "netG_dataparallel.pth", "netG_half.pth", "netG_double.pth", "netG_channels_last_strides.pth",
		"netG_shared_storage.pth", "netG_shared_storage_legacy.pth", "netD.pth", "netD_legacy.pth", "netD_dataparallel.pth", "full_checkpoint.pth",
	} {
		if _, err := os.Stat(at(name)); err != nil {
			t.Logf("%s is not there", name)
			continue
		}
		tried++
		c, err := Open(at(name), OpenOptions{})
		if err != nil {
			t.Error(err)
			continue
		}
		full := name == "full_checkpoint.pth"
		if g, d := full || strings.HasPrefix(name, "netG"), full || strings.HasPrefix(name, "netD"); g != (c.G != nil) || d != (c.D != nil) {
			t.Errorf("%s: G %v, D %v, want %v, %v", name, c.G != nil, c.D != nil, g, d)
			continue
		}
		if c.Meta.Config.Arch != model.PyTorch || c.Meta.BN != RunningStats || c.Meta.Config.Law != model.Normal {
			t.Errorf("%s: %+v", name, c.Meta)
		}
		if c.G != nil {
			want := "images_eval.npy"
			if name == "netG_half.pth" {
				want = "images_eval_half.npy"
			}
			x, err := c.G.Generate(latents, model.RunOptions{})
			if err != nil {
				t.Fatal(err)
			}
			images(name, x, array(want))
			if want == "images_eval.npy" {
				if x, err = c.G.Generate(latents, model.RunOptions{BatchStats: true}); err != nil {
					t.Fatal(err)
				}
				images(name+" with batch statistics", x, array("images_trainmode.npy"))
			}
		}
		if c.D != nil {
			logits, err := c.D.Logits(real, model.RunOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for i, l := range logits.Data {
				logits.Data[i] = model.Score(l)
			}
			closeTo(t, name, logits.Data, array("d_of_images_eval.npy").Data)
		}
	}
	if tried < 7 {
		t.Errorf("%d of the checkpoints are in %s, want 7 or more", tried, dir)
	}
}

func closeTo(t testing.TB, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	worst := 0.0
	for i := range got {
		d := math.Abs(float64(got[i]) - float64(want[i]))
		if !(d <= ckptTolerance) {
			t.Errorf("%s: number %d is %v, want %v", what, i, got[i], want[i])
			return
		}
		worst = max(worst, d)
	}
	t.Logf("%s: off by %.2g at most", what, worst)
}

func TestOpenRefusesBadPyTorchFiles(t *testing.T) {
	dir := ckptFolder(t)
	for name, says := range map[string]string{"foreign_global.pth": "pathlib", "truncated_netG.pth": "cut short"} {
		_, err := Open(filepath.Join(dir, name), OpenOptions{})
		if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want one line with %q, of kind %v", name, err, says, ErrRefused)
		} else {
			t.Log(err)
		}
	}
}
