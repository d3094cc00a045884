package main

import (
	"image"
	"image/color"
	"image/draw"
	"strings"
	"testing"

	"dcganviz/internal/kernel"
	"dcganviz/model"
)

// otherKernels sets the portable kernels for what is called. It skips the test where
// there are no others.
func otherKernels(t *testing.T, call func()) (class string) {
	t.Helper()
	best := (*model.Pool)(nil).Class()
	t.Setenv(kernel.SIMD, "portable")
	pool := model.NewPool(1)
	defer pool.Close()
	if pool.Class() == best {
		t.Skip("this machine has the portable kernels alone")
	}
	call()
	t.Setenv(kernel.SIMD, "")
	return pool.Class()
}

// TestReplayKnowsOtherKernels: a picture that they drew differs by rounding, and a
// changed pixel by more.
func TestReplayKnowsOtherKernels(t *testing.T) {
	t.Chdir(t.TempDir())
	class := otherKernels(t, func() {
		must(t, "walk", "--steps", "9", "--no-audit")
		must(t, "walk", "--steps", "20", "--no-audit", "--apng", "--out", "gallery/a.apng")
	})
	for _, name := range []string{"gallery/facades-walk.png", "gallery/a.apng"} {
		r := must(t, "replay", name)
		same := strings.Contains(r.stdout, "every pixel is the same")
		if !same && (!strings.Contains(r.stdout, "the same but for ") || !strings.Contains(r.stdout, " by up to 1 of 255, drawn by other kernels: "+class)) {
			t.Errorf("%s: %s", name, r.stdout)
		}
		if same && strings.HasSuffix(name, ".apng") {
			t.Errorf("%s: no pixel differs, so this test shows nothing", name)
		}
		if r := must(t, "replay", "--json", name); !strings.Contains(r.stdout, `"rounding_only": true`) && !same {
			t.Errorf("%s: %s", name, r.stdout)
		}
	}
	best := (*model.Pool)(nil).Class()
	img, recipe := decoded(t, "gallery/facades-walk.png")
	changed := image.NewNRGBA(img.Bounds())
	draw.Draw(changed, changed.Rect, img, image.Point{}, draw.Src)
	changed.Pix[0] ^= 0x80
	for kernels, says := range map[string]string{class: "drawn by other kernels: " + class + ", here are " + best + " ones; DCGANVIZ_SIMD=portable asks for the same", "": "perhaps drawn by other kernels", "x y": "drawn by other kernels: 'x y'"} {
		name := forge(t, "changed.png", changed, strings.Replace(recipe, `,"kernels":"`+class+`"`, map[bool]string{false: `,"kernels":"` + kernels + `"`}[kernels == ""], 1))
		if r := call(t.Context(), "replay", name); r.code != exitFailed || !strings.Contains(r.stderr, "by up to 128 of 255") || !strings.Contains(r.stderr, says) {
			t.Errorf("%q: exit code %d: %s", kernels, r.code, r.stderr)
		}
	}
}

// TestPortableKernelsAreNoted, once by each command that computes, and others never.
func TestPortableKernelsAreNoted(t *testing.T) {
	t.Chdir(t.TempDir())
	note := func(args ...string) string {
		t.Helper()
		r := must(t, args...)
		if n := strings.Count(r.slow, "\n"); n > 1 {
			t.Errorf("%v: noted %d times: %s", args, n, r.slow)
		}
		return r.slow
	}
	computing := [][]string{
		{"sample", "-n", "1", "--force"},
		{"figures", "--only", "faces", "--out", "figures"},
		trainArgs("run", "--steps", "1", "--sample-every", "0"),
	}
	if best := kernel.Sets()[0]; best != "portable" {
		t.Setenv(kernel.SIMD, "")
		if got := note(computing[0]...); got != "" {
			t.Errorf("%s kernels: %s", best, got)
		}
		t.Setenv(kernel.SIMD, "portable")
		if got := note(computing[0]...); !strings.Contains(got, kernel.SIMD+"=portable") || !strings.Contains(got, best) {
			t.Errorf("got %q, want the variable and %s", got, best)
		}
	}
	t.Setenv(kernel.SIMD, "portable")
	for _, args := range computing {
		if note(args...) == "" {
			t.Errorf("%v: no note", args)
		}
	}
	if got := note("version"); got != "" {
		t.Errorf("version computes nothing: %s", got)
	}
}

// TestReplayBySameKernelsForgivesNothing: one level of one pixel is a fault.
func TestReplayBySameKernelsForgivesNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "walk", "--steps", "2", "--no-audit")
	img, recipe := decoded(t, "gallery/facades-walk.png")
	changed := image.NewNRGBA(img.Bounds())
	draw.Draw(changed, changed.Rect, img, image.Point{}, draw.Src)
	changed.Pix[0] ^= 1
	if r := call(t.Context(), "replay", forge(t, "a.png", changed, recipe)); r.code != exitFailed || !strings.Contains(r.stderr, "1 pixels differ, by up to 1 of 255") {
		t.Errorf("exit code %d: %s", r.code, r.stderr)
	}
	class := (*model.Pool)(nil).Class()
	old := strings.Replace(recipe, `,"kernels":"`+class+`"`, "", 1)
	if r := must(t, "replay", forge(t, "b.png", changed, old)); !strings.Contains(r.stdout, "the same but for 1 pixels by up to 1 of 255, perhaps drawn by other kernels") {
		t.Errorf("%s", r.stdout)
	}
	if r := must(t, "replay", "--json", forge(t, "c.png", img, old)); !strings.Contains(r.stdout, `"bytes_same": true`) {
		t.Errorf("an old picture has other bytes: %s", r.stdout)
	}
}

// TestResumeUnderOtherKernelsSaysSo, and under the same ones nothing.
func TestResumeUnderOtherKernelsSaysSo(t *testing.T) {
	t.Chdir(t.TempDir())
	class := otherKernels(t, func() {
		must(t, trainArgs("run", "--steps", "1", "--sample-every", "0")...)
		if r := must(t, "train", "--out", "run", "--resume", "--steps", "2"); strings.Contains(r.stderr, "kernels") {
			t.Errorf("by the same: %s", r.stderr)
		}
	})
	r := must(t, "train", "--out", "run", "--resume", "--steps", "3")
	if !strings.Contains(r.stderr, "was trained by "+class+" kernels") || !strings.Contains(r.stderr, "last bits") {
		t.Errorf("%s", r.stderr)
	}
}

// difference is how far two colours differ in the channel where they differ most, of
// 255.
func difference(a, b color.Color) (most int) {
	x, y := color.NRGBA64Model.Convert(a).(color.NRGBA64), color.NRGBA64Model.Convert(b).(color.NRGBA64)
	for _, d := range []int{int(x.R) - int(y.R), int(x.G) - int(y.G), int(x.B) - int(y.B), int(x.A) - int(y.A)} {
		most = max(most, d/0x101, -d/0x101)
	}
	return most
}
