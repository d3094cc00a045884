package safetensors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"dcganviz/internal/hostile"
)

func TestWhatIsWrittenIsRead(t *testing.T) {
	name := rapid.StringMatching(`[a-zé"\\/\x01\x7f 😀_.]{0,12}`)
	dtype := rapid.SampledFrom([]DType{F16, BF16, F32, F64, I8, I16, I32, I64, U8, U16, U32, BOOL, "U64", "C64", "F8_E5M2", "F4"})
	rapid.Check(t, func(rt *rapid.T) {
		names := rapid.SliceOfNDistinct(name, 0, 6, rapid.ID).Draw(rt, "names")
		var tensors []Tensor
		for i, n := range names {
			x := Tensor{Name: n, DType: dtype.Draw(rt, "dtype")}
			x.Shape = rapid.SliceOfN(rapid.IntRange(0, 5), 0, 4).Draw(rt, "shape")
			if x.DType == "F4" {
				x.Shape = append(x.Shape, 2)
			}
			size, err := x.size()
			if err != nil {
				rt.Fatal(err)
			}
			x.Data = bytes.Repeat([]byte{byte(i + 1)}, size)
			tensors = append(tensors, x)
		}
		metadata := rapid.MapOf(name, rapid.String().Filter(func(s string) bool { return strings.ToValidUTF8(s, "") == s })).Draw(rt, "metadata")
		wantRoundTrip(t, &File{Metadata: metadata, Tensors: tensors})
	})
}

func TestFloatsSurviveBitForBit(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		bits := rapid.SliceOf(rapid.Uint32()).Draw(rt, "bits")
		values := make([]float32, len(bits))
		for i, u := range bits {
			values[i] = math.Float32frombits(u)
		}
		x, err := New("x", []int{len(bits)}, values)
		if err != nil {
			rt.Fatal(err)
		}
		back, err := x.Float32s()
		if err != nil {
			rt.Fatal(err)
		}
		wide, err := x.Float64s()
		if err != nil {
			rt.Fatal(err)
		}
		y, err := New("y", []int{len(wide)}, wide)
		if err != nil {
			rt.Fatal(err)
		}
		twice, err := y.Float32s()
		if err != nil {
			rt.Fatal(err)
		}
		for i, u := range bits {
			if math.Float32bits(back[i]) != u || math.Float32bits(twice[i]) != u {
				rt.Fatalf("pattern %#x came back as %#x, and as %#x through float64", u, math.Float32bits(back[i]), math.Float32bits(twice[i]))
			}
		}
	})
}

// The exact bytes, written out by hand from the format's description.
func TestWriteLaysOutTheFileAsDocumented(t *testing.T) {
	small, err := New("a", []int{3}, []uint8{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	large, err := New("b", []int{1, 2}, []float32{1, -1})
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := Write(&got, map[string]string{"z": "1", "m": "\n"}, []Tensor{small, large}); err != nil {
		t.Fatal(err)
	}
	digest := got.String()[strings.Index(got.String(), `"sha256":"`)+10:][:64]
	header := `{"__metadata__":{"sha256":"` + digest + `","sha256_of":"this whole file with these 64 digits as zeros","m":"\u000a","z":"1"},` +
		`"a":{"dtype":"U8","shape":[3],"data_offsets":[8,11]},"b":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}`
	header += strings.Repeat(" ", (8-len(header)%8)%8)
	want := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	want = append(want, header...)
	want = append(want, 0, 0, 0x80, 0x3f, 0, 0, 0x80, 0xbf, 1, 2, 3)
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("wrote\n%q\nwant\n%q", got.Bytes(), want)
	}
}

func TestWriteRefusesWhatReadWould(t *testing.T) {
	ok := Tensor{Name: "ok", DType: U8, Shape: []int{1}, Data: []byte{1}}
	for name, c := range map[string]struct {
		metadata map[string]string
		tensors  []Tensor
		want     string
	}{
		"name twice":     {nil, []Tensor{ok, ok}, "twice"},
		"reserved name":  {nil, []Tensor{{Name: "__metadata__", DType: U8, Shape: []int{0}}}, "reserved"},
		"name not UTF-8": {nil, []Tensor{{Name: "\xff", DType: U8, Shape: []int{0}}}, "UTF-8"},
		"dtype":          {nil, []Tensor{{Name: "x", DType: "F128", Shape: []int{0}}}, "F128"},
		"no dtype":       {nil, []Tensor{{Name: "x", Shape: []int{0}}}, "dtype"},
		"short data":     {nil, []Tensor{{Name: "x", DType: F32, Shape: []int{2}, Data: make([]byte, 7)}}, "7 bytes, want 8"},
		"negative axis":  {nil, []Tensor{{Name: "x", DType: F32, Shape: []int{-1}}}, "axis 0"},
		"many axes":      {nil, []Tensor{{Name: "x", DType: U8, Shape: make([]int, 17)}}, "17 axes"},
		"overflow":       {nil, []Tensor{{Name: "x", DType: F32, Shape: []int{1 << 30, 1 << 30, 1 << 30}}}, "overflows"},
		"half a byte":    {nil, []Tensor{{Name: "x", DType: "F4", Shape: []int{1}, Data: []byte{1}}}, "whole bytes"},
		"key not UTF-8":  {map[string]string{"\xff": ""}, nil, "UTF-8"},
		"text not UTF-8": {map[string]string{"a": "\xff"}, nil, "UTF-8"},
		"many tensors":   {nil, make([]Tensor, MaxTensors+1), "16385 tensors"},
		"large header":   {map[string]string{"a": strings.Repeat("m", MaxHeader)}, nil, "header of"},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			err := Write(&b, c.metadata, c.tensors)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one about %q", err, c.want)
			}
			if b.Len() != 0 {
				t.Errorf("%d bytes were written all the same", b.Len())
			}
		})
	}
}

