package pth

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/hostile"
)

// tensorsOf returns the tensors of f as they would be written.
func tensorsOf(t testing.TB, f *File) []NamedTensor {
	t.Helper()
	var out []NamedTensor
	for _, x := range f.Tensors {
		b, err := x.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, NamedTensor{Name: x.Name, DType: x.DType, Shape: x.Shape, Data: b})
	}
	return out
}

func zipOf(t testing.TB, tensors []NamedTensor) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteZip(&b, tensors); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// entries returns the contents of an archive by name below its directory.
func entries(t *testing.T, b []byte) map[string][]byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string][]byte)
	for _, x := range r.File {
		rc, err := x.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		_, name, _ := strings.Cut(x.Name, "/")
		out[name] = data
	}
	return out
}

// The pickle that CPython wrote for an OrderedDict of fresh tensors is ours,
// byte for byte.
func TestPickleIsTorchs(t *testing.T) {
	torch := load(t, "ordered")
	want := entries(t, torch)
	got := entries(t, zipOf(t, tensorsOf(t, mustParse(t, torch))))
	for name, data := range want {
		if !bytes.Equal(got[name], data) {
			t.Errorf("%s is\n%q, want\n%q", name, got[name], data)
		}
	}
	if len(got) != len(want)+1 || string(got["byteorder"]) != "little" { // torch 1.13 writes no byte order
		t.Errorf("%d entries and byte order %q, want %d and little", len(got), got["byteorder"], len(want)+1)
	}
}

func TestEntriesAreAligned(t *testing.T) {
	b := zipOf(t, tensorsOf(t, mustParse(t, load(t, "plain"))))
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range r.File {
		if at, err := x.DataOffset(); err != nil || at%alignment != 0 || x.Method != zip.Store || x.Flags != 0 {
			t.Errorf("%s begins at %d (%v), method %d, flags %#x", x.Name, at, err, x.Method, x.Flags)
		}
	}
	if again := zipOf(t, tensorsOf(t, mustParse(t, b))); !bytes.Equal(again, b) {
		t.Error("what was written and read is written differently")
	}
}

// More entries than a batch of CPython's, more memos than a byte numbers, and
// shapes of all ranks.
func TestManyTensorsSurvive(t *testing.T) {
	for _, n := range []int{0, 1, 2, 999, 1000, 1001, 10000} {
		var tensors []NamedTensor
		for i := range n {
			shape := slices.Repeat([]int{1}, i%6)
			if i%7 == 0 {
				shape = append(shape, 0, 300)
			}
			values := []float32{float32(i)}
			if i%7 == 0 {
				values = nil
			}
			x, err := New(fmt.Sprintf("layer %d é", i), shape, values)
			if err != nil {
				t.Fatal(err)
			}
			tensors = append(tensors, x)
		}
		f := mustParse(t, zipOf(t, tensors))
		got := tensorsOf(t, f)
		if len(got) != n {
			t.Fatalf("%d tensors, want %d", len(got), n)
		}
		for i, x := range got {
			if w := tensors[i]; x.Name != w.Name || x.DType != w.DType || !slices.Equal(x.Shape, w.Shape) || !bytes.Equal(x.Data, w.Data) {
				t.Fatalf("tensor %d of %d is %+v, want %+v", i, n, x, w)
			}
			if !f.Tensors[i].Contiguous() {
				t.Fatalf("tensor %d has strides %v", i, f.Tensors[i].Strides)
			}
		}
	}
}

