package golden

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// MaxSidePx is the largest side of a stored picture: goldens stay small
// enough to look at together and to keep in the repository's history.
const MaxSidePx = 256

// foreignLevels is the tolerance off amd64, where the compiler may fuse a
// multiplication and an addition and so move a rounding.
const foreignLevels = 1

var update = flag.Bool("update", false, "rewrite the golden images of the tests that run")

// Tolerance lets pixels differ, for a reason that has to be named.
//
// The zero value asks for equal pixels (on processors other than amd64:
// within one level, since a fused multiply-add may round differently there).
type Tolerance struct {
	// Levels is the largest difference of one 8-bit colour value.
	Levels int
	// Cause says where the difference comes from. It is required when
	// Levels is not zero, and printed with a mismatch.
	Cause string
}

// Check fails t when got differs from the picture stored for t.
//
// On a mismatch it reports how many pixels differ and the first of them (in
// reading order), and writes got.png, want.png and diff.png to
// t.ArtifactDir(). With -update it stores got instead.
func Check(t testing.TB, got image.Image) {
	t.Helper()
	CheckWithin(t, got, Tolerance{})
}

// CheckWithin is Check with a tolerance.
func CheckWithin(t testing.TB, got image.Image, tol Tolerance) {
	t.Helper()
	if (tol.Levels != 0) != (tol.Cause != "") {
		t.Fatalf("golden: tolerance of %d levels with cause %q: give both or neither", tol.Levels, tol.Cause)
		return
	}
	if runtime.GOARCH != "amd64" && tol.Levels < foreignLevels {
		tol = Tolerance{foreignLevels, "fused multiply-add on " + runtime.GOARCH}
	}
	if got == nil {
		t.Fatalf("golden: got no image")
		return
	}
	if b := got.Bounds(); b.Empty() || b.Dx() > MaxSidePx || b.Dy() > MaxSidePx {
		t.Fatalf("golden: image is %dx%d, want 1 to %d a side", b.Dx(), b.Dy(), MaxSidePx)
		return
	}
	path, err := storedPath(t.Name())
	if err != nil {
		t.Fatal(err)
		return
	}
	if *update {
		if err := writePNG(path, got); err != nil {
			t.Fatal(err)
			return
		}
		t.Logf("golden: wrote %s", path)
		return
	}
	want, err := readPNG(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("golden: no picture %s: run the test with -update, look at the picture, commit it", path)
		return
	}
	if err != nil {
		t.Fatal(err)
		return
	}
	compare(t, got, want, tol)
}

// compare reports the difference of got and want to t.
func compare(t testing.TB, got, want image.Image, tol Tolerance) {
	t.Helper()
	d := difference(got, want, tol.Levels)
	if d.equal() {
		return
	}
	dir := t.ArtifactDir()
	pictures := map[string]image.Image{"got.png": got, "want.png": want}
	if d.picture != nil {
		pictures["diff.png"] = d.picture
	}
	for name, img := range pictures {
		if err := writePNG(filepath.Join(dir, name), img); err != nil {
			t.Error(err)
		}
	}
	because := ""
	if tol.Levels > 0 {
		because = fmt.Sprintf(" by more than %d (%s)", tol.Levels, tol.Cause)
	}
	if d.picture == nil {
		t.Errorf("golden: image is %v, want %v; see %s", got.Bounds().Size(), want.Bounds().Size(), dir)
		return
	}
	t.Errorf("golden: %d of %d pixels differ%s, first at (x, y) = (%d, %d): got %v, want %v; see %s",
		d.count, d.picture.Bounds().Dx()*d.picture.Bounds().Dy(), because, d.first.X, d.first.Y, d.got, d.want, dir)
}

// storedPath is the path of the picture for a test of the package in whose
// directory the test binary runs.
func storedPath(test string) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("golden: %w", err)
	}
	for root := dir; ; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			pkg, err := filepath.Rel(root, dir)
			if err != nil {
				return "", fmt.Errorf("golden: %w", err)
			}
			name := strings.ReplaceAll(test, "/", "_") + ".png"
			return filepath.Join(root, "testdata", "golden", pkg, name), nil
		}
		if root == filepath.Dir(root) {
			return "", fmt.Errorf("golden: no go.mod above %s", dir)
		}
	}
}

func readPNG(path string) (image.Image, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("golden: %s: %w", path, err)
	}
	return img, nil
}

func writePNG(path string, img image.Image) error {
	var buf bytes.Buffer
	// Straight alpha, so that what is read back is what was compared.
	if err := png.Encode(&buf, straight(img)); err != nil {
		return fmt.Errorf("golden: %s: %w", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("golden: %w", err)
	}
	return os.WriteFile(path, buf.Bytes(), 0o666)
}

// straight copies img into 8-bit straight alpha with its origin at (0, 0).
func straight(img image.Image) *image.NRGBA {
	b := img.Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Bounds(), img, b.Min, draw.Src)
	return out
}
