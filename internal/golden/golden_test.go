package golden

import (
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ramp is a picture whose every pixel differs from its neighbours.
func ramp(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, color.NRGBA{uint8(20 * x), uint8(30 * y), uint8(7 * (x + y)), 255})
		}
	}
	return img
}

// A recorder stands in for the test that a check fails.
type recorder struct {
	testing.TB
	name   string
	dir    string
	report []string
}

func (r *recorder) Helper()             {}
func (r *recorder) Name() string        { return r.name }
func (r *recorder) ArtifactDir() string { return r.dir }
func (r *recorder) add(s string)        { r.report = append(r.report, s) }
func (r *recorder) Error(a ...any)      { r.add(fmt.Sprint(a...)) }
func (r *recorder) Fatal(a ...any)      { r.add(fmt.Sprint(a...)) }
func (r *recorder) Errorf(f string, a ...any) {
	r.add(fmt.Sprintf(f, a...))
}
func (r *recorder) Fatalf(f string, a ...any) {
	r.add(fmt.Sprintf(f, a...))
}

func record(t *testing.T) *recorder {
	return &recorder{TB: t, name: t.Name(), dir: t.TempDir()}
}

func TestCheck(t *testing.T) {
	Check(t, ramp(9, 5))
}

func TestCheckIgnoresOrigin(t *testing.T) {
	moved := ramp(9, 5)
	moved.Rect = moved.Rect.Add(image.Pt(-3, 40))
	r := record(t)
	compare(r, moved, ramp(9, 5), Tolerance{})
	if len(r.report) != 0 {
		t.Errorf("got %q, want no report", r.report)
	}
}

func TestMismatchCountsAndLocates(t *testing.T) {
	got := ramp(9, 5)
	got.Pix[got.PixOffset(7, 2)] ^= 1
	got.Pix[got.PixOffset(1, 3)+3] = 9
	r := record(t)
	compare(r, got, ramp(9, 5), Tolerance{})
	if len(r.report) != 1 || !strings.Contains(r.report[0], "2 of 45 pixels differ, first at (x, y) = (7, 2)") {
		t.Fatalf("got %q, want 2 of 45 pixels from (7, 2)", r.report)
	}
	for _, name := range []string{"got.png", "want.png", "diff.png"} {
		img, err := readPNG(filepath.Join(r.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if img.Bounds() != got.Bounds() {
			t.Errorf("%s: bounds %v, want %v", name, img.Bounds(), got.Bounds())
		}
	}
	stored, err := readPNG(filepath.Join(r.dir, "got.png"))
	if err != nil {
		t.Fatal(err)
	}
	if d := difference(stored, got, 0); !d.equal() {
		t.Errorf("got.png differs from what was compared in %d pixels, first %v", d.count, d.first)
	}
}

func TestMismatchOfSize(t *testing.T) {
	r := record(t)
	compare(r, ramp(5, 9), ramp(9, 5), Tolerance{})
	if len(r.report) != 1 || !strings.Contains(r.report[0], "image is (5,9), want (9,5)") {
		t.Errorf("got %q, want the two sizes", r.report)
	}
}

func TestToleranceIsAnInclusiveLimit(t *testing.T) {
	got := ramp(9, 5)
	got.Pix[got.PixOffset(4, 4)+2] += 2
	for levels, want := range map[int]int{0: 1, 1: 1, 2: 0, 3: 0} {
		if d := difference(got, ramp(9, 5), levels); d.count != want {
			t.Errorf("levels %d: %d pixels differ, want %d", levels, d.count, want)
		}
	}
}

func TestRefused(t *testing.T) {
	defer func(was bool) { *update = was }(*update)
	*update = false // an unknown test must not store a picture
	for want, check := range map[string]func(*recorder){
		"no image":           func(r *recorder) { Check(r, nil) },
		"is 257x1, want 1":   func(r *recorder) { Check(r, ramp(257, 1)) },
		"is 0x4, want 1":     func(r *recorder) { Check(r, ramp(0, 4)) },
		"both or neither":    func(r *recorder) { CheckWithin(r, ramp(2, 2), Tolerance{Levels: 1}) },
		"-update, look at":   func(r *recorder) { r.name = "TestOfNobody/a"; Check(r, ramp(2, 2)) },
		"TestOfNobody_a.png": func(r *recorder) { r.name = "TestOfNobody/a"; Check(r, ramp(2, 2)) },
	} {
		r := record(t)
		check(r)
		if len(r.report) != 1 || !strings.Contains(r.report[0], want) {
			t.Errorf("got %q, want one report with %q", r.report, want)
		}
	}
}

func TestStoredPathIsBelowTheModuleRoot(t *testing.T) {
	got, err := storedPath("TestA/b=1/c")
	if err != nil {
		t.Fatal(err)
	}
	want := filepath.Join("testdata", "golden", "internal", "golden", "TestA_b=1_c.png")
	if !strings.HasSuffix(got, want) {
		t.Errorf("got %s, want it to end in %s", got, want)
	}
	root := strings.TrimSuffix(got, want)
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Error(err)
	}
}
