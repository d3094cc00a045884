package npy

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	witness "codeberg.org/sbinet/npyio/npy"
	"pgregory.net/rapid"

	"dcganviz/internal/hostile"
)

// numpyHeaders is printed by testdata/make.py.
const numpyHeaders = "e61e1d772af2f09599a28714d248f0b42564b13cf48fe5998e592db492e68b04"

func load(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".npy"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Read reads a file of size bytes, as ReadFile does that of a path.
func Read(r io.ReaderAt, size int64) (*Array, error) {
	a, err := read(r, size, true)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	return a, nil
}

func parse(b []byte) (*Array, error) { return Read(bytes.NewReader(b), int64(len(b))) }

// ramp is what testdata/make.py puts into its arrays.
func ramp(n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(i) - 2.5
	}
	return v
}

func TestReadTakesWhatNumpyWrote(t *testing.T) {
	for name, shape := range map[string][]int{
		"scalar": {}, "row": {7}, "z2": {3, 5}, "z4": {3, 5, 1, 1}, "images": {2, 3, 4, 5}, "empty": {0, 5},
		"f2": {3, 5}, "f8": {3, 5}, "big_f2": {3, 5}, "big_f4": {3, 5}, "big_f8": {3, 5},
		"fortran": {2, 3, 4}, "fortran_big_f8": {2, 3, 4}, "version2": {3, 5}, "version3": {3, 5},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := ReadFile(filepath.Join("testdata", name+".npy"))
			if err != nil {
				t.Fatal(err)
			}
			n := 1
			for _, d := range shape {
				n *= d
			}
			if !slices.Equal(a.Shape, shape) || !slices.Equal(a.Data, ramp(n)) {
				t.Errorf("%v %v, want %v %v", a.Shape, a.Data, shape, ramp(n))
			}
		})
	}
}

func TestWriteWritesNumpysBytes(t *testing.T) {
	for name, shape := range map[string][]int{
		"scalar": {}, "row": {7}, "z2": {3, 5}, "z4": {3, 5, 1, 1}, "images": {2, 3, 4, 5}, "empty": {0, 5},
	} {
		want := load(t, name)
		a, err := parse(want)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := Write(&got, shape, a.Data); err != nil || !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s (%v):\n%q, want\n%q", name, err, got.Bytes(), want)
		}
	}
	d := sha256.New()
	for rank := range 20 {
		for k := range 10 {
			shape := []int{int(math.Pow10(k))}
			for len(shape) < rank {
				shape = append(shape, 7)
			}
			d.Write(appendHeader(nil, shape[:rank]))
		}
	}
	if got := hex.EncodeToString(d.Sum(nil)); got != numpyHeaders {
		t.Errorf("headers have digest %s, want numpy's %s", got, numpyHeaders)
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		shape := rapid.SliceOfN(rapid.IntRange(0, 6), 0, 5).Draw(rt, "shape")
		h := header{shape: shape}
		n, err := h.elements()
		if err != nil {
			rt.Fatal(err)
		}
		bits := rapid.SliceOfN(rapid.Uint32(), n, n).Draw(rt, "bits")
		data := make([]float32, n)
		for i, u := range bits {
			data[i] = math.Float32frombits(u)
		}
		var b bytes.Buffer
		if err := Write(&b, shape, data); err != nil {
			rt.Fatal(err)
		}
		a, err := parse(b.Bytes())
		if err != nil || !slices.Equal(a.Shape, shape) || len(a.Data) != n {
			rt.Fatalf("%+v (%v), want shape %v", a, err, shape)
		}
		for i, u := range bits {
			if math.Float32bits(a.Data[i]) != u {
				rt.Fatalf("pattern %#x came back as %#x", u, math.Float32bits(a.Data[i]))
			}
		}
	})
}

// More than one chunk, and a chunk that ends within a row.
func TestLargeArraysSurvive(t *testing.T) {
	shape := []int{5, 3, 64, 67}
	data := ramp(5 * 3 * 64 * 67)
	var b bytes.Buffer
	if err := Write(&b, shape, data); err != nil {
		t.Fatal(err)
	}
	a, err := parse(b.Bytes())
	if err != nil || !slices.Equal(a.Shape, shape) || !slices.Equal(a.Data, data) {
		t.Errorf("array changed (%v)", err)
	}
}