func TestNewRefusesValuesThatDoNotFit(t *testing.T) {
	if _, err := New("x", []int{2, 2}, []float32{1, 2, 3}); err == nil {
		t.Error("3 values were taken for a 2x2 tensor")
	}
	if _, err := New("x", []int{-1, -3}, []float32{1, 2, 3}); err == nil {
		t.Error("a negative shape was taken")
	}
	if _, err := NewHalf("x", []int{2}, []float32{1}, RefuseOverflow); err == nil {
		t.Error("1 value was taken for 2")
	}
	_, err := NewHalf("gain", []int{2}, []float32{1, -65520}, RefuseOverflow)
	if !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), `tensor "gain": element 1 is -65520`) {
		t.Errorf("overflow: %v", err)
	}
	x, err := NewHalf("gain", []int{2}, []float32{1, -65520}, OverflowToInf)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := x.Float32s(); err != nil || got[0] != 1 || !math.IsInf(float64(got[1]), -1) {
		t.Errorf("%v (%v), want 1 and -Inf", got, err)
	}
	for _, v := range []float32{float32(math.Inf(1)), float32(math.NaN())} {
		if _, err := NewHalf("x", nil, []float32{v}, RefuseOverflow); err != nil {
			t.Errorf("%v was refused: %v", v, err)
		}
	}
}

func TestWriteFileReplacesWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.safetensors")
	for step := range 3 {
		x, err := New("step", nil, []int64{int64(step)})
		if err != nil {
			t.Fatal(err)
		}
		if err := WriteFile(path, "", nil, []Tensor{x}); err != nil {
			t.Fatal(err)
		}
		f, err := ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f.Int64s("step"); err != nil || got[0] != int64(step) {
			t.Errorf("step %v (%v), want %d", got, err, step)
		}
	}
	// A failure keeps the file that is there.
	if err := WriteFile(path, "", nil, []Tensor{{Name: "x", DType: "?"}}); err == nil {
		t.Error("a tensor without a dtype was written")
	}
	if f, err := ReadFile(path); err != nil || !f.Has("step") {
		t.Errorf("the file is gone: %v", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestWriteReturnsTheWritersError(t *testing.T) {
	whole := len(written(t))
	for _, fits := range []int{0, 7, 8, 100, whole - 1} {
		left := hostile.Full(fits)
		err := Write(&left, map[string]string{"arch": "pytorch"}, sample(t))
		if !errors.Is(err, hostile.ErrFull) {
			t.Errorf("%d bytes of %d fit: %v, want %v", fits, whole, err, hostile.ErrFull)
		}
	}
}

func ExampleWrite() {
	gain, err := New("main.1.weight", []int{3}, []float32{1, .5, -2})
	if err != nil {
		fmt.Println(err)
		return
	}
	var file bytes.Buffer
	if err := Write(&file, map[string]string{"arch": "pytorch"}, []Tensor{gain}); err != nil {
		fmt.Println(err)
		return
	}
	f, err := Parse(file.Bytes())
	if err != nil {
		fmt.Println(err)
		return
	}
	values, err := f.Float32s("main.1.weight")
	fmt.Println(f.Metadata["arch"], f.Tensors[0].DType, f.Tensors[0].Shape, values, err)
	// Output: pytorch F32 [3] [1 0.5 -2] <nil>
}