func TestEveryElementTypeIsStored(t *testing.T) {
	f2, err := NewHalf("f2", []int{3}, []float32{-0.5, 65504, float32(math.Inf(-1))})
	if err != nil {
		t.Fatal(err)
	}
	made := []NamedTensor{f2}
	add := func(x NamedTensor, err error) {
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, x)
	}
	add(New("f4", []int{1, 2}, []float32{1, -2}))
	add(New("f8", []int{}, []float64{math.Pi}))
	add(New("i8", []int{1}, []int64{math.MinInt64}))
	add(New("i4", []int{1}, []int32{math.MinInt32}))
	add(New("u1", []int{2}, []uint8{0, 255}))
	add(New("b", []int{2}, []bool{true, false}))
	f := mustParse(t, zipOf(t, made))
	var got []string
	for _, x := range f.Tensors {
		if v, err := x.Float32s(); err == nil {
			got = append(got, fmt.Sprint(x.DType, v))
		} else if v, err := x.Int64s(); err == nil {
			got = append(got, fmt.Sprint(x.DType, v))
		}
	}
	want := "[float16[-0.5 65504 -Inf] float32[1 -2] float64[3.1415927] int64[-9223372036854775808] int32[-2147483648] uint8[0 255] bool[1 0]]"
	if fmt.Sprint(got) != want {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestWriterRefuses(t *testing.T) {
	good, err := New("w", []int{1}, []float32{1})
	if err != nil {
		t.Fatal(err)
	}
	with := func(change func(x *NamedTensor)) []NamedTensor {
		x := good
		change(&x)
		return []NamedTensor{x}
	}
	for name, c := range map[string]struct {
		tensors []NamedTensor
		text    string
	}{
		"name twice":      {[]NamedTensor{good, good}, "each once"},
		"name not text":   {with(func(x *NamedTensor) { x.Name = "\xff" }), "UTF-8"},
		"bytes too few":   {with(func(x *NamedTensor) { x.Data = x.Data[:3] }), "3 bytes for float32 [1]"},
		"shape too large": {with(func(x *NamedTensor) { x.Shape = []int{math.MaxInt32, math.MaxInt32, 4} }), "overflows"},
		"strides":         {with(func(x *NamedTensor) { x.Shape = []int{0, math.MaxInt32, math.MaxInt32, 4} }), "overflows"},
		"negative axis":   {with(func(x *NamedTensor) { x.Shape = []int{-1} }), "axis 0"},
		"many axes":       {with(func(x *NamedTensor) { x.Shape = make([]int, 17) }), "17 axes"},
		"dtype":           {with(func(x *NamedTensor) { x.DType = "complex64" }), "complex64"},
	} {
		var b bytes.Buffer
		if err := WriteZip(&b, c.tensors); err == nil || !strings.Contains(err.Error(), c.text) || b.Len() > 0 {
			t.Errorf("%s: %v and %d bytes, want %q and none", name, err, b.Len(), c.text)
		}
	}
	if err := WriteZipDicts(io.Discard, []NamedDict{{"a", nil}, {"a", nil}}); err == nil {
		t.Error("a key twice was written")
	}
	if _, err := New("w", []int{2}, []float32{1}); err == nil {
		t.Error("1 value was taken for shape [2]")
	}
	if _, err := NewHalf("w", []int{1}, []float32{65520}); !errors.Is(err, ErrUnsupported) {
		t.Errorf("65520 as half: %v, want ErrUnsupported", err)
	}
}

func TestWriteErrorsAreReturned(t *testing.T) {
	tensors := tensorsOf(t, mustParse(t, load(t, "plain")))
	for _, left := range []hostile.Full{0, 100, 5000} {
		big := append(slices.Clone(tensors), NamedTensor{Name: "big", DType: UInt8, Shape: []int{1 << 16}, Data: make([]byte, 1<<16)})
		fits := left
		if err := WriteZip(&fits, big); !errors.Is(err, hostile.ErrFull) {
			t.Errorf("after %d bytes: %v, want %v", left, err, hostile.ErrFull)
		}
	}
}

// Contiguous reports whether the elements lie in C order without gaps.
func (t *Tensor) Contiguous() bool {
	axes := t.axes()
	return t.Len() == 0 || len(axes) == 1 && (axes[0].step == 1 || axes[0].n == 1)
}
