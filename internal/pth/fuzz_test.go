package pth

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/hostile"
)

// Fuzz with -fuzzminimizetime=1x, or the time goes into making the checkpoints
// of torch smaller.

// FuzzParse looks for panics, errors without a cause, tensors that their bytes
// do not hold, and files that do not survive being written.
func FuzzParse(f *testing.F) {
	for _, b := range seeds(f) {
		f.Add(b)
	}
	f.Fuzz(checkParse)
}

// FuzzResealed is FuzzParse with the checksums of the archive made right.
func FuzzResealed(f *testing.F) {
	for _, b := range seeds(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) { checkParse(t, hostile.Reseal(b)) })
}

// FuzzPickle is FuzzParse for the pickle of an archive whose checksums are
// always right and that has storages to show.
func FuzzPickle(f *testing.F) {
	for _, b := range seeds(f) {
		if file, err := openArchive(&source{size: int64(len(b)), mem: b}); err == nil {
			if dir, err := file.root(); err == nil {
				if text, err := file.data(file.find(dir + pickleName)); err == nil {
					f.Add(text)
				}
			}
		}
	}
	f.Add([]byte("\x80\x02" + view("K\x00K\x04\x85K\x01\x85") + "."))
	f.Fuzz(func(t *testing.T, pickle []byte) {
		parts := []string{"x/data.pkl", string(pickle)}
		for i, n := range []int{96, 8, 8, 8, 8, 8, 72, 4} { // the sizes in plain.pth
			parts = append(parts, fmt.Sprint("x/data/", i), strings.Repeat("\x3f", n))
		}
		checkParse(t, stored(t, parts...))
	})
}

// FuzzLegacy is FuzzParse for what follows the first three pickles.
func FuzzLegacy(f *testing.F) {
	for _, b := range seeds(f) {
		if i := bytes.Index(b, []byte("type_sizes")); i > 0 && legacyStart(string(b[:min(len(b), SniffBytes)])) > 0 {
			if k := bytes.Index(b[i:], []byte("u.\x80")); k > 0 {
				f.Add(b[i+k+2:])
			}
		}
	}
	f.Fuzz(func(t *testing.T, rest []byte) { checkParse(t, legacyFile(string(rest))) })
}

func seeds(f testing.TB) [][]byte {
	paths, err := filepath.Glob("testdata/*.pth")
	if err != nil || len(paths) == 0 {
		f.Fatal("no seeds: ", err)
	}
	var all [][]byte
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, b)
	}
	return all
}

// large is from where a fuzzed tensor is not gathered: one storage may be shown
// many times, within limits that other tests check.
const large = 1 << 16

// checkParse is the body of the fuzz targets.
func checkParse(t *testing.T, b []byte) {
	f, err := Parse(b)
	header, herr := ReadHeader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		if !hasCause(err) {
			t.Fatalf("error %v has no cause", err)
		}
		return
	}
	if herr != nil || show(header.Root) != show(f.Root) || len(header.Tensors) != len(f.Tensors) {
		t.Fatalf("the header is another: %v", herr)
	}
	var out []NamedTensor
	for i, x := range f.Tensors {
		if x.Len() > large {
			continue
		}
		data, err := x.Bytes()
		if err != nil {
			if f.Format == Zip || !hasCause(err) {
				t.Fatal(err)
			}
			continue
		}
		if len(data) != x.Len()*x.DType.Size() {
			t.Fatalf("%d bytes of %s %v", len(data), x.DType, x.Shape)
		}
		if v, err := x.Float32s(); err == nil && len(v) != x.Len() || err != nil && !hasCause(err) {
			t.Fatalf("%d elements of %v (%v)", len(v), x.Shape, err)
		}
		if v, err := x.Int64s(); err == nil && len(v) != x.Len() || err != nil && !hasCause(err) {
			t.Fatalf("%d elements of %v (%v)", len(v), x.Shape, err)
		}
		out = append(out, NamedTensor{Name: fmt.Sprint(i), DType: x.DType, Shape: x.Shape, Data: data})
	}
	f.StateDicts()
	var w bytes.Buffer
	if err := WriteZip(&w, out); err != nil {
		if strings.Contains(err.Error(), "overflows") { // no elements, but strides that no file can have
			return
		}
		t.Fatal(err)
	}
	again := mustParse(t, w.Bytes())
	if len(again.Tensors) != len(out) {
		t.Fatalf("%d tensors became %d", len(out), len(again.Tensors))
	}
	for i, x := range again.Tensors {
		data, err := x.Bytes()
		if w := out[i]; err != nil || x.Name != w.Name || x.DType != w.DType || !slices.Equal(x.Shape, w.Shape) || !bytes.Equal(data, w.Data) {
			t.Fatalf("%v became %v (%v)", w, x, err)
		}
	}
}
