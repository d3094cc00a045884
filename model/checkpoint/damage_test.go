package checkpoint

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

// A damageable is a small checkpoint in memory and how it is opened.
type damageable struct {
	name string
	b    []byte
	open func(b []byte) (*Checkpoint, error)
	// checked says that the format guards every byte.
	checked bool
	// numbers is from where on there are float32 numbers alone, but for their counts in
	// PyTorch's old format; 0: nobody knows.
	numbers int
}

// undigested returns a safetensors file as other programs write it, without a
// digest.
func undigested(t testing.TB, tensors []model.NamedTensor) []byte {
	t.Helper()
	header := map[string]any{}
	var data []byte
	for _, e := range tensors {
		var x safetensors.Tensor
		var err error
		if e.Ints != nil {
			x, err = safetensors.New(e.Name, e.Shape, e.Ints)
		} else {
			x, err = safetensors.New(e.Name, e.Shape, e.Data)
		}
		if err != nil {
			t.Fatal(err)
		}
		header[e.Name] = map[string]any{"dtype": x.DType, "shape": append([]int{}, e.Shape...), "data_offsets": []int{len(data), len(data) + len(x.Data)}}
		data = append(data, x.Data...)
	}
	text, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	n := len(text)
	b := []byte{byte(n), byte(n >> 8), byte(n >> 16), 0, 0, 0, 0, 0}
	return append(append(b, text...), data...)
}