// npyio, of other authors, reads our files and writes ones that we read.
func TestNpyioAgrees(t *testing.T) {
	want := ramp(12)
	var ours bytes.Buffer
	if err := Write(&ours, []int{12}, want); err != nil {
		t.Fatal(err)
	}
	var got []float32
	if err := witness.Read(&ours, &got); err != nil || !slices.Equal(got, want) {
		t.Errorf("npyio reads %v (%v), want %v", got, err, want)
	}
	var theirs bytes.Buffer
	if err := witness.Write(&theirs, [][2]float64{{1, -2}, {3, .5}, {0, 1e-9}}); err != nil {
		t.Fatal(err)
	}
	a, err := parse(theirs.Bytes())
	if err != nil || !slices.Equal(a.Shape, []int{3, 2}) || !slices.Equal(a.Data, []float32{1, -2, 3, .5, 0, 1e-9}) {
		t.Errorf("read %+v (%v) from npyio's file", a, err)
	}
}

func TestWriteRefusesWhatDoesNotFit(t *testing.T) {
	for name, c := range map[string]struct {
		shape []int
		n     int
	}{
		"too few":       {[]int{2, 3}, 5},
		"too many":      {[]int{2, 3}, 7},
		"scalar of two": {nil, 2},
		"negative":      {[]int{-1, -1}, 1},
		"overflow":      {[]int{1 << 30, 1 << 30, 1 << 30}, 1},
		"wraps to 0":    {[]int{1 << 30, 1 << 30, 1 << 30}, 0},
		"many axes":     {slices.Repeat([]int{1}, 65), 1},
	} {
		var b bytes.Buffer
		if err := Write(&b, c.shape, make([]float32, c.n)); err == nil || b.Len() != 0 {
			t.Errorf("%s: error %v, %d bytes written", name, err, b.Len())
		}
	}
	for _, fit := range []hostile.Full{0, 127, 128, 139} {
		if err := Write(&fit, []int{3}, ramp(3)); !errors.Is(err, hostile.ErrFull) {
			t.Errorf("of 140 bytes too few fit: %v, want %v", err, hostile.ErrFull)
		}
	}
}

func TestLatents(t *testing.T) {
	for name, want := range map[string]int{"z2": 3, "z4": 3, "f8": 3, "big_f4": 0, "fortran_big_f8": 0, "row": 0, "scalar": 0, "empty": 0, "images": 0} {
		a, err := parse(load(t, name))
		if err != nil {
			t.Fatal(err)
		}
		n, err := a.Latents(5)
		if n != want || (err == nil) != (want > 0) || err != nil && !errors.Is(err, ErrUnsupported) {
			t.Errorf("%s: %d latents (%v), want %d", name, n, err, want)
		}
		if n, err := a.Latents(4); n != 0 || err == nil {
			t.Errorf("%s: %d latents of 4 (%v), want an error", name, n, err)
		}
	}
	a, err := parse(load(t, "odd_nan"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Latents(2); !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), "latent 0 has NaN at 1") {
		t.Errorf("NaN: %v", err)
	}
	inf := &Array{Shape: []int{2, 2}, Data: []float32{0, 0, float32(math.Inf(-1)), 0}}
	if _, err := inf.Latents(2); err == nil || !strings.Contains(err.Error(), "latent 1 has -Inf at 0") {
		t.Errorf("-Inf: %v", err)
	}
}

func ExampleWrite() {
	var file bytes.Buffer
	if err := Write(&file, []int{1, 3}, []float32{1, .5, -2}); err != nil {
		fmt.Println(err)
		return
	}
	a, err := Read(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		fmt.Println(err)
		return
	}
	n, err := a.Latents(3)
	fmt.Println(n, a.Shape, a.Data, err)
	// Output: 1 [1 3] [1 0.5 -2] <nil>
}