func damageables(t *testing.T) []damageable {
	t.Helper()
	file := func(name string) []byte {
		b, err := os.ReadFile(foreign(name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	open := func(b []byte) (*Checkpoint, error) { return OpenBytes("it", b, OpenOptions{}) }
	digits := func(b []byte) (*Checkpoint, error) { return OpenBytes("it", b, OpenOptions{Family: DigitsFamily}) }
	cfg := model.Config{Size: 16, Channels: 1, LatentDim: 3, GWidth: 1, DWidth: 2}
	g, d := trainedPair(t, cfg)
	own, err := os.ReadFile(saveTemp(t, &Checkpoint{G: g, D: d}, SaveOptions{}))
	if err != nil {
		t.Fatal(err)
	}
	zipped, err := os.ReadFile(writePTH(t, map[string][]model.NamedTensor{"": d.State()}, ""))
	if err != nil {
		t.Fatal(err)
	}
	legacy := file("digits_d.pth")
	plain := undigested(t, append(prefixed("netG.", g.State()), prefixed("netD.", d.State())...))
	all := []damageable{
		{"zip", zipped, open, true, 0},
		{"legacy", legacy, digits, false, bytes.LastIndex(legacy, []byte("e.")) + 2}, // the end of the last pickle, a list
		{"safetensors", plain, open, false, 8 + int(binary.LittleEndian.Uint64(plain))},
		{"own", own, open, true, 0},
	}
	// Of the arrays each file in turn, the others being whole.
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(foreign("arrays"))); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"200_gen_params.jl_05.npy", "200_discrim_params.jl_04.npy"} {
		path := filepath.Join(dir, name)
		whole := file(filepath.Join("arrays", name))
		all = append(all, damageable{name, whole, func(b []byte) (*Checkpoint, error) {
			defer os.WriteFile(path, whole, 0o666)
			if err := os.WriteFile(path, b, 0o666); err != nil {
				t.Fatal(err)
			}
			return Open(dir, OpenOptions{})
		}, false, 0})
	}
	return all
}

// TestOpenEveryTruncation opens every beginning of a file of each format.
func TestOpenEveryTruncation(t *testing.T) {
	for _, f := range damageables(t) {
		if _, err := f.open(f.b); err != nil {
			t.Fatal(err)
		}
		step := 1
		if testing.Short() {
			step = 17
		}
		for n := 0; n < len(f.b); n += step {
			if _, err := f.open(f.b[:n]); !errors.Is(err, ErrRefused) && !errors.Is(err, ErrUnsupported) {
				t.Fatalf("%s: the first %d of %d bytes: %v, want a refusal", f.name, n, len(f.b), err)
			}
		}
	}
}

// flipped says whether a bit is flipped: up to everyBit all of them, unless a checksum guards
// them; where numbers lie alone, one of each four bytes, each of the 32 in turn; else one of
// each byte. The containers' own tests flip all bits.
func (f damageable) flipped(i, bit int) bool {
	const everyBit = 1 << 10
	switch {
	case f.checked || testing.Short():
		return bit == i%8
	case i < everyBit:
		return true
	case f.numbers > 0 && i >= f.numbers:
		return i%4 == i/4%4 && bit == i/16%8
	}
	return bit == i%8
}

// TestOpenEveryBitFlip opens a file of each format with a bit flipped: an error
// of a kind, or at most one number is another one. What a format does not guard
// and is no number may be another too, if no number depends on it: a padding
// byte, or a name that makes a net none, which a note says.
func TestOpenEveryBitFlip(t *testing.T) {
	for _, f := range damageables(t) {
		want, err := f.open(f.b)
		if err != nil {
			t.Fatal(err)
		}
		refused, one, none := 0, 0, 0
		for i := range f.b {
			for bit := range 8 {
				if !f.flipped(i, bit) {
					continue
				}
				bad := slices.Clone(f.b)
				bad[i] ^= 1 << bit
				got, err := f.open(bad)
				if err != nil {
					if !errors.Is(err, ErrRefused) && !errors.Is(err, ErrUnsupported) && !errors.Is(err, ErrAmbiguous) {
						t.Errorf("%s: bit %d of byte %d: %v: of no kind", f.name, bit, i, err)
					}
					refused++
					continue
				}
				if len(got.Notes) > 0 {
					refused++
					continue
				}
				changed, err := differences(got, want)
				switch near := f.b[max(0, i-20):min(len(f.b), i+20)]; {
				case err != nil:
					t.Errorf("%s: bit %d of byte %d (%q): %v", f.name, bit, i, near, err)
				case changed > 1:
					t.Errorf("%s: bit %d of byte %d (%q) changed %d numbers", f.name, bit, i, near, changed)
				case changed == 1 && f.checked:
					t.Errorf("%s: bit %d of byte %d changed a number", f.name, bit, i)
				case changed == 1:
					one++
				default:
					none++
				}
			}
		}
		t.Logf("%s: %d flips are refused, %d change one number, %d none", f.name, refused, one, none)
	}
}

// differences counts the numbers in which two checkpoints differ. Others that
// matter to what is drawn are an error.
func differences(got, want *Checkpoint) (changed int, err error) {
	a, b := got.Meta, want.Meta
	if a.BN != b.BN || a.Config.Law != b.Config.Law || a.Config.BNEps != b.Config.BNEps {
		return 0, fmt.Errorf("%+v, want %+v", a, b)
	}
	if (got.G == nil) != (want.G == nil) || (got.D == nil) != (want.D == nil) {
		return 0, errors.New("a net is missing")
	}
	var pairs [][2]net
	if want.G != nil {
		pairs = append(pairs, [2]net{got.G, want.G})
	}
	if want.D != nil {
		pairs = append(pairs, [2]net{got.D, want.D})
	}
	for _, pair := range pairs {
		x, y := pair[0], pair[1]
		if layerShapes(x.Layers()) != layerShapes(y.Layers()) {
			return 0, fmt.Errorf("layers %s, want %s", layerShapes(x.Layers()), layerShapes(y.Layers()))
		}
		s, w := x.State(), y.State()
		if len(s) != len(w) {
			return 0, fmt.Errorf("%d tensors, want %d", len(s), len(w))
		}
		for i := range w {
			for j, v := range w[i].Data {
				if math.Float32bits(s[i].Data[j]) != math.Float32bits(v) {
					changed++
				}
			}
			if !slices.Equal(s[i].Ints, w[i].Ints) {
				changed++
			}
		}
	}
	return changed, nil
}
